"""Bird (the newer platform of MessageBird): signed JSON events in, 200 out, the Channels API to send and to look back.

Source: Bird's public documentation of verifying webhook subscriptions and of the Channels API.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from consent.errors import Malformed
from consent.gateways.sms import calls, json_bodies
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
from consent.gateways.sms.proofs import DAY_OF_RETRIES, check_age, same
from consent.gateways.sms.samples import Call
from consent.gateways.sms.settings import GatewaySettings, https_url, secret

SIGNATURE, TIMESTAMP = "messagebird-signature", "messagebird-request-timestamp"
INBOUND, OUTBOUND = "sms.inbound", "sms.outbound"
STORED = Answer(200, "application/json", b"{}")
MOST_PAGES, PER_PAGE = 200, 100
_ID = validate.Regexp(r"^[0-9A-Za-z-]{1,64}\Z")


class Settings(GatewaySettings):
    """The key of the webhook subscription; workspace, channel and access key only where we also send."""

    signing_key = secret(required=True)
    webhook_url = https_url()
    workspace_id = fields.String(validate=_ID)
    channel_id = fields.String(validate=_ID)
    access_key = secret()
    opt_out_codes = fields.List(fields.String(validate=validate.Length(min=1, max=64)), load_default=[])
    api_url = https_url(load_default="https://api.bird.com")

    @validates_schema
    def check_login(self, data: Mapping[str, Any], **_: object) -> None:
        """Sending needs all of its three settings."""
        names = ("workspace_id", "channel_id", "access_key")
        missing = [name for name in names if name not in data]
        if 0 < len(missing) < len(names):
            raise ValidationError("To send give workspace_id, channel_id and access_key.", missing[0])


class Bird(Account):
    """One SMS channel of a Bird workspace."""

    name = "bird"
    Settings: ClassVar[type[GatewaySettings]] = Settings
    answers_itself = frozenset({"stop"})  # once set up for the number; which other words is not published

    def __init__(self, settings: Mapping[str, Any], http: HttpSession | None = None) -> None:
        super().__init__(http)
        self._settings = settings
        self._key: str = settings["signing_key"]
        self._configured: str | None = settings.get("webhook_url")
        self._api: str = settings["api_url"].rstrip("/")
        self.can_send = self.lists_inbound = "workspace_id" in settings

    # What comes in

    def receive(self, request: HttpRequest, now: datetime) -> Received:
        """The message or report of a signed event."""
        self._prove(request, now)
        body = json_bodies.read_object(request)
        event = json_bodies.word(body, "event")
        if event not in (INBOUND, OUTBOUND):
            return Received(())
        payload = json_bodies.object_of(body.get("payload"), "payload")
        if event == OUTBOUND:
            return Received((self._report(payload),))
        return Received((_inbound(payload),))

    def _prove(self, request: HttpRequest, now: datetime) -> None:
        stamp = request.headers.get(TIMESTAMP) or ""
        at = json_bodies.unix(stamp)
        # Bird signs the URL as it was configured there; where a proxy shows another, the settings say which.
        url = self._configured or request.url
        wanted = signature(self._key, stamp, url, request.body)
        if request.method.upper() != "POST" or at is None or not same(request.headers.get(SIGNATURE), wanted):
            raise Unauthenticated("The Bird signature does not fit.")
        check_age(at, now, old=DAY_OF_RETRIES)

    def _report(self, payload: Mapping[str, Any]) -> DeliveryReport:
        message_id, status = json_bodies.identity(payload, "id"), json_bodies.word(payload, "status", 32).lower()
        if not status:
            raise Malformed("status is missing.")
        failure = json_bodies.object_of(payload.get("failure") or {}, "failure")
        code = json_bodies.word(failure, "code") or None
        return DeliveryReport(
            gateway=self.name,
            message_id=message_id,
            event_id=f"{message_id}:{status}",
            status=status,
            sender=as_e164(_party(payload.get("sender"), "connector", "connectors")),
            recipient=as_e164(_number(_party(payload.get("receiver"), "contacts", "contact"), "receiver")),
            received_at=json_bodies.instant(payload.get("lastStatusAt")),
            error_code=code,
            recipient_opted_out=code in self._settings["opt_out_codes"],
            client_ref=json_bodies.word(payload, "reference", 256)[:128] or None,
        )

    # What goes back

    def answer(self, reply: str | None, to: InboundMessage | None = None) -> Answer:
        """200; Bird reads no text from it."""
        return STORED

    @classmethod
    def setup_steps(cls, url: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The webhook subscription with its key, and who answers STOP."""
        return (
            f"Developer, Webhooks (or the API): a subscription for service channels, events {INBOUND} and {OUTBOUND},"
            f" URL {url}, with a signing key of your own: the one given as signing_key.",
            "The URL is signed exactly as it stands there; if signatures are refused, give it as webhook_url.",
            "Switch off Bird's own compliance keywords for the channel, or add the number with --stop-reply gateway:"
            " a STOP must be confirmed once.",
        )

    @staticmethod
    def as_sent(call: Call, settings: Mapping[str, Any], now: datetime, private_key: str | None = None) -> Call:
        """Signed over time, URL and body."""
        stamp = str(int(now.timestamp()))
        value = signature(settings["signing_key"], stamp, settings.get("webhook_url") or call.url, call.body)
        return call._replace(headers={**call.headers, TIMESTAMP: stamp, SIGNATURE: value})

    def send(self, message: OutboundMessage, http: HttpSession | None = None) -> SendResult:
        """Bird has accepted the message or refused it for good. The channel sends from its own number."""
        to = {"identifierKey": "phonenumber", "identifierValue": message.recipient}
        body: dict[str, Any] = {
            "receiver": {"contacts": [to]},
            "body": {"type": "text", "text": {"text": message.text}},
        }
        if message.client_ref:
            body["reference"] = message.client_ref
        answer = self._ask("POST", http, json=body)
        found = calls.json_of(answer)
        if answer.status_code in (200, 202):
            if not isinstance(found.get("id"), str):
                raise SendFailed("answer", retryable=False, maybe_sent=True)
            return SendResult("accepted", found["id"], str(found.get("status"))[:32])
        if answer.status_code in (400, 422):
            code = str(found.get("code") or f"http-{answer.status_code}")[:64]
            return SendResult("refused", code=code, recipient_opted_out=code in self._settings["opt_out_codes"])
        raise calls.failure(answer)

    def list_inbound(self, since: datetime, http: HttpSession | None = None) -> Iterator[InboundMessage]:
        """What the channel received since then, newest first, page by page."""
        params = {"direction": "incoming", "limit": str(PER_PAGE)}
        for _ in range(MOST_PAGES):
            answer = self._ask("GET", http, params=params)
            page = calls.json_of(answer)
            if answer.status_code != 200:
                raise calls.failure(answer)
            items = page.get("results")
            if not isinstance(items, list):
                raise SendFailed("answer", retryable=True)
            for item in items:
                created = json_bodies.instant(item.get("createdAt")) if isinstance(item, dict) else None
                if created is not None and created < since.astimezone(UTC):
                    return
                message = _listed(item)
                if message is not None:
                    yield message
            token = page.get("nextPageToken")
            if not isinstance(token, str) or not token:
                return
            params = {**params, "pageToken": token}

    def _ask(self, method: str, http: HttpSession | None, **options: Any) -> Any:
        given = self._settings
        if not self.can_send:
            raise SendFailed("no-login", retryable=False)
        url = f"{self._api}/workspaces/{given['workspace_id']}/channels/{given['channel_id']}/messages"
        headers = {"Authorization": f"AccessKey {given['access_key']}", "Accept": "application/json"}
        return self._call(method, url, http, headers=headers, **options)


def signature(key: str, stamp: str, url: str, body: bytes) -> str:
    """What Bird signs: the time, the URL as configured, and the digest of the body as bytes, a line each."""
    signed = f"{stamp}\n{url}\n".encode("utf-8", "surrogatepass") + hashlib.sha256(body).digest()
    return base64.b64encode(hmac.digest(key.encode(), signed, "sha256")).decode("ascii")


def _inbound(payload: Mapping[str, Any]) -> InboundMessage:
    message_id = json_bodies.identity(payload, "id")
    sender_raw = _number(_party(payload.get("sender"), "contact", "contacts"), "sender")
    recipient_raw = _party(payload.get("receiver"), "connectors", "connector")
    sender, recipient = as_e164(sender_raw), as_e164(recipient_raw)
    body = json_bodies.object_of(payload.get("body") or {}, "body")
    text, media, is_text = _content(body)
    return InboundMessage(
        gateway=Bird.name,
        message_id=message_id,
        event_id=message_id,
        sender=sender,
        recipient=recipient,
        text=text,
        received_at=json_bodies.instant(payload.get("createdAt")),
        media=media,
        client_ref=json_bodies.word(payload, "reference", 256)[:128] or None,
        bearer="mms" if media else "sms",
        is_text=is_text,
        echo=sender == recipient or payload.get("direction") == "outgoing",
        sender_raw=sender_raw,
        recipient_raw=recipient_raw,
    )


def _content(body: Mapping[str, Any]) -> tuple[str, tuple[Media, ...], bool]:
    """Text and files of a message body by its type; what is neither is no text."""
    kind = json_bodies.word(body, "type")
    inner = json_bodies.object_of(body.get(kind) or {}, kind or "body")
    found = [one for name in ("images", "files") for one in _objects(inner.get(name))]
    media = tuple(
        Media(one["mediaUrl"], json_bodies.word(one, "contentType", 128) or None)
        for one in found[:20]
        if isinstance(one.get("mediaUrl"), str)
    )
    return json_bodies.text(inner, "text"), media, kind in ("text", "image", "file", "")


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _party(value: Any, *names: str) -> str:
    """The address of a sender or receiver: of the one contact or connector, or of the first of several."""
    found = json_bodies.object_of(value or {}, names[0])
    for name in names:
        one = found.get(name)
        first = _objects(one)[0] if _objects(one) else one
        if isinstance(first, dict):
            return json_bodies.word(first, "identifierValue", 128).strip()
    return ""


def _number(value: str, name: str) -> str:
    if not value:
        raise Malformed(f"{name} has no identifierValue.")
    return value


def _listed(item: Any) -> InboundMessage | None:
    """A message of the list as if it came by webhook; None if it did not come in."""
    if not isinstance(item, dict) or item.get("direction") != "incoming":
        return None
    try:
        return _inbound(item)
    except Malformed:
        # Without an id or a sender there is nothing to record; the others on the list must not wait for it.
        return None
