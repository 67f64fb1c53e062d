"""Worked dates of every clock that concerns requests: what is due, what extensions and pauses make of it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from consent.privacy_requests.casework import clocks
from tests.casework.cases import case, rules

# company, type, place, arrival, due, what binds, acknowledged by, extended to, told by
WORKED = """
VSH deletion         -       2026-11-20T09:00  2026-12-20 VSH-58              -           -          -
VSH deletion         US-VA   2026-11-20T09:00  2026-12-20 VSH-58              -           -          -
VSH deletion         US-WA   2026-11-20T09:00  2026-12-20 VSH-58              -           -          -
1V  specific-pieces  US-CA   2026-11-20T09:00  2027-01-04 1V-46               2026-12-04  2027-02-18 2027-01-04
1V  access           US-CA   2026-11-20T09:00  2027-01-04 US-CA-RESPOND       2026-12-07  2027-02-18 2027-01-04
1V  deletion         US-CA   2026-12-31T09:00  2027-02-14 1V-50               2027-01-15  2027-03-31 2027-02-14
1V  access           CA-ON   2026-11-20T09:00  2026-12-20 1V-45               -           2027-01-19 2026-12-20
1V  access           CA-QC   2026-11-20T09:00  2026-12-20 1V-45               -           -          -
1V  access           CA-AB   2026-11-20T09:00  2026-12-20 1V-45               -           2027-01-19 2026-12-20
1V  correction       CA-ON   2026-11-20T09:00  2026-12-20 1V-44               -           -          -
VOX deletion         EU      2026-01-31T09:00  2026-02-28 VOX-25              -           2026-04-30 2026-02-28
VAL deletion         -       2026-11-20T09:00  2026-11-20 VAL-19              -           -          -
VAL minor-report     -       2026-11-20T09:00  2026-11-25 VAL-22              -           -          -
VOX logging-off      -       2026-11-20T09:00  2026-11-27 VOX-14              -           -          -
SMT usage-log-file   -       2023-11-30T09:00  -          -                   -           -          -
VOX access           GB      2026-03-03T09:00  2026-04-07 UK-GDPR-REQ         -           2026-06-03 2026-04-07
VSH deletion         US-IA   2026-11-20T09:00  2026-12-20 VSH-58              -           -          -
1V  deletion         US-WA   2026-11-20T09:00  2027-01-04 US-WA-MHMDA         -           2027-02-18 2027-01-04
VSH appeal           US-VA   2026-11-20T09:00  2027-01-19 US-ST-APPEAL        -           -          -
VSH appeal           US-CO   2026-11-20T09:00  2027-01-04 US-ST-APPEAL        -           2027-03-05 2027-01-04
VOX complaint        GB      2026-11-20T09:00  -          -                   2026-12-19  -          -
VSH opt-out-of-sale  US-CA   2026-11-20T09:00  2026-12-14 US-CA-OPTOUT        -           -          -
"""


@pytest.mark.parametrize("row", WORKED.strip().splitlines(), ids=lambda row: "-".join(row.split()[:3]))
def test_a_worked_date(row: str) -> None:
    prefix, request_type, place, received, due, binding, acknowledged, extended, told_by = row.split()
    day = date.fromisoformat(received[:10])
    rulebook = rules(prefix, day, *({place} - {"-"}))
    asked = case(rulebook, request_type, received, None if place == "-" else place)
    found = clocks.clock(rulebook, asked, asked.received_at)
    said = [
        found.due,
        found.binding,
        clocks.reckoned(rulebook, asked).acknowledge_by,
        found.may_extend_to,
        found.notice_by,
    ]
    assert [str(one or "-") for one in said] == [due, binding, acknowledged, extended, told_by]
    for one in found.steps:
        assert one.sentence and (not one.source or one.steps)


def test_nothing_is_extended_once_its_notice_is_late_nor_twice() -> None:
    rulebook = rules("1V", date(2026, 11, 20), "US-CA")
    asked = case(rulebook, "specific-pieces", "2026-11-20T09:00", "US-CA")
    for hour, until in ((4, "2027-02-18"), (5, "None")):  # 23:00 on the last day in Toronto, and midnight
        found = clocks.clock(rulebook, asked, datetime(2027, 1, 5, hour, tzinfo=UTC))
        assert str(found.may_extend_to) == until
    extended = replace(asked, extended_due_on=date(2027, 2, 18))
    found = clocks.clock(rulebook, extended, datetime(2026, 12, 1, tzinfo=UTC))
    assert (found.may_extend_to, found.answer_by, found.extended) == (None, date(2027, 2, 18), True)


def test_a_pause_moves_the_law_that_knows_it_and_nothing_else() -> None:
    british = rules("VOX", date(2026, 3, 3), "GB")
    asked = case(british, "access", "2026-03-03T09:00", "GB")
    assert clocks.clock(british, asked, asked.received_at).may_pause == ("UK-GDPR-REQ",)
    paused = replace(asked, pauses=((date(2026, 3, 10), date(2026, 3, 19)),))  # ten days, both ends among them
    found = clocks.clock(british, paused, asked.received_at)
    assert found.due == date(2026, 4, 13)
    assert any(one.what == "pause" for one in found.steps)
    californian = rules("1V", date(2026, 11, 20), "US-CA")
    there = case(californian, "access", "2026-11-20T09:00", "US-CA")
    assert clocks.clock(californian, there, there.received_at).may_pause == ()
    assert clocks.reckoned(californian, there, pauses=((date(2026, 12, 1), date(2026, 12, 9)),)).due == date(2027, 1, 4)


def test_the_british_clock_starts_when_it_is_known_who_asks() -> None:
    rulebook = rules("VOX", date(2026, 3, 3), "GB")
    asked = case(rulebook, "access", "2026-03-03T09:00", "GB")
    known = datetime(2026, 3, 16, 12, tzinfo=UTC)
    assert clocks.reckoned(rulebook, asked, verified_at=known).due == date(2026, 4, 16)


def test_a_law_that_begins_later_judges_what_arrives_later() -> None:
    for received, laws in (("2026-12-31T09:00", set()), ("2027-01-01T09:00", {"US-ST-RESPOND"})):
        rulebook = rules("VSH", date.fromisoformat(received[:10]), "US-OK")
        asked = case(rulebook, "deletion", received, "US-OK")
        assert {one.source for one in clocks.clock(rulebook, asked, asked.received_at).steps} - {"", "VSH-58"} == laws


def test_a_request_of_a_plain_user_goes_to_the_super_user_and_back_to_us_on_its_day() -> None:
    rulebook = rules("SMT", date(2026, 11, 20))
    asked = case(rulebook, "correction", "2026-11-20T09:00", role="individual-user")
    found = rulebook.requests.route(asked.request_type, asked.received_at, clocks.asker(rulebook, asked))
    assert found is not None
    assert (found.to, found.fallback, found.fallback_on) == ("super-user", "staff", date(2026, 12, 4))
    routed = replace(asked, routed_to=found.to, fallback_on=found.fallback_on)
    assert any(one.what == "fallback" for one in clocks.clock(rulebook, routed, asked.received_at).steps)


def test_what_concerns_a_child_is_suspended_by_a_day_of_its_own_that_the_page_shows() -> None:
    rulebook = rules("VOX", date(2026, 11, 20))
    asked = case(rulebook, "minor-report", "2026-11-20T09:00", None)
    dated = {one.what: str(one.day) for one in clocks.clock(rulebook, asked, asked.received_at).steps}
    assert (dated["suspend"], dated["answer"]) == ("2026-11-21", "2026-11-23")  # VOX-38: a day, then three
