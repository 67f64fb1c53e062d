"""May what we know of a customer's calls serve this use now? Asked before every use (47 CFR 64.2009(a))."""

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID

from consent.carrier import queries
from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.deadlines import zone
from consent.notices import carriers
from consent.policies.answers.carrier import MayUse
from consent.policies.answers.silence import OptOutNotice
from consent.policies.questions import ConsentFact
from consent.policies.rulebook import Rulebook
from consent.preferences import service as preferences
from consent.preferences.asking import standing_of
from consent.preferences.models import NOBODY
from consent.preferences.page import holder, standing
from consent.preferences.rules import State
from consent.retention.rows import day_of

# What a person said counts wherever they are reached. The condition on `person_id` is word for word that of the index:
# without it each question reads every preference of the organization.
_ELSEWHERE_TEXT = (
    "SELECT DISTINCT o.channel, o.tag64, o.contact_point_id, o.person_id"
    " FROM preference p CROSS JOIN preference o{index}"
    " WHERE p.organization_id = :organization_id AND p.channel = :channel AND p.tag64 = :tag64"
    " AND p.person_id <> {nobody} AND o.organization_id = :organization_id AND o.person_id = p.person_id"
    " AND o.person_id <> {nobody}"
)
ELSEWHERE = Sql(
    _ELSEWHERE_TEXT.format(index=" INDEXED BY ix_preference_named", nobody=f"x'{NOBODY.hex}'"),
    postgresql=_ELSEWHERE_TEXT.format(index="", nobody=f"'{NOBODY}'"),
)
_CONTACT = Sql(
    "SELECT id FROM contact_point WHERE organization_id = :organization_id AND channel = :channel AND tag64 = :tag64"
)
_BY_MAIL = Sql(
    "SELECT r.settled_at, r.state FROM notice_recipient r JOIN notice_campaign c"
    " ON c.organization_id = r.organization_id AND c.id = r.campaign_id WHERE r.organization_id = :organization_id"
    " AND r.contact_point_id = :contact AND r.state IN ('sent', 'bounced', 'failed') AND c.about LIKE :about"
)
_BY_LETTER = Sql(
    "SELECT sent_on FROM carrier_letter WHERE organization_id = :organization_id AND contact_point_id = :contact"
)


def may_use(
    tx: Tx, organization_id: UUID, rulebook: Rulebook, use: str, channel: str, tag64: int, now: datetime
) -> MayUse:
    """The answer for whoever is reached at this contact point, by everything they said and were told anywhere.

    What somebody was told, or said yes to, who had this number before is nothing of theirs.
    """
    place = {"organization_id": organization_id, "channel": channel, "tag64": tag64}
    here = preferences.read(tx, organization_id, channel, tag64)
    consents: list[ConsentFact] = list(standing_of(here, use, None).consents)
    own = tx.one(_CONTACT, place)
    told = [] if own is None else _told_since(tx, organization_id, rulebook, use, as_id(own[0]), here)
    known = standing.known_at([here])
    places = {(str(row[0]), int(row[1]), as_id(row[2])) for row in tx.all(ELSEWHERE, place) if as_id(row[3]) in known}
    for where, tag, contact in sorted(places - {(channel, tag64, as_id(own[0]) if own is not None else NOBODY)}):
        state = preferences.read(tx, organization_id, where, tag)
        reached = bool(known & standing.known_at([state]))  # else they gave it up: only a no of theirs is left there
        consents += (one for one in standing_of(state, use, None).consents if reached or one.state != "given")
        told += _told_since(tx, organization_id, rulebook, use, contact, state) if reached else []
    outages = queries.outages(tx, organization_id) if use in rulebook.carrier.by_silence else ()
    return rulebook.carrier.may_use(use, consents, told, outages, now)


def _told_since(
    tx: Tx, organization_id: UUID, rulebook: Rulebook, use: str, contact: UUID, state: State
) -> list[OptOutNotice]:
    """The notices that went to this contact point since it was last reported to be somebody else's."""
    since = holder.changed_at([state])
    told = notices(tx, organization_id, rulebook, use, contact)
    return [one for one in told if since is None or one.sent_at > since]


def notices(tx: Tx, organization_id: UUID, rulebook: Rulebook, use: str, contact: UUID) -> Sequence[OptOutNotice]:
    """The notices that went to this contact point about that use, by mail and by letter."""
    place = {"organization_id": organization_id, "contact": contact}
    mails = tx.all(_BY_MAIL, place | {"about": f"{carriers.PREFIX}{use}/%"})
    found = [OptOutNotice(as_instant(row[0]), False, row[1] != "sent") for row in mails]
    letters = tx.all(_BY_LETTER, place) if use in rulebook.carrier.by_silence else ()
    where = zone(rulebook.organization.zone)
    days: list[date] = [day for row in letters if (day := day_of(row[0])) is not None]
    return [*found, *(OptOutNotice(datetime.combine(day, time(12), where), True) for day in days)]
