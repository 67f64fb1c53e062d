"""MessageBird (the older API): webhooks with a signed token over URL and body in, 200 out, its REST API to send.

Source: MessageBird's public documentation of signed webhooks and of the SMS API; its published Python library.
"""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from consent.errors import Malformed
from consent.gateways.sms import calls, forms, json_bodies, json_tokens
from consent.gateways.sms.account import Account
from consent.gateways.sms.base import (
    Answer,
    DeliveryReport,
    HttpRequest,
    HttpSession,
    InboundMessage,
    OutboundMessage,
    Received,
    SendFailed,
    SendResult,
    Unauthenticated,
)
from consent.gateways.sms.numbers import as_e164
from consent.gateways.sms.proofs import same
from consent.gateways.sms.samples import FORM, Call
from consent.gateways.sms.settings import GatewaySettings, https_url, secret

TOKEN = "MessageBird-Signature-JWT"  # noqa: S105  the name of a header
ALGORITHMS = ("HS256", "HS384", "HS512")
ISSUER = "MessageBird"
LIFE, LEEWAY = timedelta(seconds=60), timedelta(seconds=1)
STORED = Answer(200, "text/plain", b"")
PER_PAGE, MOST_PAGES = 200, 200


class Settings(GatewaySettings):
    """The key that signs webhooks; the API's only where we also send."""

    signing_key = secret(required=True)
    access_key = secret()
    report_url = https_url()
    api_url = https_url(load_default="https://rest.messagebird.com")


class MessageBird(Account):
    """One MessageBird account."""

    name = "messagebird"
    Settings: ClassVar[type[GatewaySettings]] = Settings

    def __init__(self, settings: Mapping[str, Any], http: HttpSession | None = None) -> None:
        super().__init__(http)
        self._key: str = settings["signing_key"]
        self._access: str | None = settings.get("access_key")
        self._report_url: str | None = settings.get("report_url")
        self._api: str = settings["api_url"].rstrip("/")
        self.can_send = self.lists_inbound = self._access is not None

    # What comes in

    def receive(self, request: HttpRequest, now: datetime) -> Received:
        """The message or delivery report of a call whose token fits its URL, its body and this minute."""
        self._prove(request, now)
        found = _fields(request)
        if "status" in found and "body" not in found:
            return Received((_report(found),))
        if "originator" not in found:
            return Received(())
        return Received((_inbound(found),))

    def _prove(self, request: HttpRequest, now: datetime) -> None:
        if request.method.upper() not in ("GET", "POST"):
            raise Unauthenticated("MessageBird calls with GET or POST.")
        claims = json_tokens.claims_of(request.headers.get(TOKEN), self._key, ALGORITHMS)
        begins, ends = json_bodies.unix(claims.get("nbf")), json_bodies.unix(claims.get("exp"))
        if claims.get("iss") != ISSUER or begins is None or ends is None or ends - begins > LIFE + LEEWAY:
            raise Unauthenticated("The token is not one of MessageBird's.")
        if not begins - LEEWAY <= now <= ends + LEEWAY:
            raise Unauthenticated("The token is not of this minute.")
        if not same(claims.get("url_hash"), _hash(request.url.encode("utf-8", "surrogatepass"))):
            raise Unauthenticated("The token is for another address.")
        # The hash of the body is there if and only if there is a body.
        given = claims.get("payload_hash")
        fits = same(given, _hash(request.body)) if request.body else given is None
        if not fits:
            raise Unauthenticated("The token is for another body.")

    # What goes back

    def answer(self, reply: str | None, to: InboundMessage | None = None) -> Answer:
        """200; MessageBird reads no text from it."""
        return STORED

    @classmethod
    def setup_steps(cls, url: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The flow or the number's webhook, the key, and who answers STOP."""
        return (
            f"Numbers, your number, or a flow in Flow Builder: forward incoming SMS to the URL {url} by POST.",
            "The signing key stands under Developers, Webhook signing; it is not the access key of the API.",
            f"For reports of delivery, add the account with report_url={url}.",
            "Public pages do not settle the names of the inbound fields: text the number once and look with consent"
            " sms messages whether it arrived.",
            "Nobody answers STOP but us: leave --stop-reply at self, except on toll-free numbers.",
        )

    @staticmethod
    def as_sent(call: Call, settings: Mapping[str, Any], now: datetime, private_key: str | None = None) -> Call:
        """With a token that lives for a minute."""
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "nbf": int(now.timestamp()),
            "exp": int((now + LIFE).timestamp()),
            "jti": secrets.token_hex(16),
            "url_hash": _hash(call.url.encode()),
        }
        if call.body:
            claims["payload_hash"] = _hash(call.body)
        return call._replace(headers={**call.headers, TOKEN: json_tokens.make(claims, settings["signing_key"])})

    def send(self, message: OutboundMessage, http: HttpSession | None = None) -> SendResult:
        """MessageBird has accepted the message or refused it for good."""
        body: dict[str, Any] = {
            "originator": message.sender,
            "recipients": [message.recipient.removeprefix("+")],
            "body": message.text,
            "datacoding": "auto",
        }
        if message.client_ref:
            body["reference"] = message.client_ref[:60]
        if self._report_url:
            body["reportUrl"] = self._report_url
        answer = self._ask("POST", "/messages", http, json=body)
        found = calls.json_of(answer)
        if answer.status_code in (200, 201):
            if not isinstance(found.get("id"), str):
                raise SendFailed("answer", retryable=False, maybe_sent=True)
            return SendResult("accepted", found["id"], "sent")
        if answer.status_code in (400, 422):
            errors = found.get("errors")
            first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
            return SendResult("refused", code=str(first.get("code", f"http-{answer.status_code}"))[:64])
        raise calls.failure(answer)

    def list_inbound(self, since: datetime, http: HttpSession | None = None) -> Iterator[InboundMessage]:
        """What MessageBird received since then, page by page."""
        asked = {"direction": "mo", "from": f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S}+00:00", "limit": str(PER_PAGE)}
        offset = 0
        for _ in range(MOST_PAGES):
            answer = self._ask("GET", "/messages", http, params={**asked, "offset": str(offset)})
            page = calls.json_of(answer)
            if answer.status_code != 200:
                raise calls.failure(answer)
            items, total = page.get("items"), page.get("totalCount")
            if not isinstance(items, list) or not isinstance(total, int):
                raise SendFailed("answer", retryable=True)
            yield from (message for message in map(_listed, items) if message is not None)
            offset += len(items)
            if not items or offset >= total:
                return

    def _ask(self, method: str, path: str, http: HttpSession | None, **options: Any) -> Any:
        if self._access is None:
            raise SendFailed("no-login", retryable=False)
        headers = {"Authorization": f"AccessKey {self._access}", "Accept": "application/json"}
        return self._call(method, self._api + path, http, headers=headers, **options)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _fields(request: HttpRequest) -> dict[str, Any]:
    """What was sent: a form, JSON or, with GET, the query; of a repeated name the first."""
    kind = (request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    if request.method.upper() == "POST" and kind == "application/json":
        return json_bodies.read_object(request)
    if request.method.upper() == "POST" and request.body and kind != FORM:
        raise Malformed("MessageBird sends forms or JSON.")
    get = request.method.upper() == "GET"
    raw = urlsplit(request.url).query.encode("utf-8", "replace") if get else request.body
    pairs = forms.read(raw)
    forms.check(raw, pairs)
    return {name: forms.text_of(value) for name, value in reversed(pairs)}


def _inbound(found: Mapping[str, Any]) -> InboundMessage:
    message_id = json_bodies.identity(found, "id")
    sender_raw, recipient_raw = json_bodies.number(found, "originator"), json_bodies.word(found, "recipient", 128)
    sender, recipient = as_e164(sender_raw), as_e164(recipient_raw)
    return InboundMessage(
        gateway=MessageBird.name,
        message_id=message_id,
        event_id=message_id,
        sender=sender,
        recipient=recipient,
        text=json_bodies.text(found, "body"),
        received_at=json_bodies.instant(found.get("createdDatetime")),
        is_text=found.get("type") != "binary",
        echo=sender == recipient or found.get("direction") == "mt",
        sender_raw=sender_raw,
        recipient_raw=recipient_raw,
    )


def _listed(item: Any) -> InboundMessage | None:
    """A message of the list as if it came by webhook; None if it did not come in."""
    if not isinstance(item, dict) or item.get("direction") != "mo":
        return None
    recipients = item.get("recipients")
    items = recipients.get("items") if isinstance(recipients, dict) else None
    first = items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}
    try:
        return _inbound({**item, "recipient": first.get("recipient", item.get("recipient"))})
    except Malformed:
        # Without an id or a sender there is nothing to record; the others on the list must not wait for it.
        return None


def _report(found: Mapping[str, Any]) -> DeliveryReport:
    message_id, status = json_bodies.identity(found, "id"), json_bodies.word(found, "status", 32).lower()
    if not status:
        raise Malformed("status is missing.")
    return DeliveryReport(
        gateway=MessageBird.name,
        message_id=message_id,
        event_id=f"{message_id}:{status}",
        status=status,
        sender=as_e164(json_bodies.word(found, "originator", 128)),
        recipient=as_e164(json_bodies.number(found, "recipient")),
        received_at=json_bodies.instant(found.get("statusDatetime")),
        error_code=json_bodies.word(found, "statusErrorCode", 16) or None,
        client_ref=json_bodies.word(found, "reference", 128) or None,
    )
