"""How a value becomes another one: a period another period, a list with one entry less or more, a word another word."""

import re
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from datetime import date, timedelta
from typing import Any

Fits = Callable[[Any], bool]

_PERIOD = re.compile(r"^PT?\d")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_YEARLY = re.compile(r"^\d{2}-\d{2}$")
_NUMBER = re.compile(r"\d+")
_FREE = ("something-else", "other@company.example", "+15095550199", "https://elsewhere.example/page", "VSH-01", "US-NV")


def others(value: Any, words: Iterable[str], fits: Fits) -> Iterator[tuple[str, Any]]:
    """Each way in which `value` becomes another one, with a name. A way whose result `fits` its shape comes first."""
    words = tuple(words)
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _within(value, key, others(one, words, _inside(value, key, fits)))
            if len(value) > 1:
                yield f"{key} is gone", {name: said for name, said in value.items() if name != key}
    elif isinstance(value, list):
        yield from _of_list(value, words, fits)
    else:
        new = _other(value, words, fits)
        yield f"{value} -> {new}", new


def _of_list(value: list[Any], words: tuple[str, ...], fits: Fits) -> Iterator[tuple[str, Any]]:
    if isinstance(value[0], dict):
        for number, one in enumerate(value):
            yield from _within(value, number, others(one, words, _inside(value, number, fits)))
        return
    for number, one in enumerate(value):
        if len(value) > 1:
            yield f"loses {one}", value[:number] + value[number + 1 :]
        else:
            new = _other(one, words, lambda new: fits([new]))
            yield f"{one} -> {new}", [new]
    more = _other(value[0], [one for one in words if one not in value], lambda new: fits([*value, new]))
    if more not in value:
        yield f"gains {more}", [*value, more]


def _within(around: Any, key: Any, changed: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for name, new in changed:
        whole = copy(around)
        whole[key] = new
        yield f"{key}: {name}", whole


def _inside(around: Any, key: Any, fits: Fits) -> Fits:
    def within(new: Any) -> bool:
        whole = copy(around)
        whole[key] = new
        return fits(whole)

    return within


def _other(value: Any, words: Iterable[str], fits: Fits) -> Any:
    """Another value of the same sort; one that fits, if any does."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, date):
        return value + timedelta(days=31)
    if _DAY.match(value):
        return (date.fromisoformat(value) + timedelta(days=31)).isoformat()
    if _YEARLY.match(value):
        return "12-25" if value != "12-25" else "07-04"
    if _PERIOD.match(value):
        return _NUMBER.sub(lambda found: str(int(found[0]) + 1), value, count=1)
    tried = [one for one in (*words, *_FREE) if one != value]
    return next((one for one in tried if fits(one)), tried[0])
