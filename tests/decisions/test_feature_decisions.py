"""POST /api/v1/features/decisions: deny without a live permission, untouched by STOP, honest about what follows."""

from typing import Any

from tests.support.systems import Systems, codes
from tests.support.twilio import Twilio
from tests.support.valley import PERSON

Json = dict[str, Any]
ASKED = {"feature": "managed-networking", "channel": "sms", "address": PERSON}


def may_run(systems: Systems, **changes: Any) -> Json:
    response = systems.post("features/decisions", {**ASKED, **changes})
    assert response.status_code == 200, response.get_data(as_text=True)
    answer: Json = response.get_json()
    return answer


def test_a_feature_waits_for_its_own_permission(systems: Systems) -> None:
    systems.consent()  # to texts, which says nothing about a feature
    off = may_run(systems)
    assert (off["answer"], codes(off), off["reasons"][0]["commitment"]) == ("deny", ["feature-off"], "VSH-10")
    given = systems.consent(program="managed-networking", granted_by="customer")
    on = may_run(systems)
    assert (on["answer"], on["reasons"][0]["entry"]) == ("allow", given["entry"])
    assert on["policy_version"] == "2025-01-02"
    assert on["ending"]["finished_within"] == "P2D"


def test_stop_ends_texts_and_leaves_features_alone(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    systems.consent(program="managed-networking", granted_by="customer")
    twilio.text("STOP")
    assert not systems.may()
    assert may_run(systems)["answer"] == "allow"


def test_a_withdrawal_says_what_follows_and_counts_at_once(systems: Systems) -> None:
    systems.consent(program="managed-networking", granted_by="customer")
    ended = systems.consent(program="managed-networking", state="withdrawn")
    assert "repair your network" in ended["consequence"]
    assert codes(may_run(systems)) == ["feature-withdrawn"]


def test_a_feature_is_asked_by_its_name_and_refused_by_mistakes(systems: Systems) -> None:
    assert codes(may_run(systems, feature="teleport")) == ["unknown-feature"]
    assert systems.post("features/decisions", {**ASKED, "facts": {"colour": 1}}).status_code == 422
    assert systems.refused(program="managed-networking", granted_by="neighbour")["field"] == "granted_by"
    assert systems.refused(program="managed-networking")["field"] == "granted_by"
    by_use = systems.refused(program="managed-networking", granted_by="customer", method="account-creation")
    assert by_use["field"] == "method"
