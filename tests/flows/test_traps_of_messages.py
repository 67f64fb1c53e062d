"""Traps of messages that only the other four companies set, sprung at the API (T-20 to T-29)."""

from typing import Any

import pytest

from tests.conftest import Prepared
from tests.support.organizations import SMARTT, VALET, VALLEY, VALTT, VOX, Five, consent_to
from tests.support.systems import Json, Systems, codes

PERSON, MAIL = "+15095550142", "ana@customer.example"
UNSUBSCRIBED: Json = {"state": "withdrawn", "wording": None, "ip": None, "method": "unsubscribe-link"}


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


def say(systems: Systems, program: str, channel: str = "email", address: str = MAIL, **changes: Any) -> None:
    response = systems.post("consents", consent_to(program, channel, address, **changes))
    assert response.status_code == 201, response.get_data(as_text=True)


def ask(
    systems: Systems, program: str, message_class: str, channel: str = "email", content: str | None = None, **facts: Any
) -> Json:
    address = PERSON if channel == "sms" else MAIL
    asked = {"program": program, "message_class": message_class, "channel": channel, "address": address}
    return systems.decide(**asked, facts=facts, content=content)


def test_t_20_no_condition_of_purchase_is_asked_of_texts_at_one_and_of_offers_at_another(five: Five) -> None:
    def refused(slug: str, program: str, channel: str) -> str | None:
        address = PERSON if channel == "sms" else MAIL
        answer = five[slug].post("consents", consent_to(program, channel, address, mandatory=True)).get_json()
        commitment: str | None = answer.get("commitment")
        return commitment

    assert refused(VALLEY, "account-service-notifications", "sms") == "VSH-19"
    assert refused(VALTT, "offers", "email") == "VAL-12"
    assert refused(SMARTT, "newsletter", "email") is None


def test_t_21_the_button_in_any_mail_stops_promotion_and_no_administrative_mail(five: Five) -> None:
    vox = five[VOX]
    at_home = {"jurisdiction": "US", "registered": True}
    assert ask(vox, "promotional-email", "promotion", **at_home)["answer"] == "allow"
    say(vox, "promotional-email", **UNSUBSCRIBED)
    assert ask(vox, "promotional-email", "promotion", **at_home)["answer"] == "deny"
    kept = ask(vox, "administrative-email", "account", reference="account 7")
    assert (kept["answer"], kept["reasons"][0]["commitment"]) == ("allow", "VOX-29")
    # There is nothing to withdraw of what nobody can refuse: the button cannot be wired to it by mistake.
    wrong = vox.post("consents", consent_to("administrative-email", "email", MAIL, **UNSUBSCRIBED))
    assert (wrong.status_code, wrong.get_json()["field"]) == (422, "program")


def test_t_22_an_important_update_can_be_refused_and_the_persons_own_service_cannot(five: Five) -> None:
    valet = five[VALET]
    assert ask(valet, "information", "important-update")["answer"] == "allow"
    say(valet, "information", **UNSUBSCRIBED)
    assert ask(valet, "information", "important-update")["answer"] == "deny"
    assert ask(valet, "service-messages", "requested-service", reference="visit 7")["answer"] == "allow"
    hidden = ask(valet, "service-messages", "important-update", reference="visit 7")
    assert "class-not-in-program" in codes(hidden)


def test_t_23_an_offer_for_movers_goes_from_the_company_and_never_as_the_vendors(five: Five) -> None:
    valet = five[VALET]
    assert ask(valet, "partner-offers", "partner-offer", jurisdiction="US-CA")["answer"] == "allow"
    theirs = ask(valet, "third-party-marketing", "third-party-offer", jurisdiction="US-CA")
    assert (theirs["answer"], "program-forbidden" in codes(theirs)) == ("deny", True)


@pytest.mark.parametrize(("mark", "code"), [(True, "not-refusable"), (False, "not-material"), (None, "fact-missing")])
def test_t_24_maintenance_passes_a_refusal_only_with_a_persons_mark(five: Five, mark: bool | None, code: str) -> None:
    facts = {} if mark is None else {"materially_affects_delivery": mark}
    answer = ask(five[SMARTT], "service-notices", "network-upgrade-maintenance", **facts)
    assert codes(answer) == [code]
    assert answer["reasons"][0]["commitment"] == "SMT-28"
    say(five[SMARTT], "service-news", **UNSUBSCRIBED)
    assert ask(five[SMARTT], "service-news", "routine-maintenance")["answer"] == "deny"


@pytest.mark.parametrize(
    ("slug", "program", "kind", "commitment"),
    [
        (VALET, "service-messages", "received-service", "1V-13"),
        (VOX, "administrative-email", "account", "VOX-29"),
        (SMARTT, "service-notices", "sales-transaction", "SMT-28"),
    ],
)
@pytest.mark.parametrize("offer", ["20% off your next one!", "20 % de rabais", "Oferta especial"])
def test_t_25_an_offer_inside_makes_the_whole_an_offer(
    five: Five, slug: str, program: str, kind: str, commitment: str, offer: str
) -> None:
    plain = ask(five[slug], program, kind, content="Your order 7 is ready.", reference="order 7")
    assert plain["answer"] == "allow"
    mixed = ask(five[slug], program, kind, content=f"Your order 7 is ready. {offer}", reference="order 7")
    assert codes(mixed) == ["content-promotional"]
    assert mixed["reasons"][0]["commitment"] == commitment
    assert mixed["reasons"][0]["clause"]


def test_t_26_the_list_the_programme_and_the_portal_are_left_one_by_one(five: Five) -> None:
    def both(member: bool) -> list[str]:
        asked = [ask(five[SMARTT], "reseller-community", one, member=member) for one in ("campaign", "pricing")]
        return [str(one["answer"]) for one in asked]

    assert both(member=True) == ["allow", "allow"]
    assert both(member=False) == ["deny", "deny"]
    say(five[SMARTT], "reseller-community", **UNSUBSCRIBED)
    assert both(member=True) == ["deny", "allow"]


def test_t_29_a_permission_for_entry_by_face_names_the_second_document(five: Five) -> None:
    asked = {"feature": "facial-entry", "channel": "push", "address": "device-1"}
    assert five[VALET].post("features/decisions", asked).get_json()["answer"] == "deny"
    given = five[VALET].post(
        "consents", consent_to("facial-entry", "push", "device-1", granted_by="person")
    ).get_json()  # fmt: skip
    assert (given["companion_policy"], given["companion_version"]) == ("facial-entry-policy", "2022-06-29")
    assert five[VALET].post("features/decisions", asked).get_json()["answer"] == "allow"
