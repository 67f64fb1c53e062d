"""Kinds about data, time kept, requests, notices, incidents and staff: what must be settled, what contradicts."""

import shutil
from pathlib import Path

import pytest

from consent.policies.check import check
from consent.policies.findings import Finding
from consent.policies.kinds import KINDS, forms
from consent.policies.kinds.notices import lead_of
from tests.policies.answers.companies import FOLDERS, POLICIES, promises
from tests.policies.house import replace

FAMILY = {
    "data-category-collected", "data-source", "content-not-collected", "collection-limit", "purpose-limit", "share-ban",
    "share-allowed-recipient", "share-condition", "recipient-register", "retention-limit", "retention-exception",
    "disposal-method", "request-right", "self-service", "request-eligibility", "request-frequency", "request-scope",
    "request-fee", "deletion-exception", "identity-verification", "authorized-agent", "deadline", "notice-of-change",
    "breach-notice", "legal-process-notice", "staff-access",
}  # fmt: skip
MINE = [one for prefix in FOLDERS for one in promises(prefix) if one.kind in FAMILY]


def test_all_kinds_of_the_family_are_registered() -> None:
    assert set(KINDS) >= FAMILY


@pytest.mark.parametrize("one", MINE, ids=lambda one: one.id)
def test_every_shipped_commitment_fits_its_kind_and_says_itself(one) -> None:  # type: ignore[no-untyped-def]
    kind = KINDS[one.kind]
    assert kind.problems(one.parameters) == []
    assert kind.problems_decided(one.parameters, one.decided) == []
    said = kind.sentence(one.parameters, one.decided)
    assert said[0].isupper() or said[0].isdigit()
    assert said.endswith(".")
    assert "  " not in said
    assert "None" not in said
    assert "{" not in said


@pytest.mark.parametrize(
    ("kind", "parameters", "keys"),
    [
        ("legal-process-notice", {"trigger": "compelled-disclosure", "deadline": "unset"}, ["period"]),
        ("deadline", {"period": "unset"}, ["period"]),
        ("deadline", {"period": "P3D"}, []),
        ("breach-notice", {"period": "P10D", "period_basis": "business-day"}, ["starts", "holidays"]),
        ("breach-notice", {"channel": ["email"]}, []),
        ("notice-of-change", {"channel": ["email"], "lead_time": "unset"}, ["lead_time"]),
        ("notice-of-change", {"channel": ["email"], "period": "P30D"}, ["material", "counts_from"]),
        ("notice-of-change", {"channel": ["email"], "channel_rule": "any-one-authorized"}, ["email_unless"]),
        ("notice-of-change", {"channel": ["policy-page-date"], "lead_time": "none"}, []),
        ("retention-limit", {"data": "x", "period": "P90D", "trigger": ["a", "b"]}, ["stops_on"]),
        ("request-frequency", {"request_type": "x", "max": 2, "per": "P1Y"}, ["counted", "beyond"]),
        ("request-fee", {"request_type": "x", "fee": "rate-card"}, ["charged"]),
        ("request-eligibility", {"request_types": ["x"], "persons": "y", "route": "z"},
         ["fallback", "fallback_after", "deadline"]),
        ("share-condition", {"conditions": ["explicit-consent"]}, ["consent_at"]),
        ("share-condition", {"conditions": ["privacy-shield-or-equivalent"]}, ["additional_transfer_basis"]),
        ("deletion-exception", {"exceptions": ["a"], "absolute": True}, ["periods"]),
        ("deletion-exception", {"exceptions": ["a"]}, []),
        ("identity-verification", {"request_types": ["x"], "methods": "additional-information"},
         ["verification", "pauses"]),
        ("authorized-agent", {"request_types": ["x"]}, ["verification"]),
        ("collection-limit", {"rule": "no-repeat-collection"}, ["strength"]),
    ],
)  # fmt: skip
def test_what_the_wording_leaves_open_must_be_settled(
    kind: str, parameters: dict[str, object], keys: list[str]
) -> None:
    assert [key for key, _ in KINDS[kind].problems_decided(parameters, {})] == keys


def test_a_lead_time_is_the_promised_or_the_settled_one() -> None:
    assert lead_of({"period": "P30D"}, {}) == "P30D"
    assert lead_of({"lead_time": "unset"}, {"lead_time": "P30D"}) == "P30D"
    assert lead_of({"lead_time": "none"}, {"lead_time": "P30D"}) is None
    assert lead_of({}, {}) is None


@pytest.mark.parametrize("bad", ["California", "us-ca", ["CA", 1], "", ["US_CA"], [], None])
def test_a_jurisdiction_is_written_as_a_code(bad: object) -> None:
    assert forms.jurisdictions(bad) is not None


@pytest.mark.parametrize("good", ["any", ["CA"], ["US-CA", "US-NY-NYC"], ["GB"]])
def test_codes_and_any_are_jurisdictions(good: object) -> None:
    assert forms.jurisdictions(good) is None


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"logs": {"for": "P90D"}}, "from"),
        ({"logs": {"from": "recorded"}}, "for"),
        ({"logs": {"for": "90 days", "from": "recorded"}}, "for"),
        ({"logs": {"for": "P90D", "from": "recorded", "colour": "red"}}, "colour"),
        ({"Logs!": {"for": "P90D", "from": "recorded"}}, "Logs!"),
        ({}, "at least one"),
    ],
)
def test_a_settled_period_says_how_long_and_from_when(bad: object, said: str) -> None:
    assert said in (forms.kept(bad) or "")


# ------------------------------------------------------------------------------ contradictions found by the check


def pack(folder: Path, prefix: str) -> Path:
    """A copy of a pack beside the law, to be spoiled."""
    shutil.copytree(POLICIES / "law", folder / "law")
    return Path(shutil.copytree(POLICIES / FOLDERS[prefix], folder / FOLDERS[prefix]))


def commitments(folder: Path) -> Path:
    """The biggest commitments.toml of the pack: that of the policy itself."""
    return max(folder.glob("*/*/commitments.toml"), key=lambda one: one.stat().st_size)


def spoiled(folder: Path, prefix: str, old: str, new: str) -> list[Finding]:
    """What the check finds after this change, each on a line of the file."""
    copy = pack(folder, prefix)
    replace(commitments(copy), old, new)
    found = check(copy)
    assert all(one.line > 1 for one in found if one.key != "-")
    return found


def test_data_without_any_period_is_found(tmp_path: Path) -> None:
    sent = spoiled(tmp_path, "SMT", 'web-use = { for = "P365D", from = "recorded" }\n', "")
    assert any('"web-use" is collected, but nothing says how long' in one.message for one in sent)
    assert all(one.message.startswith("SMT-") for one in sent)


def test_a_period_for_data_that_is_declared_nowhere_is_found(tmp_path: Path) -> None:
    found = spoiled(tmp_path, "SMT", 'web-use = { for = "P365D"', 'web-usage = { for = "P1D", from = "recorded" }\n'
                    'web-use = { for = "P365D"')  # fmt: skip
    assert [(one.key.split(".")[-1], "did you mean" in one.message) for one in found] == [("web-usage", True)]


def test_logs_kept_for_less_than_a_request_reaches_back_are_found(tmp_path: Path) -> None:
    found = spoiled(tmp_path, "SMT", 'keep_for = "P10M"', 'keep_for = "P8M"')
    assert [one.message for one in found] == ["SMT-43: kept for P8M, but a request reaches back P9M"]


def test_a_fee_before_eligibility_is_found(tmp_path: Path) -> None:
    found = spoiled(tmp_path, "SMT", 'charged = "after-eligibility"', 'charged = "before-eligibility"')
    assert ["charged before it is known" in one.message for one in found] == [True]


def test_a_ground_outside_the_list_of_its_clause_is_found(tmp_path: Path) -> None:
    found = spoiled(tmp_path, "VOX", "past-transactions = {", "past-transaction = {")
    assert any('did you mean "past-transactions"?' in one.message for one in found)


def test_an_exception_for_data_under_a_closed_list_is_found(tmp_path: Path) -> None:
    found = spoiled(tmp_path, "1V", "commercial = { for", 'authentication-data = { for = "P7Y", from = "recorded" }\n'
                    "commercial = { for")  # fmt: skip
    message = '1V-25: 1V-27 lets "authentication-data" stay longer on the grounds of 1V-29 only'
    assert message in [one.message for one in found]


def test_a_recipient_allowed_and_banned_for_one_purpose_is_found(tmp_path: Path) -> None:
    found = spoiled(tmp_path, "VOX", 'purposes = ["operate", "troubleshoot", "improve-experience"]',
                    'purposes = ["operate", "troubleshoot", "sale"]')  # fmt: skip
    assert any("which VOX-18 bans" in one.message for one in found)


@pytest.mark.parametrize("prefix", FOLDERS)
def test_the_shipped_packs_contradict_themselves_nowhere(prefix: str) -> None:
    assert check(POLICIES / FOLDERS[prefix]) == []
