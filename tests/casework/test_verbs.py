"""A request from its opening to its end: every step by its verb, with its entry, on both databases."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from consent.errors import BadInput
from consent.ledger import bodies
from consent.ledger import service as ledger
from consent.privacy_requests import casework
from consent.privacy_requests.casework import Changed, Outcome, cases, outcomes, timeline
from consent.privacy_requests.moves import NotNow
from tests.casework.conftest import CLERK, LETTER, OFFICER, Office

TOLD = {"told": "mail", "letter": LETTER}


def test_a_deletion_goes_from_its_arrival_to_its_end_with_an_entry_and_a_line_for_each_step(
    office: Office, now: datetime
) -> None:
    request_id = office.open("deletion", now)
    opened = office.case(request_id)
    assert (opened.state, opened.answer_by, opened.version) == ("open", date(2026, 12, 21), 1)
    with pytest.raises(NotNow, match="who asks"):
        office.do(casework.decide, request_id, CLERK, now, [Outcome("account-contact", "do")])
    assert office.do(casework.acknowledge, request_id, CLERK, now, **TOLD).state == "in_progress"
    office.do(casework.verify, request_id, CLERK, now, ["code-to-contact-on-file"])
    office.do(casework.assign, request_id, CLERK, now, CLERK.member_id)
    held = ("account-contact", "billing", "registered-location")
    with pytest.raises(BadInput, match="billing"):
        office.do(casework.decide, request_id, CLERK, now, [Outcome("account-contact", "do")], categories=held)
    decided = [
        Outcome("account-contact", "do"),
        Outcome("billing", "keep", "billing", "Seven years by tax law.", keep_until=date(2033, 12, 31)),
        Outcome("registered-location", "defer", "active-voip", recheck_on=date(2027, 1, 5)),
    ]
    for wrong in (
        Outcome("billing", "keep", "because", keep_until=date(2033, 12, 31)),  # no ground of the list
        Outcome("billing", "keep", "billing"),  # no end
        Outcome("billing", "refuse", "billing"),  # a ground that carries no refusal
        Outcome("billing", "do", "billing"),
        Outcome("billing", "defer", "active-voip"),  # no day to look again
        Outcome("billing", "keep", None, "We would rather keep it.", keep_until=date(2033, 12, 31)),
    ):
        with pytest.raises(BadInput):
            office.do(casework.decide, request_id, CLERK, now, [decided[0], wrong, decided[2]], categories=held)
    case = office.do(casework.decide, request_id, CLERK, now, decided, categories=held)
    assert (case.state, case.decided_by, case.recheck_on) == ("in_progress", CLERK.member_id, date(2027, 1, 5))
    with pytest.raises(casework.TwoPersons):
        office.do(casework.approve, request_id, CLERK, now, streams=2)
    assert office.do(casework.approve, request_id, OFFICER, now, streams=2).state == "approved"
    office.do(casework.begin, request_id, casework.SYSTEM, now)
    with pytest.raises(NotNow):
        office.do(casework.revoke, request_id, CLERK, now)
    late = now + timedelta(days=40)
    ended = office.do(casework.fulfil, request_id, casework.SYSTEM, late)
    assert (ended.state, ended.closed_at, ended.recheck_on) == ("fulfilled", late, date(2027, 1, 5))
    with office.house.db.read(office.tenant.id) as tx:
        steps = timeline(tx, office.tenant.id, request_id)
        found = {one.outcome.category: one for one in outcomes.of(tx, office.tenant.id, request_id)}
        leaves = [bodies.parse(one) for one in ledger.bodies_of(tx, office.tenant.id, ended.contact_point_id)]
    kinds = ["opened", "acknowledged", "verified", "assigned", "decided", "approved", "begun", "fulfilled"]
    assert [one.kind for one in steps] == kinds
    assert [one.number for one in steps] == list(range(1, 9))
    assert [leaf.type for leaf in leaves] == [f"privacy_request.{one}" for one in kinds]
    assert (steps[-1].facts["on_time"], steps[-1].facts["days_late"]) == (False, 10)
    assert (found["billing"].outcome.source, found["registered-location"].outcome.source) == ("VSH-59", "VSH-46")
    assert {one: each.state for one, each in found.items()} == {
        "account-contact": "done", "billing": "done", "registered-location": "waiting",
    }  # fmt: skip
    assert "Seven years" not in str(leaves) and "Cleo" not in str(leaves)


def test_who_comes_second_is_told_and_changes_nothing(office: Office, now: datetime) -> None:
    request_id = office.open("deletion", now)
    shown = office.case(request_id).version
    office.do(casework.verify, request_id, CLERK, now, ["code"], version=shown)
    with pytest.raises(Changed) as told:
        office.do(casework.assign, request_id, OFFICER, now, OFFICER.member_id, version=shown)
    assert (told.value.facts["step"], told.value.facts["by"]) == ("verified", CLERK.member_id)
    assert office.case(request_id).assigned_to is None
    stale = replace(office.case(request_id), version=shown)
    with pytest.raises(Changed):  # who read before the other wrote loses in the statement itself
        office.house.db.write(
            lambda tx: cases.move(tx, office.desk(now), stale, "assign", OFFICER, now, values={"assigned_to": None}),
            office.tenant.id,
        )
    assert len(office.steps(request_id)) == 2


def test_a_refusal_needs_a_ground_of_the_list_and_frees_the_person_to_ask_again(office: Office, now: datetime) -> None:
    request_id = office.open("deletion", now)
    with pytest.raises(BadInput, match="Words alone are none"):
        office.do(casework.decide, request_id, CLERK, now, [Outcome("request", "refuse", "too much work")])
    office.do(casework.decide, request_id, CLERK, now, [Outcome("request", "refuse", "identity-not-verified")])
    office.do(casework.approve, request_id, OFFICER, now, streams=1)
    ended = office.do(casework.fulfil, request_id, OFFICER, now)
    assert (ended.state, ended.denied_ground, ended.closed_at) == ("denied", "identity-not-verified", now)
    with office.house.db.read(office.tenant.id) as tx:
        (only,) = outcomes.of(tx, office.tenant.id, request_id)
    assert (only.outcome.category, only.outcome.what, only.outcome.source) == ("request", "refuse", "VSH-58")
    assert office.open("deletion", now) != request_id


def test_what_was_refused_is_opened_again_with_a_date_of_its_own_and_what_was_done_is_not(
    office: Office, now: datetime
) -> None:
    request_id, later = office.open("deletion", now, verified_at=now), now + timedelta(days=40)
    decided = [Outcome("account-contact", "do"), Outcome("suppression-list", "do"),
               Outcome("billing", "keep", "billing", keep_until=date(2030, 1, 1))]  # fmt: skip
    office.do(casework.decide, request_id, CLERK, now, decided)
    office.do(casework.approve, request_id, OFFICER, now, streams=1)
    office.do(casework.fulfil, request_id, OFFICER, now)
    with office.house.db.read(office.tenant.id) as tx:
        kept = {one.outcome.category: one.outcome for one in outcomes.of(tx, office.tenant.id, request_id)}
    assert (kept["suppression-list"].what, kept["suppression-list"].ground) == ("keep", "suppression-list")
    again = office.do(casework.reopen, request_id, CLERK, later, "Ana Example showed that the bill is paid")
    assert (again.state, again.reopened_at) == ("in_progress", later)
    assert again.answer_by == again.due_on == (later + timedelta(days=30)).date()
    times = casework.clock(office.desk(later).rulebook, again, later)
    assert times.answer_by == again.answer_by and "reopened" in {one.what for one in times.steps}
    with office.house.db.read(office.tenant.id) as tx:
        leaves = [bodies.parse(one) for one in ledger.bodies_of(tx, office.tenant.id, again.contact_point_id)]
        assert "Ana" not in str(leaves) + str(timeline(tx, office.tenant.id, request_id))
    with pytest.raises(BadInput, match="done before"):
        office.do(casework.decide, request_id, CLERK, later, decided)
    office.do(casework.decide, request_id, CLERK, later, [Outcome("billing", "do"), Outcome("suppression-list", "do")])
    office.do(casework.approve, request_id, OFFICER, later, streams=1)
    assert office.do(casework.fulfil, request_id, OFFICER, later).state == "fulfilled"


def test_nothing_expires_that_was_verified_and_a_withdrawn_request_is_no_open_one(
    office: Office, now: datetime
) -> None:
    request_id = office.open("deletion", now, verified_at=now)
    with pytest.raises(NotNow, match="known who asks"):
        office.do(casework.expire, request_id, casework.SYSTEM, now, "too long")
    assert office.do(casework.revoke, request_id, CLERK, now).state == "revoked"
    again = office.open("deletion", now + timedelta(days=1))
    assert again != request_id
    assert office.do(casework.expire, again, casework.SYSTEM, now, "unverified").state == "expired"
    assert office.do(casework.reopen, again, CLERK, now, "the code came late").state == "in_progress"
