"""A mail as a mail server hands it over (RFC 5322): who wrote, when it came, and its words. Pure.

Read leniently, since strangers write at will: what cannot be read is left out and said so. No attachment is opened.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from html.parser import HTMLParser

from consent.subjects.addresses import Address, BadAddress, canonical
from consent.web.forms import UNSEEN

MOST_BYTES = 2 * 1024 * 1024
MOST_TEXT = 20_000  # characters of the text that is kept and read
MOST_PARTS = 100
LONGEST_SUBJECT = 300
# A date further back than this is no date of arrival: the clock of the server that wrote it was wrong.
OLDEST = timedelta(days=60)
# Before these stands what the person wrote, behind them what they answer.
_QUOTED = re.compile(
    r"\n>|\n-- ?\n|\n_{8,}|\n-{3,} ?(?:Original|Forwarded|Message d.origine|Mensaje original)"
    r"|\n(?:On|Le|El) [^\n]{5,150}(?:wrote|écrit|escribió) ?:|\n(?:From|De|Von): [^\n]{3,150}\n"
)
_BLANK = re.compile(r"[ \t\u00a0]+")
_REPLY = re.compile(r"(?:\s*(?:re|fwd?|tr|rv|aw)\s*:)+", re.IGNORECASE)
_MACHINES = ("mailer-daemon@", "postmaster@", "no-reply@", "noreply@", "donotreply@", "do-not-reply@")
# What was left out; the page says it in words. An attachment's is followed by its media type.
ATTACHMENT, LONG, PARTS, UNREADABLE = "attachment:", "long", "parts", "unreadable"


@dataclass(frozen=True, slots=True)
class Letter:
    """What came: `sender` is None where no address can be read; `notes` say what was left out."""

    sender: Address | None
    subject: str = field(repr=False)
    text: str = field(repr=False)
    received_at: datetime
    message_id: str = field(repr=False)
    automatic: bool = False
    notes: tuple[str, ...] = ()

    @property
    def own_words(self) -> str:
        """What the person wrote now, without what they answer and without their signature."""
        found = _QUOTED.search(f"\n{self.text}")
        return self.text[: max(found.start() - 1, 0)] if found else self.text


def read(content: bytes, now: datetime) -> Letter:
    """The letter in these bytes; where they hold none, a letter without words that says so."""
    try:
        return _read(message_from_bytes(content), now)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, HeaderParseError):
        text = _clean(content[:MOST_TEXT].decode("utf-8", "replace"))
        return Letter(None, "", text, now, "", notes=(UNREADABLE,))


def _read(message: Message, now: datetime) -> Letter:
    texts: dict[str, str] = {}
    notes: list[str] = []
    for part in _parts(message, notes):
        kind = part.get_content_type()
        is_file = part.get_content_disposition() == "attachment" or part.get_filename() is not None
        if kind not in ("text/plain", "text/html") or is_file:
            notes.append(f"{ATTACHMENT}{kind if len(kind) < 80 else '?'}")
        elif kind not in texts:
            texts[kind] = _text(part)
    text = texts.get("text/plain", "").strip() or _without_markup(texts.get("text/html", ""))
    text = _clean(text)
    if len(text) > MOST_TEXT:
        notes.append(LONG)
    return Letter(
        _sender(message),
        _REPLY.sub("", " ".join(_clean(_decoded(message, "Subject")).split()), count=1)[:LONGEST_SUBJECT].strip(),
        text[:MOST_TEXT],
        _received_at(message, now),
        _decoded(message, "Message-ID").strip()[:500],
        _is_automatic(message),
        tuple(dict.fromkeys(notes)),
    )


def _parts(message: Message, notes: list[str]) -> Iterator[Message]:
    """Every part that holds no parts, without what hangs under an attached message."""
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen > MOST_PARTS:
            notes.append(PARTS)
            return
        payload = part.get_payload()
        if isinstance(payload, list) and part.get_content_maintype() == "multipart":
            waiting += [one for one in reversed(payload) if isinstance(one, Message)]
        else:
            yield part


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    try:
        return payload[: 4 * MOST_TEXT].decode(charset, "replace")
    except (LookupError, ValueError):
        return payload[: 4 * MOST_TEXT].decode("utf-8", "replace")


def _clean(text: str) -> str:
    """Without what nobody sees and what turns the direction of writing; lines as people see them."""
    told = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(one for one in told if one == "\n" or unicodedata.category(one) not in UNSEEN or one == "\t")
    return unicodedata.normalize("NFC", _BLANK.sub(" ", kept)).strip()


def _decoded(message: Message, name: str) -> str:
    """A header as people read it, encoded words decoded (RFC 2047)."""
    value = str(message.get(name, ""))[:4000]
    try:
        parts = decode_header(value)
        return "".join(
            one.decode(charset or "ascii", "replace") if isinstance(one, bytes) else one for one, charset in parts
        )
    except (HeaderParseError, LookupError, ValueError):
        return value


def _sender(message: Message) -> Address | None:
    found = getaddresses([str(one)[:1000] for one in message.get_all("From", [])[:2]])
    if len(found) != 1:
        return None  # several writers, or none: nobody in particular
    try:
        return canonical("email", found[0][1])
    except BadAddress:
        return None


def _received_at(message: Message, now: datetime) -> datetime:
    """When the first server of the company had it, as it wrote above all others; now where that cannot be."""
    stamp = str(message.get("Received", "")).rpartition(";")[2].strip()
    try:
        when = parsedate_to_datetime(stamp)
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return now
    return when if now - OLDEST <= when <= now else now


def _is_automatic(message: Message) -> bool:
    """Whether a machine wrote it (RFC 3834), a list sent it, or it reports on a mail of ours."""
    said = str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    sender = str(message.get("From", "")).lower()
    return (
        said not in ("no", "")
        or str(message.get("Precedence", "")).strip().lower() in ("bulk", "junk", "list", "auto_reply")
        or message.get("List-Id") is not None
        or message.get_content_type() == "multipart/report"
        or str(message.get("Return-Path", "")).strip() == "<>"
        or any(one in sender for one in _MACHINES)
    )


class _Words(HTMLParser):
    """The words of a page; what stands in scripts and styles is none."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style", "head", "blockquote")
        if tag in ("p", "br", "div", "li", "tr", "h1", "h2", "h3"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "head", "blockquote") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def _without_markup(page: str) -> str:
    reader = _Words()
    # What browsers take for a comment, this reader takes for a section of SGML that it does not know.
    reader.feed(page[: 4 * MOST_TEXT].replace("<![", "<! ["))
    return "".join(reader.words)
