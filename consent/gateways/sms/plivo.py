"""Plivo: signed form and GET webhooks in, XML out, the Message API to send.

Source: Plivo's public documentation of message webhooks, status callbacks, signature validation and the Message API.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal
from xml.sax.saxutils import escape, quoteattr

from marshmallow import fields, validate

from consent.errors import Malformed
from consent.gateways.sms import calls, forms
from consent.gateways.sms import plivo_signature as signature
from consent.gateways.sms.account import Account
from consent.gateways.sms.base import (
    Answer,
    DeliveryReport,
    HttpRequest,
    HttpSession,
    InboundMessage,
    Media,
    OutboundMessage,
    Received,
    SendFailed,
    SendResult,
    Unauthenticated,
)
from consent.gateways.sms.numbers import as_e164
from consent.gateways.sms.proofs import hmac_base64
from consent.gateways.sms.samples import Call
from consent.gateways.sms.settings import GatewaySettings, https_url, secret

EMPTY = Answer(200, "application/xml", b'<?xml version="1.0" encoding="UTF-8"?><Response/>')

# Plivo, messaging error codes. What they tell about the person's number, in our words.
OPTED_OUT = frozenset({"200"})
PROBLEMS: dict[str, Literal["invalid", "not_textable", "blocked"]] = {
    "50": "invalid",
    "70": "not_textable",
    "100": "blocked",
}
MOST_MEDIA = 20
Fields = dict[str, str]


class Settings(GatewaySettings):
    """The tokens that sign; `auth_id` only where we also send."""

    auth_token = secret(required=True)
    main_auth_token = secret()
    auth_id = fields.String(validate=validate.Regexp(r"^[0-9A-Za-z]{1,64}\Z"))
    accept_v2 = fields.Boolean(truthy={True, "true"}, falsy={False, "false"}, load_default=False)
    status_callback = https_url()
    api_url = https_url(load_default="https://api.plivo.com")


class Plivo(Account):
    """One Plivo account or subaccount."""

    name = "plivo"
    Settings: ClassVar[type[GatewaySettings]] = Settings
    replies_inline = True
    answers_itself = frozenset({"stop", "end", "quit"})  # what all of its pages name

    def __init__(self, settings: Mapping[str, Any], http: HttpSession | None = None) -> None:
        super().__init__(http)
        self._tokens = [settings[name] for name in ("auth_token", "main_auth_token") if name in settings]
        self._accepts_v2: bool = settings["accept_v2"]
        self._auth_id: str | None = settings.get("auth_id")
        self._callback: str | None = settings.get("status_callback")
        self._api: str = settings["api_url"].rstrip("/")
        self.can_send = self._auth_id is not None

    # What comes in

    def receive(self, request: HttpRequest, now: datetime) -> Received:
        """The message or delivery report of a signed request; Plivo signs no time."""
        found = self._proved(request)
        if "Status" in found:
            return Received((_report(found, request.url),))
        if "Text" not in found and "From" not in found:
            return Received(())
        message = _inbound(found)
        return Received((message,), "none" if message.echo else "inline")

    def _proved(self, request: HttpRequest) -> Fields:
        """The fields, of a repeated name the first. Raises Unauthenticated before anything else is read."""
        method = request.method.upper()
        kind = (request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        if method not in ("GET", "POST"):
            raise Unauthenticated("Plivo calls with GET or POST.")
        if request.headers.get(signature.V3) or request.headers.get(signature.MAIN_V3):
            proved = signature.is_v3(request, self._tokens)
        else:
            proved = self._accepts_v2 and signature.is_v2(request, self._tokens)
        if not proved:
            raise Unauthenticated("The Plivo signature does not fit.")
        raw = request.url.partition("?")[2].encode("utf-8", "replace") if method == "GET" else request.body
        if method == "POST" and raw and kind != "application/x-www-form-urlencoded":
            raise Malformed("Plivo sends forms.")
        pairs = forms.read(raw)
        forms.check(raw, pairs)
        return dict(reversed(pairs))

    # What goes back

    def answer(self, reply: str | None, to: InboundMessage | None = None) -> Answer:
        """Plivo's XML, with a message from the number that was texted to the one that texted."""
        if not reply or to is None:
            return EMPTY
        text = escape("".join(c for c in reply if c.isprintable() or c in "\n\t"))
        ours, theirs = quoteattr(to.recipient.removeprefix("+")), quoteattr(to.sender.removeprefix("+"))
        body = f"<Response><Message src={ours} dst={theirs}>{text}</Message></Response>"
        return Answer(200, "application/xml", body.encode("utf-8", "replace"))

    @classmethod
    def setup_steps(cls, url: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The application's message URL, and who answers STOP."""
        return (
            f"Messaging, Applications: put {url} at Message URL, method POST, and give the application to the number.",
            f"For reports of delivery, add the account with status_callback={url}.",
            "Plivo answers STOP by itself on long codes of the US and Canada and on toll-free numbers: then add the"
            " number with --stop-reply gateway. Short codes do so only on request.",
            "A call that does not get 200 is repeated after 60, 120 and 240 seconds, then no more.",
        )

    @staticmethod
    def as_sent(call: Call, settings: Mapping[str, Any], now: datetime, private_key: str | None = None) -> Call:
        """Signed V3 with a new nonce."""
        nonce = secrets.token_hex(10)
        value = hmac_base64(settings["auth_token"], signature.signed_v3(call.method, call.url, call.body, nonce))
        return call._replace(headers={**call.headers, signature.V3: value, signature.V3_NONCE: nonce})

    def send(self, message: OutboundMessage, http: HttpSession | None = None) -> SendResult:
        """Plivo has queued the message or refused it for good."""
        if self._auth_id is None:
            raise SendFailed("no-login", retryable=False)
        body: dict[str, Any] = {
            "src": message.sender.removeprefix("+"),
            "dst": message.recipient.removeprefix("+"),
            "text": message.text,
        }
        if message.media_urls:
            body |= {"type": "mms", "media_urls": list(message.media_urls)}
        if self._callback:
            ref = f"{'&' if '?' in self._callback else '?'}ref={message.client_ref}" if message.client_ref else ""
            body |= {"url": self._callback + ref, "method": "POST"}
        url = f"{self._api}/v1/Account/{self._auth_id}/Message/"
        answer = self._call("POST", url, http, json=body, auth=(self._auth_id, self._tokens[0]))
        if answer.status_code in (200, 201, 202):
            ids = calls.json_of(answer).get("message_uuid")
            if not isinstance(ids, list) or not ids or not isinstance(ids[0], str):
                raise SendFailed("answer", retryable=False, maybe_sent=True)
            return SendResult("accepted", ids[0], "queued")
        if answer.status_code == 400:
            return SendResult("refused", code="http-400")
        raise calls.failure(answer)


def _inbound(found: Fields) -> InboundMessage:
    message_id = _id(found)
    sender_raw, recipient_raw = _number(found, "From"), forms.text_of(found.get("To", ""))
    media = tuple(Media(forms.text_of(found[f"Media{i}"])) for i in range(MOST_MEDIA) if found.get(f"Media{i}"))
    sender, recipient = as_e164(sender_raw), as_e164(recipient_raw)
    return InboundMessage(
        gateway=Plivo.name,
        message_id=message_id,
        event_id=message_id,
        sender=sender,
        recipient=recipient,
        text=forms.text_of(found.get("Text", "")),
        media=media,
        bearer="mms" if media or found.get("Type", "").lower() == "mms" else "sms",
        echo=sender == recipient,
        sender_raw=sender_raw,
        recipient_raw=recipient_raw,
    )


def _report(found: Fields, url: str) -> DeliveryReport:
    message_id, status = _id(found), found["Status"].lower()
    if not (status.isascii() and status.isalpha() and len(status) <= 32):
        raise Malformed("Status is missing or unreadable.")
    code = found.get("ErrorCode") or None
    refs = [value for name, value in forms.read(url.partition("?")[2].encode("utf-8", "replace")) if name == "ref"]
    return DeliveryReport(
        gateway=Plivo.name,
        message_id=message_id,
        event_id=f"{message_id}:{status}",
        status=status,
        sender=as_e164(forms.text_of(found.get("From", ""))),
        recipient=as_e164(_number(found, "To")),
        error_code=code if code is None or (code.isascii() and code.isalnum()) else "unreadable",
        recipient_opted_out=code in OPTED_OUT,
        recipient_problem=PROBLEMS.get(code or ""),
        client_ref=forms.text_of(refs[0])[:128] if refs else None,
    )


def _id(found: Fields) -> str:
    value = found.get("MessageUUID", "")
    if 0 < len(value) <= 64 and value.isascii() and value.replace("-", "").isalnum():
        return value
    raise Malformed("MessageUUID is missing or unreadable.")


def _number(found: Fields, name: str) -> str:
    value = forms.text_of(found.get(name, "")).strip()
    if value and len(value) <= 128 and value.isprintable():
        return value
    raise Malformed(f"{name} is missing or unreadable.")
