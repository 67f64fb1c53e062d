"""The requests of the queue as lines of its table: every word a line needs is looked up once a page, not once a row."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from consent.dashboard.requests import naming
from consent.dashboard.requests.filters import LIST, UNDER_WAY
from consent.dashboard.requests.queue import Row
from consent.dashboard.requests.risk import SHAPES, WORDS
from consent.web.i18n import gettext, in_words, ngettext, to
from consent.web.messages import N_

PICK = N_("Pick %(request)s")
YOU, NOBODY, FORMER = N_("You"), N_("Nobody yet"), N_("A former colleague")


@dataclass(frozen=True, slots=True)
class Line:
    """What the table says of one request.

    `pick` is the value of its box, empty where there is nothing to pick; `due` is empty without a date, `due_in` says
    how far that day is away. `who` is masked, None once erased. `taken` says whether anybody is in charge.
    """

    address: str
    pick: str
    pick_name: str
    risk: str
    shape: str
    risk_name: str
    due: str
    due_day: str
    due_in: str
    type_name: str
    reference: str
    who: str | None
    place: str
    state: str
    charge: str
    taken: bool
    next: str


def of(rows: Iterable[Row], names: Mapping[uuid.UUID, str], me: uuid.UUID, today: date) -> list[Line]:
    """The lines of these requests in the language of the page; `names` are those of the team."""
    # Fifty rows hold few different words, and looking one up costs more than the rest of its row.
    say, state, kind, place, away = map(
        cache, (naming.said, naming.state_name, naming.type_name, naming.place_name, lambda due: due_in(due, today))
    )
    pattern, same_language = gettext(PICK), to("")
    names = {**names, me: say(YOU)}

    def line(row: Row) -> Line:
        named, under_way = kind(row.request_type), row.state in UNDER_WAY
        return Line(
            address=f"{LIST}/{row.id}{same_language}",
            pick=f"{row.id}:{row.version}" if under_way else "",
            pick_name=pattern % {"request": row.reference or named},
            risk=row.risk.value,
            shape=SHAPES[row.risk],
            risk_name=say(WORDS[row.risk]),
            due=row.due.isoformat() if row.due else "",
            due_day=in_words(row.due) if row.due else "",
            due_in=away(row.due) if under_way else "",
            type_name=named,
            reference=row.reference or "",
            who=row.who,
            place=place(row.place) if row.place else "",
            state=say(naming.LEFT[row.left]) if row.left in naming.LEFT else state(row.state),
            charge=names.get(row.assigned_to) or say(FORMER) if row.assigned_to else say(NOBODY),
            taken=row.assigned_to is not None,
            next=say(naming.next_step(row)),
        )

    return [line(one) for one in rows]


def due_in(due: date | None, today: date) -> str:
    """How far the day is away, in words."""
    if due is None:
        return ""
    left = (due - today).days
    if left == 0:
        return naming.said(N_("today"))
    if left < 0:
        return ngettext("%(num)s day overdue", "%(num)s days overdue", -left) % {"num": -left}
    return ngettext("in %(num)s day", "in %(num)s days", left) % {"num": left}
