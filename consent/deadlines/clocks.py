"""The clock of one rule: which date follows from what happened, and by which steps."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from consent.deadlines.conventions import Convention
from consent.deadlines.periods import Period

RECEIPT = "receipt"


class DateKind(StrEnum):
    """What a date means to whoever reads it."""

    DUE_BY = "due_by"  # done on that day at the latest
    NOT_BEFORE = "not_before"  # the first moment at which it may be done
    KEEP_UNTIL = "keep_until"  # kept at least through that day
    LAST_ALLOWED = "last_allowed"  # the last day on which it may be done
    NO_DEADLINE = "no_deadline"  # a duty without a date


class Fact(StrEnum):
    """What a clock may start from."""

    RECEIVED_AT = "received_at"
    VERIFIED_AT = "verified_at"
    RELEVANT_TIME = "relevant_time"
    PURPOSE_SATISFIED = "purpose_satisfied"


@dataclass(frozen=True)
class OrEarlier:
    """A second date: `period` after `fact`, binding where it comes first."""

    fact: Fact
    period: Period


@dataclass(frozen=True)
class Clock:
    """How a rule counts. Everything here is written in a file of the law, nothing in code."""

    kind: DateKind
    convention: Convention | None = None
    period: Period | None = None  # missing where the asker brings it, as with a company's own period
    starts: str = RECEIPT  # the trigger in words
    extended: Period | None = None  # the whole length from the start, where an extension is taken
    notice_within: Period | None = None  # when the notice of the extension is due; else with the first period
    pauses: bool = False
    starts_at_latest_of: tuple[Fact, ...] = ()
    from_fact: Fact | None = None
    or_earlier: OrEarlier | None = None
    mail_wait: Period | None = None  # a posted notice counts from so much later
    full_days: bool = False  # so many whole days must have passed
    first_day_counts: bool = False  # "beginning when received": the day of receipt is day 1
    annual: tuple[int, int] | None = None  # month and day of a date that comes every year


@dataclass(frozen=True)
class Facts:
    """What happened: instants with an offset, or dates where the day is all that is known."""

    received_at: datetime
    verified_at: datetime | date | None = None
    relevant_time: datetime | date | None = None
    purpose_satisfied: datetime | date | None = None
    extension: bool = False
    pauses: tuple[tuple[date, date], ...] = ()
    by_mail: bool = False
    period: Period | None = None  # a company's own, for a clock that has none
    region: str | None = None

    def of(self, fact: Fact) -> datetime | date | None:
        """One of the facts by its name."""
        value: datetime | date | None = getattr(self, fact.value)
        return value


@dataclass(frozen=True)
class Due:
    """The answer: a date, an instant or nothing, what it means, and the arithmetic in sentences."""

    due: date | datetime | None
    kind: DateKind
    extension_notice_due: date | datetime | None = None
    steps: tuple[str, ...] = ()
