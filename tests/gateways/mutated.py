"""A JSON value with one thing wrong at a time: a member missing, or something of another kind in its place."""

import json
from collections.abc import Iterator
from typing import Any

WRONG: tuple[Any, ...] = (
    None, True, 7, -1.5, 10**30, "", " ", "\x00", "\ud800", "\u0661\u0662", "x" * 5000, [], {}, [None], [[]], {"a": {}},
    ["+15095550142"] * 1001,
)  # fmt: skip


def mutated(value: Any) -> Iterator[Any]:
    """Each place of the value replaced by each wrong thing, and left out."""
    yield from WRONG
    if isinstance(value, dict):
        for name, part in value.items():
            yield {one: kept for one, kept in value.items() if one != name}
            for other in mutated(part):
                yield {**value, name: other}
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield value[:place] + value[place + 1 :]
            for other in mutated(part):
                yield [*value[:place], other, *value[place + 1 :]]


def mutated_bodies(body: bytes) -> Iterator[bytes]:
    """The same of a JSON body, written with escapes so that half a surrogate pair can be in it."""
    return (json.dumps(one).encode() for one in mutated(json.loads(body)))
