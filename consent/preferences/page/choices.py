"""What the page shows: every choice of every place, what may be pressed, and the digest of all of it. Pure."""

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from consent.policies.answers.choices import Clause, Sort
from consent.policies.organization import Feature, OrganizationPack
from consent.policies.rulebook import Rulebook
from consent.preferences import numbers
from consent.preferences.page import going, offered, standing
from consent.preferences.page.messages import NOT_ALLOWED
from consent.preferences.page.standing import Sight
from consent.preferences.page.wording import Line, Say
from consent.preferences.rules import Standing, State

States = Mapping[str, State]  # by channel
REFUSABLE = (Sort.CHOICE, Sort.UNUSED)  # what is not sent at present can be refused, too
NOES = ("refused", "withdrawn")
GRANTED_HERE = "person"  # in what capacity somebody allows a feature on this page


@dataclass(frozen=True, slots=True)
class Choice:
    """One switch, or the reason why there is none. `lines` and `agreeing` are the text that is agreed to."""

    key: str
    channel: str
    sort: Sort
    value: str
    lines: tuple[Line, ...]
    agreeing: Line
    marketing: bool
    may_agree: bool
    stopped: bool = False
    standing: Standing | None = None
    clause: Clause | None = None
    feature: bool = False
    companion: tuple[str, str, str] | None = None  # policy, version and title of the second document
    granted_by: str | None = None
    not_here: str = ""  # why it cannot be switched on here: others, document, shared
    places: tuple[str, ...] = ()  # of a feature: the channels where it is on
    ended: bool = True  # nothing of it can go to anybody at the number
    keeps: tuple[Line, ...] = ()  # what of it comes all the same after a no
    rests: str = ""  # why nothing of it goes at present though it is not off, by the code of the gate

    @property
    def field(self) -> str:
        """The name of its switch in the form."""
        return f"{self.channel}:{self.key}"

    @property
    def name(self) -> Line:
        """What it is called."""
        return self.lines[0]

    @property
    def text(self) -> tuple[Line, ...]:
        """All that somebody who switches it on has read and agrees to."""
        return (*self.lines, self.agreeing)

    @property
    def is_switch(self) -> bool:
        """Can anything be chosen?"""
        return self.sort is Sort.CHOICE and (self.value != standing.OFF or not self.not_here)

    @property
    def goes(self) -> bool:
        """Is there anything to switch off, be it for others at the number?"""
        return self.value != standing.OFF or not self.ended

    @property
    def why_it_rests(self) -> str:
        """Why nothing of it goes at present, as a message to translate."""
        return going.WHY.get(self.rests, NOT_ALLOWED)

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
        return self.stopped is None or any(not one.ended for one in self.choices if one.sort in REFUSABLE)


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page shows."""

    groups: tuple[Group, ...]
    features: tuple[Choice, ...]
    seen: Sight
    digest: str
    full: bool  # everything, and not the masked choices alone

    def __iter__(self) -> Iterator[Choice]:
        """Every choice in the order of the page."""
        for group in self.groups:
            yield from group.choices
        yield from self.features

    @property
    def switches(self) -> dict[str, Choice]:
        """What can be chosen, by the names of the fields."""
        return {one.field: one for one in self if one.is_switch}

    @property
    def sells(self) -> bool:
        """Is there marketing that may go out, so that there is something to stop?"""
        return any(one.marketing and one.sort is Sort.CHOICE and one.goes for one in self)

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
    made = (_group(rulebook, channel, state, seen, language, say, now) for channel, state in states.items())
    groups = tuple(one for one in made if one.choices)
    shown_here = [one for one in rulebook.organization.features if _shown(one, states)]
    features = tuple(_feature(rulebook, one, states, seen, language, say) for one in shown_here)
    every = [*(one for group in groups for one in group.choices), *features]
    shown = [[one.field, one.value, str(one.sort), one.not_here, *(line.text for line in one.text)] for one in every]
    # A stop that came meanwhile changes no switch that was off before; a yes has to know of it all the same.
    rows = [row for state in states.values() for row in state.items()]
    noes = sorted(str(one.event_id) for (about, _), one in rows if one.state in NOES and not numbers.of_program(about))
    said = [*rulebook.policy_version, language, full, shown, noes]
    digest = hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
    return Page(groups, features, seen, digest, full)


def _group(
    rulebook: Rulebook, channel: str, state: State, seen: Sight, language: str, say: Say, now: datetime
) -> Group:
    organization = rulebook.organization
    choices = []
    for program in organization.programs:
        if channel not in program.channels:
            continue
        offer = rulebook.choices.offer(program, channel)
        words = offered.of_program(rulebook, program, channel, language, say)
        holds = standing.of_program(state, program.key, offer.before, seen)
        if offer.sort is not Sort.CHOICE:
            stopped = standing.stop_of(state) is not None and not offer.stays
            value = standing.OFF if stopped else offer.before
            holds = holds._replace(value=value, standing=None, stopped=stopped)
        holds, rests = going.as_the_gate_has_it(rulebook, program, channel, offer, holds, state, seen, now)
        choices.append(
            Choice(
                program.key,
                channel,
                offer.sort,
                holds.value,
                words.lines,
                words.agreeing,
                program.marketing,
                holds.may_agree,
                holds.stopped,
                holds.standing,
                offer.clause,
                not_here="" if holds.may_agree else "shared",
                ended=holds.ended,
                keeps=_kept(organization, offer.keeps, language) if offer.sort is Sort.CHOICE else (),
                rests=rests,
            )
        )
    return Group(
        channel,
        tuple(choices),
        offered.ban(rulebook, channel),
        standing.stop_of(state),
        standing.waits(state),
        standing.asked_not_to_call(state),
    )


def _kept(organization: OrganizationPack, keeps: tuple[str, ...], language: str) -> tuple[Line, ...]:
    named = [one for one in organization.message_classes if one.key in keeps]
    return tuple(Line(one.name_in(language), one.language_of("name", language)) for one in named)


def _shown(feature: Feature, states: States) -> bool:
    """Features of this person; what belongs to the service or to a browser is no choice here."""
    return feature.footing != "required" and any(channel in states for channel in feature.channels)


def _feature(rulebook: Rulebook, feature: Feature, states: States, seen: Sight, language: str, say: Say) -> Choice:
    said = offered.of_feature(rulebook, feature, language, say)
    channels = [channel for channel in states if channel in feature.channels]
    before = standing.ON if feature.footing == "opt-out" else standing.OFF
    found = {channel: standing.of_feature(states[channel], feature.key, before, seen) for channel in channels}
    # Where one address allows it and another was never asked, it is on, and it is switched off where it is on.
    channel = max(channels, key=lambda one: (found[one].standing is not None, found[one].value == standing.ON))
    holds = found[channel]
    not_here = "" if holds.may_agree else "shared"
    if said.document_missing:
        not_here = "document"
    elif feature.granted_by not in (None, GRANTED_HERE):
        not_here = "others"
    return Choice(
        feature.key,
        channel,
        Sort.CHOICE,
        holds.value,
        said.words.lines,
        said.words.agreeing,
        False,
        not not_here,
        standing=holds.standing,
        clause=said.clause,
        feature=True,
        companion=said.companion,
        granted_by=feature.granted_by,
        not_here=not_here,
        places=tuple(one for one in channels if found[one].value == standing.ON),
    )
