"""What a person may refuse for their data: its sale and sharing, and the use of what is sensitive.

A switch is shown where a promise or the law owes one, and nowhere else (T-66); a refusal that stands is always shown,
and where there is a switch, who has proven to have the address can take it back.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from consent.ledger import service as ledger
from consent.policies.rulebook import Rulebook
from consent.preferences import numbers, settings
from consent.preferences.models import NOBODY
from consent.preferences.page import offered, standing
from consent.preferences.page.acts import METHOD, SOURCE, Act
from consent.preferences.page.choices import States
from consent.preferences.rules import State
from consent.preferences.settings import Wish

NO_SALE, SALE_AGAIN, LESS_USE, USE_AGAIN = "no_sale", "sale_again", "less_use", "use_again"


@dataclass(frozen=True, slots=True)
class Right:
    """One refusal: whether there is a switch for it, and what stands."""

    owed: bool
    since: datetime | None
    by_signal: bool
    elsewhere: bool  # said at another address of the same person
    may_return: bool  # who proves to have the address can take it back

    @property
    def stands(self) -> bool:
        """Is it refused?"""
        return self.since is not None


@dataclass(frozen=True, slots=True)
class Rights:
    """Both of them, and who is meant: the visitor where one is known, else nobody in particular."""

    person: uuid.UUID | None
    sale: Right
    use: Right

    @property
    def something(self) -> bool:
        """Is there anything to show?"""
        return any(one.owed or one.stands for one in (self.sale, self.use))


def whose(states: States, person_id: uuid.UUID | None) -> uuid.UUID | None:
    """Who is meant: the one a link or an account number named, else the only one who has these addresses."""
    return standing.sight(states.values(), person_id).person


def shown(
    rulebook: Rulebook, states: States, said: State, person: uuid.UUID | None, *, full: bool, by_browser: bool
) -> Rights:
    """What stands and what may be chosen; `said` is what the person said wherever they are reached.

    Where people are is not known here, so that they see what anybody in the reach of the promises is owed.
    """
    of_sale, of_use = offered.refusals(rulebook)
    return Rights(
        person,
        _right(states, said, numbers.SALE, person, of_sale, full=full, by_browser=by_browser),
        _right(states, said, numbers.USE, person, of_use, full=full, by_browser=False),
    )


def read(form: Mapping[str, str], before: Rights) -> list[Wish]:
    """What the form asks for; a box that says what holds already, or that was not there, is no wish."""
    wanted = []
    if form.get(NO_SALE) == "1" and before.sale.owed and not before.sale.stands:
        wanted.append(settings.refuse_sale())
    if form.get(SALE_AGAIN) == "1" and before.sale.stands and before.sale.may_return:
        wanted.append(settings.permit_sale())
    if form.get(LESS_USE) == "1" and before.use.owed and not before.use.stands:
        wanted.append(settings.limit_use())
    if form.get(USE_AGAIN) == "1" and before.use.stands and before.use.may_return:
        wanted.append(settings.permit_use())
    return wanted


def gives(wanted: list[Wish]) -> bool:
    """Does one of them take a refusal back, so that the address has to be shown to be theirs?"""
    return any(one.type in ("sale.permitted", "use.permitted") for one in wanted)


def write(act: Act, wanted: list[Wish], person: uuid.UUID | None) -> list[ledger.Entry]:
    """Each is on record for this person once, and where nobody is known at every place of the visit."""
    how = settings.How(SOURCE, METHOD, person_id=person, facts=act.presser.facts, data={"act": act.presser.act})
    entries: list[ledger.Entry] = []
    for place in act.places.values():
        entries += settings.record(act.tx, act.keyring, act.log, act.rulebook, place.tagged, wanted, how, act.now)
    return entries


def _right(
    states: States, said: State, about: str, person: uuid.UUID | None, owed: bool, *, full: bool, by_browser: bool
) -> Right:
    if not any(about == row for state in (*states.values(), said) for row, _ in state):  # how it mostly is
        return Right(owed, None, False, False, False)
    here = [settings.refusal_of(state, about, person or NOBODY) for state in states.values()]
    # What was said at another address shows who is reached there: only to who has proven to be somebody here.
    there = (
        [settings.refusal_of({**state, **said}, about, person or NOBODY) for state in states.values()] if full else []
    )
    standing = max(
        (one for one in (*here, *there) if one is not None),
        key=lambda one: (one.occurred_at, one.event_id),
        default=None,
    )
    if standing is None:
        return Right(owed, None, False, False, False)
    by_signal = standing.detail == settings.GPC
    # Where no switch is owed nothing is sold, so there is nothing to permit; and while the browser itself refuses, a
    # refusal that is taken back would stand again at once.
    return Right(owed, standing.occurred_at, by_signal, standing not in here, owed and not by_browser)
