"""SignalWire, by its compatibility API: Twilio's calls and answers under a header, a key and an address of its own.

Source: SignalWire's public documentation of webhook security and compatibility webhooks; its middleware for Node.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from consent.gateways.sms.base import HttpRequest, HttpSession, Received, Unauthenticated
from consent.gateways.sms.proofs import same
from consent.gateways.sms.samples import Call
from consent.gateways.sms.settings import GatewaySettings, https_url, secret
from consent.gateways.sms.twilio import Twilio
from consent.gateways.sms.twilio_signature import SIGNATURE as TWILIO_SIGNATURE
from consent.gateways.sms.twilio_signature import sign_call

SIGNATURE = "X-SignalWire-Signature"


class Settings(GatewaySettings):
    """The signing key; project, token and space only where we also send."""

    signing_key = secret(required=True)
    old_signing_key = secret()
    project_id = fields.String(validate=validate.Regexp(r"^[0-9A-Za-z-]{1,64}\Z"))
    api_token = secret()
    api_url = https_url()
    status_callback = https_url()

    @validates_schema
    def check_login(self, data: Mapping[str, Any], **_: object) -> None:
        """Sending needs all of its three settings."""
        names = ("project_id", "api_token", "api_url")
        missing = [name for name in names if name not in data]
        if 0 < len(missing) < len(names):
            raise ValidationError("To send give project_id, api_token and api_url (your space).", missing[0])


class SignalWire(Twilio):
    """One SignalWire project."""

    name = "signalwire"
    Settings: ClassVar[type[GatewaySettings]] = Settings
    answers_itself = frozenset()  # SignalWire manages no opt-outs
    signatures = (SIGNATURE, TWILIO_SIGNATURE)
    api_path = "/api/laml/2010-04-01"

    def __init__(self, settings: Mapping[str, Any], http: HttpSession | None = None) -> None:
        keys = [settings[name] for name in ("signing_key", "old_signing_key") if name in settings]
        as_twilio: dict[str, Any] = {"auth_tokens": keys, "api_url": settings.get("api_url", "")}
        if "status_callback" in settings:
            as_twilio["status_callback"] = settings["status_callback"]
        super().__init__(as_twilio, http)
        self._signing_keys = keys
        if "project_id" in settings:
            self._account = settings["project_id"]
            self._login = (settings["project_id"], settings["api_token"])
        self.can_send = self.lists_inbound = self._login is not None

    def receive(self, request: HttpRequest, now: datetime) -> Received:
        """The message or delivery report of a signed request; SignalWire signs no time."""
        if self._is_relay_json(request):
            return Received(())  # calls of RELAY and SWML carry no text message
        received = super().receive(request, now)
        return replace(received, events=tuple(replace(one, gateway=self.name) for one in received.events))

    def _is_relay_json(self, request: HttpRequest) -> bool:
        """Whether this is a JSON call signed over URL and raw body, as RELAY and SWML webhooks are."""
        kind = (request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        if kind != "application/json" or "bodySHA256=" in request.url:
            return False
        signed = request.url.encode("utf-8", "replace") + request.body
        given = request.headers.get(SIGNATURE)
        if any(same(given, hmac.new(key.encode(), signed, hashlib.sha1).hexdigest()) for key in self._signing_keys):
            return True
        raise Unauthenticated("The SignalWire signature does not fit.")

    @classmethod
    def setup_steps(cls, url: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """The number's message handler, the key, and who answers."""
        return (
            f'Under Phone Numbers, Messaging Settings, handle messages "Using LaML Webhooks": {url} by HTTP POST.',
            "The signing key stands under API, Show Signing Key (PSK_…); it is not the API token.",
            "SignalWire keeps no list of opt-outs and answers neither STOP nor HELP: leave --stop-reply at self.",
            "Reports of delivery are best effort and a call that fails is not surely repeated: give project_id,"
            " api_token and api_url, so that missed texts are found again.",
        )

    @staticmethod
    def as_sent(call: Call, settings: Mapping[str, Any], now: datetime, private_key: str | None = None) -> Call:
        """Signed as Twilio does, with SignalWire's key and header."""
        return sign_call(call, settings["signing_key"], SIGNATURE)
