"""Entries of one stream are found by its key, however many others the organization has and in whichever log."""

from uuid import uuid4

from consent.evidence.packs import reading
from consent.house import House
from consent.ledger import erasing, service, statements
from consent.preferences import past, queries, rebuild
from tests.support.plans import plan
from tests.support.time import Time
from tests.support.valley import Tenant


def test_no_statement_walks_the_entries_of_others(house: House, valley: Tenant, time: Time) -> None:
    asked = {"organization_id": valley.id, "stream_id": uuid4(), "until": time.now(), "after": 0, "page": 9, "most": 9,
             "before": 99, "seq": 1, "log_id": 2}  # fmt: skip
    for name, sql in (
        ("rebuild", rebuild._BODIES), ("past", past._BODIES), ("history", queries._EVENTS), ("packs", reading._ENTRIES),
        ("again", service._BODIES_OF_STREAM), ("earlier", statements.EARLIER), ("newest", statements.BODIES),
        ("erased", erasing._FORGET_FACTS), ("texts", erasing._FORGET_TEXTS), ("held", erasing._COUNT),
    ):  # fmt: skip
        with house.db.read(valley.id) as tx:
            said = plan(tx, sql, asked)
        found = [line for line in said.splitlines() if "log_id" in line and "stream_id" in line]
        assert found, (name, said)
