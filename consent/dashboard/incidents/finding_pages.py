"""What the page of an incident shows of finding its people: the choices, the count, and what was asked before."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from consent.dashboard.incidents import reading
from consent.dashboard.requests import naming, refusing, speaking
from consent.dashboard.seats import Seat
from consent.db import Tx
from consent.errors import BadInput
from consent.incidents import finding
from consent.ledger.bodies import Leaf
from consent.web.i18n import in_words, page_language
from consent.web.messages import N_

FIELDS = {
    "program": N_("Program"),
    "category": N_("Class of data"),
    "store": N_("System it lies in"),
    "site": N_("Building or service"),
    "place": N_("Place whose rules count"),
    "since": N_("From"),
    "until": N_("Through"),
    "everybody": N_("Everybody who is known here"),
}
Choices = dict[str, list[tuple[str, str]]]


def choices(here: Seat) -> Choices:
    """The programs, and the classes of data that the promises know, by their names on this page."""
    speaker = speaking.for_staff(here.pack)
    classes = [(key, naming.category_name(key, speaker)) for key in here.rulebook.retention.categories()]
    programs = [(one.key, one.name_in(page_language())) for one in here.pack.programs]
    return {"program": programs, "category": sorted(classes, key=lambda one: one[1].casefold())}


def counted(
    tx: Tx, here: Seat, incident: UUID, asked: dict[str, str] | None
) -> tuple[finding.Found | None, dict[str, str]]:
    """Whom the question finds, or what is wrong with it; neither where nothing was asked."""
    if asked is None:
        return None, {}
    query, wrong = reading.query(asked, here.pack.zone)
    if wrong:
        return None, wrong
    try:
        return finding.count(tx, here.rulebook, here.organization_id, incident, query), {}
    except BadInput as error:
        return None, refusing.wrong(error, "program")


def questions(here: Seat, history: Iterable[Leaf]) -> dict[UUID, str]:
    """By the entry that put people on the list, what was asked to find them."""
    asked = {leaf.id: query for leaf in history if isinstance(query := leaf.data.get("query"), dict)}
    return {entry: ", ".join(_part(here, *one) for one in query.items()) for entry, query in asked.items()}


def _part(here: Seat, name: str, value: object) -> str:
    title = naming.said(FIELDS.get(name, name))
    if value is True:
        return title
    if name in ("program", "category"):
        value = dict(choices(here)[name]).get(str(value), value)
    if name in ("since", "until"):  # the page asks for days, the last of them as a whole
        at = here.local(datetime.fromisoformat(str(value)))
        value = in_words((at - timedelta(microseconds=name == "until")).date())
    return f"{title}: {value}"
