"""To whom Voxvalley gives data, and its processors, promise by promise: what each allows and refuses.

The figures are literals, worked out from the policy by hand; none is read from the pack.
"""

from consent.policies.answers.sharing import Transfer
from consent.policies.answers.trackers import Tracker
from tests.policies.packs_vox import (
    AMAZON,
    ON_FILE,
    PRIVACY,
    PROVIDER,
    SUPPORT,
    features,
    parts,
    refused_by,
    said,
    says,
    settles,
    share,
    sharing,
    states,
    trackers,
)


def test_vox_17_regulated_trackers_need_explicit_consent() -> None:
    states(
        17,
        channel=["web"],
        trackers=["cookies", "web-beacons", "pixel-tags"],
        consent="explicit-opt-in",
        condition="regulated-personal-data",
    )
    tag = Tracker("ease-of-access", "website", recipient="third-party-advertisers", third_party=True)
    assert refused_by(trackers().may_set(tag)) == {"VOX-17"}
    assert refused_by(trackers().may_set(tag._replace(consent=False))) == {"VOX-17"}
    assert trackers().may_set(tag._replace(consent=True)).answer == "allow"
    assert trackers().may_set(tag._replace(personal=False)).answer == "allow"
    says(17, "cookies", "web beacons", "pixel tags", "regulated personal data", "explicit consent")
    assert features().may_run("regulated-trackers").answer == "deny"
    assert features().may_run("regulated-trackers", said("given", "regulated-trackers").consents).answer == "allow"


def test_vox_18_personal_data_is_never_sold() -> None:
    states(18, banned=["sale"], exceptions="none")
    for recipient in ("affiliates", "service-providers", "successor", "anybody-else"):
        assert share(PROVIDER, recipient=recipient, purpose="sale") == {"VOX-18"}
        assert share(PROVIDER, recipient=recipient, purpose="sale", consent="this-transfer") == {"VOX-18"}
    assert share(PROVIDER) == set()


def test_vox_19_identifying_data_needs_consent_and_a_listed_recipient() -> None:
    states(19, conditions=["explicit-consent", "listed-recipient"], rule="both")
    settles(
        19,
        consent_at="enrolment",
        consent_covers=["service-providers", "customer-chosen-applications"],
        without_consent=["successor", "authorities", "courts", "others"],
    )
    assert share(PROVIDER) == set()
    assert share(PROVIDER, consent=None) == {"VOX-19"}
    assert share(PROVIDER, recipient="data-brokers") == {None}  # consent alone opens nothing: nobody lists them


def test_vox_20_providers_and_chosen_applications_serve_three_ends() -> None:
    states(
        20,
        recipients=["service-providers", "customer-chosen-applications"],
        purposes=["operate", "troubleshoot", "improve-experience"],
    )
    for one in ("operate", "troubleshoot", "improve-experience"):
        assert share(PROVIDER, purpose=one) == set()
        assert share(PROVIDER, recipient="customer-chosen-applications", purpose=one, chosen=True) == set()
    assert share(PROVIDER, purpose="advertising", sale_refused=False) == {"VOX-20"}
    assert share(PROVIDER, recipient="customer-chosen-applications") == {"VOX-20"}


def test_vox_21_a_successor_gets_the_data_under_the_same_policy() -> None:
    states(21, recipients=["successor"], condition="policy-continues")
    merger = Transfer("identity-contact", "successor", "acquisition", met=frozenset({"policy-continues"}))
    assert share(merger) == set()
    assert share(merger, met=frozenset()) == {"VOX-21"}


def test_vox_22_disclosure_on_the_companys_own_belief_has_three_grounds() -> None:
    states(
        22,
        recipients=["authorities", "courts", "others"],
        grounds=["legal-process", "enforce-agreements", "protect-rights-safety"],
        threshold="company-belief",
    )
    order = Transfer("call-log", "courts", "legal-process", ground="legal-process", approver="counsel", compelled=True)
    for recipient in ("authorities", "courts", "others"):
        for ground in ("legal-process", "enforce-agreements", "protect-rights-safety"):
            assert share(order, recipient=recipient, ground=ground) == set()
    assert share(order, ground="curiosity") == {"VOX-22"}
    assert share(order, approver=None) == {"VOX-22"}


def test_vox_23_advertisers_and_the_public_get_nothing_that_identifies() -> None:
    recipients = ["affiliates", "service-providers", "third-party-advertisers", "public"]
    states(23, recipients=recipients, data="non-identifying-only")
    feed = Transfer("browser-type", "public", "promotion", fields=("referrer-url",), identifying=False)
    for one in recipients:
        assert share(feed, recipient=one) == set()
    for field in ("ip-address", "aggregated-location", "identity-contact"):
        assert share(feed, recipient="third-party-advertisers", fields=(field,)) == {"VOX-23"}


def test_vox_39_a_contract_of_that_level_and_a_basis_that_holds_today() -> None:
    states(39, conditions=["contract", "privacy-shield-or-equivalent"])
    settles(39, additional_transfer_basis=True)
    for one in ("contract", "privacy-shield-or-equivalent"):
        assert share(PROVIDER, met=ON_FILE - {one}) == {"VOX-39"}
    for basis in (None, "privacy-shield"):
        assert share(PROVIDER, transfer_basis=basis) == {"VOX-39"}
    assert share(PROVIDER, transfer_basis="adequacy-decision") == set()


def test_vox_40_providers_work_on_written_instructions_for_one_purpose() -> None:
    states(40, conditions=["written-instructions", "purpose-bound", "contract-equivalent-protection"])
    for one in ("written-instructions", "purpose-bound", "contract-equivalent-protection"):
        assert share(PROVIDER, met=ON_FILE - {one}) == {"VOX-40"}
    assert share(PROVIDER) == set()


def test_vox_41_a_sub_processor_needs_three_things_on_file() -> None:
    states(41, conditions=["on-behalf-of-customers", "customer-instructions", "written-contract"])
    for one in ("on-behalf-of-customers", "customer-instructions", "written-contract"):
        assert share(AMAZON, met=AMAZON.met - {one}) == {"VOX-41"}
    assert share(AMAZON) == set()


def test_vox_42_one_sub_processor_is_listed_with_purposes_and_place() -> None:
    amazon = {
        "name": "Amazon Web Services, Inc.",
        "purposes": ["cloud-infrastructure", "customer-data-storage", "service-logging"],
        "location": "US",
    }
    states(42, fields=["name", "purpose", "location"], entries=[amazon])
    settles(42, updated="before-first-transfer")
    assert sharing().register() == (amazon,)
    says(
        42,
        "Amazon Web Services, Inc. (the United States: cloud infrastructure",
        "customer data storage and service logging)",
    )
    for purpose in ("cloud-infrastructure", "customer-data-storage", "service-logging"):
        assert share(AMAZON, purpose=purpose) == set()
    assert share(AMAZON, location="IE") == {"VOX-42"}
    assert share(AMAZON, name="Another Cloud, Inc.") == {"VOX-42"}
    assert "VOX-42" in share(AMAZON, purpose="training-models")


def test_vox_43_is_reached_by_mail_and_on_the_support_page() -> None:
    states(43, email=PRIVACY, support_url=SUPPORT, phone="not-stated")
    says(43, PRIVACY, SUPPORT)
    assert parts()[0].email == PRIVACY
