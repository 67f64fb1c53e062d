"""Twilio's fields in our words: inbound messages, delivery reports, the message list.

Values come as forms.py keeps them, one byte per character. Source: Twilio's public documentation of messaging
webhooks, status callbacks and error codes.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from consent.errors import Malformed
from consent.gateways.sms import forms
from consent.gateways.sms.base import Bearer, DeliveryReport, InboundMessage, Media, OptOutType
from consent.gateways.sms.numbers import as_e164, split_bearer

NAME = "twilio"
Fields = dict[str, str]

# Twilio, error dictionary. What they tell about the person's number, in our words.
OPTED_OUT = frozenset({"21610"})
PROBLEMS: dict[str, Literal["invalid", "not_textable", "blocked"]] = {
    "21211": "invalid",
    "21217": "invalid",
    "30005": "invalid",
    "21614": "not_textable",
    "30006": "not_textable",
    "30004": "blocked",
}
OPT_OUT_TYPES: dict[str, OptOutType] = {"STOP": "STOP", "START": "START", "HELP": "HELP"}
RECEIVED = frozenset({"", "received", "receiving"})
MOST_MEDIA = 20


def inbound(found: Fields) -> InboundMessage:
    """A text sent to one of our numbers."""
    message_id = _id(found)
    sender_raw, recipient_raw = _number(found, "From"), forms.text_of(found.get("To", ""))
    bearer, sender = split_bearer(sender_raw)
    media = _media(found)
    if bearer == "sms" and (media or message_id.startswith("MM")):
        bearer = "mms"
    sender, recipient = as_e164(sender), as_e164(split_bearer(recipient_raw)[1])
    echo = sender == recipient or found.get("Direction", "").lower().startswith("outbound")
    return InboundMessage(
        gateway=NAME,
        message_id=message_id,
        event_id=message_id,
        sender=sender,
        recipient=recipient,
        text=forms.text_of(found.get("Body", "")),
        media=media,
        provider_opt_out_type=OPT_OUT_TYPES.get(found.get("OptOutType", "").strip().upper()),
        account=_account(found),
        bearer=bearer,
        echo=echo,
        sender_raw=sender_raw,
        recipient_raw=recipient_raw,
    )


def report(found: Fields, status: str, url: str) -> DeliveryReport:
    """What became of a text of ours; our reference comes back in the URL we asked to be called at."""
    message_id = _id(found)
    if not (status.isascii() and status.isalpha() and len(status) <= 32):
        raise Malformed("The delivery report has no status we can read.")
    code = found.get("ErrorCode") or None
    query = forms.read(url.partition("?")[2].encode("utf-8", "replace"))
    refs = [value for name, value in query if name == "ref"]
    return DeliveryReport(
        gateway=NAME,
        message_id=message_id,
        event_id=f"{message_id}:{status}",
        status=status,
        sender=as_e164(split_bearer(forms.text_of(found.get("From", "")))[1]),
        recipient=as_e164(split_bearer(forms.text_of(found.get("To", "")))[1]),
        received_at=_done_at(found.get("RawDlrDoneDate", "")),
        error_code=code if code is None or (code.isascii() and code.isalnum()) else "unreadable",
        recipient_opted_out=code in OPTED_OUT,
        recipient_problem=PROBLEMS.get(code or ""),
        client_ref=forms.text_of(refs[0])[:128] if refs else None,
        account=_account(found),
    )


def _id(found: Fields) -> str:
    """The message's id: it makes repeats harmless, so a message without one is refused."""
    value = found.get("MessageSid") or found.get("SmsMessageSid") or found.get("SmsSid") or ""
    if len(value) <= 64 and value.isascii() and value.replace("-", "").isalnum():
        return value
    raise Malformed("The message has no id we can read.")


def _account(found: Fields) -> str | None:
    value = found.get("AccountSid", "")
    return value if value.isascii() and value.isalnum() else None


def _number(found: Fields, name: str) -> str:
    value = forms.text_of(found.get(name, "")).strip()
    if value and len(value) <= 128 and value.isprintable():
        return value
    raise Malformed(f"{name} is missing or unreadable.")


def _media(found: Fields) -> tuple[Media, ...]:
    if found.get("NumMedia", "0") == "0":
        return ()
    files = ((found.get(f"MediaUrl{i}"), found.get(f"MediaContentType{i}")) for i in range(MOST_MEDIA))
    return tuple(Media(forms.text_of(url), kind and forms.text_of(kind)) for url, kind in files if url)


def _done_at(value: str) -> datetime | None:
    """The carrier's time, `YYMMDDhhmm`, or None: a report counts also when its time does not."""
    try:
        return datetime.strptime(value, "%y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        return None


_LISTED = {"sid": "MessageSid", "from": "From", "to": "To", "body": "Body", "account_sid": "AccountSid"}


def listed(item: Any) -> InboundMessage | None:
    """A message of the list as if it came by webhook, with the time the list gives; None if it did not come in."""
    if not isinstance(item, dict) or item.get("direction") != "inbound":
        return None
    try:
        message = inbound({ours: byte_string(item[name]) for name, ours in _LISTED.items() if item.get(name)})
    except Malformed:
        # Without an id or a sender there is nothing to record; the others on the list must not wait for it.
        return None
    with_media = message.bearer == "sms" and item.get("num_media") not in (None, "0")
    bearer: Bearer = "mms" if with_media else message.bearer
    return replace(message, received_at=_sent_at(item), bearer=bearer)


def _sent_at(item: Mapping[str, Any]) -> datetime | None:
    for name in ("date_sent", "date_created"):
        try:
            return parsedate_to_datetime(item[name]).astimezone(UTC)
        except (KeyError, TypeError, ValueError):
            continue
    return None


def created_at(item: Any) -> datetime | None:
    """When an entry of the list came into being, if it says so."""
    try:
        return parsedate_to_datetime(item["date_created"]).astimezone(UTC)
    except (KeyError, TypeError, ValueError):
        return None


def is_sent(item: Any, text: str) -> bool:
    """Whether an entry of the list is a text that we sent by the API and that reads like `text`."""
    if not isinstance(item, dict) or item.get("direction") != "outbound-api" or not isinstance(item.get("sid"), str):
        return False
    body = item.get("body")
    return isinstance(body, str) and _read_alike(body, text)


def _read_alike(listed: str, ours: str) -> bool:
    """Equal in letters and digits: Twilio may replace other characters, and puts a trial notice in front."""
    wanted = _letters(ours)
    return _letters(listed).endswith(wanted) if wanted else listed.strip() == ours.strip()


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def byte_string(value: str | int) -> str:
    """A JSON value as forms are kept here; a lone half of a surrogate pair becomes a question mark."""
    return str(value).encode("utf-8", "replace").decode("latin-1")
