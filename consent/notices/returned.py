"""A notice that came back: it goes to another mailbox of the same people where the notice's own rule lets it, once.

Whom no mailbox reaches waits for a letter, which somebody writes and enters. A question (whether to go on) is not asked
a second time: only what people were promised to be told is.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from consent.db import Sql, Tx
from consent.db.transaction import Row
from consent.db.types import as_id, as_instant
from consent.deadlines import zone
from consent.deadlines.zones import local_date
from consent.errors import BadInput, Conflict
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.notices import audience, listing, queries
from consent.notices.listing import Plan
from consent.notices.queries import INSTEAD, Campaign
from consent.notices.rules import EMAIL, Told
from consent.notices.sending import Sender, as_listed
from consent.preferences import service as preferences
from consent.preferences.models import NOBODY
from consent.web.messages import N_

LETTER = "letter"  # the reason of somebody to whom a letter went
MOST = 100
NOT_YET = N_("This day has not come yet.")
NO_NOTICE_YET = N_("On this day there was no such notice yet. Enter the day on which the letters went.")
NOBODY_WAITS = N_("Nobody of those whom the page showed waits for a letter any more.")


def _both(text: str) -> Sql:
    """The statement for each database; where it names nobody, the condition is word for word that of the index.

    CROSS JOIN and INDEXED BY: without statistics SQLite begins with every person of the organization.
    """
    on_sqlite = {"then": "CROSS JOIN", "nobody": f"x'{NOBODY.hex}'", "named": "INDEXED BY ix_preference_named"}
    on_sqlite["by_state"] = "INDEXED BY ix_notice_recipient_state"
    elsewhere = {"then": "JOIN", "nobody": f"'{NOBODY}'", "named": "", "by_state": ""}
    return Sql(text.format(**on_sqlite), postgresql=text.format(**elsewhere))


_OF_IT = "r.organization_id = :organization_id AND r.campaign_id = :campaign_id AND r.state IN ('bounced', 'failed')"
_AT_IT = (
    "p.organization_id = c.organization_id AND p.channel = c.channel AND p.tag64 = c.tag64 AND p.person_id <> {nobody}"
)
_THEIRS = (
    "o.organization_id = p.organization_id AND o.person_id = p.person_id AND o.person_id <> {nobody}"
    " AND o.channel = 'email'"
)
# Some mailbox of this person got the notice, or is about to.
_TOLD = (
    "SELECT 1 FROM preference o {named} {then} notice_recipient t ON t.organization_id = o.organization_id"  # noqa: S608 - fixed parts
    " AND t.campaign_id = :campaign_id AND t.contact_point_id = o.contact_point_id"
    f" AND t.state IN ('listed', 'waiting', 'sent') WHERE {_THEIRS}"
)
_POINT = (
    "{then} contact_point c ON c.organization_id = r.organization_id"
    " AND c.id = r.contact_point_id AND c.sealed_address IS NOT NULL"
)
_ELSEWHERE = _both(
    f"SELECT p.person_id, r.part, m.id, m.tag64 FROM notice_recipient r {{by_state}} {_POINT}"  # noqa: S608 - fixed parts
    f" {{then}} preference p ON {_AT_IT} {{then}} preference o {{named}} ON {_THEIRS}"
    " {then} contact_point m ON m.organization_id = o.organization_id AND m.id = o.contact_point_id"
    " AND m.sealed_address IS NOT NULL"
    " LEFT JOIN notice_recipient s ON s.organization_id = r.organization_id AND s.campaign_id = r.campaign_id"
    f" AND s.contact_point_id = m.id WHERE {_OF_IT} AND r.reason <> :letter AND s.contact_point_id IS NULL"
    f" AND NOT EXISTS ({_TOLD}) ORDER BY p.person_id, m.id LIMIT :most"
)
# Of several people at one mailbox each counts; of nobody who is known by a name only the mailbox itself.
_UNREACHED = (
    f"{_POINT} LEFT JOIN preference p ON {_AT_IT}"
    f" WHERE {_OF_IT} AND r.reason <> :letter AND (p.person_id IS NULL OR NOT EXISTS ({_TOLD}))"
)
_LINES = "SELECT DISTINCT r.contact_point_id, r.reason, r.settled_at, r.part, r.promise FROM notice_recipient r"
_WHO = "coalesce(p.person_id, r.contact_point_id)"
_WAITING = _both(f"{_LINES} {{by_state}} {_UNREACHED} ORDER BY r.contact_point_id LIMIT :most")
_STILL = _both(f"{_LINES} {_UNREACHED} AND r.contact_point_id = :contact_point_id")
_AT_THEM = _both(
    f"SELECT DISTINCT r.contact_point_id, {_WHO} FROM notice_recipient r {{by_state}} {_UNREACHED}"  # noqa: S608 - fixed parts
    " AND r.contact_point_id <= :last ORDER BY 1, 2"
)
_COUNT = _both(f"SELECT count(DISTINCT {_WHO}) FROM notice_recipient r {{by_state}} {_UNREACHED}")  # noqa: S608 - fixed parts
_REOPEN = Sql(
    "UPDATE notice_campaign SET state = 'sending', finished_at = NULL"
    " WHERE organization_id = :organization_id AND id = :campaign_id AND state = 'done'"
)
_LETTER_WENT = Sql(
    "UPDATE notice_recipient SET reason = :letter, event_id = :event_id WHERE organization_id = :organization_id"
    " AND campaign_id = :campaign_id AND contact_point_id = :contact_point_id AND state IN ('bounced', 'failed')"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mailbox that no mail reaches: why, and since when that is known."""

    contact_point_id: uuid.UUID
    reason: str
    since: datetime | None
    part: str
    promise: str


Unreached = tuple[Waiting, ...]  # all the mailboxes shown of one person, to whom one letter must go


def go_on(sender: Sender, campaign: Campaign, plan: Plan, now: datetime) -> int:
    """Whoever has another mailbox is listed with it, by the rule of this notice; returns how many get it there."""
    if campaign.version_id is None:
        return 0
    with sender.db.read(sender.organization_id) as tx:
        if not tx.all(_ELSEWHERE, _asked(sender.organization_id, campaign.id, 1)):
            return 0
    return sender.db.write(lambda tx: _list(tx, sender, campaign, plan), sender.organization_id)


def reopen(sender: Sender, campaign: Campaign) -> bool:
    """A notice that had ended goes on, because a mail of it came back and another mailbox is known."""
    if campaign.version_id is None or campaign.state != "done":
        return False
    place = _asked(sender.organization_id, campaign.id, 1)
    with sender.db.read(sender.organization_id) as tx:
        if not tx.all(_ELSEWHERE, place):
            return False
    return sender.db.write(lambda tx: tx.run(_REOPEN, place) == 1, sender.organization_id)


def waiting(tx: Tx, organization_id: uuid.UUID, campaign: Campaign) -> tuple[list[Unreached], int]:
    """The people at the first mailboxes for which a letter must go, in the order of these, and how many there are.

    All the people of a mailbox are among them, so that it waits for nobody once the letters went; whoever has a mailbox
    on each of two pages is on both.
    """
    if campaign.version_id is None:
        return [], 0
    asked = _asked(organization_id, campaign.id, MOST)
    lines = {one.contact_point_id: one for one in map(_line, tx.all(_WAITING, asked))}
    row = tx.one(_COUNT, asked)
    if not lines or row is None:
        return [], 0
    people: dict[uuid.UUID, list[Waiting]] = {}
    for mailbox, who in tx.all(_AT_THEM, asked | {"last": list(lines)[-1]}):
        people.setdefault(as_id(who), []).append(lines[as_id(mailbox)])
    return [tuple(one) for one in people.values()], int(row[0])


def letters_went(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, campaign_id: uuid.UUID, shown: Collection[uuid.UUID],
    sent_on: date, by: uuid.UUID, zone_name: str, now: datetime,
) -> int:  # fmt: skip
    """A letter went that day to those of the mailboxes `shown` that wait for one, as their own streams say; how many.

    Whatever else came back since the page was drawn goes on waiting: nobody wrote to them. Raises BadInput for a day
    to come or before the notice was drawn up, and Conflict where none of them waits for one.
    """
    if sent_on > local_date(now, zone(zone_name)):
        raise BadInput(NOT_YET, field="sent_on")
    campaign = queries.one(tx, organization_id, campaign_id, lock=True)
    if sent_on < local_date(campaign.created_at, zone(zone_name)):
        raise BadInput(NO_NOTICE_YET, field="sent_on")
    log = ledger.log_of(tx, organization_id)
    asked = _asked(organization_id, campaign.id, MOST)
    due = [_line(row) for one in set(shown) for row in tx.all(_STILL, asked | {"contact_point_id": one})]
    if log is None or campaign.version_id is None or not due:
        raise Conflict(NOBODY_WAITS)
    for one in due:
        stream = ledger.stream(tx, keyring, organization_id, one.contact_point_id)
        data = {"notice": str(campaign.id), "part": one.part, "commitment": one.promise, "by": str(by)}
        data |= {"sent_on": sent_on.isoformat()}
        entry = ledger.append(tx, log, stream, ledger.Event("notice.letter", "staff", "post", data=data), now)
        tx.run(_LETTER_WENT, asked | {"contact_point_id": one.contact_point_id, "event_id": entry.event_id})
    return len(due)


def _line(row: Row) -> Waiting:
    contact, reason, since, part, promise = row
    return Waiting(as_id(contact), str(reason), None if since is None else as_instant(since), str(part), str(promise))


def _list(tx: Tx, sender: Sender, campaign: Campaign, plan: Plan) -> int:
    if queries.one(tx, sender.organization_id, campaign.id, lock=True).state != "sending":
        return 0
    rows = tx.all(_ELSEWHERE, _asked(sender.organization_id, campaign.id, MOST))
    first = {as_id(person): (str(part), as_id(mailbox), int(tag64)) for person, part, mailbox, tag64 in reversed(rows)}
    return sum(_list_one(tx, sender, campaign, plan, *one) for one in dict.fromkeys(first.values()))


def _list_one(tx: Tx, sender: Sender, campaign: Campaign, plan: Plan, part: str, mailbox: uuid.UUID, tag64: int) -> int:
    """This mailbox gets it, or is left out with the reason why it may not: either way it is asked about once."""
    state = preferences.read(tx, sender.organization_id, EMAIL, tag64)
    found = as_listed(audience.somebody(mailbox, EMAIL, state, plan.programs, audience.NO_OTHERS), part, campaign)
    answer = plan.decide(found)
    told = isinstance(answer, Told)
    row = {
        "organization_id": sender.organization_id, "campaign_id": campaign.id, "contact_point_id": mailbox,
        "state": "listed" if told else "left_out", "part": answer.part if isinstance(answer, Told) else "",
        "reason": INSTEAD if told else getattr(answer, "reason", "not-affected"),
        "promise": answer.promise if answer is not None else "",
        "language": found.language if found.language in plan.languages else plan.usual,
    }  # fmt: skip
    tx.run(listing.INSERT, row)
    return int(told)


def _asked(organization_id: uuid.UUID, campaign_id: uuid.UUID, most: int) -> dict[str, object]:
    return {
        "organization_id": organization_id, "campaign_id": campaign_id, "letter": LETTER, "most": most
    }  # fmt: skip
