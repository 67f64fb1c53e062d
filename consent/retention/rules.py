"""What the rulebook's answer means for a record, and which records a hold reaches. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from consent.policies.answers.holdings import Disposal, Hold
from consent.policies.questions import Reason

LONGEST_BECAUSE = 200
WARN_BEFORE = timedelta(days=7)  # of the last lawful day: enough to mend a store that does not answer

# What systems call the events of their business, beside the words of policies.
ALSO_CALLED = {
    "vacated": "permanent-vacate",
    "withdrawn": "consent-withdrawal",
    "consent-given": "new-consent",
    "service-ended": "service-end",
    "account-ended": "account-end",
    "feature-ended": "feature-end",
    "relationship-ended": "relationship-end",
    "enrolment-ended": "enrolment-end",
    "enrollment-ended": "enrolment-end",
    "request-ended": "request-closed",
    "dispute-ended": "event-or-dispute-end",
    "transaction-closed": "transaction-closed",
    "purpose-satisfied": "purpose-satisfied",
}
# An address or a number in place of a key would put personal data where only keys belong.
_ADDRESS = re.compile(r"@|^\+?1?[\s.(-]*\d{3}[\s.)-]+\d{3}[\s.-]*\d{4}$|^\+\d{7,15}$")


class Thing(NamedTuple):
    """A record as the rules see it; `events` beside its collection, as (name, instant)."""

    category: str
    role: str | None
    place: str | None
    use: str | None
    collected_at: datetime
    events: tuple[tuple[str, datetime], ...] = ()


class Terms(NamedTuple):
    """What is written down of an answer: the day it shall go, the last lawful day, how, and what says so."""

    state: str
    dispose_on: date | None
    due_on: date | None
    method: str | None
    because: str

    def stays(self, today: date) -> bool:
        """Does it not go today?"""
        return self.dispose_on is None or self.dispose_on > today


def terms_of(disposal: Disposal) -> Terms:
    """When to act on the answer: the day before the last one, but never before what keeps it is over."""
    if disposal.due is None:
        return Terms(disposal.state, None, None, None, _because(disposal.reasons))
    on, due = disposal.target or disposal.due, disposal.due
    if disposal.held_until is not None:
        on = max(on, disposal.held_until)
    if disposal.keep_until is not None:
        on = max(on, disposal.keep_until + timedelta(days=1))
    return Terms(disposal.state, on, max(due, on), method_of(disposal.outcomes), _because(disposal.reasons))


def method_of(outcomes: Sequence[str]) -> str:
    """How it goes where several ways are promised: it is deleted wherever that is one of them."""
    if not outcomes or {"deleted", "removed"} & set(outcomes):
        return "deleted"
    return outcomes[0]


def _because(reasons: Sequence[Reason]) -> str:
    named = dict.fromkeys(one.commitment or one.law for one in reasons if one.commitment or one.law)
    return " ".join(one for one in named if one)[:LONGEST_BECAUSE]


def event_named(word: str) -> str:
    """The policy's word for an event, whichever of its names was used."""
    return ALSO_CALLED.get(word, word)


def is_address(reference: str) -> bool:
    """Would this reference be an address of somebody, where the store's own key belongs?"""
    return _ADDRESS.search(reference.strip()) is not None


@dataclass(frozen=True, slots=True)
class Query:
    """Which records are meant; what is left out is any."""

    category: str | None = None
    store: str | None = None
    place: str | None = None
    site: str | None = None
    purpose: str | None = None
    collected_from: datetime | None = None
    collected_until: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Does it name nothing at all?"""
        return self == Query()

    def finds(self, one: "Kept") -> bool:
        """Is this record among them?"""
        wanted = (self.category, self.store, self.place, self.site, self.purpose)
        found = (one.thing.category, one.store, one.thing.place, one.site, one.purpose)
        if any(word is not None and word != its for word, its in zip(wanted, found, strict=True)):
            return False
        at = one.thing.collected_at
        if self.collected_from is not None and at < self.collected_from:
            return False
        return self.collected_until is None or at < self.collected_until


class Kept(NamedTuple):
    """A record with what holds are looked up by."""

    id: UUID
    person_id: UUID | None
    store: str
    site: str | None
    purpose: str
    thing: Thing


class Placed(NamedTuple):
    """A hold that is not released: what it reaches, and what it says."""

    id: UUID
    record_id: UUID | None
    person_id: UUID | None
    query: Query | None
    hold: Hold


@dataclass(frozen=True)
class Holds:
    """Every hold of an organization; `asking` are people with an open request that holds what is kept of them."""

    by_record: Mapping[UUID, tuple[Hold, ...]] = field(default_factory=dict)
    by_person: Mapping[UUID, tuple[Hold, ...]] = field(default_factory=dict)
    by_query: tuple[tuple[Query, Hold], ...] = ()

    def on(self, one: Kept) -> tuple[Hold, ...]:
        """Those that reach this record."""
        found = self.by_record.get(one.id, ())
        if one.person_id is not None:
            found += self.by_person.get(one.person_id, ())
        if self.by_query:
            found += tuple(hold for query, hold in self.by_query if query.finds(one))
        return found


NO_HOLDS = Holds()


def holds_of(placed: Sequence[Placed], asking: Sequence[UUID], today: date) -> Holds:
    """The holds as they are asked; an open request holds for today, and is asked again tomorrow."""
    by_record: dict[UUID, tuple[Hold, ...]] = {}
    by_person: dict[UUID, tuple[Hold, ...]] = {}
    queries = []
    for one in placed:
        if one.record_id is not None:
            by_record[one.record_id] = (*by_record.get(one.record_id, ()), one.hold)
        elif one.person_id is not None:
            by_person[one.person_id] = (*by_person.get(one.person_id, ()), one.hold)
        elif one.query is not None and not one.query.is_empty:
            queries.append((one.query, one.hold))
    open_request = Hold("open-request", until=today + timedelta(days=1), open_request=True)
    for person in asking:
        by_person[person] = (*by_person.get(person, ()), open_request)
    return Holds(by_record, by_person, tuple(queries))
