"""Console, for development: what would be sent goes to a file; webhooks are signed as Twilio signs."""

import json
import os
import uuid
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from marshmallow import fields, validate

from consent import clock
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
from consent.gateways.sms.settings import GatewaySettings, secret
from consent.gateways.sms.twilio import EMPTY, Twilio

NAME = "console"
LOOK_BACK = 10_000  # lines read to find a message again


class Settings(GatewaySettings):
    """Where to write, and the token that signs the webhooks of `consent sms simulate`, if any."""

    path = fields.String(required=True, validate=validate.Length(min=1, max=4096))
    auth_token = secret()


class Console(Account):
    """A gateway account that texts nobody."""

    name = NAME
    Settings = Settings
    development_only = True
    can_send = True
    replies_inline = True
    lists_inbound = True

    def __init__(self, settings: Mapping[str, Any], http: HttpSession | None = None) -> None:
        super().__init__(http)
        self._path = Path(settings["path"])
        token = settings.get("auth_token")
        self._receiver = Twilio({"auth_token": token, "api_url": ""}) if token else None

    def receive(self, request: HttpRequest, now: datetime) -> Received:
        """The events of a request signed as Twilio signs; without a token nothing can be proved."""
        if self._receiver is None:
            raise Unauthenticated("This gateway account has no token to check webhooks with.")
        return self._receiver.receive(request, now)

    def answer(self, reply: str | None, to: InboundMessage | None = None) -> Answer:
        """As Twilio would be answered."""
        return EMPTY if self._receiver is None else self._receiver.answer(reply)

    def send(self, message: OutboundMessage, http: HttpSession | None = None) -> SendResult:
        """One line of JSON stands at the end of the file."""
        provider_id = "CO" + uuid.uuid4().hex
        line = {
            "provider_id": provider_id,
            "at": clock.now().isoformat(timespec="seconds"),
            "sender": message.sender,
            "recipient": message.recipient,
            "text": message.text,
            "client_ref": message.client_ref,
            "media_urls": list(message.media_urls),
        }
        try:
            self._append(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        except OSError:
            raise SendFailed("file", retryable=True) from None
        return SendResult("accepted", provider_id, "sent")

    def find_sent(
        self, message: OutboundMessage, since: datetime, http: HttpSession | None = None
    ) -> Iterator[SendResult]:
        """The lines in the file that carry this message's reference."""
        for line in recent(self._path, LOOK_BACK) if message.client_ref is not None else ():
            if line.get("client_ref") == message.client_ref:
                yield SendResult("accepted", line["provider_id"], "sent")

    def list_inbound(self, since: datetime, http: HttpSession | None = None) -> Iterator[InboundMessage]:
        """Nothing: nobody keeps what was sent to this account."""
        return iter(())

    @classmethod
    def setup_steps(cls, url: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """Nothing to set up: nobody calls but `consent sms simulate`."""
        return ("No provider stands behind this account; try it with: consent sms simulate",)

    as_sent = staticmethod(Twilio.as_sent)

    def _append(self, line: bytes) -> None:
        # One write to a file opened for appending: lines of several threads and processes do not mix.
        self._path.parent.mkdir(parents=True, exist_ok=True)
        target = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(target, line)
        finally:
            os.close(target)


def recent(path: Path | str, limit: int = 50) -> list[dict[str, Any]]:
    """The latest messages, newest first; a file that is not there yet is empty, a torn line is left out."""
    try:
        with Path(path).open("rb") as lines:
            last = deque(lines, maxlen=limit)
    except FileNotFoundError:
        return []
    found = []
    for line in reversed(last):
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found
