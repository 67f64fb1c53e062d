"""Ask the gate: gather what holds, let the rulebook decide, store the answer with what it rested on."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from consent.db import Rows, Sql, Tx
from consent.db.types import as_instant
from consent.decisions.gathering import About, gather, gather_all, gather_then
from consent.decisions.standing import standing_json
from consent.errors import BadInput
from consent.ids import new_id
from consent.ledger.bodies import instant
from consent.policies.questions import NO_FACTS
from consent.policies.rulebook import Facts, Question, Reason, Rulebook, Standing, Verdict
from consent.preferences.models import NOBODY
from consent.preferences.rules import State
from consent.subjects.service import Tagged
from consent.web.bodies import text_of

# An answer is never relied on longer than this: the next STOP may already be under way (ledger A6).
RELY_FOR = timedelta(seconds=60)
NOT_BEFORE = timedelta(minutes=10)
STRANGER = uuid.UUID(int=1)  # a person nobody has heard of: nothing is on record for them

_INSERT = Rows(
    "decision",
    (
        "organization_id", "id", "asked_at", "about_at", "program", "message_class", "channel", "tag64", "person_id",
        "answer", "rulebook", "explained",
    ),
)  # fmt: skip
_SELECT = Sql(
    "SELECT id, asked_at, about_at, program, message_class, channel, answer, explained FROM decision"
    " WHERE organization_id = :organization_id AND id = :id"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question at the gate: may this class of this program go to this address at `at`?"""

    program: str
    message_class: str
    tagged: Tagged
    at: datetime
    content: str | None = None
    person_id: uuid.UUID | None = None
    facts: Facts = NO_FACTS


class Asking(NamedTuple):
    """A question with the organization that is asked, its log and rulebook, and when it is asked."""

    organization_id: uuid.UUID
    origin: str
    rulebook: Rulebook
    asked: Asked
    now: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """An answer of the gate; `id` is None when it was only explained."""

    id: uuid.UUID | None
    verdict: Verdict
    policy: str
    policy_version: str
    position: dict[str, str]
    valid_until: datetime
    standing: Standing

    @property
    def allowed(self) -> bool:
        """Whether it may go."""
        return self.verdict.answer == "allow"

    def as_json(self) -> dict[str, Any]:
        """The answer as the API gives it."""
        return {
            "id": str(self.id) if self.id is not None else None,
            "answer": self.verdict.answer,
            "reasons": [reason_json(one) for one in self.verdict.reasons],
            "policy": self.policy,
            "policy_version": self.policy_version,
            "position": self.position,
            "valid_until": instant(self.valid_until),
        } | ({"next_allowed": instant(self.verdict.next_allowed)} if self.verdict.next_allowed is not None else {})


def check_time(at: datetime, now: datetime) -> None:
    """A question is about now or later; what was decided in the past is stored and can be read."""
    if at < now - NOT_BEFORE:
        raise BadInput(
            "A decision is about now or later. Past decisions are stored: read them by their id.", field="at"
        )


def explain(tx: Tx, asking: Asking) -> Decided:
    """The answer, not stored; one statement, and a second where sent messages are counted."""
    question = _question(asking.asked)
    gathered = gather(tx, asking.organization_id, _about(asking, question))
    return _answered(asking.origin, asking.rulebook, question, gathered, asking.now, None)


def explain_then(tx: Tx, asking: Asking) -> Decided:
    """The answer at an instant that is over: from what the ledger held then, by the rulebook that bound."""
    organization_id, origin, rulebook, asked, _ = asking
    question = _question(asked)
    gathered = gather_then(tx, organization_id, rulebook, question, asked.tagged, asked.person_id)
    return _answered(origin, rulebook, question, gathered, asked.at, None)


def decide(tx: Tx, asking: Asking) -> tuple[Decided, bytes]:
    """The answer, stored as it is given with the question and everything it rested on; second, its JSON."""
    return decide_all(tx, [asking])[0]


def decide_all(tx: Tx, several: Sequence[Asking]) -> list[tuple[Decided, bytes]]:
    """`decide` for several of one organization, in their order."""
    questions = [_question(one.asked) for one in several]
    known = gather_all(tx, several[0].organization_id, [
        _about(one, question) for one, question in zip(several, questions, strict=True)
    ])  # fmt: skip
    said, rows = list[tuple[Decided, bytes]](), list[tuple[object, ...]]()
    for one, question, gathered in zip(several, questions, known, strict=True):
        decision_id = new_id(one.now)
        decided = _answered(one.origin, one.rulebook, question, gathered, one.now, decision_id)
        body = text_of(decided.as_json())
        rows.append(_row(tx, one, decision_id, decided, body))
        said.append((decided, body.encode()))
    tx.later_rows(_INSERT, rows)
    return said


def _row(tx: Tx, asking: Asking, decision_id: uuid.UUID, decided: Decided, body: str) -> tuple[object, ...]:
    asked, standing = asking.asked, text_of(standing_json(decided.standing))
    facts = "{}" if asked.facts is NO_FACTS else text_of(facts_json(asked.facts))
    return (
        tx.id(asking.organization_id),
        tx.id(decision_id),
        tx.at(asking.now),
        tx.at(asked.at),
        asked.program,
        asked.message_class,
        asked.tagged.address.channel,
        asked.tagged.tag64,
        tx.id(asked.person_id or NOBODY),
        decided.verdict.answer,
        bytes.fromhex(asking.rulebook.content_hash),
        f'{{"answer":{body},"standing":{standing},"facts":{facts}}}',
    )


def stored(tx: Tx, organization_id: uuid.UUID, decision_id: uuid.UUID) -> dict[str, Any] | None:
    """A stored decision as the API gives it, or None."""
    row = tx.one(_SELECT, {"organization_id": organization_id, "id": decision_id})
    if row is None:
        return None
    explained = json.loads(row[7])
    return {
        **explained["answer"],
        "standing": explained["standing"],
        "asked": {
            "program": row[3],
            "message_class": row[4],
            "channel": row[5],
            "at": instant(as_instant(row[2])),
        }
        | ({"facts": explained["facts"]} if explained.get("facts") else {}),
        "decided_at": instant(as_instant(row[1])),
    }


def reason_json(reason: Reason) -> dict[str, str]:
    """A reason without the members it does not have."""
    shown = {"code": reason.code, "text": reason.text}
    if reason.commitment is not None:
        shown["commitment"] = reason.commitment
    if reason.law is not None:
        shown["law"] = reason.law
    if reason.clause is not None:
        shown["clause"] = reason.clause
    if reason.basis is not None:
        shown["basis"] = reason.basis
    if reason.entry is not None:
        shown["entry"] = str(reason.entry)
    return shown


def facts_json(facts: Facts) -> dict[str, str | bool]:
    """The facts that came with a question, as they are stored and shown again."""
    given = {name: value for name, value in facts._asdict().items() if value is not None}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}


def asks_more(rulebook: Rulebook, program: str, message_class: str, channel: str) -> bool:
    """Whether such a question rests on more than the state of the contact point: registries, or the time there."""
    return rulebook.scrubs(program, message_class, channel) or rulebook.timing.sells(channel, program, message_class)


def newest_entry(state: State) -> uuid.UUID | None:
    """The newest ledger entry that counted, or None where none did."""
    told = [(one.occurred_at, one.event_id) for one in state.values() if one.event_id != NOBODY]
    return max(told)[1] if told else None


def _question(asked: Asked) -> Question:
    channel = asked.tagged.address.channel
    return Question(asked.program, asked.message_class, channel, asked.at, asked.content, facts=asked.facts)


def _about(asking: Asking, question: Question) -> About:
    tagged = asking.asked.tagged
    return About(asking.rulebook, question, tagged.tag64, tagged.address.value, asking.asked.person_id)


def _answered(
    origin: str,
    rulebook: Rulebook,
    question: Question,
    gathered: tuple[State, Standing],
    now: datetime,
    decision_id: uuid.UUID | None,
) -> Decided:
    state, standing = gathered
    verdict = rulebook.may_contact(question, standing)
    newest = newest_entry(state)
    position = {"log": origin} if newest is None else {"log": origin, "entry": str(newest)}
    return Decided(
        decision_id,
        verdict,
        rulebook.policy_version.policy,
        rulebook.policy_version.version,
        position,
        _relied_on_until(rulebook, question.channel, standing, verdict, now),
        standing,
    )


def _relied_on_until(rulebook: Rulebook, channel: str, standing: Standing, verdict: Verdict, now: datetime) -> datetime:
    """A minute from now; less where the hours end before."""
    if verdict.answer == "deny" or standing.where is None:
        return now + RELY_FOR
    return rulebook.hours.closes(channel, now, standing.where, RELY_FOR) or now + RELY_FOR
