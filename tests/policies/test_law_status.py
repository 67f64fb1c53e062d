"""Where the law stands on a day, and the commands that say it."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from consent.policies import commands_law
from consent.policies.commands import policies
from consent.policies.law_status import FRESH_FOR, a_year_after, law_status
from consent.policies.packs import LawRule

TODAY = date(2026, 11, 21)


def rule(
    identity: str, first: date | None, last: date | None = None, checked: date = TODAY, place: str = "US"
) -> LawRule:
    return LawRule(
        id=identity, title=identity.title(), kind="deadline", jurisdictions=(place,), in_force_from=first,
        in_force_until=last, cite="a", source="https://law.example/a", checked_on=checked, tag="V", parameters={},
    )  # fmt: skip


OLD = rule("OLD", date(2020, 1, 1), date(2026, 11, 21))
RUNS = rule("RUNS", date(2020, 1, 1))
ENDS = rule("SCOPE", date(2025, 4, 11), date(2027, 1, 31))
COMES = rule("SCOPE", date(2027, 1, 31))
TODAYS = rule("TODAYS", TODAY)
IN_A_YEAR = rule("IN-A-YEAR", date(2027, 11, 21))
LATER = rule("LATER", date(2027, 11, 22))
PENDING = rule("PENDING", None)
ALL = [LATER, PENDING, COMES, ENDS, RUNS, OLD, IN_A_YEAR, TODAYS]


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(policies, ["law", *words])
    return result.exit_code, result.output


def test_in_force_is_what_has_begun_and_not_ended() -> None:
    assert [one.id for one in law_status(ALL, TODAY).in_force] == ["RUNS", "SCOPE", "TODAYS"]


def test_the_year_ahead_holds_ends_before_beginnings_and_the_undated_last() -> None:
    found = law_status(ALL, TODAY).changes
    assert [(one.move, one.rule.id, one.day) for one in found] == [
        ("ends", "SCOPE", date(2027, 1, 31)),
        ("begins", "SCOPE", date(2027, 1, 31)),
        ("begins", "IN-A-YEAR", date(2027, 11, 21)),
        ("pending", "PENDING", None),
    ]


def test_what_begins_on_the_day_itself_is_in_force_and_no_longer_coming() -> None:
    found = law_status([ENDS, COMES], date(2027, 1, 31))
    assert (found.in_force, found.changes) == ((COMES,), ())


@pytest.mark.parametrize(("on", "stale"), [(date(2027, 2, 18), []), (date(2027, 2, 19), ["RUNS"])])
def test_a_rule_is_to_be_read_again_after_ninety_days(on: date, stale: list[str]) -> None:
    assert FRESH_FOR.days == 90
    assert [one.id for one in law_status([RUNS], on).unchecked] == stale


def test_pending_rules_are_read_again_and_ended_ones_are_not() -> None:
    found = law_status([OLD, PENDING], date(2027, 6, 1))
    assert [one.id for one in found.unchecked] == ["PENDING"]


def test_a_year_after_a_leap_day_is_the_28th() -> None:
    assert a_year_after(date(2028, 2, 29)) == date(2029, 2, 28)


def test_entries_of_one_id_are_ordered_by_place() -> None:
    places = ["US-VA", "US-CA", "US-TX"]
    found = law_status([rule("X", date(2020, 1, 1), place=one) for one in places], TODAY).in_force
    assert [one.jurisdictions[0] for one in found] == sorted(places)


def test_status_prints_three_parts_and_says_which_are_empty() -> None:
    code, output = run("status", "--on", "2026-11-21")
    assert code == 0
    assert "In force on 2026-11-21: " in output
    changes = output.split("Changes within a year from then:")[1].split("Not checked")[0]
    assert "2027-01-31  ends     US-TCPA-SCOPE" in changes
    assert "2027-01-31  begins   US-TCPA-SCOPE" in changes
    assert "no date     pending  US-FCC-26-67" in changes
    assert "2028-01-01" not in changes
    assert output.endswith("Not checked for 90 days or more by then:\nEvery rule was checked within 90 days.\n")


def test_status_of_a_later_day_lists_what_must_be_read_again() -> None:
    found = json.loads(run("status", "--on", "2027-03-01", "--json")[1])
    assert "US-TCPA-REVOKE" in {one["id"] for one in found["unchecked"]}
    assert ("US-ST-RESPOND", "US-OK") in {(one["id"], one["jurisdictions"][0]) for one in found["in_force"]}


def test_status_as_json_holds_the_same_three_parts() -> None:
    code, output = run("status", "--on", "2026-11-21", "--json")
    found = json.loads(output)
    assert (code, list(found)) == (0, ["on", "in_force", "changes", "unchecked"])
    assert (found["on"], found["unchecked"]) == ("2026-11-21", [])
    oklahoma = [one for one in found["changes"] if one["jurisdictions"] == ["US-OK"]]
    assert {(one["change"], one["day"], one["id"]) for one in oklahoma} == {
        ("begins", "2027-01-01", "US-ST-RESPOND"),
        ("begins", "2027-01-01", "US-ST-APPEAL"),
    }


def test_without_any_law_every_part_says_that_it_is_empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(commands_law, "packs_root", lambda: tmp_path)
    code, output = run("status", "--on", "2026-11-21")
    assert code == 0
    assert "No rule is in force on this day." in output
    assert "Nothing begins or ends, and nothing is pending." in output
    assert "Every rule was checked within 90 days." in output
    assert run("list") == (0, "There are no rules of law.\n")


@pytest.mark.parametrize("said", ["2026-13-01", "21.11.2026", "20261121", "soon", "2026-02-29", "9999-12-31", ""])
def test_a_wrong_day_is_named_with_the_way_to_write_it(said: str) -> None:
    code, output = run("status", "--on", said)
    assert code == 1
    assert f'--on: "{said}" is not a date; write it as year-month-day, such as 2027-01-31' in output


def test_list_shows_every_rule_with_its_span() -> None:
    code, output = run("list")
    assert code == 0
    scopes = [one.split() for one in output.splitlines() if one.startswith("US-TCPA-SCOPE")]
    assert [one[3:5] for one in scopes] == [["2025-04-11", "2027-01-31"], ["2027-01-31", "A"]]
    assert any(one.startswith("US-FCC-26-67") and " pending " in one for one in output.splitlines())


def test_list_as_json_prints_a_rule_a_line() -> None:
    lines = [json.loads(one) for one in run("list", "--json")[1].splitlines()]
    (found,) = [one for one in lines if one["id"] == "US-TCPA-CONFIRM"]
    assert (found["checked_on"], found["tag"], found["in_force_until"]) == ("2026-11-21", "V", None)
