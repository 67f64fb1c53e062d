"""Sinch's callbacks in our words: those of the SMS REST API and those of the Conversation API.

Source: Sinch's public documentation of SMS webhooks, delivery reports and Conversation callbacks.
"""

from collections.abc import Mapping
from typing import Any, Literal

from consent.errors import Malformed
from consent.gateways.sms import json_bodies as read
from consent.gateways.sms.base import Bearer, DeliveryReport, Event, InboundMessage, Media
from consent.gateways.sms.numbers import as_e164

NAME = "sinch"
Problem = Literal["invalid", "not_textable", "blocked"]

# Codes of the SMS REST API, and reasons of the Conversation API.
PROBLEMS: dict[str, Problem] = {"402": "not_textable", "RECIPIENT_INVALID_CHANNEL_IDENTITY": "invalid"}
OPTED_OUT = frozenset({"RECIPIENT_NOT_OPTED_IN"})
# A remote centre deleted the text: the number is invalid, or its owner opted out there. Sinch does not say which.
DELETED = "deleted"
# What carries a telephone number; the other channels name people in ways of their own.
BEARERS: dict[str, Bearer] = {"SMS": "sms", "MMS": "mms", "RCS": "rcs", "WHATSAPP": "whatsapp", "VIBERBM": "other"}
INBOUND = frozenset({"mo_text", "mo_media", "mo_binary"})
BATCH_REPORTS = frozenset({"delivery_report_sms", "delivery_report_mms"})
RECIPIENT_REPORTS = frozenset({"recipient_delivery_report_sms", "recipient_delivery_report_mms"})
MOST_MEDIA = 20


def of_sms(found: Mapping[str, Any], deleted_is_opt_out: bool) -> tuple[Event, ...]:
    """The events of a callback of the SMS REST API; none for a kind nobody knows."""
    kind = read.word(found, "type")
    if kind in INBOUND:
        return (sms_inbound(found),)
    if kind in RECIPIENT_REPORTS:
        recipients, at = [read.number(found, "recipient")], found.get("operator_status_at") or found.get("at")
        return _reports(found, found, recipients, at, deleted_is_opt_out)
    if kind not in BATCH_REPORTS:
        return ()
    made: tuple[Event, ...] = ()
    for status in read.list_of(found.get("statuses") or [], "statuses"):
        one = read.object_of(status, "statuses")
        # A report of sums alone names nobody, so it tells about nobody.
        recipients = [read.number({"recipients": who}, "recipients") for who in _recipients(one)]
        made += _reports(found, one, recipients, None, deleted_is_opt_out)
    return made


def sms_inbound(found: Mapping[str, Any]) -> InboundMessage:
    """A text, a file with words, or binary content, from a callback or from the list of what came in."""
    message_id, kind = read.identity(found, "id"), found.get("type")
    sender_raw, recipient_raw = read.number(found, "from"), read.word(found, "to", 128).strip()
    sender, recipient = as_e164(sender_raw), as_e164(recipient_raw)
    media: tuple[Media, ...] = ()
    text = ""
    if kind == "mo_media":
        body = read.object_of(found.get("body"), "body")
        text = read.text(body, "message") or read.text(body, "subject")
        media = _media(body)
    elif kind != "mo_binary":
        text = read.text(found, "body")
    return InboundMessage(
        gateway=NAME,
        message_id=message_id,
        event_id=message_id,
        sender=sender,
        recipient=recipient,
        text=text,
        received_at=read.instant(found.get("received_at")),
        media=media,
        client_ref=read.word(found, "client_reference", 2048)[:128] or None,
        bearer="mms" if kind == "mo_media" else "sms",
        is_text=kind != "mo_binary",
        echo=sender == recipient,
        sender_raw=sender_raw,
        recipient_raw=recipient_raw,
    )


def of_conversation(found: Mapping[str, Any]) -> tuple[Event, ...]:
    """The event of a callback of the Conversation API; none for a kind or channel that is nothing to us."""
    event: Event | None = None
    if "message" in found:
        event = conversation_inbound(read.object_of(found["message"], "message"))
    elif "message_delivery_report" in found:
        event = _conversation_report(read.object_of(found["message_delivery_report"], "message_delivery_report"), found)
    elif "opt_out_notification" in found:
        event = _opt_out(read.object_of(found["opt_out_notification"], "opt_out_notification"), found)
    return () if event is None else (event,)


def conversation_inbound(found: Mapping[str, Any]) -> InboundMessage | None:
    """A message to the app, from a callback or from the list; None where people are not named by their numbers."""
    who = read.object_of(found.get("channel_identity"), "channel_identity")
    bearer = BEARERS.get(read.word(who, "channel").upper())
    if bearer is None:
        return None
    message_id = read.identity(found, "id")
    sender_raw, recipient_raw = read.number(who, "identity"), read.word(found, "sender_id", 128).strip()
    sender, recipient = as_e164(sender_raw), as_e164(recipient_raw)
    said = read.object_of(found.get("contact_message") or {}, "contact_message")
    text, media = _said(said)
    return InboundMessage(
        gateway=NAME,
        message_id=message_id,
        event_id=message_id,
        sender=sender,
        recipient=recipient,
        text=text,
        received_at=read.instant(found.get("accept_time")),
        media=media,
        bearer="mms" if media and bearer == "sms" else bearer,
        echo=sender == recipient or read.word(found, "direction").upper() == "TO_CONTACT",
        sender_raw=sender_raw,
        recipient_raw=recipient_raw,
    )


def _reports(
    found: Mapping[str, Any], status: Mapping[str, Any], recipients: list[str], at: Any, deleted_is_opt_out: bool
) -> tuple[DeliveryReport, ...]:
    """One report for each person; Sinch's words for a status vary in case."""
    message_id = read.identity(found, "batch_id")
    word, code = read.identity(status, "status", longest=32).lower(), read.word(status, "code", 16)
    opted_out = word == DELETED and deleted_is_opt_out
    problem: Problem | None = "blocked" if word == DELETED else PROBLEMS.get(code)
    return tuple(
        DeliveryReport(
            gateway=NAME,
            message_id=message_id,
            event_id=f"{message_id}:{word}" + (f":{place}" if place else ""),
            status=word,
            sender="",  # no report says which of our numbers sent the text
            recipient=as_e164(recipient),
            received_at=read.instant(at),
            error_code=None if code in ("", "0") else code,
            recipient_opted_out=opted_out,
            recipient_problem=None if opted_out else problem,
            client_ref=read.word(found, "client_reference", 2048)[:128] or None,
        )
        for place, recipient in enumerate(recipients)
    )


def _conversation_report(found: Mapping[str, Any], whole: Mapping[str, Any]) -> DeliveryReport | None:
    who = read.object_of(found.get("channel_identity") or {}, "channel_identity")
    if BEARERS.get(read.word(who, "channel").upper()) is None:
        return None
    message_id, status = read.identity(found, "message_id"), read.identity(found, "status", longest=32).lower()
    reason = read.object_of(found.get("reason") or {}, "reason")
    code = read.word(reason, "code") or None
    return DeliveryReport(
        gateway=NAME,
        message_id=message_id,
        event_id=f"{message_id}:{status}",
        status=status,
        sender="",
        recipient=as_e164(read.number(who, "identity")),
        received_at=read.instant(whole.get("event_time")),
        error_code=code,
        recipient_opted_out=code in OPTED_OUT,
        recipient_problem=PROBLEMS.get(code or ""),
        client_ref=read.word(found, "metadata", 2048)[:128] or None,
    )


def _opt_out(found: Mapping[str, Any], whole: Mapping[str, Any]) -> DeliveryReport | None:
    """An opt-out that Sinch registered; it stands for what Sinch will not deliver any more."""
    registered = read.word(found, "status").upper() == "OPT_OUT_SUCCEEDED"
    if not registered or BEARERS.get(read.word(found, "channel").upper()) is None:
        return None
    message_id = read.identity(found, "request_id")
    return DeliveryReport(
        gateway=NAME,
        message_id=message_id,
        event_id=f"{message_id}:opted-out",
        status="opted-out",
        sender="",
        recipient=as_e164(read.number(found, "identity")),
        received_at=read.instant(whole.get("event_time")),
        recipient_opted_out=True,
    )


def _recipients(status: Mapping[str, Any]) -> list[Any]:
    return read.list_of(status.get("recipients") or [], "recipients")


def _media(body: Mapping[str, Any]) -> tuple[Media, ...]:
    files = read.list_of(body.get("media") or [], "media")[:MOST_MEDIA]
    found = [read.object_of(one, "media") for one in files]
    return tuple(
        Media(read.text(one, "url"), read.word(one, "content_type", 128) or None) for one in found if one.get("url")
    )


def _said(said: Mapping[str, Any]) -> tuple[str, tuple[Media, ...]]:
    """The words and the file of a message: plain text, a file, or a file with words."""
    for name, words in (("text_message", "text"), ("media_message", ""), ("media_card_message", "caption")):
        if said.get(name) is not None:
            inner = read.object_of(said[name], name)
            text = read.text(inner, words) if words else ""
            return text, ((Media(read.text(inner, "url")),) if inner.get("url") is not None else ())
    return "", ()


def listed(item: Any, *, conversation: bool) -> InboundMessage | None:
    """An entry of a list as if it came by callback; None for one nobody can read."""
    if not isinstance(item, dict):
        return None
    try:
        return conversation_inbound(item) if conversation else sms_inbound(item)
    except Malformed:
        # Without an id or a sender there is nothing to record; the others on the list must not wait for it.
        return None
