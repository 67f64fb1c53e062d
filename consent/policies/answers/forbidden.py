"""What an organization keeps out of free text, and the text without it. By its own promises, with one floor for all.

No organization may keep the security code of a card (PCI DSS 4.0, 3.3.1.2); whether it keeps card numbers, accounts and
web addresses out of notes is a matter of what it promised (T-80, T-83).
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from consent.errors import SetupProblem
from consent.policies import masking
from consent.policies.answers.inventory import NEVER_STORED
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.masking import BLOT
from consent.resources import folder

PEOPLE, STAFF, SYSTEMS, FILES = "people", "staff", "systems", "files"
CARD, CVV, URL, MESSAGE = "card", "cvv", "url", "message"
_URL = re.compile(r"(?i)\bhttps?://([^\s/?#<>\"']{1,253})([/?#][^\s<>\"']*)?")
_NOTHING: frozenset[str] = frozenset()
_LABELS = 2  # of a host, counted from its end: never finer than the registrable domain


class Cleaned(NamedTuple):
    """The text that may be kept, and the kinds of what was taken out."""

    text: str
    kinds: tuple[str, ...] = ()


class _Kind(NamedTuple):
    key: str
    words: frozenset[str]
    of: frozenset[str]
    fields: frozenset[str]


class Forbidden:
    """What the promises of one organization keep out, ready to be asked."""

    def __init__(self, promises: Sequence[Promise]) -> None:
        told = {word: one.id for one in promises for word in _banned(one)}
        self._out = {one.key: _behind(one, told) for one in _kinds() if not one.words.isdisjoint(told)}
        self._out.setdefault(CVV, ())
        out = [one for one in _kinds() if one.key in self._out]
        origins = {origin for one in out for origin in one.of}
        self._kinds = {origin: frozenset(one.key for one in out if origin in one.of) for origin in origins}
        self._fields = {name: one.key for one in _kinds() if one.key in self._out for name in one.fields}

    def rests_on(self, kind: str) -> tuple[str, ...]:
        """The promises by which this is kept out; none where it is the floor for everybody."""
        return self._out.get(kind, ())

    def kinds(self, origin: str) -> frozenset[str]:
        """What is kept out of text of this origin."""
        return self._kinds.get(origin, _NOTHING)

    def clean(self, text: str, origin: str, field: str = "") -> Cleaned:
        """The text without it. A field whose name says that it holds messages keeps nothing at all."""
        wanted = self.kinds(origin)
        if self._fields.get(field.casefold()) in wanted and text:
            return Cleaned("", (MESSAGE,))
        masked = masking.mask(text)
        if not masked.found and "://" not in text:  # how it mostly is
            return Cleaned(text)
        taken = [one for one in masked.found if one.kind in wanted]
        kinds: list[str] = [one.kind for one in taken]
        if taken:
            text = masking.blotted(text, taken)
        if URL in wanted and (shorter := _URL.sub(_cut, text)) != text:
            text, kinds = shorter, [*kinds, URL]
        return Cleaned(text, tuple(dict.fromkeys(kinds)))


def _cut(found: re.Match[str]) -> str:
    """The registrable domain alone; what is no finer than that stays as it is."""
    host = found[1].rpartition("@")[2].partition(":")[0]
    labels = host.split(".")
    goes_on = found[2] is not None and len(found[2]) > 1
    if not goes_on and host == found[1] and (len(labels) <= _LABELS or host.replace(".", "").isdigit()):
        return found[0]
    return (host if host.replace(".", "").isdigit() else ".".join(labels[-_LABELS:])) + (f"/{BLOT}" if goes_on else "")


def _banned(one: Promise) -> Iterable[str]:
    if one.kind == "content-not-collected" and "banned" in one.parameters:
        yield from s.as_list(one.parameters["banned"])
    yield from s.as_list(one.decided.get("never_stored"))
    if one.kind == "data-category-collected" and one.decided.get("storage"):
        yield from ("card-number", "bank-account-number")  # what passes through leaves a token behind, and no more


def _behind(kind: _Kind, told: dict[str, str]) -> tuple[str, ...]:
    return tuple(sorted({told[word] for word in kind.words if word in told}))


@lru_cache(maxsize=1)
def _kinds() -> tuple[_Kind, ...]:
    try:
        told = tomllib.loads((folder("policies") / "words" / "forbidden.toml").read_text(encoding="utf-8"))
        found = tuple(
            _Kind(one["key"], *(frozenset(one.get(name, ())) for name in ("words", "of", "fields")))
            for one in told["kind"]
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        wrong = f"policies/words/forbidden.toml cannot be read ({type(error).__name__}); install it again."
        raise SetupProblem(wrong) from None
    if not any(one.words & NEVER_STORED for one in found):
        raise SetupProblem("policies/words/forbidden.toml knows no security code of cards; install it again.")
    return found
