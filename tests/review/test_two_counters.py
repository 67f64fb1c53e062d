"""Two processes count the same evidence at the same moment; it is counted once."""

import threading
from contextlib import suppress
from typing import Any

import pytest

from consent.house import House
from consent.ledger import jobs as ledger_jobs
from consent.review import jobs, queries, walking
from tests.support.systems import Systems
from tests.support.time import Time


def test_what_two_workers_count_at_once_counts_once(
    house: House, valley: Any, systems: Systems, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    systems.consent()
    for _ in range(3):
        systems.decide()
    time.go(minutes=5)
    now = time.now()
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, now)
    looked, together = walking._cursor, threading.Barrier(2)

    def both_look(*asked: Any) -> bytes:
        """Neither goes on before the other has looked how far the counting has come."""
        seen = looked(*asked)
        with suppress(threading.BrokenBarrierError):
            together.wait(0.5)
        return seen

    monkeypatch.setattr(walking, "_cursor", both_look)
    workers = [threading.Thread(target=jobs.count_evidence, args=(house.db, valley.id, now)) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(30)
    with house.db.read(valley.id) as tx:
        found = queries.evidence(tx, valley.id, now)
    assert found["VSH-17"]["E-SEND"] == 3
    assert found["VSH-20"]["E-CONSENT"] == 1
