"""Vonage's fields in our words: messages and receipts of the SMS API, of the Messages API and of its records.

Source: Vonage's public documentation of inbound SMS, delivery receipts, the Messages API and the Reports API. The
lists of error codes are general knowledge and not confirmed.
"""

from collections.abc import Collection, Mapping
from typing import Any, Literal

from consent.errors import Malformed
from consent.gateways.sms import json_bodies as read
from consent.gateways.sms.base import Bearer, DeliveryReport, InboundMessage, Media
from consent.gateways.sms.numbers import TOLL_FREE, as_e164

NAME = "vonage"
Problem = Literal["invalid", "not_textable", "blocked"]

# Error codes of receipts: those of the SMS API, then what the Messages API calls the same.
PROBLEMS: dict[str, Problem] = {
    "3": "invalid",
    "4": "blocked",
    "9": "invalid",
    "14": "blocked",
    "1190": "invalid",
    "1200": "blocked",
    "1240": "invalid",
    "1280": "blocked",
}
# What carries a telephone number; the other channels name people in ways of their own.
BEARERS: dict[str, Bearer] = {
    "sms": "sms",
    "mms": "mms",
    "rcs": "rcs",
    "whatsapp": "whatsapp",
    "viber_service": "other",
}
FILES = ("image", "video", "audio", "file", "vcard")
MOST_MEDIA = 20


def sms_inbound(found: Mapping[str, Any]) -> InboundMessage:
    """A text of the SMS API, or one part of a longer one: parts come apart, each with an id of its own."""
    message_id = read.identity(found, "messageId")
    sender_raw, recipient_raw = read.number(found, "msisdn"), read.word(found, "to", 128).strip()
    sender, recipient = as_e164(sender_raw), as_e164(recipient_raw)
    binary = read.word(found, "type").lower() == "binary"
    # A START must be a whole message: in a part of one it agrees to nothing, as outside texts. A STOP counts anywhere.
    part = read.word(found, "concat").lower() == "true"
    return InboundMessage(
        gateway=NAME,
        message_id=message_id,
        event_id=message_id,
        sender=sender,
        recipient=recipient,
        text="" if binary else read.text(found, "text"),
        received_at=read.instant(found.get("message-timestamp")) or read.unix(found.get("timestamp")),
        bearer="other" if part else "sms",
        is_text=not binary,
        echo=sender == recipient,
        sender_raw=sender_raw,
        recipient_raw=recipient_raw,
    )


def sms_report(found: Mapping[str, Any], stop_codes: Collection[str]) -> DeliveryReport:
    """A receipt of the SMS API: `msisdn` is the person, `to` our number."""
    message_id, status = read.identity(found, "messageId"), _status(found)
    sender, code = as_e164(read.word(found, "to", 128)), _code(read.word(found, "err-code"))
    opted_out = code in stop_codes and TOLL_FREE.fullmatch(sender) is not None
    return DeliveryReport(
        gateway=NAME,
        message_id=message_id,
        event_id=f"{message_id}:{status}",
        status=status,
        sender=sender,
        recipient=as_e164(read.number(found, "msisdn")),
        received_at=read.instant(found.get("message-timestamp")) or read.unix(found.get("timestamp")),
        error_code=code if code != "0" else None,
        recipient_opted_out=opted_out,
        recipient_problem=None if opted_out else PROBLEMS.get(code or ""),
        client_ref=read.word(found, "client-ref", 128) or None,
    )


def inbound(found: Mapping[str, Any]) -> InboundMessage | None:
    """A message of the Messages API; None where the channel does not name people by their numbers."""
    bearer = BEARERS.get(read.word(found, "channel").lower())
    if bearer is None:
        return None
    message_id = read.identity(found, "message_uuid")
    sender_raw, recipient_raw = read.number(found, "from"), read.word(found, "to", 128).strip()
    sender, recipient = as_e164(sender_raw), as_e164(recipient_raw)
    return InboundMessage(
        gateway=NAME,
        message_id=message_id,
        event_id=message_id,
        sender=sender,
        recipient=recipient,
        text=_text(found),
        received_at=read.instant(found.get("timestamp")),
        media=_media(found),
        bearer=bearer,
        echo=sender == recipient,
        sender_raw=sender_raw,
        recipient_raw=recipient_raw,
    )


def report(found: Mapping[str, Any], stop_codes: Collection[str]) -> DeliveryReport | None:
    """A status of the Messages API: `to` is the person, `from` our number."""
    if BEARERS.get(read.word(found, "channel").lower() or "sms") is None:
        return None
    message_id, status = read.identity(found, "message_uuid"), _status(found)
    sender, code = as_e164(read.word(found, "from", 128)), error_code(found.get("error"))
    opted_out = code in stop_codes and TOLL_FREE.fullmatch(sender) is not None
    return DeliveryReport(
        gateway=NAME,
        message_id=message_id,
        event_id=f"{message_id}:{status}",
        status=status,
        sender=sender,
        recipient=as_e164(read.number(found, "to")),
        received_at=read.instant(found.get("timestamp")),
        error_code=code,
        recipient_opted_out=opted_out,
        recipient_problem=None if opted_out else PROBLEMS.get(code or ""),
        client_ref=read.word(found, "client_ref", 128) or None,
    )


def error_code(error: Any) -> str | None:
    """The number of a Messages API error: its title, or the end of its type."""
    if not isinstance(error, Mapping):
        return None
    kind = error.get("type")
    for said in (error.get("title"), kind.rpartition("#")[2] if isinstance(kind, str) else None):
        code = _code(str(said)) if isinstance(said, str | int) else None
        if code is not None:
            return code
    return None


def listed(item: Any) -> InboundMessage | None:
    """A record of what came in as if it came by webhook; None for one we cannot or need not use."""
    if not isinstance(item, dict):
        return None
    try:
        bearer = BEARERS.get(read.word(item, "provider").lower() or "sms")
        message_id = read.identity(item, "message_id")
        sender_raw, recipient_raw = read.number(item, "from"), read.word(item, "to", 128).strip()
        text = read.text(item, "message_body")
    except Malformed:
        # Without an id or a sender there is nothing to record; the others on the list must not wait for it.
        return None
    sender, recipient = as_e164(sender_raw), as_e164(recipient_raw)
    if bearer is None:
        return None
    return InboundMessage(
        gateway=NAME,
        message_id=message_id,
        event_id=message_id,
        sender=sender,
        recipient=recipient,
        text=text,
        received_at=read.instant(item.get("date_received")),
        bearer=bearer,
        echo=sender == recipient,
        sender_raw=sender_raw,
        recipient_raw=recipient_raw,
    )


def _status(found: Mapping[str, Any]) -> str:
    status = read.word(found, "status", 32).lower()
    if not status or not status.replace("_", "").isalpha() or not status.isascii():
        raise Malformed("The delivery report has no status we can read.")
    return status


def _code(value: str) -> str | None:
    return value if 0 < len(value) <= 8 and value.isascii() and value.isdigit() else None


def _text(found: Mapping[str, Any]) -> str:
    """What was written: the text, the button that was pressed, or the words under a picture."""
    if found.get("text") is not None:
        return read.text(found, "text")
    for part, name in (("reply", "title"), ("button", "text"), *((one, "caption") for one in FILES)):
        inner = found.get(part)
        if isinstance(inner, dict) and inner.get(name) is not None:
            return read.text(inner, name)
    return ""


def _media(found: Mapping[str, Any]) -> tuple[Media, ...]:
    files = [found.get(one) for one in FILES] + read.list_of(found.get("content") or [], "content")
    given = [one for one in files if isinstance(one, dict) and one.get("url") is not None]
    return tuple(Media(read.text(one, "url")) for one in given[:MOST_MEDIA])
