"""What is due goes in batches with receipts: once, and all of it, wherever the work was cut off."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from consent import clock
from consent.db import Sql
from consent.gateways.stores.base import Store
from consent.house import House
from consent.privacy_requests.tasks import accounts
from consent.retention import batches, disposing, jobs, planning
from consent.retention.disposing import Run, Runner
from tests.retention.shelf import Shelf
from tests.retention.support import ONTARIO, Shelves
from tests.support.time import Time
from tests.support.valley import Tenant

RECEIPTS = Sql("SELECT state, count, method, receipt FROM disposal_batch WHERE organization_id = :organization_id")
EVENTS = Sql("SELECT body FROM ledger_event WHERE organization_id = :organization_id ORDER BY log_id, event_id")
MISSES = Sql('SELECT category, count, "left", closed_at FROM retention_miss WHERE organization_id = :organization_id')
OLD = "2026-07-01T12:00:00-04:00"  # ninety days later it is September


@pytest.fixture
def shelf(house: House, valet: Tenant, tmp_path: Path, time: Time) -> Shelf:
    """A store of 1VALET by the name of shelf."""
    instruction = {"en": "Take it out.", "fr": "Sortez-le.", "es": "Saquelo."}
    settings: dict[str, Any] = {"categories": ["authentication-data", "identifiers"], "instruction": instruction}
    house.db.write(
        lambda tx: accounts.add(tx, house.keyring, valet.id, "manual", "shelf", settings, clock.now()), valet.id
    )
    return Shelf(tmp_path / "shelf.log")


@pytest.fixture
def run(house: House, valet: Tenant, shelf: Shelf) -> Callable[[], Run]:
    """One run of the disposal."""
    runner = Runner(house.db, house.keyring, house.governing, opener(shelf), lambda: 0.5, "tests")
    return lambda: disposing.run(runner, valet.id, clock.now)


def opener(shelf: Shelf) -> Callable[[Any, str], Store | None]:
    """Finds that store alone."""
    return lambda _organization, name: shelf if name == "shelf" else None  # type: ignore[return-value]


def rows(house: House, tenant: Tenant, sql: Sql) -> list[Any]:
    with house.db.read(tenant.id) as tx:
        return tx.all(sql, {"organization_id": tenant.id})


def disposed(house: House, tenant: Tenant) -> list[Any]:
    """What the ledger says of disposals."""
    found = [json.loads(bytes(row[0])) for row in rows(house, tenant, EVENTS)]
    return [one["data"] for one in found if one["type"] == "record.disposed"]


def fill(shelves: Shelves, count: int, **said: Any) -> None:
    made = [shelves.said(**{"collected_at": OLD, "store": "shelf", "person": None} | said) for _ in range(count)]
    assert shelves.systems.post("records/batch", {"records": made}).status_code == 200


def test_1v_26_what_is_due_goes_with_a_receipt_and_what_is_not_stays(
    house: House, valet: Tenant, shelves: Shelves, shelf: Shelf, run: Callable[[], Run]
) -> None:
    fill(shelves, 3)
    fill(shelves, 2, store="own")
    young = shelves.register(store="shelf", collected_at="2026-11-01T12:00:00-04:00")
    rulebook = house.governing.now(valet.id, clock.now()).rulebook
    planned = planning.summary(house.db, valet.id, rulebook, clock.now().date())
    assert sorted((line.store, line.method, count) for line, count in planned.items()) == [
        ("own", "deleted", 2), ("shelf", "deleted", 3),
    ]  # fmt: skip
    done = run()
    assert (done.disposed, done.batches, done.waiting) == (5, 1, 0)
    assert sorted(shelf.references()) == ["entry-1", "entry-2", "entry-3"]
    assert [one["id"] for one in shelves.systems.get("records").get_json()["records"]] == [young["id"]]
    told = disposed(house, valet)
    assert sorted((one["store"], one["count"], one["method"]) for one in told) == [
        ("own", 2, "deleted"), ("shelf", 3, "deleted"),
    ]  # fmt: skip
    assert all("1V-27" in one["rests_on"] and one["policy_version"] for one in told)
    assert {row[0] for row in rows(house, valet, RECEIPTS)} == {"done"}
    assert run().disposed == 0


def test_a_hold_placed_after_the_plan_was_made_is_asked_again_before_anything_goes(
    house: House, valet: Tenant, shelves: Shelves, shelf: Shelf, run: Callable[[], Run]
) -> None:
    said = {"category": "identifiers", "jurisdiction": ONTARIO, "store": "shelf"}
    kept, gone = shelves.register(**said), shelves.register(**said)
    shelves.happened("account-ended", OLD)
    assert shelves.hold(record=kept["id"]).status_code == 201
    stale = Sql("UPDATE held_record SET dispose_on = '2026-01-01' WHERE organization_id = :organization_id")
    house.db.write(lambda tx: tx.run(stale, {"organization_id": valet.id}), valet.id)
    assert run().disposed == 1
    assert shelf.references() == [gone["reference"]]
    assert shelves.read(kept)["dispose_on"] == "2027-06-30"


def test_a_store_that_fails_is_asked_again_under_the_same_task_and_a_missed_limit_is_an_incident(
    house: House, valet: Tenant, shelves: Shelves, shelf: Shelf, run: Callable[[], Run], time: Time
) -> None:
    fill(shelves, 2)
    shelf.fails = 1
    assert (run().disposed, shelf.lines()) == (0, [])
    job = lambda: jobs.notice_missed(house.db, house.keyring, house.governing, valet.id, clock.now())  # noqa: E731
    assert (job(), job()) == (1, 0)
    ((category, count, left, closed),) = rows(house, valet, MISSES)
    assert (category, count, left, closed) == ("authentication-data", 2, 2, None)
    assert any(b"retention.missed" in bytes(row[0]) for row in rows(house, valet, EVENTS))
    time.go(days=1)
    assert run().disposed == 2
    assert job() == 0
    assert rows(house, valet, MISSES)[0][2] == 0
    assert rows(house, valet, MISSES)[0][3] is not None


def test_what_only_a_person_can_do_waits_for_their_word(
    house: House, valet: Tenant, shelves: Shelves, shelf: Shelf, run: Callable[[], Run]
) -> None:
    fill(shelves, 2)
    shelf.fails, shelf.for_good = 1, True
    assert run().by_hand == 1
    runner = Runner(house.db, house.keyring, house.governing, opener(shelf), lambda: 0.5, "tests")
    ((batch,),) = rows(house, valet, Sql("SELECT id FROM disposal_batch WHERE organization_id = :organization_id"))
    asked = (runner, valet.id, batches.as_id(batch), "member", 2, clock.now())
    assert (disposing.confirm(*asked), disposing.confirm(*asked)) == (True, False)
    assert shelves.systems.get("records").get_json() == {"records": []}


class Killed(BaseException):
    """The process is gone."""


def test_cut_off_anywhere_nothing_goes_twice_and_nothing_is_left(
    house: House, valet: Tenant, shelves: Shelves, shelf: Shelf, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 3)
    monkeypatch.setattr(batches.gather, "__defaults__", (3,))
    fill(shelves, 10)
    fill(shelves, 4, store="own")
    write = house.db.write
    for cut in range(1, 12):
        writes = iter(range(cut))

        def killed(work: Any, organization: Any = None, writes: Any = writes) -> Any:
            if next(writes, None) is None:
                raise Killed
            return write(work, organization)

        runner = Runner(
            house.db, house.keyring, house.governing, opener(shelf), lambda: 0.5, f"worker-{cut}", timedelta(minutes=2)
        )
        monkeypatch.setattr(house.db, "write", killed)
        with suppress(Killed):
            disposing.run(runner, valet.id, clock.now)
        monkeypatch.setattr(house.db, "write", write)
        time.go(minutes=3)
    disposing.run(runner, valet.id, clock.now)
    assert sorted(shelf.references()) == sorted(f"entry-{number}" for number in range(1, 11))
    assert shelves.systems.get("records").get_json() == {"records": []}
    assert sum(one["count"] for one in disposed(house, valet)) == 14
