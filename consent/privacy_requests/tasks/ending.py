"""What is left of a request that is answered: somebody has to tell the person, and then the last of the data goes."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from consent.db import Tx
from consent.privacy_requests import steps
from consent.privacy_requests.answers import jobs as answers
from consent.privacy_requests.answers.jobs import Post
from consent.privacy_requests.casework import Case
from consent.privacy_requests.casework.deciding import ERASE
from consent.privacy_requests.moves import DENIED, FULFILLED
from consent.privacy_requests.steps import Step
from consent.privacy_requests.tasks.rules import EVERYTHING, HELD, OWN, TELLING
from consent.privacy_requests.tasks.service import Task, of_request
from consent.staff import approvals

TOLD, UNTOLD = "told", "untold"  # steps of the timeline: the certificate left by mail, or did not


class Left(StrEnum):
    """For what the end of an answered request waits."""

    NOTHING = ""
    TELL = "tell"  # somebody tells whoever has no mailbox
    MAIL = "mail"  # the certificate is on its way, and the address is needed until it has left
    SOON = "soon"  # the person was told: the rest goes by itself, within minutes
    HELD = "held"  # a hold keeps what is left
    SECOND = "second"  # there is more to erase than was seen: a second person looks first
    AGAIN = "again"  # it did not work, and is tried again by itself


@dataclass(frozen=True, slots=True)
class Ending:
    """How far the end is. `told_at`: when the person was told; `done_at`: when the last of it was carried out.

    Both are None while it is not so. `next_at` is when what goes last is looked at again. `mailing`: the certificate is
    to go by mail and has not left. `returned`: no mail server took it.
    """

    left: Left
    told_at: datetime | None = None
    done_at: datetime | None = None
    next_at: datetime | None = None
    mailing: bool = False
    returned: bool = False

    @property
    def is_over(self) -> bool:
        """Is nothing left, neither to be told nor to go?"""
        return self.left is Left.NOTHING


def note_mail(tx: Tx, organization_id: uuid.UUID, request_id: uuid.UUID, now: datetime) -> None:
    """Whether the certificate left by mail is in the timeline, since the mail goes with the person. Once an answer."""
    post = answers.post_of(tx, organization_id, request_id)
    told = steps.timeline(tx, organization_id, request_id)
    if post is None or not post.to_mailbox or _noted(told) is not None:
        return
    at = post.over_at or now
    steps.add(tx, organization_id, request_id, TOLD if post.delivered else UNTOLD, at, None, None, {"told": "mail"})


def of(
    case: Case, tasks: Sequence[Task], post: Post | None, now: datetime, *, timeline: Sequence[Step] = (),
    second: bool = False,
) -> Ending:  # fmt: skip
    """How far the end is. `second`: a second person is asked to look at what is erased. Pure."""
    if case.under_way or case.closed_at is None:
        return Ending(Left.NOTHING)
    telling = next((one for one in tasks if one.store == TELLING), None)
    last = next((one for one in tasks if (one.store, one.category) == (OWN, EVERYTHING)), None)
    mailing = post is not None and not post.is_out(now)
    noted = _noted(timeline)
    if noted is not None:
        mailed_at = noted.at if noted.kind == TOLD else None
    else:
        mailed_at = post.over_at if post is not None and post.to_mailbox and post.delivered else None
    returned = noted.kind == UNTOLD if noted else post is not None and post.over_at is not None and not post.delivered
    told_at = telling.done_at if telling is not None else mailed_at
    waits = last is not None and last.state == "last"
    done_at = None if waits else max(case.closed_at, last.done_at) if last and last.done_at else case.closed_at
    return Ending(
        _left(telling, last if waits else None, mailing=mailing, second=second), told_at, done_at,
        last.next_at if last is not None and waits else None, mailing, returned,
    )  # fmt: skip


def read(tx: Tx, case: Case, tasks: Sequence[Task], timeline: Sequence[Step], now: datetime) -> Ending:
    """The same, with what is stored besides."""
    if case.under_way:
        return Ending(Left.NOTHING)
    newest = approvals.newest(tx, case.organization_id, ERASE, case.id)
    post = answers.post_of(tx, case.organization_id, case.id)
    second = newest is not None and newest.waits(now)
    return of(case, tasks, post, now, timeline=timeline, second=second)


def unfinished(tx: Tx, organization_id: uuid.UUID, found: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """The ids of those of these requests that are answered while the last of the data still goes."""
    answered = [one["id"] for one in found if one["state"] == FULFILLED]
    return frozenset(
        one for one in answered if any(task.state == "last" for task in of_request(tx, organization_id, uuid.UUID(one)))
    )


def _noted(timeline: Sequence[Step]) -> Step | None:
    """What was noted of the mail of the newest answer."""
    for one in reversed(timeline):
        if one.kind in (TOLD, UNTOLD):
            return one
        if one.kind in (FULFILLED, DENIED):
            return None
    return None


def _left(telling: Task | None, last: Task | None, *, mailing: bool, second: bool) -> Left:
    if telling is not None and telling.state == "by_hand":
        return Left.TELL
    if last is None:
        return Left.NOTHING
    if last.last_error == HELD:
        return Left.HELD
    if second:
        return Left.SECOND
    if mailing:
        return Left.MAIL
    return Left.AGAIN if last.last_error else Left.SOON
