"""What a hold or a request keeps is in no batch any more, unless its store was given it before."""

from collections.abc import Callable

import pytest

from consent.errors import Conflict
from consent.gateways.stores.base import Awaited, StoreFailed
from consent.house import House
from consent.retention import holds
from consent.retention.disposing import Run
from tests.retention.shelf import Shelf
from tests.retention.support import OLD, ONTARIO, Shelves, confirmed, disposed
from tests.support.organizations import consent_to
from tests.support.systems import Json
from tests.support.time import Time
from tests.support.valley import Tenant

BY_HAND = Awaited("", by_hand=True)


def pair(shelves: Shelves, person: str = "tenant-7") -> tuple[Json, Json]:
    """Two records that are due."""
    said = {"category": "identifiers", "jurisdiction": ONTARIO, "store": "shelf"}
    made = shelves.register(**said, person=person), shelves.register(**said)
    for whose in {person, "tenant-7"}:
        shelves.happened("account-ended", OLD, person=whose)
    return made


def test_a_hold_reaches_what_waits_for_a_person_and_the_word_of_that_person_ends_the_rest_alone(
    house: House, valet: Tenant, shelves: Shelves, shelf: Shelf, run: Callable[[], Run]
) -> None:
    kept, gone = pair(shelves)
    shelf.first = [BY_HAND]
    assert run().by_hand == 1
    held = shelves.hold(record=kept["id"]).get_json()
    assert (held["records"], held["already_left"]) == (1, 0)
    assert (shelves.read(kept)["state"], shelves.read(kept)["dispose_on"]) == ("running", "2027-06-30")
    assert confirmed(house, valet)
    assert shelves.left() == [kept["reference"]]
    (told,) = disposed(house, valet)
    assert told["count"] == 1
    assert shelves.systems.post(f"holds/{held['id']}/release", {"reason": "It is over."}).status_code == 200
    assert run().disposed == 1
    assert shelf.references() == [kept["reference"]]
    assert gone["reference"] not in shelf.references()


def test_what_a_hold_keeps_and_nobody_has_taken_out_yet_cannot_be_said_to_be_gone(
    house: House, valet: Tenant, shelves: Shelves, shelf: Shelf, run: Callable[[], Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    pair(shelves)
    shelf.first = [BY_HAND]
    assert run().by_hand == 1
    monkeypatch.setattr(holds, "SEEN", 1)  # the other one is left to the job
    held = shelves.hold(person="tenant-7").get_json()
    with pytest.raises(Conflict, match="Ana holds some of these records"):
        confirmed(house, valet)
    assert len(shelves.left()) == 2 and disposed(house, valet) == []
    assert shelves.systems.post(f"holds/{held['id']}/release", {"reason": "It is over."}).status_code == 200
    assert confirmed(house, valet)


def test_a_hold_reaches_what_waits_for_its_store_and_the_next_try_leaves_it_out(
    shelves: Shelves, shelf: Shelf, run: Callable[[], Run], time: Time
) -> None:
    kept, gone = pair(shelves)
    shelf.first = [StoreFailed("away"), StoreFailed("away")]
    assert run().waiting == 1
    assert shelves.hold(record=kept["id"]).get_json()["already_left"] == 0
    time.go(days=1)
    assert run().waiting == 1
    assert shelves.hold(person="tenant-7").get_json()["records"] == 2
    time.go(days=1)
    assert run().disposed == 0  # all of it stays: there is no batch
    assert [set(references) for _token, references in shelf.asked] == [
        {kept["reference"], gone["reference"]},
        {gone["reference"]},
    ]
    assert [shelves.read(one)["dispose_on"] for one in (kept, gone)] == ["2027-06-30", "2027-06-30"]


def test_what_its_store_has_taken_is_said_to_have_left(
    shelves: Shelves, shelf: Shelf, run: Callable[[], Run], time: Time
) -> None:
    kept, _gone = pair(shelves)
    shelf.first = [Awaited("taken")]
    assert run().waiting == 1
    held = shelves.hold(person="tenant-7").get_json()
    assert (held["records"], held["already_left"]) == (2, 2)
    assert shelves.systems.get(f"holds/{held['id']}").get_json()["already_left"] == 2
    time.go(minutes=20)
    assert run().disposed == 2  # the store says so: the list does not claim that it is still there
    assert [(token, len(references)) for token, references in shelf.asked] == [("", 2), ("taken", 2)]
    assert shelves.systems.get(f"records/{kept['id']}").status_code == 404


def test_a_hold_placed_while_the_store_is_asked_is_in_time_if_the_store_did_not_do_it(
    shelves: Shelves, shelf: Shelf, run: Callable[[], Run], time: Time
) -> None:
    kept, gone = pair(shelves)
    held: list[Json] = []
    shelf.first = [StoreFailed("away")]
    shelf.meanwhile = lambda: held or held.append(shelves.hold(record=kept["id"]).get_json())
    assert run().waiting == 1
    assert held[0]["already_left"] == 1  # at that moment nobody could know
    time.go(days=1)
    assert run().disposed == 1
    assert shelf.references() == [gone["reference"]]
    assert shelves.read(kept)["dispose_on"] == "2027-06-30"


def test_t_33_what_somebody_asks_for_leaves_the_batch_that_waits_for_a_person(
    house: House, valet: Tenant, shelves: Shelves, shelf: Shelf, run: Callable[[], Run], time: Time
) -> None:
    agreed = consent_to("information", "email", "tenant@home.example", person="tenant-8")
    assert shelves.systems.post("consents", agreed).status_code == 201
    kept, _gone = pair(shelves, "tenant-8")
    shelf.first = [BY_HAND]
    assert run().by_hand == 1
    request = {
        "type": "access", "channel": "email", "address": "tenant@home.example", "how": "letter", "place": "US-CA",
        "received_at": "2026-11-21T12:00:00Z", "role": "resident", "entered_by": "Ana",
    }  # fmt: skip
    assert shelves.systems.post("privacy-requests", request).status_code == 201
    run()
    assert confirmed(house, valet)
    assert shelves.left() == [kept["reference"]]


def test_backups_are_counted_from_the_day_on_which_it_went(
    house: House, valet: Tenant, shelves: Shelves, shelf: Shelf, run: Callable[[], Run], time: Time
) -> None:
    shelves.fill(1)
    shelves.fill(1, collected_at="2026-07-20T12:00:00-04:00")
    shelves.fill(1, store="own")
    shelf.first = [BY_HAND]
    run()
    time.go(days=4)  # 25 November
    assert confirmed(house, valet)
    told = {one["store"]: one["backups_gone_by"] for one in disposed(house, valet)}
    assert told == {"own": "2027-02-19", "shelf": "2027-02-23"}  # ninety days from the 21st and the 25th
