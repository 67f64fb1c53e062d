"""Killed in the middle of an erasure, of each history all is gone or nothing is, and the rest goes by itself."""

import os
import random
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from consent.db import Sql, Tx
from consent.house import House
from consent.ledger import erasing
from consent.ledger import jobs as ledger_jobs
from consent.ledger.verify import verify
from consent.preferences import rebuild
from consent.privacy_requests import casework, steps
from consent.privacy_requests.casework import Outcome
from consent.privacy_requests.tasks import people, rules, service
from consent.subjects import service as subjects
from consent.timed import requests as timed
from tests.casework.conftest import CLERK, OFFICER, Office
from tests.crash.installation import REPOSITORY
from tests.support import traces
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant

KILLS = int(os.environ.get("CRASH_KILLS", "2"))
SEED = int(os.environ.get("CRASH_SEED", "7"))
FIRST, LAST = 20, 90  # statements: where the erasure itself is, among everything a worker asks
TEXT, REFERENCE = "please do not lose my blue bicycle", "customer-77-Quince"
ALL = ("mobile-number", "message-text-in-out", "account-contact", "invoices", "consent-records")
_ENDS = Sql("SELECT body FROM ledger_event WHERE organization_id = :organization_id AND stream_id = :stream_id")
pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def request_id(house: House, valley: Tenant, systems: Systems, twilio: Twilio, time: Time) -> UUID:
    """A deletion that everybody has done their part of: what is left is this house, which goes last."""
    assert systems.consent(person=REFERENCE)
    assert twilio.text(TEXT).status_code == 200
    assert twilio.text("STOP").status_code == 200
    office, now = Office(house, valley), time.now()
    made = office.open("deletion", now, PERSON, verified_at=now)
    office.do(casework.decide, made, CLERK, now, [Outcome(one, "do") for one in ALL])
    office.do(casework.approve, made, OFFICER, now, streams=9)
    timed.carry_out(house)
    timed.carry_out(house)
    with house.db.read(valley.id) as tx:
        tasks = {(one.store, one.category): one for one in service.of_request(tx, valley.id, made)}
    told = tasks[rules.TELLING, rules.CERTIFICATE].id
    house.db.write(lambda tx: service.confirm(tx, house.keyring, told, None, "Ana", "Told.", 1, time.now()), valley.id)
    assert tasks[rules.OWN, rules.EVERYTHING].state == "last"
    return made


def carry_out(house: House, at: datetime, dies_at: int) -> int | None:
    """How many statements the worker took; None where it was killed."""
    place = [str(house.config.data_dir), house.config.database_url, at.isoformat()]
    command = [sys.executable, "-m", "tests.crash.erasing", *place]
    done = subprocess.run([*command, str(dies_at)], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode == -signal.SIGKILL:
        return None
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


def whole_or_gone(tx: Tx, house: House, organization_id: UUID, histories: dict[UUID, int]) -> int:
    """How many of these histories are gone; each of the others is as it was."""
    gone = 0
    for stream, facts in histories.items():
        held = erasing.facts_held(tx, organization_id, stream)[0]
        if erasing.is_erased(tx, organization_id, stream):
            gone += 1
            assert held == 0
            contact = subjects.by_id(tx, house.keyring, organization_id, stream)
            assert contact is None or contact.address is None
        else:
            assert held == facts
    return gone


def test_an_erasure_that_is_killed_goes_on_and_each_history_goes_as_a_whole(
    house: House, valley: Tenant, systems: Systems, request_id: UUID, time: Time
) -> None:
    with house.db.read(valley.id) as tx:
        person = people.of_request(tx, house.keyring, valley.id, request_id)
        assert person is not None and person.histories >= 2
        streams = (*(one.id for one in person.places), *person.persons)
        histories = {one: erasing.facts_held(tx, valley.id, one)[0] for one in streams}
    chance, at = random.Random(SEED), time.now() + timedelta(minutes=6)
    for _kill in range(KILLS):
        taken = carry_out(house, at, chance.randint(FIRST, LAST))
        at += timedelta(minutes=6)  # the lease of a killed worker ends by itself
        with house.db.read(valley.id) as tx:
            whole_or_gone(tx, house, valley.id, histories)
        if taken is not None:
            break
    for _again in range(2):  # the second finds nothing to do
        time.at = at
        timed.carry_out(house)
        at += timedelta(minutes=6)
    with house.db.read(valley.id) as tx:
        assert whole_or_gone(tx, house, valley.id, histories) == len(histories)
        told = steps.timeline(tx, valley.id, request_id)
        receipts = [one.facts["category"] for one in told if one.kind == "store_done"]
        for stream in streams:
            ends = [row for row in tx.all(_ENDS, {"organization_id": valley.id, "stream_id": stream})
                    if b'"type":"erasure.done"' in bytes(row[0])]  # fmt: skip
            assert len(ends) == 1, "erased once, whatever was killed"
    assert len(receipts) == len(set(receipts)) and rules.EVERYTHING in receipts
    assert {one.stream_id for one in erasing.noted_outside(house.config.data_dir, valley.id) if not one.part} == set(
        streams
    )
    wanted = traces.sought(house.keyring, valley.id, {"sms": PERSON}, (REFERENCE, TEXT))
    found = {one.partition(":")[0] for one in traces.find(house, valley.id, wanted) if "sqlite" not in one}
    assert found <= {"contact_point.tag", "contact_point.tag64", "preference.tag64"} and not systems.may()
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, at)
    with house.db.read(valley.id) as tx:
        assert verify(tx, house.keyring, valley.id, at, folds=(rebuild.check,)).findings == []
