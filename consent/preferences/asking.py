"""What the gate needs to know of a contact point, from what holds there. Pure."""

import uuid
from datetime import date

from consent.policies.questions import (
    NO_NUMBER,
    CopyFact,
    FrequencyFact,
    NumberFact,
    NumberFacts,
    PauseFact,
    QueryFact,
)
from consent.policies.rulebook import ConsentFact, Standing, StopFact
from consent.preferences import numbers, settings
from consent.preferences.models import NOBODY
from consent.preferences.rules import NUMBER, State
from consent.preferences.rules import Standing as Stored
from consent.preferences.rules import held as in_review

COPY = "*copy."


def standing_of(state: State, program: str, person_id: uuid.UUID | None) -> Standing:
    """What the gate needs to know of a contact point: the STOP, the number, and what was said about this program.

    A named person answers for themselves; what the number said without a name counts for everybody.
    """
    number = state.get(NUMBER)
    stopped = StopFact(number.occurred_at, number.event_id) if number and number.state == "withdrawn" else None
    consents = tuple(
        ConsentFact(
            program,
            None if person == NOBODY else person,
            standing.state,  # type: ignore[arg-type]
            standing.occurred_at,
            standing.event_id,
            standing.policy_version,
        )
        for (about, person), standing in state.items()
        if about == program and (person_id is None or person in (person_id, NOBODY))
    )
    if len(consents) > 1:  # of several that say the same one is cited: the same, however they were read
        consents = tuple(sorted(consents, key=lambda one: one.person_id or NOBODY))
    if all(numbers.of_program(about) for about, _ in state):  # how it mostly is
        return Standing(stopped, consents)
    waiting = in_review(state)
    held = StopFact(waiting.occurred_at, waiting.event_id) if waiting is not None else None
    pause, chosen = settings.pause_of(state, program), settings.frequency_of(state, program)
    return Standing(
        stopped,
        consents,
        _number(state, person_id),
        held,
        paused=PauseFact(*pause) if pause is not None else None,
        frequency=FrequencyFact(*chosen) if chosen is not None else None,
    )


def _number(state: State, person_id: uuid.UUID | None) -> NumberFacts:
    """What became of the number; nothing where no row says anything, which is how it mostly is."""
    about = [(key, one) for key, one in state.items() if key[0] in numbers.OF_THE_NUMBER or key[0].startswith(COPY)]
    if not about:
        return NO_NUMBER
    holder: NumberFact | None = None
    reach: NumberFact | None = None
    queried: QueryFact | None = None
    refused: StopFact | None = None
    copies = []
    for (name, person), one in about:
        if name.startswith(COPY):
            entry = None if one.event_id == NOBODY else one.event_id
            copied_on = date.fromisoformat(one.policy_version)
            copies.append(CopyFact(one.policy, copied_on, one.state == "withdrawn", one.sender == "complete", entry))
        elif name == numbers.QUERIED:
            answer, _, day = one.detail.partition(" ")
            queried = QueryFact(answer, date.fromisoformat(day), one.occurred_at, one.event_id)
        elif name == numbers.DO_NOT_CALL:
            refused = StopFact(one.occurred_at, one.event_id)
        elif name == numbers.REACH:
            reach = _told(one) if one.state == "withdrawn" else None
        elif name == numbers.HOLDER and (person_id is None or person in (person_id, NOBODY)):
            # Of several that held the number the newest event is told, and one that still speaks against it first.
            holder = max(filter(None, (holder, _told(one))), key=lambda fact: (fact.gone, fact.occurred_at))
    return NumberFacts(holder, reach, queried, refused, tuple(copies))


def _told(one: Stored) -> NumberFact:
    return NumberFact(one.detail, one.occurred_at, one.event_id, one.state == "withdrawn")
