"""What a store cannot hold is told by itself, and keeps nothing else from going."""

from collections.abc import Callable

from consent.db import Sql
from consent.gateways.stores.base import StoreFailed
from consent.house import House
from consent.retention.disposing import Run
from tests.retention.shelf import Shelf
from tests.retention.support import Shelves, disposed, rows
from tests.support.valley import Tenant

BATCHES = Sql(
    "SELECT state, count, last_error FROM disposal_batch WHERE organization_id = :organization_id ORDER BY state"
)
GOING = Sql("SELECT reference FROM held_record WHERE organization_id = :organization_id AND state = 'going'")


def test_what_a_store_can_hold_nothing_under_waits_for_a_person_and_the_others_go(
    house: House, valet: Tenant, shelves: Shelves, shelf: Shelf, run: Callable[[], Run]
) -> None:
    shelves.fill(3)
    shelf.first = [StoreFailed("no-such-reference", for_good=True, references=["entry-2"])]
    done = run()
    assert (done.disposed, done.by_hand, done.failed) == (2, 1, ["no-such-reference"])
    assert sorted(shelf.references()) == ["entry-1", "entry-3"]
    assert [tuple(row) for row in rows(house, valet, BATCHES)] == [("by_hand", 1, "no-such-reference"), ("done", 2, "")]
    assert [row[0] for row in rows(house, valet, GOING)] == ["entry-2"]
    assert [(one["count"], one["found"]) for one in disposed(house, valet)] == [(2, 2)]


def test_where_all_of_them_are_strange_the_batch_waits_as_it_is(
    house: House, valet: Tenant, shelves: Shelves, shelf: Shelf, run: Callable[[], Run]
) -> None:
    shelves.fill(2)
    shelf.first = [StoreFailed("no-such-reference", for_good=True, references=["entry-1", "entry-2"])]
    assert (run().disposed, shelf.lines()) == (0, [])
    assert [tuple(row) for row in rows(house, valet, BATCHES)] == [("by_hand", 2, "no-such-reference")]
