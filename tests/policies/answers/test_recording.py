"""Recorded calls: three companies, three rules; nothing that a promise asks for can be left out of a line."""

from dataclasses import replace
from typing import Any

import pytest

from consent.policies.answers.holdings import Held
from consent.policies.answers.recording import FEATURE, Party, Recording
from consent.policies.answers.retention import Retention
from consent.policies.kinds import Promise
from consent.policies.packs import load_organization, load_versions
from consent.policies.recorded_lines import RecordedLine
from consent.policies.rulebook import Rulebook, compile_rulebook
from tests.policies.house import NOW, POLICIES

TOLD, YES, NO = Party(told=True), Party(told=True, agreed=True), Party(told=True, agreed=False)


def rulebook(slug: str, footing: str = "", **line: Any) -> Rulebook:
    """The shipped pack, its line changed in these respects, and the footing of recording."""
    pack = load_organization(POLICIES / slug)
    if footing:
        features = tuple(replace(one, footing=footing) if one.key == FEATURE else one for one in pack.features)
        pack = replace(pack, features=features)
    lines = tuple(replace(one, **line) for one in pack.recorded_lines)
    return compile_rulebook(
        replace(pack, recorded_lines=lines, sha256=repr([footing, *((one, one.said) for one in lines)]).encode()),
        load_versions(POLICIES / slug),
        (),
        NOW,
    )


def recording(slug: str, **line: Any) -> Recording:
    """Its answers about recorded calls."""
    return rulebook(slug, **line).recording


def unfit(slug: str, **line: Any) -> set[tuple[str, str]]:
    """What keeps the line from being switched on: its key, and the promise."""
    answers = recording(slug, **line)
    return {
        (one.key, one.promise.id if one.promise else "") for one in answers.unfit(next(iter(answers.lines.values())))
    }


def test_t_81_off_at_valley_random_and_announced_at_smartt_and_not_spoken_of_elsewhere() -> None:
    valley, smartt = recording("valley-smart-homes"), recording("smartt")
    assert not valley.lines["support"].on
    assert smartt.lines["support"].on
    assert (unfit("valley-smart-homes"), unfit("smartt")) == (set(), set())
    assert ([one.id for one in valley.asks], smartt.asks) == (["VSH-48"], ())
    assert (valley.rests_on, smartt.rests_on) == (("VSH-48",), ("SMT-11", "SMT-13", "SMT-12"))
    books = [rulebook(slug) for slug in ("valley-smart-homes", "smartt", "valtt")]
    assert [one.recording.kept(one.retention, NOW) for one in books] == [
        ("P90D", ""), ("P180D", "open-ticket"), None,
    ]  # fmt: skip
    line = RecordedLine("front", "Front", True, ("quality-control",), "announcement", "company-internal", "random")
    for slug in ("1valet", "valtt", "voxvalley"):
        assert [one.key for one in recording(slug).unfit(line)] == ["on"]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ({"purposes": ()}, {("purposes", "VSH-48")}),
        ({"told_by": ""}, {("told_by", "VSH-48")}),
        ({"told_by": "announcement"}, {("told_by", "VSH-48")}),
        ({"said": {}}, {("words", "VSH-48")}),
        ({"storage": ""}, {("storage", "VSH-48")}),
        ({"storage": "a-cellar"}, {("storage", "VSH-48")}),
        ({"storage": "vendors"}, set()),  # Valley names no place; one of its recipients will do
        ({"selection": ""}, {("selection", "")}),
    ],
)
def test_vsh_48_no_line_is_switched_on_without_purpose_and_consent_of_everybody(
    line: dict[str, Any], wrong: set[tuple[str, str]]
) -> None:
    assert unfit("valley-smart-homes", on=True, **line) == wrong


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ({"purposes": ("quality-control", "marketing")}, {("purposes", "SMT-11")}),
        ({"purposes": ("experience-improvement",)}, set()),  # SMT-13
        ({"told_by": ""}, {("told_by", "SMT-11")}),
        ({"said": {}}, {("words", "SMT-11")}),
        ({"storage": "resellers"}, {("storage", "SMT-12")}),
        ({"storage": ""}, {("storage", "SMT-12")}),
        ({"selection": "every-call"}, {("selection", "SMT-11")}),
    ],
)
def test_smt_11_smt_12_smt_13_a_line_serves_listed_purposes_at_random_announced_and_in_the_house(
    line: dict[str, Any], wrong: set[tuple[str, str]]
) -> None:
    assert unfit("smartt", **line) == wrong


@pytest.mark.parametrize(
    ("people", "codes"),
    [
        ([], ["not-announced"]),
        ([Party(agreed=True)], ["not-announced"]),
        ([YES, TOLD], ["party-not-asked"]),
        ([YES, NO], ["party-refused"]),
        ([YES, YES], ["recording-allowed"]),
    ],
)
def test_vsh_48_everybody_on_the_call_is_told_and_says_yes(people: list[Party], codes: list[str]) -> None:
    found = recording("valley-smart-homes", on=True).may_record("support", people)
    assert [one.code for one in found.reasons] == codes
    assert {one.commitment for one in found.reasons} == {"VSH-48"}
    assert found.answer == ("allow" if codes == ["recording-allowed"] else "deny")


def test_vsh_48_a_line_that_is_off_is_not_recorded_whatever_people_say() -> None:
    found = recording("valley-smart-homes").may_record("support", [YES])
    assert (found.answer, [one.code for one in found.reasons]) == ("deny", ["line-off"])


def test_smt_11_telling_is_enough_and_not_telling_is_not() -> None:
    answers = recording("smartt")
    assert answers.may_record("support", [TOLD, NO]).answer == "allow"
    found = answers.may_record("support", [TOLD, Party()])
    assert [(one.code, one.commitment) for one in found.reasons] == [("not-announced", "SMT-11")]
    other = answers.may_record("support", [TOLD], "experience-improvement")
    assert [(one.code, one.commitment) for one in other.reasons] == [("purpose-not-listed", "SMT-11")]


@pytest.mark.parametrize(
    ("people", "codes"),
    [
        ([Party()], ["not-announced"]),
        ([YES, TOLD], ["party-not-asked"]),
        ([YES, NO], ["party-refused"]),
        ([YES, YES], ["recording-allowed"] * 2),
    ],
)
def test_a_line_that_asks_is_not_recorded_without_everybodys_yes_though_no_promise_asks(
    people: list[Party], codes: list[str]
) -> None:
    answers = recording("smartt", footing="opt-in", told_by="consent")
    line = answers.lines["support"]
    assert (answers.asks, answers.unfit(line), answers.asks_at(line)) == ((), (), True)
    assert not recording("smartt").asks_at(recording("smartt").lines["support"])
    found = answers.may_record("support", people)
    assert [one.code for one in found.reasons] == codes
    if found.answer == "allow":
        assert found.reasons[0].text == "Everybody was told and agreed."


def test_nobody_is_asked_about_what_is_part_of_the_service() -> None:
    assert unfit("smartt", told_by="consent") == {("told_by", "SMT-11")}
    assert unfit("valley-smart-homes", footing="required") == {("told_by", "VSH-48")}
    found = recording("smartt", told_by="consent").may_record("support", [YES])
    assert [one.code for one in found.reasons] == ["line-unfit"]


def test_of_several_limits_the_strictest_counts_and_none_where_the_law_wants_it_longer() -> None:
    book = rulebook("smartt")
    settled = next(one for one in book.promises if one.id == "SMT-11")
    sooner = replace(settled, id="SMT-99", decided={"retention": "P1M", "retention_from": "recorded"})
    waiting = replace(settled, id="SMT-98", decided={"retention": "P1D", "retention_from": "account-end"})
    law = replace(
        settled, kind="retention-limit", decided={},
        parameters={"data": ["call-recordings"], "period": "P1Y", "bound": "at-least"},
    )  # fmt: skip
    recorded = Held("call-recordings", {"recorded": NOW})

    def strictest(*more: Promise) -> str | None:
        found = Retention(book.organization, [*book.promises, *more]).strictest(recorded)
        return found and found.period

    assert (strictest(sooner), strictest(waiting), strictest(law)) == ("P1M", "P180D", None)


def test_smt_13_a_recording_is_tied_to_a_ticket_where_a_promise_says_so() -> None:
    assert recording("smartt").may_record("support", [TOLD], link="ticket").answer == "allow"
    found = recording("valley-smart-homes", on=True).may_record("support", [YES], link="ticket")
    assert [one.code for one in found.reasons] == ["link-not-promised"]


def test_a_line_that_no_longer_fits_its_promises_is_not_recorded() -> None:
    found = recording("smartt", storage="resellers").may_record("support", [TOLD])
    assert [(one.code, one.commitment) for one in found.reasons] == [("line-unfit", "SMT-12")]
