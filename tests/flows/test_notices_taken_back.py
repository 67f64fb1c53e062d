"""What is taken back, what had left by then, and what keeps no notice from ending and no organization from its turn."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from consent.house import House
from consent.incidents import jobs as incident_jobs
from consent.notices import cases, jobs, queries
from consent.timed import incidents as timed_incidents
from consent.timed import notices as timed_notices
from consent.timed import sending
from tests.conftest import Prepared
from tests.flows.test_versions_over_http import publish, successor
from tests.support.erasing import erased_of
from tests.support.organizations import VALLEY, Five
from tests.support.telling import ANA, Desk, ask, asking
from tests.support.time import Time


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consent.policies.governing.FRESH_FOR", -1.0)


def test_a_cancelled_notice_takes_back_its_own_mails_alone_and_what_had_left_is_on_record(
    house: House, five: Five, time: Time
) -> None:
    at, organization, ends = asking(house, five, time)
    asked = []
    for until in (ends, ends + timedelta(days=1)):  # two questions to the same person about the same program
        ask(at, organization, until)
        at.tell()
        at.approve()
        at.tell()
        asked.append(at.campaign().id)
    at.cancel(asked[1])
    at.tell()
    assert at.people("withheld") == {ANA: ("refresh", "cancelled", "")}
    at.run()
    assert [to for to, _ in at.mails()] == [ANA]  # the other one goes
    assert len(at.leaves("notice.sent")) == len(at.leaves("notice.withheld")) == 1

    ask(at, organization, ends + timedelta(days=2))
    at.tell()
    at.approve()
    at.tell()
    sending.post(house)  # it has left by the time somebody cancels it
    at.cancel(at.campaign().id)
    at.tell()
    assert (at.campaign().state, at.people("sent")) == ("cancelled", {ANA: ("refresh", "", "")})
    assert len(at.leaves("notice.sent")) == 2

    ask(at, organization, ends + timedelta(days=3))
    at.tell()
    at.cancel(at.campaign().id)  # a draft: its list goes with it
    at.run()
    assert (at.people("listed"), at.people("withheld")) == ({}, {ANA: ("refresh", "cancelled", "")})
    assert len(at.mails()) == 2


def test_whoever_is_erased_while_the_mail_waits_keeps_no_notice_from_ending(
    house: House, five: Five, time: Time
) -> None:
    at, organization, ends = asking(house, five, time)
    ask(at, organization, ends)
    at.tell()
    at.approve()
    at.tell()
    erased_of(house, at.systems, ANA, time)
    at.run()
    with house.db.read(at.id) as tx:
        (one,) = queries.people(tx, at.id, at.campaign().id, "withheld")
    assert (at.campaign().state, one.reason, at.mails()) == ("done", "erased", [])


def test_a_version_that_needs_no_notice_is_looked_at_once_and_again_when_another_stands_beside_it(
    house: House, five: Five, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = Desk(house, five[VALLEY], time)  # its first versions change nothing for anybody
    assert jobs.announce(at.teller, at.id, time.now()) == []
    looked = []
    turn_of = cases.turn_of
    monkeypatch.setattr(cases, "turn_of", lambda *given: looked.append(given) or turn_of(*given))
    assert (jobs.announce(at.teller, at.id, time.now()), looked) == ([], [])
    publish(house, at.systems.tenant, successor(VALLEY), time)
    assert len(jobs.announce(at.teller, at.id, time.now())) == 1 and looked


def test_a_fault_at_one_organization_keeps_no_other_from_being_told(
    house: House, five: Five, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[UUID] = []

    def tell(_teller: object, organization_id: UUID, _now: datetime) -> int:
        served.append(organization_id)
        if len(served) == 1:
            raise RuntimeError("broken here")
        return 0

    everybody = {systems.tenant.id for systems in five.values()}
    for where, run in ((jobs, timed_notices.tell_people), (incident_jobs, timed_incidents.tell_of_incidents)):
        monkeypatch.setattr(where, "tell", tell)
        run(house)
        assert set(served) == everybody
        served.clear()
