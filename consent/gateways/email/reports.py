"""What other mail servers write back: delivery reports (RFC 3464) and complaints (RFC 5965). Pure.

Read leniently and believed little: of a report count its kind, a number, and where our own token may stand. Addresses
in it are never used, and nothing of the quoted original is kept.
"""

from collections.abc import Iterator
from email import message_from_bytes, message_from_string
from email.message import Message
from enum import StrEnum
from typing import NamedTuple

from consent.gateways.email import statuses

MOST_BYTES = 1024 * 1024  # of a report; what we look at stands at its beginning

# RFC 5965, section 7.3, and the IANA registry of feedback types: those by which a person refuses our mail.
COMPLAINTS = frozenset({"abuse", "fraud", "miscategorized", "opt-out", "opt-out-list", "other"})


class Kind(StrEnum):
    """What a message that came back asks of us."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    NOTHING = "nothing"


class Report(NamedTuple):
    """A message that came back; in `named` our token stands if it is about a mail of ours."""

    kind: Kind
    code: str = ""
    named: str = ""


def read(content: bytes) -> Report:
    """What the message says. Whatever cannot be read asks nothing of us."""
    try:
        return _read(message_from_bytes(content[:MOST_BYTES]))
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):  # written by strangers, at will
        return Report(Kind.NOTHING)


def _read(message: Message) -> Report:
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        return Report(Kind.NOTHING)
    parts = [part for part in message.get_payload() if isinstance(part, Message)]
    kind, code = Kind.NOTHING, ""
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            code = next(filter(None, map(_dead, _blocks(part))), "")
            kind = Kind.BOUNCE if code else Kind.NOTHING
        elif part.get_content_type() == "message/feedback-report":
            code = next((_word(block, "Feedback-Type") for block in _blocks(part)), "")
            kind = Kind.COMPLAINT if code in COMPLAINTS else Kind.NOTHING
    return Report(kind, code, "\n".join(_named(message, parts))) if kind is not Kind.NOTHING else Report(kind)


def _dead(recipient: Message) -> str | None:
    """The status of a recipient to whom nothing will ever be delivered."""
    if _word(recipient, "Action") != "failed":
        return None
    status = statuses.enhanced(_word(recipient, "Status")) or ""
    if status.endswith(".0.0"):  # no more is said there; the server's own words may say more
        status = statuses.enhanced(_word(recipient, "Diagnostic-Code")) or status
    return status if statuses.is_dead_address(status) else None


def _blocks(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (one for one in payload if isinstance(one, Message))


def _named(message: Message, parts: list[Message]) -> Iterator[str]:
    """Where our token stands: the address that it came back to, and the Message-ID of what is quoted."""
    for header in ("To", "Delivered-To", "X-Original-To"):
        yield from (str(value)[:1000] for value in message.get_all(header, []))
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            yield from (_word(one, "Message-ID") for one in _blocks(part))
        elif part.get_content_type() == "text/rfc822-headers":
            quoted = part.get_payload(decode=True)
            if isinstance(quoted, bytes):
                yield _word(message_from_string(quoted.decode("utf-8", "replace")), "Message-ID")


def _word(block: Message, name: str) -> str:
    return str(block.get(name, "")).strip().lower()[:500]
