"""What the clock does with requests: reminds, brings deferrals back, ends what nobody verified, reduces old files."""

from datetime import date, datetime, timedelta

import pytest

from consent.db import Sql
from consent.deadlines import Period, zone
from consent.errors import BadInput
from consent.policies.answers.request_files import kept_for
from consent.policies.packs import load_law
from consent.privacy_requests import casework, due, escalating, jobs
from consent.privacy_requests.casework import Outcome, timeline
from tests.casework.conftest import CLERK, OFFICER, Office
from tests.policies.house import POLICIES

QUEUE = "https://consent.example/staff/requests"


def escalate(office: Office, at: datetime) -> int:
    organization = office.desk(at).rulebook.organization
    return escalating.escalate(office.house.db, office.house.keyring, office.tenant.id, organization, QUEUE, at)


def mails(office: Office) -> int:
    with office.house.db.read(office.tenant.id) as tx:
        return int(tx.all(Sql("SELECT count(*) FROM job WHERE kind = 'mail.staff'"), {})[0][0])


def test_each_stage_is_told_once_and_what_is_late_again_each_week(office: Office, now: datetime) -> None:
    request_id = office.open("deletion", now)  # due 2026-12-21
    told = []
    for day in range(41):
        at = now + timedelta(days=day)
        told += [(day, office.case(request_id).escalated)] if escalate(office, at) else []
        assert escalate(office, at) == 0
    assert told == [(23, "week"), (27, "days"), (30, "today"), (31, "overdue-0"), (38, "overdue-1")]
    assert mails(office) == 5
    with office.house.db.read(office.tenant.id) as tx:
        stages = [one.facts["stage"] for one in timeline(tx, office.tenant.id, request_id) if one.kind == "escalated"]
    assert stages == [stage for _, stage in told]
    office.do(casework.revoke, request_id, CLERK, now)
    assert escalate(office, now + timedelta(days=60)) == 0


def test_a_reminder_says_number_type_and_day_in_the_readers_language_and_nothing_about_a_person(
    office: Office, now: datetime
) -> None:
    case = office.case(office.open("deletion", now, words="My name is Jane."))
    reached = [escalating.Reached(case, due.TODAY)]
    for language, word in (("en", "due today"), ("fr", "à traiter aujourd’hui"), ("es", "vence hoy")):
        letter = escalating.letter(reached, "Valley", QUEUE, language)
        assert word in letter.text and case.reference in letter.text and QUEUE in letter.html
        assert "Jane" not in letter.text and "person.example" not in letter.text


def test_a_deferral_opens_itself_on_its_day_with_a_date_of_its_own(office: Office, now: datetime) -> None:
    request_id = office.open("deletion", now, verified_at=now)
    later = date(2027, 1, 5)
    decided = [Outcome("registered-location", "defer", "active-voip", recheck_on=later), Outcome("billing", "do")]
    office.do(casework.decide, request_id, CLERK, now, decided)
    office.do(casework.approve, request_id, OFFICER, now, streams=1)
    office.do(casework.fulfil, request_id, casework.SYSTEM, now)
    house = office.house
    for at, opened in (
        (datetime(2027, 1, 4, 20, tzinfo=now.tzinfo), 0),
        (datetime(2027, 1, 5, 20, tzinfo=now.tzinfo), 1),
    ):
        assert jobs.reopen_deferred(house.db, house.keyring, house.governing, office.tenant.id, at) == opened
    case = office.case(request_id)
    assert (case.state, case.answer_by, case.closed_at, case.decided_at) == (
        "in_progress",
        date(2027, 2, 4),
        None,
        None,
    )
    with pytest.raises(BadInput, match="decided and done before"):
        office.do(casework.decide, request_id, CLERK, now, [Outcome("billing", "do")])
    again = office.do(casework.decide, request_id, CLERK, now, [Outcome("registered-location", "do")])
    assert again.decided_at is not None


def test_a_deferral_waits_while_the_person_has_asked_anew(office: Office, now: datetime) -> None:
    request_id = office.open("deletion", now, verified_at=now)
    deferred = [Outcome("registered-location", "defer", "active-voip", recheck_on=date(2027, 1, 5))]
    office.do(casework.decide, request_id, CLERK, now, deferred)
    office.do(casework.approve, request_id, OFFICER, now, streams=1)
    office.do(casework.fulfil, request_id, casework.SYSTEM, now)
    anew = office.open("deletion", now + timedelta(days=1))
    house, at = office.house, now + timedelta(days=60)
    assert jobs.reopen_deferred(house.db, house.keyring, house.governing, office.tenant.id, at) == 0
    office.do(casework.revoke, anew, CLERK, at)
    assert jobs.reopen_deferred(house.db, house.keyring, house.governing, office.tenant.id, at) == 1


def test_only_where_the_company_settled_a_time_does_an_unverified_request_end(office: Office, now: datetime) -> None:
    unverified, known = office.open("deletion", now), office.open("access", now, verified_at=now)
    question = office.open("complaint", now)
    house, at, after = office.house, now + timedelta(days=91), Period.parse("P90D")
    place = (house.db, house.keyring, house.governing, office.tenant.id)
    assert jobs.expire_unverified(*place, None, at) == 0
    assert jobs.expire_unverified(*place, after, now + timedelta(days=89)) == 0
    assert jobs.expire_unverified(*place, after, at) == 1
    assert [office.case(one).state for one in (unverified, known, question)] == ["expired", "open", "open"]


def test_t_58_an_old_file_keeps_what_proves_the_answer_and_nothing_that_was_written(
    office: Office, now: datetime
) -> None:
    request_id = office.open("deletion", now, words="My name is Jane.", verified_at=now)
    kept = Outcome("billing", "keep", "billing", "By tax law.", keep_until=date(2033, 1, 1))
    office.do(casework.decide, request_id, CLERK, now, [kept])
    office.do(casework.approve, request_id, OFFICER, now, streams=1)
    office.do(casework.fulfil, request_id, casework.SYSTEM, now)
    house, where, period = office.house, zone("America/Los_Angeles"), Period.parse("P24M")
    for days, asked, reduced in ((800, None, 0), (700, period, 0), (740, period, 1)):
        at = now + timedelta(days=days)
        assert jobs.reduce_files(house.db, office.tenant.id, asked, where, at) == reduced
    texts = Sql("SELECT sealed_words FROM privacy_request UNION ALL SELECT sealed_words FROM request_outcome")
    with house.db.read(office.tenant.id) as tx:
        rows = tx.all(texts, {})
        kinds = [one.kind for one in timeline(tx, office.tenant.id, request_id)]
    assert [row[0] for row in rows] == [None, None]
    assert kinds[-1] == "reduced" and office.case(request_id).state == "fulfilled"


def test_the_longest_time_that_anybody_asks_for_is_how_long_a_file_is_kept() -> None:
    california = [one for one in load_law(POLICIES / "law") if one.id == "US-CA-RECORDS"]
    assert kept_for([], None) is None
    assert kept_for(california, Period.parse("P1Y")) == Period.parse("P24M")
    assert kept_for(california, Period.parse("P5Y")) == Period.parse("P5Y")
