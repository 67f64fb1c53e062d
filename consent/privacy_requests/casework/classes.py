"""Which of our own records a class of data means, and which classes go or stay together. Pure.

An address and the records of consent that hang on it lie under one key: while one of them is kept, none of them goes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from consent.errors import BadInput
from consent.policies.organization import OrganizationPack
from consent.privacy_requests.casework.outcomes import SPLIT, Outcome
from consent.web.messages import N_

ADDRESS = "contact-point"
# Our own words for what we hold, and the part of our records that each means.
PARTS = {
    ADDRESS: "addresses",
    "consents": "consents",
    "settings": "consents",
    "messages-received": "messages",
    "messages-sent": "messages",
    "decisions": "delivery",
}
_USUAL = {"consents": "consent-records"}  # the class that is meant where several are of one part
# By these an address stays reachable and provable: while one is kept, the stream's key is kept.
HOLDS_KEY = frozenset({"addresses", "consents"})
ERASING = frozenset({"do", "anonymize"})
TOGETHER = N_("An address and the records of consent under it go together: keep all of them, or delete all of them.")


class Answer(Protocol):
    """What was decided about one class of data."""

    @property
    def category(self) -> str:
        """The class of data."""
        ...

    @property
    def what(self) -> str:
        """do, refuse, defer, keep, anonymize or isolate."""
        ...


def in_words_of(pack: OrganizationPack, word: str, channel: str | None = None) -> str:
    """The class of the pack that our own word means; the word itself where the pack has none for it.

    `channel` is that of the address in question: the class of a telephone number does not name a mailbox.
    """
    known = [one.key for one in pack.data_categories]
    usual, part = _USUAL.get(word, word), PARTS.get(word)
    if usual in known or part is None:
        return usual if usual in known else word
    fitting = (one.key for one in pack.data_categories if one.here == part and one.is_of(channel))
    return next(fitting, word)


def here(pack: OrganizationPack, channel: str | None = None) -> Mapping[str, str]:
    """The part of our own records behind each class, by the pack's words and by ours, for an address of `channel`."""
    named = {one.key: one.here for one in pack.data_categories if one.here is not None and one.is_of(channel)}
    ours = {word: part for word, part in PARTS.items() if word == ADDRESS or in_words_of(pack, word) == word}
    return ours | named


def joined(outcomes: Sequence[Outcome], parts: Mapping[str, str]) -> tuple[Outcome, ...]:
    """An address for which no class of the pack is made stays as long as the records of consent that are kept by it."""
    kept = next((one for one in outcomes if one.what == "keep" and parts.get(_class(one)) == "consents"), None)
    if kept is None:
        return tuple(outcomes)
    return tuple(
        replace(kept, category=one.category) if _class(one) == ADDRESS and one.what in ERASING else one
        for one in outcomes
    )


def refuse_torn(outcomes: Iterable[Outcome], parts: Mapping[str, str]) -> None:
    """BadInput where one class goes and another stays although both lie under one key."""
    bound = bound_of(outcomes, parts)
    if len(set(bound.values())) > 1:
        raise BadInput(TOGETHER, field=next(name for name, goes in bound.items() if goes))


def bound_of(outcomes: Iterable[Answer], parts: Mapping[str, str]) -> dict[str, bool]:
    """Does each class that lies under the key go? What was decided by source goes here where any of it goes."""
    goes: dict[str, bool] = {}
    for one in outcomes:
        if parts.get(_class(one)) in HOLDS_KEY:
            goes[_class(one)] = goes.get(_class(one), False) or one.what in ERASING
    return goes


def _class(one: Answer) -> str:
    return one.category.partition(SPLIT)[0]
