"""What data may be used for within the organization: each list of purposes, asked at the door of uses.

Purposes are those of the papers; what is refused is what they say the list leaves out.
"""

from typing import Any

import pytest

from tests.support.organizations import SMARTT, VALET, VALLEY, VALTT, VOX
from tests.support.systems import Json, Systems

# Promise, class of data, what else is said, the purposes that are named, and some that are not.
USES: list[tuple[str, str, str, Json, str, str]] = [
    (VALLEY, "VSH-04", "account-contact", {"role": "internet-only-customer"},
     "provisioning network-operation network-security customer-support billing", "marketing analytics"),
    (VALLEY, "VSH-14", "device-identifiers", {},
     "operate-maintain diagnose-resolve optimize threat-detection customer-support", "marketing upsell analytics"),
    (VALLEY, "VSH-22", "mobile-number", {},
     "deliver-notifications support-coordination suppression-abuse-delivery", "marketing billing quote"),
    (VALLEY, "VSH-34", "contact-details", {},
     "answer-inquiry quote schedule-perform service-updates correspondence", "marketing"),
    (VALLEY, "VSH-46", "registered-location", {"present": ["active-voip"]},
     "emergency-routing emergency-location", "marketing billing"),
    (VALLEY, "VSH-55", "invoices", {},
     "invoicing payment-processing recurring-billing billing-support fraud-prevention business-tax-records",
     "marketing"),
    (VALET, "1V-11", "identifiers", {"basis": "contract"},
     "performing-services security-fraud repairs research-development feedback-request legal-requirements"
     " business-purposes quality-safety", "third-party-marketing sale"),
    (VALTT, "VAL-06", "billing", {},
     "optimize-operation diagnose-problems fraud-abuse aggregate-statistics understand-usage-relevance", "sale"),
    (VOX, "VOX-10", "call-log", {},
     "provide-services enhance-operation analyze-usage improve-website tailor-third-party-experience troubleshooting"
     " disputes enforce-agreements legal-compliance law-enforcement-cooperation", "advertising sale"),
    (SMARTT, "SMT-11", "call-recordings", {}, "quality-control customer-support employee-training", "marketing"),
    (SMARTT, "SMT-13", "call-recordings", {}, "troubleshooting experience-improvement service-improvement", "sale"),
    (SMARTT, "SMT-15", "contact", {},
     "transactions service-support content-selection inquiries community-alerts tailored-marketing quotes-followup"
     " provisioning", "credit-scoring sale"),
    (SMARTT, "SMT-22", "referral", {}, "administrative provisioning verify-interest referral-tracking",
     "tailored-marketing"),
    (SMARTT, "SMT-38", "traffic-usage", {},
     "billing overuse-charges network-details-trends website-response-analysis", "tailored-marketing"),
]  # fmt: skip


def asked(systems: Systems, data: str, purpose: str, **more: Any) -> Json:
    answer = systems.post("uses/decisions", {"data": data, "purpose": purpose} | more)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: Json = answer.get_json()
    return found


@pytest.mark.parametrize(("slug", "promise", "data", "more", "named", "others"), USES)
def test_data_serves_what_its_promise_names_and_nothing_else(
    systems: Systems, slug: str, promise: str, data: str, more: Json, named: str, others: str
) -> None:
    for purpose, answer in [(one, "allow") for one in named.split()] + [(one, "deny") for one in others.split()]:
        said = asked(systems, data, purpose, **more)
        assert said["answer"] == answer, (purpose, said["reasons"])
        assert promise in {one.get("commitment") for one in said["reasons"]}, (purpose, said["reasons"])


@pytest.mark.parametrize("slug", [VALLEY])
def test_vsh_46_the_emergency_location_serves_while_telephony_runs(systems: Systems, slug: str) -> None:
    shut = asked(systems, "registered-location", "emergency-routing")
    assert [(one["code"], one["commitment"]) for one in shut["reasons"]] == [("gate-shut", "VSH-46")]


@pytest.mark.parametrize("slug", [VALTT])
def test_val_07_statistics_carry_no_key_that_leads_to_a_person(systems: Systems, slug: str) -> None:
    statistics = ("aggregate-statistics", "understand-usage-relevance")
    keyed = asked(systems, *statistics)
    assert [(one["code"], one["commitment"]) for one in keyed["reasons"]] == [("person-keys", "VAL-07")]
    assert asked(systems, *statistics, identifying=False)["answer"] == "allow"


@pytest.mark.parametrize("slug", [VALET])
def test_1v_11_a_purpose_needs_one_of_four_bases(systems: Systems, slug: str) -> None:
    bare = asked(systems, "identifiers", "repairs")
    assert [(one["code"], one["commitment"]) for one in bare["reasons"]] == [("no-basis", "1V-11")]
    for basis in ("legitimate-interest", "request", "contract", "legal-obligation"):
        assert asked(systems, "identifiers", "repairs", basis=basis)["answer"] == "allow"
    assert asked(systems, "identifiers", "repairs", basis="curiosity")["answer"] == "deny"


@pytest.mark.parametrize("slug", [VALET])
def test_1v_11_a_purpose_of_another_clause_needs_a_basis_too(systems: Systems, slug: str) -> None:
    bare = asked(systems, "technical", "security")
    assert [(one["code"], one["commitment"]) for one in bare["reasons"]] == [("no-basis", "1V-11")]
    assert asked(systems, "technical", "security", basis="contract")["answer"] == "allow"


@pytest.mark.parametrize("slug", [VALLEY])
def test_vsh_04_a_purpose_of_certain_customers_is_none_of_somebody_of_whom_nothing_is_said(
    systems: Systems, slug: str
) -> None:
    unsaid = asked(systems, "account-contact", "billing")
    assert [(one["code"], one["commitment"]) for one in unsaid["reasons"]] == [("not-of-this-person", "VSH-04")]
    assert asked(systems, "account-contact", "billing", role="resident")["answer"] == "deny"
    # Another clause names it of everybody: nobody has to be told apart.
    assert asked(systems, "call-detail", "billing")["reasons"][0]["commitment"] == "VSH-45"


@pytest.mark.parametrize(
    ("slug", "word", "purpose", "promise"),
    [
        (SMARTT, "reseller-program", "tailored-marketing", "SMT-22"),  # the service of referred people
        (SMARTT, "network", "tailored-marketing", "SMT-38"),
        (SMARTT, "telephone", "tailored-marketing", "SMT-11"),
        (VALLEY, "opt-status", "billing", "VSH-22"),
        (VALLEY, "voip", "customer-support", "VSH-46"),
        (VALLEY, "logs", "marketing", "VSH-04"),
    ],
)
def test_a_word_for_several_classes_is_refused_where_one_of_them_is(
    systems: Systems, slug: str, word: str, purpose: str, promise: str
) -> None:
    said = asked(systems, word, purpose, role="internet-only-customer")
    assert said["answer"] == "deny"
    assert promise in {one.get("commitment") for one in said["reasons"]}


@pytest.mark.parametrize("slug", [VALLEY])
def test_a_word_for_several_classes_serves_what_all_of_them_do(systems: Systems, slug: str) -> None:
    said = asked(systems, "sms-mms", "deliver-notifications")
    assert (said["answer"], {one["commitment"] for one in said["reasons"]}) == ("allow", {"VSH-22"})


@pytest.mark.parametrize("slug", [VALLEY])
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"purpose": ""}, "purpose"),
        ({"data": "x" * 65}, "data"),
        ({"data": "dreams"}, "data"),  # what the policy does not know serves nothing
        ({"at": "never"}, "at"),
        ({"at": "2026-05-03T09:30:00"}, "at"),
        ({"at": "1970-01-01T00:00:00+00:00"}, "at"),
        ({"data": "all"}, "data"),  # no class, though a promise may say it
        ({"data": None}, "data"),
        ({"data": ["mobile-number"]}, "data"),
        ({"purpose": {}}, "purpose"),
        ({"identifying": "perhaps"}, "identifying"),
        ({"present": "active-voip"}, "present"),
        ({"present": ["x"] * 21}, "present"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_question_that_cannot_be_read_names_its_field(systems: Systems, slug: str, wrong: Json, field: str) -> None:
    refused = systems.post("uses/decisions", {"data": "mobile-number", "purpose": "billing"} | wrong)
    assert refused.status_code == 422
    assert [one["field"] for one in refused.get_json()["errors"]] == [field]
