"""All that a look at the page asks the database: whose visit it is and what holds there, in one row."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from consent.db import Database, Sql, Tx
from consent.ledger.keys import Keyring
from consent.preferences import service as preferences
from consent.preferences.page import told
from consent.preferences.rules import State
from consent.preferences.unsubscribe import figures
from consent.preferences.unsubscribe import pages as unsubscribe
from consent.preferences.unsubscribe.queries import ASKED_ABOUT, BY_CONTACT
from consent.subjects import service as subjects
from consent.verification import visits
from consent.verification.visits import Level, Visit


class Found(NamedTuple):
    """What the database knows of a visit: what holds, how each of it came about, and whether a press is in doubt."""

    states: dict[str, State]
    methods: dict[UUID, str]
    pressed: bool


class Look(NamedTuple):
    """A visit, and what was found with it; None where that is still to be asked."""

    visit: Visit
    found: Found | None


def look(db: Database, keyring: Keyring, organization_id: UUID, now: datetime) -> Look | None:
    """The visit of this request with all that its page shows; None without one that has not ended."""
    ticket = visits.valid_ticket(keyring, organization_id, now)
    if ticket is None or ticket.contact_point_id is not None:
        visit = None if ticket is None else visits.current(db, keyring, organization_id, now)
        return None if visit is None else Look(visit, None)
    asked = {"organization_id": organization_id, "id": ticket.id, "since": now - figures.shipped().grace}
    with db.read(organization_id, single=True) as tx:
        rows, *behind = tx.gather((_LOOK, asked), *([(_BEHIND, asked)] if tx.postgresql else ()))
    if not rows:
        return None
    *row, first, second, methods, pressed = rows[0]
    visit = visits.proven(keyring, organization_id, ticket, row)
    visits.seen(keyring, organization_id, ticket, now)
    channels = [one.tagged.address.channel for one in visit.places]
    states = {one: preferences.state_from_json(text) for one, text in zip(channels, (first, second), strict=False)}
    how = told.methods(behind[0]) if behind else _methods(methods)
    return Look(visit, Found(states, how, bool(pressed)))


def look_again(tx: Tx, visit: Visit, now: datetime) -> Found:
    """What is found with a visit that is known already, in one round trip."""
    places = [place.tagged for place in visit.places]
    holds = [(preferences.SELECT_AS_JSON, subjects.find_parameters(visit.organization_id, one)) for one in places]
    behind = []
    if visit.level is Level.CODE:
        behind = [told.behind(visit.organization_id, one.address.channel, one.tag64) for one in places]
    presses = unsubscribe.presses(visit, now)
    found = iter(tx.gather(*holds, *behind, *presses))
    states = {one.address.channel: preferences.state_from_json(next(found)[0][0]) for one in places}
    methods = told.methods([row for _ in behind for row in next(found)])
    return Found(states, methods, any(found))


def _methods(text: str) -> dict[UUID, str]:
    return {UUID(event): method for event, method in json.loads(text).items() if isinstance(method, str)}


_ADDRESS = (
    "p.organization_id = v.organization_id AND p.channel = CASE v.kind WHEN 'email' THEN 'email' ELSE 'sms' END"
    " AND p.tag64 = v.tag64"
)
_CALLS = "p.organization_id = v.organization_id AND p.channel = 'voice' AND p.tag64 = v.voice_tag64"
_PLACES = (_ADDRESS, _CALLS)
_EVENTS = " UNION ".join(f"SELECT p.event_id FROM preference p WHERE {one}" for one in _PLACES)  # noqa: S608 - fixed
# Only the member that is shown; a body that is no JSON tells nothing.
_METHOD = "CASE WHEN json_valid(CAST(e.body AS TEXT)) THEN json_extract(CAST(e.body AS TEXT), '$.data.method') END"
_METHODS = (
    f"(SELECT json_group_object(hex(e.event_id), {_METHOD}) FROM ledger_event e"  # noqa: S608 - fixed
    f" WHERE e.organization_id = v.organization_id AND e.event_id IN ({_EVENTS}))"
)


_ON_SQLITE, _ON_POSTGRESQL = zip(*[preferences.state_as_json(place) for place in _PLACES], strict=True)


def _select(states: Iterable[str], methods: str, index: str) -> str:
    pressed = " OR ".join(ASKED_ABOUT.format(index=index, id=one) for one in ("a.id", "b.id"))
    return f"SELECT {visits.COLUMNS}, {', '.join(states)}, {methods}, {pressed}{visits.FROM}"


# PostgreSQL reads no JSON that holds an escaped NUL, so that bodies are read here; it takes no further round trip.
_LOOK = Sql(_select(_ON_SQLITE, _METHODS, BY_CONTACT), postgresql=_select(_ON_POSTGRESQL, "NULL", ""))
_BEHIND = Sql(
    "SELECT e.event_id, e.body FROM visit v JOIN ledger_event e ON e.organization_id = v.organization_id"  # noqa: S608
    f" AND e.event_id IN ({_EVENTS}) WHERE v.organization_id = :organization_id AND v.id = :id"
)
