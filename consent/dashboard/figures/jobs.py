"""What the clock calls: add to the figures what happened since the last time, off the hot paths."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from consent.dashboard.figures import rules
from consent.db import Database, Sql
from consent.ledger.bodies import Leaf
from consent.review import walking
from consent.review.walking import Answer, Counted

_ADD = Sql(
    "INSERT INTO daily_figure (organization_id, figure, day, part, count)"
    " VALUES (:organization_id, :first, :second, :third, :count)"
    " ON CONFLICT (organization_id, figure, day, part) DO UPDATE SET count = daily_figure.count + excluded.count"
)


def count_figures(db: Database, organization_id: UUID, now: datetime) -> int:
    """Everything sealed or decided since the last time is counted; returns how many entries and decisions were."""
    return walking.count(db, organization_id, FIGURES, now)


def _of_entries(_db: Database, _organization_id: UUID, leaves: Iterable[Leaf]) -> Counted:
    counted: Counted = Counter()
    for leaf in leaves:
        day = leaf.recorded_at.date().isoformat()
        counted.update((figure, day, part) for figure, part in rules.of_entry(leaf))
    return counted


def _of_decision(asked_at: datetime, answer: Answer) -> Counted:
    figure, part = rules.of_decision(answer)
    return Counter([(figure, asked_at.date().isoformat(), part)])


FIGURES = walking.Count("figures", "figures-decided", _of_entries, _of_decision, _ADD)
