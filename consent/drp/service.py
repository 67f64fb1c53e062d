"""An agent's request becomes one of ours; the person confirms or disowns it; the agent takes it back."""

import uuid
from datetime import datetime

from consent.db import Sql, Tx
from consent.drp import claims, queries, words
from consent.drp import exercise as asking
from consent.drp.exercise import Exercise
from consent.drp.queries import Asked
from consent.drp.signed import Refused
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.outbox import mail
from consent.policies.answers.openings import wish_of
from consent.privacy_requests import casework, moves, submitting
from consent.privacy_requests import service as privacy_requests
from consent.privacy_requests.casework import Desk, Hand
from consent.privacy_requests.moves import NotNow
from consent.subjects import service as subjects
from consent.verification import limits, visits

BY_AGENT = "agent"  # the way a request came, and in what quality somebody asks for another
BY_CODE = "code-to-claimed-address"
VERIFIABLE = (moves.OPEN, moves.IN_PROGRESS)
PERSON = Hand(source="page")

_INSERT = Sql(
    "INSERT INTO drp_request (organization_id, id, agent_id, message_tag, privacy_request_id, opened, exercise, regime,"
    " received_at, refused, confirmed_at, sealed, told, attempts, run_at) VALUES (:organization_id, :id, :agent_id,"
    " :tag, :privacy_request_id, :opened, :exercise, :regime, :now, :refused, :confirmed_at, :sealed, '', 0, :run_at)"
)
_TOLD = Sql("UPDATE drp_request SET told = :told WHERE organization_id = :organization_id AND id = :id")
_REVOKE = Sql("UPDATE drp_request SET revoked_at = :now WHERE organization_id = :organization_id AND id = :id")
_DISOWN = Sql(
    "UPDATE drp_request SET disowned_at = :now, told = '' WHERE organization_id = :organization_id AND id = :id"
)
_CONFIRM = Sql("UPDATE drp_request SET confirmed_at = :now WHERE organization_id = :organization_id AND id = :id")


def tag_of(keyring: Keyring, exercise: Exercise) -> bytes:
    """By which the same message of the same agent is known again, whoever sends it."""
    raw = b"drp|" + exercise.agent.id.bytes + exercise.message.raw
    return keyring.payload_tag(exercise.agent.organization_id, raw)


def take(tx: Tx, desk: Desk, exercise: Exercise, identity: uuid.UUID, letter: mail.Mail, now: datetime) -> uuid.UUID:
    """It is on record as `identity`, dated at its arrival, once: the same message again is the request of before.

    `letter` asks the person whether they want this; it goes where that is not known, and only to a mailbox.
    """
    organization_id, tag = exercise.agent.organization_id, tag_of(desk.keyring, exercise)
    known = queries.of_message(tx, organization_id, tag)
    if known is not None:
        return known
    answer = asking.answer(desk.rulebook, exercise)
    row: dict[str, object] = {
        "organization_id": organization_id,
        "id": identity,
        "agent_id": exercise.agent.id,
        "tag": tag,
        "privacy_request_id": None,
        "opened": False,
        "exercise": exercise.right,
        "regime": exercise.regime,
        "now": now,
        "refused": answer.refused,
        "confirmed_at": None,
        "sealed": queries.sealed(desk.keyring, organization_id, identity, exercise.agent_request_id, exercise.callback),
        "run_at": now if exercise.callback is not None else None,
    }
    if answer.refused:
        facts = {"agent": exercise.agent.agent_id, "right": exercise.right, "reason": answer.refused}
        organizations.record(tx, desk.keyring, organization_id, "agent_request.refused", facts, now)
    else:
        sure = asking.shown(desk.rulebook, exercise, answer.request_type)
        opened = _open(tx, desk, exercise, answer, now if sure else None, now)
        row |= {"privacy_request_id": opened.id, "opened": opened.is_new, "confirmed_at": now if sure else None}
    tx.run(_INSERT, row)
    asked = queries.one(tx, desk.keyring, organization_id, identity)
    assert asked is not None
    tx.run(_TOLD, {"organization_id": organization_id, "id": identity, "told": asked.mark})
    if asked.said.reason == words.NEED_VERIFICATION:
        _ask_person(tx, desk, exercise, answer.request_type, identity, letter, now)
    return identity


def revoke(tx: Tx, desk: Desk, asked: Asked, now: datetime) -> None:
    """The agent asks for nothing any more; a request that the person made too goes on. Refused once it is over."""
    said = asked.said
    if said.status == "revoked":
        return
    if said.is_final:
        raise Refused(409, f"The request is over: {said.status}. Nothing can be taken back.")
    _end(tx, desk, asked, "agent_request.revoked", Hand(source="drp"), now)
    tx.run(_REVOKE, {"organization_id": desk.log.organization_id, "id": asked.id, "now": now})


def confirm(tx: Tx, desk: Desk, asked: Asked, now: datetime) -> None:
    """The person, who has shown who they are, says that this is theirs."""
    if asked.confirmed_at is not None or asked.said.is_final:
        return
    tx.run(_CONFIRM, {"organization_id": desk.log.organization_id, "now": now, "id": asked.id})
    if asked.state in VERIFIABLE and asked.privacy_request_id is not None:
        shown = (asking.AUTHORITY, asking.IDENTITY)
        casework.verify(tx, desk, asked.privacy_request_id, PERSON, now, (BY_CODE,), shown=shown)
    _record(tx, desk, asked, "agent_request.confirmed", {}, now)


def disown(tx: Tx, desk: Desk, asked: Asked, now: datetime) -> None:
    """The person says that they did not ask for this: nothing of it is done for this agent."""
    if asked.said.is_final:
        return
    try:
        _end(tx, desk, asked, "agent_request.disowned", PERSON, now)
    except Refused:  # it is being carried out already: on record all the same, for whoever works on it
        _record(tx, desk, asked, "agent_request.disowned", {"ends": False}, now)
    tx.run(_DISOWN, {"organization_id": desk.log.organization_id, "id": asked.id, "now": now})


def _open(
    tx: Tx, desk: Desk, exercise: Exercise, answer: asking.Answer, verified_at: datetime | None, now: datetime
) -> privacy_requests.Opened:
    organization_id = exercise.agent.organization_id
    places = tuple(
        subjects.tagged(desk.keyring, organization_id, one)
        for reached in exercise.claims.reached
        for one in visits.places_of(reached.kind, reached.address.deliver_to)
    )
    wish = wish_of(answer.request_type)
    asked = privacy_requests.Asked(
        answer.request_type,
        BY_AGENT,
        now,
        source="drp",
        place=exercise.place,
        role=answer.role,
        verified_at=verified_at,
        acted_at=now if wish in submitting.ACTS else None,
        words=claims.words_of(exercise.agent.name, exercise.right, exercise.claims, exercise.message),
        entered_by=exercise.agent.name,
        representative=BY_AGENT,
        represented_by=f"{exercise.agent.name} ({exercise.agent.agent_id})",
    )
    sent = submitting.Sent(asked, places)
    return submitting.submit(tx, desk.keyring, desk.log, desk.rulebook, sent, now)


def _ask_person(
    tx: Tx,
    desk: Desk,
    exercise: Exercise,
    request_type: str,
    identity: uuid.UUID,
    letter: mail.Mail,
    now: datetime,
) -> None:
    """The person is asked by mail, where the agent named a mailbox; at most once an hour about the same wish."""
    organization_id, first = exercise.agent.organization_id, exercise.claims.reached[0]
    if first.kind != "email":
        return
    about = f"{BY_AGENT}-{request_type}"
    if not limits.mail_is_due(tx, desk.keyring, organization_id, about, first.address, now):
        return
    tagged = subjects.tagged(desk.keyring, organization_id, first.address)
    contact = subjects.contact(tx, desk.keyring, organization_id, tagged, now)
    mail.write(
        tx,
        desk.keyring,
        organization_id,
        contact.stream.key,
        first.address,
        letter,
        now,
        kind="mail.agent",
        contact_point_id=contact.id,
        unique_key=f"agent:{identity}",
    )


def _end(tx: Tx, desk: Desk, asked: Asked, event: str, by: Hand, now: datetime) -> None:
    """What the agent asked is over; our own request with it, if nobody else asked for the same."""
    alone = _is_alone(tx, desk, asked)
    if alone and asked.privacy_request_id is not None:
        try:
            casework.revoke(tx, desk, asked.privacy_request_id, by, now)
        except NotNow as error:
            raise Refused(409, error.detail) from None
    _record(tx, desk, asked, event, {"ends": alone}, now)


def _is_alone(tx: Tx, desk: Desk, asked: Asked) -> bool:
    """Whether this agent alone asked: it opened our request, and nobody joined that since."""
    if not asked.opened or asked.privacy_request_id is None:
        return False
    if asked.verified_at is not None and asked.confirmed_at is None:
        return False  # the person has shown up by another way
    steps = casework.timeline(tx, desk.log.organization_id, asked.privacy_request_id)
    return not any(one.kind == "joined" for one in steps)


def _record(tx: Tx, desk: Desk, asked: Asked, event: str, more: dict[str, object], now: datetime) -> None:
    assert asked.contact_point_id is not None
    stream = ledger.stream(tx, desk.keyring, desk.log.organization_id, asked.contact_point_id)
    data: dict[str, object] = {"request": str(asked.privacy_request_id), "agent_request": str(asked.id)}
    ledger.append(tx, desk.log, stream, ledger.Event(event, "drp", data=data | more), now)
