"""What the page says whoever looks at it: it depends on the rulebook and the language alone, and is made once."""

import hashlib
import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from consent.policies.answers.choices import Clause, Offer, Sort
from consent.policies.organization import Feature, Program
from consent.policies.rulebook import Rulebook
from consent.policies.said import language_among
from consent.preferences.page import trackers, wording
from consent.preferences.page.standing import OFF, ON
from consent.preferences.page.wording import Line, Say

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Offering:
    """A choice as everybody is offered it, in one language. `lines` and `agreeing` are the text that is agreed to.

    There is one of it for as long as its rulebook lives, and it equals nothing else: pages are kept by it.
    """

    field: str  # the name of its switch in the form
    key: str
    channel: str
    sort: Sort
    before: str  # what holds before any word
    lines: tuple[Line, ...]
    agreeing: Line
    clause: Clause | None
    marketing: bool = False
    keeps: tuple[Line, ...] = ()  # what of it comes all the same after a no
    companion: tuple[str, str, str] | None = None  # policy, version and title of the second document
    granted_by: str | None = None
    document_missing: bool = False
    feature: bool = False
    said: str = ""  # all of it as one text, as it is kept when somebody agrees
    digest: str = ""  # another one for each other text

    @property
    def name(self) -> Line:
        """What it is called."""
        return self.lines[0]

    @property
    def text(self) -> tuple[Line, ...]:
        """All that somebody who switches it on has read and agrees to."""
        return (*self.lines, self.agreeing)


class Offered(NamedTuple):
    """A program on one channel, as the gate knows it and as everybody is offered it."""

    about: Offering
    program: Program
    offer: Offer


# Forgotten together with the rulebook; nothing that is kept here may hold on to it.
_MADE: WeakKeyDictionary[Rulebook, dict[Hashable, object]] = WeakKeyDictionary()


def programs(rulebook: Rulebook, channel: str, language: str, say: Say) -> tuple[Offered, ...]:
    """What there is to choose on this channel, in the order of the page."""

    def make() -> tuple[Offered, ...]:
        every = [one for one in rulebook.organization.programs if channel in one.channels]
        return tuple(_program(rulebook, one, channel, language, say) for one in every)

    return _once(rulebook, ("programs", channel, language), make)


def feature(rulebook: Rulebook, one: Feature, channel: str, language: str, say: Say) -> Offering:
    """This feature, where it is switched on this channel."""
    key = ("feature", one.key, channel, language)
    return _once(rulebook, key, lambda: _feature(rulebook, one, channel, language, say))


def _program(rulebook: Rulebook, program: Program, channel: str, language: str, say: Say) -> Offered:
    organization, offer = rulebook.organization, rulebook.choices.offer(program, channel)
    kept = [one for one in organization.message_classes if one.key in offer.keeps and offer.sort is Sort.CHOICE]
    lines = wording.of_program(organization, program, language, say)
    agreeing = wording.agreeing(organization, program, channel, language, say)
    about = Offering(
        f"{channel}:{program.key}",
        program.key,
        channel,
        offer.sort,
        offer.before,
        lines,
        agreeing,
        offer.clause,
        program.marketing,
        tuple(Line(one.name_in(language), one.language_of("name", language)) for one in kept),
        said=wording.joined([(*lines, agreeing)]),
        digest=_digest(lines, agreeing),
    )
    return Offered(about, program, offer)


def _feature(rulebook: Rulebook, one: Feature, channel: str, language: str, say: Say) -> Offering:
    features = rulebook.features
    companion, ending = features.companion(one.key), features.ending(one.key)
    lines = wording.of_feature(one, companion.title if companion else None, language, say)
    agreeing = wording.allowing(rulebook.organization, language, say)
    return Offering(
        f"{channel}:{one.key}",
        one.key,
        channel,
        Sort.CHOICE,
        ON if one.footing == "opt-out" else OFF,
        lines,
        agreeing,
        rulebook.choices.clause(ending.commitments[0]) if ending and ending.commitments else None,
        companion=(companion.policy, companion.version, companion.title) if companion else None,
        granted_by=one.granted_by,
        document_missing=features.companion_missing(one.key),
        feature=True,
        said=wording.joined([(*lines, agreeing)]),
        digest=_digest(lines, agreeing),
    )


def _digest(lines: tuple[Line, ...], agreeing: Line) -> str:
    said = json.dumps([line.text for line in (*lines, agreeing)], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


class Often(NamedTuple):
    """A program that lets people choose how often it writes: its channels, and the choices with their sentences."""

    key: str
    name: Line
    channels: Sequence[str]
    offered: tuple[tuple[str, Line], ...]


def frequencies(rulebook: Rulebook, language: str) -> tuple[Often, ...]:
    """The programs that do, in the order of the page."""

    def make() -> tuple[Often, ...]:
        return tuple(
            Often(
                one.key,
                Line(one.name_in(language), one.language_of("name", language)),
                tuple(one.channels),
                tuple((each.choice, _line(each.sentence, language)) for each in one.frequencies),
            )
            for one in rulebook.organization.programs
            if one.frequencies
        )

    return _once(rulebook, ("often", language), make)


def _line(sentence: Mapping[str, str], language: str) -> Line:
    spoken = language_among(sentence, language)
    return Line(sentence.get(spoken, ""), spoken)


def refusals(rulebook: Rulebook) -> tuple[bool, bool]:
    """Whether switches are owed to whoever looks: against the sale of data, and to limit its use."""

    def make() -> tuple[bool, bool]:
        owed = rulebook.privacy_switches()
        return bool(owed.sale), bool(owed.limit_use)

    return _once(rulebook, "refusals", make)


def cookies(rulebook: Rulebook) -> str:
    """The sentence about cookies, as a message to translate."""
    return _once(rulebook, "cookies", lambda: trackers.sentence(rulebook.trackers))


def ban(rulebook: Rulebook, channel: str) -> Clause | None:
    """The clause by which no promotion ever goes this way."""
    return _once(rulebook, ("ban", channel), lambda: rulebook.choices.ban(channel))


def _once(rulebook: Rulebook, key: Hashable, make: Callable[[], T]) -> T:
    made = _MADE.setdefault(rulebook, {})
    if key not in made:
        made[key] = make()
    found: T = made[key]  # type: ignore[assignment]
    return found


def of_day(rulebook: Rulebook, day: date, key: Hashable, make: Callable[[], T]) -> T:
    """What is the same for everybody on that day; the one of another day is forgotten."""
    made = _MADE.setdefault(rulebook, {})
    known: Any = made.get(key)
    if known is None or known[0] != day:
        known = made[key] = (day, make())
    found: T = known[1]
    return found
