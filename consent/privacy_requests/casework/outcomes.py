"""What becomes of each class of data in a request: written down, refused where no ground carries it, read again."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from consent.db import Rows, Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import BadInput, Filled
from consent.policies.answers.refusals import Ground
from consent.privacy_requests import service
from consent.web.messages import N_

What = Literal["do", "refuse", "defer", "keep", "anonymize", "isolate"]
WHATS: tuple[What, ...] = ("do", "refuse", "defer", "keep", "anonymize", "isolate")
NEEDS_GROUND = frozenset(("refuse", "defer", "keep", "isolate"))
WHOLE = "request"  # what stands for the request itself, where no class of data is asked about
NEEDS_ONE = N_("A ground is needed, from the list for this request: %(grounds)s. Words alone are none.")
SUPPRESSION = "suppression-list"  # the class of data, and the ground on which it stays
SPLIT = "/"  # between a class of data and its source, where what comes of it differs by source (T-50)
LONGEST_WORDS = 2000
DECIDED, WAITING, DONE = "decided", "waiting", "done"

_COLUMNS = (
    "category", "outcome", "ground", "source", "sealed_words", "recheck_on", "recheck", "keep_until", "backup_until",
    "state", "decided_by", "decided_at",
)  # fmt: skip
_INSERT = Rows("request_outcome", ("organization_id", "request_id", *_COLUMNS))
_CLEAR = Sql(
    "DELETE FROM request_outcome"
    " WHERE organization_id = :organization_id AND request_id = :request_id AND state <> 'done'"
)
_ALL = Sql(
    f"SELECT {', '.join(_COLUMNS)}, done_at FROM request_outcome"  # noqa: S608 - fixed columns
    " WHERE organization_id = :organization_id AND request_id = :request_id ORDER BY category"
)
_STATE = Sql(
    "UPDATE request_outcome SET state = :state, done_at = :at"
    " WHERE organization_id = :organization_id AND request_id = :request_id AND category = :category"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one class of data. `words` is what the person is told besides the ground.

    `ground` and `source` (the commitment or law) say why it is not simply done. `recheck_on` is when a deferral is
    looked at again, at the latest, and `recheck` what it waits for.
    """

    category: str
    what: What
    ground: str | None = None
    words: str | None = field(default=None, repr=False)
    recheck_on: date | None = None
    keep_until: date | None = None
    backup_until: date | None = None
    source: str | None = None
    recheck: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """An outcome as it stands in the table; its words stay sealed."""

    outcome: Outcome
    state: str
    decided_by: uuid.UUID | None
    decided_at: datetime
    done_at: datetime | None
    sealed_words: bytes | None = field(default=None, repr=False)


def checked(
    outcomes: Sequence[Outcome], categories: Iterable[str], grounds: Sequence[Ground], allowed: Iterable[str],
    today: date,
) -> tuple[Outcome, ...]:  # fmt: skip
    """The outcomes with the source of each ground; BadInput where one is missing, doubled or carried by no ground."""
    named = [one.category for one in outcomes]
    if twice := sorted({one for one in named if named.count(one) > 1}):
        raise BadInput(
            Filled(N_("Decide each class of data once; twice here: %(categories)s."), categories=twice), field=twice[0]
        )
    if missing := sorted(set(categories) - set(named)):
        raise BadInput(
            Filled(N_("Every class of data needs an outcome; none yet: %(categories)s."), categories=missing),
            field=missing[0],
        )
    if not outcomes:
        raise BadInput(
            N_("Nothing is decided: a request is closed with an outcome at least for itself."), field="outcomes"
        )
    known, may = {one.code: one for one in grounds}, frozenset(allowed)
    return tuple(_checked(one, known, may, today) for one in outcomes)


def _checked(one: Outcome, known: Mapping[str, Ground], may: frozenset[str], today: date) -> Outcome:
    at = one.category
    if stays(one, may):
        promised = known.get(SUPPRESSION)
        return Outcome(at, "keep", SUPPRESSION, one.words, source=promised.source if promised else None)
    if one.what not in may:
        raise BadInput(N_("This sort of request does not end in that outcome."), field=at)
    if one.words and len(one.words) > LONGEST_WORDS:
        raise BadInput(N_("The words are too long; 2,000 characters are kept."), field=at)
    if one.what not in NEEDS_GROUND:
        if one.ground is not None:
            raise BadInput(N_("What is simply done has no ground against it."), field=at)
        return one
    ground = known.get(one.ground or "")
    if ground is None:
        listed = sorted(code for code, each in known.items() if one.what in each.carries)
        raise BadInput(Filled(NEEDS_ONE, grounds=listed), field=at)
    if one.what not in ground.carries:
        raise BadInput(Filled(N_("This ground does not carry this outcome: %(ground)s."), ground=ground.code), field=at)
    if one.what == "defer" and (one.recheck_on is None or one.recheck_on <= today):
        raise BadInput(
            N_("A deferral needs the day on which it is looked at again, and that day is to come."), field=at
        )
    if one.what in ("keep", "isolate") and one.keep_until is None and ground.code != SUPPRESSION:
        raise BadInput(N_("Say until when it is kept; it goes then by itself."), field=at)
    if one.keep_until is not None and one.keep_until < today:
        raise BadInput(N_("The day until which it is kept is past."), field=at)
    return Outcome(
        at, one.what, ground.code, one.words, one.recheck_on, one.keep_until, one.backup_until, ground.source,
        one.recheck or ground.recheck,
    )  # fmt: skip


def stays(one: Outcome, may: Iterable[str]) -> bool:
    """Is it the entry that keeps us from writing again? Where data is erased it stays, whatever is decided of it."""
    erased = one.what in ("do", "anonymize") or (one.what, one.ground) == ("keep", SUPPRESSION)
    return one.category.partition(SPLIT)[0] == SUPPRESSION and "keep" in may and erased


def save(
    tx: Tx, key: bytes | None, organization_id: uuid.UUID, request_id: uuid.UUID, outcomes: Iterable[Outcome],
    by: uuid.UUID | None, now: datetime,
) -> None:  # fmt: skip
    """These are the outcomes of the request, beside what is done; what was decided before stays in the ledger alone."""
    place: dict[str, object] = {"organization_id": organization_id, "request_id": request_id}
    tx.run(_CLEAR, place)
    rows = [
        place
        | {
            "category": one.category,
            "outcome": one.what,
            "ground": one.ground,
            "source": one.source,
            "sealed_words": service.seal(key, organization_id, request_id, one.words, one.category) if key else None,
            "recheck_on": one.recheck_on,
            "recheck": one.recheck,
            "keep_until": one.keep_until,
            "backup_until": one.backup_until,
            "state": DECIDED,
            "decided_by": by,
            "decided_at": now,
        }
        for one in outcomes
    ]
    tx.later_rows(_INSERT, [_INSERT.row(one) for one in rows])


def of(tx: Tx, organization_id: uuid.UUID, request_id: uuid.UUID) -> tuple[Recorded, ...]:
    """What was decided, by class of data."""
    return tuple(_read(row) for row in tx.all(_ALL, {"organization_id": organization_id, "request_id": request_id}))


def set_state(
    tx: Tx, organization_id: uuid.UUID, request_id: uuid.UUID, category: str, state: str, at: datetime | None
) -> None:
    """The outcome of this class of data is now waiting or done."""
    place = {"organization_id": organization_id, "request_id": request_id, "category": category}
    tx.run(_STATE, place | {"state": state, "at": at})


def words(key: bytes, organization_id: uuid.UUID, request_id: uuid.UUID, one: Recorded) -> str:
    """What the person is told besides the ground."""
    return service.words_of(key, organization_id, request_id, one.sealed_words, one.outcome.category)


def _read(row: tuple[Any, ...]) -> Recorded:
    category, what, ground, source, sealed, recheck_on, recheck, keep, backup, state, by, decided_at, done_at = row
    outcome = Outcome(
        category, what, ground, None, _day(recheck_on), _day(keep), _day(backup), source, recheck
    )  # fmt: skip
    return Recorded(
        outcome, state, None if by is None else as_id(by), as_instant(decided_at),
        None if done_at is None else as_instant(done_at), None if sealed is None else bytes(sealed),
    )  # fmt: skip


def _day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(str(value))
