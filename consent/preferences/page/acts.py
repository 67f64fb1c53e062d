"""One press of a button, written in one transaction: the places it is about, and the entries it leaves."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from consent.db import Tx
from consent.db.types import as_id
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.outbox import service as outbox
from consent.policies.rulebook import Rulebook
from consent.preferences import rules
from consent.preferences import service as preferences
from consent.preferences.rules import State
from consent.subjects import service as subjects

METHOD, SOURCE = "preference page", "page"


@dataclass(frozen=True, slots=True)
class Presser:
    """Who pressed, from where, and the mark of the form."""

    act: str
    language: str
    ip: str | None
    person: uuid.UUID | None = None

    @property
    def facts(self) -> dict[str, str | None]:
        """What of it is personal."""
        return {"ip": self.ip, "ip_absent_reason": None if self.ip else "the server could not tell it"}

    @property
    def sender(self) -> str:
        """By this a stop is told from all others, so that undoing it gives back what it took and nothing else."""
        return f"{rules.PAGE}{self.act}"


@dataclass(slots=True)
class Place:
    """A contact point inside the transaction: locked where it is known, made when the first entry is written."""

    tagged: subjects.Tagged
    row: tuple[object, ...] | None
    state: State
    contact: subjects.Contact | None = None

    @property
    def channel(self) -> str:
        """Its channel."""
        return self.tagged.address.channel


@dataclass(slots=True)
class Act:
    """What one press writes."""

    tx: Tx
    keyring: Keyring
    log: ledger.Log
    rulebook: Rulebook
    presser: Presser
    now: datetime
    places: dict[str, Place]
    entries: list[ledger.Entry] = field(default_factory=list)

    @property
    def states(self) -> dict[str, State]:
        """What holds by channel, as this transaction sees it."""
        return {channel: place.state for channel, place in self.places.items()}

    def facts(self, channel: str) -> list[rules.Fact]:
        """All that was ever said there, as far as preferences care."""
        row = self.places[channel].row
        if row is None:
            return []
        return preferences.facts_of(ledger.bodies_of(self.tx, self.log.organization_id, as_id(row[0])))  # type: ignore[arg-type]

    def write(
        self,
        type: str,
        channel: str,
        purposes: Sequence[str],
        data: Mapping[str, object],
        facts: Mapping[str, str | None] | None = None,
        *,
        ends: Sequence[str] = (),
    ) -> ledger.Entry:
        """The entry stands in the ledger and counts; what waited to be sent for `ends` is taken back."""
        place, organization_id = self.places[channel], self.log.organization_id
        if place.contact is None:
            place.contact = subjects.contact_from(
                self.tx, self.keyring, organization_id, place.tagged, place.row, self.now
            )
        contact = place.contact
        said = {"method": METHOD, "act": self.presser.act, **self.rulebook.policy_version.cited(), **data}
        told = {"address": place.tagged.address.value, **self.presser.facts, **(facts or {})}
        event = ledger.Event(type, SOURCE, channel, tuple(purposes), said, None, told)
        entry = ledger.append(self.tx, self.log, contact.stream, event, self.now)
        place.state = preferences.record(self.tx, organization_id, channel, contact.tag64, place.state, entry, SOURCE)
        if ends and not contact.is_new:
            outbox.cancel_waiting(self.tx, organization_id, contact.id, ends, self.now)
        self.entries.append(entry)
        return entry


def begin(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    rulebook: Rulebook,
    tagged: Sequence[subjects.Tagged],
    presser: Presser,
    now: datetime,
) -> Act:
    """The places as they are now, locked until the transaction ends; in one round trip."""
    questions = []
    for one in tagged:
        asked = subjects.find_parameters(log.organization_id, one)
        questions += [(subjects.FIND_CONTACT, asked), (preferences.SELECT_AS_JSON, asked)]
    found = tx.gather(*questions)
    places = {}
    for at, one in enumerate(tagged):
        row = found[2 * at][0] if found[2 * at] else None
        places[one.address.channel] = Place(one, row, preferences.state_from_json(found[2 * at + 1][0][0]))
    return Act(tx, keyring, log, rulebook, presser, now, places)
