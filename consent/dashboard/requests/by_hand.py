"""What was done by hand: the ways of telling somebody, and what was written of the part of a system.

What was written is sealed under the person's key and goes with it.
"""

import uuid
from collections.abc import Iterable, Mapping

from consent.db import Tx
from consent.ledger.keys import Keyring
from consent.privacy_requests.tasks import service as tasks
from consent.privacy_requests.tasks.service import BY_HAND, Task
from consent.web.messages import N_

# How somebody without a mailbox is told.
WAYS = {
    "letter": N_("By letter"),
    "call": N_("By telephone"),
    "in-person": N_("In person"),
    "text": N_("By text message"),
}
# How anybody is told.
TOLD = {"mail": N_("By e-mail")} | WAYS

Part = tuple[str, str, str]  # a store, a class of data, and what was done to it


def is_so(task: Task) -> bool:
    """Did somebody do it, rather than the system?"""
    return task.state == "done" and task.receipt is not None and str(task.receipt.get("proof", "")).startswith(BY_HAND)


def said(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, done: Iterable[Task]) -> dict[uuid.UUID, str]:
    """What was written of each task that was done by hand; empty words where they went with the person."""
    return {
        one.id: tasks.said_of(tx, keyring, organization_id, one).get("words", "") for one in done if is_so(one)
    }  # fmt: skip


def by_part(done: Iterable[Task], words: Mapping[uuid.UUID, str]) -> dict[Part, str]:
    """The same by what the line of the timeline names."""
    return {(one.store, one.category, one.action): words[one.id] for one in done if words.get(one.id)}
