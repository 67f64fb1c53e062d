"""Since when an address belongs to whoever has it now: what lies before that is the former holder's. Pure."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from consent.preferences import numbers
from consent.preferences.models import NOBODY
from consent.preferences.rules import State

Ends = Mapping[uuid.UUID, datetime]  # by person; NOBODY: whoever had it


def ends_of(states: Iterable[State]) -> Ends:
    """When the address was last reported to be somebody else's: for whoever had it, or for one person by name."""
    ends: dict[uuid.UUID, datetime] = {}
    for state in states:
        for (about, whose), one in state.items():
            if about == numbers.HOLDER and one.detail in numbers.GONE:
                ends[whose] = max(one.occurred_at, ends.get(whose, one.occurred_at))
    return ends


def changed_at(states: Iterable[State]) -> datetime | None:
    """When it was last reported that somebody who had the address has it no more; None where nothing was."""
    return max(ends_of(states).values(), default=None)


def is_former(whose: uuid.UUID | None, happened_at: datetime, ends: Ends) -> bool:
    """Does this belong to somebody who has given the address up since? What nobody is named for goes with each."""
    named = whose not in (None, NOBODY)
    mine = [at for person, at in ends.items() if not named or person in (whose, NOBODY)]
    return any(happened_at <= at for at in mine)
