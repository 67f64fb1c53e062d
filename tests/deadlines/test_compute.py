"""Clocks: starts, extensions, pauses, waits, yearly dates, and what the law does not give."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from consent.deadlines import Clock, Convention, DateKind, Fact, Facts, OrEarlier, Period, compute, zone
from consent.errors import BadInput

LONDON, CHICAGO = zone("Europe/London"), zone("America/Chicago")
P = Period.parse
UK = Clock(
    DateKind.DUE_BY,
    Convention.UK,
    P("P1M"),
    extended=P("P3M"),
    pauses=True,
    starts_at_latest_of=(Fact.RECEIVED_AT, Fact.VERIFIED_AT),
)
CALIFORNIA = Clock(DateKind.DUE_BY, Convention.CD_US, P("P45D"), extended=P("P90D"), notice_within=P("P45D"))
WAIT = Clock(DateKind.NOT_BEFORE, Convention.CD_US, P("P30D"), starts="notice-sent", mail_wait=P("P3D"), full_days=True)


def received(text: str) -> Facts:
    return Facts(datetime.fromisoformat(text + "T10:00:00+00:00"))


def pauses(*texts: str) -> tuple[tuple[date, date], ...]:
    days = [date.fromisoformat(text) for text in texts]
    return tuple(zip(days[::2], days[1::2], strict=True))


def test_an_extension_counts_from_the_start_and_its_notice_is_due_with_the_first_period() -> None:
    due = compute(CALIFORNIA, replace(received("2026-11-20"), extension=True), CHICAGO)
    assert (due.due, due.extension_notice_due) == (date(2027, 2, 18), date(2027, 1, 4))
    assert any("not from the end of the first period" in step for step in due.steps)


def test_without_an_extension_there_is_no_notice_of_one() -> None:
    due = compute(CALIFORNIA, received("2026-11-20"), CHICAGO)
    assert (due.due, due.extension_notice_due) == (date(2027, 1, 4), None)


def test_the_notice_may_be_due_before_the_first_period_ends() -> None:
    clock = replace(CALIFORNIA, notice_within=P("P30D"))
    assert compute(clock, replace(received("2026-11-20"), extension=True), CHICAGO).extension_notice_due == date(
        2026, 12, 20
    )


def test_three_months_run_from_receipt_and_not_from_a_rolled_end() -> None:
    due = compute(UK, replace(received("2026-03-03"), extension=True), LONDON)
    assert (due.due, due.extension_notice_due) == (date(2026, 6, 3), date(2026, 4, 7))


def test_an_extension_the_law_does_not_give_is_refused() -> None:
    with pytest.raises(BadInput, match="no extension") as refused:
        compute(replace(CALIFORNIA, extended=None), replace(received("2026-11-20"), extension=True), CHICAGO)
    assert refused.value.field == "extension"


@pytest.mark.parametrize(
    ("start", "paused", "due"),
    [
        ("2026-03-04", ("2026-03-10", "2026-03-12"), date(2026, 4, 7)),  # 4 April and 3 days
        ("2026-03-04", ("2026-03-10", "2026-03-10"), date(2026, 4, 7)),  # one day: Easter Sunday, then rolled
        ("2026-03-04", ("2026-03-10", "2026-03-12", "2026-03-12", "2026-03-13"), date(2026, 4, 8)),  # a day only once
        # 1 July and 3 days reach into the second pause: 2, 7 and 8 July are the days that were still owed.
        ("2026-06-01", ("2026-06-10", "2026-06-12", "2026-07-03", "2026-07-06"), date(2026, 7, 8)),
        ("2026-06-01", ("2026-05-20", "2026-06-02"), date(2026, 7, 2)),  # days before the start pause nothing
    ],
)
def test_days_from_asking_to_answer_do_not_count_both_included(start: str, paused: tuple[str, ...], due: date) -> None:
    assert compute(UK, replace(received(start), pauses=pauses(*paused)), LONDON).due == due


def test_a_pause_within_an_extension_is_a_pause() -> None:
    facts = replace(received("2026-06-01"), extension=True, pauses=pauses("2026-07-10", "2026-07-13"))
    due = compute(UK, facts, LONDON)
    assert (due.due, due.extension_notice_due) == (date(2026, 9, 7), date(2026, 7, 1))  # 1 September and 4 days, rolled


@pytest.mark.parametrize(
    ("clock", "paused", "words"),
    [
        (CALIFORNIA, ("2026-12-01", "2026-12-02"), "knows no pause"),
        (UK, ("2026-12-02", "2026-12-01"), "ends before it starts"),
        (UK, ("2027-12-01", "2027-12-02"), "begins after the period has ended"),
        (UK, ("2026-12-01", "2056-12-02"), "surely a slip"),
    ],
)
def test_a_pause_that_cannot_be_is_refused(clock: Clock, paused: tuple[str, str], words: str) -> None:
    with pytest.raises(BadInput, match=words) as refused:
        compute(clock, replace(received("2026-11-20"), pauses=pauses(*paused)), LONDON)
    assert refused.value.field == "pauses"


def test_a_pause_after_the_extended_end_is_refused() -> None:
    facts = replace(received("2026-06-01"), extension=True, pauses=pauses("2026-10-01", "2026-10-02"))
    with pytest.raises(BadInput, match="begins after the period has ended"):
        compute(UK, facts, LONDON)


def test_the_clock_may_start_at_the_latest_of_two_facts() -> None:
    facts = replace(received("2026-05-11"), verified_at=date(2026, 5, 18))
    assert compute(UK, facts, LONDON).due == date(2026, 6, 18)
    assert compute(UK, replace(facts, verified_at=date(2026, 5, 4)), LONDON).due == date(2026, 6, 11)


def test_a_trigger_apart_from_its_arrival_starts_the_clock() -> None:
    clock = replace(CALIFORNIA, starts="collection", extended=None, notice_within=None, period=P("P90D"))
    facts = replace(received("2024-02-01"), relevant_time=date(2024, 1, 15))
    assert compute(clock, facts, CHICAGO).due == date(2024, 4, 14)
    assert compute(replace(clock, starts="receipt"), facts, CHICAGO).due == date(2024, 5, 1)


BIOMETRICS = Clock(
    DateKind.DUE_BY,
    Convention.CLAMP,
    P("P3Y"),
    starts="last-interaction",
    from_fact=Fact.RELEVANT_TIME,
    or_earlier=OrEarlier(Fact.PURPOSE_SATISFIED, P("P0D")),
)


@pytest.mark.parametrize(
    ("purpose", "due"),
    [(None, date(2027, 2, 28)), (date(2026, 8, 1), date(2026, 8, 1)), (date(2028, 1, 1), date(2027, 2, 28))],
)
def test_the_purpose_may_end_before_the_three_years(purpose: date | None, due: date) -> None:
    facts = replace(received("2026-06-26"), relevant_time=date(2024, 2, 29), purpose_satisfied=purpose)
    assert compute(BIOMETRICS, facts, CHICAGO).due == due


def test_without_the_fact_it_counts_from_the_arrival_is_taken_and_said() -> None:
    due = compute(BIOMETRICS, received("2026-06-26"), CHICAGO)
    assert due.due == date(2029, 6, 26)
    assert any("relevant_time is not given" in step for step in due.steps)


@pytest.mark.parametrize(("mail", "due"), [(False, date(2026, 10, 29)), (True, date(2026, 11, 1))])
def test_a_posted_notice_waits_three_days_longer_and_full_days_must_pass(mail: bool, due: date) -> None:
    assert compute(WAIT, replace(received("2026-09-28"), by_mail=mail), CHICAGO).due == due


def test_after_seven_full_business_days_comes_the_eighth_day() -> None:
    clock = Clock(DateKind.NOT_BEFORE, Convention.BD_US, P("P7D"), full_days=True)
    assert compute(clock, received("2026-06-26"), CHICAGO).due == date(2026, 7, 9)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2026-06-26", date(2027, 3, 1)),
        ("2026-02-28", date(2026, 3, 1)),  # a Sunday: the first of March stays
        ("2026-03-01", date(2026, 3, 1)),
        ("2026-03-02", date(2027, 3, 1)),
    ],
)
def test_a_yearly_date_is_the_next_one(day: str, due: date) -> None:
    clock = Clock(DateKind.DUE_BY, annual=(3, 1))
    assert compute(clock, received(day), CHICAGO).due == due


def test_a_permission_is_not_prolonged_by_a_weekend() -> None:
    # 31 August 2026 and six months: 28 February 2027 is a Sunday.
    clock = Clock(DateKind.LAST_ALLOWED, Convention.CAN, P("P6M"))
    assert compute(clock, received("2026-08-31"), CHICAGO).due == date(2027, 2, 28)
    assert compute(replace(clock, kind=DateKind.DUE_BY), received("2026-08-31"), CHICAGO).due == date(2027, 3, 1)


def test_a_period_beginning_when_received_ends_a_day_sooner() -> None:
    clock = Clock(DateKind.DUE_BY, Convention.UK, P("P30D"), first_day_counts=True)
    assert compute(clock, received("2026-07-01"), LONDON).due == date(2026, 7, 30)
    assert compute(clock, received("2026-07-03"), LONDON).due == date(2026, 8, 1)  # a Saturday: not relied upon


def test_a_rule_without_a_period_has_no_date() -> None:
    due = compute(Clock(DateKind.NO_DEADLINE), received("2026-07-01"), LONDON)
    assert (due.due, due.kind) == (None, DateKind.NO_DEADLINE)


def test_a_companys_clock_needs_the_companys_period() -> None:
    clock = Clock(DateKind.DUE_BY, Convention.CLAMP)
    assert compute(clock, replace(received("2026-05-31"), period=P("P9M")), CHICAGO).due == date(2027, 2, 28)
    with pytest.raises(BadInput, match="needs the period"):
        compute(clock, received("2026-05-31"), CHICAGO)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(BadInput, match="without an offset"):
        compute(CALIFORNIA, Facts(datetime(2026, 5, 1)), CHICAGO)  # noqa: DTZ001
    with pytest.raises(BadInput, match="without an offset"):
        compute(UK, replace(received("2026-05-01"), verified_at=datetime(2026, 5, 2)), LONDON)  # noqa: DTZ001


def test_the_same_question_has_the_same_answer_in_every_offset() -> None:
    here = Facts(datetime(2026, 11, 20, 23, 30, tzinfo=CHICAGO))
    there = Facts(datetime(2026, 11, 20, 23, 30, tzinfo=CHICAGO).astimezone(UTC))
    assert compute(CALIFORNIA, here, CHICAGO).due == compute(CALIFORNIA, there, CHICAGO).due
