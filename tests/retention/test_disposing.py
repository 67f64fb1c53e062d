"""What is due goes in batches with receipts: once, and all of it, wherever the work was cut off."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from consent import clock
from consent.db import Sql
from consent.gateways.stores.base import Awaited, Partly, StoreFailed
from consent.house import House
from consent.retention import disposing, jobs, planning
from consent.retention.disposing import Run, Runner
from tests.retention.shelf import Shelf
from tests.retention.support import OLD, ONTARIO, Shelves, confirmed, disposed, events, rows
from tests.support import traces
from tests.support.time import Time
from tests.support.valley import Tenant

RECEIPTS = Sql("SELECT state, count, method, receipt FROM disposal_batch WHERE organization_id = :organization_id")
MISSES = Sql('SELECT category, count, "left", closed_at FROM retention_miss WHERE organization_id = :organization_id')


def test_1v_26_what_is_due_goes_with_a_receipt_and_what_is_not_stays(
    house: House, valet: Tenant, shelves: Shelves, shelf: Shelf, run: Callable[[], Run]
) -> None:
    shelves.fill(3)
    shelves.fill(2, store="own")
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


def test_t_57_of_what_is_disposed_of_no_key_is_left_not_even_a_hash(
    house: House, valet: Tenant, shelves: Shelves, shelf: Shelf, run: Callable[[], Run]
) -> None:
    account = "account-4711"
    made = shelves.register(store="shelf", reference=account, person=None, collected_at=OLD)
    assert run().disposed == 1
    assert shelf.references() == [account]
    hashes = [hashlib.sha256(f"{one}{end}".encode()) for one in (account, made["id"]) for end in ("", "\n")]
    words = [account, made["id"], *(one.hexdigest() for one in hashes)]
    wanted = traces.sought(house.keyring, valet.id, {}, words)
    wanted.spellings.update({f"hash {place}": one.digest() for place, one in enumerate(hashes)})
    # The file of the database is written over in its time; what any row says is what is asked here.
    assert not [one for one in traces.find(house, valet.id, wanted) if ".sqlite3" not in one]


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
    shelves.fill(2)
    shelf.first = [StoreFailed("away")]
    assert (run().disposed, shelf.lines()) == (0, [])
    job = lambda: jobs.notice_missed(house.db, house.keyring, house.governing, valet.id, clock.now())  # noqa: E731
    assert (job(), job()) == (1, 0)
    ((category, count, left, closed),) = rows(house, valet, MISSES)
    assert (category, count, left, closed) == ("authentication-data", 2, 2, None)
    assert any(one["type"] == "retention.missed" for one in events(house, valet))
    time.go(days=1)
    assert run().disposed == 2
    assert job() == 0
    assert rows(house, valet, MISSES)[0][2] == 0
    assert rows(house, valet, MISSES)[0][3] is not None


def test_what_only_a_person_can_do_waits_for_their_word(
    house: House, valet: Tenant, shelves: Shelves, shelf: Shelf, run: Callable[[], Run], time: Time
) -> None:
    shelves.fill(2)
    shelf.first = [StoreFailed("away"), StoreFailed("away", for_good=True)]
    assert run().waiting == 1
    assert not confirmed(house, valet)  # its store is asked again: nobody can say that they did it
    time.go(days=1)
    assert run().by_hand == 1
    assert (confirmed(house, valet), confirmed(house, valet)) == (True, False)
    assert shelves.systems.get("records").get_json() == {"records": []}


class Killed(BaseException):
    """The process is gone."""


def test_cut_off_anywhere_nothing_goes_twice_and_nothing_is_left(
    house: House,
    valet: Tenant,
    shelves: Shelves,
    shelf: Shelf,
    runner: Runner,
    time: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shelves.fill(10)
    shelves.fill(4, store="own")
    write, everybody = house.db.write, replace(runner, most=3)
    for cut in range(1, 12):
        writes = iter(range(cut))

        def killed(work: Any, organization: Any = None, writes: Any = writes) -> Any:
            if next(writes, None) is None:
                raise Killed
            return write(work, organization)

        one_of_them = replace(everybody, me=f"worker-{cut}")
        monkeypatch.setattr(house.db, "write", killed)
        with suppress(Killed):
            disposing.run(one_of_them, valet.id, clock.now)
        monkeypatch.setattr(house.db, "write", write)
        time.go(minutes=3)
    disposing.run(everybody, valet.id, clock.now)
    assert sorted(shelf.references()) == sorted(f"entry-{number}" for number in range(1, 11))
    assert shelves.systems.get("records").get_json() == {"records": []}
    assert sum(one["count"] for one in disposed(house, valet)) == 14


def test_a_store_that_took_it_or_did_a_part_is_asked_on_with_its_own_word(
    shelves: Shelves, shelf: Shelf, run: Callable[[], Run], time: Time
) -> None:
    shelves.fill(2)
    shelf.first = [Partly("half", 1), Awaited("taken")]
    assert run().disposed == 0
    time.go(minutes=20)
    assert run().disposed == 2
    assert [token for token, _references in shelf.asked] == ["", "half", "taken"]
    assert shelves.left() == []
