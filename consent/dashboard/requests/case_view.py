"""Everything the page of one request shows, read in one place: nothing here changes anything."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from consent.dashboard.requests import naming
from consent.db import Sql, Tx
from consent.ledger.keys import Keyring
from consent.privacy_requests import service
from consent.privacy_requests.casework.cases import Case
from consent.privacy_requests.steps import Step, timeline
from consent.subjects import service as subjects
from consent.subjects.addresses import masked
from consent.web.messages import N_

_WORDS = Sql(
    "SELECT sealed_words, sealed_representative, sealed_extension FROM privacy_request"
    " WHERE organization_id = :organization_id AND id = :id"
)
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
    "begun": N_("The work began"),
    "fulfilled": N_("Everything is done"),
    "denied": N_("It was refused"),
    "revoked": N_("The person took it back"),
    "expired": N_("It expired"),
    "reopened": N_("It was opened again"),
    "written": N_("A letter was written"),
}


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
    facts: tuple[tuple[str, str], ...]


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


def lines(tx: Tx, case: Case, names: Mapping[uuid.UUID, str], after: int = 0) -> tuple[Line, ...]:
    """The timeline, the newest first; only what came after that line."""
    return tuple(
        Line(
            one,
            naming.said(KINDS[one.kind]) if one.kind in KINDS else one.kind.replace("_", " "),
            names.get(one.by_member) if one.by_member is not None else None,
            _told(one.facts, names),
        )
        for one in reversed(timeline(tx, case.organization_id, case.id))
        if one.number > after
    )


def _told(facts: Mapping[str, Any], names: Mapping[uuid.UUID, str]) -> tuple[tuple[str, str], ...]:
    """The facts of a step as pairs of words; what is empty or known from the title is left out."""
    left_out = {"state", "version"}
    return tuple(
        (name.replace("_", " "), _word(value, names))
        for name, value in sorted(facts.items())
        if name not in left_out and value not in (None, "", [], {})
    )


def _word(value: Any, names: Mapping[uuid.UUID, str]) -> str:
    if isinstance(value, str):
        try:
            return names.get(uuid.UUID(value), value)
        except ValueError:
            return value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
