"""A limit that was missed is an incident: its file opens by itself, counts, and closes once nothing is left."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from consent import clock
from consent.db import Sql
from consent.errors import Conflict
from consent.house import House
from consent.ids import new_id
from consent.incidents import missed, queries, rules, service
from consent.incidents.queries import Incident
from consent.retention.models import RetentionMiss
from tests.support.time import Time
from tests.support.valley import Tenant

PROMISE, OTHER = "VSH-30", "VSH-31"
GONE = Sql('UPDATE retention_miss SET "left" = 0, closed_at = :now WHERE organization_id = :organization_id')
AGAIN = Sql('UPDATE retention_miss SET "left" = 1, closed_at = NULL WHERE organization_id = :organization_id')


@pytest.fixture
def desk(house: House, valley: Tenant, time: Time) -> Iterator[service.Desk]:
    """Where incidents of Valley are worked on."""
    yield service.Desk(house.keyring, house.governing.now(valley.id, clock.now()), "api", "api")


def miss(house: House, valley: Tenant, days: int, category: str = "call-detail", **said: Any) -> UUID:
    """A limit that passed so many days ago; the id of its entry."""
    entry = new_id(clock.now())
    row: dict[str, Any] = {"store": "own", "category": category, "due_on": date(2026, 11, 20) - timedelta(days=days),
                           "because": PROMISE, "count": 3, "left": 2, "found_at": clock.now()} | said  # fmt: skip
    house.db.write(
        lambda tx: tx.session.add(
            RetentionMiss(organization_id=valley.id, id=new_id(clock.now()), entry_id=entry, **row)
        ),
        valley.id,
    )
    return entry


def run(house: House, valley: Tenant) -> int:
    """The job, once."""
    return missed.open_files(house.db, house.keyring, house.governing, valley.id, clock.now())


def files(house: House, valley: Tenant, state: str = "open") -> list[Incident]:
    """Every file in that state, the newest first."""
    with house.db.read(valley.id) as tx:
        return queries.page(tx, house.keyring, valley.id, state, queries.NEWEST, 100)[0]


def duties(house: House, desk: service.Desk, one: Incident) -> tuple[rules.Duty, ...]:
    """What is to be done about it."""
    with house.db.read(desk.organization_id) as tx:
        return queries.duties(tx, desk.in_force.rulebook, desk.organization_id, one)


def test_a_backlog_makes_one_file_for_each_class_that_names_every_entry_and_what_comes_later_joins_it(
    house: House, valley: Tenant, desk: service.Desk
) -> None:
    assert run(house, valley) == 0
    entries = {str(miss(house, valley, days)) for days in range(missed.AT_ONCE + 30)}
    entries.add(str(miss(house, valley, 7, category="billing-identity", because=f"{PROMISE} {OTHER}")))
    miss(house, valley, 9, category="closed", left=0, closed_at=clock.now())
    assert (run(house, valley), run(house, valley)) == (2, 0)
    entries.add(str(miss(house, valley, 500)))
    assert run(house, valley) == 0
    found = files(house, valley)
    assert sorted(one.words.title.partition(": ")[2] for one in found) == [
        "Call details",
        "Identity and addresses for billing",
    ]
    assert {one.kind for one in found} == {"kept-late"}
    with house.db.read(valley.id) as tx:
        told = [leaf.data for one in found for leaf in queries.history(tx, valley.id, one.id)]
    said = [entry for one in told for entry in one.get("missed", [])]
    assert (set(said), len(said)) == (entries, len(entries))
    assert sum(one.get("records", 0) for one in told) == 2 * len(entries)
    assert all(set(one["rests_on"]) <= {PROMISE, OTHER} for one in told if "missed" in one)
    (billing,) = (one for one in found if one.words.title.endswith("for billing"))
    assert "2 of 3 records" in billing.words.what and PROMISE in billing.words.what
    owed = duties(house, desk, billing)
    assert [(one.key, one.due) for one in owed] == [(f"{PROMISE}:gone", date(2026, 11, 13)), (f"{OTHER}:gone",
                                                    date(2026, 11, 13))]  # fmt: skip
    assert [reason.commitment for reason in owed[0].reasons] == [PROMISE]


def test_it_is_done_once_the_records_are_gone_closes_with_what_was_done_and_opens_anew_when_missed_again(
    house: House, valley: Tenant, desk: service.Desk, time: Time
) -> None:
    miss(house, valley, 3)
    run(house, valley)
    (one,) = files(house, valley)

    def close(report: str) -> None:
        house.db.write(lambda tx: service.close(tx, desk, one.id, report, clock.now()), valley.id)

    def tick() -> None:
        house.db.write(
            lambda tx: service.do_duty(tx, desk, one.id, f"{PROMISE}:gone", "Deleted.", clock.now()), valley.id
        )

    (owed,) = duties(house, desk, one)
    assert owed.waits and owed.done_at is None
    with pytest.raises(Conflict, match="once the records are gone"):
        tick()  # nobody's word is enough while they are there
    with pytest.raises(Conflict, match="still to be done"):
        close("The store was away.")
    house.db.write(lambda tx: tx.run(GONE, {"organization_id": valley.id, "now": clock.now()}), valley.id)
    assert duties(house, desk, one)[0].done_at is not None
    with pytest.raises(Conflict, match="closing report"):
        close(" ")
    close("The store was away; its disk is larger now.")
    assert (run(house, valley), len(files(house, valley))) == (0, 0)
    house.db.write(lambda tx: tx.run(AGAIN, {"organization_id": valley.id}), valley.id)
    assert (run(house, valley), len(files(house, valley)), len(files(house, valley, "closed"))) == (1, 1, 1)
