"""Reads a text in words of its own: guards first, then what stops, doubts, asks or starts. Pure and linear."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from consent.sms.wording.english import ENGLISH
from consent.sms.wording.french import FRENCH
from consent.sms.wording.grammar import END, Language, Pattern, Patterns, Rule, Vocabulary
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


_PARTS = ("plain", "guards", "limits", "stops", "doubts", "helps", "starts")
_PATTERNS = Patterns(
    {
        part: [*chain(*(_VOCABULARY.compiled(rule) for one in LANGUAGES for rule in getattr(one, part)))]
        for part in _PARTS
    }
    | {"everything": _VOCABULARY.compiled(EVERYTHING), "erasure": _VOCABULARY.compiled(ERASURE)}
)
# Words after which nobody is taken to ask for more.
_REFUSING = frozenset().union(
    *(_VOCABULARY.members[kind] for kind in ("CEASE", "NO", "NEG", "NOES", "NE", "UNSUB", "REMOVE", "BAN"))
)
UNREAD = Classified(Intent.OTHER, "The message is no keyword and no rule reads a wish about messages in it.")


def read(text: str, said: str) -> Classified:
    """What the sentences of `said` (the folded `text`) ask for; `other` where no rule applies."""
    found = tokens(said)
    signs = row(found, _VOCABULARY, _MISSPELT, names(text))
    present = frozenset(signs)
    known = _PATTERNS.known(present)
    answer = _decided(signs, known, present)
    erasure = _first("erasure", signs, known) is not None
    if answer.intent is Intent.OTHER:
        return replace(answer, why=ERASURE.why, language=_language(found), erasure=True) if erasure else answer
    everything = answer.intent is Intent.STOP and _first("everything", signs, known) is not None
    return Classified(
        answer.intent, answer.why, None, _language(found), everything, erasure, wrong_number=answer.wrong_number
    )


def _decided(signs: str, known: int, present: frozenset[str]) -> Classified:
    """Guards are taken out first; then a stop beats a doubt, a doubt a question, and a question a start."""
    if (stop := _first("plain", signs, known)) is not None:
        return _answer(Intent.STOP, stop)
    left, guard = _without("guards", signs, known)
    left, limit = _without("limits", left, known)
    if (stop := _first("stops", left, known)) is not None:
        return _answer(Intent.STOP, stop)
    doubt = limit or _first("doubts", left, known)
    if doubt is not None:
        return _answer(Intent.AMBIGUOUS, doubt)
    if (asks := _first("helps", left, known)) is not None:
        return _answer(Intent.HELP, asks)
    if present.isdisjoint(_REFUSING) and (start := _first("starts", left, known)) is not None:
        return _answer(Intent.START, start)
    return UNREAD if guard is None else _answer(Intent.OTHER, guard)


def _first(part: str, signs: str, known: int) -> Pattern | None:
    """The first pattern of this part that occurs."""
    for one in _PATTERNS.worth_trying(part, known):
        if one.regex.search(signs):
            return one
    return None


def _without(part: str, signs: str, known: int) -> tuple[str, Pattern | None]:
    """The row with what the patterns match taken out: nothing is read across the gap."""
    first = None
    for one in _PATTERNS.worth_trying(part, known):
        signs, times = one.regex.subn(END, signs)
        if times and first is None:
            first = one
    return signs, first


def _answer(intent: Intent, found: Pattern) -> Classified:
    return Classified(intent, found.rule.why, wrong_number=found.rule.wrong_number)


def language_of(said: str) -> str | None:
    """The language of a folded text, where its words tell it."""
    return _language(tokens(said))


def _language(found: list[str]) -> str | None:
    """The language that most words belong to which belong to one only; None where two share the first place."""
    counted = dict.fromkeys((one.code for one in LANGUAGES), 0)
    for word in found:
        spoken = _VOCABULARY.language_of.get(word)
        if spoken is not None:
            counted[spoken] += 1
    most = max(counted.values())
    leading = [code for code, times in counted.items() if times == most]
    return leading[0] if len(leading) == 1 else None
