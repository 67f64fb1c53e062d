"""What was to go and stays after all leaves its batch, as long as its store has not been given it."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.errors import Conflict, Filled
from consent.policies.rulebook import Rulebook
from consent.retention import batch_rows, batches, hold_rows, looking_again
from consent.retention.batch_rows import Batch
from consent.retention.reckoning import Reckoner
from consent.retention.rows import WHOLE, kept_from
from consent.retention.rules import Terms
from consent.web.messages import N_

HELD_BY = N_(
    "%(owners)s holds some of these records: leave them where they are, and load this page again in some minutes, when"
    " they are off it. If some are gone already, say so to whoever holds them."
)
KEPT_NOW = N_(
    "A privacy request or another rule keeps some of these records by now: leave them where they are, and load this"
    " page again in some minutes, when they are off it."
)

_OF_PERSON = Sql(
    f"SELECT {WHOLE} FROM held_record WHERE organization_id = :organization_id AND person_id = :id AND state = 'going'"  # noqa: S608 - fixed columns
    " ORDER BY id LIMIT 1000"
)


def take_back(tx: Tx, organization_id: uuid.UUID, reckoner: Reckoner, rows: Sequence[Any], now: datetime) -> None:
    """Those rows of WHOLE that are going, though they stay now, are out of every batch that can still be changed."""
    of_batches: dict[uuid.UUID, dict[uuid.UUID, Terms]] = {}
    for row in rows:
        if row[11] == "going" and row[16] is not None:
            of_batches.setdefault(as_id(row[16]), {}).update(_staying(reckoner, [row], now))
    for batch_id, stay in of_batches.items():
        batch = batch_rows.locked_open(tx, organization_id, batch_id, now, "") if stay else None
        if batch is not None:
            batches.take_out(tx, organization_id, reckoner, batch, stay)


def what_people_ask_for(tx: Tx, organization_id: uuid.UUID, rulebook: Rulebook, now: datetime) -> None:
    """What somebody with an open request is kept of is in no batch, where the request holds it (T-33)."""
    reckoner = hold_rows.reckoner(tx, rulebook, now)
    for person in looking_again.asking(tx, organization_id):
        rows = tx.all(_OF_PERSON, {"organization_id": organization_id, "id": person})
        take_back(tx, organization_id, reckoner, rows, now)


def is_to_shrink(reckoner: Reckoner, rows: Sequence[Any], now: datetime) -> bool:
    """Do some of these going rows of WHOLE stay?"""
    return bool(_staying(reckoner, rows, now))


def before_a_try(
    tx: Tx, organization_id: uuid.UUID, reckoner: Reckoner, batch: Batch, me: str, now: datetime
) -> tuple[Batch | None, list[str]]:
    """The batch that `me` holds, and its references, without what stays; None where nothing of it is to go."""
    mine = batch_rows.locked_open(tx, organization_id, batch.id, now, me)
    if mine is not None:
        stay = _staying(reckoner, batches.records(tx, organization_id, mine), now)
        batches.take_out(tx, organization_id, reckoner, mine, stay)
    left = batch_rows.find(tx, organization_id, batch.id)
    return left, [] if left is None else batches.references(batches.records(tx, organization_id, left))


def refuse_held(tx: Tx, organization_id: uuid.UUID, rulebook: Rulebook, batch_id: uuid.UUID, now: datetime) -> None:
    """Conflict where something of a batch that waits for a person is held: who holds it, and what to do."""
    batch = batch_rows.find(tx, organization_id, batch_id)
    if batch is None or batch.state != "by_hand":
        return
    rows = batches.records(tx, organization_id, batch)
    reckoner = hold_rows.reckoner(tx, rulebook, now)
    stay = _staying(reckoner, rows, now)
    if not stay:
        return
    kept = [kept_from(row) for row in rows if as_id(row[0]) in stay]
    owners = hold_rows.owners(tx, organization_id, kept, reckoner.today(now))
    raise Conflict(Filled(HELD_BY, owners=owners) if owners else KEPT_NOW)


def _staying(reckoner: Reckoner, rows: Sequence[Any], now: datetime) -> Mapping[uuid.UUID, Terms]:
    today = reckoner.today(now)
    asked = {as_id(row[0]): reckoner.terms(kept_from(row)) for row in rows}
    return {one: terms for one, terms in asked.items() if terms.stays(today)}
