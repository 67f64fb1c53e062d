"""When a kind wants something settled under `decided`: found by asking it, so that it cannot be told wrongly."""

from collections.abc import Iterator, Sequence
from typing import Any

from consent.policies.kinds.base import Kind, Parameters
from consent.policies.kinds.shape import Shape, named

# Values that many shapes take and no kind asks about by name.
_ORDINARY: tuple[object, ...] = ("any-word", "P1D", True, False, 1, "a@b.example", "+15095550100", ["a", "b"])


def conditions(kind: Kind, seen: Sequence[Parameters]) -> list[str]:
    """Sentences on what must be settled and when; `seen` are parameters in use, which show further words."""
    shapes = {**kind.required, **kind.optional}
    always = kind.must_decide({})
    found = [_always(kind, one, shapes, seen) for one in always]
    for key, shape in shapes.items():
        asked: dict[str, list[object]] = {}
        tried = list(_values(key, shape, seen))
        for value in tried:
            for one in kind.must_decide({key: value}):
                if one not in always:
                    asked.setdefault(one, []).append(value)
        found += [f"`{one}`, where {_when(key, values, tried)}" for one, values in asked.items()]
    return found


def _always(kind: Kind, one: str, shapes: dict[str, Shape], seen: Sequence[Parameters]) -> str:
    lifting = [
        key
        for key, shape in shapes.items()
        if any(one not in kind.must_decide({key: value}) for value in _values(key, shape, seen))
    ]
    return f"`{one}`, unless {named(lifting)} says it" if lifting else f"`{one}`"


def _when(key: str, values: list[object], tried: list[object]) -> str:
    if len(values) == len(tried):
        return f"`{key}` stands"
    single = list(dict.fromkeys(str(value).lower() for value in values if not isinstance(value, list)))
    if not single:
        return f"`{key}` is a list"
    return f"`{key}` {'names' if any(isinstance(value, list) for value in tried) else 'is'} {named(single)}"


def _values(key: str, shape: Shape, seen: Sequence[Parameters]) -> Iterator[object]:
    """Single words and whole lists; the functions that ask read both alike."""
    known: list[Any] = [
        *shape.choices,
        *(value for value in _ORDINARY if shape(value) is None or shape([value]) is None),
    ]
    for one in seen:
        value = one.get(key)
        known += [*value, value] if isinstance(value, list) else [] if value is None else [value]
    yield from {repr(value): value for value in known}.values()
