"""Holds on what a request wants erased: what a legal hold keeps is kept here too, whoever has approved what. Pure.

Holds are of retention, which stands above requests: whoever carries one out is handed a `Holding` that reads them.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from consent.db import Tx
from consent.errors import Filled
from consent.ledger.keys import Keyring
from consent.policies.answers.asking import Item
from consent.policies.rulebook import Rulebook
from consent.privacy_requests.casework import classes
from consent.privacy_requests.casework.cases import Case
from consent.privacy_requests.casework.outcomes import SPLIT, Outcome
from consent.privacy_requests.moves import NotNow
from consent.web.messages import N_

HELD = N_("A hold stands on this: %(categories)s. Decide again and keep it, or release the hold first.")


@dataclass(frozen=True, slots=True)
class Stands:
    """A hold that stands on a class of data: on which ground, and until when; None where no end is known."""

    hold_id: uuid.UUID
    ground: str
    until: date | None


Held = Mapping[str, Stands]  # by class of data
NOTHING: Held = {}


class Holding(Protocol):
    """Which of these classes of data a hold keeps of whoever asked, by the rules of this rulebook."""

    def __call__(
        self, tx: Tx, keyring: Keyring, rulebook: Rulebook, case: Case, categories: Iterable[str], now: datetime
    ) -> Held: ...


def spread(held: Held, categories: Iterable[str], parts: Mapping[str, str]) -> Held:
    """With one of our own records held, the address and the consents are: what hangs on their key goes with it."""
    longest = max((held[one] for one in sorted(held) if one in parts), key=_end, default=None)
    if longest is None:
        return held
    bound = {one: longest for one in categories if parts.get(one) in classes.HOLDS_KEY}
    return bound | dict(held)


def longer(one: Stands | None, other: Stands) -> Stands:
    """That of the two which ends later."""
    return other if one is None else max(one, other, key=_end)


def with_grounds(items: Iterable[Item], held: Held) -> tuple[Item, ...]:
    """The classes of data with the ground of the hold on each, as the promises are asked about them."""
    return tuple(
        replace(one, grounds=one.grounds | {hold.ground}, ground_until=hold.until)
        if (hold := held.get(one.category)) is not None
        else one
        for one in items
    )


def goes_although_held(decided: Iterable[Outcome], held: Held) -> list[str]:
    """The classes of data that were decided to go and that a hold keeps, sorted."""
    named = {category_of(one.category) for one in decided if one.what in classes.ERASING}
    return sorted(named & set(held))


def refuse_held(decided: Iterable[Outcome], held: Held) -> None:
    """NotNow where something would go that a hold keeps."""
    if kept := goes_although_held(decided, held):
        raise NotNow(Filled(HELD, categories=kept))


def category_of(name: str) -> str:
    """The class of data of an outcome, which may be of one source of it alone."""
    return name.partition(SPLIT)[0]


def _end(one: Stands) -> date:
    return one.until or date.max
