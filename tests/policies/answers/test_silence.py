"""When silence begins to count where the way to say no failed for some days; each date was counted by hand."""

from dataclasses import replace
from datetime import date

import pytest

from consent.deadlines import Clock, zone
from consent.policies.answers.silence import OptOutNotice, Outage, Wait, wait
from consent.policies.packs import load_law
from tests.policies.answers.companies import at
from tests.policies.house import POLICIES

WHERE = zone("America/Los_Angeles")
MAIL, LETTER = OptOutNotice(at(2026, 9, 28), letter=False), OptOutNotice(at(2026, 9, 28), letter=True)


@pytest.fixture(scope="module")
def clock() -> Clock:
    """The wait as the law has it: thirty full days, a letter three days later."""
    [rule] = [one for one in load_law(POLICIES / "law") if one.id == "US-CPNI-OPTOUT-WAIT"]
    assert rule.clock is not None
    return rule.clock


def out(since: tuple[int, int], until: tuple[int, int] | None) -> Outage:
    return Outage(date(2026, *since), None if until is None else date(2026, *until))


def waited(clock: Clock, notice: OptOutNotice, *outages: Outage) -> Wait:
    found = wait(clock, notice, outages, WHERE)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("notice", "outages", "first"),
    [
        (MAIL, (), (10, 29)),
        (MAIL, (out((10, 5), (10, 9)),), (11, 3)),  # both ends of five days
        (MAIL, (out((10, 5), (10, 5)),), (10, 30)),  # a day is lost though it worked again on it
        (MAIL, (out((9, 20), (9, 28)),), (10, 29)),  # over before the first day of the wait
        (MAIL, (out((9, 20), (9, 29)),), (10, 30)),
        (MAIL, (out((10, 28), (10, 30)),), (11, 1)),  # from the last day of the wait on
        (MAIL, (out((10, 29), (11, 7)),), (10, 29)),  # the wait was over: nothing is taken back
        (MAIL, (out((10, 1), (10, 5)), out((10, 4), (10, 8))), (11, 6)),  # a day is lost once
        (MAIL, (out((10, 29), (10, 30)), out((10, 5), (10, 9))), (11, 5)),  # the first moves the end into the second
        (MAIL, (out((11, 3), (11, 4)), out((10, 5), (10, 9))), (11, 3)),  # and not beyond it
        (LETTER, (), (11, 1)),
        (LETTER, (out((9, 28), (10, 1)),), (11, 1)),  # while the letter was on its way
        (LETTER, (out((9, 28), (10, 2)),), (11, 2)),
    ],
)
def test_days_on_which_nobody_could_say_no_are_no_days_of_the_wait(
    clock: Clock, notice: OptOutNotice, outages: tuple[Outage, ...], first: tuple[int, int]
) -> None:
    found = waited(clock, notice, *outages)
    assert found.counts_from == date(2026, *first)
    assert bool(found.lost) == (found.counts_from != waited(clock, notice).counts_from)
    assert [one for one in found.lost if not any(str(one.since) in step for step in found.steps)] == []


def test_while_it_lasts_no_wait_ends_that_was_not_over_before(clock: Clock) -> None:
    lasting = out((10, 28), None)
    found = waited(clock, MAIL, lasting)
    assert (found.counts_from, found.lost) == (None, (lasting,)) and "since 2026-10-28" in found.steps[0]
    assert waited(clock, MAIL, out((10, 29), None)).counts_from == date(2026, 10, 29)
    assert waited(clock, MAIL, out((10, 29), None), out((10, 5), (10, 5))).counts_from is None  # moved into it
    assert waited(clock, MAIL, out((9, 1), None)).counts_from is None


def test_only_the_outages_that_moved_the_day_are_named(clock: Clock) -> None:
    moved, within, before, after = (
        out((10, 1), (10, 8)),
        out((10, 2), (10, 3)),
        out((9, 1), (9, 2)),
        out((11, 20), None),
    )
    assert waited(clock, MAIL, after, within, before, moved).lost == (moved,)


def test_it_is_the_law_that_stops_the_clock(clock: Clock) -> None:
    unpaused = replace(clock, pauses=False)
    assert waited(unpaused, MAIL, out((10, 5), None)) == waited(unpaused, MAIL)
