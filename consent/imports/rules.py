"""What a row means against what is on record. Pure: `as_of` is when the import began, the state is handed in.

The one rule above all: a yes from a file never takes the place of a no, unless it is complete, exact in its time and
strictly newer. A no always counts, however poor its row is.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from consent.imports.times import When
from consent.ledger.bodies import CLOCK_SKEW
from consent.preferences import numbers
from consent.preferences.models import EVERY_PROGRAM
from consent.preferences.rules import NUMBER, Standing, State

NOES = ("refused", "withdrawn")


class Outcome(StrEnum):
    """What becomes of a row."""

    GIVES = "gives"
    ENDS = "ends"
    UNCHANGED = "unchanged"
    OLDER = "older"
    REFUSED = "refused"
    QUARANTINED = "quarantined"


class Fault(NamedTuple):
    """Why a row is not believed: a code, the field, a sentence without any word of the row, and who demands it."""

    code: str
    field: str
    sentence: str
    commitment: str | None = None
    law: str | None = None


OPT_OUT_NEWER = Fault(
    "opt-out-newer", "occurred_at", "An opt-out is on record that is as new as this yes, or newer; the opt-out stays."
)
NUMBER_NEWER = Fault(
    "number-changed-since", "occurred_at", "The number changed hands, or was looked into, after this yes was given."
)
DOUBTFUL = Fault(
    "doubtful-time",
    "occurred_at",
    "An opt-out is on record, and only a yes with its exact time and offset can be newer than that.",
)
SAME_DAY = Fault(
    "same-day-as-opt-out",
    "occurred_at",
    "This yes and an opt-out on record are of the same day; a person has to tell which came last.",
)
BEFORE_POLICY = Fault(
    "before-first-policy",
    "occurred_at",
    "An opt-out is on record, and the time of this yes lies before the organization's first policy.",
)
CORRECTED = Fault(
    "corrected-since",
    "address",
    "The person had this corrected; what stands now stays until somebody decides between the two.",
)
FUTURE = Fault("future", "occurred_at", "The person cannot have acted after the import began.")
# What keeps even a no from being recorded: nobody can tell whose it is, or what was said.
_WHOSE = frozenset({"row", "address", "channel", "state"})


class Asked(NamedTuple):
    """A row as far as it is judged: `program` is `*` where it speaks of everything on its channel."""

    state: str
    program: str
    person_id: UUID
    when: When | None
    faults: tuple[Fault, ...]


class Judged(NamedTuple):
    """What becomes of the row, when the person acted as it counts, and why it is not believed."""

    outcome: Outcome
    at: datetime | None = None
    faults: tuple[Fault, ...] = ()


def judge(asked: Asked, state: State, as_of: datetime, zone: ZoneInfo, first_policy_at: datetime) -> Judged:
    """What becomes of this row."""
    if asked.state == "given":
        return _yes(asked, state, as_of, zone, first_policy_at)
    against = [one for one in asked.faults if one.field in _WHOSE]
    if against:
        return Judged(Outcome.QUARANTINED, None, tuple(against))
    return _no(asked, state, as_of)


def counts_from(state: str, when: When | None, as_of: datetime) -> datetime | None:
    """The instant that counts: the first a yes may have had, the last a no may have had; a no without time is new."""
    if state == "given":
        return when.earliest if when is not None else None
    return min(when.latest, as_of) if when is not None else as_of


def _yes(asked: Asked, state: State, as_of: datetime, zone: ZoneInfo, first_policy_at: datetime) -> Judged:
    faults = list(asked.faults)
    at = asked.when.earliest if asked.when is not None else None
    if at is not None and at > as_of + CLOCK_SKEW:
        faults.append(FUTURE)
    noes = [one for one in _noes(asked.program, state) if at is None or at <= one.occurred_at]
    about_number = [one for one in _about_number(state) if at is None or at <= one.occurred_at]
    if noes or about_number:
        newer = [*([OPT_OUT_NEWER] if noes else []), *([NUMBER_NEWER] if about_number else [])]
        return Judged(Outcome.REFUSED, at, (*newer, *faults))
    older = [one for one in _noes(asked.program, state) if one.state in NOES]
    if older and at is not None and asked.when is not None:
        faults += _doubts(asked.when, older, zone, first_policy_at)
    if faults:
        return Judged(Outcome.QUARANTINED, at, tuple(faults))
    assert at is not None  # a yes without time has a fault
    held = state.get((asked.program, asked.person_id))
    if held is not None and held.occurred_at >= at:
        return Judged(Outcome.UNCHANGED if held.occurred_at == at else Outcome.OLDER, at)
    return Judged(Outcome.GIVES, at)


def _doubts(when: When, older: Iterable[Standing], zone: ZoneInfo, first_policy_at: datetime) -> list[Fault]:
    """What speaks against believing that this yes came after the opt-outs on record."""
    if not when.exact:
        return [DOUBTFUL]
    found = []
    day = when.earliest.astimezone(zone).date()
    if any(one.occurred_at.astimezone(zone).date() == day for one in older):
        found.append(SAME_DAY)
    if when.earliest < first_policy_at:
        found.append(BEFORE_POLICY)
    return found


def _no(asked: Asked, state: State, as_of: datetime) -> Judged:
    at = counts_from(asked.state, asked.when, as_of)
    assert at is not None
    held = state.get(NUMBER if asked.program == EVERY_PROGRAM else (asked.program, asked.person_id))
    if held is None:
        return Judged(Outcome.ENDS, at)
    if held.state in NOES:
        # Without a time of its own it says no more than what is on record says already.
        return Judged(Outcome.UNCHANGED if asked.when is None or held.occurred_at >= at else Outcome.ENDS, at)
    return Judged(Outcome.OLDER if held.occurred_at > at else Outcome.ENDS, at)


def _noes(program: str, state: State) -> list[Standing]:
    """Every no that speaks against this program, whoever said it. A STOP that a START took back since is one too:
    a yes from before it says nothing about today."""
    found = [one for key, one in state.items() if key[0] == program and one.state in NOES]
    return [*found, *([state[NUMBER]] if NUMBER in state else [])]


def _about_number(state: State) -> list[Standing]:
    """Whether it is still the same person's number. Whether it can be reached, or called to sell, the gate asks."""
    return [one for key, one in state.items() if key[0] == numbers.HOLDER]


def after(state: State, asked: Asked, judged: Judged, programs: Sequence[str], make: Standing) -> State:
    """The state once this row is recorded, for a dry run: what the fold of the ledger would say."""
    changed = dict(state)
    if judged.outcome is Outcome.GIVES or (judged.outcome is Outcome.ENDS and asked.program != EVERY_PROGRAM):
        changed[asked.program, asked.person_id] = make
    elif judged.outcome is Outcome.ENDS:
        for key, one in state.items():
            if key[0] in programs and one.state == "given" and one.occurred_at <= make.occurred_at:
                changed[key] = make._replace(stopped=True)
        changed[NUMBER] = make._replace(stopped=True)
    return changed
