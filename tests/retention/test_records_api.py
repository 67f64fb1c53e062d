"""Records at the door: when each goes and why, the clocks of New York City, and what is refused."""

import json
from datetime import datetime

import pytest

from consent import clock
from consent.house import House
from consent.ledger import jobs as ledger_jobs
from consent.retention import clocks, following, jobs
from tests.retention.shelf import Shelf
from tests.retention.support import ONTARIO, Shelves, events
from tests.support.organizations import consent_to
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant, make_key


def test_t_30_1v_27_authentication_data_goes_90_days_after_its_own_collection_whatever_the_tenancy(
    shelves: Shelves,
) -> None:
    """Collected on 1 September 2026: the ninetieth day is 30 November; it is disposed of the day before."""
    one = shelves.register()
    assert (one["state"], one["due_on"], one["dispose_on"], one["method"]) == (
        "running", "2026-11-30", "2026-11-29", "deleted",
    )  # fmt: skip
    assert one["because"] == ["1V-27", "NYC-TDPA-AUTH"]
    assert one["policy_version"] == "privacy-policy/2022-06-29"
    assert shelves.happened("vacated", "2026-10-01T12:00:00-04:00", site="building-1") == []
    assert shelves.read(one)["due_on"] == "2026-11-30"


def test_t_30_1v_28_reference_data_has_no_clock_until_the_tenant_moves_out_or_withdraws(shelves: Shelves) -> None:
    old = shelves.reference_data(collected_at="2024-01-15T12:00:00-05:00")
    assert (old["state"], old["dispose_on"]) == ("waiting", None)
    (moved,) = shelves.happened("vacated", "2026-11-01T12:00:00-04:00", site="building-1")
    assert (moved["id"], moved["due_on"], moved["because"][0]) == (old["id"], "2027-01-30", "1V-28")
    (earlier,) = shelves.happened("withdrawn", "2026-10-20T12:00:00-04:00")
    assert earlier["due_on"] == "2027-01-18"
    assert shelves.happened("withdrawn", "2026-10-20T12:00:00-04:00") == []  # told twice
    shelves.happened("consent-given", "2026-11-10T12:00:00-05:00")
    after = shelves.read(old)  # a new consent stops the promise's clock; the law's runs on from moving out
    assert (after["due_on"], "1V-28" in after["because"]) == ("2027-01-30", False)


def test_t_31_moving_out_is_an_event_of_one_building_and_begins_on_the_day_it_happens(shelves: Shelves) -> None:
    here, there = shelves.reference_data(), shelves.reference_data(site="building-2", jurisdiction=ONTARIO)
    absence = {"event": "holidays", "happened_at": "2026-08-01T12:00:00-04:00", "person": "tenant-7"}
    refused = shelves.systems.post("records/events", absence)
    assert (refused.status_code, refused.get_json()["field"]) == (422, "event")
    # Notice is given now for moving out in August: the clock starts in August.
    (moved,) = shelves.happened("vacated", "2027-08-15T12:00:00-04:00", site="building-1")
    assert (moved["id"], moved["due_on"]) == (here["id"], "2027-11-13")
    assert shelves.read(there)["dispose_on"] is None
    later = shelves.reference_data()  # what is registered after the event counts from it as well
    assert later["due_on"] == "2027-11-13"
    # The building's place binds, not where its tenant comes from.
    assert "1V-28" not in shelves.read(there)["because"]


def test_an_event_reaches_one_record_where_it_is_told_of_one(shelves: Shelves) -> None:
    one, other = shelves.reference_data(person=None), shelves.reference_data(person=None)
    told = {"event": "vacated", "happened_at": "2026-11-01T12:00:00-04:00"}
    assert shelves.systems.post(f"records/{one['id']}/events", told).get_json()["due_on"] == "2027-01-30"
    assert shelves.read(other)["dispose_on"] is None


def test_a_record_says_the_arithmetic_and_every_reason(shelves: Shelves) -> None:
    shown = shelves.read(shelves.register(category="commercial", jurisdiction=ONTARIO))
    assert shown["due_on"] == "2033-09-01"
    assert [one["commitment"] for one in shown["reasons"]] == ["1V-25"]
    assert any("2033" in step for step in shown["steps"])
    assert (shown["backups_gone_by"], shown["person"]) == ("2033-11-30", "tenant-7")


def test_what_cannot_be_a_record_is_refused_with_the_field_and_nothing_is_written(shelves: Shelves) -> None:
    cases: dict[str, dict[str, object]] = {
        "category": {"category": "horoscopes"},
        "store": {"store": "nowhere"},
        "collected_at": {"collected_at": "2027-09-01T12:00:00-04:00"},
        "reference": {"reference": "ana@mail.example"},
    }
    for field, change in cases.items():
        assert shelves.refused(**change)["field"] == field, field
    assert shelves.refused(reference="+1 509 555 0142")["field"] == "reference"
    for field in ("category", "collected_at", "purpose", "store", "reference"):
        assert shelves.refused(**{field: None})["field"] == field, field
    assert shelves.systems.get("records").get_json() == {"records": []}
    stranger = "0199f3a2-7c1e-7d3a-9b1f-3c5d7e9f1a2b"
    assert shelves.systems.get(f"records/{stranger}").status_code == 404
    told = {"event": "vacated", "happened_at": "2026-11-01T12:00:00-04:00"}
    assert shelves.systems.post(f"records/{stranger}/events", told).status_code == 404
    assert shelves.systems.post("records/events", told | {"person": "nobody"}).status_code == 404


def test_a_class_that_the_store_does_not_have_is_refused_with_those_it_has(shelves: Shelves, shelf: Shelf) -> None:
    problem = shelves.refused(store="shelf", category="reference-data")
    assert problem["field"] == "category" and "authentication-data, identifiers" in problem["detail"]
    assert shelves.register(store="shelf", category="identifiers")["store"] == "shelf"


def test_another_organization_finds_nothing_of_it(shelves: Shelves, systems: Systems) -> None:
    one = shelves.register()
    assert systems.get(f"records/{one['id']}").status_code == 404
    assert systems.get("records").get_json() == {"records": []}


def test_the_same_record_told_again_is_the_same_one(shelves: Shelves) -> None:
    said = shelves.said(reference="key-1")
    first = shelves.systems.post("records", said)
    again = shelves.systems.post("records", said | {"purpose": "another"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json()["id"] == first.get_json()["id"]


def test_a_batch_is_registered_as_a_whole_or_not_at_all(shelves: Shelves) -> None:
    good = [shelves.said(), shelves.said(reference="twin"), shelves.said(reference="twin")]
    bad = shelves.systems.post("records/batch", {"records": [*good, shelves.said(category="horoscopes")]})
    assert (bad.status_code, bad.get_json()["errors"][0]["field"]) == (422, "records.3.category")
    assert shelves.systems.get("records").get_json() == {"records": []}
    made = shelves.systems.post("records/batch", {"records": good}, Idempotency_Key="b-1").get_json()["records"]
    assert [one["new"] for one in made] == [True, True, True]
    assert made[1]["id"] == made[2]["id"]
    again = shelves.systems.post("records/batch", {"records": good}).get_json()["records"]
    assert [(one["id"], one["new"]) for one in again] == [(one["id"], False) for one in made]


def test_a_bad_line_harms_no_other(shelves: Shelves) -> None:
    lines = [json.dumps(shelves.said()), "{", "", json.dumps(shelves.said(category=None)), json.dumps(shelves.said())]
    answer = shelves.systems.client.post(
        "/api/v1/records/batch",
        data="\n".join(lines),
        headers=shelves.systems.headers | {"Content-Type": "application/x-ndjson"},
    )
    said = [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]
    assert [one.get("new", one.get("line")) for one in said] == [True, 2, 4, True]
    assert said[2]["field"] == "category"


def test_lists_page_by_cursor_and_what_is_due_comes_first_due_first(shelves: Shelves) -> None:
    days = ("2026-09-03", "2026-09-01", "2026-09-02")
    made = {day: shelves.register(collected_at=f"{day}T12:00:00-04:00")["id"] for day in days}
    seen, path = [], "records?limit=2"
    while path:
        page = shelves.systems.get(path).get_json()
        seen += [one["id"] for one in page["records"]]
        path = f"records?limit=2&cursor={page['next']}" if "next" in page else ""
    assert seen == [made[day] for day in days]
    due = shelves.systems.get("retention/due?until=2026-11-30&limit=1").get_json()
    assert [one["id"] for one in due["records"]] == [made["2026-09-01"]]
    then = shelves.systems.get(f"retention/due?until=2026-11-30&cursor={due['next']}").get_json()
    assert [one["dispose_on"] for one in then["records"]] == ["2026-11-30"]
    assert shelves.systems.get("retention/due").get_json() == {"records": []}  # nothing by today


def test_a_key_without_the_scope_stays_outside(house: House, valet: Tenant, shelves: Shelves, now: datetime) -> None:
    reader = Systems(shelves.systems.client, valet, make_key(house, valet.id, now, "records:read"))
    assert reader.post("records", shelves.said()).status_code == 403
    assert reader.post("holds", {}).status_code == 403


def test_t_30_1v_28_1v_30_a_consent_withdrawn_here_starts_the_clock_by_itself(
    house: House, valet: Tenant, shelves: Shelves
) -> None:
    said = {"channel": "push", "address": "device-1", "person": "tenant-7", "granted_by": "person"}
    template = shelves.reference_data()
    agreed = consent_to("facial-entry", **said, occurred_at="2026-11-01T12:00:00Z")
    for state in (agreed, agreed | {"state": "withdrawn", "occurred_at": "2026-11-10T12:00:00Z"}):
        answer = shelves.systems.post("consents", state)
        assert answer.status_code == 201, answer.get_json()
    assert shelves.read(template)["state"] == "waiting"
    assert (followed(house, valet), shelves.read(template)["due_on"]) == (1, "2027-02-08")
    assert followed(house, valet) == 0


def test_1v_30_a_withdrawal_that_was_begun_before_another_and_committed_after_it_starts_its_clock(
    house: House, valet: Tenant, shelves: Shelves, time: Time
) -> None:
    first, late = shelves.reference_data(person="tenant-1"), shelves.reference_data(person="tenant-2")
    for number, back in ((1, 0), (2, 5)):  # the second is five minutes older by its id
        time.go(minutes=-back)
        said = {"channel": "push", "address": f"device-{number}", "person": f"tenant-{number}"}
        for state in ("given", "withdrawn"):
            told = consent_to("facial-entry", **said, granted_by="person", occurred_at="2026-11-10T12:00:00Z")
            assert shelves.systems.post("consents", told | {"state": state}).status_code == 201
        time.go(minutes=back)
        assert followed(house, valet) == 1
    assert [shelves.read(one)["due_on"] for one in (first, late)] == ["2027-02-08", "2027-02-08"]


def test_an_event_of_somebody_of_whom_much_is_held_reaches_all_of_it_some_at_a_time(
    house: House, valet: Tenant, shelves: Shelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocks, "AT_ONCE", 2)
    made = [shelves.reference_data() for _ in range(5)]
    told = ("vacated", "2026-11-01T12:00:00-04:00")
    assert len(shelves.happened(*told)) == 2
    assert shelves.happened(*told) == []  # the rest follows by itself, whether it is told again or not
    assert [shelves.read(one)["state"] for one in made].count("waiting") == 3
    for _ in range(2):
        jobs.look_again(house.db, house.keyring, house.governing, valet.id, clock.now())
    assert {shelves.read(one)["due_on"] for one in made} == {"2027-01-30"}
    started = [one["data"]["records"] for one in events(house, valet) if one["type"] == "record.clock_started"]
    assert sorted(started) == [1, 2, 2]


def followed(house: House, tenant: Tenant) -> int:
    """How many records moved once what was committed is sealed."""
    ledger_jobs.seal_organization(house.db, house.keyring, tenant.id, clock.now())
    return following.follow_consents(house.db, house.keyring, house.governing, tenant.id, clock.now())
