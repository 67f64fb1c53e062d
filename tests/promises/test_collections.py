"""What may be gathered, from whom, when and why, asked at the door of collections: classes and limits of the papers."""

from typing import Any

import pytest

from tests.support.organizations import SMARTT, VALET, VALLEY, VALTT, VOX
from tests.support.systems import Json, Systems

BY_PERSON: Json = {
    "role": "resident", "source": "person", "ground": "provide-service", "purpose": "performing-services"
}  # fmt: skip
NEEDED: Json = {"ground": "service-necessity"}
TOLD: Json = {"source": "web-forms", "purpose": "inquiries"}
# What else is said where nothing stands against it, unless a row says otherwise.
USUAL: dict[str, Json] = {VALLEY: {}, VALET: BY_PERSON, VALTT: NEEDED, VOX: {}, SMARTT: TOLD}

# Promise: classes of data that it names, and how they are taken.
NAMED: list[tuple[str, str, str, Json]] = [
    (VALLEY, "VSH-05", "account-contact provisioning-identifiers network-diagnostics aggregate-usage security-abuse",
     {}),
    (VALLEY, "VSH-12", "device-identifiers ip-assignments status-uptime signal-performance aggregate-bandwidth",
     {"present": ["VSH-07"]}),
    (VALLEY, "VSH-12", "destination-tld-or-endpoint",
     {"present": ["VSH-07"], "finest_destination": "registrable-domain"}),
    (VALLEY, "VSH-21", "mobile-number name-or-account-id opt-status-preferences message-text-in-out delivery-metadata"
     " consent-records", {}),
    (VALLEY, "VSH-33", "contact-details service-address-interest booking-notes messages-uploads", {}),
    (VALLEY, "VSH-35", "ip-approx-location device-browser page-views telemetry", {}),
    (VALLEY, "VSH-40", "contact-log support-notes", {}),
    (VALLEY, "VSH-45", "account-contact voip-identifiers call-detail voicemail-messaging support-records"
     " security-abuse", {}),
    (VALLEY, "VSH-54", "billing-identity invoices payment-history limited-payment-method", {}),
    (VALET, "1V-04", "identifiers communications", {}),
    (VALET, "1V-04", "account-information", {"passcode_storage": "encrypted-only"}),
    (VALET, "1V-05", "commercial", {}),
    (VALET, "1V-05", "financial", {"role": "owner"}),
    (VALET, "1V-05", "financial", {"role": "business-partner"}),
    (VALET, "1V-07", "hardware-usage", {}),
    (VALET, "1V-07", "technical", {"navigation_data": "anonymized"}),
    *((VALET, "1V-07", "geolocation", {"geolocation_precision": fit}) for fit in ("city", "state", "postal-code")),
    *((VALET, "1V-08", "sensory-image", {"role": who, "source": "automatic", "moment": "entry-or-visit-public-door"})
      for who in ("resident", "visitor")),
    (VALTT, "VAL-02", "billing government-id", {"moment": "account-or-purchase"}),
    (VALTT, "VAL-02", "phone", {"moment": "support"}),
    (VALTT, "VAL-02", "email", {"moment": "contact-form-newsletter"}),
    (VALTT, "VAL-03", "logs-metadata device-ids performance approx-location interaction ip-address browser-device"
     " error-data", {}),
    (VOX, "VOX-06", "identity-contact location online-identifiers credit-card call-history sender-data", {}),
    (VOX, "VOX-13", "notification-log", {}),
    (VOX, "VOX-16", "referrer-url exit-url browser-type ip-address aggregated-location", {}),
    (SMARTT, "SMT-05", "contact financial preferences-privileges", {}),
    (SMARTT, "SMT-06", "network-technical", {"source": "automated"}),
]  # fmt: skip

# Promise, class of data, how it is taken instead of as usual, and why that may not be.
REFUSED: list[tuple[str, str, str, Json, str]] = [
    (VALLEY, "VSH-06", "full-urls", {}, "banned"),
    (VALLEY, "VSH-12", "device-identifiers", {}, "gate-shut"),
    (VALLEY, "VSH-12", "destination-tld-or-endpoint", {"present": ["VSH-07"], "finest_destination": "full-url"},
     "too-fine"),
    (VALLEY, "VSH-51", "cvv", {}, "banned"),
    (VALET, "1V-03", "identifiers", {"ground": "curiosity"}, "no-ground"),
    (VALET, "1V-04", "account-information", {"passcode_storage": "plain"}, "too-fine"),
    (VALET, "1V-05", "financial", {"role": "resident"}, "not-of-this-person"),
    (VALET, "1V-07", "geolocation", {"geolocation_precision": "street"}, "too-fine"),
    (VALET, "1V-07", "technical", {"navigation_data": "identifiable"}, "too-fine"),
    (VALET, "1V-08", "sensory-image", {"source": "automatic", "moment": "support"}, "not-at-this-moment"),
    (VALET, "1V-10", "identifiers", {"source": "data-broker"}, "no-source"),
    (VALTT, "VAL-02", "phone", {"moment": "account-or-purchase"}, "not-at-this-moment"),
    (VALTT, "VAL-05", "ip-address", {"ground": "curiosity"}, "no-ground"),
    (VALTT, "VAL-05", "ip-address", {"ground": "permission"}, "no-permission"),
    (VOX, "VOX-09", "identity-contact", {"held_already": True}, "held-already"),
    (VOX, "VOX-12", "call-content", {}, "gate-shut"),
    (SMARTT, "SMT-04", "contact", {"source": "data-broker"}, "no-source"),
]  # fmt: skip


def asked(systems: Systems, data: str, **how: Any) -> Json:
    answer = systems.post("collections/decisions", {"data": data} | how)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: Json = answer.get_json()
    return found


@pytest.mark.parametrize(("slug", "promise", "named", "how"), NAMED)
def test_what_a_promise_names_may_be_gathered_as_it_says(
    systems: Systems, slug: str, promise: str, named: str, how: Json
) -> None:
    for data in named.split():
        said = asked(systems, data, **USUAL[slug] | how)
        assert (said["answer"], promise in {one.get("commitment") for one in said["reasons"]}) == ("allow", True), (
            data, said["reasons"],
        )  # fmt: skip


@pytest.mark.parametrize(("slug", "promise", "data", "how", "code"), REFUSED)
def test_what_a_promise_rules_out_is_refused_for_it(
    systems: Systems, slug: str, promise: str, data: str, how: Json, code: str
) -> None:
    said = asked(systems, data, **USUAL[slug] | how)
    assert said["answer"] == "deny"
    assert (code, promise) in {(one["code"], one.get("commitment")) for one in said["reasons"]}, said["reasons"]


@pytest.mark.parametrize(
    ("slug", "data", "how"),
    [
        (VALTT, "ip-address", {"ground": "permission", "consent": True}),
        (VOX, "identity-contact", {"held_already": True, "required_by_law": True}),
    ],
)
def test_val_05_and_vox_09_permission_and_a_law_open_what_is_shut(
    systems: Systems, slug: str, data: str, how: Json
) -> None:
    assert asked(systems, data, **how)["answer"] == "allow"


@pytest.mark.parametrize("slug", [VALLEY])
def test_data_that_no_promise_names_is_refused_and_the_way_out_is_named(systems: Systems, slug: str) -> None:
    said = asked(systems, "religion")
    assert (said["answer"], [one["code"] for one in said["reasons"]]) == ("deny", ["not-declared"])
    assert "organization.toml" in said["reasons"][0]["text"]


@pytest.mark.parametrize("slug", [VALLEY])
@pytest.mark.parametrize("body", [{}, {"data": ["x"]}, {"data": "contact-log", "consent": "maybe"}, {"data": ""}])
def test_a_question_that_cannot_be_read_names_its_field(systems: Systems, slug: str, body: Json) -> None:
    refused = systems.post("collections/decisions", body)
    assert (refused.status_code, bool(refused.get_json()["errors"])) == (422, True)
