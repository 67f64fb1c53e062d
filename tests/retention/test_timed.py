"""The timed jobs of retention: one organization keeps no other waiting, a release no record held."""

import pytest

from consent import clock
from consent.house import House
from consent.ids import new_stream_id
from consent.ledger import keys
from consent.organizations import service as organizations
from consent.retention import holds, looking_again
from consent.timed import retention
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
