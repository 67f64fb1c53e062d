"""What is due goes: in batches, through the stores, each with a receipt; stopped anywhere, it goes on where it was."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from consent.db import Database, Tx
from consent.gateways.stores.base import Outcome, Partly, Receipt, Resume, Store, StoreFailed
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing, InForce
from consent.privacy_requests.tasks import rules as store_rules
from consent.retention import batches, hold_rows
from consent.retention.batches import Batch
from consent.retention.reckoning import Reckoner
from consent.web.logs import log

Clock = Callable[[], datetime]
Open = Callable[[uuid.UUID, str], Store | None]
ASK_AGAIN = timedelta(minutes=15)  # a store that took a batch and has not answered yet
AT_ONCE = 10  # batches that one worker holds


@dataclass(frozen=True, slots=True)
class Runner:
    """What it takes to dispose of things; `open_store` gives the store of this name."""

    db: Database
    keyring: Keyring
    governing: Governing
    open_store: Open
    chance: Callable[[], float]
    me: str
    lease: timedelta = batches.LEASE


@dataclass(slots=True)
class Run:
    """What a run did: records gone, batches done, and those that wait for their store or for a person."""

    disposed: int = 0
    batches: int = 0
    waiting: int = 0
    by_hand: int = 0
    failed: list[str] = field(default_factory=list)


def run(runner: Runner, organization_id: uuid.UUID, clock: Clock, say: Callable[[int], None] | None = None) -> Run:
    """Everything that is due today was disposed of, or is with its store; `say` hears how many went so far."""
    done = Run()
    while True:
        gathered = _gather(runner, organization_id, clock)
        done.disposed += gathered.disposed
        worked = _work_off(runner, organization_id, clock, done)
        if say is not None:
            say(done.disposed)
        if not gathered.seen and not worked:
            return done


def confirm(
    runner: Runner, organization_id: uuid.UUID, batch_id: uuid.UUID, by: str, count: int, now: datetime
) -> bool:
    """Somebody says that they did it; False where it was done before or there is no such batch."""

    def work(tx: Tx) -> bool:
        batch = batches.find(tx, organization_id, batch_id)
        if batch is None or batch.state == "done":
            return False
        in_force, reckoner = _rules(runner, tx, organization_id, now)
        receipt = {"store": batch.store, "count": count, "at": instant(now), "proof": f"by hand {by}"}
        return batches.finish(tx, runner.keyring, in_force.log, reckoner, batch, receipt, now)

    return runner.db.write(work, organization_id)


def _gather(runner: Runner, organization_id: uuid.UUID, clock: Clock) -> batches.Gathered:
    now = clock()
    in_force = runner.governing.now(organization_id, now)

    def work(tx: Tx) -> batches.Gathered:
        reckoner = hold_rows.reckoner(tx, in_force.rulebook, now)
        today = reckoner.today(now)
        return batches.gather(tx, runner.keyring, in_force.log, reckoner, today, now)

    return runner.db.write(work, organization_id)


def _work_off(runner: Runner, organization_id: uuid.UUID, clock: Clock, done: Run) -> int:
    """Batches that are to be tried were; how many."""
    held = runner.db.write(
        lambda tx: batches.claim(tx, organization_id, runner.me, clock(), AT_ONCE, runner.lease), organization_id
    )
    for batch in held:
        came: Outcome | StoreFailed
        try:
            came = _ask(runner, organization_id, batch)
        except StoreFailed as failed:
            came = failed
        except Exception as error:  # a fault with one store must not stop the others
            log.error("disposal_fault", batch=str(batch.id), error=type(error).__name__)
            came = StoreFailed("fault")
        _note(runner, organization_id, batch, came, done, clock())
    return len(held)


def _ask(runner: Runner, organization_id: uuid.UUID, batch: Batch) -> Outcome:
    store = runner.open_store(organization_id, batch.store)
    if store is None:
        raise StoreFailed("no-such-store", for_good=True)
    with runner.db.read(organization_id) as tx:
        references = batches.references(tx, organization_id, batch)
    return store.dispose(references, batch.category, batch.method, Resume(batch.id, batch.token))


def _note(
    runner: Runner, organization_id: uuid.UUID, batch: Batch, came: Outcome | StoreFailed, done: Run, now: datetime
) -> None:
    """What came of it is written down."""
    if isinstance(came, Receipt):
        receipt = {"store": came.store, "count": came.count, "at": instant(came.at), "proof": came.proof}

        def work(tx: Tx) -> bool:
            in_force, reckoner = _rules(runner, tx, organization_id, now)
            return batches.finish(tx, runner.keyring, in_force.log, reckoner, batch, receipt, now)

        if runner.db.write(work, organization_id):
            done.disposed += batch.count
            done.batches += 1
        return
    state, run_at, attempts, error = "sent", now + ASK_AGAIN, batch.attempts, ""
    if isinstance(came, StoreFailed):
        attempts, error, state = attempts + 1, came.code, "waiting"
        run_at = store_rules.next_try(attempts, now, runner.chance(), came.retry_after)
        if came.for_good or store_rules.is_given_up(batch.first_tried_at or now, now):
            state = "by_hand"
        done.failed.append(came.code)
    elif isinstance(came, Partly):
        state, run_at = "waiting", now
    elif came.by_hand:
        state = "by_hand"
    done.waiting += state != "by_hand"
    done.by_hand += state == "by_hand"
    token = getattr(came, "token", batch.token)
    runner.db.write(
        lambda tx: batches.wait(tx, organization_id, batch, state, run_at, attempts, error, token), organization_id
    )


def _rules(runner: Runner, tx: Tx, organization_id: uuid.UUID, now: datetime) -> tuple[InForce, Reckoner]:
    in_force = runner.governing.now(organization_id, now)
    return in_force, Reckoner(in_force.rulebook)
