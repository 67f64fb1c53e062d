"""Where the law stands on a day: what binds, what changes within a year, what nobody has read for too long. Pure."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from consent.policies.law import LawRule

Move = Literal["begins", "ends", "pending"]

# A source is read again at least every quarter: several rules change within months.
FRESH_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Change:
    """A rule that begins or ends on `day`; `day` is missing for one that is known but dated nowhere."""

    move: Move
    day: date | None
    rule: LawRule


@dataclass(frozen=True)
class LawStatus:
    """The three parts of the answer, each in the order in which it is read."""

    on: date
    in_force: tuple[LawRule, ...]
    changes: tuple[Change, ...]
    unchecked: tuple[LawRule, ...]


def law_status(rules: Iterable[LawRule], on: date) -> LawStatus:
    """What is in force on that day, what changes until a year later, what was not checked for 90 days by then."""
    known = sorted(rules, key=_order)
    return LawStatus(
        on=on,
        in_force=tuple(one for one in known if in_force(one, on)),
        changes=changes_between(known, on, a_year_after(on)),
        unchecked=tuple(one for one in known if on - one.checked_on >= FRESH_FOR and not _over(one, on)),
    )


def in_force(rule: LawRule, on: date) -> bool:
    """Does the rule bind on that day, in its own places?"""
    return rule.binds(on, rule.jurisdictions)


def changes_between(rules: Sequence[LawRule], after: date, until: date) -> tuple[Change, ...]:
    """Every beginning and end after the first day and not after the second, by date; the undated come last."""
    dated = [
        Change(move, day, rule)
        for rule in rules
        for move, day in _moves(rule)
        if day is not None and after < day <= until
    ]
    pending = [Change("pending", None, rule) for rule in rules if rule.in_force_from is None]
    # On one day the old text goes before the new one comes.
    dated.sort(key=lambda one: (one.day or date.max, one.rule.id, one.rule.jurisdictions, one.move != "ends"))
    return (*dated, *pending)


def a_year_after(day: date) -> date:
    """The same day a year later; 29 February becomes the 28th."""
    last = calendar.monthrange(day.year + 1, day.month)[1]
    return date(day.year + 1, day.month, min(day.day, last))


def _moves(rule: LawRule) -> tuple[tuple[Move, date | None], ...]:
    return (("ends", rule.in_force_until), ("begins", rule.in_force_from))


def _over(rule: LawRule, on: date) -> bool:
    """Has the rule ended? Then nobody needs to read it again."""
    return rule.in_force_until is not None and rule.in_force_until <= on


def _order(rule: LawRule) -> tuple[str, tuple[str, ...], date]:
    return rule.id, rule.jurisdictions, rule.in_force_from or date.max
