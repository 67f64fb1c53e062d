"""Commitments in their place: the words of a clause that carries them, and the clauses that carry none."""

import pytest

from consent.policies.packs import PolicyVersionPack, parse_version
from consent.policies.places import PlacedSection, placed, section_of
from tests.policies.house import valley

TEXT = """<!-- a remark -->
# Policy

Last Updated: January 02, 2025

## Calls

We “never record” calls.
Nothing else is said here.

Reasons to call are:

- a fault,
- a bill we sent.

## Letters Only On Request

Write to us.

### Where

To our office.
"""
TOML = """
[[commitment]]
id = "AB-01"
kind = "policy-metadata"
mode = "record"
verbs = ["RECORD"]
evidence = ["E-VER"]
clause = { heading = "Policy", anchor = "Last Updated: January 02, 2025" }
parameters = { title = "Policy", last_updated = "2025-01-02" }
"""
MORE = """
[[commitment]]
id = "AB-%02d"
kind = "scope"
mode = "record"
verbs = ["REFUSE"]
evidence = ["E-CFG"]
clause = { heading = "%s", anchor = '%s' }
parameters = { surfaces = ["website"] }
"""


def version(*clauses: tuple[str, str]) -> PolicyVersionPack:
    made = TOML + "".join(MORE % (number, *clause) for number, clause in enumerate(clauses, 2))
    return parse_version("policy", "2025-01-02", TEXT, made)


def section(name: str, *clauses: tuple[str, str]) -> PlacedSection:
    return next(one for one in placed(version(*clauses)) if one.name == name)


def test_the_sections_come_in_the_order_of_the_text() -> None:
    names = [one.name for one in placed(version())]
    assert names == ["", "Calls", "Letters Only On Request", "Letters Only On Request › Where"]


def test_the_words_of_the_anchor_are_marked_whatever_their_case_and_quotation_marks() -> None:
    first = section("Calls", ("Calls", '"Never record" calls')).clauses[0]
    assert [(one.text, one.commitments) for one in first.pieces] == [
        ("We ", ()),
        ("“never record” calls", ("AB-02",)),
        (". Nothing else is said here.", ()),
    ]


def test_words_that_two_commitments_share_name_both() -> None:
    first = section("Calls", ("Calls", "never record"), ("Calls", "record")).clauses[0]
    assert ("record", ("AB-02", "AB-03")) in [(one.text, one.commitments) for one in first.pieces]


def test_a_list_carries_as_a_whole_what_one_of_its_points_carries() -> None:
    found = section("Calls", ("Calls", "bill we sent"))
    assert [one.commitments for one in found.clauses] == [(), ("AB-02",), ("AB-02",), ("AB-02",)]
    assert (found.covered, len(found.clauses)) == (3, 4)


def test_a_commitment_on_the_heading_covers_what_stands_under_it() -> None:
    found = section("Letters Only On Request", ("Letters Only On Request", "Letters Only On"))
    assert found.on_heading == ("AB-02",)
    assert found.clauses[0].commitments == ("AB-02",)
    assert found.clauses[0].pieces[0].commitments == ()


def test_words_before_the_first_heading_stand_under_the_title() -> None:
    assert section("").clauses[0].commitments == ("AB-01",)


@pytest.mark.parametrize("number", range(1, 64))
def test_every_commitment_of_valley_is_found_in_its_section(number: int) -> None:
    version = valley()[1][0]
    one = version.commitment(f"VSH-{number:02d}")
    assert one is not None
    found = section_of(placed(version), one.id)
    assert found is not None
    assert (found.name or version.title) in (one.clause.heading, *one.clause.also)
