"""From an approved erasure to its end: stores get their tasks, and once all have answered the certificate is made."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from consent.db import Database, Sql, Tx
from consent.db.types import as_id
from consent.errors import Conflict, Filled
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.privacy_requests import paging, types
from consent.privacy_requests.answers import answering, correcting
from consent.privacy_requests.answers.certificate import Done, Result
from consent.privacy_requests.casework import SYSTEM, Desk, classes, deciding, holding, load, outcomes
from consent.privacy_requests.casework.holding import Holding
from consent.privacy_requests.casework.outcomes import SPLIT, Recorded
from consent.privacy_requests.tasks import guarding, proofs, rules, service
from consent.privacy_requests.tasks.rules import EVERYTHING, OWN, TELLING
from consent.privacy_requests.tasks.service import Task
from consent.privacy_requests.types.base import Doing
from consent.subjects import service as subjects
from consent.web.logs import log
from consent.web.messages import N_

NOT_WANTED = N_("A second person declined to erase so many histories.")
# What is carried out by stores; everything else ends with an answer or a letter of somebody's.
_BY_STORES = frozenset({Doing.ERASE, Doing.CORRECT})

# What can go a step on: nothing was begun yet, or no store owes its receipt any more.
_READY = (
    " FROM privacy_request r WHERE organization_id = :organization_id AND state = 'approved'"  # noqa: S608 - fixed words
    f" AND request_type IN {types.words_in_sql(lambda one: one.doing in _BY_STORES)}"
    " AND (begun_at IS NULL OR NOT EXISTS (SELECT 1 FROM request_task t"
    " WHERE t.organization_id = r.organization_id AND t.request_id = r.id"
    f" AND t.state IN ('waiting', 'sent', 'by_hand') AND t.store <> '{TELLING}'))"
)
_APPROVED = Sql(f"SELECT id, begun_at{_READY} AND id > :after ORDER BY id LIMIT :most")
_ANY = Sql(f"SELECT 1{_READY} LIMIT 1")


@dataclass(frozen=True, slots=True)
class Carrier:
    """What it takes to carry requests from one step to the next; `url` is our public address."""

    db: Database
    keyring: Keyring
    governing: Governing
    url: str
    holding: Holding


def go_on(carrier: Carrier, organization_id: uuid.UUID, now: datetime) -> int:
    """Approved erasures and corrections have their tasks, and are closed once every store has answered; how many."""
    found = paging.each(carrier.db, organization_id, _APPROVED)
    return sum(_step(carrier, organization_id, as_id(row[0]), row[1] is not None, now) for row in found)


def is_any(tx: Tx, organization_id: uuid.UUID) -> bool:
    """Is there an erasure or correction that can go a step on?"""
    return tx.one(_ANY, {"organization_id": organization_id}) is not None


def _step(carrier: Carrier, organization_id: uuid.UUID, request_id: uuid.UUID, begun: bool, now: datetime) -> bool:
    """One request went one step on; what holds one up, as a list that is not gone through yet, holds up no other."""
    in_force = carrier.governing.now(organization_id, now)
    desk = Desk(carrier.keyring, in_force.log, in_force.rulebook)

    def work(tx: Tx) -> bool:
        if begun:
            return close(tx, desk, carrier.url, request_id, now)
        return begin(tx, desk, request_id, now, carrier.holding)

    try:
        return carrier.db.write(work, organization_id)
    except Conflict as waits:
        log.info("request_waits", request=str(request_id), why=type(waits).__name__)
        return False


def begin(tx: Tx, desk: Desk, request_id: uuid.UUID, now: datetime, holds: Holding) -> bool:
    """Every store has its tasks, in the transaction that says so; False where somebody was quicker, or has to look.

    Where a second person declined, or something is to go that a hold keeps by now, it is decided anew.
    """
    case = load(tx, desk.log.organization_id, request_id)
    if case.state != "approved" or case.begun_at is not None:
        return False
    kind = types.of(case.request_type)
    decided = [one.outcome for one in outcomes.of(tx, case.organization_id, request_id)]
    names = {holding.category_of(one.category) for one in decided}
    held = holds(tx, desk.keyring, desk.rulebook, case, names, now) if kind.erases else holding.NOTHING
    if kept := holding.goes_although_held(decided, held):
        deciding.send_back(tx, desk, request_id, SYSTEM, now, Filled(holding.HELD, categories=kept))
        return False
    said = guarding.asked(tx, desk.keyring, desk.rulebook.organization, case, now) if kind.erases else guarding.MAY
    if said == guarding.DECLINED:
        deciding.send_back(tx, desk, request_id, SYSTEM, now, NOT_WANTED)
    if said != guarding.MAY:
        return False
    if kind.doing is Doing.CORRECT:
        count = correcting.begin(tx, desk, case, now)
    else:
        proofs.only_proof(tx, desk, request_id, decided, now)
        count = len(service.plan(tx, desk.keyring, desk.rulebook.organization, request_id, decided, now))
    deciding.begin(tx, desk, request_id, SYSTEM, now, tasks=count)
    return True


def close(tx: Tx, desk: Desk, url: str, request_id: uuid.UUID, now: datetime) -> bool:
    """The certificate is made and the request answered; False while a store owes its receipt.

    What this house erases last is still there: the certificate goes to the address that goes with it, and says that it
    goes. Whoever has no mailbox is told by somebody, before their address goes.
    """
    case = load(tx, desk.log.organization_id, request_id)
    if case.state != "approved" or case.begun_at is None or not service.all_done(tx, request_id):
        return False
    recorded = outcomes.of(tx, case.organization_id, request_id)
    tasks = service.of_request(tx, case.organization_id, request_id)
    known = subjects.by_id(tx, desk.keyring, case.organization_id, case.contact_point_id)
    here = classes.here(desk.rulebook.organization, known.channel if known is not None else None)
    made = answering.certify(tx, desk, case, results_of(recorded, tasks, here), url, now)
    if made.contact_point_id is None and known is not None and known.address is not None:
        service.ask_to_tell(tx, request_id, now)
    deciding.fulfil(tx, desk, request_id, SYSTEM, now, certificate=made.id)
    return True


def results_of(recorded: Sequence[Recorded], tasks: Sequence[Task], here: Mapping[str, str]) -> list[Result]:
    """Each outcome with the receipts of the stores behind it, and the place of emergency calls where it changed.

    What lies under a key that nothing was asked to destroy stays, and is said to stay, whatever was decided.
    """
    results = [answering.result_of(one, _done(tasks, one.outcome.category.partition(SPLIT)[0])) for one in recorded]
    if not any((one.store, one.category) == (OWN, EVERYTHING) for one in tasks):
        bound = [one for one in results if here.get(one.category.partition(SPLIT)[0]) in classes.HOLDS_KEY]
        stays = next((one for one in bound if one.what not in classes.ERASING), Result("", "keep"))
        results = [
            replace(stays, category=one.category, done=one.done)
            if one in bound and one.what in classes.ERASING
            else one
            for one in results
        ]
    elif any((one.category, one.state) == (EVERYTHING, "last") for one in tasks):
        last = rules.last_of(results, here)
        results = [replace(one, last=one.category.partition(SPLIT)[0] in last) for one in results]
    if by_hand := _done(tasks, correcting.LOCATION):
        results.append(Result(correcting.LOCATION, "do", done=tuple(by_hand)))
    return results


def _done(tasks: Sequence[Task], category: str) -> list[Done]:
    return [
        Done(task.store, task.action, task.count, task.done_at, str(task.receipt.get("proof", "")))
        for task in tasks
        if task.category == category and task.done_at is not None and task.receipt is not None
    ]
