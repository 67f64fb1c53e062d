"""What becomes of each class of data: decided with grounds, approved, carried out, closed with its proof."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from consent.db import Sql, Tx
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.errors import BadInput, Conflict, Filled
from consent.ledger.bodies import instant
from consent.policies.answers.refusals import CONTROLLER, NO_AUTHORITY, TOO_OFTEN, UNVERIFIED, Ground
from consent.privacy_requests import steps, types
from consent.privacy_requests.casework import (
    appeals,
    checklist,
    classes,
    clocks,
    corrections,
    holding,
    identity,
    outcomes,
    repeated,
)
from consent.privacy_requests.casework.cases import Case, Desk, Hand, move, stream_of, take
from consent.privacy_requests.casework.holding import NOTHING, Held
from consent.privacy_requests.casework.outcomes import DECIDED, DONE, WAITING, WHOLE, Outcome
from consent.privacy_requests.moves import NotNow
from consent.privacy_requests.rules import UNDER_WAY
from consent.privacy_requests.types import Doing
from consent.staff import approvals
from consent.subjects import service as subjects
from consent.web.messages import N_

ERASE = "privacy_request.erase"  # what a second person is asked for, as the page of approvals names it
SIBLING = N_("Another request of this sort is under way for this person: go on there.")
ALL_DONE = N_("All of it was carried out and cannot be undone: whoever asks again makes a new request.")
AGAIN = N_("This was decided and done before: %(categories)s.")
UNKNOWN_PERSON = N_("It is not made sure yet who asks: do that first, or refuse on that ground.")
ELSEWHERE = N_("Another company decides about this data: pass it on and help, and decide nothing here.")
UNDECIDED = N_("Nothing is decided yet: there is nothing to approve.")
ANOTHER = N_("You decided this yourself. It erases more than one history: another officer approves it.")
BEGUN = N_("It is being carried out already: it cannot be decided again.")
NO_OUTCOME = N_("Nothing is closed without an outcome for each class of data.")
UNDERWAY = N_("It is being carried out already: what is done cannot be taken back.")
KNOWN_PERSON = N_("It is known who asks, or need not be: such a request is answered and does not expire.")
# A refusal on these grounds says that it was not made sure who asks, or that they may.
_UNPROVEN = frozenset((UNVERIFIED, NO_AUTHORITY))
_SIBLING = Sql(
    "SELECT id FROM privacy_request WHERE organization_id = :organization_id"  # noqa: S608 - a fixed condition
    f" AND contact_point_id = :contact_point_id AND request_type = :request_type AND {UNDER_WAY}"
)


class TwoPersons(Conflict):
    """Whoever decided may not approve too: a second person looks at what cannot be undone."""


def decide(
    tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, decided: Sequence[Outcome], *,
    categories: Iterable[str] = (), version: int | None = None,
) -> Case:  # fmt: skip
    """Each class of data has its outcome; `categories` are those that are held, and none of them may lack one.

    Raises BadInput where a ground is missing or carries no such outcome, NotNow where it is not known who asks,
    SameHand for an appeal against an answer of their own.
    """
    case = take(tx, desk, request_id, version)
    appeals.refuse_same_hand(tx, case, by)
    kind = types.of(case.request_type)
    recorded = outcomes.of(tx, case.organization_id, case.id)
    before = {one.outcome.category for one in recorded if one.state == DONE}
    held = set(categories) - before or ({WHOLE} if not kind.by_category else set())
    if again := sorted(before & {one.category for one in decided}):
        raise BadInput(Filled(AGAIN, categories=again), field=again[0])
    asker = clocks.asker(desk.rulebook, case)
    grounds = desk.rulebook.requests.grounds(case.request_type, asker)
    if any(one.ground == TOO_OFTEN for one in decided):
        repeated.refuse_too_few(tx, desk.rulebook, case)
    today = local_date(now, zones.zone(desk.rulebook.organization.zone))
    settled = outcomes.checked(decided, held, grounds, kind.outcomes, today)
    if kind.erases:
        done = [one.outcome for one in recorded if one.state == DONE]
        classes.refuse_torn([*done, *settled], _here(tx, desk, case))
    refused = {one.ground for one in settled} if all(one.what == "refuse" for one in settled) else set()
    if kind.proof and case.verified_at is None and not refused & _UNPROVEN:
        raise NotNow(UNKNOWN_PERSON)
    if case.routed_to is not None and case.fallback_on is None and refused != {CONTROLLER}:
        raise NotNow(ELSEWHERE)
    outcomes.save(tx, stream_of(tx, desk, case).key, case.organization_id, case.id, settled, by.member_id, now)
    values: dict[str, object] = {"decided_at": now, "decided_by": by.member_id, "recheck_on": _recheck(settled)}
    data = {"outcomes": _told(settled), "rests_on": sorted({*_sources(settled, grounds), *_linked(desk, settled)})}
    return move(tx, desk, case, "decide", by, now, values=values, data=data)


def approve(
    tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, *, streams: int,
    ripe_at: datetime | None = None, version: int | None = None, held: Held = NOTHING,
) -> Case:  # fmt: skip
    """What was decided is to be carried out. Erasing more than one stream takes a second person (S39): TwoPersons.

    `streams` is how many streams the decision erases: the contact points and persons of whoever asks. `ripe_at`: in a
    house of one member that has settled it so, nothing is begun before, and until then it can be sent back. `held` is
    what holds keep: NotNow where any of it was to go.
    """
    case = take(tx, desk, request_id, version)
    appeals.refuse_same_hand(tx, case, by)
    recorded = outcomes.of(tx, case.organization_id, case.id)
    if case.decided_at is None or not recorded:
        raise NotNow(UNDECIDED)
    _refuse_unprepared(tx, case, [one.outcome for one in recorded])
    if types.of(case.request_type).erases:
        classes.refuse_torn((one.outcome for one in recorded), _here(tx, desk, case))
        holding.refuse_held((one.outcome for one in recorded if one.state != DONE), held)
    alone = by.member_id is not None and by.member_id == case.decided_by
    data: dict[str, object] = {"streams": streams}
    if types.of(case.request_type).erases and streams > 1 and alone and by.member_id is not None:
        if ripe_at is None:
            raise TwoPersons(ANOTHER)
        facts = {"histories": str(streams), "reference": case.reference}
        approvals.ask(
            tx, desk.keyring, by.member_id, case.organization_id, ERASE, case.id, facts, now, name=by.name,
            ripe_at=ripe_at,
        )  # fmt: skip
        data["counts_from"] = instant(ripe_at)
    values = {"approved_at": now, "approved_by": by.member_id}
    return move(tx, desk, case, "approve", by, now, values=values, data=data)


def send_back(
    tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, why: str, *, version: int | None = None
) -> Case:
    """It is to be decided again; nothing was carried out yet."""
    case = take(tx, desk, request_id, version)
    if case.begun_at is not None:
        raise NotNow(BEGUN)
    approvals.drop(tx, case.organization_id, ERASE, case.id, now)
    values = {"decided_at": None, "decided_by": None, "approved_at": None, "approved_by": None}
    return move(tx, desk, case, "send_back", by, now, values=values, words=why)


def begin(tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, *, tasks: int = 0) -> Case:
    """The doing has begun: from here on nothing of it is taken back. `tasks` is how many the stores were given."""
    case = take(tx, desk, request_id)
    return move(tx, desk, case, "begin", by, now, values={"begun_at": now}, data={"tasks": tasks})


def fulfil(
    tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, *, certificate: uuid.UUID | None = None
) -> Case:
    """It is answered: each outcome done, or waiting for its day where it was deferred. Refused whole, it is denied."""
    case = take(tx, desk, request_id)
    recorded = outcomes.of(tx, case.organization_id, case.id)
    if not recorded:
        raise NotNow(NO_OUTCOME)
    waiting = [one.outcome for one in recorded if one.outcome.what == "defer"]
    for one in recorded:
        state = WAITING if one.outcome.what == "defer" else DONE
        outcomes.set_state(
            tx, case.organization_id, case.id, one.outcome.category, state, now if state == DONE else None
        )
    refused = all(one.outcome.what == "refuse" for one in recorded)
    if not refused:
        checklist.refuse_unfinished(case, steps.timeline(tx, case.organization_id, case.id))
    values: dict[str, object] = {"closed_at": now, "recheck_on": _recheck(waiting)}
    if refused:
        values["denied_ground"] = recorded[0].outcome.ground
    data: dict[str, object] = closing(desk, case, now) | {"outcomes": _told([one.outcome for one in recorded])}
    data["evidence_deleted"] = identity.delete_all(tx, case.organization_id, case.id)
    if certificate is not None:
        data["certificate"] = str(certificate)
    return move(tx, desk, case, "deny" if refused else "fulfil", by, now, values=values, data=data)


def revoke(
    tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, *, words: str | None = None,
    version: int | None = None,
) -> Case:  # fmt: skip
    """The person took the request back; nothing was carried out, and it counts towards no limit.

    `words` say how whoever enters it knows; they are sealed with the entry.
    """
    case = take(tx, desk, request_id, version)
    if case.begun_at is not None:
        raise NotNow(UNDERWAY)
    return _end(tx, desk, case, "revoke", by, now, {}, words)


def expire(tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, reason: str) -> Case:
    """Nobody showed who asks in the time there was; whoever asks again starts anew. `reason` says which time."""
    case = take(tx, desk, request_id)
    if case.verified_at is not None or not types.of(case.request_type).proof:
        raise NotNow(KNOWN_PERSON)
    return _end(tx, desk, case, "expire", by, now, {"reason": reason})


def reopen(
    tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, why: str, *, version: int | None = None
) -> Case:
    """It is under way again: what was deferred, or everything that is not done, is decided anew, by a date of its own.

    The date counts from now, by the rules that `desk` holds. Staff open again what was refused, kept or answered, too;
    their reason is sealed. Raises NotNow while another of its type is under way, or where nothing is left.
    """
    case = take(tx, desk, request_id, version)
    place = {"organization_id": case.organization_id, "contact_point_id": case.contact_point_id}
    if tx.one(_SIBLING, place | {"request_type": case.request_type}) is not None:
        raise NotNow(SIBLING)
    if by.member_id is not None:
        recorded = outcomes.of(tx, case.organization_id, case.id)
        anew = [one for one in recorded if not is_for_good(case.request_type, one.outcome, one.state)]
        if recorded and not anew:
            raise NotNow(ALL_DONE)
        for one in anew:
            outcomes.set_state(tx, case.organization_id, case.id, one.outcome.category, DECIDED, None)
    times = clocks.reckoned(desk.rulebook, case, received_at=now)
    values: dict[str, object] = dict.fromkeys(
        ("decided_at", "decided_by", "approved_at", "approved_by", "begun_at", "closed_at", "denied_ground",
         "extended_due_on", "extended_at", "sealed_extension", "paused_since", "recheck_on"), None,
    )  # fmt: skip
    values |= {"due_on": times.due, "answer_by": times.due, "binding": times.binding or "", "escalated": ""}
    values |= {"reopened_at": now, "pauses": "[]"}
    data = {"due": times.due.isoformat() if times.due else "", "reopened_from": case.state}
    return move(tx, desk, case, "reopen", by, now, values=values, data=data, words=why)


def is_for_good(request_type: str, outcome: Outcome, state: str) -> bool:
    """Was it carried out by systems, so that opening the request again does not undo it?"""
    carried = types.of(request_type).doing in (Doing.ERASE, Doing.CORRECT)
    return carried and state == DONE and outcome.what in classes.ERASING


def _here(tx: Tx, desk: Desk, case: Case) -> Mapping[str, str]:
    known = subjects.by_id(tx, desk.keyring, case.organization_id, case.contact_point_id)
    return classes.here(desk.rulebook.organization, known.channel if known is not None else None)


def _refuse_unprepared(tx: Tx, case: Case, decided: Sequence[Outcome]) -> None:
    """NotNow where what is to be carried out lacks what it needs; a refusal needs nothing."""
    if types.of(case.request_type).doing is Doing.CORRECT:
        corrections.refuse_unwritten(tx, case, decided)
    if any(one.what != "refuse" for one in decided):
        checklist.refuse_unfinished(case, steps.timeline(tx, case.organization_id, case.id), approving=True)


def closing(desk: Desk, case: Case, now: datetime) -> dict[str, object]:
    """What every closing says of its date: nothing overdue is closed in silence."""
    if case.answer_by is None:
        return {"due": "", "on_time": True}
    late = (local_date(now, zones.zone(desk.rulebook.organization.zone)) - case.answer_by).days
    return {"due": case.answer_by.isoformat(), "on_time": late <= 0} | ({"days_late": late} if late > 0 else {})


def _end(
    tx: Tx, desk: Desk, case: Case, verb: str, by: Hand, now: datetime, data: dict[str, object],
    words: str | None = None,
) -> Case:  # fmt: skip
    told = closing(desk, case, now) | data
    told["evidence_deleted"] = identity.delete_all(tx, case.organization_id, case.id)
    return move(tx, desk, case, verb, by, now, values={"closed_at": now}, data=told, words=words)


def _recheck(decided: Iterable[Outcome]) -> object:
    return min((one.recheck_on for one in decided if one.what == "defer" and one.recheck_on), default=None)


def _sources(decided: Iterable[Outcome], grounds: Iterable[Ground]) -> set[str]:
    """The promises and laws whose grounds were used."""
    source = {one.code: one.source for one in grounds}
    return {source[one.ground] for one in decided if one.ground in source}


def _linked(desk: Desk, decided: Iterable[Outcome]) -> set[str]:
    """The promises by which data of these classes is tied to people, so that a search for them finds it (SMT-13)."""
    found = {one.category.partition(outcomes.SPLIT)[0] for one in decided}
    return {
        one.id for one in desk.rulebook.promises if "link" in one.parameters and one.parameters.get("data") in found
    }


def _told(decided: Iterable[Outcome]) -> list[str]:
    """The outcomes as the entry says them, without their words."""
    return [" ".join(filter(None, (one.category, one.what, one.ground))) for one in decided]
