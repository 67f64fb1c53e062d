"""A request as it is asked about, and the parts of the answer."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from consent.policies.kinds import Promise
from consent.policies.questions import Reason


@dataclass(frozen=True)
class Asker:
    """Who asks: roles towards the company (customer, super-user, parent …) and where the person lives."""

    roles: frozenset[str] = frozenset()
    jurisdiction: str | None = None


@dataclass(frozen=True)
class Offer:
    """One sort of request this person may make, by which promise and which ways."""

    request_type: str
    promise: Promise
    ways: tuple[str, ...]
    contacts: tuple[str, ...]
    alone: bool  # in a portal, without anybody's help
    representative: bool


Pauses = tuple[tuple[date, date], ...]  # first and last day of each


@dataclass(frozen=True)
class Dated:
    """The date of one promise or law for a request, and the arithmetic behind it; `what`: answer or extended."""

    name: str
    what: str
    day: date
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Timetable:
    """By when a request is answered. Promise and law are both kept: the earlier date binds.

    `extended_due` is the day that binds once an extension is told by `extension_notice_due`; None where an extension
    gives no day more.
    """

    due: date | None
    binding: str | None
    acknowledge_by: date | None = None
    suspend_by: date | None = None
    extended_due: date | None = None
    extension_notice_due: date | None = None
    reasons: tuple[Reason, ...] = ()
    steps: tuple[str, ...] = ()
    each: tuple[Dated, ...] = ()


@dataclass(frozen=True)
class Check:
    """How it is checked who asks, when, and whether the clock stands still meanwhile (it does not)."""

    methods: tuple[str, ...]
    at: tuple[str, ...]
    discretion: str | None
    pauses: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Past:
    """An earlier request of the same person; only one that was completed counts towards a limit."""

    request_type: str
    received_on: date
    completed_on: date | None = None


@dataclass(frozen=True)
class Tally:
    """How often it was answered in the period that counts, and what follows. Nothing is refused by machine."""

    counted: int
    rolling: int
    limit: int | None
    decision: Literal["answer", "staff-decides"]
    reasons: tuple[Reason, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """Who decides first, and who steps in by when if nothing happens."""

    to: str
    fallback: str | None
    fallback_on: date | None
    due: date | None
    reasons: tuple[Reason, ...]
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """One class of data in a deletion request, with what is known of it."""

    category: str
    source: str | None = None
    grounds: frozenset[str] = frozenset()  # why somebody wants to keep it
    ground_until: date | None = None
    minor: bool = False
    open_gates: frozenset[str] = frozenset()  # services of the person that still run
    recorded: datetime | date | None = None


Outcome = Literal[
    "deleted", "anonymized", "kept", "deferred", "outside-the-right", "live-deleted-backup-pending", "for-a-person"
]


@dataclass(frozen=True)
class ItemOutcome:
    """What becomes of one class of data, until when, and what brings it up again."""

    category: str
    outcome: Outcome
    until: date | None = None
    recheck: str | None = None
    keep_only: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = field(default=())
    ground: str = ""  # the word of the list on which it stays, where the promises themselves name it
