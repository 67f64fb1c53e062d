"""Facts that come with a question: checked, used, stored with the answer and shown again."""

from typing import Any

import pytest

from tests.support.systems import Systems, codes
from tests.support.valley import question

QUOTE = {"message_class": "price-quote"}


def test_t_02_a_quote_goes_only_with_the_inquiry_it_answers(systems: Systems) -> None:
    systems.consent()
    denied = systems.decide(**QUOTE)
    assert (denied["answer"], codes(denied)) == ("deny", ["fact-missing"])
    assert (denied["reasons"][0]["commitment"], '"reference"' in denied["reasons"][0]["text"]) == ("VSH-18", True)
    assert systems.decide(**QUOTE, facts={"reference": "inquiry 2210"})["answer"] == "allow"


def test_facts_are_stored_with_the_decision_and_shown_again(systems: Systems) -> None:
    facts = {"reference": "inquiry 2210", "jurisdiction": "US-WA", "last_purchase_on": "2026-05-03", "minor": False}
    decided = systems.decide(**QUOTE, facts=facts)
    kept = systems.get(f"decisions/{decided['id']}").get_json()
    assert kept["asked"]["facts"] == facts
    plain = systems.decide()
    assert "facts" not in systems.get(f"decisions/{plain['id']}").get_json()["asked"]


def test_every_allow_says_what_it_rests_on(systems: Systems) -> None:
    systems.consent()
    assert systems.decide()["reasons"][0]["basis"] == "consent"
    mail = {"program": "service-email", "channel": "email", "address": "ada@customer.example"}
    assert systems.decide(**mail, message_class="invoice")["reasons"][0]["basis"] == "contract"


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"colour": "red"}, "colour"),
        ({"jurisdiction": "Washington"}, "jurisdiction"),
        ({"jurisdiction": "UK"}, "jurisdiction"),
        ({"jurisdiction": "XX"}, "jurisdiction"),
        ({"jurisdiction": "US-WX"}, "jurisdiction"),
        ({"jurisdiction": "CA-WA"}, "jurisdiction"),
        ({"last_purchase_on": "2026-02-30"}, "last_purchase_on"),
        ({"member": "yes"}, "member"),
        ({"reference": ""}, "reference"),
        ([], "facts"),
    ],
)
def test_an_unknown_or_wrong_fact_is_named(systems: Systems, facts: Any, named: str) -> None:
    refused = systems.post("decisions", question(facts=facts))
    assert refused.status_code == 422
    assert named in str(refused.get_json())


@pytest.mark.parametrize(
    "place", ["GB", "GB-SCT", "EU", "DE", "DE-BY", "US", "US-DC", "US-PR", "PR", "US-NY-NYC", "CA-QC"]
)
def test_every_real_place_is_taken(systems: Systems, place: str) -> None:
    assert systems.decide(facts={"jurisdiction": place})["reasons"]
