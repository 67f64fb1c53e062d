"""The opt-out notice of a telephone carrier: to whom it goes by mail, and to whom it must go another way."""

import uuid
from collections.abc import Callable
from datetime import datetime

from consent.db import Tx
from consent.deadlines import zone
from consent.deadlines.zones import local_date
from consent.errors import BadInput, Conflict
from consent.notices import service
from consent.notices.audience import Somebody
from consent.notices.listing import Plan
from consent.notices.queries import Campaign
from consent.notices.rules import EMAIL, NO_MAILBOX, LeftOut, Told
from consent.notices.wording import CPNI, LANGUAGES
from consent.policies.rulebook import Rulebook
from consent.web.messages import N_

PREFIX = "cpni:"
NOT_APPROVED = "mail-not-approved"
NO_USE = N_("No rule lets silence approve this use.")
TODAY_ALREADY = N_("A notice about it was begun today: go on with that one.")

__all__ = ["NOT_APPROVED", "NO_MAILBOX", "PREFIX", "is_one", "open_for", "planner", "use_of"]


def is_one(campaign: Campaign) -> bool:
    """Is it such a notice?"""
    return campaign.about.startswith(PREFIX)


def use_of(about: str) -> str:
    """The use of data that it asks about."""
    return about.removeprefix(PREFIX).rpartition("/")[0]


def open_for(tx: Tx, organization_id: uuid.UUID, rulebook: Rulebook, use: str, now: datetime) -> uuid.UUID:
    """A draft that goes to every customer by itself. Raises BadInput, and Conflict where one was begun that day."""
    if use not in rulebook.carrier.by_silence:
        raise BadInput(NO_USE, field="use")
    organization = rulebook.organization
    day = local_date(now, zone(organization.zone)).isoformat()
    made = service.open_question(
        tx, organization_id, f"{PREFIX}{use}/{day}", (use,), CPNI, organization.notices.per_minute, now
    )
    if made is None:
        raise Conflict(TODAY_ALREADY)
    return made


def planner(rulebook: Rulebook) -> Callable[[Campaign], Plan]:
    """Who gets it by mail: whoever approved mail about this, and has not said yes or no already."""
    carrier, organization = rulebook.carrier, rulebook.organization
    approval = carrier.mail_approval or ""

    def plan(campaign: Campaign) -> Plan:
        use = use_of(campaign.about)

        def decide(one: Somebody) -> Told | LeftOut | None:
            return _asked(one, use, approval, carrier.notice_rule)

        return Plan((use, approval), decide, True, frozenset(LANGUAGES), organization.languages[0])

    return plan


def _asked(one: Somebody, use: str, approval: str, rule: str) -> Told | LeftOut | None:
    words = one.known.standings[use].consents
    if words:
        return LeftOut(f"consent-{max(words, key=lambda fact: fact.occurred_at).state}", rule)
    if one.known.channel != EMAIL:
        return None if one.known.elsewhere_by_mail else LeftOut(NO_MAILBOX, rule)
    about_mail = one.known.standings[approval]
    if not about_mail.consents or max(about_mail.consents, key=lambda fact: fact.occurred_at).state != "given":
        return LeftOut(NOT_APPROVED, rule)
    if about_mail.number.reach is not None:
        return LeftOut(NO_MAILBOX, rule)
    return Told(CPNI, rule, None)
