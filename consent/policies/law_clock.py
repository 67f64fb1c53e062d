"""Reads `[rule.clock]`: how a rule of law counts its time."""

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from consent.deadlines.clocks import RECEIPT, Clock, DateKind, Fact, OrEarlier
from consent.deadlines.conventions import BUSINESS, Convention, misfit
from consent.deadlines.periods import Period
from consent.errors import BadInput
from consent.policies.findings import nearest
from consent.policies.reading import Table

T = TypeVar("T", DateKind, Convention, Fact)


def read_clock(table: Table) -> Clock:
    """The clock written in `table`; every mistake is noted with its line."""
    clock = Clock(
        kind=_one_of(table, "kind", DateKind, table.text("kind")) or DateKind.NO_DEADLINE,
        convention=_one_of(table, "convention", Convention, table.maybe("convention")),
        period=_period(table, "period"),
        starts=table.text("from", RECEIPT),
        extended=_period(table, "extended"),
        notice_within=_period(table, "notice_within"),
        pauses=table.flag("pauses", False),
        starts_at_latest_of=_facts(table),
        from_fact=_one_of(table, "from_fact", Fact, table.maybe("from_fact")),
        or_earlier=_or_earlier(table),
        mail_wait=_mail(table),
        full_days=table.flag("full_days", False),
        first_day_counts=table.flag("first_day_counts", False),
        annual=_annual(table),
    )
    table.done()
    for key, wrong in _contradictions(clock, table):
        table.wrong(key, wrong)
    return clock


def _one_of(table: Table, key: str, words: type[T], value: str | None) -> T | None:
    if not value:
        return None
    try:
        return words(value)
    except ValueError:
        table.wrong(key, f'"{value}" does not fit; {nearest(value, [one.value for one in words])}')
        return None


def _period(table: Table, key: str) -> Period | None:
    value = table.maybe(key)
    if value is None:
        return None
    try:
        return Period.parse(value)
    except BadInput as bad:
        table.wrong(key, bad.detail)
        return None


def _facts(table: Table) -> tuple[Fact, ...]:
    key = "starts_at_latest_of"
    found = (_one_of(table, key, Fact, word) for word in table.words(key, required=False))
    return tuple(one for one in found if one)


def _or_earlier(table: Table) -> OrEarlier | None:
    return _inner(table, "or_earlier", _other_date)


def _other_date(inner: Table) -> OrEarlier | None:
    fact = _one_of(inner, "fact", Fact, inner.text("fact"))
    inner.text("period")
    period = _period(inner, "period")
    return OrEarlier(fact, period) if fact and period else None


def _mail(table: Table) -> Period | None:
    return _inner(table, "mail", lambda inner: _period(inner, "wait"))


V = TypeVar("V", OrEarlier, Period)


def _inner(table: Table, key: str, read: Callable[[Table], V | None]) -> V | None:
    inner = table.table(key, required=False)
    if not inner.data:
        return None
    made = read(inner)
    inner.done()
    return made


def _annual(table: Table) -> tuple[int, int] | None:
    value = table.maybe("annual")
    if value is None:
        return None
    found = re.fullmatch(r"(\d\d)-(\d\d)", value)
    try:
        # 2026 has no 29 February: a date that does not come every year is refused.
        day = date(2026, int(found[1]), int(found[2])) if found else None
    except ValueError:
        day = None
    if day is None:
        table.wrong("annual", f'"{value}" is not a date that comes every year; write month and day, such as "03-01"')
        return None
    return day.month, day.day


def _contradictions(clock: Clock, table: Table) -> list[tuple[str, str]]:
    """What cannot be meant: each with its key."""
    found: list[tuple[str, str]] = []
    if clock.kind is DateKind.NO_DEADLINE:
        timed = [key for key in ("period", "extended", "notice_within", "or_earlier", "annual") if key in table.data]
        return [(key, 'a rule of kind "no_deadline" has no date') for key in timed]
    if clock.annual:
        timed = [key for key in ("period", "extended", "pauses") if key in table.data]
        return [(key, "a date that comes every year has no period") for key in timed]
    if clock.convention is None:
        if "convention" not in table.data:
            found.append(("convention", '"convention" is missing; it says how days are counted, such as "C-CD-US"'))
        return found
    for key, period in (
        ("period", clock.period),
        ("extended", clock.extended),
        ("notice_within", clock.notice_within),
        ("or_earlier", clock.or_earlier.period if clock.or_earlier else None),
    ):
        wrong = misfit(clock.convention, period) if period else None
        if wrong:
            found.append((key, wrong))
    if clock.pauses and (clock.convention in BUSINESS or clock.convention is Convention.HRS):
        found.append(("pauses", f"{clock.convention} knows no pauses; they are days of a calendar period"))
    if clock.notice_within and not clock.extended:
        found.append(("notice_within", 'there is a notice but no extension; write "extended" beside it'))
    if clock.convention is Convention.HRS and (clock.full_days or clock.first_day_counts):
        found.append(("convention", "elapsed time has no first day and no full days"))
    return found
