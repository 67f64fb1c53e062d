"""Reads of what silences a number, along an index that holds nothing else."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ledger.keys import Keyring
from consent.preferences import numbers
from consent.preferences.models import EVERY_PROGRAM
from consent.subjects import service as subjects
from consent.subjects.addresses import masked

KINDS = (EVERY_PROGRAM, numbers.DO_NOT_CALL, numbers.HOLDER, numbers.REACH, numbers.IN_REVIEW)
PAGE = 50
COUNTED = 10_000  # a count goes no further: beyond it, "more than" is what a reader needs

# The index is found by its own words (consent.preferences.indexes.SUPPRESSED).
_SUPPRESSED = "state = 'withdrawn' AND program IN ('*', '*do-not-call', '*holder', '*reach', '*review')"
_OF_KIND = f"FROM preference WHERE organization_id = :organization_id AND program = :program AND {_SUPPRESSED}"


def _list(before: str) -> Sql:
    return Sql(
        f"SELECT program, occurred_at, contact_point_id, channel, detail, event_id {_OF_KIND}"
        f" AND (occurred_at, contact_point_id) {before} (:at, :id) AND occurred_at >= :since"
        " AND (:channel = '' OR channel = :channel) ORDER BY occurred_at DESC, contact_point_id DESC LIMIT :most"
    )


_BEFORE, _UP_TO = _list("<"), _list("<=")
_COUNT = Sql(
    f"SELECT count(*) FROM (SELECT 1 {_OF_KIND} AND occurred_at >= :since LIMIT {COUNTED + 1}) counted"  # noqa: S608
)
_COUNT_DETAIL = Sql(
    f"SELECT count(*) FROM (SELECT 1 {_OF_KIND} AND occurred_at >= :since AND detail = :detail"  # noqa: S608
    f" LIMIT {COUNTED + 1}) counted"
)
NEWEST = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1), "~")
OLDEST = datetime(1970, 1, 1, tzinfo=UTC)

Place = tuple[datetime, UUID, str]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """One number that is silenced: since when, by what, and the entry that says so."""

    kind: str
    at: datetime
    contact_point: UUID
    channel: str
    detail: str
    entry: UUID
    masked: str | None = None


def page(
    tx: Tx,
    keyring: Keyring,
    organization_id: UUID,
    *,
    kind: str = "",
    channel: str = "",
    since: datetime = OLDEST,
    before: Place = NEWEST,
) -> tuple[list[Suppressed], Place | None]:
    """The newest first; the second value continues the list."""
    asked = {"organization_id": organization_id, "channel": channel, "since": since, "most": PAGE + 1}
    asked |= {"at": before[0], "id": before[1]}
    # Of one number and instant the kinds are listed backwards: those before the last one shown are still to come.
    questions = [
        (_UP_TO if one < before[2] else _BEFORE, asked | {"program": one}) for one in KINDS if kind in ("", one)
    ]
    rows = sorted(
        (_read(row) for rows in tx.gather(*questions) for row in rows),
        key=lambda one: (one.at, one.contact_point, one.kind),
        reverse=True,
    )
    shown = rows[:PAGE]
    addresses = subjects.addresses(tx, keyring, organization_id, list({one.contact_point for one in shown}))
    found = [_masked(one, addresses.get(one.contact_point)) for one in shown]
    last = shown[-1] if len(rows) > PAGE else None
    return found, (last.at, last.contact_point, last.kind) if last is not None else None


def counts(tx: Tx, organization_id: UUID, since: datetime = OLDEST) -> dict[str, int]:
    """How many of each kind, counted to ten thousand and one."""
    questions = [(_COUNT, {"organization_id": organization_id, "program": one, "since": since}) for one in KINDS]
    return {kind: int(rows[0][0]) for kind, rows in zip(KINDS, tx.gather(*questions), strict=True)}


def bounced(tx: Tx, organization_id: UUID, since: datetime) -> int:
    """How many addresses have sent mail back since then, counted to ten thousand and one."""
    asked = {"organization_id": organization_id, "program": numbers.REACH, "since": since, "detail": numbers.BOUNCED}
    row = tx.one(_COUNT_DETAIL, asked)
    return int(row[0]) if row is not None else 0


def _read(row: tuple[Any, ...]) -> Suppressed:
    return Suppressed(row[0], as_instant(row[1]), as_id(row[2]), row[3], row[4], as_id(row[5]))


def _masked(one: Suppressed, address: str | None) -> Suppressed:
    hidden = masked(one.channel, address) if address is not None else None
    return Suppressed(one.kind, one.at, one.contact_point, one.channel, one.detail, one.entry, hidden)
