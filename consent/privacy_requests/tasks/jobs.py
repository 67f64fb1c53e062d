"""What the clock calls: tasks that are due are tried, outside any transaction, and what came of it is written down."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from consent.db import Sql, Tx
from consent.gateways.stores.base import Action, Outcome, Resume, Store, StoreFailed, Subject
from consent.gateways.stores.webhook import Wires
from consent.policies.governing import Governing
from consent.privacy_requests import casework, moves
from consent.privacy_requests.answers import jobs as answers
from consent.privacy_requests.casework import classes
from consent.privacy_requests.casework.holding import Holding
from consent.privacy_requests.tasks import (
    accounts,
    ending,
    guarding,
    leases,
    people,
    rules,
    service,
    shredding,
    telling,
)
from consent.privacy_requests.tasks.leases import Lease
from consent.privacy_requests.tasks.shredding import Shredder
from consent.web.logs import log

Clock = Callable[[], datetime]
MOST = 10  # tasks of one organization in one round
LONGEST_ROUND = 2_000  # batches of one task: whoever has more goes on in the next round
LOOK_AGAIN = timedelta(minutes=5)  # whether a certificate has arrived, or a hold is over

_STATE = Sql("SELECT state FROM privacy_request WHERE organization_id = :organization_id AND id = :id")


@dataclass(frozen=True, slots=True)
class Runner:
    """What a worker needs to carry tasks out."""

    shredder: Shredder
    wires: Wires
    governing: Governing
    chance: Callable[[], float]
    me: str
    staff_url: str
    holding: Holding


def run(runner: Runner, organization_id: uuid.UUID, clock: Clock) -> int:
    """Every task that is due was tried once; returns how many there were."""
    held = runner.shredder.db.write(
        lambda tx: leases.claim(tx, organization_id, runner.me, clock(), MOST), organization_id
    )
    for lease in held:
        try:
            _one(runner, lease, clock)
        except Exception as error:  # a fault with one store must not stop the others
            log.error("store_task_fault", task=str(lease.task.id), error=type(error).__name__)
            _note(runner, lease, StoreFailed("fault"), clock)
    if held:
        _tell(runner, organization_id, clock())
    return len(held)


def _tell(runner: Runner, organization_id: uuid.UUID, now: datetime) -> None:
    """Whoever must know of what is to be done by hand is told."""
    pack, url = runner.governing.now(organization_id, now).rulebook.organization, runner.staff_url
    keyring = runner.shredder.keyring
    telling.tell(runner.shredder.db, keyring, organization_id, pack, url, now)


def _one(runner: Runner, lease: Lease, clock: Clock) -> None:
    """Tried until it is done, has to wait, or has had its turn."""
    if _is_held(runner, lease, clock()):
        until = clock() + LOOK_AGAIN
        runner.shredder.db.write(lambda tx: leases.postpone(tx, lease, until, rules.HELD), lease.organization_id)
        return
    if lease.task.state == "last" and not (_may_go(runner, lease, clock()) and _was_seen(runner, lease, clock())):
        runner.shredder.db.write(lambda tx: leases.postpone(tx, lease, clock() + LOOK_AGAIN), lease.organization_id)
        return
    if lease.task.state == "last":
        now = clock()
        runner.shredder.db.write(
            lambda tx: ending.note_mail(tx, lease.organization_id, lease.task.request_id, now), lease.organization_id
        )
    token = lease.task.token
    for _batch in range(LONGEST_ROUND):
        came = _try(runner, lease, token, clock)
        if not _note(runner, lease, came, clock):
            return
        token = getattr(came, "token", token)


def _is_held(runner: Runner, lease: Lease, now: datetime) -> bool:
    """Does a hold that was placed since it was begun keep what this task erases? It waits until the hold is over."""
    if lease.task.action != Action.ERASE:
        return False
    rulebook, keyring = runner.governing.now(lease.organization_id, now).rulebook, runner.shredder.keyring
    with runner.shredder.db.read(lease.organization_id) as tx:
        case = casework.load(tx, lease.organization_id, lease.task.request_id)
        everything = lease.task.category == rules.EVERYTHING
        # With the key everything goes that lies here.
        names = list(classes.here(rulebook.organization)) if everything else [lease.task.category]
        return bool(runner.holding(tx, keyring, rulebook, case, names, now))


def _was_seen(runner: Runner, lease: Lease, now: datetime) -> bool:
    """Nothing was added since two persons looked; else the rest waits until somebody has looked at that too (S39)."""
    pack, keyring = runner.governing.now(lease.organization_id, now).rulebook.organization, runner.shredder.keyring

    def look(tx: Tx) -> bool:
        case = casework.load(tx, lease.organization_id, lease.task.request_id)
        return guarding.asked(tx, keyring, pack, case, now) == guarding.MAY

    return runner.shredder.db.write(look, lease.organization_id)


def _note(runner: Runner, lease: Lease, came: Outcome | StoreFailed, clock: Clock) -> bool:
    return runner.shredder.db.write(
        lambda tx: leases.record(tx, lease, came, runner.chance(), clock()), lease.organization_id
    )


def _try(runner: Runner, lease: Lease, token: str, clock: Clock) -> Outcome | StoreFailed:
    """One call of one store; what went wrong comes back and is not raised."""
    task, organization_id = lease.task, lease.organization_id
    keyring = runner.shredder.keyring
    with runner.shredder.db.read(organization_id) as tx:
        person = people.of_request(tx, keyring, organization_id, task.request_id)
        account = _account(tx, runner, organization_id, task.store)
        changes = service.said_of(tx, keyring, organization_id, task)
    try:
        if task.store == rules.OWN:
            return _own(runner, lease, person, clock)
        if person is None:
            return StoreFailed("nobody-left", for_good=True)
        if account is None:
            return StoreFailed("no-such-store", for_good=True)
        return _give(account.store(runner.wires), task, person.subject, changes, Resume(task.id, token))
    except StoreFailed as failed:
        return failed


def _account(tx: Tx, runner: Runner, organization_id: uuid.UUID, name: str) -> accounts.Account | None:
    known = accounts.every(tx, runner.shredder.keyring, organization_id)
    return next((one for one in known if one.name == name), None)


def _give(store: Store, task: service.Task, subject: Subject, changes: dict[str, str], resume: Resume) -> Outcome:
    if task.action == Action.CORRECT:
        return store.correct(subject, task.category, changes, resume)
    if task.action == Action.ERASE:
        return store.erase(subject, task.category, resume)
    raise StoreFailed("isolate", for_good=True)  # kept apart by hand: no store has a common word for it


def _own(runner: Runner, lease: Lease, person: people.Person | None, clock: Clock) -> Outcome:
    """Our own part, or the whole; an erasure that was cut off behind its last stream has nothing left to do."""
    task, now = lease.task, clock()
    if person is None:
        return shredding.nothing_left(task.category, now)
    if task.category == rules.EVERYTHING:
        return shredding.erase_all(runner.shredder, person, task.request_id, now)
    in_force = runner.governing.now(lease.organization_id, now)
    part = classes.here(in_force.rulebook.organization).get(task.category)
    if part is None:
        raise StoreFailed("not-here", for_good=True)
    return shredding.erase_part(runner.shredder, person, part, task.category, now)


def _may_go(runner: Runner, lease: Lease, now: datetime) -> bool:
    """The request is answered and its person was told, by mail or by somebody: only then the address may go."""
    organization_id, request_id = lease.organization_id, lease.task.request_id
    with runner.shredder.db.read(organization_id) as tx:
        row = tx.one(_STATE, {"organization_id": organization_id, "id": request_id})
        if row is None or row[0] != moves.FULFILLED:
            return False
        return service.all_done(tx, request_id, untold=True) and answers.is_out(tx, organization_id, request_id, now)
