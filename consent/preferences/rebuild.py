"""The current state held against the history, and made from it anew."""

import json
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from consent.db import Database, Sql, Tx
from consent.db.types import as_id
from consent.ledger.findings import Finding
from consent.ledger.streams import IN_ANY_LOG
from consent.preferences import rules
from consent.preferences.rules import Fact, Key, State
from consent.preferences.service import SELECT_STATE, state_from, write_changes

PAGE = 500

_CONTACTS = Sql(
    "SELECT id, channel, tag64 FROM contact_point WHERE organization_id = :organization_id AND id > :after"
    " ORDER BY id LIMIT :page"
)
_BODIES = Sql(
    f"SELECT body FROM ledger_event WHERE organization_id = :organization_id AND {IN_ANY_LOG}"  # noqa: S608 - fixed
    " AND stream_id = :stream_id ORDER BY log_id, stream_seq"
)
_HOMELESS = Sql(
    "SELECT p.channel, p.tag64, p.program FROM preference p LEFT JOIN contact_point c"
    " ON c.organization_id = p.organization_id AND c.channel = p.channel AND c.tag64 = p.tag64"
    " AND c.id = p.contact_point_id"
    " WHERE p.organization_id = :organization_id AND c.id IS NULL LIMIT :page"
)
_FIRST = uuid.UUID(int=0)


def check(tx: Tx, organization_id: uuid.UUID) -> Iterator[Finding]:
    """Every row that is not what the history says (V10)."""
    for contact, channel, tag64 in contacts(tx, organization_id):
        stored, told = _both(tx, organization_id, contact, channel, tag64)
        for key in sorted({*stored, *told}):
            if stored.get(key) != told.get(key):
                yield Finding("V10", "preference", _row(contact, key), "is not the fold of the contact point's events")
    rows = tx.all(_HOMELESS, {"organization_id": organization_id, "page": PAGE})
    for channel, _tag64, program in rows:
        yield Finding("V10", "preference", f"channel={channel}, program={program}", "belongs to no contact point")


def rebuild(db: Database, organization_id: uuid.UUID) -> int:
    """The stored state is the fold of the history; returns how many contact points had to be mended."""
    mended = 0
    with db.read(organization_id) as tx:
        known = list(contacts(tx, organization_id))
    for contact, channel, tag64 in known:

        def mend(tx: Tx, contact: uuid.UUID = contact, channel: str = channel, tag64: int = tag64) -> bool:
            stored, told = _both(tx, organization_id, contact, channel, tag64)
            write_changes(tx, organization_id, channel, tag64, contact, stored, told)
            return stored != told

        mended += db.write(mend, organization_id)
    return mended


def fact_from_body(body: bytes) -> Fact | None:
    """The fact a stored body tells; bodies were checked when they were written and by V1."""
    told = json.loads(body)
    data = told["data"]
    if rules.effect_of(told["type"], data) is None:
        return None
    occurred_at = datetime.fromisoformat(told["occ"]).astimezone(UTC)
    return rules.fact_of(
        told["type"], data, told["purp"], occurred_at, uuid.UUID(told["id"]), told["src"], told["chan"]
    )


def contacts(tx: Tx, organization_id: uuid.UUID) -> Iterator[tuple[uuid.UUID, str, int]]:
    """Every contact point with its channel and short tag."""
    after = _FIRST
    while True:
        rows = tx.all(_CONTACTS, {"organization_id": organization_id, "after": after, "page": PAGE})
        for contact, channel, tag64 in rows:
            after = as_id(contact)
            yield after, channel, tag64
        if len(rows) < PAGE:
            return


def _both(tx: Tx, organization_id: uuid.UUID, contact: uuid.UUID, channel: str, tag64: int) -> tuple[State, State]:
    place = {"organization_id": organization_id, "channel": channel, "tag64": tag64}
    rows, stored_bodies = tx.gather(
        (SELECT_STATE, place), (_BODIES, {"organization_id": organization_id, "stream_id": contact})
    )
    return state_from(rows), rules.fold(_facts(bytes(row[0]) for row in stored_bodies))


def _facts(stored: Iterable[bytes]) -> Iterator[Fact]:
    for body in stored:
        fact = fact_from_body(body)
        if fact is not None:
            yield fact


def _row(contact: uuid.UUID, key: Key) -> str:
    return f"contact_point_id={contact}, program={key[0]}, person_id={key[1]}"
