"""Everything that happened at an address, for the person it belongs to: entries and messages, nobody else's words."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import merge
from typing import Any
from uuid import UUID

from consent.db import Database, Tx
from consent.decisions import told as decisions_told
from consent.ledger.bodies import instant
from consent.ledger.disclosures import MESSAGE_TEXT
from consent.ledger.keys import Keyring
from consent.preferences import browsers
from consent.preferences import queries as preferences_queries
from consent.preferences import service as preferences
from consent.preferences.browsers import Browser, Owners
from consent.preferences.page import standing
from consent.preferences.page.messages import NEWEST, Message
from consent.preferences.page.standing import Sight
from consent.verification.visits import Place

PAGE = 100
# What an entry holds about those who wrote it down is not the person's; the rest of its facts is.
NOT_THEIRS = frozenset({"staff", "note", "client"})
# Entries whose text staff wrote for staff; what staff wrote to the person (why it takes longer, letters) is theirs.
NOTES_OF_STAFF = frozenset(
    {"privacy_request.checked", "privacy_request.sent_back", "privacy_request.revoked", "privacy_request.reopened"}
)


def sight(tx: Tx, organization_id: UUID, places: Sequence[Place], person_id: UUID | None) -> Sight:
    """Whose words are seen by whoever holds these addresses."""
    states = [preferences.read(tx, organization_id, one.tagged.address.channel, one.tagged.tag64) for one in places]
    return standing.sight(states, person_id)


def history(
    db: Database, keyring: Keyring, organization_id: UUID, places: Sequence[Place], person_id: UUID | None = None
) -> Iterator[dict[str, Any]]:
    """Everything on record for these addresses, the newest first, a page of entries at a time."""
    with db.read(organization_id) as tx:
        seen = sight(tx, organization_id, places, person_id)
    streams = [one.contact_point_id for one in places if one.contact_point_id is not None]
    timelines = [_timeline(db, keyring, organization_id, stream, seen) for stream in streams]
    tags = [(one.tagged.address.channel, one.tagged.tag64) for one in places]
    timelines += [_messages(db, organization_id, channel, tag64, seen) for channel, tag64 in tags]
    yield from merge(*timelines, key=lambda one: str(one["recorded_at"]), reverse=True)


def everything(
    db: Database, keyring: Keyring, organization_id: UUID, places: Sequence[Place], person_id: UUID | None
) -> Iterator[dict[str, Any]]:
    """As `history`, with what the person who holds these addresses chose by name in browsers."""
    with db.read(organization_id) as tx:
        seen = sight(tx, organization_id, places, person_id)
        addresses = [each.tagged.address.value for each in places]
        owners: Owners = {
            **browsers.called(tx, keyring, organization_id, addresses, seen.ends),
            **({seen.person: None} if seen.person is not None else {}),
        }
        chose_in = browsers.of_owners(tx, keyring, organization_id, owners)
    here = history(db, keyring, organization_id, places, person_id)
    there = in_browsers(db, keyring, organization_id, chose_in, owners)
    yield from merge(here, there, key=lambda one: str(one["recorded_at"]), reverse=True)


def in_browsers(
    db: Database, keyring: Keyring, organization_id: UUID, chose_in: Sequence[Browser], owners: Owners
) -> Iterator[dict[str, Any]]:
    """What one person, known by these names, chose in their browsers, the newest first.

    What names nobody is theirs where nobody else is on record by name; in a browser of several each sees their own.
    """
    timelines = [
        _own(_timeline(db, keyring, organization_id, one.contact_point_id, None), owners, one.people)
        for one in chose_in
    ]
    yield from merge(*timelines, key=lambda one: str(one["recorded_at"]), reverse=True)


def _own(events: Iterator[dict[str, Any]], owners: Owners, people: frozenset[UUID]) -> Iterator[dict[str, Any]]:
    alone = people <= owners.keys()
    latest = max((at for one in people if (at := owners.get(one)) is not None), default=None)
    for event in events:
        person = whose(event["data"])
        if person in owners or (person is None and alone):
            since = latest if person is None else owners[person]
            if since is None or since < datetime.fromisoformat(event["occurred_at"]):
                yield event


def _timeline(
    db: Database, keyring: Keyring, organization_id: UUID, stream: UUID, seen: Sight | None
) -> Iterator[dict[str, Any]]:
    before: int | None = None
    while True:
        with db.read(organization_id) as tx:
            events, before = preferences_queries.history(tx, keyring, organization_id, stream, before=before, most=PAGE)
        for event in events:
            if seen is None or standing.sees(whose(event["data"]), datetime.fromisoformat(event["occurred_at"]), seen):
                left_out = NOT_THEIRS | {MESSAGE_TEXT} if event["type"] in NOTES_OF_STAFF else NOT_THEIRS
                yield event | {"facts": {name: said for name, said in event["facts"].items() if name not in left_out}}
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


def whose(data: dict[str, Any]) -> UUID | None:
    """The person whom an entry is about, where it names one."""
    person = data.get("person")
    return UUID(person) if isinstance(person, str) else None
