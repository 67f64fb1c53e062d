"""What an entry or a decision is evidence of."""

import pytest

from consent.review import rules
from tests.policies.house import TEXTS, valley

VERSIONS = valley()[1]


def shown(
    kind: str, channel: str = "sms", purposes: tuple[str, ...] = (TEXTS,), **data: object
) -> set[tuple[str, str]]:
    return set(rules.evidence_of_entry(VERSIONS, kind, channel, purposes, data))


def test_a_consent_is_evidence_of_the_clauses_that_ask_for_it_and_for_its_record() -> None:
    assert {("VSH-17", "E-CONSENT"), ("VSH-20", "E-CONSENT")} <= shown("consent.given")


def test_a_consent_to_texts_is_no_evidence_about_a_feature() -> None:
    assert not {"VSH-10", "VSH-52"} & {commitment for commitment, _code in shown("consent.given")}


def test_a_consent_to_a_feature_is_evidence_of_that_feature_alone() -> None:
    found = {commitment for commitment, _code in shown("consent.given", "email", ("autopay",))}
    assert "VSH-52" in found
    assert not {"VSH-10", "VSH-17"} & found


def test_a_stop_is_evidence_of_the_way_to_say_it_and_of_the_list_that_is_kept() -> None:
    found = shown("consent.withdrawn")
    assert {("VSH-25", "E-SUPP"), ("VSH-23", "E-SUPP")} <= found
    assert not {"VSH-42", "VSH-43"} & {commitment for commitment, _code in found}  # those speak of calls


@pytest.mark.parametrize(("intent", "there"), [("help", True), ("other", False)])
def test_a_request_for_help_is_evidence_of_the_promise_to_answer(intent: str, there: bool) -> None:
    assert (("VSH-27", "E-SEND") in shown("message.received", intent=intent)) is there


def test_a_masked_card_number_is_evidence_of_the_promise_to_keep_none() -> None:
    assert ("VSH-51", "E-CFG") in shown("message.received", intent="other", masked=[{"kind": "card"}])
    assert shown("message.received", intent="other") == set()


def test_publishing_is_evidence_of_the_version_and_of_every_check_of_the_configuration() -> None:
    found = shown("policy.published", "none", (), policy="privacy-policy")
    assert {("VSH-01", "E-VER"), ("VSH-61", "E-VER"), ("VSH-26", "E-CFG")} <= found
    assert shown("policy.published", "none", (), policy="another-policy") == set()


def test_a_decision_is_evidence_of_each_commitment_it_names_once() -> None:
    answer = {"reasons": [{"commitment": "VSH-17", "code": "a"}, {"law": "US-TCPA-PEC"}, {"commitment": "VSH-17"}]}
    assert list(rules.evidence_of_decision(answer)) == [("VSH-17", "E-SEND")]


def test_a_step_of_a_request_is_evidence_of_the_promises_about_requests_of_its_type() -> None:
    assert ("VSH-58", "E-REQ") in shown("privacy_request.opened", "none", (), type="deletion")
    assert ("VSH-58", "E-DISP") in shown("privacy_request.fulfilled", "none", (), type="deletion")
    assert "VSH-16" not in {
        commitment for commitment, _code in shown("privacy_request.opened", "none", (), type="deletion")
    }


@pytest.mark.parametrize("said", [["VSH-59", "VSH-58"], "VSH-58, VSH-59"])
def test_an_entry_is_evidence_of_each_promise_that_it_says_it_rests_on(said: object) -> None:
    found = shown("privacy_request.checked", "none", (), rests_on=said)
    assert found == {("VSH-58", "E-REQ"), ("VSH-59", "E-REQ")}
    assert shown("disposal.done", "none", (), rests_on=said) == {("VSH-58", "E-DISP"), ("VSH-59", "E-DISP")}
    assert shown("settings.viewed", "none", (), rests_on=said) == set()
