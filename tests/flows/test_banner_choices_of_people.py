"""A choice in a site's banner that names the person: it follows to their browsers, is told them, and goes with them."""

import json
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from consent.house import House
from consent.ledger import jobs as ledger_jobs
from consent.ledger.verify import verify
from consent.preferences import browsers, rebuild
from consent.privacy_requests.answers import holdings
from consent.subjects import service as subjects
from tests.decisions.test_choices_api import OTHER, TEXT, VISITOR, looked_up, on, pressed
from tests.support import traces, visits
from tests.support.databases import ON_SQLITE
from tests.support.erasing import erased_of
from tests.support.plans import plan
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant

Json = dict[str, Any]
MAIL, PHONE, REFERENCE = "ana.quince@customer.example", "+15095550188", "customer-77-Quince"
THIRD = "m4Qx8Zr2Lw9Tn6Yb1Kd5Hs"
YES: Json = {"choices": {"analytics": True}}
NO: Json = {"choices": {"analytics": False}, "wording": None}
SIGNAL: Json = {"choices": {}, "wording": None, "gpc": True}
BY_MAIL: Json = {"channel": "email", "address": MAIL, "program": "marketing-email"}


def chosen(systems: Systems, **who: Any) -> str:
    """What stands for counting visits."""
    return on(looked_up(systems, **who))["analytics"][0]


@pytest.mark.parametrize("name", [{"person": REFERENCE}, {"email": MAIL}, {"phone": PHONE}])
def test_a_no_of_a_known_person_follows_to_their_other_browsers_until_a_later_yes_there(
    systems: Systems, time: Time, name: Json
) -> None:
    pressed(systems, visitor=OTHER, **YES)
    time.go(minutes=1)
    pressed(systems, **NO, **name)
    assert chosen(systems, visitor=OTHER, **name) == "refused"
    assert chosen(systems, visitor=OTHER) == "given"  # whoever is not signed in is only this browser
    assert chosen(systems, visitor=THIRD, **name) == "refused"
    assert chosen(systems, visitor=THIRD, person="somebody-else") == "none"
    asked = {"purpose": "analytics", "surface": "website", "visitor": OTHER}
    assert systems.post("trackers/decisions", asked | name).get_json()["answer"] == "deny"
    assert systems.post("trackers/decisions", asked).get_json()["answer"] == "allow"
    time.go(minutes=1)
    said = pressed(systems, visitor=OTHER, **YES, **name)
    assert [one["type"] for one in said["entries"]] == ["consent.given"]
    assert chosen(systems, visitor=OTHER, **name) == "given"
    assert chosen(systems, **name) == "refused"  # a yes is the browser's in which it was given


def test_a_yes_of_somebody_else_in_a_shared_browser_undoes_no_no(systems: Systems, time: Time) -> None:
    pressed(systems, **NO, person=REFERENCE)
    time.go(minutes=1)
    pressed(systems, visitor=OTHER, **YES, person="somebody-else")
    assert chosen(systems, visitor=OTHER, person="somebody-else") == "given"
    asked = {"purpose": "analytics", "surface": "website", "visitor": OTHER, "person": REFERENCE}
    assert systems.post("trackers/decisions", asked).get_json()["answer"] == "deny"
    assert chosen(systems, visitor=OTHER, person=REFERENCE) == "refused"
    pressed(systems, visitor=OTHER, **NO, person=REFERENCE)
    time.go(minutes=1)
    pressed(systems, visitor=OTHER, **YES, person="somebody-else")
    assert chosen(systems, visitor=OTHER, person=REFERENCE) == "refused"
    time.go(minutes=1)
    pressed(systems, visitor=OTHER, **YES, person=REFERENCE)  # and their own later yes is written and does
    assert chosen(systems, visitor=OTHER, person=REFERENCE) == "given"


def test_the_same_again_with_a_name_puts_the_name_on_record_once(systems: Systems, house: House) -> None:
    pressed(systems, **NO)
    said = pressed(systems, **NO, person=REFERENCE)
    assert [one["type"] for one in said["entries"]] == ["consent.refused"]
    assert pressed(systems, 200, **NO, person=REFERENCE)["entries"] == []
    pressed(systems, visitor=OTHER, **YES)
    pressed(systems, visitor=OTHER, choices={"analytics": True}, email=MAIL)
    pressed(systems, 200, visitor=OTHER, choices={"analytics": True}, email=MAIL)
    with house.db.read(systems.tenant.id) as tx:
        assert list(rebuild.check(tx, systems.tenant.id)) == []


def test_an_address_is_found_however_it_is_written_and_stands_nowhere_in_clear(systems: Systems) -> None:
    pressed(systems, **NO, email="Ana.Quince@Customer.EXAMPLE")
    assert chosen(systems, visitor=OTHER, email=MAIL) == "refused"
    entry = systems.history(VISITOR, "web")[0]
    assert "quince" not in str(entry).lower()
    assert set(entry["facts"]) == {"address", "ip_absent_reason"}
    assert systems.post("contact-points/lookup", {"channel": "email", "address": MAIL}).status_code == 404


def test_whoever_was_named_by_an_address_stays_found_when_the_address_gets_a_name(systems: Systems) -> None:
    pressed(systems, **NO, email=MAIL)
    systems.consent(**BY_MAIL, person=REFERENCE)
    assert chosen(systems, visitor=OTHER, email=MAIL) == "refused"
    pressed(systems, visitor=OTHER, choices={"ad-measurement": False}, wording=None, email=MAIL)
    assert on(looked_up(systems, visitor=THIRD, person=REFERENCE))["ad-measurement"][0] == "refused"


def test_t_85_the_signal_of_whoever_an_address_names_is_refused_at_that_address_too(systems: Systems) -> None:
    said = pressed(systems, **SIGNAL, email=MAIL)
    assert [one["type"] for one in said["entries"]] == ["sale.refused", "sale.refused"]
    assert pressed(systems, 200, **SIGNAL, email=MAIL)["entries"] == []
    assert looked_up(systems, visitor=OTHER, email=MAIL)["sale_refused"]
    assert not looked_up(systems, visitor=OTHER, email="somebody@customer.example")["sale_refused"]
    settings = systems.get(f"contact-points/{systems.lookup(MAIL, 'email')}/settings").get_json()
    assert settings["sale_refused_since"] and settings["sale_refused_by_signal"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "ana"}, "email"),
        ({"email": "a b@c"}, "email"),
        ({"phone": "555"}, "phone"),
        ({"phone": "+1509"}, "phone"),
        ({"person": REFERENCE, "email": MAIL}, "email"),
        ({"email": MAIL, "phone": PHONE}, "phone"),
    ],
)
def test_a_name_that_cannot_be_right_is_refused_with_its_field_at_every_door(
    systems: Systems, wrong: Json, field: str
) -> None:
    said = pressed(systems, 422, **wrong)
    assert said["field"] == field and "quince" not in str(said).lower()
    for path, asked in (
        ("trackers/choices/lookup", {"visitor": VISITOR, "surface": "website"}),
        ("trackers/decisions", {"purpose": "analytics", "surface": "website", "visitor": VISITOR}),
    ):
        answer = systems.post(path, asked | wrong)
        assert (answer.status_code, answer.get_json()["field"]) == (422, field), path
    assert systems.post("contact-points/lookup", {"channel": "web", "address": VISITOR}).status_code == 404


def told(house: House, systems: Systems, time: Time, address: str = MAIL, channel: str = "email") -> list[Json]:
    """What the answer to a request from this address says of choices in browsers: when, where and what."""
    rulebook = house.governing.now(systems.tenant.id, time.now()).rulebook
    with house.db.read(systems.tenant.id) as tx:
        whose = holdings.whose(tx, house.keyring, systems.tenant.id, UUID(systems.lookup(address, channel)))
    assert whose is not None
    pieces = holdings.ours(house.db, house.keyring, systems.tenant.id, rulebook, whose)
    return [dict(one.fields) | {"what": one.what} for one in pieces if one.fields.get("channel") == "web"]


def seen(found: list[Json]) -> set[tuple[str, str]]:
    """The browser and what was chosen there."""
    return {(one["address"], one["what"]) for one in found}


def test_whoever_asks_by_mail_is_told_their_choices_in_browsers_and_nobody_elses(
    systems: Systems, house: House, time: Time
) -> None:
    systems.consent(**BY_MAIL, person=REFERENCE)
    pressed(systems, **YES, person=REFERENCE)
    pressed(systems, visitor=OTHER, **NO, email=MAIL)
    pressed(systems, visitor=THIRD, **YES, person="somebody-else")
    assert seen(told(house, systems, time)) == {
        (VISITOR, "contact-point"), (VISITOR, "consent.given"), (OTHER, "contact-point"), (OTHER, "consent.refused"),
    }  # fmt: skip
    # In a browser of several each is told their own.
    pressed(systems, visitor=THIRD, choices={"ad-measurement": False}, wording=None, person=REFERENCE)
    third = [one for one in told(house, systems, time) if one["address"] == THIRD]
    assert seen(third) == {(THIRD, "contact-point"), (THIRD, "consent.refused")}


def test_a_request_from_an_address_that_only_a_banner_named_finds_the_choices(
    systems: Systems, house: House, time: Time
) -> None:
    pressed(systems, **YES, phone=PHONE)
    asked = {"type": "access", "channel": "sms", "address": PHONE, "received_at": "2026-11-20T18:15:00Z"}
    asked |= {"how": "letter", "entered_by": "Ana"}
    assert systems.post("privacy-requests", asked).status_code == 201
    found = told(house, systems, time, PHONE, "sms")
    assert seen(found) == {(VISITOR, "contact-point"), (VISITOR, "consent.given")}
    assert TEXT in [one.get("wording") for one in found]


def test_the_file_of_their_history_tells_choices_in_browsers_in_words(
    systems: Systems, house: House, valley: Tenant, client: FlaskClient
) -> None:
    systems.consent(**BY_MAIL)
    pressed(systems, **YES, email=MAIL)
    pressed(systems, visitor=OTHER, **NO, person="somebody-else")
    client.set_cookie(*visits.cookie(house, valley.id, visits.by_code(house, valley.id, "email", MAIL, None)))
    base = f"/{valley.slug}/preferences"
    entries = json.loads(client.get(f"{base}/history.json").data)["entries"]
    assert [one["programs"] for one in entries] == [["cookies.website.analytics"], ["marketing-email"]]
    for language, words in (
        ("en", "Counting visits and how the site is used"),
        ("fr", "Compter les visites et l’utilisation du site"),
        ("es", "Contar las visitas y cómo se usa el sitio"),
    ):
        page = client.get(f"{base}/history.html?lang={language}").text
        assert words in page and "cookies.website" not in page, language


@pytest.mark.parametrize("name", [{"person": REFERENCE}, {"email": MAIL}])
def test_erasing_by_mail_takes_the_browsers_with_the_name_and_leaves_every_no(
    systems: Systems, house: House, valley: Tenant, time: Time, name: Json
) -> None:
    systems.consent(**BY_MAIL, **({"person": REFERENCE} if "person" in name else {}))
    pressed(systems, choices={"analytics": True, "ad-measurement": False}, **name)
    pressed(systems, **SIGNAL, **name)
    addresses = {"email": MAIL, "web": VISITOR}
    wanted = traces.sought(house.keyring, valley.id, addresses, (REFERENCE,))
    assert traces.find(house, valley.id, wanted)
    time.go(minutes=1)
    erased_of(house, systems, MAIL, time)
    # What is left of the browser is its tag, at what it refused.
    left = {one for one in traces.find(house, valley.id, wanted) if "sqlite" not in one}
    assert {one.partition(":")[0] for one in left} == {"contact_point.tag", "contact_point.tag64", "preference.tag64"}
    assert all("tag of" in one for one in left), left
    assert on(looked_up(systems)) == {
        "analytics": ("none", "deny", "deny"), "ad-measurement": ("refused", "deny", "deny"),
    }  # fmt: skip
    assert looked_up(systems)["sale_refused"]
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, time.now())
    with house.db.read(valley.id) as tx:
        assert verify(tx, house.keyring, valley.id, time.now(), folds=(rebuild.check,)).findings == []
        assert subjects.find_person(tx, house.keyring, valley.id, REFERENCE) is None


def test_who_is_reached_elsewhere_keeps_the_refusal_by_name_and_loses_the_browsers(
    systems: Systems, house: House, valley: Tenant, time: Time
) -> None:
    systems.consent(**BY_MAIL, person=REFERENCE)
    systems.consent(person=REFERENCE)
    pressed(systems, **YES, person=REFERENCE)
    pressed(systems, **SIGNAL, person=REFERENCE)
    time.go(minutes=1)
    erased_of(house, systems, MAIL, time)
    assert chosen(systems, person=REFERENCE) == "none"
    assert looked_up(systems, visitor=OTHER, person=REFERENCE)["sale_refused"]
    # What is left of the browser holds nobody here: a later request takes the rest.
    erased_of(house, systems, "+15095550142", time, "sms")
    with house.db.read(valley.id) as tx:
        assert subjects.find_person(tx, house.keyring, valley.id, REFERENCE) is None
        assert list(rebuild.check(tx, valley.id)) == []
    assert looked_up(systems)["sale_refused"]


def test_what_an_erasure_left_of_an_address_keeps_nobody_on_record(
    systems: Systems, house: House, valley: Tenant, time: Time
) -> None:
    systems.consent(**BY_MAIL, person=REFERENCE)
    systems.consent(person=REFERENCE)
    path = f"/api/v1/contact-points/{systems.lookup(MAIL, 'email')}/settings"
    refused = {"method": "call", "sale_refused": True, "person": REFERENCE}
    assert systems.client.put(path, json=refused, headers=systems.headers).status_code == 200
    erased_of(house, systems, MAIL, time)
    assert looked_up(systems, person=REFERENCE)["sale_refused"]
    erased_of(house, systems, "+15095550142", time, "sms")
    with house.db.read(valley.id) as tx:
        assert subjects.find_person(tx, house.keyring, valley.id, REFERENCE) is None
        assert list(rebuild.check(tx, valley.id)) == []
    assert looked_up(systems, email=MAIL)["sale_refused"]


def test_a_browser_of_several_stays_with_the_other_and_loses_the_name_of_who_goes(
    systems: Systems, house: House, valley: Tenant, time: Time
) -> None:
    systems.consent(**BY_MAIL, person=REFERENCE)
    pressed(systems, choices={"analytics": False, "ad-measurement": False}, wording=None, person=REFERENCE)
    time.go(minutes=1)
    pressed(systems, **YES, person="customer-78")
    time.go(minutes=1)
    wanted = traces.sought(house.keyring, valley.id, {"email": MAIL}, (REFERENCE,))
    erased_of(house, systems, MAIL, time)
    assert traces.find(house, valley.id, wanted) == set()
    kept = on(looked_up(systems, person="customer-78"))
    assert (kept["analytics"][0], kept["ad-measurement"][0]) == ("given", "refused")
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, time.now())
    with house.db.read(valley.id) as tx:
        assert verify(tx, house.keyring, valley.id, time.now(), folds=(rebuild.check,)).findings == []


@ON_SQLITE
def test_the_places_of_a_person_are_found_by_their_index(systems: Systems, house: House) -> None:
    asked = {"organization_id": systems.tenant.id, "person_id": UUID(int=7)}
    with house.db.read(systems.tenant.id) as tx:
        for one in (browsers.PLACES_OF_PERSON, browsers.REFUSED_IN_BROWSERS):
            said = plan(tx, one, asked)
            assert "ix_preference_named (organization_id=? AND person_id=?" in said and "SCAN" not in said, said
