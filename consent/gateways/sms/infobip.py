"""Infobip: JSON batches proved by HTTP Basic (or an HMAC header) in, 200 out, its API to send and to look back.

Source: Infobip's public documentation of inbound messages, delivery reports, the SMS API and inbound logs.
"""

import base64
import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from consent.errors import Malformed
from consent.gateways.sms import calls, json_bodies
from consent.gateways.sms.account import Account
from consent.gateways.sms.base import (
    Answer,
    BasicUnauthenticated,
    DeliveryReport,
    Event,
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
from consent.gateways.sms.proofs import basic_header, is_basic, same
from consent.gateways.sms.samples import Call
from consent.gateways.sms.settings import GatewaySettings, https_url, secret

STORED = Answer(200, "application/json", b"{}")
MOST_LISTED = 1000  # what one call of the inbound log gives at the most


class Settings(GatewaySettings):
    """The webhook's credentials or its HMAC secret; base URL and API key only where we also send."""

    webhook_user = fields.String(validate=validate.Regexp(r"^[^:\s]{1,128}\Z"))
    webhook_password = secret()
    hmac_secret = secret()
    hmac_header = fields.String(validate=validate.Regexp(r"^[A-Za-z0-9-]{1,64}\Z"))
    hmac_encoding = fields.String(validate=validate.OneOf(["hex", "base64"]), load_default="hex")
    base_url = https_url()
    api_key = secret()
    opt_out_errors = fields.List(fields.String(validate=validate.Length(min=1, max=64)), load_default=[])

    @validates_schema
    def check_proof(self, data: Mapping[str, Any], **_: object) -> None:
        """One way to prove a call, complete; and both settings for sending."""
        pairs = (("webhook_user", "webhook_password"), ("hmac_secret", "hmac_header"), ("base_url", "api_key"))
        for one, other in pairs:
            if (one in data) != (other in data):
                raise ValidationError(f"{one} and {other} go together.", other if one in data else one)
        if ("webhook_user" in data) == ("hmac_secret" in data):
            raise ValidationError("Give webhook_user and webhook_password, or hmac_secret.", "webhook_user")


class Infobip(Account):
    """One Infobip account."""

    name = "infobip"
    Settings: ClassVar[type[GatewaySettings]] = Settings
    answers_itself = frozenset({"stop"})  # once set up for the number; which other words is not published

    def __init__(self, settings: Mapping[str, Any], http: HttpSession | None = None) -> None:
        super().__init__(http)
        self._settings = settings
        self._base: str = settings.get("base_url", "").rstrip("/")
        self.can_send = self.lists_inbound = bool(self._base)

    # What comes in

    def receive(self, request: HttpRequest, now: datetime) -> Received:
        """Every message and report of the batch, in its order. Infobip signs no time."""
        self._prove(request)
        body = json_bodies.read_object(request)
        return json_bodies.received(json_bodies.list_of(body.get("results"), "results"), self._event)

    def _prove(self, request: HttpRequest) -> None:
        given = self._settings
        if request.method.upper() != "POST":
            raise Unauthenticated("Infobip calls with POST.")
        if "hmac_secret" in given:
            wanted = _hmac(given, request.body)
            if not same(request.headers.get(given["hmac_header"]), wanted):
                raise Unauthenticated("The Infobip signature does not fit.")
        elif not is_basic(request.headers.get("Authorization"), given["webhook_user"], given["webhook_password"]):
            raise BasicUnauthenticated("The credentials of this webhook do not fit.")

    def _event(self, entry: Mapping[str, Any]) -> Event | None:
        if "status" in entry:
            return self._report(entry)
        return self._inbound(entry) if "from" in entry else None

    def _inbound(self, entry: Mapping[str, Any]) -> InboundMessage:
        message_id = json_bodies.identity(entry, "messageId")
        sender_raw, recipient_raw = json_bodies.number(entry, "from"), json_bodies.word(entry, "to", 128)
        sender, recipient = as_e164(sender_raw), as_e164(recipient_raw)
        text = json_bodies.text(entry, "text")
        # A routing keyword stands before what the person wrote; the text without it is what they mean. A keyword that
        # is the whole message leaves nothing: then the message counts as it is.
        cleaned = json_bodies.text(entry, "cleanText") if json_bodies.text(entry, "keyword") else ""
        media = _media(entry)
        return InboundMessage(
            gateway=self.name,
            message_id=message_id,
            event_id=message_id,
            sender=sender,
            recipient=recipient,
            text=cleaned or text,
            received_at=json_bodies.instant(entry.get("receivedAt")),
            media=media,
            client_ref=json_bodies.text(entry, "callbackData")[:128] or None,
            bearer="mms" if media else "sms",
            echo=sender == recipient,
            sender_raw=sender_raw,
            recipient_raw=recipient_raw,
        )

    def _report(self, entry: Mapping[str, Any]) -> DeliveryReport:
        message_id = json_bodies.identity(entry, "messageId")
        status = json_bodies.object_of(entry.get("status"), "status")
        group = json_bodies.word(status, "groupName").lower()
        if not group:
            raise Malformed("status.groupName is missing.")
        error = json_bodies.object_of(entry.get("error") or {}, "error")
        code = json_bodies.word(error, "name") or None
        return DeliveryReport(
            gateway=self.name,
            message_id=message_id,
            event_id=f"{message_id}:{group}",
            status=group[:32],
            sender=as_e164(json_bodies.word(entry, "from", 128)),
            recipient=as_e164(json_bodies.number(entry, "to")),
            received_at=json_bodies.instant(entry.get("doneAt")),
            error_code=code if code != "NO_ERROR" else None,
            recipient_opted_out=code in self._settings["opt_out_errors"],
            client_ref=json_bodies.text(entry, "callbackData")[:128] or None,
        )

    # What goes back

    def answer(self, reply: str | None, to: InboundMessage | None = None) -> Answer:
        """200; Infobip reads no text from it."""
        return STORED

    @classmethod
    def setup_steps(cls, url: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The two subscriptions with their security, and who answers STOP."""
        return (
            f"Numbers, your number, SMS: forward to HTTP, URL {url}, format MO_JSON_2 (JSON, POST).",
            f"Subscriptions: one for SMS delivery reports, URL {url}, with a security profile of type BASIC that holds"
            " webhook_user and webhook_password; give the inbound forwarding the same profile.",
            "Leave the keyword empty, so that every message is forwarded and not only those that begin with a word.",
            "Nobody answers STOP but us unless Infobip has set it up for the number: leave --stop-reply at self, except"
            " on toll-free numbers.",
        )

    @staticmethod
    def as_sent(call: Call, settings: Mapping[str, Any], now: datetime, private_key: str | None = None) -> Call:
        """With the webhook's credentials, or signed in the HMAC header."""
        if "hmac_secret" in settings:
            return call._replace(headers={**call.headers, settings["hmac_header"]: _hmac(settings, call.body)})
        login = basic_header(settings["webhook_user"], settings["webhook_password"])
        return call._replace(headers={**call.headers, "Authorization": login})

    def send(self, message: OutboundMessage, http: HttpSession | None = None) -> SendResult:
        """Infobip has accepted the message or refused it for good."""
        one: dict[str, Any] = {
            "sender": message.sender.removeprefix("+"),
            "destinations": [{"to": message.recipient.removeprefix("+")}],
            "content": {"text": message.text},
        }
        if message.client_ref:
            one["webhooks"] = {"callbackData": message.client_ref}
        answer = self._ask("POST", "/sms/3/messages", http, json={"messages": [one]})
        if answer.status_code == 400:
            return SendResult("refused", code="http-400")
        if answer.status_code != 200:
            raise calls.failure(answer)
        found = calls.json_of(answer).get("messages")
        first = found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}
        status = first.get("status")
        if not isinstance(first.get("messageId"), str) or not isinstance(status, dict):
            raise SendFailed("answer", retryable=False, maybe_sent=True)
        name = str(status.get("name"))[:64]
        if status.get("groupName") == "REJECTED":
            return SendResult("refused", code=name, recipient_opted_out=name in self._settings["opt_out_errors"])
        return SendResult("accepted", first["messageId"], str(status.get("groupName")).lower()[:32])

    def list_inbound(self, since: datetime, http: HttpSession | None = None) -> Iterator[InboundMessage]:
        """What Infobip received since then, as far as its log reaches (48 hours)."""
        params = {"receivedSince": f"{since:%Y-%m-%dT%H:%M:%S}.000+0000", "limit": str(MOST_LISTED)}
        answer = self._ask("GET", "/sms/1/inbox/logs", http, params=params)
        if answer.status_code != 200:
            raise calls.failure(answer)
        entries = calls.json_of(answer).get("results")
        if not isinstance(entries, list):
            raise SendFailed("answer", retryable=True)
        for entry in entries:
            try:
                yield self._inbound(json_bodies.object_of(entry, "An entry"))
            except Malformed:
                continue  # the others on the list must not wait for it
        if len(entries) >= MOST_LISTED:  # the log gives no next page: half a list must not look like a whole one
            raise SendFailed("list-too-long", retryable=True)

    def _ask(self, method: str, path: str, http: HttpSession | None, **options: Any) -> Any:
        if not self._base:
            raise SendFailed("no-login", retryable=False)
        headers = {"Authorization": f"App {self._settings['api_key']}", "Accept": "application/json"}
        return self._call(method, self._base + path, http, headers=headers, **options)


def _hmac(settings: Mapping[str, Any], body: bytes) -> str:
    digest = hmac.digest(settings["hmac_secret"].encode(), body, "sha256")
    return digest.hex() if settings["hmac_encoding"] == "hex" else base64.b64encode(digest).decode("ascii")


def _media(entry: Mapping[str, Any]) -> tuple[Media, ...]:
    """The files of an MMS, which comes as parts of `message`."""
    parts = entry.get("message")
    found = [one for one in parts if isinstance(one, dict)] if isinstance(parts, list) else []
    return tuple(
        Media(one["url"], json_bodies.word(one, "contentType", 128) or None)
        for one in found[:20]
        if isinstance(one.get("url"), str)
    )
