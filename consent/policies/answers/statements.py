"""What must be said, and where: the statements that promises and the law want shown on a form, page or reply.

A promise names its places in its own words; `OURS` says which of these our own surfaces are. Any other word (a portal,
a forum of the company) is asked for as it stands, so that the company's own site can show what it owes there.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from consent.errors import SetupProblem
from consent.policies import lexicon
from consent.policies.kinds import Promise, channels_of
from consent.policies.kinds import shapes as s
from consent.policies.kinds.documents import contacts_lacking
from consent.policies.organization import OrganizationPack
from consent.policies.version import Commitment

NO_CONDITION = "not-a-condition"  # said beside every box of a channel for which a promise of that kind stands
# Surfaces of this service, and the words of promises that speak of such a place.
OURS: Mapping[str, frozenset[str]] = {
    "opt-in-form": frozenset({"opt-in-form", "enrolment"}),
    "program-page": frozenset({"opt-in-form"}),
    "preference-page": frozenset({"preference-page", "do-not-sell"}),
    "unsubscribe-page": frozenset({"unsubscribe-page"}),
    "request-form": frozenset({"request-form", "feedback", "do-not-sell"}),
    "privacy-page": frozenset({"website", "do-not-sell"}),
    "help-reply": frozenset({"help-reply"}),
    "stop-reply": frozenset({"stop-reply"}),
    "opt-in-confirmation": frozenset({"opt-in-confirmation"}),
}
# The answers to keywords that are surfaces of their own.
SAID_IN = {"help": "help-reply", "stop": "stop-reply", "start": "opt-in-confirmation"}
_WAYS_TO_REFUSE_A_SALE = "do-not-sell"


class StatementMissing(SetupProblem):
    """Something was about to be shown without what a promise or the law wants said there."""


class Statement(NamedTuple):
    """One thing to be said: its key, its texts by language, whom it rests on, and where it is said."""

    key: str
    texts: Mapping[str, str]
    rests_on: tuple[str, ...]
    places: tuple[str, ...]
    marks: tuple[str, ...] = ()  # every field of the form is marked so

    def said(self, language: str) -> tuple[str, str]:
        """The text in that language, else in the first it has, with the language it is in."""
        if language in self.texts:
            return self.texts[language], language
        first = next(iter(self.texts))
        return self.texts[first], first


class _Owed(NamedTuple):
    key: str
    promise: Promise
    places: frozenset[str]
    channels: frozenset[str]  # empty: whatever the channel
    jurisdictions: tuple[str, ...]
    marks: tuple[str, ...]


class Statements:
    """The statements one organization owes, by the promises and the law of one day."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise]) -> None:
        self._texts = organization.statements
        sells = any(sells_data(one) for one in promises)
        self._owed = tuple(each for one in promises for each in _owed(one) if not (sells and _says_no_sale(one)))

    def surfaces(self) -> tuple[str, ...]:
        """Every surface for which something is owed, ours and the company's own, sorted."""
        ours = {name for name in OURS if self.required(name)}
        return tuple(sorted(ours | {place for one in self._owed if self._has(one) for place in one.places}))

    def required(self, surface: str, channel: str | None = None, where: str | None = None) -> tuple[Statement, ...]:
        """What must be said there; a channel or place nobody names is read as every one (doubt favours the person)."""
        places = OURS.get(surface, frozenset({surface}))
        found: dict[str, list[_Owed]] = {}
        for one in self._owed:
            if places & one.places and _about(one, channel) and _within(one, where) and self._has(one):
                found.setdefault(one.key, []).append(one)
        return tuple(self._statement(key, some) for key, some in found.items())

    def lacking(self, surface: str, channel: str, language: str, text: str) -> tuple[str, ...]:
        """The keys of what a reply on this surface must carry and does not, as far as words can be looked for."""
        words, places, found = lexicon.shipped(), OURS.get(surface, frozenset({surface})), []
        for one in self._owed:
            if places & one.places and _about(one, channel):
                unsaid = one.key in words.statements and not words.carries(text, one.key, language)
                if unsaid or contacts_lacking(s.as_list(one.promise.parameters.get("contacts")), text):
                    found.append(one.key)
        return tuple(dict.fromkeys(found))

    def _has(self, one: _Owed) -> bool:
        """A commitment without its words is refused when it is published; a law speaks where the pack has words."""
        return one.key in self._texts

    def _statement(self, key: str, owed: Sequence[_Owed]) -> Statement:
        return Statement(
            key,
            self._texts[key],
            tuple(dict.fromkeys(one.promise.id for one in owed)),
            tuple(sorted({place for one in owed for place in one.places})),
            tuple(dict.fromkeys(mark for one in owed for mark in one.marks)),
        )


def keys_of(promise: Promise) -> tuple[str, ...]:
    """The keys under which the texts of this promise stand in organization.toml."""
    if promise.kind == "consent-not-condition":
        return (NO_CONDITION,)
    if promise.kind != "disclosure-required":
        return ()
    return tuple(s.as_list(promise.parameters.get("statements"))) or (promise.id,)


def contradicted(promises: Iterable[Promise]) -> list[Promise]:
    """The promises that say nothing is sold, where another one sells (T-66)."""
    told = list(promises)
    return [one for one in told if _says_no_sale(one)] if any(sells_data(one) for one in told) else []


def sells_data(promise: Promise) -> bool:
    """Does the promise name somebody as buying data?"""
    parameters = promise.parameters
    purposes = s.as_list(parameters.get("purposes")) + s.as_list(parameters.get("purpose"))
    return promise.kind == "share-allowed-recipient" and "sale" in purposes


def _says_no_sale(promise: Promise) -> bool:
    return promise.kind == "disclosure-required" and promise.parameters.get("because") == "no-sale"


def _owed(promise: Promise) -> list[_Owed]:
    parameters = promise.parameters
    places = set(s.as_list(parameters.get("where"))) | set(s.as_list(parameters.get("surface")))
    if promise.kind == "consent-not-condition":
        places = {"opt-in-form"}
    elif promise.kind == "disclosure-required" and "mechanism" in parameters:
        places.add(_WAYS_TO_REFUSE_A_SALE)
    binds_everywhere = isinstance(promise, Commitment)
    return [
        _Owed(
            key,
            promise,
            frozenset(places),
            channels_of(parameters),
            tuple(s.as_list(parameters.get("jurisdictions"))) if binds_everywhere else (),
            tuple(s.as_list(parameters.get("marks"))),
        )
        for key in keys_of(promise)
    ]


def _about(one: _Owed, channel: str | None) -> bool:
    return channel is None or not one.channels or channel in one.channels


def _within(one: _Owed, where: str | None) -> bool:
    """Is a person who may be there among those who are told? US-CA-SF lies in US-CA, and US may be US-CA."""
    if where is None or not one.jurisdictions:
        return True
    return any(where == place or where.startswith(f"{place}-") or place.startswith(f"{where}-")
               for place in one.jurisdictions)  # fmt: skip
