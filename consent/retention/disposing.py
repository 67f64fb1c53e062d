"""What is due goes: in batches, through the stores, each with a receipt; stopped anywhere, it goes on where it was."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from consent.db import Database, Tx
from consent.gateways.stores.base import Outcome, Partly, Receipt, Resume, Store, StoreFailed
from consent.ledger import service as ledger
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing, InForce
from consent.privacy_requests.tasks import rules as store_rules
from consent.retention import batch_rows, batches, hold_rows, looking_again, taking_back
from consent.retention.batch_rows import Batch
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
    lease: timedelta = batch_rows.LEASE
    most: int = batches.AT_ONCE  # records of one batch


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
    _take_back(runner, organization_id, clock())
    while True:
        gathered = _gather(runner, organization_id, clock)
        done.disposed += gathered.disposed
        worked = _work_off(runner, organization_id, clock, done)
        if say is not None:
            say(done.disposed)
        if not gathered.seen and not worked:
            return done


def confirm(
    tx: Tx, keyring: Keyring, in_force: InForce, batch_id: uuid.UUID, by: str, count: int, now: datetime
) -> bool:
    """Somebody says that they did it; False where the batch does not wait for a person, or no more.

    Conflict while a hold or an open request keeps some of it: nobody is told that it is gone.
    """
    receipt = {"count": count, "at": instant(now), "proof": f"by hand {by}"}
    reckoner = Reckoner(in_force.rulebook)
    ledger.stream(tx, keyring, in_force.log.organization_id, in_force.log.organization_id)  # as who places a hold does
    taking_back.refuse_held(tx, in_force.log.organization_id, in_force.rulebook, batch_id, now)
    done = batches.finish(tx, keyring, in_force.log, reckoner, batch_id, receipt, now, by_hand=True)
    return done is not None


def _take_back(runner: Runner, organization_id: uuid.UUID, now: datetime) -> None:
    """What people have asked for since is in no batch that waits, for a person least of all."""
    with runner.db.read(organization_id) as tx:
        if not looking_again.asking(tx, organization_id):
            return
    rulebook = runner.governing.now(organization_id, now).rulebook
    runner.db.write(lambda tx: taking_back.what_people_ask_for(tx, organization_id, rulebook, now), organization_id)


def _gather(runner: Runner, organization_id: uuid.UUID, clock: Clock) -> batches.Gathered:
    now = clock()
    in_force = runner.governing.now(organization_id, now)

    def work(tx: Tx) -> batches.Gathered:
        # Locked before the holds are read: who places one is before this transaction or behind it.
        ledger.stream(tx, runner.keyring, organization_id, organization_id)
        reckoner = hold_rows.reckoner(tx, in_force.rulebook, now)
        today = reckoner.today(now)
        return batches.gather(tx, runner.keyring, in_force.log, reckoner, today, now, runner.most)

    return runner.db.write(work, organization_id)


def _work_off(runner: Runner, organization_id: uuid.UUID, clock: Clock, done: Run) -> int:
    """Batches that are to be tried were; how many."""
    held = runner.db.write(
        lambda tx: batch_rows.claim(tx, organization_id, runner.me, clock(), AT_ONCE, runner.lease), organization_id
    )
    for claimed in held:
        batch, references = _without_what_stays(runner, organization_id, claimed, clock())
        if batch is None:
            continue
        came: Outcome | StoreFailed
        try:
            came = _ask(runner, organization_id, batch, references)
        except StoreFailed as failed:
            came = failed
        except Exception as error:  # a fault with one store must not stop the others
            log.error("disposal_fault", batch=str(batch.id), error=type(error).__name__)
            came = StoreFailed("fault")
        _note(runner, organization_id, batch, came, done, clock())
    return len(held)


def _without_what_stays(
    runner: Runner, organization_id: uuid.UUID, batch: Batch, now: datetime
) -> tuple[Batch | None, list[str]]:
    """The batch and its references as they go to the store now; None where a hold or request keeps all of it."""
    rulebook = runner.governing.now(organization_id, now).rulebook
    with runner.db.read(organization_id) as tx:
        rows = batches.records(tx, organization_id, batch)
        if not taking_back.is_to_shrink(hold_rows.reckoner(tx, rulebook, now), rows, now):
            return batch, batches.references(rows)

    def work(tx: Tx) -> tuple[Batch | None, list[str]]:
        reckoner = hold_rows.reckoner(tx, rulebook, now)
        return taking_back.before_a_try(tx, organization_id, reckoner, batch, runner.me, now)

    return runner.db.write(work, organization_id)


def _ask(runner: Runner, organization_id: uuid.UUID, batch: Batch, references: list[str]) -> Outcome:
    store = runner.open_store(organization_id, batch.store)
    if store is None:
        raise StoreFailed("no-such-store", for_good=True)
    return store.dispose(references, batch.category, batch.method, Resume(batch.id, batch.token))


def _note(
    runner: Runner, organization_id: uuid.UUID, batch: Batch, came: Outcome | StoreFailed, done: Run, now: datetime
) -> None:
    """What came of it is written down."""
    if isinstance(came, Receipt):
        receipt = {"store": came.store, "count": came.count, "at": instant(came.at), "proof": came.proof}
        in_force = runner.governing.now(organization_id, now)
        reckoner = Reckoner(in_force.rulebook)
        gone = runner.db.write(
            lambda tx: batches.finish(tx, runner.keyring, in_force.log, reckoner, batch.id, receipt, now),
            organization_id,
        )
        if gone is not None:
            done.disposed += gone.count
            done.batches += 1
        return
    state, run_at, attempts, error = "sent", now + ASK_AGAIN, batch.attempts, ""
    if isinstance(came, StoreFailed) and came.references:
        apart, code = came.references, came.code
        if runner.db.write(
            lambda tx: batches.split(tx, organization_id, batch.id, apart, code, now), organization_id
        ):  # fmt: skip
            came, run_at = Partly(batch.token, 0), now
            done.failed.append(code)
            done.by_hand += 1
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
        lambda tx: batch_rows.wait(tx, organization_id, batch, state, run_at, attempts, error, token), organization_id
    )
