"""What ticks a line of the list, and why one need not be done. Pure."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from consent.dashboard.requests.letters import catalogue
from consent.privacy_requests.casework import checklist, letters
from consent.privacy_requests.casework.cases import COLUMNS, Case
from consent.privacy_requests.casework.checklist import End
from consent.privacy_requests.moves import NotNow
from consent.privacy_requests.steps import Step

AT = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
DAY = date(2026, 11, 21)
CASE = Case(UUID(int=1), **dict.fromkeys(COLUMNS.split(", ")) | {"state": "in_progress", "request_type": "deletion"})  # type: ignore[arg-type]
CLOSED = [("decided", {}), ("approved", {}), ("fulfilled", {"certificate": "x"})]


def done(case: Case, told: list[tuple[str, dict[str, Any]]], end: End | None = None) -> set[str]:
    """The lines that are done after these steps."""
    steps = [Step(n, kind, AT + timedelta(minutes=n), None, None, facts) for n, (kind, facts) in enumerate(told, 1)]
    return {one.item.key for one in checklist.of(case, steps, end) if one.done}


def spared(case: Case, key: str, closed_on: date | None = None) -> str:
    """Why that line need not be done."""
    lines = checklist.of(case, (), End(None, None, closed_on))
    return next(one.spared for one in lines if one.item.key == key)


def test_what_is_held_counts_as_looked_up_with_the_decision_that_names_it_and_no_longer_than_that() -> None:
    assert done(CASE, CLOSED[:1]) == {"looked-up", "decided"}
    assert done(CASE, [*CLOSED[:2], ("sent_back", {})]) == set()
    ticked = ("checked", {"item": "looked-up"})
    assert done(CASE, [ticked, CLOSED[0], ("sent_back", {})]) == {"looked-up"}
    assert done(replace(CASE, request_type="restriction"), CLOSED[:1]) == {"decided"}


@pytest.mark.parametrize(
    ("told_at", "done_at", "open_still"),
    [(None, None, {"done", "certified"}), (AT, None, {"done"}), (None, AT, {"certified"}), (AT, AT, set())],
)
def test_a_closing_ticks_what_the_receipts_carry(
    told_at: datetime | None, done_at: datetime | None, open_still: set[str]
) -> None:
    closed = replace(CASE, state="fulfilled")
    every = {"looked-up", "decided", "approved", "done", "certified"}
    assert done(closed, CLOSED, End(told_at, done_at, DAY)) == every - open_still


def test_a_letter_that_tells_the_end_is_the_telling_until_it_is_opened_again() -> None:
    case = replace(CASE, request_type="complaint", state="approved")
    written = ("written", {"letter": "done"})
    assert "told" in done(case, [written])
    assert "told" not in done(case, [("written", {"letter": "other"})])
    assert "told" not in done(case, [written, ("reopened", {})])
    assert set(catalogue.TELLS) == letters.TELL


def test_the_certificate_is_the_telling_of_what_systems_put_right() -> None:
    case = replace(CASE, request_type="correction", state="fulfilled")
    assert "told" in done(case, CLOSED, End(AT, AT, DAY))
    assert "told" not in done(case, CLOSED, End(None, AT, DAY))


def test_receipt_is_confirmed_where_it_is_demanded_and_the_answer_did_not_come_before() -> None:
    demanded = replace(CASE, acknowledge_by=DAY)
    closed = replace(demanded, state="fulfilled")
    assert spared(CASE, "acknowledged") == checklist.NOT_ASKED
    assert spared(demanded, "acknowledged") == ""
    assert spared(closed, "acknowledged", DAY) == checklist.ANSWERED
    assert spared(closed, "acknowledged", DAY + timedelta(days=1)) == ""


def test_what_is_not_demanded_holds_up_no_step_of_a_list_that_goes_in_order() -> None:
    case = replace(CASE, request_type="usage-log-file", verified_at=AT)
    may = SimpleNamespace(answer="allow")
    rulebook: Any = SimpleNamespace(requests=SimpleNamespace(may_do=lambda *_: may))
    checklist.refuse_too_early(rulebook, case, (), "eligibility", told=True)
    with pytest.raises(NotNow, match="Confirm its receipt"):
        demanded = replace(case, acknowledge_by=DAY)
        checklist.refuse_too_early(rulebook, demanded, (), "eligibility", told=True)


def test_what_was_refused_taken_back_or_expired_spares_what_it_leaves_undone() -> None:
    denied = replace(CASE, state="denied", denied_ground="identity-not-verified")
    assert (spared(denied, "done"), spared(denied, "verified")) == (checklist.REFUSED, checklist.NOT_SHOWN)
    assert spared(replace(denied, denied_ground="tax"), "verified") == ""
    assert spared(denied, "certified") == "", "whoever is refused is told so"
    assert spared(replace(CASE, state="revoked"), "decided") == checklist.TAKEN_BACK
    assert spared(replace(CASE, state="expired"), "verified") == checklist.OVER
    assert spared(CASE, "decided") == ""
