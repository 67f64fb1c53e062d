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
from consent.preferences import past
from consent.preferences.asking import COPY, standing_of
from consent.preferences.rules import State
from consent.preferences.service import SELECT_STATE, state_from
from consent.subjects import service as subjects
from consent.subjects.addresses import TELEPHONE
from consent.subjects.service import Tagged

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
        "organization_id": tx.id(organization_id),
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


def gather_then(
    tx: Tx,
    organization_id: uuid.UUID,
    rulebook: Rulebook,
    question: Question,
    tagged: Tagged,
    person_id: uuid.UUID | None,
) -> tuple[State, Standing]:
    """The same as it was at the instant of the question: by what was recorded, copied and sent until then."""
    until, contact = question.at, subjects.find(tx, organization_id, tagged)
    state = past.state_at(tx, organization_id, contact, until) if contact is not None else {}
    place = {"organization_id": organization_id, "channel": question.channel, "tag64": tagged.tag64}
    if rulebook.scrubs(question.program, question.message_class, question.channel):
        rows = state_from(tx.all(SELECT_STATE_AND_COPIES, place))
        state |= {key: one for key, one in rows.items() if key[0].startswith(COPY) and one.occurred_at <= until}
    standing = standing_of(state, question.program, person_id)
    where = whereabouts(question, tagged.address.value) if rulebook.timing.asked(question) else None
    back = (rulebook.timing.looks_back(question, where) if where is not None else None) or NO_TIME
    chosen = standing.frequency
    if chosen is not None:
        back = max(back, Period.parse(chosen.per).elapsed)
    left = _sent(tx.all(*_since(organization_id, question, tagged.tag64, back))) if back else ()
    return state, standing._replace(where=where, sent=tuple(one for one in left if one.sent_at <= until))


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
