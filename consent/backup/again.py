"""What was refused after the backup is refused again: from the journal outside (`opt_outs`)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from consent.backup.opt_outs import Said, journals
from consent.db import Database, Sql, Tx
from consent.db.types import as_id
from consent.errors import NotFound
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.preferences import service as preferences
from consent.preferences.facts import Effect, effect_of
from consent.subjects import service as subjects

AGAIN = "again"  # the member of an entry that names the lost one it repeats

KNOWN = Sql("SELECT 1 FROM ledger_event WHERE organization_id = :organization_id AND event_id = :event_id")


def refuse_again(db: Database, keyring: Keyring, organization_id: UUID, now: datetime) -> int:
    """Every no that the database has lost holds again, under the tag of its address; how many were recorded.

    Doing it again finds nothing.
    """
    count = 0
    for said in _worth_repeating(one for journal in journals(keyring, organization_id) for one in journal.read()):
        count += db.write(
            lambda tx, said=said: _repeat(tx, keyring, organization_id, said, now),  # type: ignore[misc]
            organization_id,
        )
    return count


def _worth_repeating(said: Iterable[Said]) -> Iterator[Said]:
    """Each once, and nothing that was only held until somebody had read it, where somebody has.

    A text that nobody had read is lost with the database: what may have been a no counts as one.
    """
    seen: dict[UUID, Said] = {one.event_id: one for one in said}
    settled = {str(one.data["settles"]) for one in seen.values() if "settles" in one.data}
    for one in seen.values():
        effect = effect_of(one.type, one.data)
        if effect is Effect.HELD and str(one.event_id) in settled:
            continue
        if effect is not Effect.RELEASED and effect is not None:
            yield one


def _repeat(tx: Tx, keyring: Keyring, organization_id: UUID, said: Said, now: datetime) -> int:
    if tx.one(KNOWN, {"organization_id": organization_id, "event_id": said.event_id}) is not None:
        return 0
    log = ledger.log_of(tx, organization_id)
    if log is None:
        raise NotFound("This organization has no open log.")
    tag64 = subjects.tag64_of(said.tag)
    found = subjects.find_many(tx, organization_id, said.channel, [tag64]).get(tag64)
    if found is None:
        stream = subjects.without_address(tx, keyring, organization_id, said.channel, said.tag, now).stream
    else:
        stream = ledger.stream(tx, keyring, organization_id, as_id(found[0]))  # type: ignore[arg-type]
        mark = f'"{AGAIN}":"{said.event_id}"'.encode()
        if any(mark in body for body in ledger.bodies_of(tx, organization_id, stream.id)):
            return 0
    entry = ledger.append(tx, log, stream, _event(said), now)
    before = preferences.read(tx, organization_id, said.channel, tag64)
    preferences.record(tx, organization_id, said.channel, tag64, before, entry, said.source)
    return 1


def _event(said: Said) -> ledger.Event:
    """The entry again, of the time at which the person said it; what nobody had read yet as a STOP."""
    data: dict[str, Any] = {**said.data, AGAIN: str(said.event_id)}
    kind = said.type
    if effect_of(kind, data) is Effect.HELD:
        kind = "suppression.set"
    return ledger.Event(kind, said.source, said.channel, said.purposes, data, said.occurred_at)
