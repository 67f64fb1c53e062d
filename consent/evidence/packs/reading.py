"""What a pack is made of, read a page at a time: entries, decisions, messages, what gateways said of them."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from consent.db import Database, Sql
from consent.db.types import as_id, as_instant
from consent.evidence.packs.about import Place
from consent.ledger.bodies import instant
from consent.ledger.streams import IN_ANY_LOG
from consent.outbox.message_log import Flag

PAGE = 200

_ENTRIES = Sql(
    "SELECT e.stream_seq, e.event_id, e.log_id, e.body, l.leaf_index FROM ledger_event e"  # noqa: S608
    " LEFT JOIN ledger_leaf l ON l.organization_id = e.organization_id AND l.event_id = e.event_id"
    f" WHERE e.organization_id = :organization_id AND e.{IN_ANY_LOG}"
    " AND e.stream_id = :stream_id AND e.stream_seq > :after"
    " AND e.recorded_at <= :until ORDER BY e.stream_seq LIMIT :page"
)
_DECISIONS = Sql(
    "SELECT id, asked_at, about_at, program, message_class, channel, explained FROM decision"
    " WHERE organization_id = :organization_id AND channel = :channel AND tag64 = :tag64"
    " AND asked_at <= :until ORDER BY asked_at, id"
)
_MESSAGES = Sql(
    "SELECT id, sent_at, program, message_class, sender, decision_id, segments, flags FROM message_log"
    " WHERE organization_id = :organization_id AND channel = :channel AND tag64 = :tag64"
    " AND sent_at <= :until AND (sent_at, id) > (:at, :id) ORDER BY sent_at, id LIMIT :page"
)
_REPORTS = Sql(
    "SELECT s.status, s.error_code, s.reported_at FROM job j JOIN delivery_status s"
    " ON s.organization_id = j.organization_id AND s.message_tag = j.provider_tag"
    " AND s.account_id IN (SELECT id FROM gateway_account WHERE organization_id = :organization_id)"
    " WHERE j.organization_id = :organization_id AND j.id = :id AND s.reported_at <= :until"
    " ORDER BY s.reported_at, s.status"
)
_FIRST = UUID(int=0)
_BEFORE = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


def entries(
    db: Database, organization_id: UUID, stream: UUID, until: datetime
) -> Iterator[tuple[UUID, int, bytes, int | None]]:
    """Every entry of the stream recorded by then, the oldest first: id, log, body and place in its log."""
    after = 0
    while True:
        asked = {"organization_id": organization_id, "stream_id": stream, "after": after, "until": until, "page": PAGE}
        with db.read(organization_id) as tx:
            rows = tx.all(_ENTRIES, asked)
        for seq, event, log, body, index in rows:
            after = int(seq)
            yield as_id(event), int(log), bytes(body), None if index is None else int(index)
        if len(rows) < PAGE:
            return


def decisions(db: Database, organization_id: UUID, place: Place, until: datetime) -> Iterator[dict[str, Any]]:
    """Every answer of the gate about this address, with its reasons and what it rested on, the oldest first."""
    names = ("program", "message_class", "channel")
    # Only answers of no have an index by address: one pass over the others, not one for each page.
    asked = {"organization_id": organization_id, "channel": place.channel, "tag64": place.tag64, "until": until}
    with db.read(organization_id) as tx:
        for row in tx.stream(_DECISIONS, asked):
            told = {"id": str(as_id(row[0])), "at": instant(as_instant(row[1])), "about": instant(as_instant(row[2]))}
            yield told | dict(zip(names, row[3:6], strict=True)) | json.loads(row[6])


def messages(db: Database, organization_id: UUID, place: Place, until: datetime) -> Iterator[dict[str, Any]]:
    """Every message that left for this address, with what gateways said of it, the oldest first."""
    for row in _messages(db, organization_id, place, until):
        with db.read(organization_id) as tx:
            said = tx.all(_REPORTS, {"organization_id": organization_id, "id": as_id(row[0]), "until": until})
        yield {
            "id": str(as_id(row[0])),
            "at": instant(as_instant(row[1])),
            "channel": place.channel,
            "program": row[2],
            "message_class": row[3],
            "sender": row[4],
            "decision": str(as_id(row[5])) if row[5] is not None else None,
            "segments": row[6],
            "flags": Flag(row[7]).words(),
            "reports": [
                {"status": one[0], "error_code": one[1] or None, "at": instant(as_instant(one[2]))} for one in said
            ],
        }


def _messages(db: Database, organization_id: UUID, place: Place, until: datetime) -> Iterator[tuple[Any, ...]]:
    at, last = _BEFORE, _FIRST
    asked = {"organization_id": organization_id, "channel": place.channel, "tag64": place.tag64, "until": until}
    while True:
        with db.read(organization_id) as tx:
            rows = tx.all(_MESSAGES, asked | {"at": at, "id": last, "page": PAGE})
        for row in rows:
            last, at = as_id(row[0]), as_instant(row[1])
            yield tuple(row)
        if len(rows) < PAGE:
            return
