"""What holds, as a pure fold of what happened. The order of arrival does not matter, only the order of events.

Events of one contact point are ordered by the time the person acted; of the same instant a withdrawal comes
last and so wins, then the event with the smaller content tag (design: ties).
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from consent.preferences import numbers
from consent.preferences.facts import ALLOWING, SETTINGS, Effect, Fact, content_tag, effect_of, fact_of
from consent.preferences.models import EVERY_PROGRAM, NOBODY

__all__ = [
    "ALLOWING",
    "NUMBER",
    "Effect",
    "Fact",
    "Key",
    "Standing",
    "State",
    "apply",
    "content_tag",
    "effect_of",
    "fact_of",
    "fold",
    "held",
]


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
PAGE = "page:"  # with the mark of the press behind it, the sender of a stop on the preference page


def apply(state: State, fact: Fact) -> State:
    """The state after `fact`, newer than all in `state`; one that annuls, narrows or undoes takes a `fold`."""
    after = dict(state)
    if fact.settles is not None:
        after.pop((numbers.IN_REVIEW, fact.settles), None)
    if fact.effect in _APPLY:
        _APPLY[fact.effect](after, fact)
    elif fact.effect in _ABOUT_NUMBER:
        _of_number(after, fact)
    elif fact.effect in SETTINGS:
        _of_setting(after, fact)
    elif fact.effect not in (Effect.ANNUL, Effect.NARROWED, Effect.RELEASED):
        for program in fact.programs:
            after[program, fact.person_id] = _standing(fact, str(fact.effect))
    return after


def fold(facts: Iterable[Fact]) -> State:
    """What holds after all of `facts`, whatever order they come in.

    Only what an import wrote can be annulled, and then it is as if it had never come; what was said since stays. A text
    that somebody has read holds nothing back any more, however the two times compare. A narrowed STOP ends what answers
    to it name; every other STOP is as wide as it was. A yes to a question counts only if no "no" came in between.
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
    meant = _meant(told)
    state: State = {}
    for fact in sorted(counting, key=lambda fact: fact.order):
        if fact.undoes:
            state = _undo(state, fact, counting)
        elif fact.asked_at is None or not refused_since(fact.asked_at, fact.occurred_at, fact.programs, counting):
            state = apply(state, _as_meant(fact, meant))
    return state


_NO = (Effect.STOP, Effect.NUMBER, Effect.DO_NOT_CALL)
_NO_TO_PROGRAMS = (Effect.STOP_SOME, Effect.WITHDRAWN, Effect.REFUSED)


def refused_since(asked_at: datetime, until: datetime, programs: Iterable[str], facts: Iterable[Fact]) -> bool:
    """Whether a no to these programs, or to everything, lies between a question and its answer: then the yes is none.

    So a STOP that arrives late takes back the yes that a text after it seemed to give.
    """
    asked = set(programs)
    return any(
        asked_at <= one.occurred_at <= until
        and (one.effect in _NO or (one.effect in _NO_TO_PROGRAMS and not asked.isdisjoint(one.programs)))
        for one in facts
    )


def revivable(state: State, sender: str, act: str, until: datetime, facts: Iterable[Fact]) -> set[Key]:
    """What undoing this act gives back: what stands as the act left it, and met no other no since, by whomever."""
    others = [one for one in facts if not one.is_of(act)]
    mine = [(key, one.occurred_at) for key, one in state.items() if one.stopped and one.sender == sender]
    return {key for key, since in mine if not refused_since(since, until, [key[0]], others)}


def _undo(state: State, fact: Fact, facts: Iterable[Fact]) -> State:
    """What is revivable is given; everything else stays as it is."""
    after = dict(state)
    for key in revivable(state, fact.sender, fact.undoes, fact.occurred_at, facts):
        _give_back(after, key, fact)
    return after


def comes_back(key: Key, one: Standing, sender: str, programs: Iterable[str]) -> bool:
    """Does a START to this number of ours take it back: a STOP to it, or a stop of its programs on the page?"""
    if not one.stopped:
        return False
    return one.sender == sender or (one.sender.startswith(PAGE) and (key == NUMBER or key[0] in programs))


Meant = dict[tuple[uuid.UUID, str], set[str]]


def _meant(told: Iterable[Fact]) -> Meant:
    """The programs that narrowed STOPs ended, by the STOP and our number; two answers end what either of them names."""
    meant: Meant = {}
    for fact in told:
        if fact.narrows is not None:
            meant.setdefault((fact.narrows, fact.sender), set()).update(fact.programs)
    return meant


def _as_meant(fact: Fact, meant: Meant) -> Fact:
    """A STOP as the person meant it; never wider than it was, and never without effect."""
    if fact.effect is not Effect.STOP or not meant:
        return fact
    some = tuple(one for one in fact.programs if one in meant.get((fact.event_id, fact.sender), ()))
    return fact._replace(effect=Effect.STOP_SOME, programs=some) if some else fact


def held(state: State) -> Standing | None:
    """The newest text that waits for somebody to read it, if there is one."""
    waiting = [standing for (program, _), standing in state.items() if program == numbers.IN_REVIEW]
    return max(waiting, key=lambda one: (one.occurred_at, one.event_id), default=None)


def takes_texts(state: State) -> bool:
    """May a text go there that is no program's? Not to a number that said STOP, or wrote what may have meant it.

    Anybody may type a number into a form; who holds it has said that no text is wanted.
    """
    stopped = state.get(NUMBER)
    return (stopped is None or stopped.state != "withdrawn") and held(state) is None


def _stop(state: State, fact: Fact) -> None:
    for key, standing in list(state.items()):
        if standing.state == "given" and key[0] in fact.programs:
            state[key] = _standing(fact, "withdrawn", stopped=True)
    earlier, now = state.get(NUMBER), _standing(fact, "withdrawn", stopped=True)
    if earlier is not None and earlier.state == "withdrawn" and fact.sender.startswith(PAGE):
        # It was stopped before: undoing this press must not free the number.
        now = now._replace(sender=PAGE if earlier.sender.startswith(PAGE) else earlier.sender)
    state[NUMBER] = now


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
    """Renew what a STOP to this sender took, or to its programs on the page; what was withdrawn otherwise stays so."""
    for key, standing in list(state.items()):
        if comes_back(key, standing, fact.sender, fact.programs):
            _give_back(state, key, fact)
    for program in fact.keyword_programs:
        state[program, NOBODY] = _standing(fact, "given")
    if fact.came_from_it:
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
        # A code shows that mail arrives, and not that it arrives where it used to: somebody else may read it by now.
        settled = (numbers.REACH,) if fact.detail == numbers.REACHED else (numbers.HOLDER, numbers.REACH)
        for key in [key for key in state if key[0] in settled]:
            state[key] = _standing(fact, "expired")
    elif fact.detail in numbers.ENDING:
        _end_consents(state, fact)
        key, gone = (numbers.HOLDER, fact.person_id), fact.detail in numbers.GONE
        known = state.get(key)
        # Another carrier gives nobody back the number that they gave up before: only `confirmed` does.
        if gone or known is None or known.state != "withdrawn":
            state[key] = _standing(fact, "withdrawn" if gone else "expired")
    else:
        state[numbers.REACH, NOBODY] = _standing(fact, "withdrawn")


# Which row holds a setting; `withdrawn` is the person's wish, `expired` that it was taken back.
_ROWS = {
    Effect.PAUSED: (numbers.PAUSE, "withdrawn"),
    Effect.RESUMED: (numbers.PAUSE, ""),
    Effect.LANGUAGE: (numbers.LANGUAGE, "expired"),
    Effect.FREQUENCY: (numbers.FREQUENCY, "withdrawn"),
    Effect.UNBOUND: (numbers.FREQUENCY, ""),
    Effect.SALE_REFUSED: (numbers.SALE, "withdrawn"),
    Effect.SALE_PERMITTED: (numbers.SALE, "expired"),
    Effect.USE_LIMITED: (numbers.USE, "withdrawn"),
    Effect.USE_PERMITTED: (numbers.USE, "expired"),
}


def _of_setting(state: State, fact: Fact) -> None:
    """The newest word holds. Language, pause and frequency belong to the address, a refused sale to the person.

    That a sale is permitted again is kept: of what one person said through several addresses the newest word counts.
    """
    name, kept = _ROWS[fact.effect]
    if name in (numbers.SALE, numbers.USE):
        state[name, fact.person_id] = _standing(fact, kept)
        return
    if not kept and not fact.programs:
        for key in [key for key in state if key[0] == name or key[0].startswith(f"{name}.")]:
            del state[key]
    for row in [numbers.within(name, one) for one in fact.programs] or [name]:
        if kept:
            state[row, NOBODY] = _standing(fact, kept)
        else:
            state.pop((row, NOBODY), None)


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
    if fact.detail in numbers.GONE and fact.person_id == NOBODY:
        # Whoever has the number now chose neither a language nor how often; a pause is a no and stays.
        for key in [key for key in state if key[0] == numbers.LANGUAGE or key[0].startswith(f"{numbers.FREQUENCY}.")]:
            del state[key]


def _give_back(state: State, key: Key, fact: Fact) -> None:
    """What was given is given anew; where a STOP met nothing that was given, nothing is made of it."""
    if state[key].state == "refused":
        del state[key]
    else:
        state[key] = _standing(fact, "given")


def _standing(fact: Fact, state: str, *, stopped: bool = False) -> Standing:
    said = (state, fact.occurred_at, fact.event_id, fact.policy, fact.policy_version, fact.sender, stopped)
    return Standing(*said, fact.detail if fact.effect in _ABOUT_NUMBER or fact.effect in SETTINGS else "")


_APPLY = {
    Effect.STOP: _stop,
    Effect.STOP_SOME: _stop_some,
    Effect.START: _start,
    Effect.HELD: _hold,
}
