"""Azure Communication Services by Event Grid: arrays of events or CloudEvents in, its REST API to send and to block.

Source: Microsoft's public documentation of SMS events, Event Grid webhook delivery and the SMS REST API. Event Grid
signs nothing: a secret in the subscription's address is the proof.
"""

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from marshmallow import ValidationError, fields, validate, validates_schema

from consent import clock
from consent.errors import Malformed
from consent.gateways.sms import calls, json_bodies
from consent.gateways.sms.account import Account
from consent.gateways.sms.base import (
    Answer,
    DeliveryReport,
    Event,
    HttpRequest,
    HttpResponse,
    HttpSession,
    InboundMessage,
    OutboundMessage,
    Received,
    SendFailed,
    SendResult,
    Subscription,
    Unauthenticated,
)
from consent.gateways.sms.numbers import as_e164
from consent.gateways.sms.proofs import same
from consent.gateways.sms.samples import Call
from consent.gateways.sms.settings import GatewaySettings, https_url, secret

PARAMETER = "secret"
VALIDATION = "Microsoft.EventGrid.SubscriptionValidationEvent"
RECEIVED = "Microsoft.Communication.SMSReceived"
REPORTED = "Microsoft.Communication.SMSDeliveryReportReceived"
# Microsoft, SMS events: the details of a failed delivery to somebody who has opted out.
OPTED_OUT = "sender blocked for given recipient"
STORED = Answer(200, "application/json", b"")
SEND, OPT_OUT = "/sms?api-version=2021-03-07", "/sms/optouts:add?api-version=2024-12-10-preview"


class Settings(GatewaySettings):
    """The secret of the address; endpoint and key of the resource only where we also send."""

    url_secret = secret(required=True)
    endpoint = https_url()
    access_key = fields.String(validate=validate.Length(min=1, max=512))
    opt_out_api = fields.Boolean(truthy={True, "true"}, falsy={False, "false"}, load_default=False)

    @validates_schema
    def check_login(self, data: Mapping[str, Any], **_: object) -> None:
        """Sending needs both of its settings, and the key is base64."""
        if ("endpoint" in data) != ("access_key" in data):
            raise ValidationError("endpoint and access_key go together.", "access_key")
        try:
            base64.b64decode(data.get("access_key", ""), validate=True)
        except ValueError:
            raise ValidationError("The access key is base64, as the portal shows it.", "access_key") from None


class Azure(Account):
    """One Azure Communication Services resource."""

    name = "azure"
    Settings: ClassVar[type[GatewaySettings]] = Settings
    answers_itself = frozenset({"stop"})

    def __init__(self, settings: Mapping[str, Any], http: HttpSession | None = None) -> None:
        super().__init__(http)
        self._secret: str = settings["url_secret"]
        self._endpoint: str = settings.get("endpoint", "").rstrip("/")
        self._key = base64.b64decode(settings.get("access_key", ""))
        self.can_send = bool(self._endpoint)
        self.blocks = self.can_send and settings["opt_out_api"]

    # What comes in

    def receive(self, request: HttpRequest, now: datetime) -> Received:
        """The events of a call to the secret address, or the handshake it asks for."""
        query = parse_qsl(urlsplit(request.url).query if request.url else "", keep_blank_values=True)
        given = [value for name, value in query if name == PARAMETER]
        method = request.method.upper()
        if method not in ("POST", "OPTIONS") or len(given) != 1 or not same(given[0], self._secret):
            raise Unauthenticated("The secret of this address does not fit.")
        if method == "OPTIONS":
            return _cloud_handshake(request)
        body = json_bodies.read(request.body)
        entries = json_bodies.list_of([body] if isinstance(body, dict) else body, "The body")
        for entry in entries:
            if isinstance(entry, dict) and VALIDATION in (entry.get("eventType"), entry.get("type")):
                return self._handshake(entry)
        return json_bodies.received(entries, self._event)

    def _handshake(self, entry: Mapping[str, Any]) -> Received:
        """Event Grid asks whether this address is ours: its code goes back in the answer."""
        code = json_bodies.word(json_bodies.object_of(entry.get("data"), "data"), "validationCode", 256)
        if not code:
            raise Malformed("validationCode is missing.")
        event = Subscription(self.name, json_bodies.identity(entry, "id"), "validate", validation_code=code)
        said = json.dumps({"validationResponse": code}).encode()
        return Received((event,), answer=Answer(200, "application/json", said))

    def _event(self, entry: Mapping[str, Any]) -> Event | None:
        kind = json_bodies.word(entry, "eventType", 128) or json_bodies.word(entry, "type", 128)
        if kind not in (RECEIVED, REPORTED):
            return None
        event_id, data = json_bodies.identity(entry, "id"), json_bodies.object_of(entry.get("data"), "data")
        return self._inbound(data, event_id) if kind == RECEIVED else self._report(data)

    def _inbound(self, data: Mapping[str, Any], event_id: str) -> InboundMessage:
        sender_raw, recipient_raw = json_bodies.number(data, "from"), json_bodies.word(data, "to", 128)
        sender, recipient = as_e164(sender_raw), as_e164(recipient_raw)
        return InboundMessage(
            gateway=self.name,
            message_id=json_bodies.identity(data, "messageId"),
            event_id=event_id,
            sender=sender,
            recipient=recipient,
            text=json_bodies.text(data, "message"),
            received_at=json_bodies.instant(data.get("receivedTimestamp")),
            echo=sender == recipient,
            sender_raw=sender_raw,
            recipient_raw=recipient_raw,
        )

    def _report(self, data: Mapping[str, Any]) -> DeliveryReport:
        message_id = json_bodies.identity(data, "messageId")
        status = json_bodies.word(data, "deliveryStatus", 32).lower() or "unknown"
        details = json_bodies.text(data, "deliveryStatusDetails")
        opted_out = status == "failed" and OPTED_OUT in details.lower()
        return DeliveryReport(
            gateway=self.name,
            message_id=message_id,
            event_id=f"{message_id}:{status}",
            status=status,
            sender=as_e164(json_bodies.word(data, "from", 128)),
            recipient=as_e164(json_bodies.number(data, "to")),
            received_at=json_bodies.instant(data.get("receivedTimestamp")),
            error_code="opted-out" if opted_out else None,
            recipient_opted_out=opted_out,
            client_ref=(json_bodies.word(data, "tag", 1024) or json_bodies.word(data, "Tag", 1024))[:128] or None,
        )

    # What goes back

    def answer(self, reply: str | None, to: InboundMessage | None = None) -> Answer:
        """200; Event Grid reads nothing from it."""
        return STORED

    @classmethod
    def setup_steps(cls, url: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The event subscription with the secret in its address, and who answers STOP."""
        address = f"{url}?{urlencode({PARAMETER: settings.get('url_secret', '…')})}"
        return (
            "Communication Services, Events: an event subscription for SMS Received and SMS Delivery Report Received,"
            f" endpoint type web hook, endpoint {address}. It is validated by itself.",
            "Nothing is signed: whoever knows this address can speak for your customers. Mark it as secret.",
            "Event Grid tries for up to 24 hours: leave time to live at 1440 minutes and 30 attempts.",
            "STOP is answered by the carrier on toll-free numbers and by Azure on short codes: --stop-reply gateway.",
        )

    @staticmethod
    def as_sent(call: Call, settings: Mapping[str, Any], now: datetime, private_key: str | None = None) -> Call:
        """To the secret address."""
        query = urlencode({PARAMETER: settings["url_secret"]})
        return call._replace(url=f"{call.url}{'&' if '?' in call.url else '?'}{query}")

    def send(self, message: OutboundMessage, http: HttpSession | None = None) -> SendResult:
        """Azure has accepted the message or refused it for good. Our reference also keeps a repeat from doubling it."""
        to: dict[str, Any] = {"to": message.recipient}
        if message.client_ref and _is_uuid(message.client_ref):
            first = format_datetime(clock.now().astimezone(UTC), usegmt=True)
            to |= {"repeatabilityRequestId": message.client_ref, "repeatabilityFirstSent": first}
        options: dict[str, Any] = {"enableDeliveryReport": True}
        if message.client_ref:
            options["tag"] = message.client_ref
        body = {"from": message.sender, "smsRecipients": [to], "message": message.text, "smsSendOptions": options}
        answer = self._ask(SEND, body, http, changes=True)
        if answer.status_code == 400:
            return SendResult("refused", code="http-400")
        if answer.status_code not in (200, 202):
            raise calls.failure(answer)
        one = _first(calls.json_of(answer))
        if one is None or not isinstance(one.get("successful"), bool):
            raise SendFailed("answer", retryable=False, maybe_sent=True)
        if one["successful"]:
            return SendResult("accepted", str(one.get("messageId")), "queued")
        opted_out = OPTED_OUT in str(one.get("errorMessage")).lower()
        return SendResult("refused", code=f"http-{one.get('httpStatusCode')}"[:64], recipient_opted_out=opted_out)

    def block(self, number: str, sender: str, http: HttpSession | None = None) -> None:
        """The number is opted out from this sender."""
        answer = self._ask(OPT_OUT, {"from": sender, "recipients": [{"to": number}]}, http, changes=False)
        one = _first(calls.json_of(answer)) if answer.status_code == 200 else None
        if one is None or one.get("httpStatusCode") not in (200, 201):
            raise calls.failure(answer) if answer.status_code != 200 else SendFailed("answer", retryable=True)

    def _ask(self, path: str, body: Any, http: HttpSession | None, *, changes: bool) -> HttpResponse:
        if not self._endpoint:
            raise SendFailed("no-login", retryable=False)
        raw = json.dumps(body).encode()
        headers = signed_headers("POST", self._endpoint + path, raw, self._key, clock.now())
        return self._call("POST", self._endpoint + path, http, changes=changes, data=raw, headers=headers)


def signed_headers(method: str, url: str, body: bytes, key: bytes, now: datetime) -> dict[str, str]:
    """The headers that prove a call to the resource (Microsoft Learn, "Sign an HTTP request with HMAC")."""
    parts = urlsplit(url)
    date = format_datetime(now.astimezone(UTC), usegmt=True)
    content = base64.b64encode(hashlib.sha256(body).digest()).decode()
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    to_sign = f"{method}\n{target}\n{date};{parts.netloc};{content}"
    signature = base64.b64encode(hmac.digest(key, to_sign.encode(), "sha256")).decode()
    return {
        "Content-Type": "application/json",
        "x-ms-date": date,
        "x-ms-content-sha256": content,
        "Authorization": f"HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}",
    }


def _cloud_handshake(request: HttpRequest) -> Received:
    """CloudEvents ask first whether they may come (CloudEvents, HTTP 1.1 Web Hooks, section 4)."""
    origin = request.headers.get("WebHook-Request-Origin") or ""
    if not origin or len(origin) > 256 or not origin.isascii() or not origin.isprintable():
        raise Malformed("WebHook-Request-Origin is missing.")
    allowed = (("WebHook-Allowed-Origin", origin), ("WebHook-Allowed-Rate", "*"))
    return Received((), answer=Answer(200, "text/plain", b"", allowed))


def _first(found: Mapping[str, Any]) -> Mapping[str, Any] | None:
    value = found.get("value")
    return value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else None


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
