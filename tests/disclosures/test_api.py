"""The door of disclosures: asked before data goes, recorded with what the answer rested on."""

from typing import Any

import pytest

from consent.db import Sql
from consent.house import House
from consent.ledger import jobs as ledger_jobs
from consent.review import jobs as review_jobs
from tests.support.organizations import found_shipped
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

_COUNTED = Sql("SELECT commitment FROM evidence_count WHERE organization_id = :organization_id AND code = 'E-SHARE'")
AT = "2026-11-21T16:59:00Z"


def platform(**changes: Any) -> dict[str, Any]:
    """The number of a person for the messaging platform, which has its contract on file."""
    asked: dict[str, Any] = {
        "recipient": "messaging-platforms",
        "purpose": "deliver-notifications",
        "categories": ["mobile-number"],
        "conditions": ["necessary-only"],
        "channel": "sms",
        "address": PERSON,
        "occurred_at": AT,
    }
    return {name: value for name, value in (asked | changes).items() if value is not None}


def told(systems: Systems, status: int = 201, **changes: Any) -> dict[str, Any]:
    answer = systems.post("disclosures", platform(**changes))
    assert answer.status_code == status, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def events(systems: Systems) -> list[str]:
    return [one["type"] for one in systems.history()]


def test_vsh_29_what_may_go_is_recorded_with_the_clause_it_rests_on(systems: Systems) -> None:
    said = told(systems)
    assert (said["answer"], said["state"]) == ("allow", "made")
    assert {one.get("commitment") for one in said["reasons"]} == {"VSH-29"}
    kept = systems.get(f"disclosures/{said['id']}").get_json()
    assert kept["entry"] == said["entry"]
    assert (kept["recipient"], kept["categories"]) == ("messaging-platforms", ["mobile-number"])
    assert events(systems) == ["disclosure.made"]


def test_what_is_refused_is_recorded_as_refused_and_nobody_becomes_known_by_it(systems: Systems) -> None:
    said = told(systems, 200, purpose="marketing", recipient="carriers")
    assert (said["answer"], said["state"], set(codes(said))) == ("deny", "refused", {"banned", "purpose-closed"})
    assert [one["state"] for one in systems.get("disclosures").get_json()["disclosures"]] == ["refused"]
    lookup = systems.post("contact-points/lookup", {"channel": "sms", "address": PERSON})
    assert lookup.status_code == 404


def test_what_has_gone_against_the_promises_is_recorded_as_gone(systems: Systems) -> None:
    said = told(systems, 201, purpose="marketing", recipient="carriers", has_gone=True)
    assert (said["answer"], said["state"]) == ("deny", "made-anyway")
    assert events(systems) == ["disclosure.made"]


def test_a_question_that_is_not_stored_leaves_nothing(systems: Systems) -> None:
    said = told(systems, 200, store=False)
    assert (said["answer"], said["id"], said["entry"]) == ("allow", None, None)
    assert systems.get("disclosures").get_json() == {"disclosures": []}


def test_the_same_thing_reported_twice_is_there_once(systems: Systems) -> None:
    assert told(systems)["id"] == told(systems)["id"]
    assert told(systems, reference="ticket 7")["id"] != told(systems)["id"]
    assert len(systems.get("disclosures").get_json()["disclosures"]) == 2


def test_t_70_vsh_15_vsh_28_vsh_63_three_bans_of_different_reach_answer_for_the_data_they_name(
    systems: Systems,
) -> None:
    cases = (
        ("mobile-number", "affiliates", "marketing", {"VSH-28"}),
        ("invoices", "third-parties", "third-party-own-marketing", {"VSH-63"}),
        ("device-identifiers", "cloud-management-platforms", "advertising", {"VSH-15"}),
    )
    for data, recipient, purpose, clauses in cases:
        said = told(systems, 200, recipient=recipient, purpose=purpose, categories=[data], store=False)
        assert clauses <= {one.get("commitment") for one in said["reasons"]}
    # The ban on billing data does not mean the company's own affiliates, and the one on platforms no other recipient.
    billing = told(systems, 200, recipient="affiliates", purpose="marketing", categories=["invoices"], store=False)
    assert "VSH-63" not in {one.get("commitment") for one in billing["reasons"]}
    together = told(systems, 200, recipient="affiliates", purpose="marketing", categories=["invoices", "mobile-number"])
    assert "VSH-28" in {one.get("commitment") for one in together["reasons"]}


def test_a_refused_sale_counts_however_it_was_refused(systems: Systems) -> None:
    systems.consent(person="customer-1")
    number = systems.lookup()
    asked = {"sale_refused": True, "method": "phone"}
    put = systems.client.put(f"/api/v1/contact-points/{number}/settings", json=asked, headers=systems.headers)
    assert put.status_code == 200
    about = {"recipient": "hosting-provider", "purpose": "advertising", "categories": ["website-submitted"]}
    assert "sale-refused" in codes(told(systems, 200, **about))
    crowd = told(systems, 200, channel=None, address=None, people=40, **about)
    assert "Nobody looked" in next(one["text"] for one in crowd["reasons"] if one["code"] == "sale-refused")


def test_a_batch_answers_each_in_order_and_a_bad_address_harms_no_other(systems: Systems) -> None:
    body = platform(channel="sms", address=None, addresses=[PERSON, "nobody", "+15095550143", PERSON])
    first = systems.post("disclosures/batch", body).get_json()["answers"]
    assert ["error" in one for one in first] == [False, True, False, False]
    assert first[0]["id"] == first[3]["id"] != first[2]["id"]
    again = systems.post("disclosures/batch", body).get_json()["answers"]
    assert [one.get("id") for one in again] == [one.get("id") for one in first]
    people = platform(channel=None, address=None, persons=["customer-1", "customer-2"])
    assert len({one["id"] for one in systems.post("disclosures/batch", people).get_json()["answers"]}) == 2


def test_the_list_goes_on_where_it_ended_and_reads_one_recipient_or_person(systems: Systems) -> None:
    for number in range(3):
        told(systems, reference=f"ticket {number}")
    told(systems, channel=None, address=None, people=12)
    page = systems.get("disclosures?limit=3").get_json()
    rest = systems.get(f"disclosures?limit=3&cursor={page['next']}").get_json()
    assert (len(page["disclosures"]), len(rest["disclosures"]), "next" in rest) == (3, 1, False)
    assert [one["people"] for one in page["disclosures"]] == [12, 1, 1]
    of = systems.get(f"disclosures?contact_point={systems.lookup()}").get_json()["disclosures"]
    assert len(of) == 3
    assert systems.get("disclosures?recipient=carriers").get_json() == {"disclosures": []}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"address": None, "channel": None}, "person"),
        ({"people": 4}, "people"),
        ({"channel": None}, "channel"),
        ({"occurred_at": "2026-12-24T10:00:00Z"}, "occurred_at"),
        ({"categories": []}, "categories"),
    ],
)
def test_a_report_that_does_not_say_enough_names_the_field(
    systems: Systems, changes: dict[str, Any], field: str
) -> None:
    answer = systems.post("disclosures", platform(**changes))
    assert answer.status_code == 422
    assert field in answer.get_data(as_text=True)


def test_an_unknown_recipient_gets_nothing_and_the_answer_says_what_to_do(systems: Systems) -> None:
    said = told(systems, 200, recipient="data-brokers")
    assert codes(said) == ["unlisted-recipient"]


def test_the_register_says_of_each_recipient_why_and_under_which_contract(systems: Systems) -> None:
    lines = {one["recipient"]: one for one in systems.get("disclosures/recipients").get_json()["recipients"]}
    platforms = lines["messaging-platforms"]
    assert [one["commitment"] for one in platforms["clauses"]] == ["VSH-29"]
    assert platforms["contract"]["review_on"] == "2027-01-12"
    assert platforms["contract"]["review_overdue"] is False
    assert [one["bans"] for one in lines["third-parties"]["clauses"]] == [True, True]


def test_vsh_28_vsh_29_a_disclosure_is_evidence_of_what_it_rested_on(
    house: House, systems: Systems, valley: Tenant, time: Time
) -> None:
    told(systems)
    told(systems, 200, purpose="marketing")
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, time.now())
    review_jobs.count_evidence(house.db, valley.id, time.now())
    with house.db.read(valley.id) as tx:
        rows = tx.all(_COUNTED, {"organization_id": valley.id})
    assert {row[0] for row in rows} >= {"VSH-28", "VSH-29"}


def test_t_77_smt_16_smt_20_smt_21_each_recipient_at_smartt_gets_its_own_fields(
    house: House, time: Time, client: Any
) -> None:
    smartt = Systems(client, found_shipped(house, "smartt", time.now()))
    about = {
        "channel": None, "address": None, "people": 1, "categories": ["financial"],
        "conditions": ["required-for-transaction"],
    }  # fmt: skip
    bank = told(
        smartt, 200, recipient="banks", purpose="transaction", fields=["address", "payment", "contact"], **about
    )
    assert (codes(bank), bank["leave_out"], bank["goes_without"]) == (["field-not-allowed"], ["contact"], True)
    assert (
        told(smartt, recipient="banks", purpose="transaction", fields=["address", "payment"], **about)["leave_out"]
        == []
    )
    about["categories"] = ["contact"]
    telecom = told(
        smartt, 200, recipient="telecommunications-companies", purpose="provisioning",
        fields=["physical-location", "contact", "financial"], **about,
    )  # fmt: skip
    assert telecom["leave_out"] == ["financial"]
    reseller = told(smartt, 200, recipient="resellers", purpose="quote-follow-up", fields=["contact"], **about)
    assert codes(reseller) == ["no-reference"]
    assert told(smartt, recipient="resellers", purpose="quote-follow-up", fields=["contact"], reference="7", **about)


def test_t_72_vox_19_vox_42_voxvalley_wants_consent_and_a_listed_recipient(
    house: House, time: Time, client: Any
) -> None:
    vox = Systems(client, found_shipped(house, "voxvalley", time.now()))
    provider = {
        "recipient": "service-providers", "purpose": "operate", "categories": ["identity-contact"], "channel": "email",
        "address": "ana@customer.example", "transfer_basis": "standard-contractual-clauses",
        "conditions": ["contract", "privacy-shield-or-equivalent", "written-instructions", "purpose-bound",
                       "contract-equivalent-protection"],
    }  # fmt: skip
    without = told(vox, 200, **provider)
    assert "VOX-19" in {one.get("commitment") for one in without["reasons"]}
    assert {"no-consent", "not-registered"} <= set(codes(without))
    vox.consent("identifying-data-sharing", channel="email", address="ana@customer.example")
    # Now the consent is there, and the list still lacks the provider (VOX-42).
    assert codes(told(vox, 200, **provider)) == ["not-registered"]
    application = provider | {"recipient": "customer-chosen-applications", "chosen": True}
    agreed = told(vox, 201, **application)
    assert agreed["answer"] == "allow"
    vox.consent("identifying-data-sharing", channel="email", address="ana@customer.example", state="withdrawn",
                occurred_at="2026-11-21T16:00:00Z")  # fmt: skip
    assert codes(told(vox, 200, **application, reference="another")) == ["no-consent"]


@pytest.mark.parametrize(
    ("data", "recipient", "purpose", "clauses"),
    [
        # The wording closes these lists: "SMS/MMS-related information only to", "used solely to".
        ("mobile-number", "messaging-platforms", "quote", {"VSH-22"}),
        ("mobile-number", "messaging-platforms", "suppression-abuse-delivery", set()),
        ("device-identifiers", "cloud-management-platforms", "analytics", {"VSH-14", "VSH-15"}),
        ("device-identifiers", "cloud-management-platforms", "deliver-managed-services", set()),
    ],
)
def test_data_with_a_closed_list_of_purposes_goes_for_no_other(
    systems: Systems, data: str, recipient: str, purpose: str, clauses: set[str]
) -> None:
    said = told(systems, 200, recipient=recipient, purpose=purpose, categories=[data], store=False)
    against = {one.get("commitment") for one in said["reasons"] if one["code"] in ("purpose-closed", "banned")}
    assert against == clauses
    if clauses:
        assert said["answer"] == "deny"
