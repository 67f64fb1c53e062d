"""Counting evidence: once for each entry and decision, however often and by however many it is counted."""

from typing import Any

from consent.house import House
from consent.ledger import jobs as ledger_jobs
from consent.review import jobs, queries
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
