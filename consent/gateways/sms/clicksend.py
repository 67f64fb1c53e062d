"""ClickSend: inbound rules that post a form, JSON or a query to a secret address; its REST API to send and look back.

Source: ClickSend's public documentation of inbound rules and the SMS API. Nothing is signed: the secret in the address
is the proof. The names of the inbound fields are not confirmed there, so `field_names` can give others.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from marshmallow import ValidationError, fields, validate, validates_schema

from consent.errors import Malformed
from consent.gateways.sms import calls, forms, json_bodies
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
from consent.gateways.sms.samples import Call
from consent.gateways.sms.settings import GatewaySettings, https_url, secret

PARAMETER = "secret"  # the name of the query parameter
# Our name of a field: what ClickSend may call it, first come first taken.
FIELDS: dict[str, tuple[str, ...]] = {
    "id": ("message_id",),
    "from": ("from",),
    "to": ("to",),
    "text": ("body", "message"),
    "at": ("timestamp",),
    "ref": ("custom_string",),
    "status": ("status",),
    "status_code": ("status_code",),
}
STORED = Answer(200, "application/json", b"{}")
PER_PAGE = 100
MOST_PAGES = 200


class Settings(GatewaySettings):
    """The secret of the address; user and key of the API only where we also send."""

    url_secret = secret(required=True)
    field_names = fields.Dict(
        keys=fields.String(validate=validate.OneOf(sorted(FIELDS))),
        values=fields.String(validate=validate.Length(min=1, max=64)),
    )
    username = fields.String(validate=validate.Length(min=1, max=128))
    api_key = secret()
    api_url = https_url(load_default="https://rest.clicksend.com")

    @validates_schema
    def check_login(self, data: Mapping[str, Any], **_: object) -> None:
        """Sending needs both of its settings."""
        if ("username" in data) != ("api_key" in data):
            raise ValidationError("username and api_key go together.", "api_key")


class ClickSend(Account):
    """One ClickSend account."""

    name = "clicksend"
    Settings: ClassVar[type[GatewaySettings]] = Settings

    def __init__(self, settings: Mapping[str, Any], http: HttpSession | None = None) -> None:
        super().__init__(http)
        self._secret: str = settings["url_secret"]
        self._names = {ours: (settings.get("field_names", {}).get(ours), *known) for ours, known in FIELDS.items()}
        self._login = (settings["username"], settings["api_key"]) if "username" in settings else None
        self._api: str = settings["api_url"].rstrip("/")
        self.can_send = self.lists_inbound = self._login is not None

    # What comes in

    def receive(self, request: HttpRequest, now: datetime) -> Received:
        """The message or delivery report of a call to the secret address."""
        query = parse_qsl(urlsplit(request.url).query if request.url else "", keep_blank_values=True)
        given = [value for name, value in query if name == PARAMETER]
        if request.method.upper() not in ("GET", "POST") or len(given) != 1 or not same(given[0], self._secret):
            raise Unauthenticated("The secret of this address does not fit.")
        found = self._fields(request)
        if self._of(found, "status") or self._of(found, "status_code"):
            return Received((self._report(found),))
        if not self._of(found, "from"):
            return Received(())
        return Received((self._inbound(found),))

    def _fields(self, request: HttpRequest) -> Mapping[str, Any]:
        """What was sent, by ClickSend's names: of a form or query the first of a repeated name."""
        kind = (request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        if request.method.upper() == "POST" and kind == "application/json":
            found = json_bodies.read(request.body)
            return json_bodies.object_of(found[0] if isinstance(found, list) and found else found, "The body")
        get = request.method.upper() == "GET"
        raw = request.url.partition("?")[2].encode("utf-8", "replace") if get else request.body
        pairs = forms.read(raw)
        forms.check(raw, pairs)
        return {name: forms.text_of(value) for name, value in reversed(pairs)}

    def _of(self, found: Mapping[str, Any], ours: str) -> Any:
        return next((found[name] for name in self._names[ours] if name and found.get(name) not in (None, "")), None)

    def _inbound(self, found: Mapping[str, Any]) -> InboundMessage:
        said = {ours: self._of(found, ours) for ours in self._names}
        message_id = json_bodies.identity(said, "id")
        sender_raw, recipient_raw = json_bodies.number(said, "from"), json_bodies.word(said, "to", 128)
        sender, recipient = as_e164(sender_raw), as_e164(recipient_raw)
        return InboundMessage(
            gateway=self.name,
            message_id=message_id,
            event_id=message_id,
            sender=sender,
            recipient=recipient,
            text=json_bodies.text(said, "text"),
            received_at=json_bodies.unix(said["at"]),
            client_ref=json_bodies.word(said, "ref", 1024)[:128] or None,
            echo=sender == recipient,
            sender_raw=sender_raw,
            recipient_raw=recipient_raw,
        )

    def _report(self, found: Mapping[str, Any]) -> DeliveryReport:
        said = {ours: self._of(found, ours) for ours in self._names}
        message_id = json_bodies.identity(said, "id")
        status = (json_bodies.word(said, "status", 32) or json_bodies.word(said, "status_code", 32)).lower()
        return DeliveryReport(
            gateway=self.name,
            message_id=message_id,
            event_id=f"{message_id}:{status}",
            status=status,
            sender=as_e164(json_bodies.word(said, "from", 128)),
            recipient=as_e164(json_bodies.number(said, "to")),
            error_code=json_bodies.word(said, "status_code", 16) or None,
            client_ref=json_bodies.word(said, "ref", 1024)[:128] or None,
        )

    # What goes back

    def answer(self, reply: str | None, to: InboundMessage | None = None) -> Answer:
        """200; ClickSend reads no text from it."""
        return STORED

    @classmethod
    def setup_steps(cls, url: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The inbound rule with the secret in its address, and what to look at first."""
        address = f"{url}?{urlencode({PARAMETER: settings.get('secret', '…')})}"
        return (
            f"SMS, Inbound SMS Settings, your number: a rule with action URL, address {address} and type post.",
            "Nothing is signed: whoever knows this address can speak for your customers. Keep it out of tickets and"
            " mails, and let only ClickSend's addresses reach it if you can.",
            "ClickSend's public pages do not confirm the names of the fields: text the number once and look with"
            " consent sms messages whether it arrived; if not, name the fields with the setting field_names.",
            "Nobody answers STOP but us: leave --stop-reply at self, except on toll-free numbers.",
        )

    @staticmethod
    def as_sent(call: Call, settings: Mapping[str, Any], now: datetime, private_key: str | None = None) -> Call:
        """To the secret address."""
        query = urlencode({PARAMETER: settings["url_secret"]})
        return call._replace(url=f"{call.url}{'&' if '?' in call.url else '?'}{query}")

    def send(self, message: OutboundMessage, http: HttpSession | None = None) -> SendResult:
        """ClickSend has queued the message or refused it for good."""
        one = {"source": "consent", "from": message.sender, "to": message.recipient, "body": message.text}
        if message.client_ref:
            one["custom_string"] = message.client_ref
        answer = self._ask("POST", "/v3/sms/send", http, json={"messages": [one]})
        if answer.status_code != 200:
            raise calls.failure(answer)
        data = calls.json_of(answer).get("data")
        messages = data.get("messages") if isinstance(data, dict) else None
        first = messages[0] if isinstance(messages, list) and messages else None
        if not isinstance(first, dict) or not isinstance(first.get("status"), str):
            raise SendFailed("answer", retryable=False, maybe_sent=True)
        if first["status"] != "SUCCESS":
            problem = "invalid" if first["status"] == "INVALID_RECIPIENT" else None
            return SendResult("refused", code=first["status"][:64], recipient_problem=problem)  # type: ignore[arg-type]
        return SendResult("accepted", str(first.get("message_id")), "queued")

    def list_inbound(self, since: datetime, http: HttpSession | None = None) -> Iterator[InboundMessage]:
        """What ClickSend received since then and nobody marked as read, page by page."""
        for page in range(1, MOST_PAGES + 1):
            answer = self._ask("GET", "/v3/sms/inbound", http, params={"page": page, "limit": PER_PAGE})
            if answer.status_code != 200:
                raise calls.failure(answer)
            data = calls.json_of(answer).get("data")
            entries = data.get("data") if isinstance(data, dict) else None
            if not isinstance(data, dict) or not isinstance(entries, list):
                raise SendFailed("answer", retryable=True)
            for entry in entries:
                try:
                    message = self._inbound(json_bodies.object_of(entry, "An entry"))
                except Malformed:
                    continue  # the others on the list must not wait for it
                if message.received_at is None or message.received_at >= since:
                    yield message
            last = data.get("last_page")
            if not isinstance(last, int) or page >= last:
                return

    def _ask(self, method: str, path: str, http: HttpSession | None, **options: Any) -> Any:
        if self._login is None:
            raise SendFailed("no-login", retryable=False)
        return self._call(method, self._api + path, http, auth=self._login, **options)
