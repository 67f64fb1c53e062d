"""The law as data: what binds on which day, and what it asks."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from consent.deadlines import Clock, Convention, DateKind, Fact, OrEarlier, Period
from consent.policies.check import check
from consent.policies.findings import BadPack
from consent.policies.packs import LawRule, parse_law
from tests.policies.house import POLICIES, rulebook, valley

RULE = """
regime = "test"

[[rule]]
id = "X-1"
title = "One"
kind = "deadline"
jurisdictions = ["US"]
in_force_from = 2020-01-01
in_force_until = 2021-01-01
cite = "a"
source = "b"
checked_on = 2026-11-21
tag = "V"
parameters = { act = "answer", period = "P10D" }
"""


def law(identity: str) -> list[LawRule]:
    return [one for one in valley()[2] if one.id == identity]


def test_every_rule_says_where_it_was_read() -> None:
    for one in valley()[2]:
        assert one.source.startswith("https://")
        assert one.tag in "VSM"
        assert one.cite


def test_a_rule_binds_from_its_first_day_until_its_last() -> None:
    (rule,) = parse_law(RULE)
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1)]
    assert [rule.binds(day, ["US-WA"]) for day in days] == [False, True, True, False]


def test_a_rule_of_a_country_reaches_its_states_and_no_other_place() -> None:
    (rule,) = parse_law(RULE)
    day = date(2020, 6, 1)
    assert [rule.binds(day, [place]) for place in ("US", "US-WA", "USA", "CA-ON")] == [True, True, False, False]


def test_us_tcpa_revoke_knows_the_seven_words_and_ten_business_days() -> None:
    (rule,) = law("US-TCPA-REVOKE")
    assert rule.in_force_from == date(2025, 4, 11)
    assert rule.parameters["keywords"] == ["stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"]
    assert (rule.parameters["within"], rule.parameters["within_basis"]) == ("P10D", "business-day")


def test_us_tcpa_confirm_allows_one_text_within_five_minutes() -> None:
    (rule,) = law("US-TCPA-CONFIRM")
    assert (rule.parameters["period"], rule.parameters["at_most_messages"]) == ("PT5M", 1)
    assert rule.parameters["marketing"] is False
    assert rule.in_force_from == date(2024, 4, 4)


def test_us_tcpa_sol_keeps_proof_four_years_and_the_do_not_call_list_five() -> None:
    assert law("US-TCPA-SOL")[0].parameters["period"] == "P4Y"
    assert law("US-TCPA-DNC-KEEP")[0].parameters["keep_at_least"] == "P5Y"


def test_revoke_all_is_waived_until_the_last_day_of_january_2027() -> None:
    scopes = {}
    for day in (date(2027, 1, 30), date(2027, 1, 31)):
        scopes[day] = [one.parameters["scope"] for one in law("US-TCPA-SCOPE") if one.binds(day, ["US-WA"])]
    assert list(scopes.values()) == [["category"], ["all-robotexts"]]


def test_a_pending_rule_binds_on_no_day() -> None:
    (rule,) = law("US-FCC-26-67")
    assert rule.in_force_from is None
    assert not rule.binds(date(2100, 1, 1), ["US"])


def test_the_rulebook_asks_the_law_of_the_day_in_the_organizations_zone() -> None:
    # 2027-01-31 begins in Washington at 08:00 UTC.
    before = {one.id + str(one.in_force_from) for one in rulebook(datetime(2027, 1, 31, 7, 59, tzinfo=UTC)).law}
    after = {one.id + str(one.in_force_from) for one in rulebook(datetime(2027, 1, 31, 8, 0, tzinfo=UTC)).law}
    assert before - after == {"US-TCPA-SCOPE2025-04-11"}
    assert after - before == {"US-TCPA-SCOPE2027-01-31"}


def test_a_rule_that_did_not_bind_yet_is_not_named() -> None:
    book = rulebook(datetime(2024, 1, 1, tzinfo=UTC))
    assert "US-TCPA-REVOKE" not in {one.id for one in book.law}
    assert "US-TCPA-PEWC" in {one.id for one in book.law}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('tag = "V"', 'tag = "X"', "is not a tag"),
        ("checked_on = 2026-11-21\n", "", '"checked_on" is missing'),
        ("in_force_until = 2021-01-01", "in_force_until = 2019-01-01", "ends before it begins"),
        ("in_force_from = 2020-01-01", 'in_force_from = "soon"', "must be a date"),
        ('cite = "a"\n', "", '"cite" is missing'),
    ],
)
def test_a_mistake_in_the_law_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(BadPack, match=message):
        parse_law(RULE.replace(old, new))


def test_two_entries_of_one_rule_may_not_overlap() -> None:
    second = RULE.split("\n\n", 1)[1].replace("in_force_from = 2020-01-01", "in_force_from = 2020-12-31")
    with pytest.raises(BadPack, match="in force at once"):
        parse_law(RULE + "\n" + second.replace("in_force_until = 2021-01-01\n", ""))


def test_one_id_stands_for_many_places_each_with_its_own_dates() -> None:
    second = RULE.split("\n\n", 1)[1].replace('["US"]', '["CA"]').replace("2020-01-01", "2020-06-01")
    american, canadian = parse_law(RULE + "\n" + second)
    assert [one.binds(date(2020, 3, 1), ["US", "CA"]) for one in (american, canadian)] == [True, False]


def test_two_entries_that_share_one_of_their_places_may_not_overlap() -> None:
    second = RULE.split("\n\n", 1)[1].replace('["US"]', '["CA", "US"]')
    with pytest.raises(BadPack, match="in force at once in US"):
        parse_law(RULE + "\n" + second)


CLOCK = (
    'clock = { kind = "due_by", period = "P45D", convention = "C-CD-US", extended = "P90D", notice_within = "P30D" }'
)


def test_a_rule_carries_its_clock() -> None:
    (rule,) = parse_law(RULE + CLOCK)
    assert rule.clock == Clock(
        DateKind.DUE_BY,
        Convention.CD_US,
        Period.parse("P45D"),
        extended=Period.parse("P90D"),
        notice_within=Period.parse("P30D"),
    )
    assert parse_law(RULE)[0].clock is None


def test_every_key_of_a_clock_is_read() -> None:
    (rule,) = parse_law(
        RULE
        + """
[rule.clock]
kind = "not_before"
period = "P30D"
convention = "C-UK"
from = "notice-sent"
pauses = true
starts_at_latest_of = ["received_at", "verified_at"]
from_fact = "relevant_time"
or_earlier = { fact = "purpose_satisfied", period = "P0D" }
mail = { wait = "P3D" }
full_days = true
first_day_counts = true
"""
    )
    clock = rule.clock
    assert clock is not None
    assert (clock.starts, clock.pauses, clock.full_days, clock.first_day_counts) == ("notice-sent", True, True, True)
    assert clock.starts_at_latest_of == (Fact.RECEIVED_AT, Fact.VERIFIED_AT)
    assert (clock.from_fact, clock.mail_wait) == (Fact.RELEVANT_TIME, Period.parse("P3D"))
    assert clock.or_earlier == OrEarlier(Fact.PURPOSE_SATISFIED, Period.parse("P0D"))
    (yearly,) = parse_law(RULE + 'clock = { kind = "due_by", annual = "03-01" }')
    assert yearly.clock is not None and yearly.clock.annual == (3, 1)


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ('"due_by"', '"due-by"', "kind", 'did you mean "due_by"'),
        ("kind = ", "knid = ", "knid", 'did you mean "kind"'),
        ('"P45D"', '"45 days"', "period", "is not a period"),
        ('"P45D"', '"PT45H"', "period", "hours are C-HRS"),
        ('"C-CD-US"', '"C-CD-USA"', "convention", 'did you mean "C-CD-US"'),
        ('"C-CD-US"', '"C-BD-US", pauses = true', "pauses", "knows no pauses"),
        (', convention = "C-CD-US"', "", "convention", "says how days are counted"),
        (', extended = "P90D"', "", "notice_within", "no extension"),
        ('"due_by"', '"no_deadline"', "period", "has no date"),
        ('notice_within = "P30D"', 'annual = "02-30"', "annual", "comes every year"),
        ('notice_within = "P30D"', 'annual = "03-01"', "period", "has no period"),
        ('notice_within = "P30D"', 'from_fact = "receivd_at"', "from_fact", 'did you mean "received_at"'),
        ('notice_within = "P30D"', "or_earlier = { fact = 'verified_at' }", "period", "is missing"),
        ('notice_within = "P30D"', "mail = { wiat = 'P3D' }", "wiat", 'did you mean "wait"'),
        ('notice_within = "P30D"', "pauses = 'yes'", "pauses", "true or false"),
    ],
)
def test_a_mistake_in_a_clock_names_its_line_its_key_and_the_right_word(
    old: str, new: str, key: str, message: str
) -> None:
    text = RULE + CLOCK.replace(old, new, 1)
    with pytest.raises(BadPack) as refused:
        parse_law(text, "test.toml")
    found = [one for one in refused.value.findings if message in one.message]
    assert found, refused.value
    assert (found[0].file, found[0].line, found[0].key.split(".")[-1]) == ("test.toml", 16, key)


def test_a_law_file_is_checked_like_a_pack(tmp_path: Path) -> None:
    (tmp_path / "test.toml").write_text(RULE.replace('kind = "deadline"', 'kind = "dead-line"'), "utf-8")
    assert "is not a kind" in check(tmp_path)[0].message
    (tmp_path / "test.toml").write_text(RULE.replace('"P10D"', '"ten days"'), "utf-8")
    assert check(tmp_path)[0].key == "rule.parameters.period"
    assert check(POLICIES / "law") == []
