"""While customers cannot say no, nobody is asked to: an opt-out notice would take their silence for a yes."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from consent.carrier import queries
from consent.db import Tx
from consent.errors import Filled
from consent.notices import carriers, pausing
from consent.notices import queries as notices
from consent.notices.queries import Campaign
from consent.policies.answers.carrier import TELL_FCC
from consent.policies.answers.silence import Outage
from consent.policies.rulebook import Rulebook
from consent.web.messages import N_

STOPPED = N_(
    "The way to say no has not worked since %(since)s (%(rule)s, %(cite)s): no opt-out notice goes out meanwhile."
    " Enter under call records the day on which it works again, or ask customers for their express yes instead."
)


def against_sending(tx: Tx, organization_id: UUID, campaign: Campaign, rulebook: Rulebook) -> str | None:
    """Why this notice must not go now, in a sentence; None when it may, or asks for nobody's silence."""
    return against_asking(tx, organization_id, rulebook) if carriers.is_one(campaign) else None


def against_asking(tx: Tx, organization_id: UUID, rulebook: Rulebook) -> str | None:
    """Why no customer may be told just now that their silence counts, in a sentence; None when they may."""
    since = _lasts_since(queries.outages(tx, organization_id))
    if since is None:
        return None
    rule, cite = rulebook.carrier.rule_of(TELL_FCC), rulebook.carrier.cite_of(TELL_FCC)
    return Filled(STOPPED, since=since, rule=rule, cite=cite)


def hold_up(tx: Tx, organization_id: UUID, now: datetime) -> None:
    """What waits to leave of a running opt-out notice does not leave; it goes on by itself once the failure is over."""
    for one in notices.unfinished(tx, organization_id, now):
        if one.state == "sending" and carriers.is_one(one):
            pausing.hold_up(tx, organization_id, one.id, now)


def _lasts_since(outages: Iterable[Outage]) -> date | None:
    return min((one.since for one in outages if one.until is None), default=None)
