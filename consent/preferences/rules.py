"""What holds, as a pure fold of what happened. The order of arrival does not matter, only the order of events.

Events of one contact point are ordered by the time the person acted; of the same instant a withdrawal comes
last and so wins, then the event with the smaller content tag (design: ties).
"""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from consent.preferences import numbers
from consent.preferences.models import EVERY_PROGRAM, NOBODY


class Effect(StrEnum):
    """What an event does to preferences."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    STOP = "stop"  # everything this sender's programs had, and the number itself
    STOP_SOME = "stop-some"  # the programs it names, and those alone
    START = "start"  # what a STOP to this sender had taken away
    NUMBER = "number"  # the number went to somebody else, or cannot be reached
    CONFIRMED = "confirmed"  # the number is the person's
    QUERIED = "queried"  # somebody asked whether the number was reassigned
    DO_NOT_CALL = "do-not-call"  # the person asked not to be called or written to for selling
    ANNUL = "annul"  # an imported event never counted
    HELD = "held"  # nobody knows yet what the person meant: nothing goes until somebody has read it
    RELEASED = "released"  # somebody has read it, and it was no refusal


_OF_TYPE = {
    "consent.given": Effect.GIVEN,
    "consent.refused": Effect.REFUSED,
    "consent.withdrawn": Effect.WITHDRAWN,
    "consent.expired": Effect.EXPIRED,
    "consent.renewed": Effect.START,
    "suppression.set": Effect.STOP,
    "number.reported": Effect.NUMBER,
    "number.queried": Effect.QUERIED,
    "do_not_call.requested": Effect.DO_NOT_CALL,
    "consent.annulled": Effect.ANNUL,
    "suppression.held": Effect.HELD,
    "suppression.released": Effect.RELEASED,
}
# How far a withdrawal reaches that did not come for one program alone.
_SCOPES = {"channel": Effect.STOP, "programs": Effect.STOP_SOME}
ALLOWING = (Effect.GIVEN, Effect.START, Effect.CONFIRMED, Effect.RELEASED)


class Fact(NamedTuple):
    """An event as far as preferences are concerned."""

    effect: Effect
    occurred_at: datetime
    said: tuple[Any, ...]
    event_id: uuid.UUID
    programs: tuple[str, ...]
    person_id: uuid.UUID
    policy: str
    policy_version: str
    sender: str
    keyword_programs: tuple[str, ...] = ()
    detail: str = ""  # what became of the number, or what was answered
    imported: bool = False
    annuls: uuid.UUID | None = None
    settles: uuid.UUID | None = None  # the text that this one settles, because somebody has read it

    @property
    def order(self) -> tuple[datetime, bool, int, int]:
        """Where the event stands among the others of its contact point; the last one wins."""
        return (
            self.occurred_at,
            self.effect not in ALLOWING,
            -int.from_bytes(content_tag(self.said), "big"),
            -self.event_id.int,
        )


class Standing(NamedTuple):
    """What holds for one program and person; `stopped`: it was given, and a STOP to `sender` withdrew it."""

    state: str
    occurred_at: datetime
    event_id: uuid.UUID
    policy: str
    policy_version: str
    sender: str
    stopped: bool
    detail: str = ""


Key = tuple[str, uuid.UUID]  # program and person
State = dict[Key, Standing]
NUMBER: Key = (EVERY_PROGRAM, NOBODY)


def effect_of(type: str, data: Mapping[str, Any]) -> Effect | None:
    """What an event of this type and data does, or None when preferences do not care."""
    if data.get("intent") == "start":
        return Effect.START
    if type == "consent.withdrawn" and data.get("scope") in _SCOPES:
        return _SCOPES[data["scope"]]
    if type == "number.reported" and data.get("kind") == numbers.CONFIRMED:
        return Effect.CONFIRMED
    return _OF_TYPE.get(type)


def fact_of(
    type: str,
    data: Mapping[str, Any],
    purposes: Iterable[str],
    occurred_at: datetime,
    event_id: uuid.UUID,
    source: str,
    channel: str,
) -> Fact | None:
    """The fact behind an event, or None when preferences do not care."""
    effect = effect_of(type, data)
    if effect is None:
        return None
    programs = tuple(purposes)
    person, settles = data.get("person"), data.get("settles")
    return Fact(
        effect,
        occurred_at,
        (type, data, programs, source, channel),
        event_id,
        programs,
        uuid.UUID(person) if person else NOBODY,
        data.get("policy", ""),
        data.get("policy_version", ""),
        data.get("sender", ""),
        tuple(data.get("keyword_programs", ())),
        data.get("kind", "") if effect is not Effect.QUERIED else f"{data.get('answer')} {data.get('consent_date')}",
        source == "import",
        uuid.UUID(data["annuls"]) if effect is Effect.ANNUL else None,
        uuid.UUID(settles) if settles else None,
    )


def content_tag(said: tuple[Any, ...]) -> bytes:
    """A digest of what an event says, the same for two events that say the same; personal facts are no part.

    Computed only where events have to be ordered: an event newer than all others is simply applied.
    """
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).digest()[:8]


def apply(state: State, fact: Fact) -> State:
    """The state after `fact`, which is newer than everything in `state`; one that annuls takes a `fold`."""
    after = dict(state)
    if fact.settles is not None:
        after.pop((numbers.IN_REVIEW, fact.settles), None)
    if fact.effect in _APPLY:
        _APPLY[fact.effect](after, fact)
    elif fact.effect in _ABOUT_NUMBER:
        _of_number(after, fact)
    elif fact.effect not in (Effect.ANNUL, Effect.RELEASED):
        for program in fact.programs:
            after[program, fact.person_id] = _standing(fact, str(fact.effect))
    return after


def fold(facts: Iterable[Fact]) -> State:
    """What holds after all of `facts`, whatever order they come in.

    Only what an import wrote can be annulled, and then it is as if it had never come; what was said since stays. A text
    that somebody has read holds nothing back any more, however the two times compare.
    """
    told = list(facts)
    annulled = {fact.annuls for fact in told if fact.annuls is not None}
    read = {fact.settles for fact in told if fact.settles is not None}
    counting = [
        fact
        for fact in told
        if fact.annuls is None
        and not (fact.imported and fact.event_id in annulled)
        and not (fact.effect is Effect.HELD and fact.event_id in read)
    ]
    state: State = {}
    for fact in sorted(counting, key=lambda fact: fact.order):
        state = apply(state, fact)
    return state


def held(state: State) -> Standing | None:
    """The newest text that waits for somebody to read it, if there is one."""
    waiting = [standing for (program, _), standing in state.items() if program == numbers.IN_REVIEW]
    return max(waiting, key=lambda one: (one.occurred_at, one.event_id), default=None)


def _stop(state: State, fact: Fact) -> None:
    for key, standing in list(state.items()):
        if standing.state == "given" and key[0] in fact.programs:
            state[key] = _standing(fact, "withdrawn", stopped=True)
    state[NUMBER] = _standing(fact, "withdrawn", stopped=True)


def _stop_some(state: State, fact: Fact) -> None:
    """The number says no to them, whoever agreed; also to what was never asked for by consent."""
    for key, standing in list(state.items()):
        if standing.state == "given" and key[0] in fact.programs:
            state[key] = _standing(fact, "withdrawn", stopped=True)
    for program in fact.programs:
        kept = state.get((program, NOBODY))
        if kept is None or kept.state == "expired":
            state[program, NOBODY] = _standing(fact, "refused", stopped=True)


def _hold(state: State, fact: Fact) -> None:
    state[numbers.IN_REVIEW, fact.event_id] = _standing(fact, "withdrawn")


def _start(state: State, fact: Fact) -> None:
    """Renew what a STOP to this sender took; what the person withdrew in other ways stays withdrawn."""
    for key, standing in list(state.items()):
        if standing.stopped and standing.sender == fact.sender:
            _give_back(state, key, fact)
    for program in fact.keyword_programs:
        state[program, NOBODY] = _standing(fact, "given")
    state.pop((numbers.REACH, NOBODY), None)  # a text that came from it says that it can be texted


_ABOUT_NUMBER = (Effect.NUMBER, Effect.CONFIRMED, Effect.QUERIED, Effect.DO_NOT_CALL)


def _of_number(state: State, fact: Fact) -> None:
    """What holds for the number itself; `withdrawn` speaks against using it, `expired` is only remembered."""
    if fact.effect is Effect.DO_NOT_CALL:
        state[numbers.DO_NOT_CALL, NOBODY] = _standing(fact, "withdrawn")
    elif fact.effect is Effect.QUERIED:
        state[numbers.QUERIED, NOBODY] = _standing(fact, "expired")
        if fact.detail.startswith(f"{numbers.YES} "):
            _of_number(state, fact._replace(effect=Effect.NUMBER, detail="reassigned"))
    elif fact.effect is Effect.CONFIRMED:
        for key in [key for key in state if key[0] in (numbers.HOLDER, numbers.REACH)]:
            state[key] = _standing(fact, "expired")
    elif fact.detail in numbers.ENDING:
        _end_consents(state, fact)
        state[numbers.HOLDER, fact.person_id] = _standing(
            fact, "withdrawn" if fact.detail in numbers.GONE else "expired"
        )
    else:
        state[numbers.REACH, NOBODY] = _standing(fact, "withdrawn")


def _end_consents(state: State, fact: Fact) -> None:
    """Consents of whoever had the number are over, and a START brings none back; every no stays."""
    for key, standing in list(state.items()):
        if key == NUMBER or not numbers.of_program(key[0]):
            continue
        if fact.person_id != NOBODY and key[1] not in (NOBODY, fact.person_id):
            continue
        if standing.state == "given":
            state[key] = _standing(fact, "expired")
        elif standing.stopped:
            state[key] = standing._replace(stopped=False)


def _give_back(state: State, key: Key, fact: Fact) -> None:
    """What was given is given anew; where a STOP met nothing that was given, nothing is made of it."""
    if state[key].state == "refused":
        del state[key]
    else:
        state[key] = _standing(fact, "given")


def _standing(fact: Fact, state: str, *, stopped: bool = False) -> Standing:
    said = (state, fact.occurred_at, fact.event_id, fact.policy, fact.policy_version, fact.sender, stopped)
    return Standing(*said, fact.detail if fact.effect in _ABOUT_NUMBER else "")


_APPLY = {
    Effect.STOP: _stop,
    Effect.STOP_SOME: _stop_some,
    Effect.START: _start,
    Effect.HELD: _hold,
}
