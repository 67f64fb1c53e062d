"""What the page shows: every choice of every place, what may be pressed, and the digest of all of it. Pure."""

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from consent.policies.answers.choices import Clause, Sort
from consent.policies.organization import Feature
from consent.policies.rulebook import PolicyRef, Rulebook
from consent.preferences import numbers
from consent.preferences.page import going, offered, standing
from consent.preferences.page.offered import Offering
from consent.preferences.page.standing import Sight
from consent.preferences.page.wording import Line, Say
from consent.preferences.rules import Standing, State

States = Mapping[str, State]  # by channel
REFUSABLE = (Sort.CHOICE, Sort.UNUSED)  # what is not sent at present can be refused, too
NOES = ("refused", "withdrawn")
_NO_ROWS: standing.Rows = {}
GRANTED_HERE = "person"  # in what capacity somebody allows a feature on this page


class Choice(NamedTuple):
    """One switch, or the reason why there is none: what is offered, and what holds of it."""

    about: Offering
    value: str
    may_agree: bool
    stopped: bool = False
    standing: Standing | None = None
    not_here: str = ""  # why it cannot be switched on here: others, document, shared
    ended: bool = True  # nothing of it can go to anybody at the number
    rests: str = ""  # why nothing of it goes at present though it is not off, by the code of the gate
    places: tuple[str, ...] = ()  # of a feature: the channels where it is on

    @property
    def key(self) -> str:
        """The program or feature."""
        return self.about.key

    @property
    def channel(self) -> str:
        """Where it is switched."""
        return self.about.channel

    @property
    def sort(self) -> Sort:
        """What there is to choose."""
        return self.about.sort

    @property
    def marketing(self) -> bool:
        """Does it sell?"""
        return self.about.marketing

    @property
    def feature(self) -> bool:
        """Is it no message at all?"""
        return self.about.feature

    @property
    def companion(self) -> tuple[str, str, str] | None:
        """Policy, version and title of the second document."""
        return self.about.companion

    @property
    def granted_by(self) -> str | None:
        """In what capacity it is allowed."""
        return self.about.granted_by

    @property
    def agreeing(self) -> Line:
        """What switching it on agrees to."""
        return self.about.agreeing

    @property
    def lines(self) -> tuple[Line, ...]:
        """What it is, the name first."""
        return self.about.lines

    @property
    def keeps(self) -> tuple[Line, ...]:
        """What of it comes all the same after a no."""
        return self.about.keeps

    @property
    def clause(self) -> Clause | None:
        """The words it rests on."""
        return self.about.clause

    @property
    def field(self) -> str:
        """The name of its switch in the form."""
        return self.about.field

    @property
    def name(self) -> Line:
        """What it is called."""
        return self.about.lines[0]

    @property
    def text(self) -> tuple[Line, ...]:
        """All that somebody who switches it on has read and agrees to."""
        return self.about.text

    @property
    def is_switch(self) -> bool:
        """Can anything be chosen?"""
        return self.about.sort is Sort.CHOICE and (self.value != standing.OFF or not self.not_here)

    @property
    def goes(self) -> bool:
        """Is there anything to switch off, be it for others at the number?"""
        return self.value != standing.OFF or not self.ended

    @property
    def since(self) -> datetime | None:
        """Since when it stands so, where that is known and may be shown."""
        return self.standing.occurred_at if self.standing is not None else None


@dataclass(frozen=True, slots=True)
class Group:
    """One channel of the visit: its choices, and what holds for all of it."""

    channel: str
    choices: tuple[Choice, ...]
    ban: Clause | None
    stopped: Standing | None
    waits: bool
    do_not_call: Standing | None

    @property
    def sends(self) -> bool:
        """Would a stop to everything on this channel still change something, for whoever is reached there?"""
        return self.stopped is None or any(not one.ended for one in self.choices if one.about.sort in REFUSABLE)


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page shows."""

    groups: tuple[Group, ...]
    features: tuple[Choice, ...]
    seen: Sight
    digest: str
    full: bool  # everything, and not the masked choices alone
    switches: Mapping[str, Choice]  # what can be chosen, by the names of the fields

    def __iter__(self) -> Iterator[Choice]:
        """Every choice in the order of the page."""
        for group in self.groups:
            yield from group.choices
        yield from self.features

    @property
    def sells(self) -> bool:
        """Is there marketing that may go out, so that there is something to stop?"""
        return any(one.about.marketing and one.about.sort is Sort.CHOICE and one.goes for one in self)

    @property
    def takes_no_code(self) -> bool:
        """Would a code by text never arrive, because the number said stop, or may have?"""
        return any(one.channel == "sms" and (one.stopped is not None or one.waits) for one in self.groups)

    @property
    def sends(self) -> bool:
        """Is there anything that a stop to everything would still end?"""
        return any(one.sends for one in self.groups)


def page_of(
    rulebook: Rulebook,
    states: States,
    person: uuid.UUID | None,
    language: str,
    say: Say,
    now: datetime,
    *,
    full: bool,
) -> Page:
    """The page for these places; `person` is whom a link was sent to, `full` whether the address was proven."""
    seen = standing.sight(states.values(), person)
    made = [_group(rulebook, channel, state, seen, language, say, now) for channel, state in states.items()]
    groups = tuple(one for one in made if one.choices)
    features = tuple(_feature(rulebook, one, states, seen, language, say) for one in _features(rulebook, states))
    every = [*(one for group in groups for one in group.choices), *features]
    shown = tuple([(one.about.field, one.value, one.about.sort, one.not_here, one.about.digest) for one in every])
    # A stop that came meanwhile changes no switch that was off before; a yes has to know of it all the same.
    rows = [row for state in states.values() for row in state.items() if not numbers.of_program(row[0][0])]
    noes = tuple(sorted([str(one.event_id) for _, one in rows if one.state in NOES]))
    digest = _digest(rulebook.policy_version, language, full, shown, noes)
    return Page(groups, features, seen, digest, full, {one.about.field: one for one in every if one.is_switch})


@lru_cache(maxsize=256)  # most people have chosen as many others have
def _digest(
    policy: PolicyRef, language: str, full: bool, shown: tuple[tuple[str, ...], ...], noes: tuple[str, ...]
) -> str:
    said = [*policy, language, full, shown, noes]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _group(
    rulebook: Rulebook, channel: str, state: State, seen: Sight, language: str, say: Say, now: datetime
) -> Group:
    choices, stop, rows = [], standing.stop_of(state), standing.by_program(state)
    # All that the gate looks at for any program; with the rows of one program, all that it looks at for that one.
    of_all = {key: one for key, one in state.items() if not numbers.of_program(key[0])}
    for about, program, offer in offered.programs(rulebook, channel, language, say):
        mine = rows.get(about.key, _NO_ROWS)
        holds = standing.of_program(mine, stop, about.before, seen)
        if about.sort is not Sort.CHOICE:
            stopped = stop is not None and not offer.stays
            value = standing.OFF if stopped else about.before
            holds = holds._replace(value=value, standing=None, stopped=stopped)
        rests = ""
        if state and holds.value == standing.ON:
            asked = of_all | {(about.key, whose): one for whose, one in mine.items()}
            holds, rests = going.as_the_gate_has_it(rulebook, program, channel, offer, holds, asked, seen, now)
        not_here = "" if holds.may_agree else "shared"
        choices.append(
            Choice(about, holds.value, holds.may_agree, holds.stopped, holds.standing, not_here, holds.ended, rests)
        )
    return Group(
        channel,
        tuple(choices),
        offered.ban(rulebook, channel),
        stop,
        standing.waits(state),
        standing.asked_not_to_call(state),
    )


def _features(rulebook: Rulebook, states: States) -> list[Feature]:
    """Features of this person; what belongs to the service or to a browser is no choice here."""
    every = rulebook.organization.features
    return [one for one in every if one.footing != "required" and any(channel in states for channel in one.channels)]


def _feature(rulebook: Rulebook, feature: Feature, states: States, seen: Sight, language: str, say: Say) -> Choice:
    channels = [channel for channel in states if channel in feature.channels]
    before = standing.ON if feature.footing == "opt-out" else standing.OFF
    found = {channel: standing.of_feature(states[channel], feature.key, before, seen) for channel in channels}
    # Where one address allows it and another was never asked, it is on, and it is switched off where it is on.
    channel = max(channels, key=lambda one: (found[one].standing is not None, found[one].value == standing.ON))
    about = offered.feature(rulebook, feature, channel, language, say)
    holds = found[channel]
    not_here = "" if holds.may_agree else "shared"
    if about.document_missing:
        not_here = "document"
    elif feature.granted_by not in (None, GRANTED_HERE):
        not_here = "others"
    on = tuple(one for one in channels if found[one].value == standing.ON)
    return Choice(about, holds.value, not not_here, standing=holds.standing, not_here=not_here, places=on)
