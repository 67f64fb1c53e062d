"""What somebody did by hand for a request: nobody says that it is gone while a hold keeps it."""

import uuid
from datetime import datetime

from consent.db import Tx
from consent.errors import Conflict, Filled, NotFound
from consent.gateways.stores.base import Action
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.rulebook import Rulebook
from consent.privacy_requests.casework import Case, holding
from consent.privacy_requests.tasks import service as tasks
from consent.privacy_requests.tasks.service import Task
from consent.retention import on_requests
from consent.web.messages import N_

NO_TASK = N_("There is no such task here.")
HELD = N_("A hold stands on this: %(categories)s. Leave it where it is until the hold is over or released.")


def confirm(
    tx: Tx, keyring: Keyring, rulebook: Rulebook, case: Case, task_id: uuid.UUID, by: uuid.UUID, name: str,
    words: str, count: int, now: datetime, *, told: str = "",
) -> Task:  # fmt: skip
    """Somebody says that they did it; every door says so through here, and by the holds of this `rulebook`.

    Raises NotFound for a task of another request, exactly as for a missing one, Conflict where a hold keeps what would
    be gone, and whatever `tasks.confirm` raises.
    """
    task = one_of(tx, case, task_id)
    if task.action == Action.ERASE:
        # Locked before the holds are read: who places one is before this transaction or behind it.
        ledger.stream(tx, keyring, case.organization_id, case.organization_id)
        _refuse_held(tx, keyring, rulebook, case, task, now)
    return tasks.confirm(tx, keyring, task_id, by, name, words, count, now, told=told)


def one_of(tx: Tx, case: Case, task_id: uuid.UUID) -> Task:
    """The task of this request; NotFound for one of another, exactly as for a missing one."""
    for one in tasks.of_request(tx, case.organization_id, case.id):
        if one.id == task_id:
            return one
    raise NotFound(NO_TASK)


def _refuse_held(tx: Tx, keyring: Keyring, rulebook: Rulebook, case: Case, task: Task, now: datetime) -> None:
    category = holding.category_of(task.category)
    if on_requests.held(tx, keyring, rulebook, case, [category], now):
        raise Conflict(Filled(HELD, categories=[category]))
