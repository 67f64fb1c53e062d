"""A deletion from its arrival to the certificate: over the pages of staff, and by the jobs that carry it out."""

import re

from flask import Flask

from consent.db import Sql
from consent.house import House
from consent.staff.roles import Role
from consent.timed import requests as timed_requests
from tests.support import staff
from tests.support.at_the_desk import LIST, At
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant


def test_t_15_a_deletion_goes_from_the_letter_to_the_certificate_and_proof_of_consent_stays(
    app: Flask, house: House, valley: Tenant, systems: Systems, twilio: Twilio, time: Time
) -> None:
    systems.consent(occurred_at="2026-11-19T10:15:00-08:00", person="customer-77")
    assert twilio.text("When do you open?").status_code == 200
    assert systems.may()
    clerk = At(app, staff.member(house, valley.id, time.now(), Role.CLERK, "Cleo"))
    officer = At(app, staff.member(house, valley.id, time.now(), Role.OFFICER, "Otto"))
    sent = {"wish": "deletion", "how": "letter", "arrived_on": "2026-11-20", "address": PERSON, "language": "en"}
    answer = clerk.browser.post(f"{LIST}/new", data={"csrf": clerk.who.csrf()} | sent)
    where = answer.headers["Location"]
    clerk.presses(where, "assignment", to="me")
    clerk.presses(where, "verification", methods="in-person")
    clerk.presses(where, "letters/received", language="en", subject="We have it", text="By {{due}}.", told="call",
                  step="send")  # fmt: skip
    page = clerk.reads(where)
    assert "To be kept" in page and "VSH-59" in page and "November 20, 2031" in page
    clerk.presses(where, "usual-decision")
    assert "waits for an officer" in clerk.reads(where)
    officer.presses(where, "approval")
    for _ in range(3):
        timed_requests.carry_out(house)
    page = officer.reads(where)
    assert "What each system did" in page
    certificate = re.search(r'href="(/valley-smart-homes/requests/certificates/[^"]+)"', page)
    assert certificate is not None
    told = app.test_client().get(certificate[1]).get_data(as_text=True)
    assert "Deleted" in told and "Kept" in told
    assert not systems.may()  # the records prove, and serve nothing else
    history = systems.history()
    assert "When do you open?" not in str(history)
    assert {"consent.given", "consent.withdrawn"} <= {one["type"] for one in history}
    with house.db.read(valley.id) as tx:
        held = tx.one(Sql("SELECT count(*) FROM contact_point WHERE organization_id = :org"), {"org": valley.id})
        names = tx.one(Sql("SELECT count(*) FROM person WHERE organization_id = :org"), {"org": valley.id})
    assert (held, names) == ((1,), (0,))
    assert PERSON not in page + told
    assert "Nobody has told them yet" in page and "Nothing: it is done" not in page
    task = re.search(rf'action="{where}/(tasks/[^"]+/confirmation)"', page)
    assert task is not None
    officer.presses(where, task[1], words="Read it to them on the telephone.", count="1")
    page = officer.reads(where)
    assert 'class="state off">Done' in page and "Read it to them on the telephone." in page
