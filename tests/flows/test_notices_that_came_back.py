"""A notice that came back goes to another mailbox of the same people once; whom none reaches gets a letter."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from consent.house import House
from consent.notices import returned, service
from consent.numbers.mail import Returned, bounced
from consent.staff.roles import Role
from tests.conftest import Prepared
from tests.flows.test_versions_over_http import publish, successor
from tests.support import staff
from tests.support.databases import ON_SQLITE
from tests.support.organizations import VALTT, VOX, Five
from tests.support.plans import plan
from tests.support.telling import ANA, BEN, HAL, IVY, Desk
from tests.support.time import Time


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consent.policies.governing.FRESH_FOR", -1.0)


@pytest.fixture
def at(house: House, five: Five, time: Time) -> Desk:
    """VoxValley, with a notice that went to Ana's mailbox and to that of Ben."""
    at = Desk(house, five[VOX], time)
    at.say("promotional-email", ANA, person="ana")
    at.say("promotional-email", BEN, person="ben")
    publish(house, at.systems.tenant, successor(VOX, material=True), time)
    at.run()
    at.approve()
    at.run()
    assert sorted(to for to, _ in at.mails()) == [ANA, BEN]
    return at


def came_back(at: Desk, address: str = ANA) -> None:
    """The notice to this mailbox came back, and the jobs have run."""
    stream = at.systems.lookup(address, "email")
    leaf = next(one for one in at.leaves("notice.sent") if str(one.stream) == stream)
    in_force = at.house.governing.now(at.id, at.time.now())
    told = Returned(leaf.stream, UUID(str(leaf.data["job"])), at.time.now(), "5.1.1")
    at.house.db.write(
        lambda tx: bounced(tx, at.house.keyring, in_force.log, in_force.rulebook, told, "system", at.time.now()), at.id
    )
    at.run()
    at.run()


def letters(at: Desk) -> int:
    with at.house.db.read(at.id) as tx:
        return returned.waiting(tx, at.id, at.campaign())[1]


def shown_by(page: str) -> list[str]:
    """The mailboxes that the page of letters names in its form."""
    return re.findall(r'name="shown" value="([^"]+)"', page)


def test_it_goes_to_another_mailbox_of_the_same_person_and_never_twice(at: Desk) -> None:
    at.say("promotional-email", HAL, person="ana")  # known since the list was made
    came_back(at)
    assert [to for to, _ in at.mails()].count(HAL) == 1
    assert at.people("sent")[HAL] == ("change", "instead", "VOX-03")
    assert set(at.people("bounced")) == {ANA}
    assert (at.campaign().state, letters(at)) == ("done", 0)
    at.say("promotional-email", IVY, person="ana")
    at.time.at += timedelta(days=1)
    at.run()
    at.run()
    assert len(at.mails()) == 3


def test_where_the_other_one_comes_back_too_the_next_one_gets_it_and_then_a_letter_must_go(at: Desk) -> None:
    at.say("promotional-email", HAL, person="ana")
    came_back(at)
    assert letters(at) == 0
    came_back(at, HAL)
    assert set(at.people("bounced")) == {ANA, HAL}
    assert letters(at) == 1


def test_one_letter_goes_to_a_person_of_two_mailboxes_and_one_to_each_of_two_people_at_one(
    house: House, app: Flask, at: Desk
) -> None:
    at.say("promotional-email", HAL, person="ana")
    at.say("promotional-email", HAL, person="hal")
    came_back(at)
    came_back(at, HAL)
    with house.db.read(at.id) as tx:
        people, count = returned.waiting(tx, at.id, at.campaign())
    assert (sorted(map(len, people)), count) == ([1, 2], 2)
    who = staff.member(house, at.id, at.time.now(), Role.OFFICER)
    place = f"/staff/notices/{at.campaign().id}/letters"
    page = who.client(app).get(place).get_data(as_text=True)
    assert "People: 2" in page and page.count('<th scope="row">') == 2
    assert len(shown_by(page)) == 2  # its mailboxes, each once
    form = {"csrf": who.csrf(), "shown": shown_by(page), "sent_on": at.time.now().date().isoformat()}
    assert who.client(app).post(place, data=form).status_code == 303
    assert letters(at) == 0


def test_a_mailbox_whose_owner_refused_such_mail_gets_none_and_a_letter_must_go(at: Desk) -> None:
    at.say("promotional-email", HAL, person="ana")
    at.say("policy-notices", HAL, "withdrawn", person="ana")
    came_back(at)
    assert HAL not in [to for to, _ in at.mails()]
    assert at.people("left_out")[HAL] == ("", "refused-policy-mail", "VOX-03")
    assert (at.campaign().state, letters(at)) == ("done", 1)


def test_whose_mailbox_is_not_the_same_persons_gets_nothing_again(at: Desk) -> None:
    at.say("promotional-email", HAL, person="hal")
    came_back(at)
    assert HAL not in [to for to, _ in at.mails()]
    assert letters(at) == 1


def test_of_two_people_at_one_mailbox_the_one_who_was_not_told_elsewhere_waits_for_a_letter(
    at: Desk,
) -> None:
    at.say("promotional-email", ANA, person="cat")
    at.say("promotional-email", HAL, person="ana")
    came_back(at)
    assert HAL in at.people("sent")
    assert letters(at) == 1


def test_the_day_of_the_version_does_not_move_for_it(house: House, five: Five, time: Time) -> None:
    at = Desk(house, five[VALTT], time)
    at.say("newsletter", ANA, person="ana")
    publish(house, at.systems.tenant, successor(VALTT, material=True), time, "2026-12-25T05:00:00Z")
    at.run()
    at.approve()
    campaign, now = at.campaign().id, time.now()
    house.db.write(
        lambda tx: service.mark_posted(tx, house.keyring, at.id, campaign, "other-places", UUID(int=7), now), at.id
    )
    at.run()
    begins = at.begins()
    time.at += timedelta(days=10)
    at.say("newsletter", HAL, person="ana")
    came_back(at)
    assert (at.begins(), set(at.people("sent"))) == (begins, {HAL})


def test_letters_are_shown_to_staff_and_put_on_record_once(house: House, app: Flask, at: Desk) -> None:
    came_back(at)
    who = staff.member(house, at.id, at.time.now(), Role.OFFICER)
    client = who.client(app)
    place = f"/staff/notices/{at.campaign().id}"
    assert "a letter must go to them: 1" in client.get(place).get_data(as_text=True)
    page = client.get(f"{place}/letters").get_data(as_text=True)
    assert ANA not in page and "VOX-03" in page
    form = {"csrf": who.csrf(), "shown": shown_by(page)}
    for wrong in ("2099-01-01", "soon", "2026-11-01"):  # there was no such notice yet on the last
        assert client.post(f"{place}/letters", data=form | {"sent_on": wrong}).status_code == 422
    day = at.time.now().date().isoformat()
    assert client.post(f"{place}/letters", data=form | {"sent_on": day}).status_code == 303
    (entry,) = at.leaves("notice.letter")
    assert (entry.data["sent_on"], entry.data["commitment"], entry.data["by"]) == (day, "VOX-03", str(who.id))
    assert (entry.stream, entry.channel) == (at.leaves("notice.bounced")[0].stream, "post")
    assert client.post(f"{place}/letters", data=form | {"sent_on": day}).status_code == 409
    assert "Nobody is waiting for a letter." in client.get(f"{place}/letters").get_data(as_text=True)
    reader = staff.member(house, at.id, at.time.now(), Role.AUDITOR)
    refused = reader.client(app).post(f"{place}/letters", data=form | {"csrf": reader.csrf(), "sent_on": day})
    assert refused.status_code == 403


@ON_SQLITE  # the planner of PostgreSQL knows the tables by then
@pytest.mark.parametrize("statement", ["_ELSEWHERE", "_WAITING", "_COUNT", "_STILL", "_AT_THEM"])
def test_what_came_back_is_looked_for_from_the_mails_of_this_notice_alone(at: Desk, statement: str) -> None:
    """Begun with everybody who is known, each round would go through all of them for each mail that came back."""
    place = returned._asked(at.id, at.campaign().id, 1) | {"contact_point_id": UUID(int=1), "last": UUID(int=1)}
    told = at.house.db.write(lambda tx: plan(tx, getattr(returned, statement), place), at.id)
    first, *_ = [line for line in told.splitlines() if line.startswith(("SEARCH", "SCAN"))]
    assert first.startswith("SEARCH r ") and ("AND contact_point_id=?" in first or "AND state=?" in first), told
    assert "SCAN" not in told and "(organization_id=? AND channel=?)" not in told, told
    assert "ix_preference_named (organization_id=? AND person_id=?" in told, told


def test_a_letter_is_put_on_record_only_for_whom_the_page_showed(house: House, app: Flask, at: Desk) -> None:
    first, second = sorted((ANA, BEN), key=lambda one: at.systems.lookup(one, "email"))
    came_back(at, second)
    who = staff.member(house, at.id, at.time.now(), Role.OFFICER)
    client = who.client(app)
    place = f"/staff/notices/{at.campaign().id}/letters"
    shown = shown_by(client.get(place).get_data(as_text=True))
    came_back(at, first)  # after the page was drawn; its id comes before the one that was shown
    form = {"csrf": who.csrf(), "sent_on": at.time.now().date().isoformat()}
    assert client.post(place, data=form | {"shown": ["zzz"]}).status_code == 409
    assert client.post(place, data=form | {"shown": shown}).status_code == 303
    (entry,) = at.leaves("notice.letter")
    assert str(entry.stream) == at.systems.lookup(second, "email")
    assert letters(at) == 1
