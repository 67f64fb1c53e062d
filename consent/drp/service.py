"""An agent's request becomes one of ours; the person confirms or disowns it; the agent takes it back."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from consent.db import Sql, Tx
from consent.drp import claims, queries, words
from consent.drp import exercise as asking
from consent.drp.exercise import Exercise
from consent.drp.queries import Asked
from consent.drp.signed import Refused
from consent.ledger import bodies
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.outbox import mail
from consent.policies.answers.openings import wish_of
from consent.policies.rulebook import Rulebook
from consent.privacy_requests import service as privacy_requests
from consent.privacy_requests import submitting
from consent.privacy_requests.rules import UNDER_WAY
from consent.subjects import service as subjects
from consent.verification import limits, visits

BY_AGENT = "agent"  # the way a request came

_INSERT = Sql(
    "INSERT INTO drp_request (organization_id, id, agent_id, message_tag, privacy_request_id, opened, exercise, regime,"
    " received_at, refused, confirmed_at, sealed, told, attempts, run_at) VALUES (:organization_id, :id, :agent_id,"
    " :tag, :privacy_request_id, :opened, :exercise, :regime, :now, :refused, :confirmed_at, :sealed, '', 0, :run_at)"
)
_TOLD = Sql("UPDATE drp_request SET told = :told WHERE organization_id = :organization_id AND id = :id")
_REVOKE = Sql("UPDATE drp_request SET revoked_at = :now WHERE organization_id = :organization_id AND id = :id")
_DISOWN = Sql("UPDATE drp_request SET disowned_at = :now WHERE organization_id = :organization_id AND id = :id")
_CONFIRM = Sql("UPDATE drp_request SET confirmed_at = :now WHERE organization_id = :organization_id AND id = :id")
_VERIFY = Sql(
    "UPDATE privacy_request SET verified_at = :now"  # noqa: S608 - a fixed condition
    f" WHERE organization_id = :organization_id AND id = :id AND verified_at IS NULL AND {UNDER_WAY}"
)
_END = Sql(
    "UPDATE privacy_request SET state = 'revoked'"  # noqa: S608 - a fixed condition
    f" WHERE organization_id = :organization_id AND id = :id AND {UNDER_WAY}"
)


@dataclass(frozen=True, slots=True)
class Office:
    """Where requests of one organization are put on record."""

    keyring: Keyring
    log: ledger.Log
    rulebook: Rulebook


def tag_of(keyring: Keyring, exercise: Exercise) -> bytes:
    """By which the same message of the same agent is known again, whoever sends it."""
    raw = b"drp|" + exercise.agent.id.bytes + exercise.message.raw
    return keyring.payload_tag(exercise.agent.organization_id, raw)


def take(
    tx: Tx, office: Office, exercise: Exercise, identity: uuid.UUID, letter: mail.Mail, now: datetime
) -> uuid.UUID:
    """It is on record as `identity`, dated at its arrival, once: the same message again is the request of before.

    `letter` asks the person whether they want this; it goes where that is not known, and only to a mailbox.
    """
    organization_id, tag = exercise.agent.organization_id, tag_of(office.keyring, exercise)
    known = queries.of_message(tx, organization_id, tag)
    if known is not None:
        return known
    answer = asking.answer(office.rulebook, exercise)
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
        "sealed": queries.sealed(
            office.keyring, organization_id, identity, exercise.agent_request_id, exercise.callback
        ),
        "run_at": now if exercise.callback is not None else None,
    }
    if answer.refused:
        facts = {"agent": exercise.agent.agent_id, "right": exercise.right, "reason": answer.refused}
        organizations.record(tx, office.keyring, organization_id, "agent_request.refused", facts, now)
    else:
        sure = asking.shown(office.rulebook, exercise, answer.request_type)
        opened = _open(tx, office, exercise, answer, now if sure else None, now)
        row |= {"privacy_request_id": opened.id, "opened": opened.is_new, "confirmed_at": now if sure else None}
    tx.run(_INSERT, row)
    asked = queries.one(tx, office.keyring, organization_id, identity)
    assert asked is not None
    tx.run(_TOLD, {"organization_id": organization_id, "id": identity, "told": asked.mark})
    if asked.said.reason == words.NEED_VERIFICATION:
        _ask_person(tx, office, exercise, answer.request_type, identity, letter, now)
    return identity


def revoke(tx: Tx, office: Office, asked: Asked, now: datetime) -> None:
    """The agent asks for nothing any more; a request that the person made too goes on. Refused once it is over."""
    said = asked.said
    if said.status == "revoked":
        return
    if said.is_final:
        raise Refused(409, f"The request is over: {said.status}. Nothing can be taken back.")
    place: dict[str, object] = {"organization_id": office.log.organization_id, "id": asked.id, "now": now}
    alone = _is_alone(tx, office, asked)
    tx.run(_REVOKE, place)
    _end(tx, office, asked, "agent_request.revoked", alone, now)


def confirm(tx: Tx, office: Office, asked: Asked, now: datetime) -> None:
    """The person, who has shown who they are, says that this is theirs."""
    if asked.confirmed_at is not None or asked.said.is_final:
        return
    place: dict[str, object] = {"organization_id": office.log.organization_id, "now": now}
    tx.run(_CONFIRM, place | {"id": asked.id})
    tx.run(_VERIFY, place | {"id": asked.privacy_request_id})
    _record(tx, office, asked, "agent_request.confirmed", {}, now)


def disown(tx: Tx, office: Office, asked: Asked, now: datetime) -> None:
    """The person says that they did not ask for this: nothing of it is done for this agent."""
    if asked.said.is_final:
        return
    alone = _is_alone(tx, office, asked)
    tx.run(_DISOWN, {"organization_id": office.log.organization_id, "id": asked.id, "now": now})
    _end(tx, office, asked, "agent_request.disowned", alone, now)


def _open(
    tx: Tx, office: Office, exercise: Exercise, answer: asking.Answer, verified_at: datetime | None, now: datetime
) -> privacy_requests.Opened:
    organization_id = exercise.agent.organization_id
    places = tuple(
        subjects.tagged(office.keyring, organization_id, one)
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
    )
    sent = submitting.Sent(asked, places)
    return submitting.submit(tx, office.keyring, office.log, office.rulebook, sent, now)


def _ask_person(
    tx: Tx,
    office: Office,
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
    if not limits.mail_is_due(tx, office.keyring, organization_id, about, first.address, now):
        return
    tagged = subjects.tagged(office.keyring, organization_id, first.address)
    contact = subjects.contact(tx, office.keyring, organization_id, tagged, now)
    mail.write(
        tx,
        office.keyring,
        organization_id,
        contact.stream.key,
        first.address,
        letter,
        now,
        kind="mail.agent",
        contact_point_id=contact.id,
        unique_key=f"agent:{identity}",
    )


def _end(tx: Tx, office: Office, asked: Asked, event: str, alone: bool, now: datetime) -> None:
    """What the agent asked is over; our own request with it, if nobody else asked for the same."""
    if alone:
        tx.run(_END, {"organization_id": office.log.organization_id, "id": asked.privacy_request_id})
    _record(tx, office, asked, event, {"ends": alone}, now)


def _is_alone(tx: Tx, office: Office, asked: Asked) -> bool:
    """Whether this agent alone asked: it opened our request, and nothing joined that since."""
    if not asked.opened or asked.contact_point_id is None:
        return False
    if asked.verified_at is not None and asked.confirmed_at is None:
        return False  # the person has shown up by another way
    stream = ledger.bodies_of(tx, office.log.organization_id, asked.contact_point_id)
    joined = (bodies.parse(one) for one in stream if b'"privacy_request.joined"' in one)
    return not any(one.data.get("request") == str(asked.privacy_request_id) for one in joined)


def _record(tx: Tx, office: Office, asked: Asked, event: str, more: dict[str, object], now: datetime) -> None:
    assert asked.contact_point_id is not None
    stream = ledger.stream(tx, office.keyring, office.log.organization_id, asked.contact_point_id)
    data: dict[str, object] = {"request": str(asked.privacy_request_id), "agent_request": str(asked.id)}
    ledger.append(tx, office.log, stream, ledger.Event(event, "drp", data=data | more), now)
