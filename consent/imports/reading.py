"""A file of rows: looked at once from end to end before anything is believed, then read in batches."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NoReturn

from consent.errors import BadInput
from consent.imports.mapping import Mapping

LONGEST_CELL = 16 * 1024  # characters
MOST_COLUMNS = 500
BLOCK = 256 * 1024  # bytes read at once
FIRST_ROW = 2  # as spreadsheets count: the heading is row 1

Open = Callable[[], BinaryIO]  # the bytes of the file from the beginning, as often as asked


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file is: its hash, how many rows it has, and where each field stands in them."""

    sha256: bytes
    rows: int
    places: dict[str, int]
    width: int


def from_path(path: Path) -> Open:
    """A file that lies on the disk."""
    return lambda: path.open("rb")


def look(opened: Open, mapping: Mapping) -> Looked:
    """The whole file can be read as the mapping says; BadInput names the row or the column otherwise."""
    hashed = _Hashing(opened())
    rows = 0
    with _text(io.BufferedReader(hashed, BLOCK), mapping) as text:
        try:
            records = _records(text, mapping)
            header = next(records, None)
            if not header:
                _refuse("file", "The file is empty; its first row must name the columns.")
            places = _places(header, mapping)
            for cells in records:
                rows += 1
                if any(len(cell) > LONGEST_CELL or "\x00" in cell for cell in cells):
                    _refuse("file", f"A cell in row {rows + 1} is longer than {LONGEST_CELL} characters or is no text.")
        except UnicodeDecodeError:
            where = f"near row {rows + FIRST_ROW}"
            _refuse(
                "mapping.encoding",
                f"The file is not {mapping.encoding} {where}. Say in the mapping how it is written, for instance"
                ' encoding = "cp1252".',
            )
        except csv.Error:
            _refuse(
                "file",
                f"Row {rows + FIRST_ROW} cannot be read as CSV: a quotation mark is missing or stands inside a cell."
                " Quotation marks inside a cell are doubled.",
            )
        return Looked(hashed.digest(), rows, places, len(header))


def batches(opened: Open, mapping: Mapping, start: int, size: int) -> Iterator[list[tuple[int, list[str]]]]:
    """The rows after the first `start`, some at a time, each with its number as a spreadsheet counts."""
    with _text(opened(), mapping) as text:
        records = islice(_records(text, mapping), 1 + start, None)
        numbered = enumerate(records, start + FIRST_ROW)
        while batch := list(islice(numbered, size)):
            yield batch


class _Hashing(io.RawIOBase):
    """Passes bytes on and hashes them."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._hash = stream, hashlib.sha256()

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """The next bytes."""
        block = self._stream.read(len(buffer))
        self._hash.update(block)
        buffer[: len(block)] = block
        return len(block)

    def digest(self) -> bytes:
        """The SHA-256 of all that was read."""
        return self._hash.digest()

    def close(self) -> None:
        """The stream beneath is closed too."""
        self._stream.close()
        super().close()


def _text(stream: BinaryIO, mapping: Mapping) -> io.TextIOWrapper:
    return io.TextIOWrapper(stream, mapping.encoding, newline="")


def _records(text: io.TextIOWrapper, mapping: Mapping) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL * 8)  # a cell beyond this is no cell but a missing quotation mark
    return csv.reader(text, delimiter=mapping.delimiter, strict=True)


def _places(header: list[str], mapping: Mapping) -> dict[str, int]:
    """In which cell each field stands."""
    if len(header) > MOST_COLUMNS:
        _refuse("file", f"The file has more than {MOST_COLUMNS} columns; is the delimiter {mapping.delimiter!r}?")
    at: dict[str, int] = {}
    for number, name in enumerate(header):
        at.setdefault(name.strip().casefold(), number)
    places, missing = {}, []
    for field, names in mapping.columns.items():
        found = next((at[one.strip().casefold()] for one in names if one.strip().casefold() in at), None)
        if found is not None:
            places[field] = found
        elif field not in mapping.optional and field not in mapping.constants:
            missing.append((field, names))
    if missing:
        _refuse("mapping.columns", _what_is_missing(missing, header))
    return places


def _what_is_missing(missing: list[tuple[str, tuple[str, ...]]], header: list[str]) -> str:
    """Which columns are missing, which are there, and the nearest spelling; nothing that may be somebody's number."""
    shown = {name.strip().casefold(): _name(name, number) for number, name in enumerate(header, 1)}
    sentences = []
    for field, names in missing:
        wanted = " or ".join(f'"{one}"' for one in names[:4])
        near = [one for name in names for one in get_close_matches(name.casefold(), shown, n=1, cutoff=0.6)]
        hint = f" Did you mean {shown[near[0]]}?" if near else ""
        sentences.append(f"The column {wanted} for {field} is missing.{hint}")
    there = ", ".join(list(shown.values())[:30])
    return f"{' '.join(sentences)} The file has: {there}. Say in the mapping which column is which."


def _name(name: str, number: int) -> str:
    """The heading; where the file has none, its first row would be somebody's data."""
    text = name.strip()
    looks_like_data = sum(c.isdigit() for c in text) >= 5 or "@" in text or len(text) > 60 or not text.isprintable()
    return f"column {number}" if looks_like_data or not text else f'"{text}"'


def _refuse(field: str, why: str) -> NoReturn:
    raise BadInput(why, field=field)
