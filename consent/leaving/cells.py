"""What stands in a row, as JSON says it and back: the same on both databases. Pure.

Ids and instants are text (RFC 9562, RFC 3339 in UTC), days `YYYY-MM-DD`, bytes base64 (RFC 4648 section 4).
"""

import base64
import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from consent.db.types import Id, as_id, as_instant
from consent.errors import BadInput
from consent.ledger.keyfiles import instant

Cell = Callable[[Any], Any]
LARGEST = 2**63


def value_of(column: sa.Column[Any]) -> Cell:
    """What makes a value of this column from what either driver returns; None stays None."""
    make = _VALUES[_kind(column)]
    return lambda stored: None if stored is None else make(stored)


def writer(column: sa.Column[Any]) -> Cell:
    """What makes JSON of such a value."""
    make = _WRITTEN[_kind(column)]
    return lambda value: None if value is None else make(value)


def reader(column: sa.Column[Any]) -> Cell:
    """What makes such a value of JSON; BadInput names the column where it is none."""
    kind, name, optional = _kind(column), column.name, bool(column.nullable)
    make, wanted = _READ[kind], (int if kind is int else bool if kind is bool else str)

    def read(given: Any) -> Any:
        if given is None and optional:
            return None
        try:
            if type(given) is not wanted:
                raise ValueError
            return make(given)
        except (ValueError, OverflowError):
            raise BadInput(f"{name} holds what it cannot hold", field=name) from None

    return read


def stored(values: Mapping[str, Any], *, postgresql: bool) -> dict[str, Any]:
    """The values as the driver takes them: SQLite keeps a day as text."""
    if postgresql:
        return dict(values)
    return {name: value.isoformat() if type(value) is date else value for name, value in values.items()}


def quoted(name: str) -> str:
    """The name of a column as both databases take it, also where it is a word of theirs, such as `left`."""
    return f'"{name}"'


def _kind(column: sa.Column[Any]) -> type:
    if isinstance(column.type, Id):
        return uuid.UUID
    kind: type = getattr(column.type, "impl", column.type).python_type  # what a decorated type is made of
    return kind


def _day(stored: str | date) -> date:
    return date.fromisoformat(stored) if isinstance(stored, str) else stored


def _text(text: str) -> str:
    text.encode()  # half of a surrogate pair is no text
    if "\0" in text:
        raise ValueError("PostgreSQL holds no such text")
    return text


def _number(number: int) -> int:
    if not -LARGEST <= number < LARGEST:
        raise ValueError("more than 64 bits")
    return number


def _same(value: Any) -> Any:
    return value


_VALUES: dict[type, Cell] = {
    uuid.UUID: as_id, bytes: bytes, bool: bool, int: int, str: str, date: _day, datetime: as_instant,
}  # fmt: skip
_WRITTEN: dict[type, Cell] = {
    uuid.UUID: str, bytes: lambda value: base64.b64encode(value).decode("ascii"), bool: _same, int: _same, str: _same,
    date: date.isoformat, datetime: datetime.isoformat,
}  # fmt: skip
_READ: dict[type, Cell] = {
    uuid.UUID: uuid.UUID, bytes: lambda text: base64.b64decode(text, validate=True), bool: _same, int: _number,
    str: _text, date: date.fromisoformat, datetime: instant,
}  # fmt: skip
