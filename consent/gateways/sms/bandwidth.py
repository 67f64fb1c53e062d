"""Bandwidth: JSON arrays with HTTP Basic in, 204 out, the messages API to send.

Source: Bandwidth's public documentation of messaging webhooks, error codes and the messages API. Nothing is signed:
the credentials, the secret address and TLS are all the proof there is.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal

from marshmallow import ValidationError, fields, validate, validates_schema

from consent.errors import Malformed
from consent.gateways.sms import calls, json_bodies
from consent.gateways.sms.account import Account
from consent.gateways.sms.base import (
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
)
from consent.gateways.sms.numbers import as_e164
from consent.gateways.sms.proofs import basic_header, is_basic
from consent.gateways.sms.samples import Call
from consent.gateways.sms.settings import GatewaySettings, https_url, secret

# Bandwidth, messaging error codes. What they tell about the person's number, in our words.
OPTED_OUT = frozenset({"4775"})
PROBLEMS: dict[str, Literal["invalid", "not_textable", "blocked"]] = {
    "4720": "not_textable",
    "4721": "invalid",
    "4770": "blocked",
    "4772": "blocked",
    "4482": "blocked",
}
REPORTS = frozenset({"message-sending", "message-sent", "message-delivered", "message-failed"})


class Settings(GatewaySettings):
    """The webhook's credentials; the API's only where we also send."""

    webhook_user = fields.String(required=True, validate=validate.Regexp(r"^[^:\s]{1,128}\Z"))
    webhook_password = secret(required=True)
    account_id = fields.String(validate=validate.Regexp(r"^[0-9A-Za-z-]{1,64}\Z"))
    application_id = fields.String(validate=validate.Regexp(r"^[0-9A-Za-z-]{1,64}\Z"))
    api_user = fields.String(validate=validate.Length(min=1, max=128))
    api_password = secret()
    api_url = https_url(load_default="https://messaging.bandwidth.com")

    @validates_schema
    def check_login(self, data: Mapping[str, Any], **_: object) -> None:
        """Sending needs all of its four settings."""
        names = ("account_id", "application_id", "api_user", "api_password")
        missing = [name for name in names if name not in data]
        if 0 < len(missing) < len(names):
            raise ValidationError("To send give account_id, application_id, api_user and api_password.", missing[0])


class Bandwidth(Account):
    """One Bandwidth messaging application."""

    name = "bandwidth"
    Settings: ClassVar[type[GatewaySettings]] = Settings

    def __init__(self, settings: Mapping[str, Any], http: HttpSession | None = None) -> None:
        super().__init__(http)
        self._user, self._password = settings["webhook_user"], settings["webhook_password"]
        self._settings = settings
        self.can_send = "account_id" in settings

    # What comes in

    def receive(self, request: HttpRequest, now: datetime) -> Received:
        """Every message and report of the array, in its order."""
        if request.method.upper() != "POST" or not is_basic(
            request.headers.get("Authorization"), self._user, self._password
        ):
            raise BasicUnauthenticated("The credentials of this webhook do not fit.")
        return json_bodies.received(json_bodies.list_of(json_bodies.read(request.body), "The body"), self._event)

    def _event(self, entry: Mapping[str, Any]) -> Event | None:
        kind = json_bodies.word(entry, "type")
        if kind != "message-received" and kind not in REPORTS:
            return None
        message = json_bodies.object_of(entry.get("message"), "message")
        outbound = message.get("direction") == "out"
        if kind == "message-received":
            return None if outbound else _inbound(entry, message)
        # A receipt looks like a message; only its direction and type tell.
        return _report(entry, message, kind) if outbound else None

    # What goes back

    @classmethod
    def setup_steps(cls, url: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The application's callback with its credentials, and who answers STOP."""
        return (
            f"Applications, your messaging application: put {url} as inbound callback URL and as status callback URL.",
            "Set the callback's user id and password to webhook_user and webhook_password; nothing else proves calls.",
            "Bandwidth answers no STOP on long codes and short codes: leave --stop-reply at self. On toll-free numbers"
            " the network answers: --stop-reply gateway.",
            "A call that does not get 2xx within 10 seconds is repeated for 24 hours.",
        )

    @staticmethod
    def as_sent(call: Call, settings: Mapping[str, Any], now: datetime, private_key: str | None = None) -> Call:
        """With the webhook's credentials."""
        login = basic_header(settings["webhook_user"], settings["webhook_password"])
        return call._replace(headers={**call.headers, "Authorization": login})

    def send(self, message: OutboundMessage, http: HttpSession | None = None) -> SendResult:
        """Bandwidth has accepted the message or refused it for good."""
        if not self.can_send:
            raise SendFailed("no-login", retryable=False)
        given = self._settings
        body: dict[str, Any] = {
            "applicationId": given["application_id"],
            "to": [message.recipient],
            "from": message.sender,
            "text": message.text,
        }
        if message.client_ref:
            body["tag"] = message.client_ref
        if message.media_urls:
            body["media"] = list(message.media_urls)
        url = f"{given['api_url'].rstrip('/')}/api/v2/users/{given['account_id']}/messages"
        answer = self._call("POST", url, http, json=body, auth=(given["api_user"], given["api_password"]))
        found = calls.json_of(answer)
        if answer.status_code in (200, 201, 202):
            if not isinstance(found.get("id"), str):
                raise SendFailed("answer", retryable=False, maybe_sent=True)
            return SendResult("accepted", found["id"], "accepted")
        if answer.status_code == 400:
            code = found.get("type")
            return SendResult("refused", code=code[:64] if isinstance(code, str) and code.isprintable() else "http-400")
        raise calls.failure(answer)


def _inbound(entry: Mapping[str, Any], message: Mapping[str, Any]) -> InboundMessage:
    message_id = json_bodies.identity(message, "id")
    sender_raw = json_bodies.number(message, "from")
    # In a group `to` lists everybody; only `owner` is surely ours.
    recipient_raw = json_bodies.word(message, "owner", 128) or json_bodies.word(entry, "to", 128)
    sender, recipient = as_e164(sender_raw), as_e164(recipient_raw)
    links = json_bodies.list_of(message.get("media") or [], "media")
    media = tuple([Media(one) for one in links if isinstance(one, str)])
    return InboundMessage(
        gateway=Bandwidth.name,
        message_id=message_id,
        event_id=message_id,
        sender=sender,
        recipient=recipient,
        text=json_bodies.text(message, "text"),
        received_at=json_bodies.instant(message.get("time")) or json_bodies.instant(entry.get("time")),
        media=media,
        client_ref=json_bodies.word(message, "tag", 1024)[:128] or None,
        bearer="mms" if media else "sms",
        echo=sender == recipient,
        sender_raw=sender_raw,
        recipient_raw=recipient_raw,
    )


def _report(entry: Mapping[str, Any], message: Mapping[str, Any], kind: str) -> DeliveryReport:
    message_id, status = json_bodies.identity(message, "id"), kind.removeprefix("message-")
    code = json_bodies.word(entry, "errorCode", 16) or None
    receivers = message.get("to")
    first = receivers[0] if isinstance(receivers, list) and receivers else ""
    recipient = json_bodies.word(entry, "to", 128) or (first if isinstance(first, str) else "")
    if not recipient:
        raise Malformed("to is missing.")
    return DeliveryReport(
        gateway=Bandwidth.name,
        message_id=message_id,
        event_id=f"{message_id}:{status}",
        status=status,
        sender=as_e164(json_bodies.word(message, "owner", 128) or json_bodies.word(message, "from", 128)),
        recipient=as_e164(recipient),
        received_at=json_bodies.instant(entry.get("time")),
        error_code=code,
        recipient_opted_out=code in OPTED_OUT,
        recipient_problem=PROBLEMS.get(code or ""),
        client_ref=json_bodies.word(message, "tag", 1024)[:128] or None,
    )
