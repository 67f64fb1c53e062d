"""A request of whoever has a number now tells and takes nothing of whoever had it before, however they are named."""

import json
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from consent.carrier import letters
from consent.house import House
from consent.ledger import erasing
from consent.ledger import jobs as ledger_jobs
from consent.ledger.verify import verify
from consent.preferences import numbers, rebuild
from consent.preferences import service as preferences
from consent.preferences.models import NOBODY
from consent.privacy_requests.answers import giving, holdings
from consent.privacy_requests.tasks import people
from consent.privacy_requests.tasks.shredding import Shredder, again_after_restore
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.timed.requests import every_table
from tests.decisions.test_choices_api import OTHER, VISITOR, pressed
from tests.flows import test_carrier as carriers
from tests.flows.test_banner_choices_of_people import NO, PHONE, REFERENCE, YES, chosen, seen, told
from tests.support import visits
from tests.support.erasing import CASE, erased_of
from tests.support.organizations import consent_to
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.valley import PERSON, TEXTS, Tenant

Json = dict[str, Any]
MAILBOX = "kim@home.example"
EVERYBODYS = (numbers.HOLDER, NOBODY)
NAMED = pytest.mark.parametrize("name", [{"person": REFERENCE}, {"phone": PHONE}])


def had(systems: Systems, name: Json) -> None:
    """Somebody has the number, and chose in a browser."""
    systems.consent(channel="sms", address=PHONE, **({"person": REFERENCE} if "person" in name else {}))
    pressed(systems, **YES, **name)


def changes_hands(systems: Systems, time: Time, number: str = PHONE, *, kind: str = "reassigned", **more: str) -> None:
    """A day later the number is reported to be somebody else's, or given up."""
    time.go(days=1)
    became = {"channel": "sms", "address": number, "kind": kind, "occurred_at": time.now().isoformat()}
    assert systems.post("contact-points/lifecycle", became | more | {"source": "staff"}).status_code < 300
    time.go(days=1)


def whose(systems: Systems, house: House) -> holdings.Whose:
    with house.db.read(systems.tenant.id) as tx:
        found = holdings.whose(tx, house.keyring, systems.tenant.id, UUID(systems.lookup(PHONE, "sms")))
    assert found is not None
    return found


@NAMED
def test_the_answer_tells_nothing_of_the_former_holder_and_asks_no_system_for_their_account(
    systems: Systems, house: House, time: Time, name: Json
) -> None:
    had(systems, name)
    assert seen(told(house, systems, time, PHONE, "sms")) == {(VISITOR, "contact-point"), (VISITOR, "consent.given")}
    assert giving.subject_of(whose(systems, house)).person_refs == ((REFERENCE,) if "person" in name else ())
    changes_hands(systems, time)
    assert told(house, systems, time, PHONE, "sms") == []
    assert giving.subject_of(whose(systems, house)).person_refs == ()
    pressed(systems, visitor=OTHER, **NO, phone=PHONE)
    assert seen(told(house, systems, time, PHONE, "sms")) == {(OTHER, "contact-point"), (OTHER, "consent.refused")}


@NAMED
def test_the_file_of_the_history_tells_no_choices_of_the_former_holder(
    systems: Systems, house: House, valley: Tenant, client: FlaskClient, time: Time, name: Json
) -> None:
    had(systems, name)
    changes_hands(systems, time)
    pressed(systems, visitor=OTHER, **NO, phone=PHONE)
    client.set_cookie(*visits.cookie(house, valley.id, visits.by_code(house, valley.id, "phone", PHONE)))
    file = client.get(f"/{valley.slug}/preferences/history.json").data
    assert [one["type"] for one in json.loads(file)["entries"]] == ["consent.refused"]


def test_whom_a_site_names_by_the_number_is_not_the_former_holder(systems: Systems, house: House, time: Time) -> None:
    had(systems, {"person": REFERENCE})
    pressed(systems, visitor=OTHER, **NO, person=REFERENCE)
    assert chosen(systems, visitor=VISITOR, phone=PHONE) == "refused"
    changes_hands(systems, time)
    assert chosen(systems, visitor=VISITOR, phone=PHONE) == "given"


@NAMED
def test_an_erasure_takes_neither_name_nor_browser_of_the_former_holder(
    systems: Systems, house: House, time: Time, name: Json
) -> None:
    had(systems, name)
    changes_hands(systems, time)
    erased_of(house, systems, PHONE, time, "sms")
    assert chosen(systems, visitor=VISITOR) == "given"
    with house.db.read(systems.tenant.id) as tx:
        known = subjects.find_person(tx, house.keyring, systems.tenant.id, REFERENCE)
    assert (known is not None) == ("person" in name)
    ledger_jobs.seal_organization(house.db, house.keyring, systems.tenant.id, time.now())
    with house.db.read(systems.tenant.id) as tx:
        assert verify(tx, house.keyring, systems.tenant.id, time.now(), folds=(rebuild.check,)).findings == []


@pytest.mark.parametrize(("day", "names"), [("2026-11-20", (REFERENCE,)), ("2026-11-22", ())])
def test_whoever_asked_while_the_number_was_theirs_is_meant_though_it_changed_hands_since(
    systems: Systems, house: House, time: Time, day: str, names: tuple[str, ...]
) -> None:
    had(systems, {"person": REFERENCE})
    changes_hands(systems, time)
    time.go(days=1)
    asked = {"type": "deletion", "channel": "sms", "address": PHONE, "received_at": f"{day}T20:15:00Z"}
    asked |= {"how": "letter", "entered_by": "Ana"}
    said = systems.post("privacy-requests", asked)
    assert said.status_code == 201, said.text
    with house.db.read(systems.tenant.id) as tx:
        person = people.of_request(tx, house.keyring, systems.tenant.id, UUID(said.get_json()["id"]))
    assert person is not None and person.subject.person_refs == names


def at_both(systems: Systems, by_mail: str, at_the_number: str, **more: Any) -> None:
    """One person says yes at a mailbox and at the number."""
    for program, channel, address in ((by_mail, "email", carriers.ANA), (at_the_number, "sms", PERSON)):
        said = consent_to(program, channel, address, person="customer-7", **more)
        assert systems.post("consents", said).status_code == 201


def test_silence_after_a_notice_to_the_former_holder_is_no_approval_of_the_new_one(
    house: House, systems: Systems, time: Time
) -> None:
    carriers.told(house, systems, time)
    time.go(days=31)
    at_both(systems, carriers.BY_MAIL, TEXTS)
    assert carriers.may(systems, PERSON)["answer"] == "allow"
    changes_hands(systems, time, PERSON)
    assert codes(carriers.may(systems, PERSON)) == ["no-notice"]
    assert carriers.may(systems, carriers.ANA)["answer"] == "allow"  # who had it is reached there as before


def test_a_letter_to_the_former_holder_is_no_notice_to_the_new_one(house: House, systems: Systems, time: Time) -> None:
    at = carriers.told(house, systems, time)
    desk, contact = carriers.hand(house, systems, time), UUID(systems.lookup(PERSON, "sms"))
    house.db.write(lambda tx: letters.sent(tx, desk, [contact], time.now().date(), time.now()), at.id)
    time.go(days=40)
    assert carriers.may(systems, PERSON)["answer"] == "allow"
    changes_hands(systems, time, PERSON)
    assert codes(carriers.may(systems, PERSON)) == ["no-notice"]


def test_a_yes_of_the_former_holder_elsewhere_is_none_at_the_number(house: House, systems: Systems, time: Time) -> None:
    carriers.told(house, systems, time)
    at_both(systems, carriers.OTHERS, carriers.OTHERS, granted_by="customer")
    changes_hands(systems, time, PERSON)
    again = consent_to(carriers.OTHERS, "email", carriers.ANA, person="customer-7", granted_by="customer")
    assert systems.post("consents", again | {"occurred_at": time.now().isoformat()}).status_code == 201
    assert carriers.may(systems, carriers.ANA, carriers.OTHERS)["answer"] == "allow"
    assert carriers.may(systems, PERSON, carriers.OTHERS)["answer"] == "deny"


def test_a_number_that_was_given_up_and_then_moved_to_another_carrier_is_still_somebody_elses(
    systems: Systems, time: Time
) -> None:
    def may_call() -> Json:
        answer: Json = systems.decide(
            program="service-calls", message_class="scheduling", channel="voice", address=PHONE, facts={}
        )
        return answer

    def became(kind: str) -> None:
        time.go(days=1)
        told = {"channel": "voice", "address": PHONE, "kind": kind, "occurred_at": time.now().isoformat()}
        assert systems.post("contact-points/lifecycle", told | {"source": "staff"}).status_code < 300

    became("ported")
    assert may_call()["answer"] == "allow"
    became("reassigned")
    before = may_call()
    assert before["answer"] == "deny"
    became("ported")
    after = may_call()
    assert [one["code"] for one in after["reasons"]] == [one["code"] for one in before["reasons"]]
    became("confirmed")
    assert may_call()["answer"] == "allow"


def goes_whole(systems: Systems, house: House) -> bool:
    """Does an erasure of whoever has the mailbox take their name, since they are reached nowhere else?"""
    with house.db.read(systems.tenant.id) as tx:
        contact = UUID(systems.lookup(MAILBOX, "email"))
        person = people.of_contact(tx, house.keyring, systems.tenant.id, contact)
    assert person is not None
    return person.references == (REFERENCE,)


def test_a_number_that_somebody_gave_up_is_none_at_which_an_erasure_leaves_them_on_record(
    systems: Systems, house: House, time: Time
) -> None:
    systems.consent(channel="sms", address=PHONE, person=REFERENCE)
    agreed = consent_to("marketing-email", "email", MAILBOX, person=REFERENCE)
    assert systems.post("consents", agreed).status_code == 201
    assert not goes_whole(systems, house)  # they are reached at their number
    changes_hands(systems, time)
    assert goes_whole(systems, house)
    systems.consent(channel="sms", address=PHONE, person="somebody-new", occurred_at=time.now().isoformat())
    assert goes_whole(systems, house)
    erased_of(house, systems, MAILBOX, time)
    with house.db.read(systems.tenant.id) as tx:
        assert subjects.find_person(tx, house.keyring, systems.tenant.id, REFERENCE) is None
        assert subjects.find_person(tx, house.keyring, systems.tenant.id, "somebody-new") is not None
    assert systems.preferences(PHONE)["programs"]
    ledger_jobs.seal_organization(house.db, house.keyring, systems.tenant.id, time.now())
    with house.db.read(systems.tenant.id) as tx:
        assert verify(tx, house.keyring, systems.tenant.id, time.now(), folds=(rebuild.check,)).findings == []


def test_a_number_that_only_another_of_a_house_gave_up_still_reaches_whoever_has_it(
    systems: Systems, house: House, time: Time
) -> None:
    for one in (REFERENCE, "another"):
        systems.consent(channel="sms", address=PHONE, person=one)
    assert (
        systems.post("consents", consent_to("marketing-email", "email", MAILBOX, person=REFERENCE)).status_code == 201
    )
    changes_hands(systems, time, kind="changed", person="another")
    assert not goes_whole(systems, house)
    changes_hands(systems, time, kind="changed", person=REFERENCE)
    assert goes_whole(systems, house)


def kim(systems: Systems, *others: str) -> None:
    """Somebody is known by a mailbox and a number, which others of the house have as well."""
    for one in (REFERENCE, *others):
        systems.consent(channel="sms", address=PHONE, person=one)
    agreed = consent_to("marketing-email", "email", MAILBOX, person=REFERENCE)
    assert systems.post("consents", agreed).status_code == 201


def test_who_has_the_number_after_all_is_reached_there_again(systems: Systems, house: House, time: Time) -> None:
    kim(systems)
    changes_hands(systems, time)
    assert goes_whole(systems, house)
    changes_hands(systems, time, kind="confirmed")
    assert not goes_whole(systems, house)


def test_the_erasure_of_who_gave_a_number_up_ends_nothing_of_those_who_have_it(
    systems: Systems, house: House, time: Time
) -> None:
    kim(systems, "another")
    changes_hands(systems, time, kind="changed", person=REFERENCE)
    assert of_another(systems, house) == {"given"}
    erased_of(house, systems, MAILBOX, time)
    assert of_another(systems, house) == {"given"}
    clean(systems, house, time)


@pytest.mark.parametrize("gone", [True, False])
def test_a_restored_database_loses_whom_the_erasure_took_and_nobody_else(
    systems: Systems, house: House, time: Time, gone: bool
) -> None:
    kim(systems)
    if not gone:  # at the erasure they were reached there, which the older database does not know
        changes_hands(systems, time)
    with house.db.read(systems.tenant.id) as tx:
        person = subjects.find_person(tx, house.keyring, systems.tenant.id, REFERENCE)
    assert person is not None
    for stream in (UUID(systems.lookup(MAILBOX, "email")), *((person,) if gone else ())):
        erasing.note_outside(house.config.data_dir, systems.tenant.id, erasing.Erased(stream, CASE, time.now()))
    shredder = Shredder(house.db, house.keyring, house.config.data_dir, every_table)
    assert again_after_restore(shredder, systems.tenant.id, time.now()) == 1 + gone
    with house.db.read(systems.tenant.id) as tx:
        assert (subjects.find_person(tx, house.keyring, systems.tenant.id, REFERENCE) is None) == gone
    clean(systems, house, time)


def of_another(systems: Systems, house: House) -> set[str]:
    """What holds at the number for the other one of the house, and whether all gave it up."""
    with house.db.read(systems.tenant.id) as tx:
        place = subjects.tagged(house.keyring, systems.tenant.id, of_person("sms", PHONE))
        another = subjects.find_person(tx, house.keyring, systems.tenant.id, "another")
        state = preferences.read(tx, systems.tenant.id, place.address.channel, place.tag64)
    return {one.state for (about, whose), one in state.items() if whose == another or (about, whose) == EVERYBODYS}


def clean(systems: Systems, house: House, time: Time) -> None:
    ledger_jobs.seal_organization(house.db, house.keyring, systems.tenant.id, time.now())
    with house.db.read(systems.tenant.id) as tx:
        assert verify(tx, house.keyring, systems.tenant.id, time.now(), folds=(rebuild.check,)).findings == []
