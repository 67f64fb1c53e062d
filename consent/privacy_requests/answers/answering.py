"""From an approved request for data to the answer that waits for its person, and the certificate that says so."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from consent.db import Database, Sql, Tx
from consent.db.types import as_id
from consent.errors import Conflict, NotFound
from consent.gateways.stores.base import Store, StoreFailed
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.policies.rulebook import Rulebook
from consent.privacy_requests import paging, types
from consent.privacy_requests.answers import authorities, certificates, giving
from consent.privacy_requests.answers.certificate import Done, Facts, Result
from consent.privacy_requests.answers.giving import Here, Wanted
from consent.privacy_requests.casework import SYSTEM, Case, Desk, cases, deciding, load, outcomes
from consent.privacy_requests.casework.outcomes import Recorded
from consent.privacy_requests.types import Doing, RequestType
from consent.subjects import service as subjects
from consent.subjects.addresses import masked
from consent.web.logs import log

NOT_GIVEN = frozenset({"refuse", "defer"})  # classes of data of which nothing is handed over
HERE = "Consent"  # this service, as the certificate names who handed it over


# The stores of an organization that say what they hold, and the names of those that only a person can look into.
StoresOf = Callable[[uuid.UUID], tuple[Sequence[Store], tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Answerer:
    """What it takes to answer: where the data is, our public address, and how long an answer waits."""

    db: Database
    keyring: Keyring
    governing: Governing
    url: str
    lasts: timedelta
    stores_of: StoresOf


def go_on(answerer: Answerer, organization_id: uuid.UUID, now: datetime) -> int:
    """Every approved request for data has its answer; returns how many got one. What fails holds up no other."""
    found = paging.each(answerer.db, organization_id, _APPROVED)
    return sum(_answer(answerer, organization_id, as_id(row[0]), now) for row in found)


def is_answered_here(kind: RequestType) -> bool:
    """Does the answer consist of what is held? One that goes in order is released by a person, step by step."""
    return kind.doing is Doing.ANSWER and not kind.in_order


# One that goes in order waits for a person, unless all of it is refused: then there is nothing to hand over.
_APPROVED = Sql(
    "SELECT id FROM privacy_request WHERE organization_id = :organization_id"  # noqa: S608 - fixed words
    f" AND state = 'approved' AND (request_type IN {types.words_in_sql(is_answered_here)}"
    f" OR (request_type IN {types.words_in_sql(lambda kind: kind.doing is Doing.ANSWER)} AND NOT EXISTS (SELECT 1"
    " FROM request_outcome o WHERE o.organization_id = privacy_request.organization_id"
    " AND o.request_id = privacy_request.id AND o.outcome <> 'refuse')))"
    " AND id > :after ORDER BY id LIMIT :most"
)


def _answer(answerer: Answerer, organization_id: uuid.UUID, request_id: uuid.UUID, now: datetime) -> bool:
    in_force = answerer.governing.now(organization_id, now)
    desk = Desk(answerer.keyring, in_force.log, in_force.rulebook)
    here = Here(answerer.db, answerer.keyring, organization_id, in_force.rulebook, answerer.url)
    try:
        with answerer.db.read(organization_id) as tx:
            case = load(tx, organization_id, request_id)
            recorded = outcomes.of(tx, organization_id, request_id)
        if all(one.outcome.what == "refuse" for one in recorded):
            return answerer.db.write(lambda tx: close(tx, desk, answerer.url, request_id, None, now), organization_id)
        stores, by_hand = answerer.stores_of(organization_id)
        wanted = Wanted(case.id, case.contact_point_id, case.request_type, case.received_at, case.reference,
                        case.language or "en", without=_withheld(recorded), apart=by_hand,
                        anew=case.reopened_at, answer_by=case.answer_by)  # fmt: skip
        made = giving.give(here, wanted, stores, answerer.lasts, now)
        done = Done(HERE, "find", made.records, now)
        return answerer.db.write(lambda tx: close(tx, desk, answerer.url, request_id, done, now), organization_id)
    except (Conflict, NotFound, StoreFailed) as waits:
        log.warning("answer_waits", request=str(request_id), why=type(waits).__name__)
        return False


def close(tx: Tx, desk: Desk, url: str, request_id: uuid.UUID, done: Done | None, now: datetime) -> bool:
    """The request is answered, with its certificate; False where somebody was quicker. `done`: what was handed over."""
    case = load(tx, desk.log.organization_id, request_id)
    if case.state != "approved":
        return False
    if case.begun_at is None:
        case = deciding.begin(tx, desk, request_id, SYSTEM, now, tasks=1 if done is not None else 0)
    recorded = outcomes.of(tx, case.organization_id, request_id)
    results = [result_of(one, () if done is None or one.outcome.what in NOT_GIVEN else (done,)) for one in recorded]
    made = certify(tx, desk, case, results, url, now)
    deciding.fulfil(tx, desk, request_id, SYSTEM, now, certificate=made.id)
    return True


def certify(
    tx: Tx, desk: Desk, case: Case, results: Sequence[Result], url: str, now: datetime
) -> certificates.Certificate:
    """The certificate of a request that is being closed; to the mailbox it came from, where it came from one."""
    known = subjects.by_id(tx, desk.keyring, case.organization_id, case.contact_point_id)
    address = known.address if known is not None else None
    shown = masked(known.channel, address) if known is not None and address is not None else ""
    mail_to = case.contact_point_id if known is not None and address and known.channel == "email" else None
    return certificates.make(
        tx, desk.keyring, desk.log, cases.stream_of(tx, desk, case), desk.rulebook,
        facts_of(desk.rulebook, case, results, shown, now), url, now, mail_to=mail_to,
    )  # fmt: skip


def facts_of(rulebook: Rulebook, case: Case, results: Sequence[Result], shown: str, now: datetime) -> Facts:
    """What the certificate says of a request; whoever did not get all of it can ask again."""
    return Facts(
        case.id,
        case.request_type,
        shown,
        case.received_at,
        now,
        tuple(results),
        reference=case.reference,
        language=case.language or "en",
        place=case.place,
        verified_at=case.verified_at,
        decided_at=case.decided_at,
        due_on=case.answer_by,
        may_appeal=any(one.what != "do" for one in results),
        authorities=authorities.of(case.place, rulebook.organization.jurisdictions),
    )


def result_of(one: Recorded, done: Sequence[Done]) -> Result:
    """What became of a class of data, with who did it."""
    said = one.outcome
    return Result(
        said.category, said.what, said.ground, said.source, said.keep_until, said.recheck_on, said.backup_until,
        tuple(done),
    )  # fmt: skip


def _withheld(recorded: Sequence[Recorded]) -> frozenset[str]:
    return frozenset(one.outcome.category for one in recorded if one.outcome.what in NOT_GIVEN)
