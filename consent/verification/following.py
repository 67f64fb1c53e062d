"""What a link of a message opens: the choices, nothing any more, or first a question."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from consent.db import Tx
from consent.ledger.keys import Keyring
from consent.organizations.service import Tenant
from consent.verification import links, rules
from consent.verification.links import Link
from consent.verification.visits import Level, Visit

# When the holder of this contact point was last reported to have changed: the wiring knows who can tell.
GivenUp = Callable[[Tx, uuid.UUID, uuid.UUID], datetime | None]


class Opens(StrEnum):
    """What following a link leads to."""

    CHOICES = "choices"  # a new visit at level LINK
    VISIT = "visit"  # the visit that there is: its code showed more than the link tells
    QUESTION = "question"  # a code was redeemed for another address here; the person says which of the two
    NOTHING = "nothing"  # it is too old, or its contact point changed hands since it was issued


def opens(link: Link, visit: Visit | None, given_up_at: datetime | None, holds: timedelta, now: datetime) -> Opens:
    """Where this link leads somebody who is in the middle of this visit, or of none."""
    if rules.link_is_over(link.issued_at, given_up_at, holds, now):
        return Opens.NOTHING
    if visit is None or visit.level is not Level.CODE:
        return Opens.CHOICES
    return Opens.VISIT if visit.covers(link.contact_point_id) else Opens.QUESTION


def stop_at(keyring: Keyring, tenant: Tenant, link: Link) -> str:
    """Where the messages of this link's contact point are stopped, without a code and however old the link is."""
    stops = replace(link, purpose=links.UNSUBSCRIBE, program=None, reference=None)
    return f"/{tenant.slug}/unsubscribe/{links.make(keyring, stops)}"
