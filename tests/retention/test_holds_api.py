"""Holds: who may keep what longer, on which ground, until when; what an open request holds and what it does not."""

from consent.db import Sql
from consent.house import House
from tests.retention.support import ONTARIO, Shelves
from tests.support.organizations import consent_to
from tests.support.time import Time
from tests.support.valley import Tenant

KINDS = Sql("SELECT body FROM ledger_event WHERE organization_id = :organization_id")


def said_in_ledger(house: House, tenant: Tenant, word: bytes) -> int:
    with house.db.read(tenant.id) as tx:
        return sum(word in bytes(row[0]) for row in tx.all(KINDS, {"organization_id": tenant.id}))


def test_t_32_1v_29_keyless_entry_data_of_new_york_city_stays_on_three_grounds_alone_30_days_at_a_time(
    house: House, valet: Tenant, shelves: Shelves, time: Time
) -> None:
    one, elsewhere = shelves.register(), shelves.register(category="identifiers", jurisdiction=ONTARIO)
    for ground in ("tax", "accounting", "other-legal"):
        refused = shelves.hold(record=one["id"], ground=ground)
        assert (refused.status_code, refused.get_json()["field"]) == (422, "ground"), ground
        assert refused.get_json()["commitment"] == "1V-27"
    assert said_in_ledger(house, valet, b"retention.hold_refused") == 3  # a person has to decide
    assert shelves.read(one)["due_on"] == "2026-11-30"
    begun = {"since": "2026-11-20T12:00:00-05:00", "until": None}
    held = shelves.hold(record=one["id"], ground="security-incident-detection", kind="incident", **begun)
    assert held.status_code == 201, held.get_json()
    kept = shelves.read(one)
    assert (kept["held_until"], kept["dispose_on"]) == ("2026-12-20", "2026-12-20")
    time.go(days=20)
    path = f"holds/{held.get_json()['id']}"
    assert shelves.systems.post(f"{path}/renewals", {"reason": "Still looking."}).status_code == 200
    assert shelves.read(one)["held_until"] == "2027-01-10"  # thirty days from the eleventh of December
    assert shelves.systems.post(f"{path}/release", {"reason": "Solved."}).status_code == 200
    assert shelves.read(one)["dispose_on"] == "2026-11-29"
    assert shelves.systems.post(f"{path}/release", {"reason": "Solved."}).status_code == 200
    assert said_in_ledger(house, valet, b"retention.hold_released") == 1
    assert shelves.systems.get("holds").get_json() == {"holds": []}
    shelves.happened("account-ended", "2026-11-01T12:00:00-04:00")
    assert shelves.hold(record=elsewhere["id"]).status_code == 201  # where law lets data stay, tax is a ground
    assert shelves.read(elsewhere)["held_until"] == "2027-06-30"


def test_a_hold_on_nothing_on_everything_or_without_ground_is_refused(shelves: Shelves) -> None:
    assert shelves.hold(query={"category": "identifiers"}).status_code == 422
    one = shelves.register(category="identifiers", jurisdiction=ONTARIO)
    stranger = "0199f3a2-7c1e-7d3a-9b1f-3c5d7e9f1a2b"
    cases = (
        ({}, "record"),
        ({"record": one["id"], "person": "tenant-7"}, "record"),
        ({"record": stranger}, "record"),
        ({"person": "nobody"}, "person"),
        ({"query": {}}, "query"),
        ({"query": {"site": "building-9"}}, "query"),
        ({"record": one["id"], "ground": "whim"}, "ground"),
        ({"record": one["id"], "until": "2026-11-20"}, "until"),  # yesterday
        ({"record": one["id"], "since": "2026-12-24T12:00:00Z"}, "since"),
    )
    for said, field in cases:
        answer = shelves.hold(**said)
        assert (answer.status_code, answer.get_json()["field"]) == (422, field), said
    for field in ("reason", "owner", "ground", "kind"):
        assert shelves.hold(record=one["id"], **{field: None}).get_json()["field"] == field
    assert shelves.systems.get("holds?state=all").get_json() == {"holds": []}


def test_a_hold_by_person_or_query_reaches_what_it_names_and_says_what_it_cannot_hold(shelves: Shelves) -> None:
    told = {"category": "identifiers", "jurisdiction": ONTARIO, "person": "tenant-8"}
    mine = shelves.register(**told)
    other = shelves.register(**told | {"person": "tenant-9", "site": "building-2"})
    nyc = shelves.register(person="tenant-8")
    for person in ("tenant-8", "tenant-9"):
        shelves.happened("account-ended", "2026-11-01T12:00:00-04:00", person=person)
    before = shelves.read(other)["dispose_on"]
    held = shelves.hold(person="tenant-8").get_json()
    assert (held["records"], [one["commitment"] for one in held["not_held"]]) == (2, ["1V-27", None])
    assert [shelves.read(one)["held_until"] for one in (mine, other, nyc)] == ["2027-06-30", None, None]
    assert shelves.hold(query={"site": "building-2"}).get_json()["records"] == 1
    assert (before, shelves.read(other)["dispose_on"]) == ("2027-01-29", "2027-06-30")


def test_t_33_1v_48_an_open_request_keeps_what_it_asks_for_but_not_beyond_the_days_of_new_york_city(
    shelves: Shelves, time: Time
) -> None:
    agreed = consent_to("information", "email", "tenant@home.example", person="tenant-7")
    assert shelves.systems.post("consents", agreed).status_code == 201
    nyc, elsewhere = shelves.register(), shelves.register(category="identifiers", jurisdiction=ONTARIO)
    shelves.happened("account-ended", "2026-09-01T12:00:00-04:00")
    assert [shelves.read(one)["due_on"] for one in (nyc, elsewhere)] == ["2026-11-30", "2026-11-30"]
    time.go(days=9)  # 30 November
    request = {
        "type": "access", "channel": "email", "address": "tenant@home.example", "how": "letter",
        "received_at": "2026-11-29T12:00:00Z", "place": "US-CA", "role": "resident", "entered_by": "Ana",
    }  # fmt: skip
    assert shelves.systems.post("privacy-requests", request).status_code == 201
    assert shelves.read(elsewhere)["dispose_on"] == "2026-12-01"  # and tomorrow it is asked again
    due = shelves.read(nyc)
    assert (due["dispose_on"], [one["code"] for one in due["escalate"]]) == (
        "2026-11-29",
        ["request-does-not-hold"] * 2,
    )
