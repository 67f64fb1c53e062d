"""What a page about one contact point shows, read in one view of the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from consent.dashboard.seats import Seat
from consent.db import Tx
from consent.decisions import service as decisions
from consent.decisions import told
from consent.decisions.service import Asked, Asking
from consent.errors import NotFound
from consent.ledger.keys import Keyring
from consent.policies.programs import Program
from consent.policies.questions import Reason
from consent.preferences import queries as preferences
from consent.preferences import service as preference_service
from consent.preferences.page.messages import NEWEST, Disposed, Message
from consent.privacy_requests import queries as requests
from consent.retention import queries as retention
from consent.subjects import service as subjects
from consent.subjects.addresses import as_received, masked
from consent.web.messages import N_

ENTRIES, MESSAGES = 40, 20
NOBODY_THERE = N_("There is no such person on record.")
# Facts of an entry that a page may show: none of them is an address.
SHOWN_FACTS = ("msg_text", "words", "staff", "reason", "note")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gate would say now to these classes of messages of a program, with its reasons."""

    program: Program
    message_classes: tuple[str, ...]
    allowed: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything about one contact point; `masked` is None once it is erased."""

    id: UUID
    channel: str
    masked: str | None
    preferences: dict[str, Any]
    answers: tuple[Answer, ...]
    entries: list[dict[str, Any]]
    more: int | None
    messages: list[Message]
    gone: Disposed | None
    requests: list[dict[str, Any]]


def sheet(tx: Tx, keyring: Keyring, here: Seat, contact_id: UUID, before: int | None) -> Sheet:
    """The page about this contact point; a foreign id is missing like one that never was."""
    organization_id = here.organization_id
    known = subjects.by_id(tx, keyring, organization_id, contact_id)
    if known is None:
        raise NotFound(NOBODY_THERE)
    state = preference_service.read(tx, organization_id, known.channel, known.tag64)
    entries, more = preferences.history(tx, keyring, organization_id, contact_id, before=before, most=ENTRIES)
    return Sheet(
        contact_id,
        known.channel,
        masked(known.channel, known.address) if known.address is not None else None,
        preferences.preferences_json(state, here.rulebook, known.channel),
        tuple(_answers(tx, keyring, here, known.channel, known.address)),
        [one | {"facts": {name: one["facts"].get(name) for name in SHOWN_FACTS}} for one in entries],
        more,
        told.messages(tx, organization_id, known.channel, known.tag64, NEWEST, MESSAGES),
        retention.deliveries_gone(tx, organization_id),
        requests.of_contacts(tx, organization_id, [contact_id], here.pack.zone, here.now),
    )


def found(tx: Tx, keyring: Keyring, here: Seat, channel: str, address: str) -> UUID | None:
    """The contact point of exactly this address, if anything is on record about it."""
    tagged = subjects.tagged(keyring, here.organization_id, as_received(channel, address))
    return subjects.find(tx, here.organization_id, tagged)


def _answers(tx: Tx, keyring: Keyring, here: Seat, channel: str, address: str | None) -> Iterator[Answer]:
    """What the gate would answer now, explained and not stored; nothing of an address that is erased."""
    if address is None:
        return
    tagged = subjects.tagged(keyring, here.organization_id, as_received(channel, address))
    for program in here.pack.programs:
        if channel not in program.channels:
            continue
        alike: dict[tuple[bool, tuple[Reason, ...]], list[str]] = {}
        for message_class in program.message_classes:
            asked = Asked(program.key, message_class, tagged, here.now)
            asking = Asking(here.organization_id, here.log.origin, here.rulebook, asked, here.now)
            said = decisions.explain(tx, asking)
            alike.setdefault((said.allowed, tuple(said.verdict.reasons)), []).append(message_class)
        for (allowed, reasons), classes in alike.items():
            yield Answer(program, tuple(map(here.message_class, classes)), allowed, reasons)
