"""What keeps people from being told, also in the midst of it, and what keeps no incident open."""

from typing import Any
from uuid import UUID

import pytest

from consent import clock
from consent.db import Sql
from consent.house import House
from consent.incidents import jobs
from consent.timed import sending
from tests.conftest import Prepared
from tests.flows.test_incidents import COUNTS, LETTER, MAILBOX, duty, known, opened, step
from tests.support.erasing import erased_of
from tests.support.organizations import Five
from tests.support.systems import Systems
from tests.support.time import Time

KIM = "kim@tenant.example"
WHY = {"law_requires": True, "assessment": "PIPEDA: a real risk of harm."}
GROUND = {"delay_ground": "criminal-investigation", "delay_body": "Police of Burnaby", "delay_review_on": "2026-12-05"}


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


@pytest.fixture
def herald(house: House) -> jobs.Herald:
    """The job that tells people."""
    return jobs.Herald(house.db, house.keyring, house.governing)


def telling(systems: Systems, program: str, **given: Any) -> dict[str, Any]:
    """An incident of two people, of whom nobody has been told yet."""
    for address in (MAILBOX, KIM):
        known(systems, address, program)
    incident = opened(systems, **LETTER, **given)
    step(systems, incident, "people", people=[{"channel": "email", "address": one} for one in (MAILBOX, KIM)])
    return step(systems, incident, "telling")


def set_going(house: House, systems: Systems, incident: dict[str, Any]) -> None:
    """The row says that people are being told."""
    place = {"o": systems.tenant.id, "yes": True, "id": UUID(incident["id"])}
    going = Sql("UPDATE incident SET telling = :yes WHERE organization_id = :o AND id = :id")
    house.db.write(lambda tx: tx.run(going, place), systems.tenant.id)


def test_a_ground_or_a_ban_that_comes_while_people_are_told_stops_it_until_somebody_begins_again(
    five: Five, house: House, herald: jobs.Herald
) -> None:
    without = {"delay_ground": "", "delay_body": "", "delay_review_on": None}
    lifted = {"ban_lifted_at": "2026-11-21T10:00:00-05:00"}
    for slug, program, kind, comes, goes in (
        ("smartt", "newsletter", {"kind": "breach"} | WHY, GROUND, without),
        ("valtt", "newsletter", {"kind": "demand"}, {"forbidden": True}, lifted),
    ):
        systems = five[slug]
        incident = telling(systems, program, **kind)
        held = step(systems, incident, "facts", **comes)
        assert (held["telling"], jobs.tell(herald, systems.tenant.id, clock.now())) == (False, 0), slug
        set_going(house, systems, incident)  # whatever did that, the job asks for itself
        assert jobs.tell(herald, systems.tenant.id, clock.now()) == 0, slug
        step(systems, incident, "facts", **goes)
        step(systems, incident, "telling")
        assert jobs.tell(herald, systems.tenant.id, clock.now()) == 2, slug


def test_whoever_is_erased_while_on_a_list_keeps_no_incident_open(
    five: Five, house: House, herald: jobs.Herald, time: Time
) -> None:
    systems = five["1valet"]
    incident = telling(systems, "information")
    erased_of(house, systems, KIM, time)
    assert jobs.tell(herald, systems.tenant.id, clock.now()) == 1
    sending.post(house)
    jobs.tell(herald, systems.tenant.id, clock.now())
    for one in incident["duties"]:
        step(systems, incident, "duties", duty=one["duty"], how="Kept in folder 7.")
    closed = step(systems, incident, "close", report="Encrypted from now on.")
    assert closed["people"] == COUNTS | {"all": 2, "told": 1, "erased": 1}


def test_t_55_vox_38_the_account_of_a_child_is_shut_in_a_day_and_its_data_gone_in_three(five: Five) -> None:
    systems = five["voxvalley"]
    incident = opened(systems, kind="childs-data", title="Account of a child")
    due = {one["duty"]: one["due"] for one in incident["duties"]}
    assert due == {"VOX-38": "2026-11-23", "VOX-38:suspend-account": "2026-11-21"}
    assert systems.post(f"incidents/{incident['id']}/close", {"report": "Gone."}).status_code == 409
    for key in due:
        step(systems, incident, "duties", duty=key, how="Deletion 7.")
    assert step(systems, incident, "close", report="Gone.")["state"] == "closed"
    assert duty(opened(five["valley-smart-homes"], kind="childs-data"), "VSH-60")["due"] == "2026-11-25"


@pytest.mark.parametrize(("slug", "promise"), [("1valet", "1V-34"), ("valtt", "VAL-21")])
def test_t_90_where_an_age_is_promised_and_no_time_somebody_decides_before_it_closes(
    five: Five, slug: str, promise: str
) -> None:
    systems = five[slug]
    incident = opened(systems, kind="childs-data", title="Account of a child")
    (one,) = incident["duties"]
    assert (one["duty"], one["state"], one["due"]) == (f"{promise}:decide", "to-decide", None)
    assert [(each["commitment"], "No promise sets a time" in each["text"]) for each in one["reasons"]] == [
        (promise, True)
    ]
    early = systems.post(f"incidents/{incident['id']}/close", {"report": "nothing"})
    assert (early.status_code, "still to be done" in early.get_json()["detail"]) == (409, True)
    step(systems, incident, "duties", duty=one["duty"], how="Erased: nobody under that age has an account.")
    closed = step(systems, incident, "close", report="Erased.")
    assert closed["duties"][0]["how"] == "Erased: nobody under that age has an account."
    assert opened(five["smartt"], kind="childs-data")["duties"] == []


def test_an_answer_about_the_law_stands_with_its_own_reasons_in_every_change(five: Five) -> None:
    systems = five["smartt"]
    bare = {"kind": "breach", "title": "Lost laptop", "detected_at": "2026-11-20T12:00:00-05:00", "law_requires": False}
    refused = systems.post("incidents", bare)
    assert (refused.status_code, refused.get_json()["field"]) == (422, "assessment")
    incident = opened(systems, law_requires=True, assessment="A real risk of harm.")
    for given in (
        {"law_requires": False},
        {"law_requires": False, "assessment": "A real risk of harm."},
        {"assessment": ""},
    ):
        refused = systems.post(f"incidents/{incident['id']}/facts", given)
        assert (refused.status_code, refused.get_json()["field"]) == (422, "assessment"), given
    step(systems, incident, "facts", law_requires=False, assessment="The disk was encrypted.")
    step(systems, incident, "facts", law_requires=None)
