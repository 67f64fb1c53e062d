"""What of the ledger a visitor may see as theirs: entries of the addresses they came by, and nobody else's words."""

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from typing import Any
from uuid import UUID

from consent.db import Database, Tx
from consent.decisions import told as decisions_told
from consent.errors import NotFound
from consent.evidence.receipts import STATES
from consent.ledger import bodies, queries
from consent.ledger.bodies import Leaf, instant
from consent.ledger.keys import Keyring
from consent.preferences import queries as preferences_queries
from consent.preferences import service as preferences
from consent.preferences.page import standing
from consent.preferences.page.acts import SOURCE
from consent.preferences.page.messages import NEWEST, Message
from consent.preferences.page.standing import Sight
from consent.verification.visits import Level, Visit
from consent.web.messages import N_

PAGE = 100
# What an entry holds about those who wrote it down is not the person's; the rest of its facts is.
NOT_THEIRS = frozenset({"staff", "note", "client"})
NOTHING = N_("There is no receipt of this kind for you. Go back to your preferences and follow the link there.")


def entry(tx: Tx, organization_id: UUID, visit: Visit, event_id: UUID) -> Leaf:
    """The entry, where this visit may keep its receipt; NotFound otherwise, as for one that never was.

    A link of a message shows only what was done by it (S27): an entry of this very visit.
    """
    stored = queries.event(tx, organization_id, event_id)
    leaf = bodies.parse(stored.body) if stored is not None else None
    if leaf is None or leaf.type not in STATES or not visit.covers(leaf.stream):
        raise NotFound(NOTHING)
    if visit.level is Level.LINK and (leaf.source != SOURCE or leaf.recorded_at < visit.proven_at):
        raise NotFound(NOTHING)
    if not standing.sees(_whose(leaf.data), leaf.occurred_at, sight(tx, organization_id, visit)):
        raise NotFound(NOTHING)
    return leaf


def sight(tx: Tx, organization_id: UUID, visit: Visit) -> Sight:
    """Whose words this visitor sees at the addresses of the visit."""
    states = [
        preferences.read(tx, organization_id, one.tagged.address.channel, one.tagged.tag64) for one in visit.places
    ]
    return standing.sight(states, visit.person_id)


def history(db: Database, keyring: Keyring, organization_id: UUID, visit: Visit) -> Iterator[dict[str, Any]]:
    """Everything on record for the addresses of the visit, the newest first, a page of entries at a time."""
    with db.read(organization_id) as tx:
        seen = sight(tx, organization_id, visit)
    streams = [one.contact_point_id for one in visit.places if one.contact_point_id is not None]
    timelines = [_timeline(db, keyring, organization_id, stream, seen) for stream in streams]
    tags = [(one.tagged.address.channel, one.tagged.tag64) for one in visit.places]
    timelines += [_messages(db, organization_id, channel, tag64, seen) for channel, tag64 in tags]
    yield from merge(*timelines, key=lambda one: str(one["recorded_at"]), reverse=True)


def _timeline(
    db: Database, keyring: Keyring, organization_id: UUID, stream: UUID, seen: Sight
) -> Iterator[dict[str, Any]]:
    before: int | None = None
    while True:
        with db.read(organization_id) as tx:
            events, before = preferences_queries.history(tx, keyring, organization_id, stream, before=before, most=PAGE)
        for event in events:
            if standing.sees(_whose(event["data"]), datetime.fromisoformat(event["occurred_at"]), seen):
                yield event | {"facts": {name: said for name, said in event["facts"].items() if name not in NOT_THEIRS}}
        if before is None:
            return


def _messages(db: Database, organization_id: UUID, channel: str, tag64: int, seen: Sight) -> Iterator[dict[str, Any]]:
    """Messages that were sent or held back, in the form of entries; they stand in no ledger, and have no hash."""
    before = NEWEST
    while True:
        with db.read(organization_id) as tx:
            found = decisions_told.messages(tx, organization_id, channel, tag64, before, PAGE)
        yield from (_as_event(one) for one in found if standing.sees(one.person, one.at, seen))
        if len(found) < PAGE:
            return
        before = found[-1].key


def _as_event(one: Message) -> dict[str, Any]:
    data: dict[str, Any] = {"message_class": one.message_class, "why": list(one.why)}
    data["reasons"] = [{name: said for name, said in each._asdict().items() if said} for each in one.reasons]
    if one.person is not None:
        data["person"] = str(one.person)
    if one.against_a_no:
        data["against_a_no"] = True
    if one.policy:
        data |= {"policy": one.policy, "policy_version": one.policy_version}
    return {
        "entry": str(one.id),
        "type": "message.sent" if one.sent else "message.held-back",
        "occurred_at": instant(one.at),
        "recorded_at": instant(one.at),
        "source": "decisions",
        "channel": one.channel,
        "programs": [one.program] if one.program else [],
        "data": data,
        "facts": {},
    }


def _whose(data: dict[str, Any]) -> UUID | None:
    person = data.get("person")
    return UUID(person) if isinstance(person, str) else None
