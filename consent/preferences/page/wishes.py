"""What a sent form wants: the switches that were moved, what the form had shown, and its mark. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consent.preferences.page.choices import Choice, Page
from consent.preferences.page.standing import OFF, ON

MARK = re.compile(r"[A-Za-z0-9_-]{22}")  # 128 random bits in base64url
_FIELD = re.compile(r"[a-z]{3,8}:[a-z0-9.-]{1,64}")
_OWN = frozenset({"csrf", "act", "shown", "was"})


@dataclass(frozen=True, slots=True)
class Wishes:
    """Switches by the names of their fields; `shown` is the digest of the page that the form stood on."""

    off: frozenset[str]
    on: frozenset[str]
    shown: str
    act: str


@dataclass(frozen=True, slots=True)
class Granted:
    """What of the wishes may be done now: what goes off, what goes on, and whether the page must be looked at again."""

    off: tuple[Choice, ...]
    on: tuple[Choice, ...]
    stale: bool


def read(form: Iterable[tuple[str, str]]) -> Wishes | None:
    """The wishes of a form; None where it is none of ours, so that nothing of it is done.

    Only what was moved counts: a switch that still says what the form showed is no wish, whatever holds meanwhile.
    """
    sent: dict[str, str] = {}
    for name, value in form:
        if name in sent or len(value) > 8192:
            return None
        sent[name] = value
    act, shown, was = sent.get("act", ""), sent.get("shown", ""), _was(sent.get("was", ""))
    if not MARK.fullmatch(act) or was is None:
        return None
    moved = {name: value for name, value in sent.items() if name not in _OWN and value != was.get(name)}
    if any(not _FIELD.fullmatch(name) or value not in (ON, OFF) for name, value in moved.items()):
        return None
    off = frozenset(name for name, value in moved.items() if value == OFF)
    return Wishes(off, frozenset(moved) - off, shown, act)


def shown_by(page: Page) -> str:
    """What the form says it showed, to be sent back with it."""
    return " ".join(f"{field}={one.value}" for field, one in page.switches.items())


def granted(wishes: Wishes, page: Page) -> Granted:
    """What is done of them on the page as it is now. A no counts at once; a yes only to what the form really showed."""
    switches = page.switches
    off = tuple(one for field, one in switches.items() if field in wishes.off and one.goes)
    wanted = tuple(one for field, one in switches.items() if field in wishes.on and one.value != ON)
    gone = (wishes.on | wishes.off) - switches.keys()
    settled = not wanted and not gone
    stale = wishes.shown != page.digest and not settled
    return Granted(off, () if stale or not page.full else tuple(one for one in wanted if one.may_agree), stale)


def needs_code(wishes: Wishes, page: Page) -> bool:
    """Does it ask for something that only who proves to have the address may switch on?"""
    return not page.full and any(page.switches[one].value != ON for one in wishes.on if one in page.switches)


def _was(said: str) -> Mapping[str, str] | None:
    found = dict(one.split("=", 1) for one in said.split() if "=" in one)
    return found if len(found) == len(said.split()) else None
