"""Whom a site knows its visitor as: by its own name of the person, or by the mail address or telephone they gave.

An address makes nobody's contact point. The person it names has the address for a name, sealed and found by a keyed tag
like every name; where one person alone is on record at the address, it is that one.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from consent.db import Tx
from consent.errors import BadInput
from consent.ledger.keys import Keyring
from consent.preferences import service as preferences
from consent.preferences.page import standing
from consent.subjects import service as subjects
from consent.subjects.addresses import Address, BadAddress, of_person
from consent.verification.visits import places_of

ONE_NAME = "Say in one way who it is: by your own id, the mail address or the telephone."


class Named(NamedTuple):
    """The person's name, and the contact points that go with it where the name is an address."""

    reference: str
    addresses: tuple[Address, ...] = ()


def named(person: str | None, email: str | None, phone: str | None) -> Named | None:
    """Whom the site names, None where it names nobody; BadInput with the field for what is no address, or two names."""
    said = [(field, value) for field, value in (("person", person), ("email", email), ("phone", phone)) if value]
    if not said:
        return None
    if len(said) > 1:
        raise BadInput(ONE_NAME, field=said[1][0])
    field, value = said[0]
    if field == "person":
        return Named(value)
    try:
        address = of_person("email" if field == "email" else "sms", value)
    except BadAddress as error:
        raise BadInput(error.detail, field=field) from None
    return Named(address.value, places_of(field, address.value))


def to_record(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, who: Named, now: datetime) -> uuid.UUID:
    """Our id of the person whom this names; made when nobody knew them."""
    at_address = alone_at(tx, keyring, organization_id, who.addresses)
    return at_address or subjects.person(tx, keyring, organization_id, who.reference, now)


def known(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, who: Named) -> tuple[uuid.UUID, ...]:
    """Everybody whom this names: who is alone at the address, and who was named by it before that was known."""
    by_name = subjects.find_person(tx, keyring, organization_id, who.reference)
    at_address = alone_at(tx, keyring, organization_id, who.addresses)
    return tuple(dict.fromkeys(one for one in (at_address, by_name) if one is not None))


def tags(keyring: Keyring, organization_id: uuid.UUID, who: Named) -> tuple[subjects.Tagged, ...]:
    """The contact points of the address, none where a name was given."""
    return tuple(subjects.tagged(keyring, organization_id, one) for one in who.addresses)


def alone_at(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, addresses: Sequence[Address]) -> uuid.UUID | None:
    """The person on record at these addresses, None where nobody or several are; not who has given them up since."""
    tagged = [subjects.tagged(keyring, organization_id, one) for one in addresses]
    people = standing.known_at(
        [preferences.read(tx, organization_id, one.address.channel, one.tag64) for one in tagged]
    )
    return next(iter(people)) if len(people) == 1 else None
