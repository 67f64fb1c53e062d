"""JSON that a gateway sent, read strictly after it was proved: the field at fault is named, its value never shown."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from consent.errors import Malformed
from consent.gateways.sms.base import Event, HttpRequest, Received

MOST_IN_ONE_CALL = 1000  # messages or receipts; what no gateway sends at once


def read(body: bytes) -> Any:
    """The JSON value of a body in UTF-8; of a repeated member the last counts."""
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Malformed("The body is not JSON.") from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def read_object(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request."""
    return object_of(read(request.body), "The body")


def object_of(value: Any, name: str) -> dict[str, Any]:
    """The value as an object."""
    if not isinstance(value, dict):
        raise Malformed(f"{name} is not a JSON object.")
    return value


def list_of(value: Any, name: str) -> list[Any]:
    """The value as a list of no more than a gateway sends at once."""
    if not isinstance(value, list) or len(value) > MOST_IN_ONE_CALL:
        raise Malformed(f"{name} is not a list of at most {MOST_IN_ONE_CALL}.")
    return value


def received(entries: list[Any], read_one: Callable[[dict[str, Any]], Event | None]) -> Received:
    """The events of a list; an unreadable entry never takes the others with it. Nothing readable: Malformed."""
    events, pieces, unread = [], [], 0
    for entry in entries:
        try:
            event = read_one(object_of(entry, "An entry"))
        except Malformed:
            if len(entries) == 1:
                raise
            unread += 1
            continue
        if event is not None:
            events.append(event)
            pieces.append(json.dumps(entry))
    if unread and unread == len(entries):
        raise Malformed("No entry of the list can be read.")
    # A call with one entry is kept as it came.
    return Received(tuple(events), unread=unread, pieces=tuple(pieces) if len(entries) > 1 else ())


def text(found: Mapping[str, Any], name: str) -> str:
    """A string that may be missing or null: then empty. Lone halves of surrogate pairs become question marks."""
    value = found.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed(f"{name} is not text.")
    return value.encode("utf-8", "replace").decode()


def word(found: Mapping[str, Any], name: str, longest: int = 64) -> str:
    """A short printable string or number that may be missing: then empty."""
    value = found.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    value = "" if value is None else value
    if not isinstance(value, str) or len(value) > longest or not (value.isprintable()):
        raise Malformed(f"{name} is unreadable.")
    return value


def identity(found: Mapping[str, Any], *names: str, longest: int = 128) -> str:
    """The id by which repeats are known: the first of `names` that is there. A message without one is refused."""
    for name in names:
        value = word(found, name, longest).strip()
        if value:
            return value
    raise Malformed(f"{names[0]} is missing.")


def number(found: Mapping[str, Any], name: str) -> str:
    """A number or sender name as the gateway writes it."""
    value = word(found, name, 128).strip()
    if not value:
        raise Malformed(f"{name} is missing.")
    return value


def instant(value: Any) -> datetime | None:
    """An instant in UTC from ISO 8601 (with or without zone, any decimals), or None: a STOP counts without its time."""
    if not isinstance(value, str) or not 10 <= len(value) <= 48:
        return None
    said = value.strip().replace(" ", "T", 1)
    head, dot, rest = said.partition(".")
    if dot:
        digits = len(rest) - len(rest.lstrip("0123456789"))
        said = f"{head}.{rest[:digits][:6].ljust(6, '0')}{rest[digits:]}"
    try:
        at = datetime.fromisoformat(said)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def unix(value: Any) -> datetime | None:
    """An instant from unix seconds, as text or number, or None."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 11:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
