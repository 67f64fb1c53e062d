"""Counting evidence: once for each entry and decision, however often and by however many it is counted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from consent.backup import opt_outs
from consent.db import Database, Tx, giving_way
from consent.house import House
from consent.ledger import jobs as ledger_jobs
from consent.policies.packs import load_versions, packs_root
from consent.review import jobs, queries, rules
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio


def counts(house: House, valley: Any, time: Time) -> dict[str, dict[str, int]]:
    with house.db.read(valley.id) as tx:
        return dict(queries.evidence(tx, valley.id, time.now()))


def seal_and_count(house: House, valley: Any, time: Time) -> int:
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, time.now())
    return jobs.count_evidence(house.db, valley.id, time.now())


def test_entries_and_decisions_are_counted_under_the_commitments_they_rest_on(
    house: House, valley: Any, systems: Systems, twilio: Twilio, time: Time
) -> None:
    seal_and_count(house, valley, time)
    before = counts(house, valley, time)
    systems.consent()
    systems.decide()
    twilio.text("STOP")
    systems.decide()
    time.go(minutes=5)
    assert seal_and_count(house, valley, time) == 4
    after = counts(house, valley, time)
    assert after["VSH-25"]["E-SUPP"] == before.get("VSH-25", {}).get("E-SUPP", 0) + 1
    assert after["VSH-20"]["E-CONSENT"] == before.get("VSH-20", {}).get("E-CONSENT", 0) + 1
    assert after["VSH-17"]["E-SEND"] >= 1


def test_counting_again_adds_nothing(house: House, valley: Any, systems: Systems, time: Time) -> None:
    systems.consent()
    seal_and_count(house, valley, time)
    first = counts(house, valley, time)
    assert jobs.count_evidence(house.db, valley.id, time.now()) == 0
    assert counts(house, valley, time) == first


def test_a_decision_just_made_is_left_for_the_next_time(
    house: House, valley: Any, systems: Systems, time: Time
) -> None:
    seal_and_count(house, valley, time)
    systems.decide()
    assert jobs.count_evidence(house.db, valley.id, time.now()) == 0
    time.go(minutes=5)
    assert jobs.count_evidence(house.db, valley.id, time.now()) == 1


def test_evidence_older_than_thirty_days_is_no_longer_shown(
    house: House, valley: Any, systems: Systems, time: Time
) -> None:
    systems.consent()
    seal_and_count(house, valley, time)
    assert "VSH-20" in counts(house, valley, time)
    time.go(days=31)
    assert "VSH-20" not in counts(house, valley, time)


def test_whoever_counts_gives_way_after_each_few(
    house: House, valley: Any, systems: Systems, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in ("+15095550143", "+15095550144", "+15095550145"):
        systems.consent(address=address)
    stood: list[float] = []
    monkeypatch.setattr(giving_way, "AT_ONCE", 1)
    monkeypatch.setattr(giving_way, "sleep", stood.append)
    time.go(minutes=1)
    assert seal_and_count(house, valley, time) == len(stood) + 1 > 2
    assert min(stood) > 0
    assert seal_and_count(house, valley, time) == 0


def test_no_transaction_stands_open_while_others_have_their_turn(
    house: House, valley: Any, systems: Systems, twilio: Twilio, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in ("+15095550143", "+15095550144", "+15095550145"):
        systems.consent(address=address)
        twilio.text("STOP", address)
    time.go(minutes=1)
    ledger_jobs.seal_organization(house.db, house.keyring, valley.id, time.now())
    stood: list[int] = []
    monkeypatch.setattr(giving_way, "AT_ONCE", 1)
    monkeypatch.setattr(giving_way, "sleep", lambda seconds: stood.append(opened()))
    opened = reads_open(house.db, monkeypatch)
    assert jobs.count_evidence(house.db, valley.id, time.now()) > 2
    counted = len(stood)
    assert opt_outs.keep_up(house.db, house.keyring, valley.id, {}) >= 3
    assert set(stood) == {0} and 2 < counted < len(stood)


def reads_open(db: Database, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many reads of this database are open when it is asked."""
    before, now_open = db.read, [0]

    @contextmanager
    def read(*asked: Any, **more: Any) -> Iterator[Tx]:
        with before(*asked, **more) as tx:
            now_open[0] += 1
            try:
                yield tx
            finally:
                now_open[0] -= 1

    monkeypatch.setattr(db, "read", read)
    return lambda: now_open[0]


def test_what_an_entry_is_asked_for_is_what_its_kin_are_told_by() -> None:
    class Watched(dict[str, Any]):
        def get(self, name: str, default: Any = None) -> Any:
            asked.add(name)
            return super().get(name, default)

    asked: set[str] = set()
    versions = load_versions(packs_root() / "valley-smart-homes")
    for kind in (*rules.SHOWN_BY, *rules.OF_REQUESTS, "policy.published", "notice.shown", "some.other"):
        list(rules.evidence_of_entry(versions, kind, "sms", (), Watched()))
    assert asked == set(rules.READ)
