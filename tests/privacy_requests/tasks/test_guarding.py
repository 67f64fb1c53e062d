"""S39: no more histories are erased than two persons looked at, counted again when it is about to happen."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from consent.db import Tx
from consent.errors import ConsentError
from consent.house import House
from consent.policies.organization import parse_organization
from consent.policies.staff_settings import undo_for
from consent.privacy_requests import casework, steps
from consent.privacy_requests.casework import Hand, Outcome
from consent.privacy_requests.tasks import carrying, guarding, people
from consent.retention import on_requests
from consent.staff import accounts, approvals, sign_ins
from consent.staff.doors import Member
from consent.staff.roles import Role
from consent.staff.sign_ins import Ticket
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from tests.casework.conftest import CLERK, OFFICER, Office
from tests.support import staff
from tests.support.staff import Seated
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PACK, PERSON, PUBLIC_URL, Tenant, found_tenant

ALONE = '\n[staff]\ntwo_person = "delay"\nreason = "One person runs this company."\n'


def reached_elsewhere(office: Office, time: Time, *channels: str) -> None:
    """The same number is on record on other channels as well: histories of their own."""

    def work(tx: Tx) -> None:
        for one in channels:
            tagged = subjects.tagged(office.house.keyring, office.tenant.id, of_person(one, PERSON))
            subjects.contact(tx, office.house.keyring, office.tenant.id, tagged, time.now())

    office.house.db.write(work, office.tenant.id)


def decided(office: Office, by: Hand, time: Time) -> UUID:
    """A deletion that somebody decided."""
    now = time.now()
    request_id = office.open("deletion", now, PERSON, verified_at=now)
    office.do(casework.decide, request_id, by, now, [Outcome("mobile-number", "do")])
    return request_id


def go_on(office: Office, time: Time) -> None:
    house = office.house
    carrier = carrying.Carrier(house.db, house.keyring, house.governing, PUBLIC_URL, on_requests.held)
    carrying.go_on(carrier, office.tenant.id, time.now())


def waiting(office: Office, time: Time) -> list[approvals.Approval]:
    with office.house.db.read(office.tenant.id) as tx:
        return approvals.waiting(tx, office.tenant.id, time.now())


def answer(office: Office, who: Seated, time: Time, *, allow: bool) -> None:
    (one,) = waiting(office, time)
    me = Member(who.organization_id, who.id, who.name, who.role, "en")
    office.house.db.write(
        lambda tx: approvals.decide(tx, office.house.keyring, me, one.id, allow=allow, now=time.now()),
        office.tenant.id,
    )


def test_more_histories_than_were_approved_wait_for_a_second_person_who_allows_or_declines(
    house: House, valley: Tenant, time: Time
) -> None:
    office = Office(house, valley)
    second = staff.member(house, valley.id, time.now(), Role.OFFICER)
    request_id = decided(office, CLERK, time)
    office.do(casework.approve, request_id, OFFICER, time.now(), streams=1)
    reached_elsewhere(office, time, "voice")
    for _again in range(2):
        go_on(office, time)
        (one,) = waiting(office, time)
        assert (one.what, one.subject, one.facts["histories"]) == (casework.deciding.ERASE, request_id, "2")
        assert one.proposed_by == OFFICER.member_id and office.case(request_id).begun_at is None
    answer(office, second, time, allow=False)
    go_on(office, time)
    case = office.case(request_id)
    assert (case.state, case.approved_at) == ("in_progress", None)
    office.do(casework.decide, request_id, CLERK, time.now(), [Outcome("mobile-number", "do")])
    time.go(seconds=1)
    office.do(casework.approve, request_id, OFFICER, time.now(), streams=1)
    go_on(office, time)
    answer(office, second, time, allow=True)
    time.go(seconds=1)
    go_on(office, time)
    assert office.case(request_id).begun_at is not None
    with house.db.read(valley.id) as tx:
        kinds = [one.kind for one in steps.timeline(tx, valley.id, request_id)]
    assert kinds.count("second_person") == 2 and kinds[-1] == "begun"


def test_what_two_persons_saw_begins_at_once_and_what_came_since_is_looked_at_before_the_key_goes(
    house: House, valley: Tenant, systems: Systems, time: Time
) -> None:
    office = Office(house, valley)
    request_id = decided(office, CLERK, time)
    reached_elsewhere(office, time, "voice")
    with house.db.read(valley.id) as tx:
        assert people.histories(tx, house.keyring, valley.id, request_id) == 2
    with pytest.raises(casework.TwoPersons):
        office.do(casework.approve, request_id, CLERK, time.now(), streams=2)
    office.do(casework.approve, request_id, OFFICER, time.now(), streams=2)
    go_on(office, time)
    assert office.case(request_id).begun_at is not None and waiting(office, time) == []
    pack, case = office.desk(time.now()).rulebook.organization, office.case(request_id)

    def asked(tx: Tx) -> str:
        return guarding.asked(tx, house.keyring, pack, case, time.now())

    assert house.db.write(asked, valley.id) == guarding.MAY
    systems.consent(person="customer-77")
    assert house.db.write(asked, valley.id) == guarding.WAITS
    assert [one.facts["histories"] for one in waiting(office, time)] == ["3"]


@pytest.fixture
def alone(house: House, time: Time, tmp_path: Path) -> Office:
    """A company with a single member of the staff, which has settled that a delay stands in for a second."""
    pack = tmp_path / "pack" / "ana-alone"
    shutil.copytree(PACK, pack)
    file = pack / "organization.toml"
    text = file.read_text("utf-8").replace(f'slug = "{PACK.name}"', f'slug = "{pack.name}"')
    file.write_text(text + ALONE, encoding="utf-8")
    return Office(house, found_tenant(house, time.now(), pack))


def test_in_a_house_of_one_an_erasure_of_several_histories_waits_a_day_and_is_taken_back_with_one_press(
    alone: Office, app: Flask, time: Time
) -> None:
    me = staff.member(alone.house, alone.tenant.id, time.now(), Role.ADMIN, "Ana Only")
    reached_elsewhere(alone, time, "voice")
    request_id = decided(alone, Hand(me.id, me.name), time)
    browser, page = me.client(app), f"/staff/requests/{request_id}"

    def press(noun: str, **said: str) -> int:
        version = str(alone.case(request_id).version)
        sent = {"csrf": me.csrf(browser), "version": version, "seen": "99"} | said
        return browser.post(f"{page}/{noun}", data=sent).status_code

    assert press("approval") == 303
    assert alone.case(request_id).state == "approved"
    (one,) = waiting(alone, time)
    assert one.ripe_at == one.proposed_at + undo_for() == one.proposed_at + timedelta(hours=24)
    for path in (page, "/staff/approvals"):
        shown = browser.get(path).get_data(as_text=True)
        assert "Nobody else works here" in shown and "Take it back" in shown
    time.go(hours=23)
    go_on(alone, time)
    assert alone.case(request_id).begun_at is None
    me = signed_in_again(me, time)
    browser = me.client(app)
    other = staff.member(alone.house, alone.tenant.id, time.now(), Role.CLERK)
    for who, status in ((other, 403), (me, 303), (me, 409)):
        there = who.client(app)
        took = there.post(f"/staff/approvals/{one.id}/return", data={"csrf": who.csrf(there)})
        assert took.status_code == status
    go_on(alone, time)
    assert alone.case(request_id).state == "in_progress"
    alone.do(casework.decide, request_id, Hand(me.id, me.name), time.now(), [Outcome("mobile-number", "do")])
    assert press("approval") == 409, "somebody else works here now"
    alone.house.db.write(lambda tx: accounts.set_state(tx, alone.tenant.id, other.id, "disabled"), alone.tenant.id)
    assert press("approval") == 303
    assert press("return", why="Not yet, after all.") == 303 and waiting(alone, time) == []
    alone.do(casework.decide, request_id, Hand(me.id, me.name), time.now(), [Outcome("mobile-number", "do")])
    assert press("approval") == 303
    time.go(hours=24)
    go_on(alone, time)
    assert alone.case(request_id).begun_at is not None


def signed_in_again(who: Seated, time: Time) -> Seated:
    """The same member a day later, at the same browser."""

    def begin(tx: Tx) -> Ticket:
        return sign_ins.begin(tx, who.organization_id, who.id, "Firefox, Linux", "app", time.now())

    return replace(who, ticket=who.house.db.write(begin, who.organization_id))


def test_a_delay_stands_in_for_nobody_where_two_work_and_never_without_a_reason(alone: Office, time: Time) -> None:
    house, organization_id = alone.house, alone.tenant.id
    pack = house.governing.now(organization_id, time.now()).rulebook.organization

    def ripe() -> bool:
        with house.db.read(organization_id) as tx:
            return approvals.ripe_at(tx, pack, organization_id, time.now()) is not None

    staff.member(house, organization_id, time.now(), Role.ADMIN)
    assert ripe()
    staff.member(house, organization_id, time.now(), Role.VIEWER)
    assert not ripe()
    with pytest.raises(ConsentError, match="reason"):
        parse_organization(pack.source.replace('reason = "One person runs this company."', 'reason = " "'))
    with pytest.raises(ConsentError, match="two_person"):
        parse_organization(pack.source.replace('"delay"', '"nobody"'))
