"""Telnyx's events in our words: texts, multimedia, RCS and WhatsApp messages, and what became of ours.

Source: Telnyx's public documentation of messaging and RCS webhooks and its error codes.
"""

from collections.abc import Mapping
from typing import Any, Literal

from consent.errors import Malformed
from consent.gateways.sms import json_bodies as read
from consent.gateways.sms.base import Bearer, DeliveryReport, InboundMessage, Media, OptOutType
from consent.gateways.sms.numbers import as_e164

NAME = "telnyx"

# Telnyx, messaging error codes. One page of it calls 40300 "unreachable"; the reference and the send API say STOP.
OPTED_OUT = frozenset({"40300"})
PROBLEMS: dict[str, Literal["invalid", "not_textable", "blocked"]] = {
    "40001": "not_textable",
    "40004": "blocked",
    "40012": "invalid",
    "40310": "invalid",
}
OPT_OUT_TYPES: dict[str, OptOutType] = {"STOP": "STOP", "START": "START", "HELP": "HELP"}
BEARERS: dict[str, Bearer] = {"SMS": "sms", "MMS": "mms", "RCS": "rcs", "WHATSAPP": "whatsapp"}
OURS = "webhook_delivered"  # the status of the one of our numbers that this call is for
MOST_MEDIA = 20


def inbound(data: Mapping[str, Any]) -> InboundMessage:
    """A message sent to one of our numbers; in a group, the number that this call is for."""
    found = read.object_of(data.get("payload"), "payload")
    message_id = read.identity(found, "id")
    sender_raw = _address(found.get("from"), "from")
    recipients = _parties(found.get("to"), "to")
    # A STOP counts also when it does not say which of our numbers it is for.
    ours = next((one for one in recipients if one[1] == OURS), next(iter(recipients), ("", "")))
    sender, recipient = as_e164(sender_raw), as_e164(ours[0])
    return InboundMessage(
        gateway=NAME,
        message_id=message_id,
        event_id=read.word(data, "id", 128) or message_id,
        sender=sender,
        recipient=recipient,
        text=_text(found),
        received_at=read.instant(found.get("received_at")),
        media=_media(found),
        provider_opt_out_type=OPT_OUT_TYPES.get(_kind(found, "autoresponse_type")),
        account=read.word(found, "messaging_profile_id") or None,
        bearer=BEARERS.get(_kind(found, "type") or "SMS", "other"),
        echo=sender == recipient or _kind(found, "direction") == "OUTBOUND",
        sender_raw=sender_raw,
        recipient_raw=ours[0],
    )


def reports(data: Mapping[str, Any]) -> tuple[DeliveryReport, ...]:
    """What became of a text of ours, for each number it went to; an error is that of the numbers it did not reach."""
    found = read.object_of(data.get("payload"), "payload")
    message_id = read.identity(found, "id")
    sender = as_e164(_address(found.get("from"), "from"))
    at = read.instant(data.get("occurred_at"))
    account = read.word(found, "messaging_profile_id") or None
    code = first_code(found)
    made = []
    for place, (number, status) in enumerate(_parties(found.get("to"), "to")):
        if not status:
            raise Malformed("The delivery report has no status.")
        failed = code if status not in ("delivered", "sent", "queued", "sending", OURS) else None
        made.append(
            DeliveryReport(
                gateway=NAME,
                message_id=message_id,
                event_id=f"{message_id}:{status}" + (f":{place}" if place else ""),
                status=status,
                sender=sender,
                recipient=as_e164(number),
                received_at=at,
                error_code=failed,
                recipient_opted_out=failed in OPTED_OUT,
                recipient_problem=PROBLEMS.get(failed or ""),
                account=account,
            )
        )
    return tuple(made)


def first_code(found: Mapping[str, Any]) -> str | None:
    """The code of the first error that is told, or None."""
    errors = found.get("errors")
    for error in errors if isinstance(errors, list) else ():
        code = error.get("code") if isinstance(error, dict) else None
        code = str(code) if isinstance(code, int) and not isinstance(code, bool) else code
        if isinstance(code, str) and 0 < len(code) <= 16 and code.isascii() and code.isalnum():
            return code
    return None


def _kind(found: Mapping[str, Any], name: str) -> str:
    return read.word(found, name).strip().upper()


def _address(value: Any, name: str) -> str:
    """A number, given by itself or as an object that holds it."""
    if isinstance(value, dict):
        return read.number(value, "phone_number")
    return read.number({name: value}, name)


def _parties(value: Any, name: str) -> list[tuple[str, str]]:
    """Number and status of everybody a message is for: a list of objects, or one number where RCS has but one."""
    if not isinstance(value, list):
        value = [] if value is None else [value]
    return [
        (_address(one, name), read.word(one, "status", 32).strip().lower() if isinstance(one, dict) else "")
        for one in read.list_of(value, name)
    ]


def _text(found: Mapping[str, Any]) -> str:
    """The text of a message, or of an RCS or WhatsApp body: what was written, or the button that was pressed."""
    if found.get("text") is not None or found.get("body") is None:
        return read.text(found, "text")
    body = found["body"]
    for name in ("suggestion_response", "text"):
        if isinstance(body, dict) and isinstance(body.get(name), dict):
            body = body[name]
    if isinstance(body, dict):
        return read.text(body, "text" if "text" in body else "body")
    return read.text(found, "body")


def _media(found: Mapping[str, Any]) -> tuple[Media, ...]:
    files = read.list_of(found.get("media") or [], "media")[:MOST_MEDIA]
    made = (read.object_of(one, "media") for one in files)
    return tuple(Media(read.text(one, "url"), read.word(one, "content_type", 128) or None) for one in made)
