"""What holds for people, as tables that anybody can read: consents, and what speaks against contact."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.preferences import numbers
from consent.preferences.models import EVERY_PROGRAM, NOBODY
from consent.subjects import service as subjects
from consent.web import csv_files

CONSENTS, SUPPRESSIONS = "consents.csv", "suppressions.csv"
PAGE = 500
STOP = "stop"  # how the table calls what a STOP did to the number itself
_COLUMNS = {
    CONSENTS: ("contact_point", "channel", "address", "person", "program", "state", "since", "policy",
               "policy_version", "entry"),
    SUPPRESSIONS: ("contact_point", "channel", "address", "person", "what", "state", "detail", "sender", "since",
                   "entry"),
}  # fmt: skip

_NEXT = Sql(
    "SELECT channel, tag64, program, person_id, state, occurred_at, policy, policy_version, contact_point_id, sender,"
    " detail, event_id FROM preference WHERE organization_id = :organization_id"
    " AND (channel, tag64, program, person_id) > (:channel, :tag64, :program, :person_id)"
    " ORDER BY channel, tag64, program, person_id LIMIT :page"
)


def table(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, name: str, *, clear: bool) -> Iterator[bytes]:
    """The table of that name as CSV, piece by piece. `clear`: with addresses and customers' references."""
    yield csv_files.lines([_COLUMNS[name]]).encode()
    for rows in _pages(tx, organization_id):
        mine = [row for row in rows if numbers.of_program(row[2]) is (name == CONSENTS)]
        known = {as_id(row[8]) for row in mine} if clear else set()
        people = {as_id(row[3]) for row in mine} - {NOBODY} if clear else set()
        addresses = subjects.addresses(tx, keyring, organization_id, sorted(known))
        references = subjects.references(tx, keyring, organization_id, people)
        say = _consent if name == CONSENTS else _suppression
        lines = [_of_whom(row, addresses, references) + say(row) for row in mine]
        yield csv_files.lines(lines).encode()


def _pages(tx: Tx, organization_id: uuid.UUID) -> Iterator[Sequence[tuple[Any, ...]]]:
    place: dict[str, object] = {"organization_id": organization_id, "page": PAGE}
    after: dict[str, object] = {"channel": "", "tag64": 0, "program": "", "person_id": NOBODY}
    while rows := tx.all(_NEXT, place | after):
        yield rows
        channel, tag64, program, person = rows[-1][:4]
        after = {"channel": channel, "tag64": tag64, "program": program, "person_id": as_id(person)}


def _of_whom(
    row: tuple[Any, ...], addresses: dict[uuid.UUID, str], references: dict[uuid.UUID, str]
) -> tuple[object, ...]:
    contact, person = as_id(row[8]), as_id(row[3])
    return contact, row[0], addresses.get(contact, ""), references.get(person, "")


def _consent(row: tuple[Any, ...]) -> tuple[object, ...]:
    _channel, _tag64, program, _person, state, since, policy, version, *_rest, entry = row
    return program, state, instant(as_instant(since)), policy, version, as_id(entry)


def _suppression(row: tuple[Any, ...]) -> tuple[object, ...]:
    _channel, _tag64, key, _person, state, since, _policy, _version, _contact, sender, detail, entry = row
    what = STOP if key == EVERY_PROGRAM else key.removeprefix("*")
    return what, state, detail, sender, instant(as_instant(since)), as_id(entry)
