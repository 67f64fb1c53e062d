"""Everything the page of one request shows, read in one place: nothing here changes anything."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from consent.dashboard.requests import naming, speaking, step_facts
from consent.dashboard.requests.by_hand import Part
from consent.dashboard.requests.step_facts import Fact
from consent.db import Sql, Tx
from consent.decisions.history import NOTES_OF_STAFF
from consent.ledger import queries as ledger
from consent.ledger.disclosures import MESSAGE_TEXT
from consent.ledger.keys import Keyring
from consent.privacy_requests import service
from consent.privacy_requests.answers.words import Speaker
from consent.privacy_requests.casework.cases import Case
from consent.privacy_requests.steps import Step, timeline
from consent.privacy_requests.tasks.rules import EVERYTHING, OWN, TELLING
from consent.subjects import service as subjects
from consent.subjects.addresses import masked
from consent.web.messages import N_

NOTHING_SAID: Mapping[Part, str] = {}
_WORDS = Sql(
    "SELECT sealed_words, sealed_representative, sealed_extension FROM privacy_request"
    " WHERE organization_id = :organization_id AND id = :id"
)
CHECKED = N_("Done: %(step)s")
# The lines of the timeline, by the words of its rows.
KINDS = {
    "opened": N_("The request arrived"),
    "joined": N_("The person added to it"),
    "acknowledged": N_("Receipt was acknowledged"),
    "verified": N_("Who asks was made sure"),
    "assigned": N_("Somebody took charge"),
    "extended": N_("The date was extended"),
    "paused": N_("The clock was paused"),
    "resumed": N_("The clock runs again"),
    "routed": N_("It was passed on"),
    "checked": N_("A step of the list was done"),
    "decided": N_("It was decided"),
    "sent_back": N_("The decision was sent back"),
    "approved": N_("The decision was approved"),
    "second_person": N_("There is more to erase than was approved: a second person has to look"),
    "begun": N_("The work began"),
    "fulfilled": N_("It was answered"),
    "denied": N_("It was refused"),
    "revoked": N_("The person took it back"),
    "expired": N_("It expired"),
    "reopened": N_("It was opened again"),
    "written": N_("A letter was written"),
    "escalated": N_("Colleagues were reminded of the date"),
    "store_done": N_("A system has done its part"),
    "store_by_hand": N_("In one system somebody has to do it by hand"),
    "told": N_("The person was told"),
    "untold": N_("The certificate did not leave by mail"),
    "reduced": N_("Only what has to be kept is still there"),
}
# A letter that no post brought: how its words reached the person.
SAID = {
    "call": N_("The person was told by telephone"),
    "in-person": N_("The person was told in person"),
    "text": N_("The person was told by text message"),
}
TOLD, GONE = N_("The person was told"), N_("The last of the data here is gone")


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asked about; `masked` is None once erased. What they wrote was sealed and is opened for this page."""

    masked: str | None
    by_mail: bool
    words: str = field(repr=False)
    representative: str = field(repr=False)
    extension: str = field(repr=False)
    key: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the timeline as staff read it."""

    step: Step
    title: str
    by: str | None
    facts: tuple[Fact, ...]
    note: str = field(default="", repr=False)


def person(tx: Tx, keyring: Keyring, case: Case) -> Person:
    """The person behind the request, as much of them as staff see without asking."""
    contact = subjects.by_id(tx, keyring, case.organization_id, case.contact_point_id)
    if contact is None or contact.address is None or contact.key is None:
        return Person(None, False, "", "", "")
    row = tx.one(_WORDS, {"organization_id": case.organization_id, "id": case.id}) or (None, None, None)
    places = (service.WORDS, service.REPRESENTATIVE, service.EXTENSION)
    words, representative, extension = (
        service.words_of(contact.key, case.organization_id, case.id, sealed, place)
        for sealed, place in zip(row, places, strict=True)
    )
    shown = masked(contact.channel, contact.address)
    return Person(shown, contact.channel == "email", words, representative, extension, contact.key)


def lines(
    tx: Tx,
    case: Case,
    names: Mapping[uuid.UUID, str],
    keyring: Keyring,
    after: int = 0,
    *,
    speaker: Speaker | None = None,
    said: Mapping[Part, str] = NOTHING_SAID,
) -> tuple[Line, ...]:
    """The timeline, the newest first; only what came after that line. `speaker` knows how the company calls data.

    `said` is what somebody wrote who did the part of a system by hand.
    """
    by_name = speaker or speaking.for_staff()
    return tuple(
        Line(
            one,
            _title(one),
            names.get(one.by_member) if one.by_member is not None else None,
            step_facts.told(_shown(one), names, by_name, case.request_type),
            _note(tx, keyring, case, one) or said.get(part_of(one), ""),
        )
        for one in reversed(timeline(tx, case.organization_id, case.id))
        if one.number > after
    )


def part_of(step: Step) -> Part:
    """The store and class of data of a part that was done, and what was done; empty for any other step."""
    store, category, action = (str(step.facts.get(name, "")) for name in ("store", "category", "action"))
    return (store, category, action) if step.kind == "store_done" else ("", "", "")


def _shown(step: Step) -> Mapping[str, object]:
    """The facts of a step; of a telling only the way, since no system stands behind it."""
    return {"told": step.facts.get("told", "")} if part_of(step)[0] == TELLING else step.facts


def _title(step: Step) -> str:
    """What a line of the timeline is called; a step of the list by its own name."""
    store, category, _ = part_of(step)
    if store == TELLING:
        return naming.said(TOLD)
    if (store, category) == (OWN, EVERYTHING):
        return naming.said(GONE)
    item = str(step.facts.get("item", "")) if step.kind == "checked" else ""
    if item in step_facts.ITEMS:
        return naming.said(CHECKED) % {"step": naming.said(step_facts.ITEMS[item])}
    told = str(step.facts.get("told", ""))
    if step.kind == "written" and told in SAID:
        return naming.said(SAID[told])
    return naming.said(KINDS[step.kind]) if step.kind in KINDS else step.kind.replace("_", " ")


def sent_back(lines: Sequence[Line]) -> Line | None:
    """The line by which the decision went back, while it was not decided again; `lines` stand the newest first."""
    last = next((one for one in lines if one.step.kind in ("sent_back", "decided", "reopened")), None)
    return last if last is not None and last.step.kind == "sent_back" else None


def _note(tx: Tx, keyring: Keyring, case: Case, step: Step) -> str:
    """What a member of the staff noted with the step; empty once it is erased with the person's key."""
    if step.entry_id is None or f"privacy_request.{step.kind}" not in NOTES_OF_STAFF:
        return ""
    shown = ledger.facts(tx, keyring, case.organization_id, step.entry_id)
    return next((str(one.value) for one in shown if one.name == MESSAGE_TEXT), "")
