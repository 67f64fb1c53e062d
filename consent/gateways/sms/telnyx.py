"""Telnyx: JSON webhooks signed with Ed25519 in, the messages API out, and its list of opt-outs.

Source: Telnyx's public documentation of messaging webhooks, messages and opt-outs; telnyx-python's webhook check.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from marshmallow import ValidationError, fields, validate, validates

from consent.errors import SetupProblem
from consent.gateways.sms import calls, json_bodies, proofs
from consent.gateways.sms import telnyx_events as events
from consent.gateways.sms.account import Account
from consent.gateways.sms.base import (
    HttpRequest,
    HttpSession,
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

SIGNATURE, TIMESTAMP = "Telnyx-Signature-Ed25519", "Telnyx-Timestamp"
WINDOW = timedelta(seconds=300)  # as the SDK's default tolerance
REPORTS = frozenset({"message.sent", "message.finalized", "message.read"})
PAGE_SIZE, MOST_PAGES = 250, 1000


def _key(value: str) -> Ed25519PublicKey:
    """The public key. Raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(value.encode(), validate=True))


class Settings(GatewaySettings):
    """The account's public key; `api_key` only where we also send."""

    public_key = secret(required=True)
    api_key = secret()
    messaging_profile_id = fields.String(validate=validate.Regexp(r"^[0-9A-Za-z-]{1,64}\Z"))
    status_callback = https_url()
    api_url = https_url(load_default="https://api.telnyx.com")

    @validates("public_key")
    def check_key(self, value: str, **_: object) -> None:
        """It is the base64 of an Ed25519 public key."""
        try:
            _key(value)
        except ValueError:
            raise ValidationError("This is not the base64 of an Ed25519 public key.") from None


class Telnyx(Account):
    """One Telnyx account."""

    name = events.NAME
    Settings = Settings
    answers_itself = frozenset({"stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit"})

    def __init__(self, settings: Mapping[str, Any], http: HttpSession | None = None) -> None:
        super().__init__(http)
        self._key = _key(settings["public_key"])
        self._login: str | None = settings.get("api_key")
        self._profile: str | None = settings.get("messaging_profile_id")
        self._callback: str | None = settings.get("status_callback")
        self._api: str = settings["api_url"].rstrip("/")
        self.can_send = self.lists_opt_outs = self._login is not None

    # What comes in

    def receive(self, request: HttpRequest, now: datetime) -> Received:
        """The message or delivery reports of a request that Telnyx signed within five minutes of now."""
        self._prove(request, now)
        data = json_bodies.object_of(json_bodies.read_object(request).get("data"), "data")
        kind = data.get("event_type")
        if kind == "message.received":
            return Received((events.inbound(data),))
        if isinstance(kind, str) and kind in REPORTS:
            return Received(events.reports(data))
        return Received(())

    def _prove(self, request: HttpRequest, now: datetime) -> None:
        """Raises Unauthenticated before anything in the body is read."""
        stamp, signature = request.headers.get(TIMESTAMP), request.headers.get(SIGNATURE)
        at = json_bodies.unix(stamp)
        if request.method.upper() != "POST" or not isinstance(stamp, str) or at is None:
            raise Unauthenticated("The request has no Telnyx timestamp.")
        if not isinstance(signature, str) or len(signature) > proofs.LONGEST_HEADER:
            raise Unauthenticated("The request has no Telnyx signature.")
        try:
            made = base64.b64decode(signature.encode("ascii"), validate=True)
            self._key.verify(made, stamp.encode("ascii") + b"|" + request.body)
        except (UnicodeError, binascii.Error, InvalidSignature):
            raise Unauthenticated("The Telnyx signature does not fit.") from None
        proofs.check_age(at, now, old=WINDOW, ahead=WINDOW)

    # What goes out

    def send(self, message: OutboundMessage, http: HttpSession | None = None) -> SendResult:
        """Telnyx has queued the message or refused it for good."""
        body: dict[str, Any] = {"from": message.sender, "to": message.recipient, "text": message.text}
        if self._profile:
            body["messaging_profile_id"] = self._profile
        if message.media_urls:
            body["media_urls"] = list(message.media_urls)
        if self._callback:
            body |= {"webhook_url": self._callback, "use_profile_webhooks": False}
        answer = self._call("POST", f"{self._api}/v2/messages", http, json=body, headers=self._headers())
        found = calls.json_of(answer)
        if answer.status_code in (200, 201, 202):
            data = found.get("data")
            if not isinstance(data, dict) or not isinstance(data.get("id"), str):
                raise SendFailed("answer", retryable=False, maybe_sent=True)
            return SendResult("accepted", data["id"], _status(data))
        code = events.first_code(found)
        about_person = code in events.OPTED_OUT or code in events.PROBLEMS
        if code is not None and (answer.status_code in (400, 422) or (answer.status_code == 403 and about_person)):
            opted_out, problem = code in events.OPTED_OUT, events.PROBLEMS.get(code)
            return SendResult("refused", code=code, recipient_opted_out=opted_out, recipient_problem=problem)
        raise calls.failure(answer, code)

    def list_opt_outs(self, since: datetime | None, http: HttpSession | None = None) -> Iterator[OptOut]:
        """Whom Telnyx blocks, page by page; each block holds for all numbers of its messaging profile."""
        headers = self._headers()
        params = {"page[size]": str(PAGE_SIZE), "redaction_enabled": "false"}
        if since is not None:
            params["created_at[gte]"] = f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        for page in range(1, MOST_PAGES + 1):
            asked = {**params, "page[number]": str(page)}
            answer = self._call("GET", f"{self._api}/v2/messaging_optouts", http, params=asked, headers=headers)
            if answer.status_code != 200:
                raise calls.failure(answer)
            found = calls.json_of(answer)
            entries, meta = found.get("data"), found.get("meta")
            pages = meta.get("total_pages") if isinstance(meta, dict) else None
            # Half a list must not look like a whole one.
            if not isinstance(entries, list) or not isinstance(pages, int):
                raise SendFailed("answer", retryable=True)
            yield from filter(None, map(_opt_out, entries))
            if page >= pages:
                return
        raise SendFailed("too-many-pages", retryable=False)

    def _headers(self) -> dict[str, str]:
        if self._login is None:
            raise SendFailed("no-login", retryable=False)
        return {"Authorization": f"Bearer {self._login}", "Accept": "application/json"}

    # On Telnyx's side

    @classmethod
    def setup_steps(cls, url: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The messaging profile, the public key, and who answers STOP."""
        return (
            f'In the portal, Messaging, your messaging profile, Inbound: put {url} at "Send a webhook to this URL" and'
            " choose API version 2; the numbers must belong to this profile.",
            'Put the same address at "Failover URL" too: Telnyx tries each address three times and then gives up.',
            "Take public_key from Keys & Credentials, Public Key; Telnyx signs every call with its other half.",
            f"Reports of delivery go to the profile's address, or to another one with status_callback={url}.",
            "Telnyx answers STOP, START and HELP by itself for the whole profile: add the number with"
            " --stop-reply gateway.",
        )

    @staticmethod
    def as_sent(call: Call, settings: Mapping[str, Any], now: datetime, private_key: str | None = None) -> Call:
        """Signed with the private half of the account's key pair, which only a made-up account has."""
        key = load_pem_private_key(private_key.encode(), None) if private_key else None
        if not isinstance(key, Ed25519PrivateKey):
            raise SetupProblem("Telnyx signs with a key of its own; give a made-up key pair.", field="private_key")
        stamp = str(int(now.timestamp()))
        signature = base64.b64encode(key.sign(stamp.encode() + b"|" + call.body)).decode("ascii")
        return call._replace(headers={**call.headers, TIMESTAMP: stamp, SIGNATURE: signature})


def _status(data: Mapping[str, Any]) -> str | None:
    to = data.get("to")
    first = to[0] if isinstance(to, list) and to else None
    status = first.get("status") if isinstance(first, dict) else None
    return status if isinstance(status, str) else None


def _opt_out(entry: Any) -> OptOut | None:
    """A block of the list: `to` is the person, `from` ours. None for an entry nobody can read.

    Hidden numbers fail the whole list: it must not look like a list without blocks.
    """
    number = entry.get("to") if isinstance(entry, dict) else None
    if not isinstance(number, str) or not number:
        return None
    if not number.removeprefix("+").isdigit():
        raise SendFailed("redacted", retryable=False)
    ours = entry.get("from")
    sender = as_e164(ours) if isinstance(ours, str) else ""
    return OptOut(as_e164(number), json_bodies.instant(entry.get("created_at")), sender)
