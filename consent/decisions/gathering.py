"""Read what a question rests on: what was said and became of the number, and, where time matters, what was sent."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_instant
from consent.deadlines import Period
from consent.numbers.queries import SELECT_STATE_AND_COPIES
from consent.outbox.message_log import sent_since
from consent.policies.numbering import shipped
from consent.policies.questions import SentFact
from consent.policies.rulebook import Question, Rulebook, Standing
from consent.policies.whereabouts import Whereabouts
from consent.preferences.asking import standing_of
from consent.preferences.rules import State
from consent.preferences.service import SELECT_STATE, state_from
from consent.subjects.addresses import TELEPHONE

NO_TIME = timedelta()


def gather(
    tx: Tx,
    organization_id: uuid.UUID,
    rulebook: Rulebook,
    question: Question,
    tag64: int,
    address: str,
    person_id: uuid.UUID | None,
) -> tuple[State, Standing]:
    """The state and the standing behind a question; one statement, and a second where sent messages are counted."""
    scrubs = rulebook.scrubs(question.program, question.message_class, question.channel)
    asks = SELECT_STATE_AND_COPIES if scrubs else SELECT_STATE
    place: dict[str, object] = {
        "organization_id": organization_id,
        "channel": question.channel,
        "tag64": tag64,
    }
    where = whereabouts(question, address) if rulebook.timing.asked(question) else None
    back = rulebook.timing.looks_back(question, where) if where is not None else None
    if back is None:
        state, sent = state_from(tx.all(asks, place)), tuple[SentFact, ...]()
    else:
        rows, left = tx.gather((asks, place), _since(organization_id, question, tag64, back))
        state, sent = state_from(rows), _sent(left)
    standing = standing_of(state, question.program, person_id)
    chosen = standing.frequency
    if chosen is not None and (longer := Period.parse(chosen.per).elapsed) > (back or NO_TIME):
        sent = _sent(tx.all(*_since(organization_id, question, tag64, longer)))
    if where is not None or sent:
        standing = standing._replace(where=where, sent=sent)
    return state, standing


def _since(
    organization_id: uuid.UUID, question: Question, tag64: int, back: timedelta
) -> tuple[Sql, dict[str, object]]:
    return sent_since(organization_id, question.channel, tag64, question.at - back)


def _sent(left: Iterable[tuple[Any, ...]]) -> tuple[SentFact, ...]:
    return tuple(SentFact(one[0], one[1], as_instant(one[2])) for one in left)


def whereabouts(question: Question, address: str) -> Whereabouts:
    """Where the person may be: by the number and the place they are known to be in, or by that place alone."""
    known = question.facts.jurisdiction
    if question.channel in TELEPHONE:
        return shipped().of(address, known)
    return shipped().known(known)
