"""Vonage: signed webhooks of the SMS API and of the Messages API in, either API out, the Reports API to look back.

Source: Vonage's public documentation of these APIs.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from marshmallow import fields, validate

from consent import clock
from consent.gateways.sms import calls, forms, json_bodies
from consent.gateways.sms import vonage_api as api
from consent.gateways.sms import vonage_events as events
from consent.gateways.sms.account import Account
from consent.gateways.sms.base import (
    Answer,
    Event,
    HttpRequest,
    HttpSession,
    InboundMessage,
    OutboundMessage,
    Received,
    SendFailed,
    SendResult,
    Unauthenticated,
)
from consent.gateways.sms.samples import FORM, Call
from consent.gateways.sms.settings import GatewaySettings, https_url, secret
from consent.gateways.sms.vonage_signature import METHODS, check_params, check_token, json_pairs, signature, token_for

OK = Answer(200, "text/plain", b"")
WINDOW = timedelta(hours=24)  # the longest span the records are shown for at once


class Settings(GatewaySettings):
    """The account's key and signature secret; `api_secret` only where we also send."""

    api_key = fields.String(required=True, validate=validate.Regexp(r"^[0-9A-Za-z]{1,64}\Z"))
    signature_secret = secret(required=True)
    signature_method = fields.String(load_default="sha256", validate=validate.OneOf(METHODS))
    webhooks = fields.String(load_default="both", validate=validate.OneOf(("both", "sms", "messages")))
    application_id = fields.String(validate=validate.Regexp(r"^[0-9A-Za-z-]{1,64}\Z"))
    api_secret = secret()
    send_by = fields.String(load_default="sms", validate=validate.OneOf(("sms", "messages")))
    status_callback = https_url()
    toll_free_stop_codes = fields.String(load_default="9 1240", validate=validate.Regexp(r"^[0-9 ]{0,100}\Z"))
    api_url = https_url(load_default="https://api.nexmo.com")
    sms_api_url = https_url(load_default="https://rest.nexmo.com")


class Vonage(Account):
    """One Vonage account."""

    name = events.NAME
    Settings = Settings
    answers_itself = frozenset({"stop", "end", "quit", "cancel", "unsubscribe"})  # with Opt-Out Assist

    def __init__(self, settings: Mapping[str, Any], http: HttpSession | None = None) -> None:
        super().__init__(http)
        self._key: str = settings["api_key"]
        self._signing: str = settings["signature_secret"]
        self._method: str = settings["signature_method"]
        self._webhooks: str = settings["webhooks"]
        self._claims = _claims(settings)
        self._secret: str | None = settings.get("api_secret")
        self._send_by: str = settings["send_by"]
        self._callback: str | None = settings.get("status_callback")
        self._stop_codes = frozenset(settings["toll_free_stop_codes"].split())
        self._api: str = settings["api_url"].rstrip("/")
        self._sms_api: str = settings["sms_api_url"].rstrip("/")
        self.can_send = self.lists_inbound = self._secret is not None

    # What comes in

    def receive(self, request: HttpRequest, now: datetime) -> Received:
        """The event of a request that either API signed in the last day."""
        header = request.headers.get("Authorization")
        if header is not None and self._webhooks != "sms":
            return self._receive_messages(request, header, now)
        if self._webhooks == "messages":
            raise Unauthenticated("The request has no Vonage token.")
        pairs = _pairs(request)
        check_params(pairs, self._signing, self._method, now)
        if _kind(request) == FORM:
            forms.check(request.body, [])
        found = {forms.text_of(name.decode("latin-1")): forms.text_of(value.decode("latin-1")) for name, value in pairs}
        if found.get("api-key", self._key) != self._key:
            raise Unauthenticated("The request is for another Vonage account.")
        if "status" in found:
            return Received((events.sms_report(found, self._stop_codes),))
        if "msisdn" in found or "messageId" in found:
            return Received((events.sms_inbound(found),))
        return Received(())

    def _receive_messages(self, request: HttpRequest, header: str, now: datetime) -> Received:
        if request.method.upper() != "POST":
            raise Unauthenticated("The Messages API calls with POST.")
        check_token(header, request.body, self._signing, self._claims, now)
        found = json_bodies.read_object(request)
        event: Event | None = None
        if "status" in found:
            event = events.report(found, self._stop_codes)
        elif "message_type" in found or "text" in found:
            event = events.inbound(found)
        return Received(() if event is None else (event,))

    def answer(self, reply: str | None, to: InboundMessage | None = None) -> Answer:
        """200 and nothing else: stored. Replies go out by the API."""
        return OK

    # What goes out

    def send(self, message: OutboundMessage, http: HttpSession | None = None) -> SendResult:
        """Vonage has queued the message or refused it for good."""
        key, password = self._login()
        if self._send_by == "sms":
            form = {"api_key": key, "api_secret": password, **api.sms_form(message, self._callback)}
            return api.sms_result(self._call("POST", f"{self._sms_api}/sms/json", http, data=form))
        body = api.message_body(message, self._callback)
        return api.message_result(self._call("POST", f"{self._api}/v1/messages", http, json=body, auth=(key, password)))

    def list_inbound(self, since: datetime, http: HttpSession | None = None) -> Iterator[InboundMessage]:
        """What the records of both APIs say came in since then, a day at a time."""
        login, until = self._login(), clock.now()
        products = {"sms": ("SMS",), "messages": ("MESSAGES",)}.get(self._webhooks, ("SMS", "MESSAGES"))
        for product in products:
            start = since
            while start < until:
                params = {"account_id": self._key, "product": product, "direction": "inbound"}
                params |= {"date_start": _said(start), "date_end": _said(start + WINDOW), "include_message": "true"}
                yield from filter(None, map(events.listed, self._records(params, login, http)))
                start += WINDOW

    def _records(self, params: Mapping[str, str], login: tuple[str, str], http: HttpSession | None) -> Iterator[Any]:
        """The records of one span, page by page."""
        first = f"{self._api}/v2/reports/records"
        url = f"{first}?{urlencode(params)}"
        seen: set[str] = set()
        while url not in seen:
            seen.add(url)
            answer = self._call("GET", url, http, auth=login)
            if answer.status_code != 200:
                raise calls.failure(answer)
            page = calls.json_of(answer)
            records, links = page.get("records"), page.get("_links")
            following = links.get("next") if isinstance(links, dict) else None
            after = following.get("href") if isinstance(following, dict) else None
            # Half a list must not look like a whole one; and our login goes nowhere but to this API.
            if not isinstance(records, list) or not (after is None or str(after).startswith(f"{first}?")):
                raise SendFailed("answer", retryable=True)
            yield from records
            if after is None:
                return
            url = str(after)

    def _login(self) -> tuple[str, str]:
        if self._secret is None:
            raise SendFailed("no-login", retryable=False)
        return self._key, self._secret

    # On Vonage's side

    @classmethod
    def setup_steps(cls, url: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """Signing, the webhooks of either API, and who answers STOP."""
        method = settings.get("signature_method", "sha256")
        return (
            "Ask Vonage's support to sign the account's SMS webhooks: unsigned calls are refused."
            f' In the dashboard, API settings, choose the signature method that signature_method names ("{method}").',
            f'For the SMS API: in the dashboard, API settings, choose "SMS API" and put {url} at inbound SMS and at'
            " delivery receipts, webhook format POST or POST-JSON.",
            f'For the Messages API: choose "Messages API" there and put {url} at the application\'s inbound and status'
            " URLs (POST). It joins long texts; the SMS API delivers them in parts.",
            "Vonage repeats a failed call for 24 hours.",
            "Add the number with --stop-reply self; with --stop-reply gateway only if it is toll-free or has Opt-Out"
            " Assist.",
        )

    @staticmethod
    def as_sent(call: Call, settings: Mapping[str, Any], now: datetime, private_key: str | None = None) -> Call:
        """Signed as the API does that makes such a call: parameters with `sig`, or a token for the body."""
        key, method = settings["signature_secret"], settings.get("signature_method", "sha256")
        is_form = call.headers.get("Content-Type", "").startswith(FORM)
        if call.method == "POST" and not is_form and b'"message_uuid"' in call.body:
            token = token_for(call.body, key, _claims(settings), now)
            return call._replace(headers={**call.headers, "Authorization": f"Bearer {token}"})
        if call.method == "POST" and not is_form:
            pairs = json_pairs(call.body)
            last = f', "sig": "{signature(pairs, key, method)}"}}'
            return call._replace(body=call.body.rstrip().removesuffix(b"}") + last.encode())
        raw = call.body if is_form else call.url.partition("?")[2].encode()
        sig = "sig=" + signature(_bytes(forms.read(raw)), key, method)
        if is_form:
            return call._replace(body=call.body + b"&" + sig.encode())
        return call._replace(url=f"{call.url}{'&' if '?' in call.url else '?'}{sig}")


def _claims(settings: Mapping[str, Any]) -> dict[str, str]:
    """What a token must say of the account."""
    return {name: settings[name] for name in ("api_key", "application_id") if name in settings}


def _pairs(request: HttpRequest) -> list[tuple[bytes, bytes]]:
    """The parameters of a call of the SMS API: of the query, of a form, or of a JSON object."""
    method = request.method.upper()
    kind = _kind(request)
    if method == "GET":
        return _bytes(forms.read(request.url.partition("?")[2].encode("utf-8", "replace")))
    if method == "POST" and kind == "application/json":
        return json_pairs(request.body)
    if method == "POST" and kind == FORM:
        return _bytes(forms.read(request.body))
    raise Unauthenticated("The SMS API calls with GET or POST, with parameters.")


def _kind(request: HttpRequest) -> str:
    return (request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()


def _bytes(pairs: forms.Pairs) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]


def _said(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
