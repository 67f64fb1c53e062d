"""What another version would do to the days of records, seen before it is published."""

from dataclasses import replace

from consent import clock
from consent.house import House
from consent.policies.rulebook import compile_rulebook
from consent.retention import planning
from tests.retention.support import Shelves
from tests.support.systems import Systems
from tests.support.valley import Tenant


def test_a_shorter_period_is_seen_in_the_records_before_it_is_published(
    house: House, valley: Tenant, systems: Systems
) -> None:
    shelves, plain = Shelves(systems), {"jurisdiction": None, "role": None, "source": None, "site": None}
    for category in ("message-text-in-out", "message-text-in-out", "invoices"):
        shelves.register(**plain, category=category, collected_at="2026-03-01T12:00:00-08:00")
    today = house.governing.now(valley.id, clock.now()).rulebook
    shorter = [
        replace(
            one,
            commitments=tuple(
                replace(two, decided={**two.decided, "periods": {**two.decided["periods"], **SHORT}})
                if two.id == "VSH-30"
                else two
                for two in one.commitments
            ),
            commitments_sha256=b"another".ljust(32),
        )
        for one in today.versions
    ]
    then = compile_rulebook(today.organization, shorter, today.law, clock.now())
    with house.db.read(valley.id) as tx:
        assert planning.moved(tx, valley.id, today, then) == planning.Moved(3, 2, 0)
        assert planning.moved(tx, valley.id, then, today) == planning.Moved(3, 0, 2)
        assert planning.moved(tx, valley.id, today, today) == planning.Moved(3, 0, 0)


SHORT = {"message-text-in-out": {"for": "P12M", "from": "recorded"}}
