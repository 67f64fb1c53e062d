"""The door of trackers: asked by a site before it sets anything."""

from typing import Any

import pytest

from tests.support.systems import Systems

ASKED = {"purpose": "analytics", "surface": "website"}


@pytest.mark.parametrize(
    ("more", "answer", "code"),
    [
        ({}, "deny", "no-consent"),
        ({"consent": False}, "deny", "no-consent"),
        ({"consent": True}, "allow", "tracker-allowed"),
        ({"purpose": "essential"}, "allow", "tracker-allowed"),
        ({"purpose": "profiling", "consent": True}, "deny", "purpose-not-named"),
    ],
)
def test_vsh_36_a_site_asks_before_it_counts(systems: Systems, more: dict[str, Any], answer: str, code: str) -> None:
    said = systems.post("trackers/decisions", ASKED | more)
    assert said.status_code == 200
    assert said.json is not None
    assert (said.json["answer"], said.json["reasons"][0]["code"]) == (answer, code)
    assert said.json["reasons"][0]["commitment"] == "VSH-36"
    assert said.json["policy_version"]


@pytest.mark.parametrize("wrong", [{"purpose": ""}, {"surface": 3}, {"consent": "perhaps"}, {"cookies": True}])
def test_a_question_that_makes_no_sense_is_refused_with_its_field(systems: Systems, wrong: dict[str, Any]) -> None:
    said = systems.post("trackers/decisions", ASKED | wrong)
    assert said.status_code == 422
    assert said.json is not None
    assert said.json["field"] == next(iter(wrong))
