"""What waits behind many others is reached in the same round, and an idle house leaves keys and stores alone."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from consent.db import Sql, Tx
from consent.deadlines import Period
from consent.house import House
from consent.privacy_requests import casework, paging
from consent.privacy_requests import jobs as request_jobs
from consent.privacy_requests.answers import answering
from consent.privacy_requests.casework import Outcome
from consent.privacy_requests.models import PrivacyRequest
from consent.privacy_requests.tasks import carrying, telling
from consent.privacy_requests.tasks.models import RequestTask
from consent.retention import on_requests
from consent.timed import requests as timed
from tests.casework.conftest import CLERK, OFFICER, Office
from tests.support.time import Time
from tests.support.valley import PUBLIC_URL, Tenant

MANY = 7  # with pages of three rows
OLDEST = 1  # the ids of planted rows begin here: they stand before everything that is new


@pytest.fixture
def office(house: House, valley: Tenant, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Who works on Valley's requests, where a page has three rows."""
    monkeypatch.setattr(paging, "PAGE", 3)
    monkeypatch.setattr(telling, "MOST", 3)
    return Office(house, valley)


def copies(tx: Tx, table: str, columns: list[str], like: UUID, changed: Callable[[int], dict[str, object]]) -> None:
    """So many rows like this one stand before it."""
    (row,) = tx.all(
        Sql(f"SELECT {', '.join(columns)} FROM {table} WHERE organization_id = :o AND id = :id"),
        {"o": tx.organization_id, "id": like},
    )
    names = ", ".join(f":{one}" for one in columns)
    insert = Sql(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({names})")
    for number in range(OLDEST, OLDEST + MANY):
        tx.run(insert, dict(zip(columns, row, strict=True)) | {"id": UUID(int=number)} | changed(number))


def old(office: Office, request_id: UUID, **changed: object) -> None:
    """Many requests of other people, received before."""
    columns = [one.name for one in PrivacyRequest.__table__.columns]  # type: ignore[attr-defined]

    def other(number: int) -> dict[str, object]:
        return {"contact_point_id": uuid4(), "reference": f"OLD-{number}"} | changed

    office.house.db.write(lambda tx: copies(tx, "privacy_request", columns, request_id, other), office.tenant.id)


def approved(office: Office, request_type: str, time: Time) -> UUID:
    """A request that is decided and approved."""
    now = time.now()
    request_id = office.open(request_type, now, verified_at=now)
    office.do(casework.decide, request_id, CLERK, now, [Outcome("billing", "do")])
    office.do(casework.approve, request_id, OFFICER, now, streams=1)
    return request_id


def test_many_that_wait_hold_back_neither_an_erasure_nor_an_answer(office: Office, time: Time) -> None:
    house, organization_id = office.house, office.tenant.id
    carrier = carrying.Carrier(house.db, house.keyring, house.governing, PUBLIC_URL, on_requests.held)
    answerer = answering.Answerer(
        house.db, house.keyring, house.governing, PUBLIC_URL, timedelta(days=30), lambda _: ([], ())
    )
    access = approved(office, "access", time)
    erasure = approved(office, "deletion", time)
    old(office, erasure, begun_at=time.now())  # they wait for what nobody does
    assert carrying.go_on(carrier, organization_id, time.now()) >= 1
    assert office.case(erasure).begun_at is not None
    office.house.db.write(
        lambda tx: tx.run(
            Sql(
                "UPDATE privacy_request SET request_type = 'access' WHERE organization_id = :o AND reference LIKE 'O%'"
            ),
            {"o": organization_id},
        ),
        organization_id,
    )
    assert answering.go_on(answerer, organization_id, time.now()) == 1
    assert office.case(access).state == "fulfilled"


def test_many_without_proof_hold_back_no_end_of_what_nobody_verified(office: Office, time: Time) -> None:
    house, now = office.house, time.now()
    request_id = office.open("deletion", now)
    old(office, request_id, request_type="opt-out-of-sale")
    place = (house.db, house.keyring, house.governing, office.tenant.id)
    assert request_jobs.expire_unverified(*place, Period.parse("P30D"), now + timedelta(days=31)) == 1
    assert office.case(request_id).state == "expired"


def test_each_of_many_tasks_by_hand_is_told_once(office: Office, time: Time) -> None:
    house, organization_id, now = office.house, office.tenant.id, time.now()
    request_id, task = office.open("deletion", now), uuid4()
    row = {
        "organization_id": organization_id, "id": task, "request_id": request_id, "store": "paper",
        "category": "letters", "action": "erase", "state": "by_hand", "attempts": 0, "run_at": now, "token": "",
        "count": 0, "last_error": "", "created_at": now,
    }  # fmt: skip
    names = list(row)
    insert = Sql(f"INSERT INTO request_task ({', '.join(names)}) VALUES ({', '.join(f':{one}' for one in names)})")

    def plant(tx: Tx) -> None:
        tx.run(insert, row)
        copies(tx, "request_task", [one.name for one in RequestTask.__table__.columns], task,  # type: ignore[attr-defined]
               lambda number: {"category": f"letters-{number}"})  # fmt: skip

    house.db.write(plant, organization_id)
    pack = office.desk(now).rulebook.organization
    told = [
        telling.tell(house.db, house.keyring, organization_id, pack, "https://staff.example", now) for _ in range(2)
    ]
    assert told == [MANY + 1, 0]


def test_an_idle_house_leaves_keys_and_stores_alone(
    office: Office, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    wires = timed.store_wires
    monkeypatch.setattr(timed, "store_wires", lambda house: made.append(house) or wires(house))
    timed.carry_out(office.house)
    assert made == []
    request_id = approved(office, "deletion", time)
    timed.carry_out(office.house)
    assert len(made) == 1 and office.case(request_id).begun_at is not None
