"""Which tasks an answer makes, when one is tried again, and when a person takes over. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from consent.gateways.callbacks import retries
from consent.gateways.stores.base import Action
from consent.privacy_requests.casework.classes import Answer, bound_of
from consent.privacy_requests.casework.outcomes import SPLIT

OWN = "own"  # the name of this house among the stores
EVERYTHING = "*"  # the category of the task that erases the rest of it, and the key with it
# Whoever has no mailbox is told by a person; until then their address is kept apart.
TELLING, CERTIFICATE = "by-letter-or-telephone", "certificate"
HELD = "held"  # why a task waits that a hold keeps from being done
RECEIPT_WITHIN = timedelta(days=1)  # after which a store that took a task is asked again, under the same id
# What an answer does to the data: anonymised without a surviving key is erased (T-57).
_ACTIONS = {"do": Action.ERASE, "anonymize": Action.ERASE, "isolate": Action.ISOLATE}
# Parts that go by themselves while others stay.
APART = frozenset({"messages", "delivery", "people"})


@dataclass(frozen=True, slots=True)
class Planned:
    """One task: `state` is `waiting`, or `last` for what goes once the certificate has arrived."""

    store: str
    category: str
    action: Action
    state: str = "waiting"


def planned(
    answers: Iterable[Answer], stores: Mapping[str, Sequence[str]], here: Mapping[str, str]
) -> tuple[Planned, ...]:
    """What each store has to do. `stores` have their categories; `here` names our own part of a category.

    Our own key goes last, and only where nothing is kept that needs it; with a pack that does not say which of its
    classes of data lie here, where every class goes.
    """
    answers = list(answers)
    decided = {one.category.partition(SPLIT)[0]: _ACTIONS.get(one.what) for one in answers}
    tasks = [
        Planned(store, category, action)
        for store, categories in sorted(stores.items())
        for category in categories
        if (action := decided.get(category)) is not None
    ]
    for category, part in here.items():
        if part in APART and decided.get(category) is Action.ERASE:
            tasks.append(Planned(OWN, category, Action.ERASE))
    if last_of(answers, here):
        tasks.append(Planned(OWN, EVERYTHING, Action.ERASE, "last"))
    return tuple(tasks)


def last_of(answers: Iterable[Answer], here: Mapping[str, str]) -> frozenset[str]:
    """The classes of data that go with our own key, behind everything else; none where one of them is kept."""
    if here:
        goes = bound_of(answers, here)
    else:
        goes = {one.category.partition(SPLIT)[0]: _ACTIONS.get(one.what) is Action.ERASE for one in answers}
    return frozenset(goes) if all(goes.values()) else frozenset()


def next_try(attempts: int, now: datetime, chance: float, retry_after: float | None) -> datetime:
    """When a store that failed is asked again: growing waits over three days; `chance` lies between 0 and 1."""
    return retries.next_try(attempts, now, chance, 503, retry_after)


def is_given_up(first_tried_at: datetime, now: datetime) -> bool:
    """Whether a store has failed for so long that a person takes over."""
    return retries.is_given_up(first_tried_at, now)
