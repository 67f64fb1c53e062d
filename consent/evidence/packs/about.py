"""Whom a pack is about: a number, an address or a request, as the streams of the ledger that tell of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from consent.db import Tx
from consent.errors import BadInput, NotFound
from consent.ledger.keys import Keyring
from consent.organizations.service import Tenant
from consent.privacy_requests import queries as requests
from consent.subjects import service as subjects
from consent.subjects.addresses import masked, of_person
from consent.verification import visits
from consent.web.messages import N_

NUMBER, ADDRESS, REQUEST = "number", "address", "request"
NOTHING = N_("Nothing is on record for this number or address. Look at its digits or its spelling.")
NO_REQUEST = N_("There is no such request. Give the number that stands in its letters, such as 7F3K2-M9QXA.")


@dataclass(frozen=True, slots=True)
class Place:
    """One contact point: its stream, and the channel and short tag under which decisions and messages name it."""

    id: UUID
    channel: str
    tag64: int
    address: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class About:
    """What the pack covers. `request` is the request as lists show it, where one was asked for."""

    kind: str
    masked: str
    places: tuple[Place, ...]
    request: dict[str, Any] | None = field(default=None, repr=False)


def of_address(tx: Tx, keyring: Keyring, organization_id: UUID, said: str) -> About:
    """The contact points of a number (its texts and its calls) or of a mailbox.

    BadInput for what is neither, NotFound where nobody knows it.
    """
    kind = "email" if "@" in said else "phone"
    address = of_person("email" if kind == "email" else "sms", said.strip())
    found = []
    for one in visits.places_of(kind, address.value):
        tagged = subjects.tagged(keyring, organization_id, one)
        contact_id = subjects.find(tx, organization_id, tagged)
        known = subjects.by_id(tx, keyring, organization_id, contact_id) if contact_id is not None else None
        if known is not None:
            found.append(Place(known.id, known.channel, known.tag64, known.address))
    if not found:
        raise NotFound(NOTHING, field=NUMBER if kind == "phone" else ADDRESS)
    return About(NUMBER if kind == "phone" else ADDRESS, address.masked, tuple(found))


def of_request(tx: Tx, keyring: Keyring, tenant: Tenant, said: str, now: datetime) -> About:
    """The request of this number or id, with the contact point that asked."""
    request = requests.by_reference(tx, tenant.id, said.strip().upper(), tenant.zone, now)
    if request is None:
        try:
            request = requests.one(tx, tenant.id, UUID(said.strip()), tenant.zone, now)
        except ValueError:
            raise NotFound(NO_REQUEST, field=REQUEST) from None
    known = subjects.by_id(tx, keyring, tenant.id, UUID(request["contact_point"])) if request is not None else None
    if request is None or known is None:
        raise NotFound(NO_REQUEST, field=REQUEST)
    shown = masked(known.channel, known.address) if known.address is not None else ""
    place = Place(known.id, known.channel, known.tag64, known.address)
    return About(REQUEST, shown, (place,), request)


def of_contact(tx: Tx, keyring: Keyring, organization_id: UUID, contact_id: UUID) -> About:
    """The same for a contact point that staff look at; NotFound for a foreign id exactly as for a missing one."""
    known = subjects.by_id(tx, keyring, organization_id, contact_id)
    if known is None:
        raise NotFound(NOTHING)
    here = Place(known.id, known.channel, known.tag64, known.address)
    if known.address is None or known.channel not in ("sms", "voice", "email"):
        shown = masked(known.channel, known.address) if known.address is not None else ""
        return About(ADDRESS, shown, (here,))
    return of_address(tx, keyring, organization_id, known.address)


def one_of(**asked: str | None) -> tuple[str, str]:
    """Which of number, address and request was asked for; BadInput unless it is exactly one."""
    given = [(name, said) for name, said in asked.items() if said]
    if len(given) != 1:
        raise BadInput("Say whom the pack is about: --number, --address or --request, and one of them only.")
    return given[0]
