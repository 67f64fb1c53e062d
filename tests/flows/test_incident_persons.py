"""An incident is about people: each is counted and told once, and nobody at a number that is somebody else's by now."""

import hashlib
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from consent import clock
from consent.db import Sql
from consent.gateways.email.file import recent
from consent.house import House
from consent.incidents import jobs
from consent.incidents import queries as incidents
from consent.numbers import service as numbers
from consent.staff.roles import Role
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.timed import sending
from tests.flows.test_incident_queries import found, record
from tests.flows.test_incidents import opened, step
from tests.support import staff
from tests.support.organizations import consent_to
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import TEXTS, Tenant

FIRST, SECOND = "+15095550142", "+15095550143"
MAILBOX = "ann@home.example"
LETTER = {"subject": "About your data", "letter": "A laptop was stolen. We are sorry."}
_LISTS = Sql(
    "SELECT 'now', channel, told FROM incident_person WHERE organization_id = :organization_id UNION ALL"
    " SELECT 'before', channel, told FROM incident_former WHERE organization_id = :organization_id ORDER BY 1, 2"
)


def lists(house: House, tenant: Tenant) -> list[tuple[str, str, str]]:
    """Who is on the list, and who had an address before: with the channel, and how they were told."""
    with house.db.read(tenant.id) as tx:
        return [(row[0], row[1], row[2]) for row in tx.all(_LISTS, {"organization_id": tenant.id})]


def mailed(systems: Systems, address: str = MAILBOX, person: str | None = "ann") -> None:
    agreed = consent_to("marketing-email", "email", address) | ({"person": person} if person else {})
    assert systems.post("consents", agreed).status_code == 201


def handed_on(systems: Systems, address: str = FIRST, kind: str = "reassigned", **more: Any) -> None:
    """The number is somebody else's from now on."""
    channel = "email" if "@" in address else "sms"
    said = {"channel": channel, "address": address, "kind": kind, "source": "carrier-list", **more}
    said.setdefault("occurred_at", clock.now().isoformat())
    answer = systems.post("contact-points/lifecycle", said)
    assert answer.status_code in (200, 201), answer.text


def named(systems: Systems, incident: dict[str, Any], *addresses: str) -> dict[str, Any]:
    """The incident's people after these were named."""
    people = [{"channel": "email" if "@" in one else "sms", "address": one} for one in addresses]
    people_now: dict[str, Any] = step(systems, incident, "people", people=people)["people"]
    return people_now


def tell(house: House, tenant: Tenant) -> None:
    jobs.tell(jobs.Herald(house.db, house.keyring, house.governing), tenant.id, clock.now())


def test_whoever_has_two_numbers_and_no_mailbox_is_one(systems: Systems) -> None:
    for address in (FIRST, SECOND):
        systems.consent(address=address, person="ann")
    record(systems, "ann")
    incident = opened(systems)
    for asked in ({"everybody": True}, {"program": TEXTS}, {"category": "support-notes"}):
        assert found(systems, incident, **asked) == (1, 0, 0, 0), asked
    step(systems, incident, "people/query", everybody=True, seen=1)
    assert found(systems, incident, everybody=True) == (1, 1, 0, 0)


def test_a_text_that_names_nobody_is_of_the_person_whose_number_it_is(systems: Systems, twilio: Twilio) -> None:
    systems.consent(address=FIRST, person="ann")
    mailed(systems)
    twilio.text("STOP", FIRST)
    incident = opened(systems)
    assert found(systems, incident, everybody=True) == (1, 0, 1, 0)
    assert found(systems, incident, program=TEXTS) == (1, 0, 1, 0)
    twilio.text("STOP", SECOND)  # of whom nothing else is known
    assert found(systems, incident, everybody=True) == (2, 0, 1, 0)


@pytest.mark.parametrize("order", [(FIRST, MAILBOX), (MAILBOX, FIRST)], ids=["number-first", "mailbox-first"])
def test_whoever_is_named_by_two_addresses_is_on_the_list_at_their_mailbox_alone(
    house: House, valley: Tenant, systems: Systems, order: tuple[str, str]
) -> None:
    systems.consent(address=FIRST, person="ann")
    mailed(systems)
    together, apart = opened(systems), opened(systems)
    assert named(systems, together, *order)["all"] == 1
    for one in (*order, *order):  # one after the other, and once more
        assert named(systems, apart, one)["all"] == 1
    assert lists(house, valley) == [("now", "email", "")] * 2


def test_a_shared_number_stays_on_the_list_for_whoever_has_no_mailbox(
    house: House, valley: Tenant, systems: Systems
) -> None:
    for person in ("ann", "bob"):
        systems.consent(address=FIRST, person=person)
    mailed(systems)
    assert named(systems, opened(systems), FIRST, MAILBOX)["all"] == 2
    assert sorted(channel for _, channel, _ in lists(house, valley)) == ["email", "sms"]


def test_an_earlier_holder_is_told_another_way_and_the_new_one_is_not_theirs(
    house: House, valley: Tenant, systems: Systems, time: Time
) -> None:
    systems.consent(address=FIRST, person="ann")
    record(systems, "ann")
    time.go(days=1)
    handed_on(systems)
    time.go(days=1)
    systems.consent(address=FIRST, person="bob", occurred_at=clock.now().isoformat())
    incident = opened(systems, detected_at=clock.now().isoformat())
    asked = {"category": "support-notes"}
    said = step(systems, incident, "people/lookup", **asked)["found"]
    assert (said["all"], said["by_mail"], said["former"], said["nowhere"]) == (1, 0, 1, 0)
    put = step(systems, incident, "people/query", seen=1, **asked)["people"]
    assert (put["all"], put["former"], put["without_mail"]) == (1, 1, 0)
    assert lists(house, valley) == [("before", "sms", "")]
    assert found(systems, incident, **asked)[:2] == (1, 1)  # put there once
    assert found(systems, incident, everybody=True)[0] == 2  # bob, who has it now, and ann
    mailed(systems)
    assert found(systems, opened(systems), **asked) == (1, 0, 1, 0)  # where her mailbox is known she is told there


@pytest.mark.parametrize("kind", ["recycled", "disconnected", "changed"])
def test_a_number_of_nobody_by_a_name_that_was_handed_on_is_one_former_person(
    systems: Systems, twilio: Twilio, time: Time, kind: str
) -> None:
    twilio.text("STOP", FIRST)
    time.go(days=1)
    handed_on(systems, kind=kind)  # filed for texts and for calls
    incident = opened(systems)
    said = step(systems, incident, "people/lookup", everybody=True)["found"]
    assert (said["all"], said["former"]) == (1, 1)
    time.go(days=1)
    twilio.text("START", FIRST)  # by whoever has it now
    said = step(systems, incident, "people/lookup", everybody=True)["found"]
    assert (said["all"], said["former"]) == (1, 0)


def test_a_number_that_was_looked_into_and_is_theirs_after_all_is_theirs(systems: Systems, time: Time) -> None:
    systems.consent(address=FIRST, person="ann")
    time.go(days=1)
    handed_on(systems)
    time.go(days=1)
    handed_on(systems, kind="confirmed")
    said = step(systems, opened(systems), "people/lookup", everybody=True)["found"]
    assert (said["all"], said["former"]) == (1, 0)


def test_a_number_that_one_of_a_house_gave_up_is_still_that_of_the_others(systems: Systems, time: Time) -> None:
    for person in ("ann", "bob"):
        systems.consent(address=FIRST, person=person)
    time.go(days=1)
    handed_on(systems, kind="changed", person="ann")
    for person in ("ann", "bob"):
        record(systems, person)
    said = step(systems, opened(systems), "people/lookup", category="support-notes")["found"]
    assert (said["all"], said["former"]) == (2, 1)


def test_a_number_that_is_handed_on_while_its_person_is_on_the_list_is_set_aside_once(
    house: House, valley: Tenant, systems: Systems, time: Time
) -> None:
    for address, person in ((FIRST, "ann"), (SECOND, "bob")):
        systems.consent(address=address, person=person)
    incident = opened(systems)
    assert named(systems, incident, FIRST, SECOND)["all"] == 2
    time.go(minutes=1)
    handed_on(systems)
    for _ in range(2):
        tell(house, valley)
        assert lists(house, valley) == [("before", "sms", ""), ("now", "sms", "")]
    assert named(systems, incident, FIRST)["all"] == 2  # named once more, she is on no second list
    with house.db.read(valley.id) as tx:
        history = incidents.history(tx, valley.id, UUID(incident["id"]))
    assert [one.data.get("set_aside") for one in history if one.type == "incident.people"] == [None, 1]
    time.go(minutes=1)
    systems.consent(address=FIRST, person="cleo", occurred_at=clock.now().isoformat())
    tell(house, valley)
    assert lists(house, valley) == [("before", "sms", ""), ("now", "sms", "")]  # who has it now is not meant


def test_a_letter_that_waits_for_a_mailbox_of_somebody_else_does_not_leave(
    house: House, valley: Tenant, systems: Systems, time: Time
) -> None:
    mailed(systems)
    mailed(systems, "bob@home.example", "bob")
    time.go(days=40)
    incident = opened(systems, **LETTER, detected_at=clock.now().isoformat())
    step(systems, incident, "facts", authorities_told_at="2026-11-22T10:00:00-08:00", law_requires=True,
         assessment="RCW 19.255.", places=["US-WA"])  # fmt: skip
    assert named(systems, incident, MAILBOX, "bob@home.example")["all"] == 2
    step(systems, incident, "telling")
    tell(house, valley)
    assert step(systems, incident, "people/lookup", everybody=True)["people"]["waiting"] == 2
    time.go(minutes=1)
    in_force = house.governing.now(valley.id, clock.now())
    where = (subjects.tagged(house.keyring, valley.id, of_person("email", MAILBOX)),)
    gone = numbers.Told("changed", where, clock.now(), "desk")
    house.db.write(
        lambda tx: numbers.report(tx, house.keyring, in_force.log, in_force.rulebook, gone, "staff", clock.now()),
        valley.id,
    )
    tell(house, valley)
    assert lists(house, valley) == [("before", "email", ""), ("now", "email", "")]
    sending.post(house)
    tell(house, valley)
    assert [one["recipient"] for one in recent(house.config.data_dir / "dev-mails.jsonl")] == ["bob@home.example"]
    people = step(systems, incident, "people/lookup", everybody=True)["people"]
    assert (people["all"], people["told"], people["former"]) == (2, 1, 1)


def test_staff_tell_them_another_way_or_say_that_nobody_can_be_found(
    house: House, app: Flask, valley: Tenant, systems: Systems, time: Time
) -> None:
    for number, address in enumerate((FIRST, SECOND)):
        systems.consent(address=address, person=f"person-{number}")
    incident = opened(systems, kind="demand")
    assert named(systems, incident, FIRST, SECOND)["all"] == 2
    time.go(days=1)
    for address in (FIRST, SECOND):
        handed_on(systems, address)
    tell(house, valley)
    who = staff.member(house, valley.id, time.now(), Role.OFFICER)
    client, place, form = who.client(app), f"/staff/incidents/{incident['id']}", {"csrf": who.csrf()}
    page = client.get(place).text
    assert "is somebody else's by now" in page.replace("&#39;", "'") and FIRST not in page
    part = page.partition("somebody else")[2]
    contacts = [one.partition('"')[0] for one in part.split('name="contact" value="')[1:]]
    assert len(contacts) == 2
    told = form | {"contact": contacts[0], "former": "1"}
    for how in ("", "mail", "pigeon"):
        assert client.post(f"{place}/told", data=told | {"how": how}).status_code == 422, how
    # At the number itself nobody is told, nor is a stranger's or an unknown one on the list.
    assert client.post(f"{place}/told", data=form | {"contact": contacts[0], "how": "phone-call"}).status_code == 404
    for unknown in (str(UUID(int=7)), "nonsense", ""):
        assert client.post(f"{place}/told", data=told | {"contact": unknown, "how": "post"}).status_code == 404
    for _ in range(2):  # pressed twice
        assert client.post(f"{place}/told", data=told | {"how": "post"}).status_code == 303
    assert client.post(f"{place}/told", data=told | {"contact": contacts[1], "how": "not-found"}).status_code == 303
    assert sorted(how for _, _, how in lists(house, valley)) == ["not-found", "post"]
    people = step(systems, incident, "people/lookup", everybody=True)["people"]
    assert (people["all"], people["told"], people["former"]) == (2, 2, 0)
    assert sum(one["type"] == "incident.notified" for one in systems.history(FIRST)) + sum(
        one["type"] == "incident.notified" for one in systems.history(SECOND)
    ) == 1  # fmt: skip


def chooses(systems: Systems, language: str | None) -> None:
    """Whoever has the number now chose a language."""
    if language is not None:
        where = f"/api/v1/contact-points/{systems.lookup(FIRST, 'sms')}/settings"
        answer = systems.client.put(where, json={"language": language, "method": "call"}, headers=systems.headers)
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("before", "now", "proven"),
    [("fr", "es", "fr"), (None, "es", None), ("fr", None, "fr"), ("en", "fr", None), (None, None, None)],
)
def test_the_proof_names_the_letter_of_whoever_had_the_number_and_not_of_who_has_it_now(
    house: House, app: Flask, valley: Tenant, systems: Systems, time: Time,
    before: str | None, now: str | None, proven: str | None,
) -> None:  # fmt: skip
    written = {
        None: LETTER,
        "fr": {"subject": "Vos données", "letter": "Un ordinateur a été volé."},
        "es": {"subject": "Sus datos", "letter": "Se robó un ordenador."},
    }
    systems.consent(address=FIRST, person="ann")
    chooses(systems, before)
    versions = {f"{name}_{one}": text for one in ("fr", "es") for name, text in written[one].items()}
    incident = opened(systems, kind="demand", **LETTER, **versions)
    assert named(systems, incident, FIRST)["all"] == 1
    time.go(days=1)
    for kind in ("disconnected", "reassigned"):  # one change, reported twice
        handed_on(systems, kind=kind)
        time.go(minutes=1)
    systems.consent(address=FIRST, person="bob", occurred_at=clock.now().isoformat())
    chooses(systems, now)
    tell(house, valley)
    assert lists(house, valley) == [("before", "sms", "")]
    who = staff.member(house, valley.id, time.now(), Role.OFFICER)
    told = {"csrf": who.csrf(), "contact": systems.lookup(FIRST, "sms"), "former": "1", "how": "post"}
    assert who.client(app).post(f"/staff/incidents/{incident['id']}/told", data=told).status_code == 303
    proof = next(one for one in systems.history(FIRST) if one["type"] == "incident.notified")
    letter = "\n".join(written[proven].values())
    assert proof["data"]["letter"] == hashlib.sha256(letter.encode()).hexdigest()
