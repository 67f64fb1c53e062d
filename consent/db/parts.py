"""Work that is done in one go for all who wait with the like of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Generic, TypeVar

from consent.db.transaction import Tx

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class Part(Generic[Item, Outcome]):
    """What one asker wants of `together`, which is given the items of several and returns an outcome for each.

    Each statement lets the interpreter's lock go: for eight who wait at once a quarter of them is enough. The items are
    those of one organization in their order of arrival, with nothing else between them. Called by itself a part is
    work like any other.
    """

    together: Callable[[Tx, Sequence[Item]], Sequence[Outcome]]
    item: Item

    def __call__(self, tx: Tx) -> Outcome:
        """The outcome of this one alone."""
        return self.together(tx, [self.item])[0]


def runs(waiting: Iterable[Any]) -> Iterator[list[Any]]:
    """Those who wait, in their order: neighbours with parts of one kind together, everybody else alone."""
    for _, some in groupby(enumerate(waiting), lambda one: _kind(*one)):
        yield [one for _, one in some]


def _kind(place: int, one: Any) -> tuple[Any, ...]:
    return (one.organization_id, one.work.together) if isinstance(one.work, Part) else (place,)
