"""To whom data may go because a policy says so: the register of recipients, and single transfers that are asked about.

Recipients, conditions, grounds and ends are those of the papers.
"""

from typing import Any

import pytest

from tests.support.organizations import SMARTT, VALET, VALLEY, VALTT, VOX
from tests.support.systems import Json, Systems

# Promise: whom it names, and what else its entry says there.
NAMED: dict[str, dict[str, tuple[str, dict[str, set[str]]]]] = {
    VALLEY: {
        "VSH-08": ("network-operators-wholesale local-puds authorities-legal-process", {}),
        "VSH-15": ("cloud-management-platforms", {}),
        "VSH-28": ("third-parties affiliates", {}),
        "VSH-29": ("messaging-platforms aggregators carriers", {"data": {"sms-mms"}}),
        "VSH-32": (
            "hosting-provider hosting-subcontractors", {"purposes": {"operate", "maintain", "secure", "improve"}}
        ),
        "VSH-44": ("voip-platform-and-subprocessors upstream-carriers vendors", {"data": {"voip"}}),
        "VSH-46": ("emergency-services", {"purposes": {"emergency-routing", "emergency-location"}}),
        "VSH-56": (
            "payment-processors-banks billing-accounting-support-vendors authorities-legal-or-tax",
            {"data": {"billing"}},
        ),
        "VSH-63": ("third-parties", {}),
    },
    VALET: {
        "1V-06": ("stripe", {}),
        "1V-14": ("third-parties", {}),
        "1V-17": (
            "affiliates property-management business-partners chosen-third-party-vendors internet-service-providers", {}
        ),
        "1V-18": ("business-successor building-acquirer", {}),
        "1V-19": ("authorities-domestic authorities-foreign", {}),
        "1V-20": ("landlord", {}),
        "1V-21": ("roommates", {}),
        "1V-22": ("building-visitors", {}),
    },
    VALTT: {
        "VAL-08": (
            "integration-partners payment-providers analytics-providers communication-providers crm-providers", {}
        ),
        "VAL-09": ("prospective-buyer-seller merger-partner", {"data": {"customer-data"}}),
        "VAL-14": (
            "authorities private-parties",
            {"grounds": {
                "claims-legal-process", "protect-rights-property", "public-safety", "stop-illegal-unethical",
            }},
        ),
    },
    VOX: {
        "VOX-20": (
            "service-providers customer-chosen-applications",
            {"purposes": {"operate", "troubleshoot", "improve-experience"}},
        ),
        "VOX-21": ("successor", {}),
        "VOX-22": (
            "authorities courts others", {"grounds": {"legal-process", "enforce-agreements", "protect-rights-safety"}}
        ),
        "VOX-23": ("affiliates third-party-advertisers public", {"data": {"non-identifying-only"}}),
        "VOX-42": (
            "amazon-web-services",
            {"purposes": {"cloud-infrastructure", "customer-data-storage", "service-logging"}, "location": {"US"}},
        ),
    },
    SMARTT: {
        "SMT-16": ("card-clearing-houses banks similar-required-parties", {"fields": {"address", "payment"}}),
        "SMT-20": ("sales-staff resellers", {"fields": {"contact"}, "purposes": {"quote-follow-up"}}),
        "SMT-21": ("telecommunications-companies", {"fields": {"physical-location", "contact"}}),
    },
}  # fmt: skip
BANS = {"VSH-15", "VSH-28", "VSH-63", "1V-14"}
ROWS = [(slug, promise) for slug, promises in NAMED.items() for promise in promises]


@pytest.mark.parametrize(("slug", "promise"), ROWS)
def test_whoever_a_promise_names_stands_on_the_register_with_its_clause(
    systems: Systems, slug: str, promise: str
) -> None:
    recipients, said = NAMED[slug][promise]
    register = {one["recipient"]: one for one in systems.get("disclosures/recipients").get_json()["recipients"]}
    under = {
        key for key, one in register.items() for each in one["clauses"]
        if (each["commitment"], each["bans"]) == (promise, promise in BANS)
    }  # fmt: skip
    beside = {"VSH-08": {"service-vendors"}, "VSH-44": {"emergency-services", "authorities-legal-process"},
              "VOX-23": {"service-providers"}}  # fmt: skip
    assert under == set(recipients.split()) | beside.get(promise, set())
    for recipient in recipients.split():
        for field, words in said.items():
            held = register[recipient][field]
            assert set([held] if isinstance(held, str) else held) == words, (recipient, field)


def asked(systems: Systems, **changes: Any) -> Json:
    """The answer to a transfer that is only asked about."""
    question = {
        "purpose": "support", "person": "person-1", "occurred_at": "2026-11-21T16:59:00Z", "store": False
    } | changes  # fmt: skip
    answer = systems.post("disclosures", question)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: Json = answer.get_json()
    return found


DENY = "deny"
# Promise, what is asked, and what follows from the wording.
TRANSFERS: list[tuple[str, str, str, Json]] = [
    (VALLEY, "VSH-15", DENY, {"recipient": "cloud-management-platforms", "categories": ["device-identifiers"],
                              "purpose": "sale"}),
    (VALLEY, "VSH-14", DENY, {"recipient": "service-vendors", "categories": ["device-identifiers"],
                              "purpose": "analytics"}),
    (VALLEY, "VSH-22", DENY, {"recipient": "messaging-platforms", "categories": ["mobile-number"],
                              "conditions": ["necessary-only"], "purpose": "quote"}),
    (VALLEY, "VSH-28", DENY, {"recipient": "third-parties", "categories": ["mobile-number"], "purpose": "marketing"}),
    (VALLEY, "VSH-63", DENY, {"recipient": "third-parties", "categories": ["invoices"],
                              "purpose": "third-party-own-marketing"}),
    (VALET, "1V-14", DENY, {"recipient": "third-parties", "categories": ["identifiers"], "purpose": "sale"}),
    (VALET, "1V-15", DENY, {"recipient": "third-parties", "categories": ["identifiers"],
                            "purpose": "public-release-identifying"}),
    (VALET, "1V-16", DENY, {"recipient": "business-partners", "categories": ["identifiers"]}),
    (VALET, "1V-20", DENY, {"recipient": "landlord", "categories": ["identifiers"], "building": "b-1",
                            "recipient_building": "b-1"}),
    (VALET, "1V-21", DENY, {"recipient": "roommates", "categories": ["settings-changes"], "unit": "4",
                            "recipient_unit": "5", "conditions": ["settings-change-alert"]}),
    (VALET, "1V-22", DENY, {"recipient": "building-visitors", "categories": ["directory-entries"]}),
    (VALTT, "VAL-08", DENY, {"recipient": "crm-providers", "categories": ["email"]}),
    (VALTT, "VAL-14", DENY, {"recipient": "private-parties", "categories": ["email"]}),
    (VOX, "VOX-18", DENY, {"recipient": "third-party-advertisers", "categories": ["browser-type"], "purpose": "sale",
                           "identifying": False}),
    (VOX, "VOX-19", DENY, {"recipient": "service-providers", "categories": ["identity-contact"],
                           "purpose": "troubleshoot"}),
    (VOX, "VOX-21", DENY, {"recipient": "successor", "categories": ["identity-contact"]}),
    (VOX, "VOX-22", DENY, {"recipient": "courts", "categories": ["identity-contact"]}),
    (VOX, "VOX-23", DENY, {"recipient": "public", "categories": ["identity-contact"]}),
    (VOX, "VOX-39", DENY, {"recipient": "service-providers", "categories": ["identity-contact"],
                           "purpose": "troubleshoot"}),
    (VOX, "VOX-40", DENY, {"recipient": "service-providers", "categories": ["identity-contact"],
                           "purpose": "troubleshoot"}),
    (SMARTT, "SMT-16", DENY, {"recipient": "banks", "categories": ["payment"], "fields": ["payment", "email"]}),
    (SMARTT, "SMT-20", DENY, {"recipient": "resellers", "categories": ["contact"], "fields": ["contact"],
                              "purpose": "marketing"}),
    (SMARTT, "SMT-21", DENY, {"recipient": "telecommunications-companies", "categories": ["financial"],
                              "fields": ["financial"]}),
    (SMARTT, "SMT-22", DENY, {"recipient": "resellers", "categories": ["referral"], "purpose": "tailored-marketing"}),
    (SMARTT, "SMT-42", DENY, {"recipient": "third-party-sites", "categories": ["web-use"],
                              "purpose": "communal-logs", "owners": 3}),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "promise", "answer", "question"), TRANSFERS)
def test_a_transfer_is_answered_by_the_promise_about_it(
    systems: Systems, slug: str, promise: str, answer: str, question: Json
) -> None:
    said = asked(systems, **question)
    assert said["answer"] == answer
    assert promise in {one.get("commitment") for one in said["reasons"]}, said["reasons"]
