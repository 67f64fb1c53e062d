"""The filters as links: each value with its count and the address of the view that it leads to. Pure."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consent.dashboard.requests import naming, waiting
from consent.dashboard.requests.counting import Counts
from consent.dashboard.requests.filters import DUE, ME, NOBODY, STATES, Filters
from consent.dashboard.requests.risk import SHAPES, WORDS, Risk
from consent.privacy_requests.rules import OVER
from consent.web.messages import N_


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter; `count` is None where counting would say nothing. `shape` stands before a risk."""

    name: str
    count: int | None
    address: str
    current: bool
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A filter with its values."""

    title: str
    choices: tuple[Choice, ...]


def due(filters: Filters, counts: Counts) -> Group:
    """By how near the date is; it stands above the queue at all times."""
    every = Choice(naming.said(N_("All")), counts.total, filters.with_(due="").address(), not filters.due)
    some = [
        Choice(naming.said(WORDS[one]), counts.by_due.get(one, 0), filters.with_(due=one, state="").address(),
               filters.due == one, SHAPES[one])
        for one in DUE
        if one is not Risk.UNDATED or counts.by_due.get(one)
    ]  # fmt: skip
    return Group(naming.said(N_("Due")), (every, *some))


def next_up(filters: Filters, counts: Counts, by_hand: int) -> Group:
    """By what is next: what waits for a decision, what for an officer, and of how many a task waits for a person."""
    named = {waiting.DECIDE: naming.DECIDE, waiting.APPROVE: naming.APPROVE}
    every = Choice(naming.said(N_("All")), counts.total, filters.with_(next="").address(), not filters.next)
    some = [
        Choice(naming.said(name), counts.by_next.get(one, 0), filters.with_(next=one, state="").address(),
               filters.next == one)
        for one, name in named.items()
    ]  # fmt: skip
    tasks = Choice(naming.said(naming.BY_HAND), by_hand, Filters(next=waiting.BY_HAND).address(),
                   filters.next == waiting.BY_HAND)  # fmt: skip
    return Group(naming.said(N_("Next")), (every, *some, tasks))


def others(filters: Filters, counts: Counts, names: Mapping[uuid.UUID, str], me: uuid.UUID) -> tuple[Group, ...]:
    """By state, type, person in charge and place."""
    states: list[tuple[str, str, int | None]] = [("", naming.said(N_("All that are not finished")), counts.total)]
    states += [(one, naming.state_filter(one), None if one in OVER else counts.by_state.get(one, 0)) for one in STATES]
    people = [
        ("", naming.said(N_("Anybody")), counts.total),
        (ME, naming.said(N_("You")), counts.by_assignee.get(me, 0)),
        (NOBODY, naming.said(N_("Nobody yet")), counts.by_assignee.get(None, 0)),
    ]
    people += [(str(one), name, counts.by_assignee[one]) for one, name in names.items()
               if one != me and counts.by_assignee.get(one)]  # fmt: skip
    kinds = sorted((naming.type_name(one), one, count) for one, count in counts.by_type.items())
    types = [("", naming.said(N_("All types")), counts.total), *((one, name, count) for name, one, count in kinds)]
    where = [("", naming.said(N_("All places")), counts.total)]
    where += [(one, naming.place_name(one), count) for one, count in sorted(counts.by_place.items()) if one]
    groups = (
        _group(N_("State"), "state", filters.state, states, filters),
        _group(N_("Type"), "request_type", filters.request_type, types, filters),
        _group(N_("In charge"), "assignee", filters.assignee, people, filters),
        _group(N_("Where the person lives"), "place", filters.place, where, filters),
    )
    return tuple(one for one in groups if len(one.choices) > 1)


def _group(title: str, name: str, now: str, values: Iterable[tuple[str, str, int | None]], filters: Filters) -> Group:
    return Group(
        naming.said(title),
        tuple(
            Choice(said, count, filters.with_(**{name: value}).address(), value == now) for value, said, count in values
        ),
    )
