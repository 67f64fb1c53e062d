"""The usual case of one request: what the promises and the law say, what a person has to weigh, and what is held."""

from dataclasses import dataclass, field
from datetime import datetime

from consent.dashboard.requests import deciding, holdings
from consent.dashboard.requests.holdings import Holdings
from consent.db import Database
from consent.ledger.keys import Keyring
from consent.policies.answers.asking import Item
from consent.policies.answers.refusals import Ground
from consent.policies.rulebook import Rulebook
from consent.privacy_requests import types
from consent.privacy_requests.casework import Case, Outcome, clocks, corrections, holding, left_over, proposed
from consent.privacy_requests.casework import outcomes as recorded
from consent.privacy_requests.casework.holding import NOTHING
from consent.privacy_requests.casework.holding import Held as HeldBack
from consent.privacy_requests.casework.outcomes import DONE
from consent.privacy_requests.tasks import parts
from consent.privacy_requests.types import Doing
from consent.retention import on_requests


@dataclass(frozen=True, slots=True)
class Usual:
    """What would usually be decided; `open` are the classes of data for which a person has to choose."""

    outcomes: tuple[Outcome, ...]
    open: tuple[str, ...]
    held: Holdings
    grounds: tuple[Ground, ...]
    holds: HeldBack = field(default_factory=dict)  # which classes of data a hold keeps

    @property
    def ready(self) -> bool:
        """Can it be accepted with one button?"""
        return bool(self.outcomes) and not self.open

    @property
    def digest(self) -> str:
        """What somebody agrees to who presses that button."""
        return deciding.digest(self.outcomes)

    @property
    def every(self) -> tuple[Outcome, ...]:
        """A row for each class of data; those that are open have no choice yet."""
        return (*self.outcomes, *(Outcome(one, "refuse") for one in self.open))

    @property
    def categories(self) -> tuple[str, ...]:
        """What must have an outcome."""
        return tuple(one.category for one in self.every)


def of(db: Database, keyring: Keyring, case: Case, rulebook: Rulebook, now: datetime) -> Usual:
    """The proposal as it stands now; of a closed request what is held, and nothing to decide."""
    held = holdings.of(db, keyring, case, rulebook)
    kind = types.of(case.request_type)
    items = held.items if kind.by_category else ()
    if kind.doing is Doing.CORRECT:  # what is put right is what was written down, and nothing else
        with db.read(case.organization_id) as tx:
            items = tuple(Item(one) for one in corrections.written(tx, case))
    if kind.erases and case.under_way:
        with db.read(case.organization_id) as tx:
            items = parts.to_decide(tx, keyring, rulebook.organization, case, items)
    if case.reopened_at is not None:
        with db.read(case.organization_id) as tx:
            gone = {one.outcome.category for one in recorded.of(tx, case.organization_id, case.id) if one.state == DONE}
        items = tuple(one for one in items if one.category not in gone)
    holds = NOTHING
    if kind.erases and case.under_way:
        with db.read(case.organization_id) as tx:
            holds = on_requests.held(tx, keyring, rulebook, case, {one.category for one in items}, now)
        items = holding.with_grounds(items, holds)
    grounds = rulebook.requests.grounds(case.request_type, clocks.asker(rulebook, case))
    if not case.under_way:
        return Usual((), (), held, grounds)
    outcomes = proposed(rulebook, case, items, now)
    return Usual(outcomes, left_over(outcomes, items), held, grounds, holds)
