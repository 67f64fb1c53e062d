"""What the gate decided about messages to an address, and what left for it, for the person it is about.

Told are messages that were sent by the organization's systems, and questions that were answered with no. What our own
outbox sends stands in the ledger already; a yes after which nobody reported a message tells nothing that happened.
"""

import json
import uuid
from heapq import merge
from itertools import islice
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.outbox.message_log import Flag
from consent.preferences.models import NOBODY
from consent.preferences.page.messages import Before, Message, Reason

_HELD_BACK = Sql(
    "SELECT id, asked_at, program, message_class, person_id, explained FROM decision WHERE"
    " organization_id = :organization_id AND channel = :channel AND tag64 = :tag64 AND answer = 'deny'"
    " AND (asked_at, id) < (:at, :id) ORDER BY asked_at DESC, id DESC LIMIT :most"
)
_SENT = Sql(
    "SELECT m.id, m.sent_at, m.program, m.message_class, d.person_id, d.explained, m.flags FROM message_log m"
    " LEFT JOIN decision d ON d.organization_id = m.organization_id AND d.id = m.decision_id"
    " WHERE m.organization_id = :organization_id AND m.channel = :channel AND m.tag64 = :tag64"
    " AND (m.decision_id IS NOT NULL OR m.flags & 1 <> 0)"  # Flag.NO_DECISION: reported, and not by our outbox
    " AND (m.sent_at, m.id) < (:at, :id) ORDER BY m.sent_at DESC, m.id DESC LIMIT :most"
)


def messages(tx: Tx, organization_id: uuid.UUID, channel: str, tag64: int, before: Before, most: int) -> list[Message]:
    """The newest first, in one round trip."""
    asked: dict[str, object] = {"organization_id": organization_id, "channel": channel, "tag64": tag64}
    asked |= {"at": before.at, "id": before.id, "most": most}
    held, sent = tx.gather((_HELD_BACK, asked), (_SENT, asked))
    told = (
        [_message(channel, row, sent=False) for row in held],
        [_message(channel, row, sent=True) for row in sent],
    )
    return list(islice(merge(*told, key=lambda one: one.key, reverse=True), most))


def _message(channel: str, row: tuple[Any, ...], *, sent: bool) -> Message:
    person = as_id(row[4]) if row[4] is not None else NOBODY
    answer = json.loads(row[5])["answer"] if row[5] is not None else {}
    flags = Flag(row[6]) if sent else Flag(0)
    return Message(
        as_id(row[0]),
        as_instant(row[1]),
        sent,
        channel,
        row[2],
        row[3],
        person if person != NOBODY else None,
        Flag.AFTER_REVOCATION in flags,
        answer.get("policy", ""),
        answer.get("policy_version", ""),
        tuple(
            Reason(one["code"], one["text"], one.get("commitment"), one.get("clause"))
            for one in answer.get("reasons", ())
        ),
    )
