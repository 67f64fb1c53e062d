"""An answer as one ZIP of a page to read, JSON and CSV, written as a stream: what is large never stands in memory."""

import csv
import io
import json
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from consent.ledger.bodies import instant
from consent.policies.organization import OrganizationPack
from consent.preferences.page.history import SENTENCES
from consent.privacy_requests.answers import pieces, vault
from consent.privacy_requests.answers.certificates import TEMPLATES
from consent.privacy_requests.answers.pieces import Own, Piece
from consent.privacy_requests.answers.words import Said, Speaker
from consent.web import spoken
from consent.web.csv_files import inert

FORMAT = "consent-answer/1"
HTML, JSON, CSV = "answer.html", "answer.json", "answer.csv"
COLUMNS = ("category", "what", "at", "source", "purposes", "kept_until", "reference", "field", "value")
_SCRATCH = b"scratch"


class Sink(Protocol):
    """Where the ZIP goes."""

    def write(self, content: bytes, /) -> int:
        """Takes the bytes; how many it took comes back."""
        ...

    def flush(self) -> None:
        """Nothing to be done."""
        ...


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the records: whose answer, by whom, and which time it covers, with the arithmetic.

    `since` is the first day it covers, None for everything there is. `portable`: files for other programs alone.
    `apart`: systems whose part comes by itself, because only a person can look into them.
    """

    organization: str
    contact: str
    masked: str
    request_type: str
    reference: str
    made_at: datetime
    since: date | None = None
    steps: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    given_to: tuple[str, ...] = ()
    portable: bool = False
    language: str = "en"
    addresses: tuple[str, ...] = field(default=(), repr=False)
    apart: tuple[str, ...] = ()
    pack: OrganizationPack | None = field(default=None, repr=False)  # by whose names classes of data are called


@dataclass(slots=True)
class Summed:
    """What there is of one class of data."""

    count: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    purposes: Counter[str] = field(default_factory=Counter)


def build(out: Sink, head: Head, ours: Iterable[Piece], stores: Iterable[Piece], scratch: Path) -> int:
    """The ZIP is written, and how many records it holds comes back.

    The records are read once, put aside encrypted in `scratch`, and read from there for each of the files.
    """
    own, summary = Own.of(head.addresses), dict[str, Summed]()
    key = vault.new_key()
    with tempfile.NamedTemporaryFile(dir=scratch, delete=False) as file:
        path = Path(file.name)
        try:
            aside = vault.Writer(file, key, _SCRATCH)
            for known, from_store in ((ours, False), (stores, True)):
                for one in known:
                    if not _covered(one, head):
                        continue
                    piece = pieces.disclosed(one, own, from_store=from_store)
                    _count(summary, piece)
                    aside.write(piece.written())
            aside.close()

            def again() -> Iterator[Piece]:
                return (pieces.read(line) for line in vault.lines(path, key, _SCRATCH) if line)

            _zip(out, head, summary, again)
        finally:
            path.unlink(missing_ok=True)
    return sum(one.count for one in summary.values())


def _zip(out: Sink, head: Head, summary: dict[str, Summed], again: Callable[[], Iterator[Piece]]) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        if not head.portable:
            _put(archive, HTML, head, _page(head, summary, again))
        _put(archive, JSON, head, _json(head, summary, again()))
        _put(archive, CSV, head, _csv(again()))


def _put(archive: zipfile.ZipFile, name: str, head: Head, text: Iterable[str]) -> None:
    info = zipfile.ZipInfo(name, head.made_at.timetuple()[:6])
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as file:
        for part in text:
            file.write(part.encode())


def _covered(piece: Piece, head: Head) -> bool:
    """What has no time belongs to it, too: whoever asks for a period does not lose what nobody dated."""
    return head.since is None or not piece.at or piece.at[:10] >= head.since.isoformat()


def _count(summary: dict[str, Summed], piece: Piece) -> None:
    one = summary.setdefault(piece.category, Summed())
    one.count += 1
    one.sources[piece.source] += 1
    one.purposes.update(piece.purposes)


def _json(head: Head, summary: dict[str, Summed], records: Iterator[Piece]) -> Iterator[str]:
    told: dict[str, Any] = {
        "format": FORMAT,
        "organization": head.organization,
        "contact": head.contact,
        "about": head.masked,
        "request": {"type": head.request_type, "reference": head.reference},
        "made_at": instant(head.made_at),
        "since": head.since.isoformat() if head.since is not None else None,
        "period_steps": list(head.steps),
        "may_be_given_to": list(head.recipients),
        "was_given_to": list(head.given_to),
        "comes_apart": list(head.apart),
        "categories": [
            {"category": key, "records": one.count, "sources": sorted(one.sources), "purposes": sorted(one.purposes)}
            for key, one in sorted(summary.items())
        ],
    }
    yield json.dumps(told, ensure_ascii=False, indent=1)[:-2] + ',\n "records": ['
    for at, one in enumerate(records):
        said = {"category": one.category, "what": one.what, "at": one.at or None, "source": one.source}
        more = {"purposes": list(one.purposes), "kept_until": one.kept or None, "reference": one.reference}
        yield (",\n  " if at else "\n  ") + json.dumps(said | more | {"fields": dict(one.fields)}, ensure_ascii=False)
    yield "\n ]\n}\n"


def _csv(records: Iterator[Piece]) -> Iterator[str]:
    yield "\ufeff" + _line(COLUMNS)  # without its mark, spreadsheets read UTF-8 as something else
    for one in records:
        before = (one.category, one.what, one.at, one.source, " ".join(one.purposes), one.kept, one.reference)
        for name, value in (one.fields or {"": ""}).items():
            yield _line((*before, name, value))


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow([inert(one) for one in cells])
    return text.getvalue()


def _page(head: Head, summary: dict[str, Summed], again: Callable[[], Iterator[Piece]]) -> Iterator[str]:
    language = spoken.language_of(head.language)
    speaker = Speaker(spoken.say(language), language, head.pack)

    def records(category: str) -> Iterator[Piece]:
        return (one for one in again() if one.category == category)

    def happened(one: Piece) -> Said:
        return speaker.known(SENTENCES.get(one.what), one.what)

    shown = {"head": head, "summary": sorted(summary.items()), "records": records, "happened": happened,
             "recipient": speaker.recipient, "purpose": speaker.purpose, "category": speaker.category,
             "source": speaker.source, "day": speaker.day, "type": speaker.type(head.request_type),
             "withheld": pieces.WITHHELD}  # fmt: skip
    return spoken.stream(TEMPLATES, "answers/answer.html", language, **shown)
