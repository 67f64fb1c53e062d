"""The five organizations at the API, side by side: consents, refusals, the basis of each answer, nothing in common."""

from typing import Any

import pytest

from tests.conftest import Prepared
from tests.support.organizations import FIVE, SMARTT, VALET, VALLEY, VALTT, VOX, Five, consent_to
from tests.support.systems import Json, Systems, codes

PERSON, MAIL = "+15095550142", "ana@customer.example"
# Valtt's six ways (VAL-12, VAL-13): program, channel, address, and the commitment a permission rests on.
SIX = (
    ("offers", "email", MAIL, "VAL-11"),
    ("offers", "sms", PERSON, "VAL-11"),
    ("offers", "voice", PERSON, "VAL-11"),
    ("offers", "chat", "ana.77", "VAL-11"),
    ("automated-offer-texts", "sms", PERSON, "VAL-10"),
    ("automated-offer-calls", "voice", PERSON, "VAL-10"),
)
# One consent of each organization that is known by itself: program or feature, channel, address, who grants it.
ONE_EACH = {
    VALLEY: ("account-service-notifications", "sms", PERSON, None),
    VALET: ("facial-entry", "push", "device-1", "person"),
    VALTT: ("offers", "chat", "ana.77", None),
    VOX: ("regulated-trackers", "web", "browser-1", None),
    SMARTT: ("newsletter", "email", MAIL, None),
}
# What a text asks besides where nobody promised a way out (T-18): a STOP, a click, a word on the phone.
WITHDRAWN: Json = {"state": "withdrawn", "wording": None, "ip": None, "method": "unsubscribe-link"}


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


def give(systems: Systems, program: str, channel: str, address: str, **changes: Any) -> Json:
    response = systems.post("consents", consent_to(program, channel, address, **changes))
    assert response.status_code == 201, response.get_data(as_text=True)
    answer: Json = response.get_json()
    return answer


def refused(systems: Systems, body: Json) -> list[Json]:
    """What is wrong with it, field by field."""
    response = systems.post("consents", body)
    assert response.status_code == 422, response.get_data(as_text=True)
    errors: list[Json] = response.get_json()["errors"]
    return errors


def ask(systems: Systems, program: str, message_class: str, channel: str, address: str, **facts: Any) -> Json:
    return systems.decide(
        program=program, message_class=message_class, channel=channel, address=address, facts=facts or {}
    )


def one_of(slug: str, **changes: Any) -> Json:
    program, channel, address, by = ONE_EACH[slug]
    body = consent_to(program, channel, address, granted_by=by) | changes
    return {name: value for name, value in body.items() if value is not None}


@pytest.mark.parametrize("slug", FIVE)
def test_every_field_is_asked_for_and_each_is_named(five: Five, slug: str) -> None:
    program, channel, _, by = ONE_EACH[slug]
    bare = {"program": program, "channel": channel, "state": "given"} | ({"granted_by": by} if by else {})
    missing = [one["field"] for one in refused(five[slug], bare)]
    assert missing == ["address", "occurred_at", "method", "wording", "ip"]
    for field in ("address", "occurred_at", "method", "wording", "ip"):
        assert field in [one["field"].split(".")[0] for one in refused(five[slug], one_of(slug, **{field: None}))]
    assert five[slug].post("consents", one_of(slug)).status_code == 201


@pytest.mark.parametrize("slug", FIVE)
@pytest.mark.parametrize("control", ["pre_ticked", "bundled", "mandatory"])
def test_no_box_ticked_bundled_or_demanded_makes_a_consent(five: Five, slug: str, control: str) -> None:
    assert [one["field"] for one in refused(five[slug], one_of(slug, **{control: True}))] == [control]


@pytest.mark.parametrize("slug", FIVE)
@pytest.mark.parametrize("method", ["use", "Continued use", "account-creation", "portal-registration", "silence"])
def test_t27_nobody_consents_by_use(five: Five, slug: str, method: str) -> None:
    (wrong,) = refused(five[slug], one_of(slug, method=method))
    assert wrong["field"] == "method"
    if slug in (VALET, SMARTT):  # the two that take use as acceptance of the policy itself
        registering = slug == SMARTT and method == "portal-registration"  # what Smartt says of that alone
        assert wrong["commitment"] == ("SMT-24" if registering else {VALET: "1V-57", SMARTT: "SMT-02"}[slug])


def test_1v_09_entry_by_face_names_both_documents_and_who_allowed_it(five: Five) -> None:
    systems = five[VALET]
    given = give(systems, "facial-entry", "push", "device-1", granted_by="person")
    assert (given["companion_policy"], given["companion_version"]) == ("facial-entry-policy", "2022-06-29")
    (event,) = systems.history("device-1", "push")
    told = event["data"]
    assert (told["policy_version"], told["companion_version"], told["granted_by"]) == (
        "2022-06-29", "2022-06-29", "person"
    )  # fmt: skip
    assert told["companion_sha256"] != told["policy_sha256"]
    for by in ("property-manager", None):
        (wrong,) = refused(systems, consent_to("facial-entry", "push", "device-2", granted_by=by))
        assert (wrong["field"], wrong["commitment"]) == ("granted_by", "1V-09")


def test_1v_09_the_gate_of_the_feature_follows_the_permission_and_its_end(five: Five) -> None:
    systems = five[VALET]
    asked = {"feature": "facial-entry", "channel": "push", "address": "device-1"}
    assert systems.post("features/decisions", asked).get_json()["answer"] == "deny"
    give(systems, "facial-entry", "push", "device-1", granted_by="person")
    on = systems.post("features/decisions", asked).get_json()
    assert (on["answer"], on["reasons"][0]["commitment"], on["reasons"][0]["basis"]) == ("allow", "1V-09", "consent")
    ended = give(systems, "facial-entry", "push", "device-1", **WITHDRAWN)
    assert "no longer opens the door" in ended["consequence"]
    assert systems.post("features/decisions", asked).get_json()["answer"] == "deny"


@pytest.mark.parametrize(("program", "channel", "address", "commitment"), SIX)
def test_val_12_and_13_on_each_of_the_six_ways(
    five: Five, program: str, channel: str, address: str, commitment: str
) -> None:
    systems = five[VALTT]
    before = ask(systems, program, "offer", channel, address)
    assert (before["answer"], codes(before)[-1]) == ("deny", "no-consent")
    for control in ("pre_ticked", "mandatory"):
        (wrong,) = refused(systems, consent_to(program, channel, address, **{control: True}))
        assert (wrong["field"], wrong["commitment"]) == (control, "VAL-12")
    give(systems, program, channel, address)
    answer = ask(systems, program, "offer", channel, address)
    assert answer["answer"] == "allow"
    assert (answer["reasons"][0]["commitment"], answer["reasons"][0]["basis"]) == (commitment, "consent")
    others = [one for one in SIX if (one[0], one[1]) != (program, channel)]
    assert [ask(systems, p, "offer", c, a)["answer"] for p, c, a, _ in others] == ["deny"] * 5


@pytest.mark.parametrize("channel", ["post", "push"])
def test_val_13_what_is_not_listed_is_closed(five: Five, channel: str) -> None:
    assert [one["field"] for one in refused(five[VALTT], consent_to("offers", channel, "somewhere 1"))] == ["channel"]
    assert ask(five[VALTT], "offers", "offer", channel, "somewhere 1")["answer"] == "deny"


def test_vox_17_trackers_that_know_people_wait_for_a_yes(five: Five) -> None:
    asked = {"feature": "regulated-trackers", "channel": "web", "address": "browser-1"}
    assert codes(five[VOX].post("features/decisions", asked).get_json()) == ["feature-off"]
    give(five[VOX], "regulated-trackers", "web", "browser-1")
    assert five[VOX].post("features/decisions", asked).get_json()["answer"] == "allow"
    other = asked | {"address": "browser-2"}
    assert five[VOX].post("features/decisions", other).get_json()["answer"] == "deny"


def test_smt_17_each_list_is_joined_by_itself(five: Five) -> None:
    give(five[SMARTT], "newsletter", "email", MAIL)
    on = ask(five[SMARTT], "newsletter", "newsletter", "email", MAIL)
    assert (on["answer"], on["reasons"][0]["commitment"], on["reasons"][0]["basis"]) == ("allow", "SMT-17", "consent")
    off = ask(five[SMARTT], "mailing-list", "mailing-list", "email", MAIL)
    assert (off["answer"], off["reasons"][0]["commitment"]) == ("deny", "SMT-17")


@pytest.mark.parametrize(("program", "channel", "address", "commitment"), SIX)
def test_t18_a_withdrawal_counts_at_once_where_the_text_names_no_way_out(
    five: Five, program: str, channel: str, address: str, commitment: str
) -> None:
    systems = five[VALTT]
    give(systems, program, channel, address)
    give(systems, program, channel, address, **WITHDRAWN)
    after = ask(systems, program, "offer", channel, address)
    assert (after["answer"], codes(after)[0]) == ("deny", "consent-withdrawn")


def test_t18_a_stop_ends_every_text_of_a_company_that_promises_no_stop(five: Five) -> None:
    systems = five[VALTT]
    for program in ("offers", "automated-offer-texts", "service-texts"):
        give(systems, program, "sms", PERSON)
    give(systems, "offers", "email", MAIL)
    assert five.twilio(VALTT).text("STOP").status_code == 200
    assert ask(systems, "offers", "offer", "sms", PERSON)["answer"] == "deny"
    assert ask(systems, "automated-offer-texts", "offer", "sms", PERSON)["answer"] == "deny"
    assert ask(systems, "service-texts", "transactional", "sms", PERSON, reference="order 7")["answer"] == "deny"
    assert ask(systems, "offers", "offer", "email", MAIL)["answer"] == "allow"


def test_t19_the_basis_goes_by_channel_and_place_and_no_switch_opens_everything(five: Five) -> None:
    def offer(place: str | None, channel: str = "email") -> Json:
        where = {"jurisdiction": place} if place else {}
        return ask(five[VALET], "partner-offers", "partner-offer", channel, MAIL, **where)

    california = offer("US-CA")
    assert (california["answer"], california["reasons"][0]["basis"]) == ("allow", "legitimate-interest")
    assert (offer("CA-ON")["answer"], codes(offer("CA-ON"))) == ("deny", ["no-consent"])
    assert offer("US-TX")["answer"] == "deny"
    assert "fact-missing" in codes(offer(None))
    for program, channel, address, _ in SIX:  # Valtt named consent on each of its ways, and nothing else opens one
        for place in ("US-NY", "US-CA", "US"):
            answer = ask(five[VALTT], program, "offer", channel, address, jurisdiction=place, registered=True)
            assert answer["answer"] == "deny"


def test_every_allow_names_what_it_rests_on(five: Five) -> None:
    give(five[SMARTT], "newsletter", "email", MAIL)
    give(five[VALLEY], "account-service-notifications", "sms", PERSON)
    said = {
        "consent": ask(five[VALLEY], "account-service-notifications", "outage", "sms", PERSON),
        "contract": ask(five[VOX], "administrative-email", "account", "email", MAIL, reference="account 7"),
        "implied": ask(
            five[SMARTT], "tailored-marketing", "tailored-marketing", "email", MAIL,
            jurisdiction="CA-BC", last_purchase_on="2024-11-21",
        ),
        "legitimate-interest": ask(
            five[VOX], "promotional-email", "promotion", "email", MAIL, jurisdiction="US", registered=True
        ),
        "enrolment": ask(five[SMARTT], "reseller-community", "release", "email", MAIL, member=True),
    }  # fmt: skip
    assert {answer["reasons"][0]["basis"] for answer in said.values() if answer["answer"] == "allow"} == set(said)


def test_implied_consent_ends_after_twenty_four_months_to_the_day(five: Five) -> None:
    """Asked on 21 November 2026."""
    for bought, answer in (("2024-11-21", "allow"), ("2024-11-20", "deny")):
        asked = ask(
            five[SMARTT], "tailored-marketing", "tailored-marketing", "email", MAIL,
            jurisdiction="CA-BC", last_purchase_on=bought,
        )  # fmt: skip
        assert asked["answer"] == answer


def test_t28_a_stop_to_one_neither_blocks_nor_shows_at_another(five: Five) -> None:
    texting = {
        VALLEY: ("account-service-notifications", "outage"),
        VALET: ("information-texts", "important-update"),
        VALTT: ("offers", "offer"),
    }
    for slug, (program, _) in texting.items():
        give(five[slug], program, "sms", PERSON)
    five.twilio(VALLEY).text("STOP")
    may = {slug: ask(five[slug], program, kind, "sms", PERSON)["answer"] for slug, (program, kind) in texting.items()}
    assert may == {VALLEY: "deny", VALET: "allow", VALTT: "allow"}
    for slug in (VALET, VALTT):
        assert [one["type"] for one in five[slug].history()] == ["consent.given"]
    for slug in (VOX, SMARTT):
        unknown = five[slug].post("contact-points/lookup", {"channel": "sms", "address": PERSON})
        assert unknown.status_code == 404
    ids = {slug: five[slug].lookup() for slug in texting}
    assert len(set(ids.values())) == 3
    assert five[VALET].get(f"contact-points/{ids[VALLEY]}/history").status_code == 404


def test_t28_one_mail_address_at_all_five_is_five_addresses(five: Five) -> None:
    five[VOX].post("consents", consent_to("promotional-email", "email", MAIL, **WITHDRAWN))
    give(five[SMARTT], "newsletter", "email", MAIL)
    give(five[VALTT], "newsletter", "email", MAIL)
    assert ask(five[SMARTT], "newsletter", "newsletter", "email", MAIL)["answer"] == "allow"
    assert ask(five[VALTT], "newsletter", "newsletter", "email", MAIL)["answer"] == "allow"
    gone = ask(five[VOX], "promotional-email", "promotion", "email", MAIL, jurisdiction="US", registered=True)
    assert gone["answer"] == "deny"
    for slug in (VALLEY, VALET):
        assert five[slug].post("contact-points/lookup", {"channel": "email", "address": MAIL}).status_code == 404


def test_t66_nothing_is_sold_so_the_page_says_so_and_offers_no_switch(five: Five) -> None:
    page = five[VALET].client.get(f"/{VALET}/privacy").get_data(as_text=True)
    assert "do not provide any mechanism" in " ".join(page.split())
    assert "<form" not in page and 'type="checkbox"' not in page


def test_1v_55_the_answer_is_the_same_whoever_has_used_a_right(five: Five) -> None:
    systems = five[VALET]
    give(systems, "partner-offers", "email", "bob@tenant.example", **WITHDRAWN)
    for address in ("bob@tenant.example", "eve@tenant.example"):
        answer = ask(systems, "service-messages", "requested-service", "email", address, reference="ticket 7")
        assert answer["answer"] == "allow"


def test_a_stop_ends_texts_whose_consent_was_given_in_french(five: Five) -> None:
    systems = five[VALET]
    give(systems, "information-texts", "sms", PERSON, wording={"text": "J'accepte.", "language": "fr"})
    assert five.twilio(VALET).text("STOP").status_code == 200
    answer = ask(systems, "information-texts", "important-update", "sms", PERSON)
    assert (answer["answer"], answer["reasons"][0]["commitment"]) == ("deny", "1V-12")
    assert [one["type"] for one in systems.history()] == ["consent.withdrawn", "consent.given"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ("x", "facts"),
        ([], "facts"),
        (None, "facts"),
        ({"refrence": "x"}, "facts.refrence"),
        ({"reference": ""}, "facts.reference"),
        ({"reference": "x" * 201}, "facts.reference"),
        ({"reference": ["a"]}, "facts.reference"),
        ({"reference": "a\x00b"}, "facts.reference"),
        ({"jurisdiction": "ca"}, "facts.jurisdiction"),
        ({"jurisdiction": "CA\n"}, "facts.jurisdiction"),
        ({"jurisdiction": "US-" + "9" * 9999}, "facts.jurisdiction"),
        ({"registered": "yes"}, "facts.registered"),
        ({"registered": 1}, "facts.registered"),
        ({"member": 0}, "facts.member"),
        ({"minor": []}, "facts.minor"),
        ({"materially_affects_delivery": "true"}, "facts.materially_affects_delivery"),
        ({"last_purchase_on": "2026-02-30"}, "facts.last_purchase_on"),
        ({"last_purchase_on": "2026-W01-1"}, "facts.last_purchase_on"),
        ({"last_purchase_on": "9999-12-31"}, "facts.last_purchase_on"),
        ({"last_purchase_on": "0001-01-01"}, "facts.last_purchase_on"),
        ({"last_purchase_on": 20260101}, "facts.last_purchase_on"),
        ({str(number): number for number in range(5000)}, None),
    ],
)
def test_a_wrong_fact_is_named(five: Five, facts: Any, field: str | None) -> None:
    asked = {
        "program": "tailored-marketing",
        "message_class": "tailored-marketing",
        "channel": "email",
        "address": MAIL,
    }
    about = {"feature": "managed-online-profile", "channel": "email", "address": MAIL}
    for path, body in (("decisions", asked), ("features/decisions", about)):
        response = five[SMARTT].post(path, body | {"facts": facts})
        assert response.status_code == 422
        assert field is None or response.get_json()["field"] == field


LONG = "9" * 5000
PAGES = (
    "privacy/%00", "privacy?policy=%00", "privacy?lang=%00", f"privacy?lang={LONG}", f"privacy/{LONG}", "privacy/%ff",
    f"privacy/{LONG}/changes", "privacy/..%2f..%2fetc", "privacy/%F0%9F%98%80", "privacy?policy=a&policy=b",
    "privacy/2022-06-29/changes?since=%00", f"privacy/2022-06-29/changes?since={LONG}",
    "privacy/2022-06-29/changes?since=2025-01-02", "privacy/2022-06-29/changes?since=2022-06-29",
    "privacy/2022-06-29/changes?since=2022-06-29&policy=rate-card", "privacy/2022-06-29/changes?since=",
    "privacy/2022-06-29/changes?since=%ed%a0%80", "privacy/trace?policy=%00", f"privacy/trace?policy={LONG}",
    "privacy/trace/", "privacy/trace/changes",
)  # fmt: skip


def test_no_address_of_a_page_brings_a_fault(five: Five) -> None:
    client = five[VALET].client
    for slug in (*FIVE, "%00", "%ff", LONG, "rate-card"):
        for page in PAGES:
            assert client.get(f"/{slug}/{page}").status_code in (200, 404), (slug[:20], page[:60])
