"""How near a request is to a date that binds, and when that is told by mail. Pure.

The days say when we remind each other; no promise and no law hangs on them.
"""

from dataclasses import dataclass
from datetime import date

from consent.privacy_requests.casework.cases import Case
from consent.web.messages import N_

SOON, NEAR = 7, 3  # days before the date


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of which people are told once; `rank` says how grave it is, within the same request."""

    key: str
    said: str
    rank: int


WEEK = Stage("week", N_("due within a week"), 1)
DAYS = Stage("days", N_("due within three days"), 2)
ACKNOWLEDGE = Stage("acknowledge", N_("receipt not confirmed, and due to be"), 3)
FALLBACK = Stage("fallback", N_("passed on, and nothing was done: step in"), 4)
TODAY = Stage("today", N_("due today"), 5)
OVERDUE = "overdue"  # told again each week, until it is answered


def stage_of(case: Case, today: date) -> Stage | None:
    """The gravest stage the request has reached, or None while there is time."""
    if not case.under_way:
        return None
    reached: list[Stage] = []
    if case.answer_by is not None:
        left = (case.answer_by - today).days
        if left < 0:
            weeks = (-left - 1) // 7
            reached.append(Stage(f"{OVERDUE}-{weeks}", N_("overdue"), 10 + weeks))
        elif left <= SOON:
            reached.append(TODAY if left == 0 else DAYS if left <= NEAR else WEEK)
    if case.acknowledge_by is not None and case.acknowledged_at is None and case.acknowledge_by <= today:
        reached.append(ACKNOWLEDGE)
    if case.fallback_on is not None and case.fallback_on <= today:
        reached.append(FALLBACK)
    return max(reached, key=lambda one: one.rank, default=None)


def is_news(case: Case, stage: Stage | None) -> bool:
    """Was nobody told of this stage yet, nor of a graver one?"""
    return stage is not None and stage.rank > _rank(case.escalated)


def _rank(key: str) -> int:
    if key.startswith(f"{OVERDUE}-"):
        return 10 + int(key.removeprefix(f"{OVERDUE}-"))
    return next((one.rank for one in (WEEK, DAYS, ACKNOWLEDGE, FALLBACK, TODAY) if one.key == key), 0)
