"""From an approved erasure to its end: stores get their tasks, and once all have answered the certificate is made."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from consent.db import Database, Sql, Tx
from consent.db.types import as_id
from consent.errors import Conflict
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.privacy_requests import types
from consent.privacy_requests.answers import certificate, certificates
from consent.privacy_requests.answers.certificate import Done, Facts, Result
from consent.privacy_requests.casework import SYSTEM, Case, Desk, deciding, load, outcomes
from consent.privacy_requests.casework.outcomes import Recorded
from consent.privacy_requests.tasks import service
from consent.privacy_requests.tasks.service import Task
from consent.privacy_requests.types.base import Doing
from consent.subjects import service as subjects
from consent.subjects.addresses import masked
from consent.web.logs import log

MOST = 200  # requests of one organization in one round
# What is carried out by stores; everything else ends with an answer or a letter of somebody's.
_BY_STORES = frozenset({Doing.ERASE})

_APPROVED = Sql(
    "SELECT id, request_type, begun_at FROM privacy_request WHERE organization_id = :organization_id"
    " AND state = 'approved' ORDER BY received_at, id LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class Carrier:
    """What it takes to carry requests from one step to the next; `url` is our public address."""

    db: Database
    keyring: Keyring
    governing: Governing
    url: str


def go_on(carrier: Carrier, organization_id: uuid.UUID, now: datetime) -> int:
    """Every approved erasure has its tasks; those of which every store has answered are closed. Returns how many."""
    with carrier.db.read(organization_id) as tx:
        rows = tx.all(_APPROVED, {"organization_id": organization_id, "most": MOST})
    mine = [(as_id(row[0]), row[2] is not None) for row in rows if types.of(row[1]).doing in _BY_STORES]
    return sum(_step(carrier, organization_id, request_id, begun, now) for request_id, begun in mine)


def _step(carrier: Carrier, organization_id: uuid.UUID, request_id: uuid.UUID, begun: bool, now: datetime) -> bool:
    """One request went one step on; what holds one up, as a list that is not gone through yet, holds up no other."""
    in_force = carrier.governing.now(organization_id, now)
    desk = Desk(carrier.keyring, in_force.log, in_force.rulebook)

    def work(tx: Tx) -> bool:
        return close(tx, desk, carrier.url, request_id, now) if begun else begin(tx, desk, request_id, now)

    try:
        return carrier.db.write(work, organization_id)
    except Conflict as waits:
        log.info("request_waits", request=str(request_id), why=type(waits).__name__)
        return False


def begin(tx: Tx, desk: Desk, request_id: uuid.UUID, now: datetime) -> bool:
    """Every store has its tasks, in the transaction that says so; False where somebody was quicker."""
    case = load(tx, desk.log.organization_id, request_id)
    if case.state != "approved" or case.begun_at is not None:
        return False
    decided = [one.outcome for one in outcomes.of(tx, case.organization_id, request_id)]
    planned = service.plan(tx, desk.keyring, desk.rulebook.organization, request_id, decided, now)
    deciding.begin(tx, desk, request_id, SYSTEM, now, tasks=len(planned))
    return True


def close(tx: Tx, desk: Desk, url: str, request_id: uuid.UUID, now: datetime) -> bool:
    """The certificate is made and the request answered; False while a store owes its receipt.

    What this house erases last is still there: the certificate goes to the address that goes with it.
    """
    case = load(tx, desk.log.organization_id, request_id)
    if case.state != "approved" or case.begun_at is None or not service.all_done(tx, request_id):
        return False
    recorded = outcomes.of(tx, case.organization_id, request_id)
    tasks = service.of_request(tx, case.organization_id, request_id)
    known = subjects.by_id(tx, desk.keyring, case.organization_id, case.contact_point_id)
    reachable = known is not None and known.address is not None
    stream = ledger.stream(tx, desk.keyring, case.organization_id, case.contact_point_id if reachable else case.id)
    shown = masked(known.channel, known.address) if known is not None and known.address is not None else ""
    made = certificates.make(
        tx, desk.keyring, desk.log, stream, desk.rulebook, facts_of(case, recorded, tasks, shown, now), url, now,
        mail_to=case.contact_point_id if reachable and known is not None and known.channel == "email" else None,
    )  # fmt: skip
    deciding.fulfil(tx, desk, request_id, SYSTEM, now, certificate=made.id)
    return True


def facts_of(case: Case, recorded: Iterable[Recorded], tasks: Sequence[Task], shown: str, now: datetime) -> Facts:
    """What the certificate says: each outcome with the receipts of the stores behind it."""
    return certificate.Facts(
        case.id,
        case.request_type,
        shown,
        case.received_at,
        now,
        tuple(_result(one, tasks) for one in recorded),
        reference=case.reference,
        language=case.language or "en",
        place=case.place,
        verified_at=case.verified_at,
        decided_at=case.decided_at,
        due_on=case.answer_by,
    )


def _result(one: Recorded, tasks: Sequence[Task]) -> Result:
    said = one.outcome
    done = tuple(
        Done(task.store, task.action, task.count, task.done_at, str(task.receipt.get("proof", "")))
        for task in tasks
        if task.category == said.category and task.done_at is not None and task.receipt is not None
    )
    return Result(
        said.category, said.what, said.ground, said.source, said.keep_until, said.recheck_on, said.backup_until, done
    )
