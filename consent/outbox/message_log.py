"""What left: a row for each message sent by us or reported by the systems that send, and what was last sent to whom."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import IntFlag
from typing import Any, NamedTuple

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ledger.keys import Keyring

# Messages are known by their provider's id alone, whoever tells of them first: our outbox or the system that sent.
_ANY_ACCOUNT = "sent"

_INSERT = Sql(
    "INSERT INTO message_log (organization_id, channel, tag64, sent_at, id, program, message_class, sender,"
    " decision_id, provider_tag, segments, flags)"
    " VALUES (:organization_id, :channel, :tag64, :sent_at, :id, :program, :message_class, :sender,"
    " :decision_id, :provider_tag, :segments, :flags) ON CONFLICT DO NOTHING RETURNING id"
)
_BY_PROVIDER = Sql(
    "SELECT id, flags FROM message_log WHERE organization_id = :organization_id AND provider_tag = :provider_tag"
)
_LAST = (
    "SELECT id, sent_at, program, message_class, sender, decision_id FROM message_log"
    " WHERE organization_id = :organization_id AND channel = :channel AND tag64 = :tag64 AND sent_at <= :before"
    " AND program IS NOT NULL{sender} ORDER BY sent_at DESC, id DESC LIMIT 1"
)
_LAST_OF_ANY = Sql(_LAST.format(sender=""))
# A message whose sender nobody named may have come from this one.
LAST_OF_SENDER = Sql(_LAST.format(sender=" AND sender IN (:sender, '')"))
_SINCE = Sql(
    "SELECT program, message_class, sent_at FROM message_log WHERE organization_id = :organization_id"
    " AND channel = :channel AND tag64 = :tag64 AND sent_at > :since AND program IS NOT NULL ORDER BY sent_at"
)


class Flag(IntFlag):
    """What was wrong with a message when it was logged."""

    NO_DECISION = 1
    DECISION_DENIED = 2
    DECISION_EXPIRED = 4
    ADDRESS_DIFFERS = 8
    AFTER_REVOCATION = 16

    def words(self) -> list[str]:
        """The flags as the API names them."""
        return [str(one.name).lower().replace("_", "-") for one in self]


SOUND = Flag(0)  # nothing was wrong


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that left; `sender` is the organization's own name of its number, empty where nobody said."""

    id: uuid.UUID
    channel: str
    tag64: int
    sent_at: datetime
    program: str | None
    message_class: str | None
    sender: str = ""
    decision_id: uuid.UUID | None = None
    provider_tag: bytes | None = None
    segments: int | None = None
    flags: Flag = SOUND


class LastSent(NamedTuple):
    """The last message before a given instant that was no answer to a keyword."""

    id: uuid.UUID
    sent_at: datetime
    program: str
    message_class: str | None
    sender: str
    decision_id: uuid.UUID | None


def provider_tag(keyring: Keyring, organization_id: uuid.UUID, provider_id: str) -> bytes:
    """By which a message is logged once, without keeping the provider's id readable."""
    return keyring.message_tag(organization_id, _ANY_ACCOUNT, provider_id)


def record(tx: Tx, organization_id: uuid.UUID, sent: Sent) -> None:
    """The message is logged; one whose provider's id is known already changes nothing."""
    tx.later(*insert(tx, organization_id, sent))


def insert(tx: Tx, organization_id: uuid.UUID, sent: Sent) -> tuple[Sql, dict[str, object]]:
    """The statement that logs a message; it returns no row where that provider's id is known already."""
    return _INSERT, {
        "organization_id": tx.id(organization_id),
        "channel": sent.channel,
        "tag64": sent.tag64,
        "sent_at": tx.at(sent.sent_at),
        "id": tx.id(sent.id),
        "program": sent.program,
        "message_class": sent.message_class,
        "sender": sent.sender,
        "decision_id": tx.id(sent.decision_id) if sent.decision_id is not None else None,
        "provider_tag": sent.provider_tag,
        "segments": sent.segments,
        "flags": int(sent.flags),
    }


def by_provider(tx: Tx, organization_id: uuid.UUID, tag: bytes) -> tuple[uuid.UUID, Flag] | None:
    """The id and flags under which a message of that provider's id was logged, if it was."""
    row = tx.one(_BY_PROVIDER, {"organization_id": organization_id, "provider_tag": tag})
    return None if row is None else (as_id(row[0]), Flag(row[1]))


def sent_since(organization_id: uuid.UUID, channel: str, tag64: int, since: datetime) -> tuple[Sql, dict[str, object]]:
    """The question for what left after `since`: program, class and time of each, answers to keywords left out."""
    asked = {"organization_id": organization_id, "channel": channel, "tag64": tag64, "since": since}
    return _SINCE, asked


def last_sent(
    tx: Tx, organization_id: uuid.UUID, channel: str, tag64: int, before: datetime, sender: str | None = None
) -> LastSent | None:
    """The last message that left for this contact point at `before` or earlier, answers to keywords left out.

    With a `sender` (its id in organization.toml) only that sender's, and those whose sender is unknown.
    """
    asked = {"organization_id": organization_id, "channel": channel, "tag64": tag64, "before": before}
    row = tx.one(_LAST_OF_ANY, asked) if not sender else tx.one(LAST_OF_SENDER, asked | {"sender": sender})
    return None if row is None else last_from(row)


def last_from(row: tuple[Any, ...]) -> LastSent:
    """The message behind a row of LAST_OF_SENDER, which may be asked together with other questions."""
    return LastSent(
        as_id(row[0]), as_instant(row[1]), row[2], row[3], row[4], as_id(row[5]) if row[5] is not None else None
    )
