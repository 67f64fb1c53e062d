"""The timed jobs of retention: one organization keeps no other waiting, a release no record held."""

from datetime import datetime
from uuid import UUID

import pytest

from consent import clock
from consent.dashboard.figures import jobs as figure_jobs
from consent.db import Database
from consent.house import House
from consent.ids import new_stream_id
from consent.ledger import keys
from consent.organizations import service as organizations
from consent.privacy_requests import escalating
from consent.privacy_requests.answers import jobs as answer_jobs
from consent.retention import holds, looking_again
from consent.timed import requests, retention, upkeep
from tests.conftest import FOUNDED
from tests.retention.support import OLD, ONTARIO, Shelves
from tests.support.valley import Tenant


def without_policy(house: House) -> None:
    """An organization that comes before every other by name, and has no policy yet."""
    identity, origin = new_stream_id(), "consent.example/log/aaa/1"
    keys.create_organization_keys(house.config.data_dir, identity, origin, FOUNDED)
    house.db.write(
        lambda tx: organizations.create_organization(
            tx, house.keyring, slug="aaa", name="Aaa", zone="UTC", origin=origin, now=FOUNDED, id=identity
        ),
        identity,
    )


def test_an_organization_without_a_policy_in_force_keeps_no_other_from_disposing(
    house: House, valet: Tenant, shelves: Shelves
) -> None:
    without_policy(house)
    record = shelves.register(collected_at=OLD)
    for job in (retention.look_again, retention.follow_consents, retention.dispose, retention.notice_missed_limits):
        job(house)
    assert shelves.systems.get(f"records/{record['id']}").status_code == 404


def test_a_fault_with_one_organization_keeps_no_other_from_its_upkeep_and_its_requests(
    house: House, valley: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_policy(house)  # its rules cannot be read, and it comes first
    done = list[str]()
    monkeypatch.setattr(answer_jobs, "mail_certificates", lambda *_given: done.append("certificates"))
    monkeypatch.setattr(escalating, "escalate", lambda *_given: done.append("escalated"))

    def count(_db: Database, organization_id: UUID, _now: datetime) -> None:
        if organization_id != valley.id:
            raise ValueError("a fault")
        done.append("counted")

    monkeypatch.setattr(figure_jobs, "count_figures", count)
    for job in (requests.mail_certificates, requests.escalate_requests, upkeep.count_figures):
        job(house)
    assert done == ["certificates", "escalated", "counted"]


def test_what_a_hold_reached_goes_in_its_time_when_it_is_released_while_it_is_still_being_looked_at(
    house: House, valet: Tenant, shelves: Shelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking_again, "AT_ONCE", 2)
    told = {"category": "identifiers", "jurisdiction": ONTARIO, "person": "tenant-8"}
    records = [shelves.register(**told) for _ in range(7)]
    shelves.happened("account-ended", "2026-11-01T12:00:00-04:00", person="tenant-8")
    held = shelves.hold(person="tenant-8").get_json()
    retention.look_again(house)
    assert {shelves.read(one)["dispose_on"] for one in records} == {"2027-06-30"}
    renewed = {"reason": "The audit goes on.", "until": "2027-07-31"}
    assert shelves.systems.post(f"holds/{held['id']}/renewals", renewed).status_code == 200
    with house.db.read(valet.id) as tx:
        waiting = holds.pending(tx, valet.id)
    assert waiting is not None  # a job has just looked, and is about to go on where the renewal was
    assert shelves.systems.post(f"holds/{held['id']}/release", {"reason": "It is over."}).status_code == 200
    rulebook = house.governing.now(valet.id, clock.now()).rulebook
    house.db.write(lambda tx: holds.apply(tx, valet.id, rulebook, waiting, clock.now()), valet.id)
    retention.look_again(house)
    assert {shelves.read(one)["dispose_on"] for one in records} == {"2027-01-29"}
