"""Messages that the organization's own systems sent: logged, and held against the decision and the person's word."""

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from consent.db import Sql, Tx
from consent.db.types import as_instant
from consent.ids import new_id
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.outbox import message_log
from consent.outbox.message_log import SOUND, Flag, Sent
from consent.policies.rulebook import Question, Rulebook
from consent.preferences import rules as preference_rules
from consent.preferences.asking import standing_of
from consent.preferences.rules import State
from consent.preferences.service import SELECT_STATE, facts_of, state_from
from consent.subjects import service as subjects
from consent.subjects.service import Tagged, find_parameters

T = TypeVar("T")

CLOCKS_DIFFER = timedelta(minutes=2)  # by how much the sender's clock may be off ours
_CHUNK = 200  # messages looked up in one round trip
# What a denial says where the person's own word stands against a message.
_REVOKED = frozenset({"suppressed", "on-suppression-list", "consent-withdrawn", "consent-refused"})

_DECISION = Sql(
    "SELECT answer, asked_at, channel, tag64, program, message_class, explained FROM decision"
    " WHERE organization_id = :organization_id AND id = :id"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a system says it sent; `decision` is what allowed it, as the system says."""

    program: str
    message_class: str
    tagged: Tagged
    sent_at: datetime
    decision: uuid.UUID | None = None
    provider_id: str | None = None
    segments: int | None = None
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """The id and flags under which a message stands in the log; not `is_new` when it stood there already."""

    id: uuid.UUID
    flags: Flag
    is_new: bool = True


def judge(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, rulebook: Rulebook, told: Sequence[Told], now: datetime
) -> list[Sent]:
    """Each message as it will be logged, with what is wrong with it; reads only."""
    judged: list[Sent] = []
    for some in _chunks(told):
        questions = [(SELECT_STATE, find_parameters(organization_id, one.tagged)) for one in some]
        ids = [one.decision or organization_id for one in some]  # an organization's id is no decision's
        questions += [(_DECISION, {"organization_id": organization_id, "id": one}) for one in ids]
        rows = tx.gather(*questions)
        for one, state, decision in zip(some, rows[: len(some)], rows[len(some) :], strict=True):
            flags = _against_decision(one, decision[0] if decision else None)
            if _was_revoked(tx, organization_id, rulebook, one, state_from(state)):
                flags |= Flag.AFTER_REVOCATION
            known = Flag.NO_DECISION not in flags
            judged.append(_sent(keyring, organization_id, one, flags, one.decision if known else None, now))
    return judged


def record(tx: Tx, organization_id: uuid.UUID, judged: Sequence[Sent]) -> list[Logged]:
    """The messages are logged, in order; one whose provider's id is known already stays as it was first logged."""
    logged: list[Logged] = []
    for some in _chunks(judged):
        written = tx.gather(*[message_log.insert(tx, organization_id, one) for one in some])
        for one, rows in zip(some, written, strict=True):
            found = None
            if not rows and one.provider_tag is not None:
                found = message_log.by_provider(tx, organization_id, one.provider_tag)
            logged.append(Logged(one.id, one.flags) if found is None else Logged(*found, is_new=False))
    return logged


def _sent(
    keyring: Keyring,
    organization_id: uuid.UUID,
    told: Told,
    flags: Flag,
    decision: uuid.UUID | None,
    now: datetime,
) -> Sent:
    named = told.provider_id
    return Sent(
        new_id(now),
        told.tagged.address.channel,
        told.tagged.tag64,
        told.sent_at,
        told.program,
        told.message_class,
        told.sender,
        decision,
        message_log.provider_tag(keyring, organization_id, named) if named is not None else None,
        told.segments,
        flags,
    )


def _against_decision(told: Told, row: tuple[object, ...] | None) -> Flag:
    """What is wrong between a message and the decision it names."""
    if told.decision is None or row is None:
        return Flag.NO_DECISION
    answer, asked_at, channel, tag64, program, message_class, explained = row
    flags = SOUND
    if answer != "allow":
        flags |= Flag.DECISION_DENIED
    asked = as_instant(asked_at)  # type: ignore[arg-type]
    until = datetime.fromisoformat(json.loads(str(explained))["answer"]["valid_until"])
    if not asked - CLOCKS_DIFFER <= told.sent_at <= until + CLOCKS_DIFFER:
        flags |= Flag.DECISION_EXPIRED
    place = (told.tagged.address.channel, told.tagged.tag64, told.program, told.message_class)
    if place != (channel, tag64, program, message_class):
        flags |= Flag.ADDRESS_DIFFERS
    return flags


def _was_revoked(tx: Tx, organization_id: uuid.UUID, rulebook: Rulebook, told: Told, state: State) -> bool:
    """Whether the person's no stood when the message left, by what holds now or, if more was said since, by then."""
    if any(one.occurred_at > told.sent_at for one in state.values()):
        state = _as_it_was(tx, organization_id, told)
    standing = standing_of(state, told.program, None)
    channel = told.tagged.address.channel
    verdict = rulebook.may_contact(Question(told.program, told.message_class, channel, told.sent_at), standing)
    if any(one.code.startswith("unknown-") for one in verdict.reasons):
        return standing.stopped is not None
    return any(one.code in _REVOKED for one in verdict.reasons)


def _as_it_was(tx: Tx, organization_id: uuid.UUID, told: Told) -> State:
    contact = subjects.find(tx, organization_id, told.tagged)
    if contact is None:
        return {}
    facts = facts_of(ledger.bodies_of(tx, organization_id, contact))
    return preference_rules.fold([one for one in facts if one.occurred_at <= told.sent_at])


def _chunks(all_of_them: Sequence[T]) -> Iterator[Sequence[T]]:
    for begin in range(0, len(all_of_them), _CHUNK):
        yield all_of_them[begin : begin + _CHUNK]
