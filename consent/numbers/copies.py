"""Load a copy of a do-not-call registry as keyed tags, batch by batch; the newest whole copy replaces the others."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from consent.db import Database, Sql, Tx
from consent.deadlines import zone
from consent.errors import BadInput
from consent.ledger.keys import Keyring
from consent.numbers.listed import Line
from consent.organizations import service as organizations
from consent.policies.rulebook import Rulebook
from consent.subjects.addresses import TELEPHONE
from consent.subjects.service import tag64_of

BATCH = 1_000  # numbers written in one transaction
NAMED = 20  # unreadable lines that are named; all are counted

_NEXT = Sql("SELECT COALESCE(MAX(number), 0) + 1 FROM do_not_call_copy WHERE organization_id = :organization_id")
_NEWEST = Sql(
    "SELECT MAX(CAST(copied_on AS TEXT)) FROM do_not_call_copy WHERE organization_id = :organization_id"
    " AND list_name = :registry AND state = 'complete'"
)
_BEGIN = Sql(
    "INSERT INTO do_not_call_copy (organization_id, number, list_name, copied_on, state, listed, started_at)"
    " VALUES (:organization_id, :number, :registry, :copied_on, 'loading', 0, :now)"
)
_LISTING = Sql(
    "INSERT INTO do_not_call_listing (organization_id, number, channel, tag64)"
    " VALUES (:organization_id, :number, :channel, :tag64) ON CONFLICT DO NOTHING"
)
_COMPLETE = Sql(
    "UPDATE do_not_call_copy SET state = 'complete', listed = :listed, event_id = :event_id"
    " WHERE organization_id = :organization_id AND number = :number"
)
_REPLACE = Sql(
    "UPDATE do_not_call_copy SET state = 'replaced' WHERE organization_id = :organization_id"
    " AND list_name = :registry AND number < :number"
)
_GONE = Sql(
    "SELECT c.number FROM do_not_call_copy c WHERE c.organization_id = :organization_id AND c.state = 'replaced'"
    " AND EXISTS (SELECT 1 FROM do_not_call_listing l WHERE l.organization_id = c.organization_id"
    " AND l.number = c.number)"
)
_FORGET = Sql(
    "DELETE FROM do_not_call_listing WHERE organization_id = :organization_id AND number = :number"
    " AND (channel, tag64) IN (SELECT channel, tag64 FROM do_not_call_listing"
    " WHERE organization_id = :organization_id AND number = :number LIMIT :batch)"
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a load; `complete` only where every line held a number."""

    copy: int
    registry: str
    copied_on: date
    listed: int
    unreadable: int
    unreadable_lines: tuple[int, ...]
    complete: bool


def load(
    db: Database,
    keyring: Keyring,
    rulebook: Rulebook,
    organization_id: uuid.UUID,
    registry: str,
    copied_on: date,
    found: Iterable[Line],
    now: datetime,
) -> Loaded:
    """Every number of the file is listed. A copy with a line that cannot be read is not called whole: its numbers
    count, its date does not, and the copy before it stays."""
    _check(rulebook, registry, copied_on, now)
    number = db.write(lambda tx: _begin(tx, organization_id, registry, copied_on, now), organization_id)
    listed, unreadable = 0, 0
    named: list[int] = []
    rest = iter(found)
    while batch := list(islice(rest, BATCH)):
        rows = [
            {"organization_id": organization_id, "number": number, "channel": channel, "tag64": tag64}
            for line in batch
            if line.number is not None
            for channel in sorted(TELEPHONE)
            for tag64 in [tag64_of(keyring.lookup_tag(organization_id, channel, line.number))]
        ]
        db.write(lambda tx, rows=rows: tx.many(_LISTING, rows), organization_id)  # type: ignore[misc]
        listed += len(rows) // len(TELEPHONE)
        bad = [line.at for line in batch if line.number is None]
        unreadable += len(bad)
        named += bad[: NAMED - len(named)]
    complete = listed > 0 and not unreadable
    if complete:
        db.write(lambda tx: _finish(tx, keyring, organization_id, registry, copied_on, number, listed, now),
                 organization_id)  # fmt: skip
        forget_replaced(db, organization_id)
    return Loaded(number, registry, copied_on, listed, unreadable, tuple(named), complete)


def forget_replaced(db: Database, organization_id: uuid.UUID) -> None:
    """Numbers of copies that were replaced are gone, a batch at a time."""
    with db.read(organization_id) as tx:
        gone = [row[0] for row in tx.all(_GONE, {"organization_id": organization_id})]
    for number in gone:
        place = {"organization_id": organization_id, "number": number, "batch": BATCH}
        while db.write(lambda tx, place=place: tx.run(_FORGET, place), organization_id):  # type: ignore[misc]
            pass


def _check(rulebook: Rulebook, registry: str, copied_on: date, now: datetime) -> None:
    known = rulebook.registries()
    if registry not in known:
        said = f"The registries are: {', '.join(known)}." if known else "No law of your places names a registry."
        raise BadInput(f"There is no such registry. {said}", field="registry")
    if copied_on > now.astimezone(zone(rulebook.organization.zone)).date():
        raise BadInput("A copy cannot be of a day to come.", field="copied_on")


def _begin(tx: Tx, organization_id: uuid.UUID, registry: str, copied_on: date, now: datetime) -> int:
    newest = tx.one(_NEWEST, {"organization_id": organization_id, "registry": registry})
    if newest is not None and newest[0] is not None and copied_on < date.fromisoformat(str(newest[0])):
        raise BadInput(f"A copy of {newest[0]} is loaded already; this one is older.", field="copied_on")
    row = tx.one(_NEXT, {"organization_id": organization_id})
    assert row is not None
    place = {"organization_id": organization_id, "number": row[0], "registry": registry}
    tx.run(_BEGIN, place | {"copied_on": copied_on.isoformat(), "now": tx.at(now)})
    return int(row[0])


def _finish(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    registry: str,
    copied_on: date,
    number: int,
    listed: int,
    now: datetime,
) -> None:
    data: dict[str, object] = {"registry": registry, "copied_on": copied_on.isoformat(), "listed": listed}
    entry = organizations.record(tx, keyring, organization_id, "do_not_call.copied", data, now)
    place = {"organization_id": organization_id, "number": number}
    tx.run(_COMPLETE, place | {"listed": listed, "event_id": tx.id(entry.event_id)})
    tx.run(_REPLACE, place | {"registry": registry})
