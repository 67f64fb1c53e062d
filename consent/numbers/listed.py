"""Numbers out of a registry's file, line by line in bounded memory. Pure: bytes in, numbers out."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from consent.errors import BadInput
from consent.subjects.addresses import BadAddress, of_person
from consent.web.lines import lines_of

LONGEST_LINE = 1_000  # bytes; a number and what may stand beside it


class Line(NamedTuple):
    """One line: its E.164 number, or None where it holds none."""

    at: int
    number: str | None


def lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of what comes in pieces; one without end is refused."""
    for line in lines_of(pieces, LONGEST_LINE):
        if line is None:
            raise BadInput(f"A line is longer than {LONGEST_LINE} bytes; write one number a line.", field="body")
        yield line


def numbers(found: Iterable[bytes], ndjson: bool) -> Iterator[Line]:
    """The number of each line that is not empty; the heading of a CSV file is passed over."""
    for at, line in enumerate(found, 1):
        said = line.removeprefix(b"\xef\xbb\xbf").strip() if at == 1 else line.strip()
        if not said:
            continue
        number = _of_json(said) if ndjson else _of_csv(said)
        if number is None and at == 1 and not ndjson and not any(48 <= one <= 57 for one in said):
            continue
        yield Line(at, number)


def _of_csv(line: bytes) -> str | None:
    """The first column; area code and number in two columns are one number, as the national registry writes them."""
    try:
        cells = [one.strip() for one in next(csv.reader([line.decode()]))]
    except (UnicodeDecodeError, csv.Error, StopIteration):
        return None
    if len(cells) > 1 and len(cells[0]) == 3 and len(cells[1].replace("-", "")) == 7:
        return _number(cells[0] + cells[1])
    return _number(cells[0]) if cells else None


def _of_json(line: bytes) -> str | None:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    said = said.get("number") if isinstance(said, dict) else said
    return _number(said) if isinstance(said, str) else None


def _number(said: str) -> str | None:
    digits = said.replace("-", "").replace(" ", "")
    if digits.isascii() and digits.isdigit() and len(digits) in (10, 11):
        said = f"+1{digits}" if len(digits) == 10 else f"+{digits}"
    try:
        return of_person("voice", said).value
    except BadAddress:
        return None
