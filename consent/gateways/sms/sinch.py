"""Sinch: callbacks of the SMS REST API and of the Conversation API in, either API out, the lists of both.

Source: Sinch's public documentation of these APIs and of consent management.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from consent.gateways.sms import json_bodies, proofs, sinch_api, sinch_signature
from consent.gateways.sms import sinch_events as events
from consent.gateways.sms.account import Account
from consent.gateways.sms.base import (
    BasicUnauthenticated,
    HttpRequest,
    HttpResponse,
    HttpSession,
    InboundMessage,
    OptOut,
    OutboundMessage,
    Received,
    SendFailed,
    SendResult,
    Unauthenticated,
)
from consent.gateways.sms.numbers import as_e164
from consent.gateways.sms.samples import Call
from consent.gateways.sms.settings import GatewaySettings, https_url, secret

_ID = validate.Regexp(r"^[0-9A-Za-z_-]{1,64}\Z")


class Settings(GatewaySettings):
    """How callbacks are proved; what each API needs only where we also send."""

    webhook_secret = secret()
    conversation_secret = secret()
    basic_user = fields.String(validate=validate.Regexp(r"^[^:\x00-\x1f]{1,128}\Z"))
    basic_password = secret()
    service_plan_id = fields.String(validate=_ID)
    api_token = secret()
    project_id = fields.String(validate=_ID)
    app_id = fields.String(validate=_ID)
    access_key = secret()
    access_secret = secret()
    send_by = fields.String(load_default="sms", validate=validate.OneOf(("sms", "conversation")))
    processing_mode = fields.String(load_default="conversation", validate=validate.OneOf(("conversation", "dispatch")))
    status_callback = https_url()
    deleted_is_opt_out = fields.Boolean(load_default=False)
    sms_api_url = https_url(load_default="https://us.sms.api.sinch.com")
    conversation_api_url = https_url(load_default="https://us.conversation.api.sinch.com")

    @validates_schema
    def check_secrets(self, data: Mapping[str, Any], **_: object) -> None:
        """There is a way to prove a callback, and what belongs together is together."""
        if not (data.get("webhook_secret") or data.get("conversation_secret") or data.get("basic_user")):
            raise ValidationError(
                "Give the secret of the webhooks, or basic_user and basic_password.", "webhook_secret"
            )
        for names in (
            ("basic_user", "basic_password"),
            ("service_plan_id", "api_token"),
            ("project_id", "app_id", "access_key", "access_secret"),
        ):
            missing = [name for name in names if name not in data]
            if missing and len(missing) < len(names):
                raise ValidationError(f"{', '.join(names)} go together.", missing[0])


class Sinch(Account):
    """One Sinch account: a service plan, a Conversation app, or both."""

    name = events.NAME
    Settings = Settings
    answers_itself = frozenset({"stop"})  # with consent management; which other words is set there

    def __init__(self, settings: Mapping[str, Any], http: HttpSession | None = None) -> None:
        super().__init__(http)
        self._secrets = tuple(settings[one] for one in ("webhook_secret", "conversation_secret") if one in settings)
        self._basic: tuple[str, str] | None = None
        if "basic_user" in settings:
            self._basic = (settings["basic_user"], settings["basic_password"])
        self._plan: str | None = settings.get("service_plan_id")
        self._token: str | None = settings.get("api_token")
        self._app: str | None = settings.get("app_id")
        self._login = (settings.get("access_key"), settings.get("access_secret"))
        self._by_sms = settings["send_by"] == "sms"
        self._source = f"{settings['processing_mode'].upper()}_SOURCE"
        self._callback: str | None = settings.get("status_callback")
        self._deleted_is_opt_out: bool = settings["deleted_is_opt_out"]
        self._batches = f"{settings['sms_api_url'].rstrip('/')}/xms/v1/{self._plan}"
        self._project = f"{settings['conversation_api_url'].rstrip('/')}/v1/projects/{settings.get('project_id')}"
        self.can_send = (self._plan if self._by_sms else self._app) is not None
        self.lists_inbound = self._plan is not None or self._app is not None
        self.lists_opt_outs = self._app is not None

    # What comes in

    def receive(self, request: HttpRequest, now: datetime) -> Received:
        """The events of a callback that Sinch proved, by signature or by Basic sign-in."""
        self._prove(request, now)
        found = json_bodies.read_object(request)
        if "type" in found:
            return Received(events.of_sms(found, self._deleted_is_opt_out))
        return Received(events.of_conversation(found))

    def _prove(self, request: HttpRequest, now: datetime) -> None:
        """Raises Unauthenticated before anything in the body is read."""
        if request.method.upper() != "POST":
            raise Unauthenticated("Sinch calls with POST.")
        signed = request.headers.get(sinch_signature.SIGNATURE) is not None
        if self._basic is not None and not signed:
            if not proofs.is_basic(request.headers.get("Authorization"), *self._basic):
                raise BasicUnauthenticated("The request is not signed in as Sinch.")
            return
        sinch_signature.check(request.headers, request.body, self._secrets, now)

    # What goes out

    def send(self, message: OutboundMessage, http: HttpSession | None = None) -> SendResult:
        """Sinch has queued the message or refused it for good."""
        if self._by_sms:
            headers, body = self._bearer(), sinch_api.batch(message, self._callback)
            answer = self._call("POST", f"{self._batches}/batches", http, json=body, headers=headers)
            return sinch_api.result(answer, "id")
        auth, app = self._access()
        body = sinch_api.conversation_message(message, app, self._callback)
        answer = self._call("POST", f"{self._project}/messages:send", http, json=body, auth=auth)
        return sinch_api.result(answer, "message_id")

    def find_sent(
        self, message: OutboundMessage, since: datetime, http: HttpSession | None = None
    ) -> Iterator[SendResult]:
        """The batches with our reference; the Conversation API cannot be asked for one."""
        if not self._by_sms or not message.client_ref:
            raise SendFailed("not-offered", retryable=False)
        params = {"client_reference": message.client_ref, "start_date": _said(since)}
        for item in self._numbered("batches", params, http):
            ours = isinstance(item, dict) and item.get("client_reference") == message.client_ref
            if ours and isinstance(item.get("id"), str):
                yield SendResult("accepted", item["id"], "queued")

    def list_inbound(self, since: datetime, http: HttpSession | None = None) -> Iterator[InboundMessage]:
        """What either API says came in since then; the SMS REST API keeps 14 days."""
        if self._plan is None and self._app is None:
            raise SendFailed("no-login", retryable=False)
        if self._plan is not None:
            for item in self._numbered("inbounds", {"start_date": _said(since)}, http):
                found = events.listed(item, conversation=False)
                if found is not None:
                    yield found
        if self._app is not None:
            params = {"app_id": self._app, "direction": "TO_APP", "start_time": _said(since)}
            params |= {"messages_source": self._source, "page_size": str(sinch_api.PAGE_SIZE)}
            for item in self._by_token("messages", "messages", params, http):
                found = events.listed(item, conversation=True)
                if found is not None:
                    yield found

    def list_opt_outs(self, since: datetime | None, http: HttpSession | None = None) -> Iterator[OptOut]:
        """Whom the app's consent management blocks, all of them: Sinch does not say since when."""
        path = f"apps/{self._access()[1]}/consents/OPT_OUT_ALL"
        params = {"page_size": str(sinch_api.CONSENTS_PAGE_SIZE)}
        for item in self._by_token(path, "identities", params, http, may_be_missing=True):
            number = item.get("identity") if isinstance(item, dict) else None
            if isinstance(number, str) and as_e164(number).startswith("+"):
                yield OptOut(as_e164(number))

    def _numbered(self, name: str, params: Mapping[str, str], http: HttpSession | None) -> Iterator[Any]:
        """The entries of a list of the SMS REST API."""
        url, headers = f"{self._batches}/{name}", self._bearer()

        def ask(page: dict[str, str]) -> HttpResponse:
            return self._call("GET", url, http, params={**params, **page}, headers=headers)

        return sinch_api.numbered(ask, name)

    def _by_token(
        self, path: str, name: str, params: Mapping[str, str], http: HttpSession | None, *, may_be_missing: bool = False
    ) -> Iterator[Any]:
        """The entries of a list of the Conversation API."""
        url, auth = f"{self._project}/{path}", self._access()[0]

        def ask(page: dict[str, str]) -> HttpResponse:
            return self._call("GET", url, http, params={**params, **page}, auth=auth)

        return sinch_api.by_token(ask, name, may_be_missing=may_be_missing)

    def _bearer(self) -> dict[str, str]:
        if self._token is None:
            raise SendFailed("no-login", retryable=False)
        return {"Authorization": f"Bearer {self._token}"}

    def _access(self) -> tuple[tuple[str, str], str]:
        """The login of the Conversation API and the app."""
        key, password = self._login
        if self._app is None or key is None or password is None:
            raise SendFailed("no-login", retryable=False)
        return (key, password), self._app

    # On Sinch's side

    @classmethod
    def setup_steps(cls, url: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The callbacks of either API, how they are proved, and who answers STOP."""
        return (
            f"For the SMS REST API: in the dashboard, SMS, Service APIs, your service plan, put {url} at Callback URL"
            " and set the secret that webhook_secret holds; where the plan has no secret, ask Sinch to call with the"
            " basic_user and basic_password of this account.",
            f"For the Conversation API: in the dashboard, Conversation API, Apps, your app, add a webhook with target"
            f" {url}, its secret (webhook_secret, or conversation_secret if it is another) and the triggers"
            " MESSAGE_INBOUND, MESSAGE_DELIVERY and OPT_OUT.",
            "Sinch repeats a call that failed with 5xx or 429 for almost a day, but never one that was refused: with a"
            " wrong secret here messages are lost, so send a text after setting this up and see that it arrives.",
            "Add the number with --stop-reply self; with --stop-reply gateway only if consent management is on for the"
            " app, or the number is toll-free.",
        )

    @staticmethod
    def as_sent(call: Call, settings: Mapping[str, Any], now: datetime, private_key: str | None = None) -> Call:
        """Signed with the secret of the API that makes such a call, or with the Basic sign-in."""
        ours = [one for one in ("webhook_secret", "conversation_secret") if one in settings]
        if b'"app_id"' in call.body:
            ours.reverse()
        if not ours:
            basic = proofs.basic_header(settings["basic_user"], settings["basic_password"])
            return call._replace(headers={**call.headers, "Authorization": basic})
        nonce, stamp = "01FJA8B4A7BM43YGWSG9GBV067", str(int(now.timestamp()))
        signature = sinch_signature.sign(call.body, nonce, stamp, settings[ours[0]])
        headers = {
            **call.headers,
            sinch_signature.SIGNATURE: signature,
            sinch_signature.NONCE: nonce,
            sinch_signature.TIMESTAMP: stamp,
            sinch_signature.ALGORITHM: sinch_signature.HMAC_SHA256,
        }
        return call._replace(headers=headers)


def _said(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
