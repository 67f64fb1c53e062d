"""File, for development: what would leave goes to a file, which /dev/outbox shows."""

import json
import os
from collections.abc import Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path
from typing import Any, ClassVar

from marshmallow import fields, validate

from consent import clock
from consent.gateways.email.base import NotSent, Parcel
from consent.gateways.email.senders import SenderSettings, sender_of
from consent.gateways.sms.console import recent as latest


class Settings(SenderSettings):
    """Where to write, and who the mails are from."""

    path = fields.String(required=True, validate=validate.Length(min=1, max=4096))


class File:
    """A way out that mails nobody."""

    name: ClassVar[str] = "file"
    Settings = Settings

    def __init__(self, settings: Mapping[str, Any], env: str = "development") -> None:
        self.sender = sender_of(settings)
        self._path = Path(settings["path"])

    def send(self, parcel: Parcel) -> None:
        """One line of JSON stands at the end of the file."""
        line = {
            "at": clock.now().isoformat(timespec="seconds"),
            "returns_to": parcel.returns_to,
            "to": parcel.to,
            "content": parcel.content.decode("utf-8", "surrogateescape"),
        }
        try:
            self._append(json.dumps(line).encode() + b"\n")
        except OSError:
            raise NotSent("file", retryable=True) from None

    def _append(self, line: bytes) -> None:
        # One write to a file opened for appending: lines of several threads and processes do not mix.
        self._path.parent.mkdir(parents=True, exist_ok=True)
        target = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(target, line)
        finally:
            os.close(target)


def recent(path: Path | str, limit: int = 50) -> list[dict[str, Any]]:
    """The latest mails as a mail program shows them, newest first; a torn line is left out."""
    return [_shown(line) for line in latest(path, limit) if "content" in line]


def _shown(line: Mapping[str, Any]) -> dict[str, Any]:
    content = line["content"].encode("utf-8", "surrogateescape")
    message = message_from_bytes(content, _class=EmailMessage, policy=SMTPUTF8)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return {
        "at": line.get("at", ""),
        "recipient": str(message["To"] or ""),
        "sender": str(message["From"] or ""),
        "subject": str(message["Subject"] or ""),
        "text": text.get_content() if text is not None else "",
        "html": html.get_content() if html is not None else "",
        "files": [one.get_filename() or "" for one in message.iter_attachments()],
        "unsubscribe": str(message["List-Unsubscribe"] or "").strip("<>"),
    }
