"""The contract of every way in which mail leaves: plain values in, one word out."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from consent.errors import BadInput

LONGEST_SUBJECT = 250  # characters; what is longer is no subject, and some servers refuse it
MOST_BYTES = 5 * 1024 * 1024  # of a mail's texts and attachments: what every server takes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """What a person reads; with an `unsubscribe_url` their mail program shows its own button for it (RFC 8058)."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    attachments: tuple[Attachment, ...] = ()
    unsubscribe_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A composed mail with its envelope: `returns_to` is told when it cannot be delivered."""

    returns_to: str = field(repr=False)
    to: str = field(repr=False)
    content: bytes = field(repr=False)
    message_id: str


class NotSent(Exception):
    """The mail did not leave; `code` is a word or the server's number, never its text, which repeats addresses.

    `retryable`: it may leave later. `bounced`: nothing ever arrives at this address. `account`: not this mail is at
    fault but the account: nothing leaves by it until somebody has mended it.
    """

    def __init__(self, code: str, *, retryable: bool = False, bounced: bool = False, account: bool = False) -> None:
        super().__init__(code)
        self.code, self.retryable, self.bounced, self.account = code, retryable, bounced, account


@dataclass(frozen=True, slots=True)
class Sender:
    """Who an organization's mails are from, as its account says: names and addresses as people see them."""

    address: str
    name: str = ""
    reply_to: str | None = None
    returns_to: str | None = None  # `bounces@mail.example`: what comes back goes to bounces+<token>@mail.example


class Mailer(Protocol):
    """One way in which mail leaves."""

    name: ClassVar[str]
    sender: Sender

    def send(self, parcel: Parcel) -> None:
        """The parcel was taken over. Raises NotSent."""
        ...


def refuse_what_no_header_holds(mail: Mail) -> None:
    """Raises BadInput for anything that could end a header early, or that no mail program shows (S07)."""
    for name, value in _headers(mail).items():
        if any(unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs") for c in value):
            raise BadInput("It holds a line break or another character that cannot stand there.", field=name)
    if not mail.subject.strip() or len(mail.subject) > LONGEST_SUBJECT:
        raise BadInput(f"A subject has between 1 and {LONGEST_SUBJECT} characters.", field="subject")
    for name, value in (("text", mail.text), ("html", mail.html)):
        if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r" for c in value):
            raise BadInput("It holds a character that no text holds.", field=name)
    url = mail.unsubscribe_url
    if url is not None and (not url.isascii() or any(c in ' <>"' for c in url) or len(url) > 900):
        raise BadInput("It is no address that can stand in a header.", field="unsubscribe_url")
    size = len(mail.text.encode()) + len(mail.html.encode()) + sum(len(one.content) for one in mail.attachments)
    if size > MOST_BYTES:
        raise BadInput("The mail is too large.", field="attachments")


def _headers(mail: Mail) -> Mapping[str, str]:
    named = {"subject": mail.subject, "unsubscribe_url": mail.unsubscribe_url or ""}
    for one in mail.attachments:
        named["attachments"] = named.get("attachments", "") + one.name + one.media_type
    return named
