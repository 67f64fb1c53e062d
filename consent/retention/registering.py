"""A thing that is kept anywhere is on the list, with the day it goes; the same thing told twice is there once."""

import hashlib
import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import BadInput, Filled
from consent.ids import new_id
from consent.ledger import service as ledger
from consent.ledger.bodies import CLOCK_SKEW
from consent.ledger.keys import Keyring
from consent.policies.answers.inventory import Inventory
from consent.policies.answers.reasons import of_kind
from consent.policies.questions import Reason
from consent.policies.rulebook import Rulebook
from consent.privacy_requests.tasks import accounts
from consent.retention import rules
from consent.retention.reckoning import Reckoner
from consent.retention.rows import events_text, terms_row
from consent.retention.rules import Kept, Terms, Thing
from consent.subjects import service as subjects
from consent.web.messages import N_

NOT_ITS_CLASS = N_("This store has no data of that class; it has %(classes)s. See: consent stores list")
OWN = "own"  # the store of what lies in this house alone

_NAMES = (
    "organization_id", "id", "category", "store", "reference", "person_id", "role", "place", "site", "use",
    "collected_at", "purpose", "source", "events", "state", "dispose_on", "due_on", "method", "because",
    "policy_version", "rules", "registered_at",
)  # fmt: skip
_INSERT = Sql(
    f"INSERT INTO held_record ({', '.join(_NAMES)}) VALUES ({', '.join(f':{one}' for one in _NAMES)})"  # noqa: S608 - fixed columns
    " ON CONFLICT (organization_id, store, category, reference) DO NOTHING"
)
_THERE = Sql(
    "SELECT store, category, reference, id FROM held_record WHERE organization_id = :organization_id"
    " AND store = :store AND category = :category AND reference IN (SELECT value FROM json_each(:references))",
    postgresql="SELECT store, category, reference, id FROM held_record WHERE organization_id = :organization_id"
    " AND store = :store AND category = :category"
    " AND reference IN (SELECT json_array_elements_text(CAST(:references AS json)))",
)
_TAKE_OFF = Sql(
    "DELETE FROM held_record WHERE organization_id = :organization_id AND id = :id"
    " AND state NOT IN ('going', 'isolated')"
)
_HAPPENED = Sql(
    "SELECT event, happened_at, site FROM clock_event WHERE organization_id = :organization_id"
    " AND person_id = :person_id ORDER BY happened_at DESC"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A record as it was told."""

    category: str
    store: str
    reference: str = field(repr=False)
    collected_at: datetime
    purpose: str
    person: str | None = field(default=None, repr=False)
    role: str | None = None
    place: str | None = None
    site: str | None = None
    use: str | None = None
    source: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """By what it is the same record."""
        return self.store, self.category, self.reference


@dataclass(frozen=True, slots=True)
class Registered:
    """The record's id; `terms` are None where it was on the list before."""

    id: uuid.UUID
    terms: Terms | None = None


class Checker:
    """What keeps a draft from being registered, asked of one rulebook for any number of drafts."""

    def __init__(self, rulebook: Rulebook, stores: Mapping[str, Collection[str]], now: datetime) -> None:
        self._retention = rulebook.retention
        self._inventory: Inventory = rulebook.inventory
        self._stores, self._latest = stores, now + CLOCK_SKEW
        named = [one.parameters["sources"] for one in of_kind(rulebook.promises, "data-source")]
        self._sources = frozenset(source for sources in named for source in sources) if named else None
        self._refused: dict[str, Reason | None] = {}

    def check(self, draft: Draft) -> None:
        """BadInput that names the field and the way out."""
        self.category(draft.category)
        self.store(draft.store)
        if draft.category not in (classes := self._stores.get(draft.store, (draft.category,))):
            raise BadInput(Filled(NOT_ITS_CLASS, classes=sorted(classes)), field="category")
        if rules.is_address(draft.reference):
            raise BadInput(
                "A reference is the store's own key; no address and no number of a person.", field="reference"
            )
        if draft.collected_at > self._latest:
            raise BadInput("It cannot have been collected in the future.", field="collected_at")
        if self._sources is not None and draft.source not in self._sources:
            raise BadInput(f"Each item names its source, one of {', '.join(sorted(self._sources))}.", field="source")

    def category(self, name: str) -> None:
        """BadInput for a class of data that the policy does not know, or that must not be held, with the promise."""
        if name not in self._refused:
            self._refused[name] = self._why_not(name)
        why = self._refused[name]
        if why is not None:
            raise BadInput(why.text, field="category", commitment=why.commitment, law=why.law)

    def store(self, name: str) -> None:
        """BadInput for a store that nobody can ask."""
        if name != OWN and name not in self._stores:
            raise BadInput("There is no store of this name. See: consent stores list", field="store")

    def _why_not(self, category: str) -> Reason | None:
        if self._retention.knows(category):
            return None
        verdict = self._inventory.may_hold(category)
        if verdict.answer == "deny":
            return verdict.reasons[0]
        known = ", ".join(self._retention.categories())
        return Reason("unknown-category", f"The policy knows no such class of data; it knows {known}.")


def stores(tx: Tx, keyring: Keyring, organization_id: uuid.UUID) -> dict[str, tuple[str, ...]]:
    """Every store that can be asked, and the classes of data it has."""
    return {one.name: accounts.categories_of(one) for one in accounts.every(tx, keyring, organization_id)}


def register(
    tx: Tx, keyring: Keyring, log: ledger.Log, reckoner: Reckoner, drafts: Sequence[Draft], source: str, now: datetime,
    more: Mapping[str, object] | None = None,
) -> list[Registered]:  # fmt: skip
    """Every record is on the list, in the order of `drafts`; they were checked before. The entry says `more` of it."""
    organization_id = log.organization_id
    stream = ledger.stream(tx, keyring, organization_id, organization_id)  # locked: the same record told twice at once
    people = _people(tx, keyring, organization_id, drafts, now)
    known = there(tx, organization_id, drafts)
    new: dict[tuple[str, str, str], Registered] = {}
    rows, said = [], hashlib.sha256()
    for draft in drafts:
        if draft.key in known or draft.key in new:
            continue
        person_id, happened = people.get(draft.person or "", (None, ()))
        events: dict[str, datetime] = {}
        for name, at, site in happened:
            if site is None or site == draft.site:
                events.setdefault(name, at)
        thing = Thing(
            draft.category, draft.role, draft.place, draft.use, draft.collected_at, tuple(sorted(events.items()))
        )
        kept = Kept(new_id(now), person_id, draft.store, draft.site, draft.purpose, thing)
        terms = reckoner.terms(kept)
        new[draft.key] = Registered(kept.id, terms)
        rows.append(_row(tx, organization_id, reckoner, draft, kept, terms, events_text(events), now))
        said.update(f"{kept.id} {draft.store} {draft.category} {draft.reference}\n".encode())
    if rows:
        tx.many(_INSERT, rows)
        categories = sorted({category for _store, category, _reference in new})
        data = {"count": len(rows), "categories": categories, "sha256": said.hexdigest(), **(more or {})}
        cited = reckoner.rulebook.policy_version.cited()
        ledger.append(tx, log, stream, ledger.Event("record.registered", source, data=data | cited), now)
    return [known.get(draft.key) or new[draft.key] for draft in drafts]


def take_off(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, ids: Sequence[uuid.UUID], import_id: uuid.UUID, now: datetime
) -> int:
    """These records of an import are off the list, unless they are on their way out; how many that were."""
    log = ledger.log_of(tx, organization_id)
    assert log is not None  # an organization with records has one
    stream, gone = ledger.stream(tx, keyring, organization_id, organization_id), hashlib.sha256()
    count = 0
    for one in ids:
        if tx.run(_TAKE_OFF, {"organization_id": organization_id, "id": one}):
            gone.update(f"{one}\n".encode())
            count += 1
    if count:
        data = {"count": count, "sha256": gone.hexdigest(), "import": str(import_id)}
        ledger.append(tx, log, stream, ledger.Event("record.unlisted", "import", data=data), now)
    return count


def _row(
    tx: Tx, organization_id: uuid.UUID, reckoner: Reckoner, draft: Draft, kept: Kept, terms: Terms, events: str,
    now: datetime,
) -> dict[str, object]:  # fmt: skip
    return {
        "organization_id": tx.id(organization_id),
        "id": tx.id(kept.id),
        "category": draft.category,
        "store": draft.store,
        "reference": draft.reference,
        "person_id": None if kept.person_id is None else tx.id(kept.person_id),
        "role": draft.role,
        "place": draft.place,
        "site": draft.site,
        "use": draft.use,
        "collected_at": tx.at(draft.collected_at),
        "purpose": draft.purpose,
        "source": draft.source,
        "events": events,
        "policy_version": reckoner.policy_version,
        "rules": reckoner.rules,
        "registered_at": tx.at(now),
    } | terms_row(tx, terms)


def _people(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, drafts: Sequence[Draft], now: datetime
) -> dict[str, tuple[uuid.UUID, tuple[tuple[str, datetime, str | None], ...]]]:
    """Our ids of the people who are named, with what happened to them, newest first."""
    found = {}
    for reference in dict.fromkeys(one.person for one in drafts if one.person is not None):
        person_id = subjects.person(tx, keyring, organization_id, reference, now)
        rows = tx.all(_HAPPENED, {"organization_id": organization_id, "person_id": person_id})
        found[reference] = person_id, tuple((row[0], as_instant(row[1]), row[2]) for row in rows)
    return found


def there(tx: Tx, organization_id: uuid.UUID, drafts: Sequence[Draft]) -> dict[tuple[str, str, str], Registered]:
    """Those that are on the list already."""
    named: dict[tuple[str, str], list[str]] = {}
    for one in drafts:
        named.setdefault((one.store, one.category), []).append(one.reference)
    found = {}
    for (store, category), references in named.items():
        asked = {"organization_id": organization_id, "store": store, "category": category}
        for row in tx.all(_THERE, asked | {"references": json.dumps(references)}):
            found[row[0], row[1], row[2]] = Registered(as_id(row[3]))
    return found
