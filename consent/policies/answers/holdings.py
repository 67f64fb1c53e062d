"""One thing that is kept, as it is asked about, and the answer: when it goes, why then, how, and what may delay it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from consent.policies.questions import Reason

# Different words for the same event.
_SAME = (
    ("recorded", "collected", "collection", "generated", "generation", "collection-or-generation", "record-created"),
    ("enrolment-end", "enrollment-end", "consent-end"),
    ("service-end", "account-end"),
    ("event-or-dispute-end", "dispute-end", "event"),
)


def names_of(event: str) -> tuple[str, ...]:
    """Every name of this event."""
    return next((group for group in _SAME if event in group), (event,))


@dataclass(frozen=True)
class Hold:
    """A ground on which something is asked to stay longer, with the date on which the ground ends."""

    ground: str
    since: datetime | date | None = None
    until: date | None = None
    renewals: tuple[tuple[date, str], ...] = ()  # each with its written reason
    open_request: bool = False  # an access request that is not answered yet


@dataclass(frozen=True)
class Held:
    """A record: its class of data, the place and person it belongs to, and what has happened."""

    category: str
    events: Mapping[str, datetime | date] = field(default_factory=dict)
    jurisdiction: str | None = None
    person: str | None = None
    use: str | None = None
    holds: tuple[Hold, ...] = ()

    def when(self, event: str) -> datetime | date | None:
        """When it happened, under any of its names; the earliest where several are known."""
        names = names_of(event)
        if event in self.events:
            return self.events[event]
        known = [self.events[one] for one in names if one in self.events]
        return min(known, key=_day) if known else None


def _day(moment: datetime | date) -> tuple[int, int, int]:
    return moment.year, moment.month, moment.day


State = Literal["running", "waiting", "unlimited", "unsettled", "kept-by-law"]


@dataclass(frozen=True)
class Disposal:
    """When the record goes. `due` is the last lawful day, `target` the day before, on which the job should run."""

    state: State
    due: date | None
    target: date | None
    outcomes: tuple[str, ...]
    reasons: tuple[Reason, ...]
    steps: tuple[str, ...]
    keep_until: date | None = None  # the last day through which a law wants it kept
    held_until: date | None = None
    escalate: tuple[Reason, ...] = ()  # holds that this record's rule does not admit: a person decides
    backups_gone_by: date | None = None
