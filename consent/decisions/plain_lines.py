"""The usual lines of a stream, read many at once: program, class, channel and address, and nothing else. Pure.

Reading a thousand lines as one JSON array takes half the time of reading each. Whatever is not certain to be such a
line, or stands in a group that cannot be read, is left to those who read each line by itself and say what is wrong.
"""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

PLAIN = frozenset({"program", "message_class", "channel", "address"})
LONGEST = 64  # characters of a word or address; all that are longer are looked at more closely
# Between two lines. Its line end cannot stand inside a text, nor its null between the members of an object: where no
# line opens a list, each gives one value or more, and as many values as lines means that none gave another's.
_BETWEEN = b",null,\n"

About = tuple[str, str, str]  # program, class and channel


class Plain(NamedTuple):
    """The questions that differ in the address only: the places of their lines, and the addresses."""

    places: list[int]
    addresses: list[str]


def read(lines: Sequence[bytes | None]) -> dict[About, Plain]:
    """The plain questions among these lines, by what they are about; places count from 0."""
    found: dict[About, Plain] = {}
    for place, pairs in enumerate(_parsed(lines)):
        if type(pairs) is not list or len(pairs) != len(PLAIN):
            continue
        said = dict(pairs)
        if said.keys() != PLAIN:  # four members of these names: none of them stands there twice
            continue
        address = said["address"]
        if type(address) is not str or not 0 < len(address) <= LONGEST:
            continue
        about = said["program"], said["message_class"], said["channel"]
        try:
            mine = found.get(about)
        except TypeError:  # a list is no word
            continue
        if mine is None:
            if not all(type(word) is str and 0 < len(word) <= LONGEST for word in about):
                continue
            mine = found[about] = Plain([], [])
        mine.places.append(place)
        mine.addresses.append(address)
    return found


def _parsed(lines: Sequence[bytes | None]) -> list[Any]:
    """What each line holds, an object as a list of its pairs; nothing where not every line can be read."""
    try:
        body = _BETWEEN.join(lines)  # type: ignore[arg-type]
        if b"[" in body or b"\\u" in body:  # the second may spell what cannot be stored
            return []
        values = _DECODER.decode(f"[{body.decode()}]")
    except (TypeError, ValueError, RecursionError):
        return []
    return values[::2] if len(values) == 2 * len(lines) - 1 else []


def _nothing(_: str) -> None:
    """A number is no word; the largest are slow to read."""


_DECODER = json.JSONDecoder(object_pairs_hook=list, parse_int=_nothing, parse_float=_nothing, parse_constant=_nothing)
