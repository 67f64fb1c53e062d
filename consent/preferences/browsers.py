"""The browsers in which people chose by name: contact points of the channel `web`. They belong to somebody and reach
nobody, so whoever has no other address than these is found by a name or by the address that a site named them by."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.preferences import service as preferences
from consent.preferences import settings
from consent.preferences.facts import Effect
from consent.preferences.models import NOBODY
from consent.preferences.page import holder
from consent.preferences.rules import State
from consent.preferences.service import state_from
from consent.subjects import service as subjects
from consent.subjects.addresses import Address, Kind

WEB = "web"
PLACE = tuple[str, int, uuid.UUID]  # channel, short tag, contact point
# Every name under which one person is on record, and from when on what is said by it is theirs; None: all of it.
Owners = Mapping[uuid.UUID, datetime | None]

# The condition on `person_id` is that of the index.
_PLACES_TEXT = (
    "SELECT DISTINCT channel, tag64, contact_point_id FROM preference{index}"
    " WHERE organization_id = :organization_id AND person_id = :person_id AND person_id <> {nobody}"
)
PLACES_OF_PERSON = Sql(
    _PLACES_TEXT.format(index=" INDEXED BY ix_preference_named", nobody=f"x'{NOBODY.hex}'"),
    postgresql=_PLACES_TEXT.format(index="", nobody=f"'{NOBODY}'"),
)
_REFUSED_TEXT = (
    "SELECT program, person_id, state, occurred_at, event_id, policy, policy_version, sender, stopped, detail"
    " FROM preference{index} WHERE organization_id = :organization_id AND person_id = :person_id"
    " AND person_id <> {nobody} AND channel = 'web' AND state IN ('refused', 'withdrawn')"
)
REFUSED_IN_BROWSERS = Sql(
    _REFUSED_TEXT.format(index=" INDEXED BY ix_preference_named", nobody=f"x'{NOBODY.hex}'"),
    postgresql=_REFUSED_TEXT.format(index="", nobody=f"'{NOBODY}'"),
)


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser by the id that the site gave it, and everybody not erased who is on record there by name."""

    tagged: subjects.Tagged = field(repr=False)
    contact_point_id: uuid.UUID
    people: frozenset[uuid.UUID]


def tagged(keyring: Keyring, organization_id: uuid.UUID, visitor: str) -> subjects.Tagged:
    """The contact point of the browser with this id."""
    return subjects.tagged(keyring, organization_id, Address(WEB, visitor, Kind.OTHER, visitor))


def of_owners(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, owners: Owners) -> tuple[Browser, ...]:
    """Each browser in which this person chose by one of their names and that is not erased, in the order of their ids.

    One in which somebody chose by such a name before it was theirs is left out.
    """
    found: dict[uuid.UUID, Browser] = {}
    for person_id, since in owners.items():
        for channel, tag64, contact_id in places(tx, organization_id, person_id):
            known = subjects.by_id(tx, keyring, organization_id, contact_id) if channel == WEB else None
            if known is not None and known.address is not None:
                state = preferences.read(tx, organization_id, WEB, tag64)
                if since is not None and any(
                    whose == person_id and one.occurred_at <= since for (_, whose), one in state.items()
                ):
                    continue
                named = settings.persons_of(state)
                people = frozenset(subjects.references(tx, keyring, organization_id, named))
                found[contact_id] = Browser(tagged(keyring, organization_id, known.address), contact_id, people)
    return tuple(found[one] for one in sorted(found))


def called(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, addresses: Iterable[str], ends: holder.Ends) -> Owners:
    """Whom a site named by one of these addresses: whoever has it, since it was last somebody else's (`ends`)."""
    found = (subjects.find_person(tx, keyring, organization_id, one) for one in dict.fromkeys(addresses))
    since = max(ends.values(), default=None)
    return {one: since for one in found if one is not None}


def places(tx: Tx, organization_id: uuid.UUID, person_id: uuid.UUID) -> Iterator[PLACE]:
    """Every contact point at which something of this person is on record by name, browsers among them."""
    for channel, tag64, contact_id in tx.all(
        PLACES_OF_PERSON, {"organization_id": organization_id, "person_id": person_id}
    ):
        yield channel, tag64, as_id(contact_id)


def said_at(
    tx: Tx, organization_id: uuid.UUID, browser: uuid.UUID, at: datetime, person_id: uuid.UUID | None
) -> frozenset[tuple[str, bool]]:
    """What was said in this browser at that instant, by this person or without a name: its key, and whether a yes."""
    stored = preferences.facts_of(ledger.bodies_of(tx, organization_id, browser))
    said = [one for one in stored if one.occurred_at == at and one.person_id == (person_id or NOBODY)]
    return frozenset((key, one.effect is Effect.GIVEN) for one in said for key in one.programs)


def refused_by(tx: Tx, organization_id: uuid.UUID, persons: Iterable[uuid.UUID]) -> State:
    """What these people refused by name in any browser; the key is that of the row where it was refused."""
    said: State = {}
    for person_id in persons:
        for row in tx.all(REFUSED_IN_BROWSERS, {"organization_id": organization_id, "person_id": person_id}):
            ((key, one),) = state_from([row]).items()
            if key not in said or one.occurred_at > said[key].occurred_at:
                said[key] = one
    return said
