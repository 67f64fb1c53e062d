"""When silence after an opt-out notice begins to count, where on some days nobody could say no. Pure.

47 CFR 64.2008(d)(1): the wait follows a notice *and an opportunity to opt out*. The period, the days it begins and ends
on, and whether it stands still meanwhile (`pauses`) are those of the law's own clock.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from consent.deadlines import Clock, Facts, compute
from consent.deadlines.zones import local_date


class OptOutNotice(NamedTuple):
    """A notice that went to one customer: when, whether as a letter, and whether it came back."""

    sent_at: datetime
    letter: bool
    came_back: bool = False


class Outage(NamedTuple):
    """Customers could not say no from that day until that day, both of them lost; None while it lasts.

    The day on which it worked again is lost as well: nobody knows whether it did before a customer tried.
    """

    since: date
    until: date | None


class Wait(NamedTuple):
    """The first day on which silence counts, None as long as nobody can say no; the outages that moved it, and why."""

    counts_from: date | None
    lost: tuple[Outage, ...]
    steps: tuple[str, ...]


def wait(clock: Clock, notice: OptOutNotice, outages: Iterable[Outage], where: ZoneInfo) -> Wait | None:
    """How long silence after this notice says nothing; None where the law's clock gives no day.

    An outage that began after the wait was over takes nothing from it.
    """
    facts = Facts(received_at=notice.sent_at, by_mail=notice.letter)
    found = compute(clock, facts, where)
    if found.due is None:
        return None
    lost: list[Outage] = []
    # In this order: once one begins behind the end, as all before it have moved it, so do all that follow.
    for one in sorted(outages, key=lambda one: one.since) if clock.pauses else ():
        if one.since >= local_date(found.due, where):
            break
        if one.until is None:
            return Wait(None, (*lost, one), _steps([*lost, one], found.steps))
        longer = replace(facts, pauses=(*facts.pauses, (one.since, one.until)))
        moved = compute(clock, longer, where)
        if moved.due != found.due:  # else it was over before the wait began, or lies within another one
            facts, found = longer, moved
            lost.append(one)
    first = None if found.due is None else local_date(found.due, where)
    return Wait(first, tuple(lost), _steps(lost, found.steps))


def _steps(lost: Iterable[Outage], counted: tuple[str, ...]) -> tuple[str, ...]:
    return (*(_said(one) for one in lost), *counted)


def _said(one: Outage) -> str:
    if one.until is None:
        return f"Nobody can say no since {one.since}: no day counts from then on until it works again."
    return f"Nobody could say no from {one.since} to {one.until}: these days do not count."
