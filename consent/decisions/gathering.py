"""Read what a question rests on: what was said and became of the number, and, where time matters, what was sent."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

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
from consent.preferences.service import SELECT_AS_JSON, read_many, state_from, state_from_json
from consent.subjects import service as subjects
from consent.subjects.addresses import TELEPHONE
from consent.subjects.service import Tagged

NO_TIME = timedelta()


class About(NamedTuple):
    """A question by a rulebook, and about whom: a contact point, and who of those behind it (None: all of them)."""

    rulebook: Rulebook
    question: Question
    tag64: int
    address: str
    person_id: uuid.UUID | None = None


def gather(tx: Tx, organization_id: uuid.UUID, about: About) -> tuple[State, Standing]:
    """The state and the standing behind a question; one statement, and a second where sent messages are counted."""
    rulebook, question, tag64, address, _ = about
    scrubs = rulebook.scrubs(question.program, question.message_class, question.channel)
    asks, read = (SELECT_STATE_AND_COPIES, state_from) if scrubs else (SELECT_AS_JSON, _of_one_text)
    place: dict[str, object] = {
        "organization_id": tx.id(organization_id),
        "channel": question.channel,
        "tag64": tag64,
    }
    where = whereabouts(question, address) if rulebook.timing.asked(question) else None
    back = rulebook.timing.looks_back(question, where) if where is not None else None
    if back is None:
        state, sent = read(tx.all(asks, place)), tuple[SentFact, ...]()
    else:
        rows, left = tx.gather((asks, place), _since(organization_id, question, tag64, back))
        state, sent = read(rows), _sent(left)
    return state, _standing(tx, organization_id, about, state, where, sent, back)


def gather_all(tx: Tx, organization_id: uuid.UUID, several: Sequence[About]) -> list[tuple[State, Standing]]:
    """`gather` for several questions: those that rest on the state alone share a statement for each channel."""
    if len(several) == 1:
        return [gather(tx, organization_id, several[0])]
    places: dict[str, list[int]] = {}
    for one in several:
        if _rests_on_state(one):
            places.setdefault(one.question.channel, []).append(one.tag64)
    states = {channel: read_many(tx, organization_id, channel, tags) for channel, tags in places.items()}
    known = []
    for one in several:
        if _rests_on_state(one):
            state = states[one.question.channel].get(one.tag64, {})
            known.append((state, _standing(tx, organization_id, one, state)))
        else:
            known.append(gather(tx, organization_id, one))
    return known


def _of_one_text(rows: Sequence[Sequence[Any]]) -> State:
    return state_from_json(rows[0][0])


def _rests_on_state(about: About) -> bool:
    rulebook, question = about.rulebook, about.question
    if rulebook.scrubs(question.program, question.message_class, question.channel):
        return False
    return not rulebook.timing.asked(question)


def _standing(
    tx: Tx,
    organization_id: uuid.UUID,
    about: About,
    state: State,
    where: Whereabouts | None = None,
    sent: tuple[SentFact, ...] = (),
    back: timedelta | None = None,
) -> Standing:
    """What the state says, with what was sent since `back`; further back where the person chose how often."""
    question, tag64 = about.question, about.tag64
    standing = standing_of(state, question.program, about.person_id)
    chosen = standing.frequency
    if chosen is not None and (longer := Period.parse(chosen.per).elapsed) > (back or NO_TIME):
        sent = _sent(tx.all(*_since(organization_id, question, tag64, longer)))
    if where is not None or sent:
        standing = standing._replace(where=where, sent=sent)
    return standing


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
