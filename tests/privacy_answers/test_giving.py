"""An answer from what is held to the file in the person's hand: complete, theirs alone, behind a fresh code."""

import html
import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from consent import clock
from consent.db import Sql
from consent.db.types import as_id
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.gateways.stores.base import Item, StoreFailed, Subject
from consent.house import House
from consent.ledger import keys
from consent.ledger.bodies import parse
from consent.outbox import mail
from consent.outbox.service import JOB
from consent.privacy_requests.answers import downloads, giving
from consent.privacy_requests.answers.downloads import Answer
from consent.privacy_requests.answers.giving import Here, Wanted
from consent.subjects import service as subjects
from tests.privacy_answers.desk import REQUEST, Desk
from tests.support import visits
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, PUBLIC_URL, Tenant

DAYS = timedelta(days=30)
_EVENTS = Sql("SELECT body FROM ledger_event WHERE organization_id = :organization_id AND stream_id = :stream_id")
_MAILS = Sql(
    "SELECT id, payload FROM job WHERE organization_id = :organization_id AND kind = 'mail.answer' ORDER BY id"
)
_SHRED = Sql("UPDATE answer_file SET sealed_key = NULL WHERE organization_id = :organization_id")


class Billing:
    """A store with one record, or one that cannot say."""

    name, categories = "billing", ("billing",)

    def __init__(self, *, breaks: bool = False) -> None:
        self.breaks, self.asked = breaks, list[Subject]()

    def find(self, subject: Subject, categories: tuple[str, ...]) -> Iterator[Item]:
        self.asked.append(subject)
        yield Item("billing", "property-manager", "row 7", {"name": "Ana", "phone": PERSON, "ssn": "078-05-1120"})
        if self.breaks:
            raise StoreFailed("timeout")


def give(house: House, valley: Tenant, contact: UUID, store: Any = None, **more: Any) -> Answer:
    now = clock.now()
    here = Here(house.db, house.keyring, valley.id, house.governing.now(valley.id, now).rulebook, PUBLIC_URL)
    return giving.give(here, Wanted(REQUEST, contact, "access", now, **more), [store or Billing()], DAYS, now)


def records(zipped: bytes) -> list[dict[str, Any]]:
    return list(json.loads(zipfile.ZipFile(io.BytesIO(zipped)).read("answer.json"))["records"])


def opened(house: House, valley: Tenant, answer: Answer) -> bytes:
    key = house.db.write(lambda tx: downloads.fetched(tx, house.keyring, valley.id, answer, clock.now()), valley.id)
    return b"".join(downloads.content(house.keyring, valley.id, answer.id, key))


def mails(house: House, valley: Tenant, contact: UUID) -> list[mail.Mail]:
    """What waits in the outbox for this person, in its order."""
    with house.db.read(valley.id) as tx:
        rows = tx.all(_MAILS, {"organization_id": valley.id})
        known = subjects.by_id(tx, house.keyring, valley.id, contact)
    assert known is not None and known.key is not None
    return [
        mail.mail_of(json.loads(keys.open_facts(known.key, bytes(sealed), valley.id, as_id(job), JOB)))
        for job, sealed in rows
    ]


def types(house: House, valley: Tenant, contact: UUID) -> list[str]:
    with house.db.read(valley.id) as tx:
        rows = tx.all(_EVENTS, {"organization_id": valley.id, "stream_id": contact})
    return [parse(bytes(row[0])).type for row in rows]


def test_the_answer_holds_texts_in_both_directions_consents_with_wording_and_what_stores_hold(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Callable[[], list[str]], time: Time
) -> None:
    made = systems.consent()
    assert twilio.text("STOP").status_code == 200
    sent = deliver()
    store = Billing()
    answer = give(house, valley, UUID(made["contact_point"]), store)
    told = records(opened(house, valley, answer))
    by_type = {one["what"]: one for one in told}
    assert by_type["consent.given"]["fields"]["wording"].startswith("Text me about my account")
    assert by_type["consent.given"]["source"] == "organization-systems"
    assert by_type["consent.withdrawn"]["fields"]["msg_text"] == "STOP"
    assert by_type["consent.withdrawn"]["source"] == "person-by-text"
    assert by_type["message.sent"]["fields"]["text"] == sent[-1]
    assert by_type["contact-point"]["fields"]["address"] == PERSON
    billing = by_type["record"]
    assert billing["source"] == "property-manager" and billing["reference"] == "billing row 7"
    assert billing["fields"] == {"name": "Ana", "phone": PERSON, "ssn": "not-shown: social-security-number"}
    assert {one.value for one in store.asked[0].addresses} == {PERSON}
    assert len({one["reference"] for one in told}) == len(told) == answer.records


def test_a_store_that_cannot_say_leaves_no_answer_and_no_file(
    house: House, valley: Tenant, systems: Systems, time: Time
) -> None:
    contact = UUID(systems.consent()["contact_point"])
    with pytest.raises(StoreFailed):
        give(house, valley, contact, Billing(breaks=True))
    with house.db.read(valley.id) as tx:
        assert downloads.of_request(tx, valley.id, REQUEST, clock.now()) == []
    files, written = house.config.data_dir / downloads.FOLDER, clock.now().timestamp()
    for left in files.rglob("*.bin"):
        os.utime(left, (written, written))  # by the clock of the tests, not by that of the machine
    downloads.tidy(house.db, house.keyring, valley.id, clock.now() + timedelta(days=2))
    assert list(files.rglob("*.bin")) == []


def test_it_is_made_once_and_the_mail_that_tells_of_it_holds_nothing_of_it(
    house: House, valley: Tenant, desk: Desk, time: Time
) -> None:
    contact = desk.contact()
    first, second = give(house, valley, contact, language="es"), give(house, valley, contact, language="es")
    assert first.id == second.id
    with house.db.read(valley.id) as tx:
        rows = tx.all(
            Sql("SELECT kind FROM job WHERE organization_id = :organization_id"), {"organization_id": valley.id}
        )
    assert [row[0] for row in rows] == ["mail.answer"]


@pytest.mark.parametrize(
    ("language", "late"),
    [
        ("en", "This answer comes late: you should have had it by November 20, 2026. We are sorry."),
        ("fr", "Cette réponse arrive en retard\u00a0: vous auriez dû la recevoir au plus tard le 20 novembre 2026."),
        ("es", "Esta respuesta llega con retraso: debería haberla recibido a más tardar el 20 de noviembre de 2026."),
    ],
    ids=["en", "fr", "es"],
)
def test_the_mail_that_tells_of_an_overdue_answer_says_that_it_comes_late_and_of_no_other(
    house: House, valley: Tenant, desk: Desk, time: Time, language: str, late: str
) -> None:
    contact, now = desk.contact(), clock.now()
    zone = zones.zone(house.governing.now(valley.id, now).rulebook.organization.zone)
    today = local_date(now, zone)
    assert today == date(2026, 11, 21)
    give(house, valley, contact, language=language, answer_by=today)
    time.go(minutes=1)
    give(house, valley, contact, language=language, answer_by=today - timedelta(days=1), anew=clock.now())
    in_time, overdue = mails(house, valley, contact)
    assert late in overdue.text and late in html.unescape(overdue.html)
    assert late not in in_time.text and late not in html.unescape(in_time.html)


def test_only_a_fresh_code_of_the_same_address_opens_it_and_each_download_is_counted(
    house: House, valley: Tenant, client: FlaskClient, systems: Systems, time: Time
) -> None:
    contact = UUID(systems.consent()["contact_point"])
    answer = give(house, valley, contact)
    address = f"/{valley.slug}/requests/answers/{answer.id}"
    assert client.get(address).headers["Location"] == f"/{valley.slug}/preferences/code"

    def come(kind: str, who: str) -> None:
        client.set_cookie(*visits.cookie(house, valley.id, visits.by_code(house, valley.id, kind, who)))

    come("phone", "+15095550143")
    assert client.get(address).status_code == 404
    come("phone", PERSON)
    page = client.get(address)
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found is not None
    assert client.post(address, data={"csrf": "wrong"}).status_code == 403
    for _ in range(2):
        file = client.post(address, data={"csrf": found[1]})
        assert file.status_code == 200, file.text
        assert len(records(file.data)) == answer.records
    with house.db.read(valley.id) as tx:
        (again,) = downloads.of_request(tx, valley.id, REQUEST, clock.now())
    assert again.downloads == 2
    assert types(house, valley, contact).count("privacy_request.answer_fetched") == 2
    time.go(minutes=11)
    assert client.get(address).status_code == 303


def test_the_file_goes_when_its_time_is_over_and_when_its_person_is_erased(
    house: House, valley: Tenant, systems: Systems, time: Time
) -> None:
    contact = UUID(systems.consent()["contact_point"])
    answer = give(house, valley, contact)
    path = downloads.path_of(house.keyring.data_dir, valley.id, answer.id)
    assert PERSON.encode() not in path.read_bytes() and path.stat().st_mode & 0o777 == 0o600
    downloads.tidy(house.db, house.keyring, valley.id, clock.now())
    assert path.exists()
    house.db.write(lambda tx: tx.run(_SHRED, {"organization_id": valley.id}), valley.id)
    assert downloads.tidy(house.db, house.keyring, valley.id, clock.now()) == 1
    assert not path.exists()
    second = give(house, valley, contact)
    time.go(days=31)
    assert downloads.tidy(house.db, house.keyring, valley.id, clock.now()) == 1
    with house.db.read(valley.id) as tx:
        assert downloads.one(tx, valley.id, second.id, clock.now()) is None
