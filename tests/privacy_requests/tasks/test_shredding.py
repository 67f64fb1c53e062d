"""After an erasure nothing of a person is found anywhere, every no still holds, and the ledger still verifies."""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consent.db import Sql
from consent.gateways.stores import own
from consent.house import House
from consent.ledger import erasing
from consent.ledger import jobs as ledger_jobs
from consent.ledger.verify import verify
from consent.outbox import service as outbox
from consent.outbox.models import MessageLog
from consent.preferences import rebuild
from consent.preferences import service as preferences
from consent.preferences.models import NOBODY, Wording
from consent.privacy_requests.tasks import people, shredding
from consent.privacy_requests.tasks.shredding import Shredder
from consent.subjects import service as subjects
from consent.timed.requests import every_table
from consent.web.models import IdempotencyKey
from tests.sms.test_held import wording  # noqa: F401 - two wordings with a settled meaning
from tests.support import traces
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.traces import Sought
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant

TEXT = "please do not lose my blue bicycle"
REFERENCE = "customer-77-Quince"
OTHER = "+15095550177"
CASE = UUID(int=7)
REQUESTS = Sql("SELECT count(*) FROM privacy_request WHERE organization_id = :id")


@pytest.fixture
def lived(
    house: House, systems: Systems, twilio: Twilio, valley: Tenant, time: Time, deliver: Callable[[], list[str]]
) -> UUID:
    """Somebody agreed, with a proof, wrote, asked for a code, was written to and made a request; so did another."""
    given = systems.consent(person=REFERENCE)
    systems.consent(address=OTHER, person="customer-78")
    proof = {"type": "text/plain", "content": "T24gcGFwZXIu"}
    assert systems.post(f"consents/{given['entry']}/proofs", proof).status_code == 201
    assert systems.decide()["answer"] == "allow"
    assert twilio.text(TEXT).status_code == 200
    assert twilio.text("HELP").status_code == 200
    asked = {"type": "deletion", "channel": "sms", "address": PERSON, "words": TEXT}
    asked |= {"received_at": "2026-11-20T18:15:00Z", "how": "letter", "entered_by": "Ana"}
    made = systems.post("privacy-requests", asked)
    assert made.status_code == 201, made.get_data(as_text=True)
    assert systems.client.post(f"/{valley.slug}/preferences", data={"address": PERSON}).status_code < 500
    deliver()
    return UUID(given["contact_point"])


def person_of(house: House, valley: Tenant, contact: UUID) -> people.Person:
    """Who is erased."""
    with house.db.read(valley.id) as tx:
        found = people.of_contact(tx, house.keyring, valley.id, contact)
    assert found is not None
    return found


def looking_for(house: House, valley: Tenant) -> Sought:
    """Everything of the person."""
    addresses = {"sms": PERSON, "voice": PERSON}
    return traces.sought(house.keyring, valley.id, addresses, (REFERENCE, TEXT))


def test_t_99_nothing_is_left_of_somebody_who_refused_nothing_and_the_ledger_verifies(
    house: House, valley: Tenant, lived: UUID, shredder: Shredder, time: Time, systems: Systems
) -> None:
    wanted = looking_for(house, valley)
    before = traces.find(house, valley.id, wanted)
    assert {"contact_point.sealed_address", "ledger_disclosure.ciphertext", "person.sealed_reference"} <= {
        one.partition(":")[0] for one in before
    }
    destroyed = keys_of(house, valley, lived)
    receipt = shredding.erase_all(shredder, person_of(house, valley, lived), CASE, time.now())
    assert receipt.count > 10
    assert traces.find(house, valley.id, wanted, destroyed) == set()
    with house.db.read(valley.id) as tx:
        assert people.of_contact(tx, house.keyring, valley.id, lived) is None
        assert list(rebuild.check(tx, valley.id)) == []
        assert tx.one(REQUESTS, {"id": valley.id}) == (1,)
    assert systems.may(address=OTHER)
    assert not systems.may()
    outside = list(erasing.noted_outside(house.config.data_dir, valley.id))
    assert lived in {one.stream_id for one in outside} and {one.case_id for one in outside} == {CASE}


def test_what_lies_beside_the_database_goes_and_what_still_waits_there_stays(
    house: House, valley: Tenant, lived: UUID, shredder: Shredder, time: Time
) -> None:
    spool, data_dir = house.spooling.spool, house.config.data_dir
    theirs, other = b"From=%2B15095550142&Body=hi", b"From=%2B15095550177"
    for content in (theirs, other, theirs):
        spool.append(content, time.now(), lane=0, proved=False)
    for one in spool.next(2):
        spool.failed(one.seq, "unreadable", aside=True)
    lines = [b'{"to": "+15095550142"}\n', b'{"to": "+15095550177"}\n']
    (data_dir / "dev-outbox.jsonl").write_bytes(b"".join(lines))
    shredding.erase_all(shredder, person_of(house, valley, lived), CASE, time.now())
    assert (data_dir / "dev-outbox.jsonl").read_bytes() == lines[1]
    assert (spool.figures().waiting, spool.figures().aside) == (1, 1)
    assert spool.bring_back() == 1
    assert sorted(one.content or b"" for one in spool.next(9)) == sorted([other, theirs])


def test_what_was_refused_still_holds_under_a_tag_and_the_number_can_come_back(
    house: House, valley: Tenant, lived: UUID, shredder: Shredder, time: Time, systems: Systems, twilio: Twilio
) -> None:
    assert twilio.text("STOP").status_code == 200
    assert not systems.may()
    wanted = looking_for(house, valley)
    shredding.erase_all(shredder, person_of(house, valley, lived), CASE, time.now())
    left = {one.partition(":")[0] for one in traces.find(house, valley.id, wanted)}
    on_file = {one for one in left if "sqlite" in one}
    assert left - on_file == {"contact_point.tag", "contact_point.tag64", "preference.tag64"}
    assert "suppressed" in str(systems.decide()["reasons"])
    assert systems.lookup() != str(lived)
    assert not systems.may()
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, time.now())
    with house.db.read(valley.id) as tx:
        assert verify(tx, house.keyring, valley.id, time.now(), folds=(rebuild.check,)).findings == []
    assert shredding.again_after_restore(shredder, valley.id, time.now()) == 0
    assert twilio.text("START").status_code == 200
    systems.consent(person=REFERENCE)  # of before the erasure: the STOP took it back
    assert not systems.may()
    time.go(minutes=1)
    systems.consent(person=REFERENCE, occurred_at=time.now().isoformat())
    assert systems.may()


def test_what_was_refused_under_a_name_outlives_the_person_and_a_later_consent_lifts_it(
    house: House, valley: Tenant, shredder: Shredder, time: Time, systems: Systems
) -> None:
    told: dict[str, Any] = {"program": "marketing-email", "channel": "email", "address": "ana@customer.example"}
    asked = told | {"message_class": "promotion"}
    assert systems.may(**asked)  # until somebody says no
    contact = UUID(systems.consent(**told, state="refused", person=REFERENCE)["contact_point"])
    settings = {"method": "phone", "sale_refused": True, "person": REFERENCE}
    where = f"/api/v1/contact-points/{contact}/settings"
    assert systems.client.put(where, json=settings, headers=systems.headers).status_code == 200
    shredding.erase_all(shredder, person_of(house, valley, contact), CASE, time.now())
    assert "refused" in str(systems.decide(**asked)["reasons"])
    tag64 = subjects.tag64_of(house.keyring.lookup_tag(valley.id, "email", "ana@customer.example"))
    with house.db.read(valley.id) as tx:
        state = preferences.read(tx, valley.id, "email", tag64)
        assert list(rebuild.check(tx, valley.id)) == []
    assert {(key, one.state) for key, one in state.items()} == {
        (("marketing-email", NOBODY), "refused"), (("*sale", NOBODY), "withdrawn"),
    }  # fmt: skip
    time.go(minutes=1)
    assert not systems.may(**asked, person="customer-new")
    systems.consent(**told, occurred_at=time.now().isoformat(), person="customer-new")
    assert systems.may(**asked, person="customer-new")


def test_a_text_that_nobody_has_read_yet_holds_everything_back_after_the_erasure_too(
    house: House, valley: Tenant, lived: UUID, shredder: Shredder, time: Time, systems: Systems, twilio: Twilio
) -> None:
    assert twilio.text("ugh not again").status_code == 200
    assert "held-for-review" in str(systems.decide()["reasons"])
    shredding.erase_all(shredder, person_of(house, valley, lived), CASE, time.now())
    assert "suppressed" in str(systems.decide()["reasons"])


def keys_of(house: House, valley: Tenant, contact: UUID) -> list[bytes]:
    """The wrapped keys of the contact point and of the person."""
    kept = Sql("SELECT wrapped_key FROM stream_key WHERE organization_id = :id AND stream_id = :stream")
    with house.db.read(valley.id) as tx:
        row = tx.one(kept, {"id": valley.id, "stream": contact})
    assert row is not None
    return [bytes(row[0])]


def test_a_copy_in_any_place_is_found_by_the_same_search(house: House, valley: Tenant, time: Time) -> None:
    wanted, now = looking_for(house, valley), time.now()
    assert traces.find(house, valley.id, wanted) == set()
    data_dir, spool_key = house.config.data_dir, house.keyring.spool_key()
    tag = house.keyring.lookup_tag(valley.id, "sms", PERSON)
    nonce = b"n" * 12
    files = {
        "logs/service.log": b"sent to 509-555-0142",
        "spool/aside": nonce + AESGCM(spool_key).encrypt(nonce, PERSON.encode(), b""),
        "dev-mails.jsonl": b"call (509) 555-0142",
        "downloads/answer.zip": base64.b64encode(b"n,x,+15095550142"),
        "attachments/card.txt": "509 555 0142".encode("utf-16-le"),
        "outside/list": b"15095550142",
        "imports/upload.csv": b"509.555.0142",
        "dump": tag,
    }
    for name, content in files.items():
        path = data_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        assert any(one.startswith(f"{path.name}: ") for one in traces.find(house, valley.id, wanted)), name
        path.unlink()
    rows: dict[str, Any] = {
        "job.payload": _job(house, valley, now),
        "message_log.tag64": MessageLog(
            organization_id=valley.id, channel="sms", tag64=subjects.tag64_of(tag), sent_at=now, id=CASE, sender="",
            flags=0,
        ),
        "wording.text": Wording(
            organization_id=valley.id, sha256=b"h" * 32, language="en", text=f"Hello {PERSON}", first_seen_at=now
        ),
        "idempotency_key.body": IdempotencyKey(
            organization_id=valley.id, key_id=CASE, key_hash=b"k" * 32, request_hash=b"r" * 32, status=200,
            body=b"5095550142", created_at=now,
        ),
    }  # fmt: skip
    for place, row in rows.items():
        if row is not None:
            house.db.write(lambda tx, row=row: tx.session.add(row), valley.id)  # type: ignore[misc]
        assert any(one.startswith(f"{place}: ") for one in traces.find(house, valley.id, wanted)), place


def _job(house: House, valley: Tenant, now: datetime) -> None:
    """A job that carries the address, under the key of what need not be on record."""
    draft = outbox.Draft("sms", "challenge", None, {"to": PERSON})
    key = house.keyring.challenge_key(valley.id)
    house.db.write(lambda tx: outbox.enqueue(tx, valley.id, key, draft, now), valley.id)


def test_no_table_with_personal_columns_is_left_undecided() -> None:
    assert list(own.undecided(every_table())) == []
    reached = {one.table: one.blank for one in own.traces(every_table())}
    assert reached["privacy_request"] and not reached["job"] and not reached["contact_point"]
    planted = sa.MetaData()
    sa.Table("planted", planted, sa.Column("note", sa.String(), info={"personal": True}))
    assert list(own.undecided(planted)) == ["planted"]
    with pytest.raises(RuntimeError, match="every table"):
        own.traces(planted)
