"""Each promise of Valtt by its id: a case it allows and one it refuses, or the record, date or text it stands for.

The figures are literals, worked out from the policy by hand; none is read from the pack.
"""

from datetime import UTC, date, datetime

import pytest

from consent.policies import rules
from consent.policies.answers.inventory import Gathering, Inventory
from consent.policies.answers.retention import Disposal, Held, Hold, Retention
from consent.policies.answers.sharing import Sharing, Transfer
from consent.policies.changes import Misjudged, nature_of
from consent.policies.check import check
from consent.policies.check_version import check_version
from consent.policies.kinds import sentence
from consent.policies.packs import PolicyVersionPack
from consent.policies.questions import Verdict
from tests.policies import packs_val
from tests.policies.packs_val import changed, policy, undecided, val, wrongs

ZONE = "America/New_York"


def revised(*swaps: tuple[str, str], material: bool | None = None) -> PolicyVersionPack:
    """A later version that differs by these passages and says of itself whether that is material."""
    said = (
        "" if material is None else f'\n[change]\nmaterial = {str(material).lower()}\nreason = "Told in a sentence."\n'
    )
    return changed(*swaps, tail=said)


def first_day(announced: datetime, *swaps: tuple[str, str], material: bool = True) -> datetime:
    """From when a version announced then may bind."""
    promises = policy().commitments
    nature = nature_of(policy(), revised(*swaps, material=material), promises)
    return rules.first_possible(promises, announced, ZONE, nature)


def inventory() -> Inventory:
    return Inventory(packs_val.parts()[0], policy().commitments)


def collecting(category: str, moment: str | None = None, **how: object) -> Verdict:
    """The answer on gathering this, which a service needs unless another ground is given."""
    known: dict[str, object] = {"moment": moment, "ground": "service-necessity", **how}
    return inventory().may_collect(category, Gathering(**known))  # type: ignore[arg-type]


def sharing(data: str, recipient: str, purpose: str, **facts: object) -> Verdict:
    """The answer on handing this to that recipient."""
    asked = Transfer(data, recipient, purpose, **facts)  # type: ignore[arg-type]
    return Sharing(packs_val.parts()[0], policy().commitments).may_share(asked)


def kept(category: str, holds: tuple[Hold, ...] = (), **events: date) -> Disposal:
    """When a record of this class goes, given what happened to it (events with underscores for hyphens)."""
    happened = {name.replace("_", "-"): day for name, day in events.items()}
    held = Held(category, happened, holds=holds)
    return Retention(packs_val.parts()[0], policy().commitments).due(held)


def said(verdict: Verdict) -> tuple[str, set[str | None]]:
    """The answer with the commitments it names."""
    return verdict.answer, {one.commitment for one in verdict.reasons}


def test_there_are_25_commitments_numbered_without_a_gap() -> None:
    assert [one.id for one in policy().commitments] == [f"VAL-{number:02d}" for number in range(1, 26)]


def test_the_pack_has_nothing_wrong_with_it() -> None:
    assert check(packs_val.PLACE) == []


def test_val_01_binds_from_the_midnight_of_the_day_it_was_last_updated() -> None:
    assert (policy().title, policy().last_updated.isoformat()) == ("Valtt Privacy Policy", "2020-07-21")
    # Eastern daylight time is four hours behind UTC.
    assert rules.effective_by_header(policy(), ZONE) == datetime(2020, 7, 21, 4, 0, tzinfo=UTC)
    assert sentence(val(1)).startswith("Valtt Privacy Policy, last changed on 2020-07-21")


def test_val_01_states_no_day_of_its_own_from_which_it_applies() -> None:
    later = changed(('effective_date = "not-stated"', 'effective_date = "2020-08-01"'))
    assert rules.effective_by_header(later, ZONE) == datetime(2020, 8, 1, 4, 0, tzinfo=UTC)
    assert val(1).parameters["effective_date"] == "not-stated"


def test_val_01_t_45_the_month_stands_first() -> None:
    swap = ('last_updated = "2020-07-21"', 'last_updated = "2020-12-07"')
    anchor = ('anchor = "Last Updated 07-21-2020"', 'anchor = "Last Updated"')
    month_first = changed(swap, anchor, text=("07-21-2020", "12-07-2020"))
    day_first = changed(swap, anchor, text=("07-21-2020", "07-12-2020"))
    assert wrongs(month_first, check_version) == []
    assert wrongs(day_first, check_version) == ['VAL-01: the wording does not carry the date "12-07-2020"']


@pytest.mark.parametrize(
    ("category", "moment"),
    [
        ("billing", "account-or-purchase"),
        ("government-id", "account-or-purchase"),
        ("phone", "support"),
        ("email", "contact-form-newsletter"),
    ],
)
def test_val_02_each_class_is_taken_from_the_person_at_its_own_moment(category: str, moment: str) -> None:
    assert said(collecting(category, moment)) == ("allow", {"VAL-02"})
    for other in {"account-or-purchase", "support", "contact-form-newsletter", None} - {moment}:
        assert said(collecting(category, other)) == ("deny", {"VAL-02"})


def test_val_02_a_class_nobody_declared_is_taken_at_no_moment() -> None:
    refused = collecting("bank-account", "account-or-purchase")
    assert (refused.answer, [one.code for one in refused.reasons]) == ("deny", ["not-declared"])
    moments = val(2).parameters["moments"]
    assert [len(moments[one]) for one in ("account-or-purchase", "support", "contact-form-newsletter")] == [2, 1, 1]


AUTOMATIC = ["logs-metadata", "device-ids", "performance", "approx-location", "interaction", "ip-address",
             "browser-device", "error-data"]  # fmt: skip


@pytest.mark.parametrize("category", AUTOMATIC)
def test_val_03_what_is_gathered_by_itself_is_personal_and_serves_three_ends(category: str) -> None:
    assert said(collecting(category)) == ("allow", {"VAL-03"})
    assert inventory().is_personal(category)
    for purpose in ("measure-performance", "improve-systems", "personalize"):
        assert said(inventory().may_use(category, purpose)) == ("allow", {"VAL-03"})
    assert inventory().may_use(category, "advertising").answer == "deny"
    assert len(val(3).parameters["purposes"]) == 3


def test_val_03_what_a_person_typed_does_not_serve_to_personalize() -> None:
    assert said(inventory().may_use("government-id", "personalize")) == ("deny", {"VAL-06"})


@pytest.mark.parametrize("ground", ["service-necessity", "legal-or-lawful-purpose"])
def test_val_05_data_is_gathered_on_a_ground_that_is_written_down(ground: str) -> None:
    assert collecting("phone", "support", ground=ground).answer == "allow"
    assert said(collecting("phone", "support", ground=None)) == ("deny", {"VAL-05"})
    assert said(collecting("phone", "support", ground="curiosity")) == ("deny", {"VAL-05"})
    assert len(val(5).parameters["grounds"]) == 3


def test_val_05_permission_is_a_ground_while_it_lives() -> None:
    assert collecting("phone", "support", ground="permission", consent=True).answer == "allow"
    assert said(collecting("phone", "support", ground="permission")) == ("deny", {"VAL-05"})
    assert inventory().may_use("phone", "fraud-abuse", ground="permission", consent=True).answer == "allow"
    assert said(inventory().may_use("phone", "fraud-abuse", ground="permission")) == ("deny", {"VAL-05"})


def test_val_06_purchase_and_use_data_serve_five_ends_and_no_other() -> None:
    five = ["optimize-operation", "diagnose-problems", "fraud-abuse", "aggregate-statistics",
            "understand-usage-relevance"]  # fmt: skip
    for purpose in five:
        assert said(inventory().may_use("billing", purpose)) == ("allow", {"VAL-06"})
    for purpose in ("advertising", "credit-scoring", "resale"):
        assert said(inventory().may_use("billing", purpose)) == ("deny", {"VAL-06"})
    assert val(6).parameters["purposes"] == five


def test_val_07_statistics_carry_no_key_that_leads_to_a_person() -> None:
    statistics = ("aggregate-statistics", "understand-usage-relevance")
    assert inventory().may_use(*statistics).answer == "allow"
    assert said(inventory().may_use(*statistics, person_keys=True)) == ("deny", {"VAL-07"})
    assert inventory().may_use("billing", "fraud-abuse", person_keys=True).answer == "allow"
    # Much of the data is such, not all of it: the ban is on keys in statistics, not on data about people.
    assert val(7).parameters["extent"] == "much-of-the-data"


PROVIDERS = ["payment-providers", "analytics-providers", "communication-providers", "crm-providers"]
NEEDED = frozenset({"necessary-only"})


@pytest.mark.parametrize("recipient", PROVIDERS)
def test_val_08_providers_get_what_they_need_and_nothing_else(recipient: str) -> None:
    assert said(sharing("billing", recipient, "payments", met=NEEDED)) == ("allow", {"VAL-08"})
    assert said(sharing("billing", recipient, "payments")) == ("deny", {"VAL-08"})


def test_val_08_a_partner_gets_data_once_the_customer_has_connected_it() -> None:
    connected = sharing("email", "integration-partners", "integration", met=NEEDED, chosen=True)
    assert said(connected) == ("allow", {"VAL-08"})
    unconnected = sharing("email", "integration-partners", "integration", met=NEEDED)
    assert (unconnected.answer, [one.code for one in unconnected.reasons]) == ("deny", ["not-chosen"])


def test_val_08_a_recipient_that_no_clause_names_gets_nothing() -> None:
    refused = sharing("email", "data-brokers", "payments", met=NEEDED, chosen=True)
    assert [one.code for one in refused.reasons] == ["unlisted-recipient"]


@pytest.mark.parametrize("recipient", ["prospective-buyer-seller", "merger-partner"])
def test_val_09_the_other_side_of_a_deal_gets_customer_data_even_a_prospective_one(recipient: str) -> None:
    for category in ("billing", "email", "logs-metadata"):
        assert said(sharing(category, recipient, "transaction")) == ("allow", {"VAL-09"})
    assert sharing("billing", "landlord", "transaction").answer == "deny"
    assert sentence(val(9)).startswith("Customer data may go to prospective buyer seller and merger partner")


@pytest.mark.parametrize("recipient", ["authorities", "private-parties"])
@pytest.mark.parametrize(
    "ground", ["claims-legal-process", "protect-rights-property", "public-safety", "stop-illegal-unethical"]
)
def test_val_14_authorities_and_private_parties_get_data_on_four_grounds_and_a_named_decision(
    recipient: str, ground: str
) -> None:
    whole = {"ground": ground, "approver": "general counsel", "compelled": False}
    assert said(sharing("billing", recipient, "legal", **whole)) == ("allow", {"VAL-14"})
    for missing in whole:
        lacking = {key: value for key, value in whole.items() if key != missing}
        assert said(sharing("billing", recipient, "legal", **lacking)) == ("deny", {"VAL-14"})
    assert said(sharing("billing", recipient, "legal", **{**whole, "ground": "curiosity"})) == ("deny", {"VAL-14"})
    assert len(val(14).parameters["grounds"]) == 4


def test_val_15_t_76_only_a_compelled_disclosure_is_told_to_the_person() -> None:
    facts = {"ground": "claims-legal-process", "approver": "general counsel"}
    compelled = sharing("billing", "authorities", "legal", compelled=True, **facts)
    assert said(compelled) == ("allow", {"VAL-14", "VAL-15"})
    assert "tell-the-person" in [one.code for one in compelled.reasons]
    assert said(sharing("billing", "authorities", "legal", compelled=False, **facts)) == ("allow", {"VAL-14"})


def test_val_16_guards_data_on_its_way_and_at_rest_and_claims_no_more() -> None:
    said = sentence(val(16))
    assert "all data: in transit, at rest and encryption where appropriate" in said
    assert "nobody can promise perfection" in said
    assert val(16).decided == {"review_every": "P1Y"}


@pytest.mark.parametrize("category", ["billing", "phone", "email", "customer-data"])
def test_val_17_what_the_service_needed_goes_90_days_after_it(category: str) -> None:
    # 31 March and 90 days: 30 in April, 31 in May, 29 in June.
    going = kept(category, service_end=date(2026, 3, 31))
    assert (going.due, going.reasons[0].commitment) == (date(2026, 6, 29), "VAL-17")
    running = kept(category, recorded=date(2019, 1, 1))
    assert (running.state, running.due) == ("waiting", None)


@pytest.mark.parametrize("category", AUTOMATIC)
def test_val_17_logs_and_device_data_go_after_12_months(category: str) -> None:
    assert kept(category, recorded=date(2026, 1, 31)).due == date(2027, 1, 31)
    assert kept(category, service_end=date(2026, 1, 31)).due is None


def test_val_17_identification_goes_30_days_after_it_was_checked() -> None:
    assert kept("government-id", check_done=date(2026, 2, 10)).due == date(2026, 3, 12)
    assert kept("government-id", service_end=date(2026, 2, 10)).due is None


def test_val_17_people_who_never_had_a_service_go_90_days_after_the_last_contact() -> None:
    assert kept("form-and-newsletter-senders", last_contact=date(2026, 3, 31)).due == date(2026, 6, 29)
    assert kept("form-and-newsletter-senders", service_end=date(2026, 3, 31)).due is None


def test_val_17_proof_of_consent_stays_5_years_and_the_list_of_refusals_without_end() -> None:
    assert kept("consent-records", enrolment_end=date(2026, 2, 28)).due == date(2031, 2, 28)
    assert kept("suppression-list", recorded=date(2026, 2, 28)).state == "unlimited"


def test_val_17_no_record_is_activated_before_a_period_is_settled() -> None:
    assert undecided(17, "periods") == ["periods"]
    assert kept("aggregate-statistics", recorded=date(2026, 1, 1)).state == "unsettled"
    assert sentence(val(17)).startswith("All data stays only as long as needed.")
    assert (val(17).parameters["trigger"], val(17).parameters["criteria"]) == ("service-end", ["requested-services"])


def test_val_18_financial_records_stay_7_years_and_claims_6() -> None:
    books = kept("financial-records", recorded=date(2026, 3, 10))
    assert (books.due, books.reasons[0].commitment) == (date(2033, 12, 31), "VAL-18")
    claim = kept("claims-data", dispute_end=date(2026, 5, 1))
    assert (claim.due, claim.reasons[0].commitment) == (date(2032, 5, 1), "VAL-18")


@pytest.mark.parametrize("ground", ["law-contract-duty", "legal-rights", "business-financial-records"])
def test_val_18_a_ground_with_its_end_date_keeps_data_longer(ground: str) -> None:
    held = kept("billing", (Hold(ground, until=date(2027, 1, 15)),), service_end=date(2026, 3, 31))
    assert (held.due, held.held_until) == (date(2027, 1, 15), date(2027, 1, 15))
    assert [one.commitment for one in held.reasons] == ["VAL-17", "VAL-18"]
    endless = kept("billing", (Hold(ground),), service_end=date(2026, 3, 31))
    assert (endless.due, [one.code for one in endless.escalate]) == (date(2026, 6, 29), ["no-end-date"])


def test_val_18_another_ground_is_for_a_person_to_judge_because_the_list_gives_examples() -> None:
    other = kept("billing", (Hold("curiosity", until=date(2027, 1, 15)),), service_end=date(2026, 3, 31))
    assert (other.due, [one.code for one in other.escalate]) == (date(2026, 6, 29), ["ground-not-admitted"])
    assert val(18).parameters["list_is_examples"] is True
    assert len(val(18).parameters["exceptions"]) == 3


def test_val_23_every_change_is_called_material_or_not_and_why() -> None:
    promises = policy().commitments
    with pytest.raises(Misjudged, match="VAL-23 tells material changes from others"):
        nature_of(policy(), revised(), promises)
    assert nature_of(policy(), revised(material=False), promises).material is False


def test_val_23_a_change_that_is_not_material_may_begin_at_once() -> None:
    announced = datetime(2024, 1, 31, 15, 0, tzinfo=UTC)
    swap = ('anchor = "any other places we deem"', 'anchor = "other places we deem"')
    assert first_day(announced, swap, material=False) == announced


def test_val_23_changes_are_posted_in_the_policy_and_elsewhere() -> None:
    said = sentence(val(23))
    assert "any change of the policy" in said
    assert "policy page, other places" in said
    assert rules.notice_period(val(23), rules.Nature(True, True)) is None


def test_val_24_a_material_change_of_31_january_2024_begins_on_2_march() -> None:
    announced = datetime(2024, 1, 31, 15, 0, tzinfo=UTC)
    # Full days 1 to 30 are 1 February to 1 March (2024 is a leap year); Eastern standard time is five hours behind UTC.
    assert first_day(announced) == datetime(2024, 3, 2, 5, 0, tzinfo=UTC)
    last_minute = datetime(2024, 2, 1, 4, 59, tzinfo=UTC)
    assert first_day(last_minute) == datetime(2024, 3, 2, 5, 0, tzinfo=UTC)
    assert first_day(datetime(2024, 2, 1, 5, 0, tzinfo=UTC)) == datetime(2024, 3, 3, 5, 0, tzinfo=UTC)


def test_val_24_the_same_change_called_not_material_owes_no_time() -> None:
    announced = datetime(2024, 1, 31, 15, 0, tzinfo=UTC)
    assert first_day(announced, material=False) == announced


@pytest.mark.parametrize(
    ("side", "swap"),
    [
        ("purposes", ('"fraud-abuse",', '"fraud-abuse", "research",')),
        ("recipients", ('recipients = ["authorities", "private-parties"]', 'recipients = ["authorities"]')),
        ("retention", ('government-id = { for = "P30D"', 'government-id = { for = "P60D"')),
        ("rights", ('staff_deadline = "P30D"', 'staff_deadline = "P45D"')),
        ("channels", ('sender = ["valtt", "provider"]', 'sender = ["valtt"]')),
    ],
)
def test_val_24_a_change_of_any_of_five_sides_cannot_be_called_anything_but_material(
    side: str, swap: tuple[str, str]
) -> None:
    promises = policy().commitments
    with pytest.raises(Misjudged, match=f"touches {side} "):
        nature_of(policy(), revised(swap, material=False), promises)
    assert nature_of(policy(), revised(swap, material=True), promises).material is True


def test_val_25_no_contact_point_can_be_guessed_so_the_operator_must_give_one() -> None:
    assert undecided(25) == []
    assert undecided(25, "email", "phone") == ["email"]
    organization = packs_val.parts()[0]
    assert (organization.email, organization.phone) == ("privacy@valtt.example", "212-555-0110")
    assert (val(25).decided["email"], val(25).decided["phone"]) == (organization.email, "+12125550110")
    assert sentence(val(25)).rstrip(".").endswith("Valtt Dashboard › Account")
    for way in ("email", "phone", "postal"):
        assert val(25).parameters[way] == "not-stated"


def test_val_17_the_end_of_the_service_is_the_event_that_counts_for_four_classes() -> None:
    # For the answers the end of the account is the end of the service too: only the pack tells them apart.
    periods = val(17).decided["periods"]
    ending = {key for key, one in periods.items() if one["from"] == "service-end"}
    assert ending == {"billing", "phone", "email", "customer-data"}
    assert periods["suppression-list"] == {"for": "unlimited", "from": "recorded"}


def test_val_14_whether_to_tell_is_the_companys_sole_discretion() -> None:
    assert val(14).parameters["threshold"] == "sole-discretion"


def test_val_08_and_val_14_name_no_recipient_beyond_five_kinds_of_providers_and_two_of_the_law() -> None:
    assert val(8).parameters["recipients"] == ["integration-partners", *PROVIDERS]
    assert val(14).parameters["recipients"] == ["authorities", "private-parties"]
