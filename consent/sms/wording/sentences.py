"""Reads a text in words of its own: guards first, then what stops, doubts, asks or starts. Pure and linear."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from consent.sms.wording.english import ENGLISH
from consent.sms.wording.french import FRENCH
from consent.sms.wording.grammar import END, Language, Pattern, Rule, Vocabulary
from consent.sms.wording.meaning import Classified, Intent
from consent.sms.wording.misspelt import Misspellings
from consent.sms.wording.scope import ERASURE, EVERYTHING
from consent.sms.wording.spanish import SPANISH
from consent.sms.wording.words import names, row, tokens

LANGUAGES: tuple[Language, ...] = (ENGLISH, SPANISH, FRENCH)


def _rules_of(language: Language) -> Iterable[Rule]:
    return chain(
        *(language.plain, language.guards, language.limits, language.stops, language.doubts),
        *(language.helps, language.starts),
    )


_VOCABULARY = Vocabulary(LANGUAGES, chain(*(_rules_of(one) for one in LANGUAGES), (EVERYTHING, ERASURE)))
_MISSPELT = Misspellings(_VOCABULARY.signs)


def _compiled(part: str) -> list[Pattern]:
    return [
        pattern
        for language in LANGUAGES
        for rule in getattr(language, part)
        for pattern in _VOCABULARY.compiled(rule, language.code)
    ]


_PLAIN, _GUARDS, _LIMITS, _STOPS = (_compiled(part) for part in ("plain", "guards", "limits", "stops"))
_DOUBTS, _HELPS, _STARTS = (_compiled(part) for part in ("doubts", "helps", "starts"))
_EVERYTHING = _VOCABULARY.compiled(EVERYTHING, "")
_ERASURE = _VOCABULARY.compiled(ERASURE, "")
# Words after which nobody is taken to ask for more.
_REFUSING = frozenset().union(
    *(_VOCABULARY.members[kind] for kind in ("CEASE", "NO", "NEG", "NOES", "NE", "UNSUB", "REMOVE", "BAN"))
)
_OTHER = Classified(Intent.OTHER, "The message is no keyword and no rule reads a wish about messages in it.")


def read(text: str, said: str) -> Classified:
    """What the sentences of `said` (the folded `text`) ask for; `other` where no rule applies."""
    found = tokens(said)
    signs = row(found, _VOCABULARY, _MISSPELT, names(text))
    known = set(signs)
    answer = _decided(signs, known, text)
    erasure = _first(_ERASURE, signs, known) is not None
    if erasure and answer.intent is Intent.OTHER:
        answer = replace(answer, why=ERASURE.why)
    if answer.intent is Intent.OTHER and not erasure:
        return answer
    everything = answer.intent is Intent.STOP and _first(_EVERYTHING, signs, known) is not None
    return replace(answer, language=_language(found), everything=everything, erasure=erasure)


def _decided(signs: str, known: set[str], text: str) -> Classified:
    if (stop := _first(_PLAIN, signs, known)) is not None:
        return _answer(Intent.STOP, stop)
    left, guard = _without(_GUARDS, signs, known)
    left, limit = _without(_LIMITS, left, known)
    if (stop := _first(_STOPS, left, known)) is not None:
        return _answer(Intent.STOP, stop)
    doubt = limit or _first(_DOUBTS, left, known)
    if doubt is not None:
        return _answer(Intent.AMBIGUOUS, doubt)
    if (asks := _first(_HELPS, left, known)) is not None:
        return _answer(Intent.HELP, asks)
    if known.isdisjoint(_REFUSING) and (start := _first(_STARTS, left, known)) is not None:
        return _answer(Intent.START, start)
    return _OTHER if guard is None else _answer(Intent.OTHER, guard)


def _first(patterns: Sequence[Pattern], signs: str, known: set[str]) -> Pattern | None:
    """The first pattern that occurs."""
    for one in patterns:
        if not one.needs.isdisjoint(known) and one.regex.search(signs):
            return one
    return None


def _without(patterns: Sequence[Pattern], signs: str, known: set[str]) -> tuple[str, Pattern | None]:
    """The row with what the patterns match taken out: nothing is read across the gap."""
    first = None
    for one in patterns:
        if not one.needs.isdisjoint(known):
            signs, times = one.regex.subn(END, signs)
            if times and first is None:
                first = one
    return signs, first


def _answer(intent: Intent, found: Pattern) -> Classified:
    return Classified(intent, found.rule.why, wrong_number=found.rule.wrong_number)


def _language(found: list[str]) -> str | None:
    """The language that most words belong to which belong to one only; None where two share the first place."""
    spoken = _VOCABULARY.language_of
    counted = Counter([spoken[word] for word in found if word in spoken]).most_common(2)
    if not counted or (len(counted) == 2 and counted[0][1] == counted[1][1]):
        return None
    return counted[0][0]
