"""What the page says whoever looks at it: it depends on the rulebook and the language alone, and is made once."""

from collections.abc import Callable, Hashable
from typing import NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from consent.policies.answers.choices import Clause
from consent.policies.organization import Feature, Program
from consent.policies.rulebook import Rulebook
from consent.preferences.page import wording
from consent.preferences.page.wording import Line, Say

T = TypeVar("T")


class Words(NamedTuple):
    """The text beside a switch, and what switching it on agrees to."""

    lines: tuple[Line, ...]
    agreeing: Line


class OfFeature(NamedTuple):
    """The same of a feature, with its second document and the clause by which it ends."""

    words: Words
    companion: tuple[str, str, str] | None
    document_missing: bool
    clause: Clause | None


# Forgotten together with the rulebook; nothing that is kept here may hold on to it.
_MADE: WeakKeyDictionary[Rulebook, dict[Hashable, object]] = WeakKeyDictionary()


def of_program(rulebook: Rulebook, program: Program, channel: str, language: str, say: Say) -> Words:
    """The words of this program on this channel."""

    def make() -> Words:
        organization = rulebook.organization
        lines = wording.of_program(organization, program, language, say)
        return Words(lines, wording.agreeing(organization, program, channel, language, say))

    return _once(rulebook, ("program", program.key, channel, language), make)


def of_feature(rulebook: Rulebook, feature: Feature, language: str, say: Say) -> OfFeature:
    """The words of this feature."""

    def make() -> OfFeature:
        features = rulebook.features
        companion, ending = features.companion(feature.key), features.ending(feature.key)
        lines = wording.of_feature(feature, companion.title if companion else None, language, say)
        return OfFeature(
            Words(lines, wording.allowing(rulebook.organization, language, say)),
            (companion.policy, companion.version, companion.title) if companion else None,
            features.companion_missing(feature.key),
            rulebook.choices.clause(ending.commitments[0]) if ending and ending.commitments else None,
        )

    return _once(rulebook, ("feature", feature.key, language), make)


def ban(rulebook: Rulebook, channel: str) -> Clause | None:
    """The clause by which no promotion ever goes this way."""
    return _once(rulebook, ("ban", channel), lambda: rulebook.choices.ban(channel))


def _once(rulebook: Rulebook, key: Hashable, make: Callable[[], T]) -> T:
    made = _MADE.setdefault(rulebook, {})
    if key not in made:
        made[key] = make()
    found: T = made[key]  # type: ignore[assignment]
    return found
