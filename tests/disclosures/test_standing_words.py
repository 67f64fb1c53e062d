"""What somebody refused or agreed to holds for them wherever they are reached, and for nobody's other transfer."""

from typing import Any

from consent.db import Sql
from consent.house import House
from consent.preferences import service as preferences
from consent.preferences.models import NOBODY
from tests.disclosures.test_api import AT, told
from tests.preferences.test_settings_api import MANY_CONSENTS, ON_POSTGRESQL, ON_SQLITE
from tests.support.organizations import consent_to, found_shipped
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

MAIL = "ana@customer.example"
SALE = {"recipient": "hosting-provider", "purpose": "advertising", "categories": ["website-submitted"], "store": False}
BY_MAIL = {"channel": "email", "address": MAIL}
BY_TEXT = {"channel": "sms", "address": PERSON}
NO_ADDRESS = {"channel": None, "address": None}


def reached(systems: Systems, address: dict[str, Any], **changes: Any) -> None:
    program = "marketing-email" if address is BY_MAIL else "account-service-notifications"
    answer = systems.post("consents", consent_to(program, **address, **changes))
    assert answer.status_code == 201, answer.get_data(as_text=True)


def say(systems: Systems, address: dict[str, Any], **said: Any) -> None:
    place = systems.lookup(address["address"], address["channel"])
    path, body = f"/api/v1/contact-points/{place}/settings", {"method": "phone"} | said
    assert systems.client.put(path, json=body, headers=systems.headers).status_code == 200


def refused(systems: Systems, **whose: Any) -> bool:
    return "sale-refused" in codes(told(systems, 200, **SALE, **whose))


def test_a_refused_sale_holds_wherever_the_person_is_reached(systems: Systems) -> None:
    reached(systems, BY_MAIL, person="c-1")
    reached(systems, BY_TEXT, person="c-1")
    ways = (BY_MAIL, BY_TEXT, NO_ADDRESS | {"person": "c-1"}, BY_TEXT | {"person": "c-1"})
    assert not any(refused(systems, **way) for way in ways)
    say(systems, BY_MAIL, sale_refused=True)  # without a name
    assert [refused(systems, **way) for way in ways] == [True] * 4
    several = SALE | NO_ADDRESS | {"persons": ["c-1", "c-2"], "occurred_at": AT}
    answers = systems.post("disclosures/batch", {name: one for name, one in several.items() if one is not None})
    assert ["sale-refused" in codes(one) for one in answers.get_json()["answers"]] == [True, False]


def test_a_sale_refused_by_name_is_seen_at_every_address_of_that_person(systems: Systems) -> None:
    reached(systems, BY_MAIL, person="c-1")
    reached(systems, BY_TEXT, person="c-1")
    say(systems, BY_MAIL, sale_refused=True, person="c-1")
    assert refused(systems, **BY_TEXT)
    assert refused(systems, **NO_ADDRESS, person="c-1")


def test_what_one_of_several_people_refuses_at_an_address_holds_for_the_address_alone(systems: Systems) -> None:
    reached(systems, BY_MAIL, person="c-1")
    reached(systems, BY_MAIL, person="c-2")
    reached(systems, BY_TEXT, person="c-2")
    say(systems, BY_MAIL, sale_refused=True, person="c-1")
    assert refused(systems, **BY_MAIL)
    assert refused(systems, **BY_MAIL, person="c-2")
    assert not refused(systems, **BY_TEXT)
    assert not refused(systems, **NO_ADDRESS, person="c-2")


def test_a_sale_refused_by_one_channel_of_a_telephone_is_refused_at_the_whole_telephone(systems: Systems) -> None:
    by_call = BY_TEXT | {"channel": "voice"}
    elsewhere = by_call | {"address": "+15095550188"}
    reached(systems, BY_TEXT, person="c-1")
    reached(systems, BY_MAIL, person="c-1")
    assert not refused(systems, **by_call)
    say(systems, BY_MAIL, sale_refused=True, person="c-1")
    assert refused(systems, **by_call)  # whoever is reached there by text said so
    assert not refused(systems, **elsewhere)


def test_a_sale_refused_by_text_without_a_name_is_refused_in_calls_to_that_number(systems: Systems) -> None:
    reached(systems, BY_TEXT)
    by_call = BY_TEXT | {"channel": "voice"}
    assert not refused(systems, **by_call)
    say(systems, BY_TEXT, sale_refused=True)
    assert refused(systems, **by_call) and refused(systems, **by_call, person="c-2")
    assert not refused(systems, channel="voice", address="+15095550188")


@ON_SQLITE
def test_the_places_of_a_person_are_found_by_their_index(house: House, valley: Tenant) -> None:
    asked = {"organization_id": valley.id.bytes, "person_id": valley.id.bytes}
    with house.db.read(valley.id) as tx:
        driver = tx.connection.connection.driver_connection
        plan = str(list(driver.execute("EXPLAIN QUERY PLAN " + preferences.SHARED_WITH_PERSON.sqlite, asked)))  # type: ignore[union-attr]
    assert "ix_preference_named (organization_id=? AND person_id=?)" in plan
    assert "SCAN preference" not in plan


@ON_POSTGRESQL
def test_the_places_of_a_person_are_found_by_their_index_there_too(house: House, valley: Tenant) -> None:
    asked = {"organization_id": valley.id, "person_id": valley.id}
    house.db.write(lambda tx: tx.run(MANY_CONSENTS, asked), valley.id)
    sql = preferences.SHARED_WITH_PERSON.sqlite.replace(" INDEXED BY ix_preference_named", "")
    explain = Sql("EXPLAIN " + sql.replace(f"x'{NOBODY.hex}'", f"'{NOBODY}'"))
    with house.db.read(valley.id) as tx:
        assert "ix_preference_named" in str(tx.all(explain, asked))


def test_t_72_vox_19_only_the_consent_to_that_recipient_is_a_consent_to_the_transfer(
    house: House, time: Time, client: Any
) -> None:
    vox = Systems(client, found_shipped(house, "voxvalley", time.now()))
    asked = {
        "recipient": "customer-chosen-applications", "chosen": True, "purpose": "operate", "store": False,
        "categories": ["identity-contact"], "transfer_basis": "standard-contractual-clauses", **BY_MAIL,
        "conditions": ["contract", "privacy-shield-or-equivalent", "written-instructions", "purpose-bound",
                       "contract-equivalent-protection"],
    }  # fmt: skip
    other = vox.consent("promotional-email", **BY_MAIL)["entry"]
    assert codes(told(vox, 200, **asked, consent=other)) == ["no-consent"]
    agreed = vox.consent("identifying-data-sharing", **BY_MAIL, person="c-1")["entry"]
    assert told(vox, 200, **asked, consent=agreed)["answer"] == "allow"
    assert codes(told(vox, 200, **asked, consent=agreed, person="c-2")) == ["no-consent"]
    vox.consent("identifying-data-sharing", **BY_MAIL, state="withdrawn", occurred_at="2026-11-21T16:00:00Z")
    assert codes(told(vox, 200, **asked, consent=agreed)) == ["no-consent"]


def test_what_is_to_go_is_asked_about_now_and_what_went_is_told_as_gone(systems: Systems, time: Time) -> None:
    first = told(systems)
    kept = systems.post("disclosures", {**_of_now(), "reference": "kept"}, Idempotency_Key="kept")
    time.go(minutes=15)
    for body in (_of_now(), _of_now() | {"store": False}):
        answer = systems.post("disclosures", body)
        assert answer.status_code == 422
        assert "has_gone" in answer.get_json()["detail"]
    many = {name: one for name, one in _of_now().items() if name != "address"} | {"addresses": [PERSON]}
    assert systems.post("disclosures/batch", many).status_code == 422
    assert told(systems, has_gone=True)["state"] == "made" != first["id"]
    again = systems.post("disclosures", {**_of_now(), "reference": "kept"}, Idempotency_Key="kept")
    assert (again.status_code, again.get_json()) == (201, kept.get_json())


def _of_now() -> dict[str, Any]:
    return {
        "recipient": "messaging-platforms", "purpose": "deliver-notifications", "categories": ["mobile-number"],
        "conditions": ["necessary-only"], "occurred_at": AT, **BY_TEXT,
    }  # fmt: skip
