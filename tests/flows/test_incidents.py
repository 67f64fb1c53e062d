"""An incident from its first hour to its report: whom to tell by when, who was told, and what stands against it."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from consent import clock
from consent.house import House
from consent.incidents import jobs
from consent.timed import sending
from tests.conftest import Prepared
from tests.support.organizations import Five, consent_to
from tests.support.systems import Systems
from tests.support.time import Time

MAILBOX = "sam@tenant.example"
COUNTS = {"all": 0, "told": 0, "without_mail": 0, "erased": 0, "waiting": 0, "former": 0}
LETTER = {"subject": "About your data", "letter": "Dear resident,\n\na laptop was stolen.\nWe are sorry."}


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


def opened(systems: Systems, **given: Any) -> dict[str, Any]:
    """A new incident, as its door answers."""
    said = {"kind": "breach", "title": "Lost laptop", "detected_at": "2026-11-20T12:00:00-05:00"} | given
    answer = systems.post("incidents", said)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def step(systems: Systems, incident: dict[str, Any], what: str, **given: Any) -> dict[str, Any]:
    """The incident after this call, which must succeed."""
    answer = systems.post(f"incidents/{incident['id']}/{what}", given)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def duty(incident: dict[str, Any], key: str) -> dict[str, Any]:
    """The duty of that name."""
    found: dict[str, Any] = next(one for one in incident["duties"] if one["duty"] == key)
    return found


def test_1v_33_ten_business_days_are_counted_from_the_detection_and_the_arithmetic_is_shown(five: Five) -> None:
    told = duty(opened(five["1valet"], detected_at="2024-06-28T12:00:00-04:00"), "1V-33")
    assert (told["due"], told["state"], told["channels"]) == ("2024-07-12", "due", ["email"])
    assert told["steps"]


def test_t_38_where_nothing_was_promised_no_clock_is_invented(five: Five) -> None:
    for slug in ("valley-smart-homes", "valtt", "voxvalley"):
        found = opened(five[slug], places=[])
        promised = [one["duty"] for one in found["duties"] if one["duty"].startswith(("VSH", "VAL", "VOX"))]
        assert promised == [], slug


def test_smt_31_tells_only_where_a_law_requires_it_and_waits_only_on_the_grounds_that_were_promised(
    five: Five,
) -> None:
    systems = five["smartt"]
    incident = opened(systems)
    assert duty(incident, "SMT-31")["state"] == "assess-first"
    bare = systems.post(f"incidents/{incident['id']}/facts", {"law_requires": True})
    assert (bare.status_code, bare.get_json()["field"]) == (422, "assessment")
    after = step(systems, incident, "facts", law_requires=True, assessment="PIPEDA: a real risk of harm.")
    assert duty(after, "SMT-31")["state"] in ("due", "as-soon-as-possible")
    half = systems.post(f"incidents/{incident['id']}/facts", {"delay_ground": "criminal-investigation"})
    assert (half.status_code, half.get_json()["field"]) == (422, "delay_body")
    waits = {"delay_body": "Police of Burnaby", "delay_review_on": "2026-12-05"}
    other = step(systems, incident, "facts", delay_ground="bad-press", **waits)
    assert duty(other, "SMT-31")["state"] != "delayed"
    assert "no-ground-to-delay" in [one["code"] for one in duty(other, "SMT-31")["reasons"]]
    held = step(systems, incident, "facts", delay_ground="criminal-investigation", **waits)
    assert duty(held, "SMT-31")["state"] == "delayed"


def test_people_are_told_once_whatever_they_refused_and_only_then_it_closes(
    five: Five, house: House, time: Time
) -> None:
    systems, tenant = five["1valet"], five["1valet"].tenant
    for address in (MAILBOX, "kim@tenant.example"):
        known(systems, address, "information", state="withdrawn")
    incident = opened(systems)
    place = f"incidents/{incident['id']}"
    assert systems.post(f"{place}/close", {"report": "Done."}).status_code == 409
    named = [{"channel": "email", "address": one} for one in (MAILBOX, "kim@tenant.example", "nobody@tenant.example")]
    after = step(systems, incident, "people", people=named)
    assert (after["people"], after["unknown"]) == (COUNTS | {"all": 2}, [2])
    assert step(systems, incident, "people", people=named[:2])["people"]["all"] == 2
    early = systems.post(f"{place}/telling", {})
    assert (early.status_code, "letter" in early.get_json()["detail"]) == (409, True)
    step(systems, incident, "facts", **LETTER)
    assert step(systems, incident, "telling")["telling"] is True
    herald = jobs.Herald(house.db, house.keyring, house.governing)
    assert jobs.tell(herald, tenant.id, clock.now()) == 2
    assert jobs.tell(herald, tenant.id, clock.now()) == 0
    early = systems.post(f"{place}/duties", {"duty": "1V-33", "how": "Mailed."})
    assert (early.status_code, "Not told yet: 2." in early.get_json()["detail"]) == (409, True)
    sending.post(house)
    done = duty(systems.get(place).get_json(), "1V-33")
    assert (done["state"], done["by_telling"], done["done_at"][:10]) == ("done", True, "2026-11-21")
    assert jobs.tell(herald, tenant.id, clock.now()) == 0
    still = systems.post(f"{place}/close", {"report": "Encrypted from now on."})
    assert still.status_code == 409
    for one in systems.get(place).get_json()["duties"]:
        if one["state"] not in ("done", "not-required", "not-running", "not-before"):
            step(systems, incident, "duties", duty=one["duty"], how="Mail of the day, kept in folder 7.")
    closed = step(systems, incident, "close", report="Encrypted from now on.")
    by_hand = [one for one in systems.get(place).get_json()["duties"] if not one["by_telling"]]
    written = {one["how"] for one in by_hand if one["state"] == "done"}
    assert written == {"Mail of the day, kept in folder 7."}
    assert (closed["state"], closed["people"]) == ("closed", COUNTS | {"all": 2, "told": 2})
    assert systems.post(f"{place}/facts", {"title": "Again"}).status_code == 409
    assert [one["id"] for one in systems.get("incidents?state=closed").get_json()["incidents"]] == [incident["id"]]


def known(systems: Systems, address: str, program: str, **changes: Any) -> None:
    """Somebody with this mailbox is on record."""
    answer = systems.post("consents", consent_to(program, "email", address, **changes))
    assert answer.status_code == 201, answer.text


def test_cpni_nobody_is_told_before_the_authorities_had_their_seven_business_days(five: Five, time: Time) -> None:
    systems = five["valley-smart-homes"]
    incident = opened(systems, confirmed_at="2026-11-20T13:00:00-08:00")
    assert duty(incident, "US-CPNI-BREACH-HOLD")["state"] == "not-before"
    known(systems, MAILBOX, "marketing-email")
    step(systems, incident, "people", people=[{"channel": "email", "address": MAILBOX}])
    step(systems, incident, "facts", **LETTER)
    unasked = systems.post(f"incidents/{incident['id']}/telling", {})
    assert (unasked.status_code, "authorities come first" in unasked.get_json()["detail"]) == (409, True)
    told = step(systems, incident, "facts", authorities_told_at="2026-11-20T14:00:00-08:00")
    hold = duty(told, "US-CPNI-BREACH-HOLD")
    refused = systems.post(f"incidents/{incident['id']}/telling", {})
    assert (refused.status_code, hold["due"] in refused.get_json()["detail"]) == (409, True)
    time.go(days=(date.fromisoformat(hold["due"]) - date(2026, 11, 21)).days)
    assert systems.post(f"incidents/{incident['id']}/telling", {}).status_code == 409
    time.go(days=1)
    assert step(systems, incident, "telling")["telling"] is True


def test_who_is_no_carrier_is_not_held_to_the_carriers_hold(five: Five) -> None:
    held = {slug for slug in five if "US-CPNI-BREACH-HOLD" in str(opened(five[slug])["duties"])}
    assert held == {"valley-smart-homes", "voxvalley"}


def test_val_15_the_person_is_told_of_a_compelled_disclosure_unless_and_until_the_law_forbids(five: Five) -> None:
    systems = five["valtt"]
    incident = opened(systems, kind="demand", title="Subpoena", disclosed_at="2026-11-18T12:00:00-05:00")
    assert duty(incident, "VAL-15")["due"] == "2026-11-23"
    banned = step(systems, incident, "facts", forbidden=True)
    assert (duty(banned, "VAL-15")["state"], duty(banned, "VAL-15")["due"]) == ("delayed", None)
    lifted = step(systems, incident, "facts", ban_lifted_at="2026-11-21T10:00:00-05:00")
    assert duty(lifted, "VAL-15")["due"] == "2026-11-25"
    assert opened(five["voxvalley"], kind="demand", title="Subpoena")["duties"] == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "flood"}, "kind"),
        ({"title": ""}, "title"),
        ({"detected_at": "2027-01-01T00:00:00Z"}, "detected_at"),
        ({"occurred_at": "2026-11-21T00:00:00Z"}, "occurred_at"),
        ({"places": ["Atlantis"]}, "places"),
        ({"law_requires": "yes"}, "law_requires"),
        ({"delay_body": "FBI"}, "delay_ground"),
        ({"ban_lifted_at": "2026-11-20T00:00:00Z"}, "ban_lifted_at"),
        ({"people": []}, "people"),
    ],
)
def test_bad_facts_are_named_and_nothing_is_opened(systems: Systems, given: dict[str, Any], field: str) -> None:
    said = {"kind": "breach", "title": "Lost laptop", "detected_at": "2026-11-20T12:00:00-05:00"} | given
    answer = systems.post("incidents", said)
    assert (answer.status_code, answer.get_json()["field"]) == (422, field), answer.text
    assert systems.get("incidents").get_json() == {"incidents": []}


def test_a_change_over_somebody_elses_is_refused_and_strangers_find_nothing(five: Five, client: FlaskClient) -> None:
    systems = five["1valet"]
    incident = opened(systems)
    step(systems, incident, "facts", title="Stolen laptop", version=1)
    late = systems.post(f"incidents/{incident['id']}/facts", {"title": "Mine", "version": 1})
    assert late.status_code == 409
    assert systems.get(f"incidents/{incident['id']}").get_json()["title"] == "Stolen laptop"
    assert five["smartt"].get(f"incidents/{incident['id']}").status_code == 404
    assert five["smartt"].post(f"incidents/{incident['id']}/facts", {"title": "Mine"}).status_code == 404
