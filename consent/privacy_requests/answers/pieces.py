"""One thing that is held about somebody, as an answer tells it, without what no answer may hold. Pure."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from consent.errors import SetupProblem
from consent.resources import folder

# What a record says about those who wrote it down is not the person's.
OTHERS = frozenset({"staff", "staff_name", "entered_by", "agent", "agent_name", "operator", "note", "client"})
WITHHELD = "not-shown"  # what stands in place of a value that no answer holds, with its kind behind it
OTHERS_ADDRESS = "[…]"
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_PHONE = re.compile(r"(?<![\w+])\+?\d[\d ().-]{7,18}\d(?!\w)")
_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")
_NOT_LETTERS = re.compile(r"[^a-z0-9']+")
_DAYS = re.compile(r"\d{4}-\d\d-\d\d.*")


@dataclass(frozen=True, slots=True)
class Piece:
    """One record: its class of data, what it serves, whence this very record came, and until when it is kept."""

    category: str
    what: str
    source: str
    purposes: tuple[str, ...] = ()
    at: str = ""
    kept: str = ""
    reference: str = ""
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)

    def written(self) -> bytes:
        """As one line, to be read back by `read`."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(told | {"fields": dict(self.fields)}, ensure_ascii=False).encode() + b"\n"


def read(line: bytes) -> Piece:
    """What `written` wrote."""
    told: dict[str, Any] = json.loads(line)
    return Piece(**(told | {"purposes": tuple(told["purposes"])}))


@dataclass(frozen=True, slots=True)
class Own:
    """Addresses of the person: those of anybody else are left out of what stores hand over."""

    addresses: frozenset[str] = field(repr=False)

    @classmethod
    def of(cls, addresses: Iterable[str]) -> "Own":
        """These addresses, in any way of writing them."""
        return cls(frozenset(_bare(one) for one in addresses))

    def holds(self, said: str) -> bool:
        """Is this one of theirs?"""
        bare = _bare(said)
        return any(bare == one or (bare.isdigit() and len(bare) >= 7 and one.endswith(bare)) for one in self.addresses)


def disclosed(piece: Piece, own: Own, *, from_store: bool) -> Piece:
    """The piece as it may go out: nothing secret, nothing about other people."""
    fields = {
        name: _value(name, said, own, from_store=from_store)
        for name, said in piece.fields.items()
        if name not in OTHERS and said
    }
    return replace(piece, fields=fields)


def _value(name: str, said: str, own: Own, *, from_store: bool) -> str:
    kind = _kind_of(name)
    if kind is not None:
        return f"{WITHHELD}: {kind}"
    for key, pattern in _patterns():
        said = pattern.sub(f"[{WITHHELD}: {key}]", said)
    said = _CARD.sub(lambda found: _card(found[0]), said)
    if from_store and not _DAYS.fullmatch(said):
        for pattern in (_MAIL, _PHONE):
            said = pattern.sub(lambda found: found[0] if own.holds(found[0]) else OTHERS_ADDRESS, said)
    return said


def _card(said: str) -> str:
    """A card number by its check digit (ISO/IEC 7812-1), else what it was."""
    digits = [int(one) for one in said if one.isdigit()]
    total = sum(one if at % 2 == 0 else sum(divmod(one * 2, 10)) for at, one in enumerate(reversed(digits)))
    return f"[{WITHHELD}: financial-account-number]" if total % 10 == 0 and len(set(digits)) > 1 else said


def _bare(said: str) -> str:
    if "@" in said:
        return said.strip().casefold()
    return "".join(one for one in said if one.isdigit())


@lru_cache(maxsize=4096)
def _kind_of(name: str) -> str | None:
    """The kind of secret that a field of this name holds, or None."""
    spaced = _NOT_LETTERS.sub(" ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).casefold())
    closed = spaced.replace(" ", "")
    for key, words, _pattern in _kinds():
        for word in words:
            if word in spaced.split() or (" " in word and word.replace(" ", "") in closed):
                return key
            if " " not in word and len(word) > 4 and word in closed:
                return key
    return None


def _patterns() -> Iterable[tuple[str, re.Pattern[str]]]:
    return ((key, pattern) for key, _words, pattern in _kinds() if pattern is not None)


@lru_cache(maxsize=1)
def _kinds() -> tuple[tuple[str, tuple[str, ...], re.Pattern[str] | None], ...]:
    path = folder("policies") / "words" / "never-disclosed.toml"
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        return tuple(
            (one["key"], tuple(one["words"]), re.compile(one["pattern"]) if "pattern" in one else None)
            for one in told["kind"]
        )
    except (OSError, ValueError, KeyError, TypeError, re.error) as error:
        wrong = f"policies/words/never-disclosed.toml cannot be read ({type(error).__name__}); install it again."
        raise SetupProblem(wrong) from None
