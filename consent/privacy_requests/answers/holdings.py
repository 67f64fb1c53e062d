"""What this service itself holds about somebody, record by record, with the source and the end of each."""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from consent.db import Database, Sql, Tx
from consent.db.types import as_instant
from consent.decisions.history import history, in_browsers
from consent.disclosures import queries as disclosures
from consent.gateways.stores.base import Item
from consent.ledger import keys
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.outbox.service import JOB
from consent.policies.answers.holdings import Held
from consent.policies.rulebook import Rulebook
from consent.preferences import browsers
from consent.preferences import service as preferences
from consent.preferences.browsers import Browser, Owners
from consent.preferences.page import holder, standing
from consent.privacy_requests.answers.pieces import Piece
from consent.subjects import service as subjects
from consent.subjects.addresses import as_received
from consent.verification import visits
from consent.verification.visits import Place

# The class of data of an entry, by the first part of its type; every other one tells what became of a setting.
CATEGORIES = {
    "consent": "consents",
    "suppression": "suppression-list",
    "privacy_request": "requests",
    "revocation": "requests",
    "number": "contact-point",
    "access": "receipts",
    "disclosure": "disclosures",
}
MESSAGES = {"message.received": "messages-received", "message.held-back": "decisions"}
# Whence an entry came, by the door it was written at: the word that packs use for sources where there is one.
SOURCES = {
    "webhook": "person-by-text",
    "page": "person-on-our-pages",
    "api": "organization-systems",
    "import": "organization-files",
    "staff": "organization-staff",
    "drp": "authorized-agent",
    "decisions": "this-service",
    "system": "this-service",
}
# The words under which packs say how long these are kept.
KEPT_AS = {
    "consents": "consent-records",
    "suppression-list": "suppression-list",
    "messages-received": "sms-mms",
    "messages-sent": "sms-mms",
    "contact-point": "contact",
}

_CONTACT = Sql(
    "SELECT created_at FROM contact_point WHERE organization_id = :organization_id AND id = :contact_point_id"
)
_TEXT = Sql(
    "SELECT payload FROM job WHERE organization_id = :organization_id AND id = :id"
    " AND contact_point_id = :contact_point_id"
)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose data it is: the addresses they hold, what the organization's systems call them, and the browsers in which
    they chose by name. `people`: everybody on record there; `owners`: all names under which that one person is."""

    places: tuple[Place, ...] = field(repr=False)
    people: frozenset[uuid.UUID] = frozenset()
    references: tuple[str, ...] = field(default=(), repr=False)
    browsers: tuple[Browser, ...] = field(default=(), repr=False)
    owners: Owners = field(default_factory=dict)

    @property
    def person_id(self) -> uuid.UUID | None:
        """The one person there; of several nobody is named."""
        return next(iter(self.people)) if len(self.people) == 1 else None

    @property
    def addresses(self) -> tuple[str, ...]:
        """Each address once."""
        return tuple(dict.fromkeys(one.tagged.address.value for one in self.places))


def whose(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, contact_id: uuid.UUID) -> Whose | None:
    """Whoever holds this contact point; None once it is erased. Of several people there nobody is named.

    Who has given the address up since is nobody here: what they said, and what systems call them, is not told.
    """
    known = subjects.by_id(tx, keyring, organization_id, contact_id)
    if known is None or known.address is None:
        return None
    address = as_received(known.channel, known.address)
    alike: Sequence[Any] = (address,)
    if known.channel in ("email", "sms", "voice"):
        alike = visits.places_of("email" if known.channel == "email" else "phone", address.value)
    tagged = [subjects.tagged(keyring, organization_id, one) for one in alike]
    places = tuple(Place(one, subjects.find(tx, organization_id, one)) for one in tagged)
    states = [preferences.read(tx, organization_id, each.address.channel, each.tag64) for each in tagged]
    ends, people = holder.ends_of(states), standing.known_at(states)
    one = next(iter(people)) if len(people) == 1 else None
    named = subjects.references(tx, keyring, organization_id, people).values() if one is not None else ()
    called = browsers.called(tx, keyring, organization_id, [each.value for each in alike], ends)
    owners: Owners = {**called, **({one: None} if one is not None else {})}
    here = {each.contact_point_id for each in places}
    chose_in = browsers.of_owners(tx, keyring, organization_id, owners)
    apart = tuple(each for each in chose_in if each.contact_point_id not in here)
    return Whose(places, people, tuple(named), apart, owners)


def ours(
    db: Database, keyring: Keyring, organization_id: uuid.UUID, rulebook: Rulebook, whose: Whose
) -> Iterator[Piece]:
    """Everything on record here for these addresses, as far as it is theirs; the newest first."""
    kept = _keeping(rulebook)
    with db.read(organization_id) as tx:
        at = (*whose.places, *(Place(one.tagged, one.contact_point_id) for one in whose.browsers))
        known = [piece for place in at if (piece := _contact(tx, place, whose, kept)) is not None]
    yield from known
    yield from _handed_over(db, organization_id, whose, kept)
    for event in history(db, keyring, organization_id, whose.places, whose.person_id):
        text = _text_of(db, keyring, organization_id, whose, event) if "job" in event["data"] else None
        yield _piece(event, text, kept)
    for event in in_browsers(db, keyring, organization_id, whose.browsers, whose.owners):
        yield _piece(event, None, kept)


def _handed_over(db: Database, organization_id: uuid.UUID, whose: Whose, kept: "Keeping") -> Iterator[Piece]:
    """What went to somebody by the person's own name; what went by an address is among what happened to the address."""
    with db.read(organization_id) as tx:
        went = disclosures.handed_over(tx, organization_id, (), sorted(whose.people))
    for one in went:
        if one.contact_point is None:
            at = instant(one.occurred_at)
            fields = {"recipient": one.recipient, "about": one.purpose, "categories": ", ".join(one.categories)}
            yield Piece("disclosures", "disclosure.made", "organization-systems", (), at, kept("disclosures", at[:10]),
                        str(one.entry), fields | ({"fields": ", ".join(one.fields)} if one.fields else {}))  # fmt: skip


def of_store(items: Iterable[Item], store: str) -> Iterator[Piece]:
    """What a store handed over; whence each item came is for the store to say."""
    for one in items:
        fields = {str(name): str(said) for name, said in one.fields.items()}
        yield Piece(one.category, "record", one.source or store, (), "", "", f"{store} {one.reference}".strip(), fields)


def _piece(event: Mapping[str, Any], text: str | None, kept: "Keeping") -> Piece:
    type_ = str(event["type"])
    category = MESSAGES.get(type_) or CATEGORIES.get(type_.partition(".")[0])
    if category is None:
        category = "messages-sent" if type_.startswith("message.") else "settings"
    fields: dict[str, str] = {"channel": event["channel"]} if event["channel"] != "none" else {}
    fields |= dict(_flat(event["facts"]))
    fields |= dict(_flat(event["data"]))
    if "wording" in event:
        fields["wording"] = event["wording"]["text"]
    if text is not None:
        fields["text"] = text
    at = str(event["occurred_at"])
    source = SOURCES.get(str(event["source"]), str(event["source"]))
    return Piece(category, type_, source, tuple(event["programs"]), at, kept(category, at[:10]), event["entry"], fields)


def _flat(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in told.items():
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, list) and all(isinstance(one, str) for one in value):
            yield name, ", ".join(value)
        elif value is not None:
            yield name, json.dumps(value, ensure_ascii=False)


def _contact(tx: Tx, place: Place, whose: Whose, kept: "Keeping") -> Piece | None:
    if place.contact_point_id is None:
        return None
    row = tx.one(
        _CONTACT, {"organization_id": tx.organization_id, "contact_point_id": place.contact_point_id}
    )  # fmt: skip
    if row is None:
        return None
    since = instant(as_instant(row[0]))
    fields = {"channel": place.tagged.address.channel, "address": place.tagged.address.value, "known_since": since}
    if whose.references:
        fields["called_by_the_organization"] = ", ".join(whose.references)
    reference = str(place.contact_point_id)
    return Piece("contact-point", "contact-point", "see-the-records", (), since, kept("contact-point", since[:10]),
                 reference, fields)  # fmt: skip


def _text_of(
    db: Database, keyring: Keyring, organization_id: uuid.UUID, whose: Whose, event: Mapping[str, Any]
) -> str | None:
    """What a message of our own outbox said (T-16); None where its job is gone."""
    job_id = uuid.UUID(str(event["data"]["job"]))
    with db.read(organization_id) as tx:
        for place in whose.places:
            if place.contact_point_id is None:
                continue
            asked = {"organization_id": organization_id, "id": job_id, "contact_point_id": place.contact_point_id}
            row = tx.one(_TEXT, asked)
            contact = subjects.by_id(tx, keyring, organization_id, place.contact_point_id) if row else None
            if row is not None and row[0] and contact is not None and contact.key is not None:
                said = json.loads(keys.open_facts(contact.key, bytes(row[0]), organization_id, job_id, JOB))
                return "\n".join(one for one in (said.get("subject"), said.get("text")) if one)
    return None


class Keeping:
    """Until when a class of data is kept, by the rules of the organization."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._due = lru_cache(maxsize=2048)(lambda word, day: _due(rulebook, word, day))

    def __call__(self, category: str, day: str) -> str:
        """The last day, or nothing where no rule sets one."""
        word = KEPT_AS.get(category)
        return self._due(word, day) if word is not None else ""


def _keeping(rulebook: Rulebook) -> Keeping:
    return Keeping(rulebook)


def _due(rulebook: Rulebook, word: str, day: str) -> str:
    due = rulebook.retention.due(Held(word, {"recorded": date.fromisoformat(day)})).due
    return due.isoformat() if due is not None else ""
