"""Whoever no mail reaches gets the opt-out notice by letter; that it was sent is on record for each person."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from consent.carrier import queries, rules, service
from consent.carrier.waiting import OUT
from consent.db import Sql, Tx
from consent.errors import BadInput
from consent.incidents.service import Desk
from consent.ledger import service as ledger
from consent.notices.returned import NO_NOTICE_YET
from consent.retention.rows import stored_day
from consent.subjects import service as subjects

_THERE = Sql(
    "SELECT 1 FROM carrier_letter WHERE organization_id = :organization_id AND contact_point_id = :contact"
    " AND sent_on = :sent_on"
)
_INSERT = Sql(
    "INSERT INTO carrier_letter (organization_id, contact_point_id, sent_on, event_id)"
    " VALUES (:organization_id, :contact, :sent_on, :event)"
)


def sent(tx: Tx, desk: Desk, contacts: Sequence[UUID], sent_on: date, now: datetime) -> int:
    """A letter with the newest notice went to each of them on that day, as their own streams say; how many are new.

    Raises BadInput for a day that has not come, or on which there was no such notice.
    """
    carrier = service.carrier_of(desk)
    if sent_on > service.today(desk, now):
        raise BadInput(rules.NOT_YET, field="sent_on")
    newest = next((one for one in queries.rounds(tx, desk.organization_id) if one.state in OUT), None)
    if newest is not None and sent_on < queries.begins(newest):
        raise BadInput(NO_NOTICE_YET, field="sent_on")
    new = 0
    for contact_id in sorted(set(contacts)):
        place = {"organization_id": desk.organization_id, "contact": contact_id, "sent_on": stored_day(tx, sent_on)}
        contact = subjects.by_id(tx, desk.keyring, desk.organization_id, contact_id)
        if contact is None or contact.key is None or tx.one(_THERE, place) is not None:
            continue  # erased since, or entered before
        stream = ledger.stream(tx, desk.keyring, desk.organization_id, contact_id)
        data = {"sent_on": sent_on.isoformat(), "rests_on": [carrier.notice_rule], "by": desk.by}
        event = ledger.Event("carrier.letter", desk.source, contact.channel, data=data)
        entry = ledger.append(tx, desk.in_force.log, stream, event, now)
        new += tx.run(_INSERT, place | {"event": entry.event_id})
    return new
