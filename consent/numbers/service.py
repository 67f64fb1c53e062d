"""Record what became of a number, what was answered about it, and that somebody asked not to be called."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

from consent.db import Tx
from consent.errors import BadInput
from consent.ledger import service as ledger
from consent.ledger.bodies import CLOCK_SKEW
from consent.ledger.keys import Keyring
from consent.outbox import service as outbox
from consent.policies.rulebook import Rulebook
from consent.preferences import numbers
from consent.preferences import service as preferences
from consent.subjects import service as subjects
from consent.subjects.addresses import TELEPHONE, of_person

# What gateways say of the number a text could not reach, in our words.
OF_GATEWAY = {"invalid": "invalid", "not_textable": "not-textable"}


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says became of a number; personal are the address and who entered it."""

    kind: str
    addresses: tuple[subjects.Tagged, ...]
    occurred_at: datetime | None
    source: str  # who said so: the person, a carrier's list, a gateway …
    person: str | None = None
    entered_by: str | None = None
    reference: str | None = None
    extra: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answered:
    """What the Reassigned Numbers Database answered: was the number given up since that day?"""

    addresses: tuple[subjects.Tagged, ...]
    answer: str
    consent_date: date
    queried_at: datetime
    entered_by: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A request not to be called or written to in order to sell, however it reached the company."""

    addresses: tuple[subjects.Tagged, ...]
    received_at: datetime | None
    how: str
    entered_by: str | None = None


def report(
    tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, told: Told, source: str, now: datetime
) -> list[ledger.Entry]:
    """What became of the number stands in the ledger and counts from now on; what waited on lost consents is held."""
    data: dict[str, object] = {"kind": told.kind, "told_by": told.source, **told.extra}
    if told.person is not None:
        data["person"] = str(subjects.person(tx, keyring, log.organization_id, told.person, now))
    facts = {"person": told.person, "staff": told.entered_by, "reference": told.reference}
    entries = []
    for tagged in told.addresses:
        entry, contact = _record(
            tx, keyring, log, rulebook, tagged, "number.reported", data, told.occurred_at, facts, source, now
        )
        deaf = told.kind in numbers.UNREACHABLE and contact.channel == "sms"
        if told.kind in numbers.ENDING or told.kind == numbers.BOUNCED or deaf:
            _hold(tx, log, rulebook, contact, now)
        entries.append(entry)
    return entries


def answer(
    tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, answered: Answered, source: str, now: datetime
) -> list[ledger.Entry]:
    """The answer stands in the ledger; a yes ends what was agreed to before it."""
    if answered.consent_date > answered.queried_at.date():
        raise BadInput("The day asked about lies before the day of asking.", field="consent_date")
    data: dict[str, object] = {"answer": answered.answer, "consent_date": answered.consent_date.isoformat()}
    facts = {"staff": answered.entered_by}
    entries = []
    for tagged in answered.addresses:
        entry, contact = _record(
            tx, keyring, log, rulebook, tagged, "number.queried", data, answered.queried_at, facts, source, now
        )
        if answered.answer == numbers.YES:
            _hold(tx, log, rulebook, contact, now)
        entries.append(entry)
    return entries


def refuse_calls(
    tx: Tx, keyring: Keyring, log: ledger.Log, rulebook: Rulebook, refused: Refused, source: str, now: datetime
) -> list[ledger.Entry]:
    """Each of the addresses stands on the company's own do-not-call list, without end (47 CFR 64.1200(d)(6))."""
    entries = []
    for tagged in refused.addresses:
        data: dict[str, object] = {"how": refused.how}
        facts = {"staff": refused.entered_by}
        entry, contact = _record(
            tx, keyring, log, rulebook, tagged, "do_not_call.requested", data, refused.received_at, facts, source, now
        )
        marketing = tuple(one.key for one in rulebook.organization.programs if one.marketing)
        outbox.cancel_waiting(tx, log.organization_id, contact.id, marketing, now)
        entries.append(entry)
    return entries


def telephone(keyring: Keyring, organization_id: uuid.UUID, value: str) -> tuple[subjects.Tagged, ...]:
    """A number as it is filed for texts and for calls."""
    return tuple(subjects.tagged(keyring, organization_id, of_person(channel, value)) for channel in sorted(TELEPHONE))


def _record(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    rulebook: Rulebook,
    tagged: subjects.Tagged,
    type: str,
    data: dict[str, object],
    occurred_at: datetime | None,
    facts: dict[str, str | None],
    source: str,
    now: datetime,
) -> tuple[ledger.Entry, subjects.Contact]:
    if occurred_at is not None and occurred_at > now + CLOCK_SKEW:
        raise BadInput("This cannot have happened in the future; check the clock and the offset.", field="occurred_at")
    contact = subjects.contact(tx, keyring, log.organization_id, tagged, now)
    before = preferences.read(tx, log.organization_id, contact.channel, contact.tag64)
    happened = min(occurred_at, now) if occurred_at is not None else None
    told = {"address": tagged.address.value, **facts}
    event = ledger.Event(type, source, contact.channel, (), data | rulebook.policy_version.cited(), happened, told)
    entry = ledger.append(tx, log, contact.stream, event, now)
    preferences.record(tx, log.organization_id, contact.channel, contact.tag64, before, entry, source)
    return entry, contact


def _hold(tx: Tx, log: ledger.Log, rulebook: Rulebook, contact: subjects.Contact, now: datetime) -> None:
    """What waits to be sent there is taken back."""
    programs = tuple(one.key for one in rulebook.organization.programs)
    outbox.cancel_waiting(tx, log.organization_id, contact.id, programs, now)
