"""What holds for one program at one contact point, as far as this visitor may see it. Pure."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from consent.preferences import numbers
from consent.preferences.models import NOBODY
from consent.preferences.page import holder
from consent.preferences.rules import NUMBER, Standing, State, held

ON, OFF, OPEN = "on", "off", "open"
_REFUSED = ("refused", "withdrawn")
_NO = (*_REFUSED, "expired")


class Sight(NamedTuple):
    """Whose words this visitor sees: `person` is whom a consent is recorded for, `shared` that others are left out.

    What lies before `ends` is the former holder's, and nobody sees it who has the address now.
    """

    person: uuid.UUID | None
    shared: bool
    ends: holder.Ends


class Held(NamedTuple):
    """What holds, since when and by which entry as far as it may be shown, and whether it can be switched on here."""

    value: str
    standing: Standing | None
    stopped: bool  # by a no to the whole channel
    may_agree: bool
    ended: bool = True  # nothing of it can go to anybody at the number, so that there is nothing left to stop


def sight(states: Iterable[State], person: uuid.UUID | None) -> Sight:
    """One person alone at an address is whoever proves to have it; of several, each sees only their own."""
    every = list(states)
    # How it mostly is.
    if all(whose == NOBODY and numbers.of_program(about) for state in every for about, whose in state):
        return Sight(person, False, {})
    ends = holder.ends_of(every)
    known = known_at(every)
    if person is not None:
        return Sight(person, bool(known - {person}), ends)
    return Sight(next(iter(known)), False, ends) if len(known) == 1 else Sight(None, len(known) > 1, ends)


def known_at(states: Sequence[State]) -> frozenset[uuid.UUID]:
    """Everybody of whom something is on record here by name, but for those who have given the address up since."""
    return named_in(states, holder.ends_of(states))


def named_in(states: Sequence[State], ends: holder.Ends) -> frozenset[uuid.UUID]:
    """Everybody of whom something is on record by name, but for those who gave the address up at one of these ends."""
    return frozenset(
        whose
        for state in states
        for (about, whose), one in state.items()
        if _of_somebody(about) and whose != NOBODY and not holder.is_former(whose, one.occurred_at, ends)
    )


def sees(whose: uuid.UUID | None, happened_at: datetime, seen: Sight) -> bool:
    """Is this the visitor's own, or nobody's in particular, and of a time when the address was theirs?"""
    mine = whose is None or whose in (NOBODY, seen.person)
    return mine and not holder.is_former(whose, happened_at, seen.ends)


Rows = Mapping[uuid.UUID, Standing]  # of one program, by person


def by_program(state: State) -> dict[str, dict[uuid.UUID, Standing]]:
    """The rows of each program or feature there; looked through once for all of them."""
    found: dict[str, dict[uuid.UUID, Standing]] = {}
    for (about, whose), one in state.items():
        found.setdefault(about, {})[whose] = one
    return found


def of_program(rows: Rows, stop: Standing | None, before: str, seen: Sight) -> Held:
    """What holds for messages, as the gate has it: a stop binds the number, and any later yes lifts it.

    A no of anybody else there is not overruled from here. `stop` is that of the whole channel, if it stands.
    """
    if not rows and stop is None:  # how it mostly is
        return Held(before, None, False, True, before == OFF)
    alone = rows.get(NOBODY) if len(rows) == 1 and stop is None and not seen.ends else None
    if alone is not None and alone.state != "expired":  # or so: one word, of nobody in particular
        is_given = alone.state == "given"
        return Held(ON if is_given else OFF, alone, False, True, not is_given)
    counting = {whose: one for whose, one in rows.items() if seen.person is None or whose in (NOBODY, seen.person)}
    given = [
        (whose, one)
        for whose, one in counting.items()
        if one.state == "given" and (stop is None or one.occurred_at > stop.occurred_at)
    ]
    newest = max(given, key=lambda each: (each[1].occurred_at, each[1].event_id), default=None)
    # A consent that ran out speaks against nothing that needs none, and against nobody else's yes.
    speaks = _NO if before == OFF and newest is None else _REFUSED
    against = [(whose, one) for whose, one in counting.items() if one.state in speaks]
    # What a stop of the number took is off by that stop and by nothing else, so a later yes outlives both.
    own = against if stop is None else [(whose, one) for whose, one in against if one.event_id != stop.event_id]
    left = against if newest is None else [no for no in own if not _overtaken(*no, *newest)]
    ended = _ended(rows, stop, before)
    may_agree = not any(whose not in (NOBODY, seen.person) for whose, one in against if one.state != "expired")
    if newest is not None and not left:
        shown = newest[1] if sees(newest[0], newest[1].occurred_at, seen) else None
        return Held(ON, shown, False, may_agree, ended)
    noes = [(whose, one) for whose, one in against if whose in (NOBODY, seen.person)]
    noes += [(NOBODY, stop)] if stop is not None else []
    last = max(noes, key=lambda each: (each[1].occurred_at, each[1].event_id), default=None)
    if last is not None:
        shown = last[1] if sees(last[0], last[1].occurred_at, seen) else None
        return Held(OFF, shown, last[1] is stop, may_agree, ended)
    if left:
        return Held(OFF, None, False, may_agree, ended)
    return Held(before, None, False, may_agree, ended)


def _ended(rows: Rows, stop: Standing | None, before: str) -> bool:
    """Has the number itself said no, and nobody there yes since, whoever is asked about?"""
    if any(one.state == "given" and (stop is None or one.occurred_at > stop.occurred_at) for one in rows.values()):
        return False
    nobodys = rows.get(NOBODY)
    return stop is not None or before == OFF or (nobodys is not None and nobodys.state in _REFUSED)


def of_feature(state: State, feature: str, before: str, seen: Sight) -> Held:
    """What holds for a feature: the newest word of the visitor, or of nobody in particular; a stop never counts."""
    mine = [one for (about, whose), one in state.items() if about == feature and sees(whose, one.occurred_at, seen)]
    last = max(mine, key=lambda one: (one.occurred_at, one.state in _NO, one.event_id), default=None)
    if last is None:
        return Held(before, None, False, not seen.shared or seen.person is not None)
    return Held(ON if last.state == "given" else OFF, last, False, True)


def stop_of(state: State) -> Standing | None:
    """The no to everything on this channel, if it stands."""
    stop = state.get(NUMBER)
    return stop if stop is not None and stop.state == "withdrawn" else None


def waits(state: State) -> bool:
    """Is there a text that nobody has read yet, so that nothing goes?"""
    return held(state) is not None


def asked_not_to_call(state: State) -> Standing | None:
    """The request not to be called or written to for selling, if it stands."""
    asked = state.get((numbers.DO_NOT_CALL, NOBODY))
    return asked if asked is not None and asked.state == "withdrawn" else None


def _of_somebody(about: str) -> bool:
    return numbers.of_program(about) or about in (numbers.SALE, numbers.USE)


def _overtaken(whose_no: uuid.UUID, no: Standing, whose_yes: uuid.UUID, yes: Standing) -> bool:
    """A later yes undoes a no of the same person, or a no said for the number by nobody in particular."""
    return yes.occurred_at > no.occurred_at and whose_no in (NOBODY, whose_yes)
