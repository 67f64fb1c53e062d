"""How far the end of an answered request is, by its tasks and its mail. Pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from consent.privacy_requests.answers.jobs import GIVEN_UP, Post
from consent.privacy_requests.casework.cases import COLUMNS, Case
from consent.privacy_requests.steps import Step
from consent.privacy_requests.tasks import ending, rules
from consent.privacy_requests.tasks.ending import Left
from consent.privacy_requests.tasks.service import Task

CLOSED = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
NOW, LATER = CLOSED + timedelta(minutes=1), CLOSED + timedelta(minutes=3)
CASE = Case(UUID(int=1), **dict.fromkeys(COLUMNS.split(", ")) | {"state": "fulfilled", "closed_at": CLOSED})  # type: ignore[arg-type]
MAIL = Post(True, CLOSED, None, False)  # made, and not out
BY_HAND = Post(False, CLOSED, None, False)


def task(store: str, category: str, state: str, error: str = "", done: datetime | None = None) -> Task:
    """A task as it stands."""
    return Task(UUID(int=2), UUID(int=3), store, category, "erase", state, 0, LATER, "", 0, error, None, None, None,
                CLOSED, None, done)  # fmt: skip


LAST = task(rules.OWN, rules.EVERYTHING, "last")
TELL = task(rules.TELLING, rules.CERTIFICATE, "by_hand")
TOLD = replace(TELL, state="done", done_at=LATER)
GONE = replace(LAST, state="done", done_at=LATER)


@pytest.mark.parametrize(
    ("tasks", "post", "left", "told", "done"),
    [
        ((), BY_HAND, Left.NOTHING, None, CLOSED),
        ((TELL,), BY_HAND, Left.TELL, None, CLOSED),
        ((TELL, LAST), BY_HAND, Left.TELL, None, None),
        ((TOLD, LAST), BY_HAND, Left.SOON, LATER, None),
        ((TOLD, GONE), BY_HAND, Left.NOTHING, LATER, LATER),
        ((LAST,), MAIL, Left.MAIL, None, None),
        ((), MAIL, Left.NOTHING, None, CLOSED),
        ((LAST,), replace(MAIL, over_at=LATER, delivered=True), Left.SOON, LATER, None),
        ((GONE,), replace(MAIL, over_at=NOW, delivered=True), Left.NOTHING, NOW, LATER),
        ((LAST,), replace(MAIL, over_at=LATER), Left.SOON, None, None),
        ((LAST,), replace(MAIL, made_at=NOW - GIVEN_UP - timedelta(days=1)), Left.SOON, None, None),
        ((replace(LAST, last_error=rules.HELD),), MAIL, Left.HELD, None, None),
        ((TOLD, replace(LAST, last_error="fault")), BY_HAND, Left.AGAIN, LATER, None),
    ],
)
def test_what_is_left_and_what_is_done_follow_from_the_facts(
    tasks: tuple[Task, ...], post: Post, left: Left, told: datetime | None, done: datetime | None
) -> None:
    found = ending.of(CASE, tasks, post, NOW)
    assert (found.left, found.told_at, found.done_at) == (left, told, done)
    assert (found.next_at is None) is (done is not None), "it is looked at again while it waits"
    assert found.returned is (post.over_at is not None and not post.delivered)


def test_what_was_noted_of_the_mail_outlives_the_mail_and_no_later_answer() -> None:
    told, untold = (Step(2, kind, LATER, None, None, {}) for kind in (ending.TOLD, ending.UNTOLD))
    closed = Step(3, "fulfilled", LATER, None, None, {})
    gone = replace(MAIL, over_at=NOW, delivered=True)  # the mail is cleared away
    assert ending.of(CASE, (GONE,), gone, NOW, timeline=(told,)).told_at == LATER
    found = ending.of(CASE, (GONE,), gone, NOW, timeline=(untold,))
    assert (found.told_at, found.returned) == (None, True)
    assert ending.of(CASE, (), MAIL, NOW, timeline=(told, closed)).told_at is None


def test_a_second_person_is_waited_for_and_a_request_under_way_has_no_end() -> None:
    assert ending.of(CASE, (TOLD, LAST), BY_HAND, NOW, second=True).left is Left.SECOND
    under_way = replace(CASE, state="approved", closed_at=None)
    assert ending.of(under_way, (LAST,), None, NOW).is_over
    assert ending.of(under_way, (LAST,), None, NOW).done_at is None
