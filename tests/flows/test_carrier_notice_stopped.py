"""While customers cannot say no, no opt-out notice goes: a draft is refused, one that runs stands still and goes on."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from flask import Flask

from consent.carrier import failing
from consent.errors import Conflict
from consent.gateways.email.file import recent
from consent.house import House
from consent.policies.answers.silence import Outage
from consent.staff.roles import Role
from consent.timed import sending
from tests.flows.test_carrier import begun, broke, hand, mended
from tests.support import staff
from tests.support.systems import Systems
from tests.support.telling import ANA
from tests.support.time import Time

TODAY = date(2026, 11, 21)


def test_an_opt_out_notice_is_refused_while_nobody_can_say_no_and_goes_once_they_can(
    house: House, systems: Systems, time: Time
) -> None:
    at = begun(house, systems, time)
    made = broke(house, systems, time, date(2026, 11, 19))
    with pytest.raises(Conflict) as refused:
        at.approve()
    for part in ("2026-11-19", "US-CPNI-MECH-FAIL", "47 CFR 64.2009(f)", "works again", "express yes"):
        assert part in refused.value.detail, part
    assert at.campaign().state == "draft" and at.mails() == [] and at.leaves("notice.approved") == []
    mended(house, systems, time, made, Outage(date(2026, 11, 19), TODAY))
    at.approve()
    at.run()
    assert [address for address, _ in at.mails()] == [ANA]


def test_a_notice_that_runs_stands_still_and_what_waited_is_written_anew_for_the_day_it_goes(
    house: House, systems: Systems, time: Time
) -> None:
    at = begun(house, systems, time)
    at.approve()
    at.tell()
    assert set(at.people("waiting")) == {ANA}
    made = broke(house, systems, time, date(2026, 11, 20))
    assert (set(at.people("waiting")), set(at.people("listed"))) == (set(), {ANA})  # at once, not at the next run
    for _ in range(2):
        at.run()
        assert (at.mails(), set(at.people("listed")), at.campaign().state) == ([], {ANA}, "sending")
    time.go(days=9)
    at.run()
    assert at.mails() == []
    mended(house, systems, time, made, Outage(date(2026, 11, 20), date(2026, 11, 30)))
    for _ in range(2):
        at.run()
    [mail] = recent(house.config.data_dir / "dev-mails.jsonl")
    assert "December 31, 2026" in mail["text"]  # by the day on which it left, not by that of its draft
    assert len(at.leaves("notice.sent")) == 1 and at.campaign().state == "done"


def test_a_failure_that_is_said_to_last_after_all_stops_the_notice_again(
    house: House, systems: Systems, time: Time
) -> None:
    at = begun(house, systems, time)
    made = broke(house, systems, time, date(2026, 11, 19), TODAY)
    at.approve()
    at.tell()
    mended(house, systems, time, made, Outage(date(2026, 11, 19), None))
    sending.post(house)
    assert (at.mails(), set(at.people("listed"))) == ([], {ANA})
    at.cancel(at.campaign().id)
    mended(house, systems, time, made, Outage(date(2026, 11, 19), TODAY))
    at.run()
    assert (at.mails(), at.campaign().state) == ([], "cancelled")


def test_the_page_says_what_stands_against_the_notice_and_shows_no_button_meanwhile(
    house: House, app: Flask, systems: Systems, time: Time
) -> None:
    at = begun(house, systems, time)
    who = staff.member(house, systems.tenant.id, time.now(), Role.OFFICER)
    client, place = who.client(app), f"/staff/notices/{at.campaign().id}"
    assert "Send it (" in client.get(place).text
    made = broke(house, systems, time, date(2026, 11, 19))
    shown = client.get(place).text
    assert "US-CPNI-MECH-FAIL" in shown and "Send it (" not in shown and "2026-11-19" in shown
    for seen in ("", "anything"):
        refused = client.post(f"{place}/approve", data={"csrf": who.csrf(), "seen": seen})
        assert refused.status_code == 409
    assert client.post(f"/staff/notices/{uuid4()}/approve", data={"csrf": who.csrf()}).status_code == 404
    mended(house, systems, time, made, Outage(date(2026, 11, 19), TODAY))
    assert "Send it (" in client.get(place).text
    at.approve()
    at.tell()
    mended(house, systems, time, made, Outage(date(2026, 11, 19), None))
    assert "It stands still" in client.get(place).text
    assert "US-CPNI-MECH-FAIL" in client.get("/staff/carrier/letters").text


def test_only_a_question_to_customers_of_a_carrier_is_stopped(house: House, systems: Systems, time: Time) -> None:
    at = begun(house, systems, time)
    broke(house, systems, time, date(2026, 11, 19))
    book = hand(house, systems, time).in_force.rulebook
    other = replace(at.campaign(), about="refresh:marketing-email/2026-12-24")
    with house.db.read(at.id) as tx:
        assert failing.against_sending(tx, at.id, at.campaign(), book) is not None
        assert failing.against_sending(tx, at.id, other, book) is None
        assert failing.against_sending(tx, uuid4(), at.campaign(), book) is None  # nobody else's failure
