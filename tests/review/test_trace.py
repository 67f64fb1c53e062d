"""From clause to proof: nothing in it is written by hand."""

from dataclasses import replace

import pytest

from consent.policies.doors import DOORS, Door
from consent.policies.kinds import KINDS
from consent.review.trace import PolicyTrace, trace
from tests.policies.house import valley

TESTS = {"VSH-26": ("tests/a.py::test_vsh_26_x",)}
EVIDENCE = {"VSH-26": {"E-SEND": 7}}


def traced() -> PolicyTrace:
    organization, versions, _law = valley()
    return trace(organization, versions, TESTS, EVIDENCE).policies[0]


def test_a_commitment_is_traced_from_its_clause_to_its_evidence() -> None:
    one = next(one for one in traced().commitments if one.id == "VSH-26")
    assert one.heading == 'SMS/MMS › Sharing and "No Marketing" Data Use'
    assert one.tests == TESTS["VSH-26"]
    assert one.evidence == {"E-CFG": 0, "E-SEND": 7}
    assert [door.name for door in one.doors] == [*KINDS["marketing-ban"].doors, *KINDS["marketing-ban"].planned]
    assert not one.planned


def test_a_promise_whose_doors_are_all_to_come_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DOORS, "to-come", Door("A door to come"))
    waiting = replace(KINDS["deletion-exception"], doors=(), planned=("to-come",))
    monkeypatch.setitem(KINDS, "deletion-exception", waiting)
    found = {one.id: one.planned for one in traced().commitments}
    assert found["VSH-59"] is True
    assert found["VSH-25"] is False


def test_every_section_says_how_much_of_it_promises_something() -> None:
    policy = traced()
    section = next(one for one in policy.sections if one.name == "Purpose and Scope")
    assert (section.covered, len(section.clauses)) == (2, 2)
    assert policy.covered == sum(one.covered for one in policy.sections) < policy.clauses


def test_each_promise_is_told_in_full_in_one_section_only() -> None:
    told = [one.id for section in traced().sections for one in section.commitments]
    assert sorted(told) == sorted(one.id for one in valley()[1][0].commitments)
    assert len(told) == len(set(told))


def test_the_policy_with_the_most_promises_comes_first() -> None:
    organization, versions, _law = valley()
    small = replace(versions[0], policy="a-companion", commitments=versions[0].commitments[:1])
    assert [one.policy for one in trace(organization, [small, *versions], {}, {}).policies] == [
        "privacy-policy",
        "a-companion",
    ]


def test_every_door_that_a_kind_names_is_known_by_its_title() -> None:
    assert {door for kind in KINDS.values() for door in (*kind.doors, *kind.planned)} <= set(DOORS)


def test_what_a_promise_lacks_is_told_apart_and_evidence_counts_what_happened_alone() -> None:
    lacks = {one.id: one.lacks for one in traced().commitments}
    assert lacks["VSH-26"] == ()
    assert lacks["VSH-17"] == ("test", "evidence")
    (bare,) = [one for one in trace(*valley()[:2], TESTS, {}).policies[0].commitments if one.id == "VSH-26"]
    assert bare.lacks == ("evidence",)


def test_a_promise_without_a_door_lacks_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DOORS, "to-come", Door("A door to come"))
    waiting = replace(KINDS["deletion-exception"], doors=(), planned=("to-come",))
    monkeypatch.setitem(KINDS, "deletion-exception", waiting)
    assert "door" in {one.id: one.lacks for one in traced().commitments}["VSH-59"]
