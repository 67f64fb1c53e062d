"""What every store answers, and the values that go in and come out. No store keeps what it is told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from consent.errors import ConsentError


class Action(StrEnum):
    """What a store is asked to do with what it holds about somebody."""

    ERASE = "erase"
    CORRECT = "correct"
    ISOLATE = "isolate"  # kept apart, used for nothing, until it can be erased


class Reached(NamedTuple):
    """An address by which somebody is known: the channel and the canonical form."""

    channel: str
    value: str

    def __repr__(self) -> str:
        return f"Reached({self.channel})"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data it is: their addresses, and what the organization's systems call them."""

    addresses: tuple[Reached, ...] = field(repr=False)
    person_refs: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a store holds about somebody; `source` is whence it came, where the store knows."""

    category: str
    source: str
    reference: str
    fields: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Resume:
    """Which task this is, the same at every try, and how far it came: empty at first."""

    task: UUID
    token: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """It is done: how many things were touched, when, and what proves it (a signature, a name, a statement)."""

    store: str
    category: str
    action: str
    count: int
    at: datetime
    proof: str


@dataclass(frozen=True, slots=True)
class Partly:
    """A part is done and will not be done again; the next call goes on from `token`."""

    token: str
    count: int


@dataclass(frozen=True, slots=True)
class Awaited:
    """The store has taken the task; its receipt comes by itself, or by a person's word where `by_hand`."""

    token: str
    by_hand: bool = False


Outcome = Receipt | Partly | Awaited


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a store can be reached, and what it would find: tables, columns or the address it calls."""

    reachable: bool
    lines: tuple[str, ...]


class StoreFailed(ConsentError):
    """The store did not do it this time; `code` says why in a word, and nothing personal.

    `references` are those of a disposal that the store can hold nothing under: without them the others would go.
    """

    def __init__(
        self, code: str, *, retry_after: float | None = None, for_good: bool = False, references: Iterable[str] = ()
    ) -> None:
        super().__init__(f"The store did not do it ({code}).")
        self.code, self.retry_after, self.for_good = code, retry_after, for_good
        self.references = frozenset(references)


class Store(Protocol):
    """A system that holds data. Doing the same task twice does no more than doing it once."""

    name: str
    categories: tuple[str, ...]

    def find(self, subject: Subject, categories: tuple[str, ...]) -> Iterator[Item]:
        """What it holds about them in these categories; StoreFailed when it cannot say."""
        ...

    def erase(self, subject: Subject, category: str, resume: Resume) -> Outcome:
        """What it holds about them in this category is gone, or is on its way; StoreFailed when it is not."""
        ...

    def correct(self, subject: Subject, category: str, changes: Mapping[str, str], resume: Resume) -> Outcome:
        """These fields say what `changes` says; StoreFailed when they do not."""
        ...

    def dispose(self, references: Sequence[str], category: str, method: str, resume: Resume) -> Outcome:
        """What lies under its own keys `references` is `method`: deleted, anonymized or isolated-pending-deletion."""
        ...

    def check(self) -> Check:
        """Whether it can be reached; nothing is changed by asking."""
        ...
