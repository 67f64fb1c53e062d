"""Twilio: signed form, GET and JSON webhooks in, TwiML out, the Messages API to send and to look back.

Source: Twilio's public documentation of messaging webhooks, TwiML and the Messages resource.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote
from xml.sax.saxutils import escape

from marshmallow import ValidationError, fields, validate, validates_schema

from consent.errors import Malformed, SetupProblem
from consent.gateways.sms import calls, forms
from consent.gateways.sms import twilio_events as events
from consent.gateways.sms.account import Account
from consent.gateways.sms.base import (
    Answer,
    HttpRequest,
    HttpSession,
    InboundMessage,
    OutboundMessage,
    Received,
    SendFailed,
    SendResult,
    Unauthenticated,
)
from consent.gateways.sms.samples import Call
from consent.gateways.sms.settings import GatewaySettings, https_url, secret
from consent.gateways.sms.twilio_signature import (
    SIGNATURE,
    SIGNATURE_SETTINGS,
    Keys,
    covers_body,
    is_signed,
    sign_call,
    sorted_params,
)

EMPTY = Answer(200, "text/xml", b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>')
_MESSAGE = '<?xml version="1.0" encoding="UTF-8"?><Response><Message>{}</Message></Response>'


class Settings(GatewaySettings):
    """The account's secrets; `account_sid` only where we also send."""

    account_sid = fields.String(validate=validate.Regexp(r"^AC[0-9A-Za-z]{1,62}\Z"))
    auth_token = secret()
    auth_tokens = fields.List(secret(), validate=validate.Length(max=5))
    shared_keys = fields.Dict(keys=fields.String(validate=validate.Length(min=1, max=128)), values=secret())
    api_key = fields.String(validate=validate.Regexp(r"^SK[0-9A-Za-z]{1,62}\Z"))
    api_key_secret = secret()
    messaging_service_sid = fields.String(validate=validate.Regexp(r"^MG[0-9A-Za-z]{1,62}\Z"))
    status_callback = https_url()
    api_url = https_url(load_default="https://api.twilio.com")

    @validates_schema
    def check_secrets(self, data: Mapping[str, Any], **_: object) -> None:
        """There is a way to prove a webhook, and API keys come in pairs."""
        if not (data.get("auth_token") or data.get("auth_tokens") or data.get("shared_keys")):
            raise ValidationError("Give the account's auth token, or shared_keys.", "auth_token")
        if ("api_key" in data) != ("api_key_secret" in data):
            raise ValidationError("api_key and api_key_secret go together.", "api_key_secret")


class Twilio(Account):
    """One Twilio account."""

    name = events.NAME
    Settings: ClassVar[type[GatewaySettings]] = Settings
    replies_inline = True
    answers_itself = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
    # The header that holds the signature, and where the API lies; other providers speak the same language elsewhere.
    signatures: ClassVar[tuple[str, ...]] = (SIGNATURE,)
    api_path: ClassVar[str] = "/2010-04-01"

    def __init__(self, settings: Mapping[str, Any], http: HttpSession | None = None) -> None:
        super().__init__(http)
        one = [settings["auth_token"]] if "auth_token" in settings else []
        tokens = list(dict.fromkeys([*one, *settings.get("auth_tokens", [])]))
        self._keys = Keys(tokens, settings.get("shared_keys", {}))
        self._account: str | None = settings.get("account_sid")
        self._login: tuple[str, str] | None = None
        if self._account and "api_key" in settings:
            self._login = (settings["api_key"], settings["api_key_secret"])
        elif self._account and tokens:
            self._login = (self._account, tokens[0])
        self._service: str | None = settings.get("messaging_service_sid")
        self._callback: str | None = settings.get("status_callback")
        self._api: str = settings["api_url"].rstrip("/")
        # With the account and a login for its API.
        self.can_send = self.lists_inbound = self._login is not None

    # What comes in

    def receive(self, request: HttpRequest, now: datetime) -> Received:
        """The message or delivery report of a request that Twilio signed; Twilio signs no time."""
        found = self._proved(request)
        status = found.get("MessageStatus") or found.get("SmsStatus", "")
        if "MessageStatus" not in found and status.lower() in events.RECEIVED:
            if "From" not in found and "Body" not in found:
                return Received(())
            message = events.inbound(found)
            inline = not message.echo and message.provider_opt_out_type is None
            return Received((message,), "inline" if inline else "none")
        return Received((events.report(found, status.lower(), request.url),))

    def _proved(self, request: HttpRequest) -> events.Fields:
        """The fields, of a repeated name the first. Raises Unauthenticated before anything else is read."""
        method = request.method.upper()
        header = request.headers.get
        query = request.url.partition("?")[2].encode("utf-8", "replace")
        kind = (header("Content-Type") or "").partition(";")[0].strip().lower()
        params = ""
        if method == "GET" or (method == "POST" and not request.body):
            raw = query if method == "GET" else b""
        elif method != "POST":
            raise Unauthenticated("Twilio calls with GET or POST.")
        elif kind == "application/x-www-form-urlencoded":
            raw = request.body
        else:
            return self._proved_json(request, query, kind)
        pairs = forms.read(raw)
        if method == "POST":
            params = sorted_params(pairs)
        if not self._is_signed(request, params):
            raise Unauthenticated("The Twilio signature does not fit.")
        forms.check(raw, pairs)
        return dict(reversed(pairs))

    def _proved_json(self, request: HttpRequest, query: bytes, kind: str) -> events.Fields:
        """Bodies that are no form count only when the signed URL carries their hash."""
        covered = covers_body(forms.read(query), request.body)
        if not (self._is_signed(request, "") and covered):
            raise Unauthenticated("The Twilio signature does not cover this body.")
        if kind != "application/json":
            raise Malformed("Twilio sends forms or JSON.")
        try:
            found = json.loads(request.body)
        except (ValueError, RecursionError):
            raise Malformed("The body is not JSON.") from None
        if not isinstance(found, dict):
            raise Malformed("The body is not a JSON object.")
        scalars = ((name, value) for name, value in found.items() if isinstance(value, str | int))
        return {name: events.byte_string(value) for name, value in scalars}

    def _is_signed(self, request: HttpRequest, params: str) -> bool:
        header = request.headers.get
        given = next(filter(None, map(header, self.signatures)), None)
        return is_signed(request.url, params, given, header(SIGNATURE_SETTINGS), self._keys)

    # What goes back

    def answer(self, reply: str | None, to: InboundMessage | None = None) -> Answer:
        """TwiML; never plain text, which Twilio would send to the handset."""
        if not reply:
            return EMPTY
        text = "".join(c for c in reply if c.isprintable() or c in "\n\t")
        return Answer(200, "text/xml", _MESSAGE.format(escape(text)).encode("utf-8", "replace"))

    def send(self, message: OutboundMessage, http: HttpSession | None = None) -> SendResult:
        """Twilio has queued the message or refused it for good."""
        form: dict[str, Any] = {"To": message.recipient, "From": message.sender, "Body": message.text}
        if self._service:
            form["MessagingServiceSid"] = self._service
        if message.media_urls:
            form["MediaUrl"] = list(message.media_urls)
        if self._callback:
            form["StatusCallback"] = _with_ref(self._callback, message.client_ref)
        answer = self._call("POST", self._messages_url(), http, data=form, auth=self._login)
        found = calls.json_of(answer)
        code = str(found["code"]) if isinstance(found.get("code"), int) else None
        if answer.status_code in (200, 201):
            if not isinstance(found.get("sid"), str):
                raise SendFailed("answer", retryable=False, maybe_sent=True)
            return SendResult("accepted", found["sid"], str(found.get("status")))
        if answer.status_code == 400 and code is not None:
            opted_out, problem = code in events.OPTED_OUT, events.PROBLEMS.get(code)
            return SendResult("refused", code=code, recipient_opted_out=opted_out, recipient_problem=problem)
        raise calls.failure(answer, code)

    def find_sent(
        self, message: OutboundMessage, since: datetime, http: HttpSession | None = None
    ) -> Iterator[SendResult]:
        """Texts of ours to this person that read the same; Twilio keeps no reference of ours to look for."""
        # Without a date: a text still queued has none yet that Twilio could compare. Newest come first.
        params = {"To": message.recipient, "PageSize": "50"}
        if not self._service:  # a Messaging Service may have sent from another of its numbers
            params["From"] = message.sender
        for item in self._listed(params, http):
            created = events.created_at(item)
            if created is not None and created < since:
                return
            if events.is_sent(item, message.text):
                yield SendResult("accepted", item["sid"], str(item.get("status")))

    def list_inbound(self, since: datetime, http: HttpSession | None = None) -> Iterator[InboundMessage]:
        """What Twilio received for this account since then, page by page."""
        params = {"DateSent>": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "PageSize": "200"}
        yield from filter(None, map(events.listed, self._listed(params, http)))

    def _listed(self, params: Mapping[str, str], http: HttpSession | None) -> Iterator[Any]:
        """The entries of the message list, page by page."""
        url = self._messages_url()
        seen: set[str] = set()
        while url not in seen:
            seen.add(url)
            answer = self._call("GET", url, http, params=params, auth=self._login)
            if answer.status_code != 200:
                raise calls.failure(answer, None)
            page = calls.json_of(answer)
            messages, next_page = page.get("messages"), page.get("next_page_uri")
            # Half a list must not look like a whole one; and our login goes nowhere but to this API.
            if not isinstance(messages, list) or not (next_page is None or str(next_page).startswith(self.api_path)):
                raise SendFailed("answer", retryable=True)
            yield from messages
            if next_page is None:
                return
            url, params = self._api + next_page, {}

    def _messages_url(self) -> str:
        if self._login is None:
            raise SendFailed("no-login", retryable=False)
        return f"{self._api}{self.api_path}/Accounts/{self._account}/Messages.json"

    # On Twilio's side

    @classmethod
    def setup_steps(cls, url: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The two fields of the console, and who answers STOP."""
        return (
            f'At "A message comes in" of the number or Messaging Service put {url}#rc=3&rp=all and choose HTTP POST.'
            " The part after # makes Twilio repeat a call that failed; without it a failed call is lost.",
            f"For reports of delivery, add the account with status_callback={url}.",
            "Twilio answers STOP by itself on long codes, toll-free numbers and with Advanced Opt-Out: then add the"
            " number with --stop-reply gateway.",
        )

    @staticmethod
    def as_sent(call: Call, settings: Mapping[str, Any], now: datetime, private_key: str | None = None) -> Call:
        """Signed with the auth token, as a form, a GET or with the body's hash in the URL."""
        token = settings.get("auth_token") or next(iter(settings.get("auth_tokens", ())), None)
        if not token:
            raise SetupProblem("The account has no auth token to sign with.", field="auth_token")
        return sign_call(call, token, SIGNATURE)


def _with_ref(callback: str, client_ref: str | None) -> str:
    if client_ref is None:
        return callback
    return f"{callback}{'&' if '?' in callback else '?'}ref={quote(client_ref, safe='')}"
