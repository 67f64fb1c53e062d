"""Who may get which data: bans first, then lists with their conditions, then consent and the register."""

from dataclasses import replace

import pytest

from consent.policies.answers.sharing import Sharing, Transfer
from consent.policies.questions import Verdict
from tests.policies.answers.companies import changed, organization, promises

CONTRACT = frozenset({"necessary-only", "written-contract", "confidentiality", "security", "no-other-use"})
SHIELD = frozenset({"contract", "privacy-shield-or-equivalent", "written-instructions", "purpose-bound",
                    "contract-equivalent-protection"})  # fmt: skip
SUB = frozenset({"on-behalf-of-customers", "customer-instructions", "written-contract"})


def ask(prefix: str, transfer: Transfer) -> Verdict:
    return Sharing(organization(prefix), promises(prefix)).may_share(transfer)


def codes(verdict: Verdict) -> set[str]:
    return {one.code for one in verdict.reasons}


def ids(verdict: Verdict) -> set[str | None]:
    return {one.commitment for one in verdict.reasons}


# ---------------------------------------------------------------------------------------------------- Valley's bans


@pytest.mark.parametrize("recipient", ["affiliates", "carriers", "third-parties", "a-friendly-partner"])
def test_numbers_for_texts_never_go_out_for_marketing_whatever_anybody_consented_to(recipient: str) -> None:
    denied = ask("VSH", Transfer("mobile-number", recipient, "marketing", consent="this-transfer"))
    assert (denied.answer, ids(denied)) == ("deny", {"VSH-28"})


def test_t_71_the_messaging_platform_gets_the_numbers_it_needs() -> None:
    met = frozenset({"necessary-only", "on-behalf", "confidentiality", "security"})
    allowed = ask("VSH", Transfer("mobile-number", "messaging-platforms", "deliver-notifications", met=met))
    assert (allowed.answer, ids(allowed)) == ("allow", {"VSH-29"})
    for missing in met:
        short = Transfer("mobile-number", "messaging-platforms", "deliver-notifications", met=met - {missing})
        assert codes(ask("VSH", short)) == {"condition-missing"}


def test_t_70_valleys_three_bans_differ_in_reach() -> None:
    sharing = Sharing(organization("VSH"), promises("VSH"))
    texts, billing, platforms = (next(one for one in promises("VSH") if one.id == f"VSH-{n}") for n in (28, 63, 15))
    assert sharing.hits(texts, Transfer("mobile-number", "affiliates", "marketing"))
    assert not sharing.hits(billing, Transfer("invoices", "affiliates", "marketing"))
    assert sharing.hits(billing, Transfer("invoices", "third-parties", "marketing"))
    assert not sharing.hits(billing, Transfer("invoices", "third-parties", "invoicing"))
    assert sharing.hits(platforms, Transfer("device-identifiers", "cloud-management-platforms", "analytics"))
    assert not sharing.hits(
        platforms, Transfer("device-identifiers", "cloud-management-platforms", "deliver-managed-services")
    )


def test_a_field_of_banned_data_is_banned_within_other_data() -> None:
    denied = ask("VSH", Transfer("account-contact", "affiliates", "promotion", fields=("mobile-number",)))
    assert ids(denied) == {"VSH-28"}


def test_an_authority_gets_billing_data_against_an_instrument_only() -> None:
    bare = Transfer("invoices", "authorities-legal-or-tax", "legal-process")
    assert codes(ask("VSH", bare)) == {"no-instrument"}
    assert ask("VSH", replace(bare, instrument="court order 12")).answer == "allow"


def test_the_emergency_location_goes_to_emergency_services_alone() -> None:
    met = frozenset({"necessary-only"})
    rescue = Transfer("registered-location", "emergency-services", "emergency-location", met=met)
    assert ask("VSH", rescue).answer == "allow"
    other = ask("VSH", Transfer("registered-location", "vendors", "operations", met=met))
    assert "VSH-46" in ids(other)


@pytest.mark.parametrize("recipient", ["data-brokers", "landlord", "messaging-platforms"])
def test_whoever_is_not_listed_for_this_data_gets_nothing(recipient: str) -> None:
    assert "unlisted-recipient" in codes(ask("VSH", Transfer("invoices", recipient, "invoicing")))


# ------------------------------------------------------------------------------------------------ 1VALET


def test_the_landlord_gets_data_for_the_safety_of_the_building_with_reason_and_approver() -> None:
    asked = Transfer(
        "identifiers", "landlord", "safety", met=frozenset({"safety-necessity"}), building="b1",
        recipient_building="b1", reason="gas leak", approver="ann",
    )  # fmt: skip
    assert ask("1V", asked).answer == "allow"
    assert ids(ask("1V", asked)) == {"1V-20"}
    assert codes(ask("1V", replace(asked, met=frozenset()))) == {"condition-missing"}
    assert codes(ask("1V", replace(asked, reason=None))) == {"no-reason-or-approver"}
    assert codes(ask("1V", replace(asked, approver=None))) == {"no-reason-or-approver"}
    assert codes(ask("1V", replace(asked, recipient_building="b2"))) == {"another-building"}


def test_routine_help_goes_to_the_management_of_the_same_building_under_contract() -> None:
    asked = Transfer(
        "identifiers", "property-management", "troubleshooting", met=CONTRACT, ground="data-processing",
        building="b1", recipient_building="b1",
    )  # fmt: skip
    assert ask("1V", asked).answer == "allow"
    assert codes(ask("1V", replace(asked, building="b2"))) == {"another-building"}
    assert codes(ask("1V", replace(asked, ground=None))) == {"no-ground"}
    assert ids(ask("1V", replace(asked, met=CONTRACT - {"written-contract"}))) == {"1V-16"}


def test_a_vendor_gets_data_once_the_person_chose_it() -> None:
    asked = Transfer("identifiers", "chosen-third-party-vendors", "service", met=CONTRACT, ground="data-processing")
    assert codes(ask("1V", asked)) == {"not-chosen"}
    assert ask("1V", replace(asked, chosen=True)).answer == "allow"


@pytest.mark.parametrize("purpose", ["sale", "marketing", "advertising", "third-party-marketing"])
def test_nothing_is_sold_or_handed_to_a_partner_for_its_marketing(purpose: str) -> None:
    asked = Transfer("identifiers", "business-partners", purpose, met=CONTRACT, ground="data-processing")
    assert ids(ask("1V", asked)) == {"1V-14"}


def test_a_setting_is_told_to_people_of_the_same_unit_only() -> None:
    asked = Transfer("settings-changes", "roommates", "alert", met=frozenset({"settings-change-alert"}), unit="7",
                     recipient_unit="7")  # fmt: skip
    assert ask("1V", asked).answer == "allow"
    assert codes(ask("1V", replace(asked, recipient_unit="8"))) == {"another-unit"}
    assert codes(ask("1V", replace(asked, unit=None, recipient_unit=None))) == {"another-unit"}


def test_nothing_that_identifies_a_person_is_made_public_but_the_persons_own_posts() -> None:
    asked = Transfer("bulletin-board-posts", "public", "public-release-identifying")
    assert ids(ask("1V", asked)) == {"1V-15"}
    assert "banned" not in codes(ask("1V", replace(asked, ground="bulletin-board-self-posted")))


def test_a_foreign_authority_needs_law_instrument_and_country() -> None:
    asked = Transfer("identifiers", "authorities-foreign", "legal-process", met=frozenset({"applicable-law"}),
                     instrument="order", country="FR")  # fmt: skip
    assert ask("1V", asked).answer == "allow"
    assert codes(ask("1V", replace(asked, country=None))) == {"no-country"}
    assert codes(ask("1V", replace(asked, instrument=None))) == {"no-instrument"}


def test_the_payment_service_is_for_residents_who_saw_its_terms() -> None:
    asked = Transfer("financial", "stripe", "payment", person="resident", shown=frozenset({"stripe-terms"}))
    assert ask("1V", asked).answer == "allow"
    assert codes(ask("1V", replace(asked, shown=frozenset()))) == {"terms-not-shown"}
    assert codes(ask("1V", replace(asked, person="owner"))) == {"not-of-this-person"}


# ------------------------------------------------------------------------------------------------ Valtt


def test_valtts_own_judgement_names_who_judged_the_ground_and_whether_it_was_compelled() -> None:
    asked = Transfer("billing", "authorities", "request", ground="public-safety", approver="ann", compelled=False)
    assert ask("VAL", asked).answer == "allow"
    assert codes(ask("VAL", replace(asked, approver=None))) == {"no-approver"}
    assert codes(ask("VAL", replace(asked, compelled=None))) == {"compelled-not-said"}
    assert codes(ask("VAL", replace(asked, ground="curiosity"))) == {"no-ground"}


def test_only_a_compelled_disclosure_obliges_valtt_to_tell_the_person() -> None:
    asked = Transfer("billing", "authorities", "request", ground="claims-legal-process", approver="ann", compelled=True)
    assert ids(ask("VAL", asked)) == {"VAL-14", "VAL-15"}
    assert "VAL-15" not in ids(ask("VAL", replace(asked, compelled=False)))


def test_an_integration_gets_data_after_the_customer_connected_it() -> None:
    asked = Transfer("billing", "integration-partners", "integration", met=frozenset({"necessary-only"}))
    assert codes(ask("VAL", asked)) == {"not-chosen"}
    assert ask("VAL", replace(asked, chosen=True)).answer == "allow"


# --------------------------------------------------------------------------------------------- Voxvalley


def provider(**more: object) -> Transfer:
    base = Transfer(
        "identity-contact", "service-providers", "operate", met=SHIELD, consent="enrolment",
        transfer_basis="standard-contractual-clauses", subprocessor=False,
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def test_identifying_data_needs_consent_and_a_listed_recipient() -> None:
    assert ask("VOX", provider()).answer == "allow"
    assert ids(ask("VOX", provider(consent=None))) == {"VOX-19"}
    assert "unlisted-recipient" in codes(ask("VOX", provider(recipient="data-brokers", consent="this-transfer")))


def test_successors_and_courts_need_no_consent_as_it_was_settled() -> None:
    successor = Transfer("identity-contact", "successor", "merger", met=frozenset({"policy-continues"}))
    assert ask("VOX", successor).answer == "allow"
    settled = changed("VOX", "VOX-19", decided=True, without_consent=["courts"])
    assert Sharing(organization("VOX"), settled).may_share(successor).answer == "deny"


@pytest.mark.parametrize("basis", [None, "privacy-shield"])
def test_the_privacy_shield_is_no_basis_of_a_transfer_today(basis: str | None) -> None:
    denied = ask("VOX", provider(transfer_basis=basis))
    assert (codes(denied), ids(denied)) == ({"no-transfer-basis"}, {"VOX-39"})


def test_instructions_in_writing_are_needed_for_a_provider() -> None:
    denied = ask("VOX", provider(met=SHIELD - {"written-instructions"}))
    assert ids(denied) == {"VOX-40"}


def cloud(**more: object) -> Transfer:
    base = provider(
        purpose="cloud-infrastructure", recipient="amazon-web-services", subprocessor=True, met=SHIELD | SUB,
        name="Amazon Web Services, Inc.", location="US", consent="this-transfer",
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def test_a_subprocessor_works_as_the_register_says_in_name_purpose_and_place() -> None:
    assert ask("VOX", cloud()).answer == "allow"
    assert codes(ask("VOX", cloud(location="IE"))) == {"location-not-registered"}
    assert codes(ask("VOX", cloud(purpose="analytics"))) == {"purpose-not-registered"}
    assert codes(ask("VOX", cloud(name="Another Cloud"))) == {"not-registered"}
    assert ids(ask("VOX", cloud(met=SHIELD | (SUB - {"customer-instructions"})))) == {"VOX-41"}


def test_a_provider_of_unknown_standing_is_held_to_the_register() -> None:
    assert "not-registered" in codes(ask("VOX", provider(subprocessor=None)))


def test_advertisers_get_only_what_identifies_nobody_field_by_field() -> None:
    feed = Transfer("browser-type", "third-party-advertisers", "usage-analysis", identifying=False)
    assert ask("VOX", feed).answer == "allow"
    assert "identifying" in codes(ask("VOX", replace(feed, fields=("ip-address",))))
    assert "identifying" in codes(ask("VOX", replace(feed, fields=("never-heard-of",))))


def test_nothing_is_sold_at_voxvalley() -> None:
    assert ids(ask("VOX", provider(purpose="sale", consent="this-transfer"))) == {"VOX-18"}


# ------------------------------------------------------------------------------------------------- Smartt


def test_each_recipient_at_smartt_gets_its_own_fields() -> None:
    bank = Transfer("financial", "banks", "transaction", fields=("address", "payment"),
                    met=frozenset({"required-for-transaction"}))  # fmt: skip
    assert ask("SMT", bank).answer == "allow"
    assert codes(ask("SMT", replace(bank, fields=("address", "requirements")))) == {"field-not-allowed"}
    assert codes(ask("SMT", replace(bank, fields=()))) == {"fields-not-said"}
    telecom = Transfer("contact", "telecommunications-companies", "provisioning",
                       fields=("physical-location", "contact"))  # fmt: skip
    assert ids(ask("SMT", telecom)) == {"SMT-21"}
    assert ask("SMT", telecom).answer == "allow"
    assert codes(ask("SMT", replace(telecom, fields=("contact", "financial")))) == {"field-not-allowed"}


def test_a_reseller_gets_contact_data_after_an_inquiry_only() -> None:
    asked = Transfer("contact", "resellers", "quote-follow-up", fields=("contact",))
    assert codes(ask("SMT", asked)) == {"no-reference"}
    assert ask("SMT", replace(asked, reference="quote-7")).answer == "allow"
    assert ask("SMT", replace(asked, recipient="sales-staff")).answer == "allow"
    assert codes(ask("SMT", replace(asked, reference="quote-7", purpose="newsletter"))) == {"purpose-not-listed"}


@pytest.mark.parametrize("owners", [None, 0, 2, 3])
def test_a_log_file_with_a_second_customers_rows_or_uncounted_is_never_released(owners: int | None) -> None:
    asked = Transfer("usage-log-file", "administrator", "release", owners=owners)
    assert ids(ask("SMT", asked)) == {"SMT-42"}
    assert "banned" not in codes(ask("SMT", replace(asked, owners=1)))
