"""The letter about an incident, who may be told by hand and when, and what of an incident stands readable."""

from uuid import UUID

import pytest
from flask import Flask

from consent.db import Sql
from consent.house import House
from tests.conftest import Prepared
from tests.flows.test_incidents import LETTER, MAILBOX, known, opened, step
from tests.support import staff
from tests.support.organizations import Five
from tests.support.systems import Systems
from tests.support.time import Time

_ENTRIES = Sql("SELECT body FROM ledger_event WHERE organization_id = :o ORDER BY event_id")
_FACTS = Sql("SELECT facts FROM incident WHERE organization_id = :o AND id = :id")


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


def entries(house: House, systems: Systems) -> str:
    """What of the ledger can be read without a key."""
    with house.db.read(systems.tenant.id) as tx:
        return "".join(bytes(row[0]).decode() for row in tx.all(_ENTRIES, {"o": systems.tenant.id}))


def test_a_letter_that_no_mail_can_carry_is_refused_where_it_is_written(
    five: Five, house: House, time: Time, app: Flask
) -> None:
    systems = five["1valet"]
    known(systems, MAILBOX, "information")
    incident = opened(systems)
    step(systems, incident, "people", people=[{"channel": "email", "address": MAILBOX}])
    who = staff.member(house, systems.tenant.id, time.now(), staff.Role.OFFICER)
    page, client, form = f"/staff/incidents/{incident['id']}", who.client(app), {"csrf": who.csrf()}

    wrong = {"subject": ("About\u0085 you", "Dear all"), "letter": ("About you", "Dear\u0007 all")}
    for field, (subject, letter) in wrong.items():
        refused = client.post(f"{page}/facts", data=form | {"subject": subject, "letter": letter})
        assert (refused.status_code, f'href="#{field}"' in refused.text) == (422, True), field
    half = client.post(f"{page}/facts", data=form | {"subject": "", "letter": "Dear all"})
    assert half.status_code == 303  # a draft may begin with either
    assert systems.post(f"incidents/{incident['id']}/telling", {}).status_code == 409
    step(systems, incident, "facts", **LETTER)
    step(systems, incident, "telling")
    for field in ("subject", "letter"):
        emptied = client.post(f"{page}/facts", data=form | LETTER | {field: ""})
        assert (emptied.status_code, f'href="#{field}"' in emptied.text) == (422, True), field
    assert systems.get(f"incidents/{incident['id']}").get_json()["subject"] == LETTER["subject"]


def test_nobody_is_told_by_hand_while_others_come_first_or_once_it_is_closed(
    five: Five, house: House, time: Time, app: Flask
) -> None:
    systems = five["valley-smart-homes"]
    known(systems, MAILBOX, "marketing-email")
    held = opened(systems, confirmed_at="2026-11-20T13:00:00-08:00")
    banned = opened(systems, kind="demand", forbidden=True)
    over = opened(systems, kind="demand")
    who = staff.member(house, systems.tenant.id, time.now(), staff.Role.OFFICER)
    told = {"csrf": who.csrf(), "contact": systems.lookup(MAILBOX, "email"), "how": "phone-call"}
    for incident in (held, banned, over):
        step(systems, incident, "people", people=[{"channel": "email", "address": MAILBOX}])
    step(systems, over, "close", report="Nothing was handed over.")
    for incident, why in ((held, "authorities come first"), (banned, "law forbids"), (over, "is closed")):
        refused = who.client(app).post(f"/staff/incidents/{incident['id']}/told", data=told)
        assert (refused.status_code, why in refused.text) == (409, True), why
        assert systems.get(f"incidents/{incident['id']}").get_json()["people"]["told"] == 0
    assert "incident.notified" not in entries(house, systems)
    step(systems, banned, "facts", ban_lifted_at="2026-11-21T10:00:00-05:00")
    for _ in range(2):  # a second time changes nothing
        assert who.client(app).post(f"/staff/incidents/{banned['id']}/told", data=told).status_code == 303
    assert entries(house, systems).count("incident.notified") == 1


def test_free_words_about_waiting_stand_nowhere_readable_and_come_back_whole(five: Five, house: House) -> None:
    systems = five["smartt"]
    waits = {
        "delay_ground": "criminal-investigation",
        "delay_body": "Constable Sam Poe",
        "delay_review_on": "2026-12-05",
    }
    one = opened(systems, **waits)
    other = opened(systems)
    after = step(systems, other, "facts", **waits)
    assert (after["delay_body"], after["delay_ground"]) == ("Constable Sam Poe", "criminal-investigation")
    refused = systems.post(f"incidents/{other['id']}/facts", {"delay_ground": "Sam Poe asked"})
    assert (refused.status_code, refused.get_json()["field"]) == (422, "delay_ground")
    assert step(systems, other, "facts", title="Stolen")["delay_body"] == "Constable Sam Poe"
    with house.db.read(systems.tenant.id) as tx:
        rows = [tx.one(_FACTS, {"o": systems.tenant.id, "id": UUID(each["id"])}) for each in (one, other)]
    assert "Sam Poe" not in f"{rows}{entries(house, systems)}"
    assert "criminal-investigation" in entries(house, systems)
