"""Two persons: whoever proposes does not decide, and what was declined, waited too long or is foreign is not given."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from consent.errors import Conflict, Forbidden, NotFound
from consent.house import House
from consent.ledger import service as ledger
from consent.staff import approvals
from consent.staff.doors import Member
from consent.staff.roles import Role
from tests.support import staff
from tests.support.staff import Seated
from tests.support.time import Time
from tests.support.valley import Tenant

WHAT = "privacy_request.erase"


def as_member(who: Seated) -> Member:
    return Member(who.organization_id, who.id, who.name, who.role, "en")


def propose(house: House, who: Seated, subject: UUID, now: datetime, **facts: str) -> UUID:
    return house.db.write(
        lambda tx: approvals.propose(tx, who.id, who.organization_id, WHAT, subject, facts, now), who.organization_id
    )


def decide(house: House, who: Seated, approval: UUID, now: datetime, *, allow: bool = True) -> None:
    house.db.write(
        lambda tx: approvals.decide(tx, house.keyring, as_member(who), approval, allow=allow, now=now),
        who.organization_id,
    )


def is_given(house: House, who: Seated, subject: UUID) -> bool:
    with house.db.read(who.organization_id) as tx:
        return approvals.given(tx, who.organization_id, WHAT, subject) is not None


def test_only_a_second_person_in_charge_gives_what_was_proposed(house: House, valley: Tenant, time: Time) -> None:
    clerk = staff.member(house, valley.id, time.now(), Role.CLERK)
    officer, other = (staff.member(house, valley.id, time.now(), Role.OFFICER) for _ in range(2))
    subject = uuid4()
    mine = propose(house, officer, subject, time.now(), streams="3")
    for who in (officer, clerk):
        with pytest.raises(Forbidden):
            decide(house, who, mine, time.now())
    assert not is_given(house, clerk, subject)
    assert propose(house, officer, subject, time.now(), streams="3") == mine  # asked twice is asked once
    with pytest.raises(Conflict):
        propose(house, clerk, subject, time.now(), streams="4")
    decide(house, other, mine, time.now())
    assert is_given(house, clerk, subject)
    assert not is_given(house, clerk, uuid4())
    with pytest.raises(Conflict):
        decide(house, other, mine, time.now(), allow=False)
    with house.db.read(valley.id) as tx:
        told = ledger.bodies_of(tx, valley.id, valley.id)[-1]
    assert b'"type":"approval.given"' in told
    assert str(officer.id).encode() in told
    assert officer.name.encode() not in told


def test_what_was_declined_or_waited_too_long_is_not_given(house: House, valley: Tenant, time: Time) -> None:
    clerk, officer = (staff.member(house, valley.id, time.now(), role) for role in (Role.CLERK, Role.OFFICER))
    declined, late, unused = uuid4(), uuid4(), uuid4()
    decide(house, officer, propose(house, clerk, declined, time.now()), time.now(), allow=False)
    assert not is_given(house, clerk, declined)
    waits = propose(house, clerk, late, time.now())
    with pytest.raises(Conflict):
        decide(house, officer, waits, time.now() + approvals.WAITS_FOR + timedelta(seconds=1))
    decide(house, officer, propose(house, clerk, unused, time.now()), time.now())
    time.go(days=8)
    assert not is_given(house, clerk, unused)
    with pytest.raises(NotFound):
        decide(house, officer, uuid4(), time.now())


def test_the_page_shows_who_proposed_what_and_takes_one_answer_with_a_fresh_factor(
    app: Flask, house: House, valley: Tenant, time: Time
) -> None:
    clerk, officer = (staff.member(house, valley.id, time.now(), role) for role in (Role.CLERK, Role.OFFICER))
    subject = uuid4()
    waits = propose(house, clerk, subject, time.now(), note="<script>alert(1)</script>")
    theirs = clerk.client(app)
    page = theirs.get("/staff/approvals").get_data(as_text=True)
    assert "You proposed this" in page
    assert "&lt;script&gt;" in page
    assert theirs.post(f"/staff/approvals/{waits}", data={"csrf": clerk.csrf(), "answer": "allow"}).status_code == 403
    client = officer.client(app)
    assert clerk.name in client.get("/staff/approvals").get_data(as_text=True)
    form = {"csrf": officer.csrf(), "answer": "perhaps"}
    assert client.post(f"/staff/approvals/{waits}", data=form).status_code == 422
    time.go(minutes=6)
    stale = client.post(f"/staff/approvals/{waits}", data=form | {"answer": "allow"})
    assert (stale.status_code, 'action="/staff/again"' in stale.get_data(as_text=True)) == (403, True)
    assert not is_given(house, clerk, subject)
    fresh = staff.member(house, valley.id, time.now(), Role.OFFICER)
    answer = fresh.client(app).post(f"/staff/approvals/{waits}", data={"csrf": fresh.csrf(), "answer": "allow"})
    assert answer.headers["Location"] == "/staff/approvals"
    assert is_given(house, clerk, subject)
