"""What may be gathered, held and used."""

from dataclasses import replace

import pytest

from consent.policies.answers.inventory import Gathering, Inventory
from consent.policies.questions import Verdict
from tests.policies.answers.companies import organization, promises

NET = "customer-internet-traffic"


def inventory(prefix: str) -> Inventory:
    return Inventory(organization(prefix), promises(prefix))


def codes(verdict: Verdict) -> set[str]:
    return {one.code for one in verdict.reasons}


def test_what_is_declared_nowhere_is_not_gathered() -> None:
    assert codes(inventory("VSH").may_collect("shoe-size", Gathering())) == {"not-declared"}
    assert inventory("VSH").may_collect("network-diagnostics", Gathering()).answer == "allow"


def test_t_83_data_of_managed_networks_waits_for_the_enrolment_and_stays_coarse() -> None:
    how = Gathering(open_gates=frozenset({"VSH-07"}), traits={"finest_destination": "registrable-domain"})
    asked = inventory("VSH").may_collect
    assert asked("destination-tld-or-endpoint", how).answer == "allow"
    assert codes(asked("destination-tld-or-endpoint", replace(how, open_gates=frozenset()))) == {"gate-shut"}
    assert codes(asked("destination-tld-or-endpoint", replace(how, traits={}))) == {"too-fine"}
    assert codes(asked("destination-tld-or-endpoint", replace(how, traits={"finest_destination": "host"}))) == {
        "too-fine"
    }


def test_t_16_the_content_of_traffic_is_never_held_while_the_companys_own_texts_are() -> None:
    asked = inventory("VSH").may_hold
    assert codes(asked("messages", NET)) == {"banned"}
    assert asked("messages", "own-sms").answer == "allow"
    assert asked("messages").answer == "deny"
    assert asked("message-text-in-out").answer == "allow"


def test_routine_monitoring_is_banned_but_for_the_recordings_another_clause_allows() -> None:
    asked = inventory("VSH").may_hold
    assert codes(asked("routine-call-monitoring")) == {"banned"}
    assert asked("routine-call-monitoring", open_gates=frozenset({"VSH-48"})).answer == "allow"


@pytest.mark.parametrize("prefix", ["VSH", "1V", "VAL", "VOX", "SMT"])
def test_card_verification_codes_are_never_stored_by_anybody(prefix: str) -> None:
    assert inventory(prefix).may_hold("cvv").answer == "deny"


def test_a_token_may_stay_where_the_card_number_may_not() -> None:
    asked = inventory("VSH").may_hold
    assert codes(asked("token")) == {"may-stay"}
    assert codes(asked("full-card-number")) == {"banned"}
    assert codes(inventory("1V").may_hold("financial")) == {"passes-through"}
    assert codes(inventory("1V").may_hold("last-four-digits")) == {"may-stay"}


def gathering(**more: object) -> Gathering:
    base = Gathering(person="owner", source="person", ground="provide-service")
    return replace(base, **more)  # type: ignore[arg-type]


def test_data_is_gathered_on_one_of_the_grounds_only() -> None:
    asked = inventory("1V").may_collect
    assert asked("identifiers", gathering()).answer == "allow"
    assert codes(asked("identifiers", gathering(ground="curiosity"))) == {"no-ground"}
    assert codes(asked("identifiers", gathering(ground=None))) == {"no-ground"}


def test_each_item_names_one_of_the_sources() -> None:
    assert codes(inventory("1V").may_collect("identifiers", gathering(source=None))) == {"no-source"}
    assert codes(inventory("1V").may_collect("identifiers", gathering(source="data-broker"))) == {"no-source"}
    assert "property-management" in inventory("1V").sources()


def test_financial_data_is_taken_of_owners_and_partners_and_of_no_resident() -> None:
    asked = inventory("1V").may_collect
    assert asked("financial", gathering()).answer == "allow"
    assert codes(asked("financial", gathering(person="resident"))) == {"not-of-this-person"}
    assert asked("commercial", gathering(person="resident")).answer == "allow"


def test_the_place_of_a_device_is_no_finer_than_a_postal_code() -> None:
    asked = inventory("1V").may_collect
    assert asked("geolocation", gathering(traits={"geolocation_precision": "postal-code"})).answer == "allow"
    assert codes(asked("geolocation", gathering(traits={"geolocation_precision": "street"}))) == {"too-fine"}
    assert codes(asked("geolocation", gathering())) == {"too-fine"}


def test_a_passcode_is_kept_encrypted_only_and_navigation_without_names() -> None:
    asked = inventory("1V").may_collect
    assert asked("account-information", gathering(traits={"passcode_storage": "encrypted-only"})).answer == "allow"
    assert codes(asked("account-information", gathering(traits={"passcode_storage": "plain"}))) == {"too-fine"}
    assert codes(asked("technical", gathering(traits={"navigation_data": "by-person"}))) == {"too-fine"}


def test_an_image_is_taken_at_the_public_door() -> None:
    asked = inventory("1V").may_collect
    door = gathering(person="visitor", moment="entry-or-visit-public-door", source="automatic")
    assert asked("sensory-image", door).answer == "allow"
    assert codes(asked("sensory-image", replace(door, moment="support"))) == {"not-at-this-moment"}


def test_permission_as_a_ground_needs_a_live_consent_and_ends_with_it() -> None:
    how = Gathering(moment="contact-form-newsletter", ground="permission", consent=True)
    asked = inventory("VAL")
    assert asked.may_collect("email", how).answer == "allow"
    assert codes(asked.may_collect("email", replace(how, consent=False))) == {"no-permission"}
    assert asked.may_use("email", "fraud-abuse", ground="permission", consent=True).answer == "allow"
    assert codes(asked.may_use("email", "fraud-abuse", ground="permission")) == {"no-permission"}


def test_a_government_id_is_asked_for_at_account_or_purchase_only() -> None:
    how = Gathering(moment="account-or-purchase", ground="service-necessity")
    asked = inventory("VAL").may_collect
    assert asked("government-id", how).answer == "allow"
    assert codes(asked("government-id", replace(how, moment="contact-form-newsletter"))) == {"not-at-this-moment"}


def test_statistics_carry_no_key_of_a_person() -> None:
    asked = inventory("VAL").may_use
    assert asked("aggregate-statistics", "aggregate-statistics").answer == "allow"
    assert codes(asked("aggregate-statistics", "aggregate-statistics", person_keys=True)) == {"person-keys"}


def test_what_is_held_already_is_not_asked_for_again_unless_the_law_wants_it() -> None:
    asked = inventory("VOX").may_collect
    assert asked("identity-contact", Gathering()).answer == "allow"
    assert codes(asked("identity-contact", Gathering(held_already=True))) == {"held-already"}
    assert asked("identity-contact", Gathering(held_already=True, required_by_law=True)).answer == "allow"


def test_content_is_cached_only_where_the_customer_allows_it_and_the_log_is_apart() -> None:
    asked = inventory("VOX").may_hold
    assert codes(asked("call-content")) == {"gate-shut"}
    assert asked("call-content", open_gates=frozenset({"customer-server-allows-caching"})).answer == "allow"
    assert asked("notification-log").answer == "allow"


def test_addresses_and_places_are_treated_as_personal() -> None:
    assert inventory("VOX").is_personal("ip-address")
    assert inventory("VOX").is_personal("aggregated-location")
    assert not inventory("VOX").is_personal("browser-type")
    assert inventory("1V").is_personal("technical")


def test_the_purpose_told_to_the_person_is_stored_from_the_first_day() -> None:
    how = Gathering(source="web-forms", purpose="quotes-followup")
    assert inventory("SMT").may_collect("contact", how).answer == "allow"
    assert codes(inventory("SMT").may_collect("contact", replace(how, purpose=None))) == {"no-stated-purpose"}


def test_a_recording_waits_for_its_announcement() -> None:
    how = Gathering(source="offline", purpose="quality-control", traits={"announcement": "every-recordable-call"})
    assert inventory("SMT").may_collect("call-recordings", how).answer == "allow"
    assert codes(inventory("SMT").may_collect("call-recordings", replace(how, traits={}))) == {"not-announced"}


@pytest.mark.parametrize(
    ("prefix", "data", "purpose", "answer"),
    [
        ("VSH", "device-identifiers", "threat-detection", "allow"),
        ("VSH", "device-identifiers", "marketing", "deny"),
        ("VSH", "mobile-number", "support-coordination", "allow"),
        ("VSH", "mobile-number", "billing", "deny"),
        ("VSH", "invoices", "recurring-billing", "allow"),
        ("VSH", "invoices", "deliver-notifications", "deny"),
        ("VSH", "page-views", "analytics", "allow"),
        ("VSH", "page-views", "advertising", "deny"),
        ("VSH", "call-detail", "fraud-prevention", "allow"),
        ("VSH", "call-detail", "marketing", "deny"),
        ("VAL", "error-data", "improve-systems", "allow"),
        ("VAL", "error-data", "fraud-abuse", "allow"),
        ("VAL", "error-data", "sale", "deny"),
        ("VOX", "call-log", "troubleshooting", "allow"),
        ("VOX", "call-log", "advertising", "deny"),
        ("SMT", "call-recordings", "employee-training", "allow"),
        ("SMT", "call-recordings", "troubleshooting", "allow"),
        ("SMT", "call-recordings", "tailored-marketing", "deny"),
        ("SMT", "contact", "tailored-marketing", "allow"),
        ("SMT", "referral", "referral-tracking", "allow"),
        ("SMT", "referral", "tailored-marketing", "deny"),
        ("SMT", "traffic-usage", "overuse-charges", "allow"),
        ("SMT", "traffic-usage", "quality-control", "deny"),
    ],
)  # fmt: skip
def test_data_serves_the_purposes_named_for_it_and_no_other(prefix: str, data: str, purpose: str, answer: str) -> None:
    assert inventory(prefix).may_use(data, purpose).answer == answer


def test_the_emergency_location_is_used_while_telephony_runs() -> None:
    asked = inventory("VSH").may_use
    running = frozenset({"active-voip"})
    assert asked("registered-location", "emergency-routing", open_gates=running).answer == "allow"
    assert codes(asked("registered-location", "emergency-routing")) == {"gate-shut"}


def test_a_purpose_at_1valet_needs_a_basis_and_is_never_anothers_marketing() -> None:
    asked = inventory("1V").may_use
    assert asked("identifiers", "repairs", basis="contract").answer == "allow"
    assert codes(asked("identifiers", "repairs")) == {"no-basis"}
    assert "purpose-excluded" in codes(asked("identifiers", "third-party-marketing", basis="contract"))
