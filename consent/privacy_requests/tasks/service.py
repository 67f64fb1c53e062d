"""The tasks of a request: planned from its outcomes, told, confirmed by hand or by a receipt, and all of them done."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from consent.db import Rows, Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import BadInput, Conflict, NotFound
from consent.gateways.stores.base import Action, Receipt
from consent.ids import new_id
from consent.ledger import keys
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.policies.organization import OrganizationPack
from consent.privacy_requests import steps
from consent.privacy_requests.casework import classes, letters
from consent.privacy_requests.tasks import accounts, people, rules
from consent.web.messages import N_

CHANGES = "changes"  # the place of a correction's new values, and of what somebody said, in their authenticated data
BY_HAND = "by hand"
LONGEST_WORDS = 500
NOTHING_MORE: Mapping[str, str] = {}
COLUMNS = (
    "id, request_id, store, category, action, state, attempts, run_at, token, count, last_error, escalated_at,"
    " receipt, sealed_changes, created_at, first_tried_at, done_at"
)
_INSERT = Rows(
    "request_task",
    ("organization_id", "id", "request_id", "store", "category", "action", "state", "attempts", "run_at", "token",
     "count", "last_error", "created_at", "sealed_changes"),
    "ON CONFLICT (organization_id, request_id, store, category, action) DO NOTHING",
)  # fmt: skip
_OF_REQUEST = Sql(
    f"SELECT {COLUMNS} FROM request_task"  # noqa: S608 - fixed columns
    " WHERE organization_id = :organization_id AND request_id = :request_id ORDER BY created_at, store, category"
)
_ONE = f"SELECT {COLUMNS} FROM request_task WHERE organization_id = :organization_id AND id = :id"  # noqa: S608 - likewise
_LOCKED = Sql(_ONE, postgresql=_ONE + " FOR UPDATE")
_OPEN = Sql(
    "SELECT count(*) FROM request_task WHERE organization_id = :organization_id AND request_id = :request_id"
    " AND state IN ('waiting', 'sent', 'by_hand') AND (:untold = 1 OR store <> :telling)"
)
_DONE = Sql(
    "UPDATE request_task SET state = 'done', done_at = :now, receipt = :receipt, count = :count, last_error = '',"
    " locked_by = NULL, locked_until = NULL WHERE organization_id = :organization_id AND id = :id AND state <> 'done'"
)
_SAID = Sql("UPDATE request_task SET sealed_changes = :sealed WHERE organization_id = :organization_id AND id = :id")
_CONTACT = Sql(
    "SELECT k.wrapped_key FROM privacy_request r"
    " JOIN stream_key k ON k.organization_id = r.organization_id AND k.stream_id = r.contact_point_id"
    " WHERE r.organization_id = :organization_id AND r.id = :id AND k.wrapped_key IS NOT NULL"
)
# Whoever opens a request again has told the person of the answer before, and not of this one.
_TELL_ANEW = Sql(
    "UPDATE request_task SET state = 'by_hand', run_at = :now, done_at = NULL, receipt = NULL, count = 0,"
    " sealed_changes = NULL WHERE organization_id = :organization_id AND request_id = :request_id"
    " AND store = :telling AND state = 'done'"
)
_LAST_GOES = Sql(
    "UPDATE request_task SET run_at = :now WHERE organization_id = :organization_id AND request_id = :request_id"
    " AND state = 'last' AND run_at > :now"
)
_AGAIN = Sql(
    "UPDATE request_task SET state = 'waiting', run_at = :now, attempts = 0, first_tried_at = NULL, escalated_at = NULL"
    " WHERE organization_id = :organization_id AND id = :id AND state = 'by_hand'"
)


@dataclass(frozen=True, slots=True)
class Task:
    """One task as staff see it: nothing in it is personal."""

    id: uuid.UUID
    request_id: uuid.UUID
    store: str
    category: str
    action: str
    state: str
    attempts: int
    next_at: datetime
    token: str = field(repr=False)
    count: int
    last_error: str
    escalated_at: datetime | None
    receipt: Mapping[str, Any] | None
    sealed_changes: bytes | None = field(repr=False)
    created_at: datetime
    first_tried_at: datetime | None
    done_at: datetime | None


def plan(
    tx: Tx,
    keyring: Keyring,
    pack: OrganizationPack,
    request_id: uuid.UUID,
    outcomes: Sequence[classes.Answer],
    now: datetime,
) -> tuple[rules.Planned, ...]:
    """Every store has its tasks for what was decided; planning again adds only what is new."""
    organization_id = _organization(tx)
    stores = {one.name: accounts.categories_of(one) for one in accounts.every(tx, keyring, organization_id)}
    person = people.of_request(tx, keyring, organization_id, request_id)
    channel = person.places[-1].channel if person is not None else None
    planned = rules.planned(outcomes, stores, classes.here(pack, channel))
    _insert(tx, organization_id, request_id, [(one, None) for one in planned], now)
    return planned


def plan_corrections(
    tx: Tx,
    keyring: Keyring,
    request_id: uuid.UUID,
    changes: Mapping[str, Mapping[str, str]],
    now: datetime,
) -> tuple[rules.Planned, ...]:
    """Every store that holds a category of `changes` has to say what stands there; sealed under the person's key."""
    organization_id = _organization(tx)
    key = _key_of(tx, keyring, organization_id, request_id)
    if key is None:
        raise Conflict(N_("Nothing is left to be corrected: the person is erased."))
    found = [
        (rules.Planned(one.name, category, Action.CORRECT), json.dumps(dict(changes[category]), ensure_ascii=False))
        for one in accounts.every(tx, keyring, organization_id)
        for category in accounts.categories_of(one)
        if category in changes
    ]
    _insert(tx, organization_id, request_id, [(one, (key, said)) for one, said in found], now)
    return tuple(one for one, _ in found)


def add(tx: Tx, request_id: uuid.UUID, planned: Sequence[rules.Planned], now: datetime) -> None:
    """These tasks stand beside those of the stores; adding them again changes nothing."""
    if planned:
        _insert(tx, _organization(tx), request_id, [(one, None) for one in planned], now)


def ask_to_tell(tx: Tx, request_id: uuid.UUID, now: datetime) -> None:
    """Somebody has to tell the person of this answer, also where somebody told them of an earlier one."""
    place = {"organization_id": _organization(tx), "request_id": request_id, "telling": rules.TELLING, "now": now}
    tx.run(_TELL_ANEW, place)
    add(tx, request_id, [rules.Planned(rules.TELLING, rules.CERTIFICATE, Action.ISOLATE, "by_hand")], now)


def said_of(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, task: Task) -> dict[str, str]:
    """What a correction says, or, once it was done by hand, who did it and how; nothing where its person is gone."""
    key = _key_of(tx, keyring, organization_id, task.request_id)
    if task.sealed_changes is None or key is None:
        return {}
    plain = keys.open_facts(key, task.sealed_changes, organization_id, task.id, CHANGES)
    opened: dict[str, str] = json.loads(plain)
    return opened


def of_request(tx: Tx, organization_id: uuid.UUID, request_id: uuid.UUID) -> tuple[Task, ...]:
    """Every task of the request, in the order they were planned."""
    rows = tx.all(_OF_REQUEST, {"organization_id": organization_id, "request_id": request_id})
    return tuple(task_from(row) for row in rows)


def all_done(tx: Tx, request_id: uuid.UUID, *, untold: bool = False) -> bool:
    """Has every store given its receipt? What goes last, behind the certificate, does not count.

    `untold`: and has whoever has no mailbox been told?
    """
    place = {"organization_id": _organization(tx), "request_id": request_id, "telling": rules.TELLING}
    row = tx.one(_OPEN, place | {"untold": int(untold)})
    return row is not None and row[0] == 0


def find(tx: Tx, organization_id: uuid.UUID, task_id: uuid.UUID) -> Task:
    """The task, locked until the transaction ends; NotFound otherwise."""
    row = tx.one(_LOCKED, {"organization_id": organization_id, "id": task_id})
    if row is None:
        raise NotFound(N_("There is no such task."))
    return task_from(row)


def confirm(
    tx: Tx, keyring: Keyring, task_id: uuid.UUID, by: uuid.UUID | None, name: str, words: str, count: int,
    now: datetime, *, told: str = "",
) -> Task:  # fmt: skip
    """Somebody says that they did it, and how; Conflict where it is done or waits for nobody.

    Name and words are sealed under the person's key and go with it; that it was done, by which member, stays, and so
    does `told`, by which of the ways of `casework.letters` the person was told.
    """
    organization_id = _organization(tx)
    task = find(tx, organization_id, task_id)
    words, name = words.strip(), name.strip()
    if not words or len(words) > LONGEST_WORDS:
        raise BadInput(N_("Say in a few words what was done, in at most 500 characters."), field="words")
    if not name:
        raise BadInput(N_("Say who did it."), field="name")
    if count < 0:
        raise BadInput(N_("Say how many records it were; 0 where there was nothing."), field="count")
    if task.state not in ("by_hand", "sent", "waiting") or task.store == rules.OWN:
        raise Conflict(N_("This task waits for nobody: it is done, or done by the service itself."))
    receipt = Receipt(task.store, task.category, task.action, count, now, BY_HAND if by is None else f"{BY_HAND} {by}")
    settle(tx, organization_id, task, receipt, by, {"told": told} if told in letters.TOLD else {})
    key = _key_of(tx, keyring, organization_id, task.request_id)
    if key is not None:
        plain = json.dumps({"name": name, "words": words}, ensure_ascii=False).encode()
        sealed = keys.seal_facts(key, plain, organization_id, task_id, CHANGES)
        tx.run(_SAID, {"organization_id": organization_id, "id": task_id, "sealed": sealed})
    if task.store == rules.TELLING:  # what waited for this goes now, and not at the next look
        tx.run(_LAST_GOES, {"organization_id": organization_id, "request_id": task.request_id, "now": now})
    return find(tx, organization_id, task_id)


def try_again(tx: Tx, task_id: uuid.UUID, now: datetime) -> None:
    """A task that was given to people because its store failed is tried by itself once more."""
    if tx.run(_AGAIN, {"organization_id": _organization(tx), "id": task_id, "now": now}) != 1:
        raise Conflict(N_("Only a task that waits for a person can be tried again."))


def settle(
    tx: Tx, organization_id: uuid.UUID, task: Task, receipt: Receipt, by: uuid.UUID | None = None,
    more: Mapping[str, str] = NOTHING_MORE,
) -> bool:  # fmt: skip
    """The receipt is on record and in the timeline; False where the task was done before, which changes nothing.

    `more` stands in the timeline too, and nothing in it is personal.
    """
    said = {
        "store": receipt.store,
        "category": receipt.category,
        "action": receipt.action,
        "count": receipt.count,
        "at": instant(receipt.at),
        "proof": receipt.proof,
    }
    place = {"organization_id": organization_id, "id": task.id, "now": receipt.at, "count": receipt.count}
    if tx.run(_DONE, place | {"receipt": json.dumps(said, ensure_ascii=False)}) != 1:
        return False
    told = {name: said[name] for name in ("store", "category", "action", "count")} | dict(more)
    steps.add(tx, organization_id, task.request_id, "store_done", receipt.at, by, None, told)
    return True


def task_from(row: Sequence[Any]) -> Task:
    """The task behind a row of COLUMNS."""
    return Task(
        as_id(row[0]), as_id(row[1]), row[2], row[3], row[4], row[5], row[6], as_instant(row[7]), row[8], row[9],
        row[10], _at(row[11]), json.loads(row[12]) if row[12] else None,
        bytes(row[13]) if row[13] is not None else None, as_instant(row[14]), _at(row[15]), _at(row[16]),
    )  # fmt: skip


def _insert(
    tx: Tx,
    organization_id: uuid.UUID,
    request_id: uuid.UUID,
    planned: Sequence[tuple[rules.Planned, tuple[bytes, str] | None]],
    now: datetime,
) -> None:
    rows: list[dict[str, object]] = []
    for one, changes in planned:
        task_id = new_id(now)
        sealed = (
            keys.seal_facts(changes[0], changes[1].encode(), organization_id, task_id, CHANGES) if changes else None
        )
        rows.append(
            {
                "organization_id": tx.id(organization_id), "id": tx.id(task_id), "request_id": tx.id(request_id),
                "store": one.store, "category": one.category, "action": str(one.action), "state": one.state,
                "attempts": 0, "run_at": tx.at(now), "token": "", "count": 0, "last_error": "",
                "created_at": tx.at(now), "sealed_changes": sealed,
            }
        )  # fmt: skip
    tx.later_rows(_INSERT, [_INSERT.row(one) for one in rows])


def _key_of(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, request_id: uuid.UUID) -> bytes | None:
    """The key of the stream of whoever asked; None once it is destroyed."""
    row = tx.one(_CONTACT, {"organization_id": organization_id, "id": request_id})
    return None if row is None else keyring.stream_key(organization_id, bytes(row[0]))


def _organization(tx: Tx) -> uuid.UUID:
    if tx.organization_id is None:
        raise Conflict(N_("Tasks belong to an organization."))
    return tx.organization_id


def _at(value: Any) -> datetime | None:
    return None if value is None else as_instant(value)
