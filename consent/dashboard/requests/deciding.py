"""The decision as a form: one choice for each class of data, made of an outcome and a ground that carries it. Pure.

A ground that does not carry an outcome is no choice at all, so nobody can take it by mistake.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from consent.dashboard.requests import naming
from consent.policies.answers.refusals import Ground
from consent.privacy_requests.answers.words import OUTCOMES, Speaker
from consent.privacy_requests.casework.outcomes import LONGEST_WORDS, NEEDS_GROUND, WHATS, Outcome, What
from consent.web.messages import N_

CHOOSE = N_("Choose what becomes of this.")
DAY = N_("Enter a day, as 2026-12-31.")
NEEDS_DAY = N_("Enter the day until which it is kept, or on which it is looked at again.")
PAST = N_("This day has passed: enter one that is to come.")
TOO_LONG = N_("This is too long; 2,000 characters are kept.")
DATED = frozenset(("keep", "isolate", "defer"))
FREE_OF_DAY = "suppression-list"  # it stays for as long as we must not write


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the list: its value in the form, how it is named, and the commitment or law it rests on."""

    value: str
    name: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One class of data in the form, as it stands: `number` names its fields."""

    number: int
    category: str
    value: str
    day: str
    words: str


def choices(
    request_type: str, allowed: Iterable[str], grounds: Sequence[Ground], speaker: Speaker
) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """What may be chosen for a class of data, in groups: simply done, then what needs a ground, by outcome."""
    may = [what for what in WHATS if what in set(allowed)]
    free = [one for one in may if one not in NEEDS_GROUND]
    plain = tuple(Choice(_value(one, None), speaker.outcome(one, request_type)) for one in free)
    groups = [(naming.said(N_("As asked")), plain)]
    for what in may:
        if what in NEEDS_GROUND:
            title = naming.said(OUTCOMES[what])
            carried = tuple(
                Choice(_value(what, one.code), f"{title}: {naming.ground_name(one.code)}", one.source)
                for one in grounds
                if what in one.carries
            )
            groups.append((title, carried))
    return tuple(one for one in groups if one[1])


def rows(outcomes: Sequence[Outcome]) -> tuple[Row, ...]:
    """The form as it is first shown: with what would usually be decided."""
    return tuple(
        Row(number, one.category, _value(one.what, one.ground), _iso(one.recheck_on or one.keep_until), one.words or "")
        for number, one in enumerate(outcomes)
    )


def read(
    sent: Mapping[str, str], usual: Sequence[Outcome], offered: Iterable[str], today: date
) -> tuple[tuple[Outcome, ...], tuple[Row, ...], dict[str, str]]:
    """The outcomes that were chosen, the form as it was sent, and what is wrong with it by field."""
    values, wrong = frozenset(offered), dict[str, str]()
    outcomes, shown = [], []
    for number, before in enumerate(usual):
        value, day = sent.get(f"what-{number}", ""), sent.get(f"day-{number}", "").strip()[:20]
        words = sent.get(f"words-{number}", "").replace("\r\n", "\n").strip()
        shown.append(Row(number, before.category, value, day, words[: LONGEST_WORDS * 2]))
        if len(words) > LONGEST_WORDS:
            wrong[f"words-{number}"] = TOO_LONG
        if value not in values:
            wrong[f"what-{number}"] = CHOOSE
            continue
        what, _, ground = value.partition(":")
        until, fault = _day(day, what, ground, today)
        if fault:
            wrong[f"day-{number}"] = fault
        outcomes.append(_outcome(before, what, ground or None, until, words or None))
    return tuple(outcomes), tuple(shown), wrong


def digest(outcomes: Sequence[Outcome]) -> str:
    """What somebody saw when they pressed the button of the usual case: another proposal has another digest."""
    return hashlib.sha256(repr([replace(one, words=None) for one in outcomes]).encode()).hexdigest()[:32]


def _outcome(before: Outcome, what: str, ground: str | None, until: date | None, words: str | None) -> Outcome:
    chosen: What = next(one for one in WHATS if one == what)
    same = (chosen, ground) == (before.what, before.ground)
    return Outcome(
        before.category,
        chosen,
        ground,
        words,
        recheck_on=until if what == "defer" else None,
        keep_until=until if what in ("keep", "isolate") else None,
        backup_until=before.backup_until if what in ("do", "anonymize") else None,
        recheck=before.recheck if same else None,
    )


def _day(text: str, what: str, ground: str, today: date) -> tuple[date | None, str]:
    """The day of an outcome that has one, or what is wrong with it."""
    if what not in DATED:
        return None, ""
    if not text:
        return None, "" if ground == FREE_OF_DAY else NEEDS_DAY
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, DAY
    return (day, "") if day > today or (day == today and what != "defer") else (None, PAST)


def _value(what: str, ground: str | None) -> str:
    return f"{what}:{ground or ''}"


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()
