"""The letter about an incident, who may be told by hand and when, and what of an incident stands readable."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from flask import Flask

from consent import clock
from consent.db import Sql
from consent.gateways.email.file import recent
from consent.house import House
from consent.incidents import jobs
from consent.timed import sending
from tests.conftest import Prepared
from tests.flows.test_incidents import COUNTS, LETTER, MAILBOX, known, opened, step
from tests.support import staff
from tests.support.organizations import Five
from tests.support.systems import Systems
from tests.support.time import Time

_ENTRIES = Sql("SELECT body FROM ledger_event WHERE organization_id = :o ORDER BY event_id")
_FACTS = Sql("SELECT facts FROM incident WHERE organization_id = :o AND id = :id")

_DEAD = Sql(
    "UPDATE job SET done_at = :now, outcome = 'dead', last_error = 'refused' WHERE organization_id = :o"
    " AND contact_point_id = :id AND queue = 'email'"
)


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


def entries(house: House, systems: Systems) -> str:
    """What of the ledger can be read without a key."""
    with house.db.read(systems.tenant.id) as tx:
        return "".join(bytes(row[0]).decode() for row in tx.all(_ENTRIES, {"o": systems.tenant.id}))


def letters(house: House, systems: Systems) -> int:
    """How many letters the job has put into the outbox now."""
    return jobs.tell(jobs.Herald(house.db, house.keyring, house.governing), systems.tenant.id, clock.now())


def mails(house: House) -> int:
    """How many mails have left."""
    return len(recent(house.config.data_dir / "dev-mails.jsonl"))


def test_a_letter_that_no_mail_can_carry_is_refused_where_it_is_written(
    five: Five, house: House, time: Time, app: Flask
) -> None:
    systems = five["1valet"]
    known(systems, MAILBOX, "information")
    incident = opened(systems)
    step(systems, incident, "people", people=[{"channel": "email", "address": MAILBOX}])
    who = staff.member(house, systems.tenant.id, time.now(), staff.Role.OFFICER)
    page, client, form = f"/staff/incidents/{incident['id']}", who.client(app), {"csrf": who.csrf()}

    wrong = {"subject": ("About\u0085 you", "Dear all"), "letter": ("About you", "Dear\u0007 all")}
    for field, (subject, letter) in wrong.items():
        refused = client.post(f"{page}/facts", data=form | {"subject": subject, "letter": letter})
        assert (refused.status_code, f'href="#{field}"' in refused.text) == (422, True), field
    half = client.post(f"{page}/facts", data=form | {"subject": "", "letter": "Dear all"})
    assert half.status_code == 303  # a draft may begin with either
    assert systems.post(f"incidents/{incident['id']}/telling", {}).status_code == 409
    step(systems, incident, "facts", **LETTER)
    step(systems, incident, "telling")
    for field in ("subject", "letter"):
        emptied = client.post(f"{page}/facts", data=form | LETTER | {field: ""})
        assert (emptied.status_code, f'href="#{field}"' in emptied.text) == (422, True), field
    assert systems.get(f"incidents/{incident['id']}").get_json()["subject"] == LETTER["subject"]


def test_nobody_is_told_by_hand_while_others_come_first_or_once_it_is_closed(
    five: Five, house: House, time: Time, app: Flask
) -> None:
    systems = five["valley-smart-homes"]
    known(systems, MAILBOX, "marketing-email")
    held = opened(systems, confirmed_at="2026-11-20T13:00:00-08:00")
    banned = opened(systems, kind="demand", forbidden=True)
    over = opened(systems, kind="demand")
    who = staff.member(house, systems.tenant.id, time.now(), staff.Role.OFFICER)
    told = {"csrf": who.csrf(), "contact": systems.lookup(MAILBOX, "email"), "how": "phone-call"}
    for incident in (held, banned, over):
        step(systems, incident, "people", people=[{"channel": "email", "address": MAILBOX}])
    step(systems, over, "close", report="Nothing was handed over.")
    for incident, why in ((held, "authorities come first"), (banned, "law forbids"), (over, "is closed")):
        refused = who.client(app).post(f"/staff/incidents/{incident['id']}/told", data=told)
        assert (refused.status_code, why in refused.text) == (409, True), why
        assert systems.get(f"incidents/{incident['id']}").get_json()["people"]["told"] == 0
    assert "incident.notified" not in entries(house, systems)
    step(systems, banned, "facts", ban_lifted_at="2026-11-21T10:00:00-05:00")
    for _ in range(2):  # a second time changes nothing
        assert who.client(app).post(f"/staff/incidents/{banned['id']}/told", data=told).status_code == 303
    assert entries(house, systems).count("incident.notified") == 1


def test_free_words_about_waiting_stand_nowhere_readable_and_come_back_whole(five: Five, house: House) -> None:
    systems = five["smartt"]
    waits = {
        "delay_ground": "criminal-investigation",
        "delay_body": "Constable Sam Poe",
        "delay_review_on": "2026-12-05",
    }
    one = opened(systems, **waits)
    other = opened(systems)
    after = step(systems, other, "facts", **waits)
    assert (after["delay_body"], after["delay_ground"]) == ("Constable Sam Poe", "criminal-investigation")
    refused = systems.post(f"incidents/{other['id']}/facts", {"delay_ground": "Sam Poe asked"})
    assert (refused.status_code, refused.get_json()["field"]) == (422, "delay_ground")
    assert step(systems, other, "facts", title="Stolen")["delay_body"] == "Constable Sam Poe"
    with house.db.read(systems.tenant.id) as tx:
        rows = [tx.one(_FACTS, {"o": systems.tenant.id, "id": UUID(each["id"])}) for each in (one, other)]
    assert "Sam Poe" not in f"{rows}{entries(house, systems)}"
    assert "criminal-investigation" in entries(house, systems)


def chooses(systems: Systems, address: str, language: str) -> None:
    """Somebody at this mailbox chose a language."""
    where = f"/api/v1/contact-points/{systems.lookup(address, 'email')}/settings"
    answer = systems.client.put(where, json={"language": language, "method": "call"}, headers=systems.headers)
    assert answer.status_code == 200, answer.text


def test_each_person_is_told_in_the_language_they_chose_and_everybody_else_in_the_first(
    five: Five, house: House, time: Time, app: Flask
) -> None:
    systems = five["1valet"]
    wishes = {MAILBOX: None, "kim@tenant.example": "fr", "lea@tenant.example": "es", "max@tenant.example": "en"}
    for address, language in wishes.items():
        known(systems, address, "information")
        if language is not None:
            chooses(systems, address, language)
    french = {"subject_fr": "Vos données", "letter_fr": "Madame, Monsieur,\n\nun ordinateur a été volé."}
    incident = opened(systems, **LETTER, **french)
    assert {name: incident[name] for name in french} == french
    step(systems, incident, "people", people=[{"channel": "email", "address": one} for one in wishes])
    half = systems.post(f"incidents/{incident['id']}/facts", {"subject_es": "Sus datos"})
    assert half.status_code == 200  # a draft may begin with either
    refused = systems.post(f"incidents/{incident['id']}/telling", {})
    assert (refused.status_code, refused.get_json()["field"]) == (422, "letter_es")
    step(systems, incident, "facts", subject_es="")
    who = staff.member(house, systems.tenant.id, time.now(), staff.Role.OFFICER)
    seen = who.client(app).get(f"/staff/incidents/{incident['id']}").text
    assert seen.count("1 person on the list chose this language.") == 2
    assert seen.count('<details open><summary><span lang="es">') == 1  # somebody waits for it, and it is not written
    step(systems, incident, "telling")
    emptied = systems.post(f"incidents/{incident['id']}/facts", {"letter_fr": ""})
    assert (emptied.status_code, emptied.get_json()["field"]) == (422, "letter_fr")
    assert letters(house, systems) == 4
    sending.post(house)
    letters(house, systems)
    left = recent(house.config.data_dir / "dev-mails.jsonl")
    got = {one["recipient"]: (one["subject"], one["text"].replace("\r\n", "\n").strip()) for one in left}
    first, second = (LETTER["subject"], LETTER["letter"]), (french["subject_fr"], french["letter_fr"])
    assert got == dict.fromkeys(wishes, first) | {"kim@tenant.example": second}  # nothing is written in Spanish
    hashes = [hashlib.sha256("\n".join(one).encode()).hexdigest() for one in (first, second)]
    proofs = entries(house, systems)
    assert [proofs.count(f'"how":"mail","incident":"{incident["id"]}","letter":"{one}"') for one in hashes] == [3, 1]


def test_whoever_is_told_by_hand_is_told_by_the_letter_of_their_language(
    five: Five, house: House, time: Time, app: Flask
) -> None:
    systems = five["1valet"]
    known(systems, MAILBOX, "information")
    chooses(systems, MAILBOX, "fr")
    french = {"subject_fr": "Vos données", "letter_fr": "Un ordinateur a été volé."}
    incident = opened(systems, **LETTER, **french)
    step(systems, incident, "people", people=[{"channel": "email", "address": MAILBOX}])
    who = staff.member(house, systems.tenant.id, time.now(), staff.Role.OFFICER)
    told = {"csrf": who.csrf(), "contact": systems.lookup(MAILBOX, "email"), "how": "post"}
    assert who.client(app).post(f"/staff/incidents/{incident['id']}/told", data=told).status_code == 303
    assert hashlib.sha256("\n".join(french.values()).encode()).hexdigest() in entries(house, systems)


def test_only_a_letter_that_left_has_told_anybody(five: Five, house: House, time: Time, app: Flask) -> None:
    systems = five["1valet"]
    addresses = (MAILBOX, "kim@tenant.example", "lea@tenant.example")
    for address in addresses:
        known(systems, address, "information")
    incident = opened(systems, **LETTER)
    step(systems, incident, "people", people=[{"channel": "email", "address": one} for one in addresses])
    step(systems, incident, "telling")
    assert letters(house, systems) == 3 and letters(house, systems) == 0
    step(systems, incident, "facts", letter="Dear resident,\n\nanother letter.")  # those that wait are the old one
    assert systems.get(f"incidents/{incident['id']}").get_json()["people"] == COUNTS | {"all": 3, "waiting": 3}
    assert "incident.notified" not in entries(house, systems)
    lost = UUID(systems.lookup(addresses[2], "email"))
    dead = {"o": systems.tenant.id, "id": lost, "now": time.now()}
    house.db.write(lambda tx: tx.run(_DEAD, dead), systems.tenant.id)
    sending.post(house)
    letters(house, systems)
    found = systems.get(f"incidents/{incident['id']}").get_json()
    assert found["people"] == COUNTS | {"all": 3, "told": 2, "without_mail": 1}
    sent = hashlib.sha256(f"{LETTER['subject']}\n{LETTER['letter']}".encode()).hexdigest()
    notified = [one for one in entries(house, systems).split('{"') if sent in one]
    assert len(notified) >= 2
    for one in found["duties"]:
        if one["state"] in ("due", "as-soon-as-possible") and "affected" not in str(one["audience"]):
            step(systems, incident, "duties", duty=one["duty"], how="Folder 7.")
    early = systems.post(f"incidents/{incident['id']}/close", {"report": "Done."})
    assert (early.status_code, "not been told yet: 1" in early.get_json()["detail"]) == (409, True)
    who = staff.member(house, systems.tenant.id, time.now(), staff.Role.OFFICER)
    page, client = f"/staff/incidents/{incident['id']}", who.client(app)
    assert str(lost) in client.get(page).text
    told = {"csrf": who.csrf(), "contact": str(lost), "how": "post"}
    assert client.post(f"{page}/told", data=told).status_code == 303
    assert step(systems, incident, "close", report="Done.")["people"] == COUNTS | {"all": 3, "told": 3}


def test_letters_that_wait_are_taken_back_when_telling_ends_and_written_anew_when_it_begins_again(
    five: Five, house: House, time: Time
) -> None:
    systems = five["valtt"]
    known(systems, MAILBOX, "newsletter")
    incident = opened(systems, kind="demand", **LETTER)
    step(systems, incident, "people", people=[{"channel": "email", "address": MAILBOX}])
    step(systems, incident, "telling")
    assert letters(house, systems) == 1
    early = systems.post(f"incidents/{incident['id']}/close", {"report": "Done."})
    assert early.status_code == 409
    held = step(systems, incident, "facts", forbidden=True)
    assert (held["telling"], held["people"]) == (False, COUNTS | {"all": 1})
    sending.post(house)
    assert (letters(house, systems), mails(house)) == (0, 0)
    step(systems, incident, "facts", ban_lifted_at="2026-11-21T10:00:00-05:00")
    step(systems, incident, "telling")
    assert letters(house, systems) == 1
    sending.post(house)
    assert (letters(house, systems), mails(house)) == (0, 1)
    assert systems.get(f"incidents/{incident['id']}").get_json()["people"] == COUNTS | {"all": 1, "told": 1}


def test_of_several_who_tell_at_once_each_person_is_told_once(five: Five, house: House) -> None:
    systems, people = five["1valet"], [f"p{number}@tenant.example" for number in range(12)]
    for one in people:
        known(systems, one, "information")
    incident = opened(systems, **LETTER)
    step(systems, incident, "people", people=[{"channel": "email", "address": one} for one in people])
    step(systems, incident, "telling")
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: letters(house, systems), range(4))) == 12
        sending.post(house)
        list(pool.map(lambda _: letters(house, systems), range(4)))
    assert (mails(house), entries(house, systems).count("incident.notified")) == (12, 12)
