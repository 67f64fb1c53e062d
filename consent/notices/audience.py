"""Everybody on record, one batch after the other, as the rules need to know them."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ledger import service as ledger
from consent.ledger.bodies import type_of
from consent.notices.rules import EMAIL, Known
from consent.preferences import numbers, settings
from consent.preferences import service as preferences
from consent.preferences.asking import standing_of
from consent.preferences.models import NOBODY
from consent.preferences.page import holder
from consent.preferences.rules import NUMBER, State
from consent.subjects.addresses import TELEPHONE

BATCH = 500
_REPORTS = frozenset({"number.reported", "number.queried"})  # entries about a number that are nobody's word
_REPORTED = frozenset({numbers.HOLDER, numbers.REACH, numbers.QUERIED})  # and what holds by them
# What was said of the purpose of everything else that is held of somebody, wherever it lies.
_HELD = Sql(
    "SELECT DISTINCT person_id, purpose FROM held_record"
    " WHERE organization_id = :organization_id AND person_id IS NOT NULL"
)

# A browser in which somebody chose is nobody to write to: neither a mail nor a letter reaches it.
_POINTS = Sql(
    "SELECT id, channel, tag64 FROM contact_point WHERE organization_id = :organization_id AND id > :after"
    " AND channel <> 'web' AND sealed_address IS NOT NULL ORDER BY id LIMIT :most"
)
# People who are on record at several places: what is known of them at one counts at the other.
_SEVERAL = Sql(
    "SELECT person_id, channel, program FROM preference WHERE organization_id = :organization_id"
    " AND person_id IN (SELECT person_id FROM preference WHERE organization_id = :organization_id"
    " AND person_id <> :nobody GROUP BY person_id HAVING count(DISTINCT contact_point_id) > 1)"
)


@dataclass(frozen=True)
class Somebody:
    """One contact point with what is known of it, and the language its people chose."""

    id: uuid.UUID
    known: Known
    language: str | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is on record of people at several places: the programs, and whether one of the places is a mailbox."""

    programs: Mapping[uuid.UUID, frozenset[str]]
    with_mailbox: frozenset[uuid.UUID]


NO_OTHERS = Elsewhere({}, frozenset())


def elsewhere(tx: Tx, organization_id: uuid.UUID) -> Elsewhere:
    """Of everybody on record at more than one place, or of whom records are held; the others are known by one place."""
    programs: dict[uuid.UUID, set[str]] = defaultdict(set)
    with_mailbox = set()
    for person, channel, program in tx.stream(_SEVERAL, {"organization_id": organization_id, "nobody": NOBODY}):
        person_id = as_id(person)
        if numbers.of_program(program):
            programs[person_id].add(program)
        if channel == EMAIL:
            with_mailbox.add(person_id)
    for person, purpose in tx.stream(_HELD, {"organization_id": organization_id}):
        programs[as_id(person)].add(purpose)
    return Elsewhere({one: frozenset(said) for one, said in programs.items()}, frozenset(with_mailbox))


def batch(
    tx: Tx, organization_id: uuid.UUID, after: uuid.UUID, programs: Collection[str], others: Elsewhere
) -> list[Somebody]:
    """The next contact points behind `after` in the order of their ids; none where nobody is left.

    The erased are not among them, nor browsers, nor what is there because of a report about a number alone.
    """
    while rows := tx.all(_POINTS, {"organization_id": organization_id, "after": after, "most": BATCH}):
        points = [(as_id(identity), str(channel), int(tag)) for identity, channel, tag in rows]
        if found := _known(tx, organization_id, points, programs, others):
            return found
        after = points[-1][0]
    return []


def _known(
    tx: Tx, organization_id: uuid.UUID, points: Sequence[tuple[uuid.UUID, str, int]], programs: Collection[str],
    others: Elsewhere,
) -> list[Somebody]:  # fmt: skip
    tags: dict[str, list[int]] = defaultdict(list)
    for _id, channel, tag in points:
        tags[channel].append(tag)
    states = {channel: preferences.read_many(tx, organization_id, channel, mine) for channel, mine in tags.items()}
    return [
        somebody(identity, channel, state, programs, others)
        for identity, channel, tag in points
        if not _is_only_reported(tx, organization_id, identity, channel, state := states[channel].get(tag, {}))
    ]


def _is_only_reported(tx: Tx, organization_id: uuid.UUID, identity: uuid.UUID, channel: str, state: State) -> bool:
    """Is the contact point there for reports alone? One about a number is filed for texts and for calls.

    A report that it is theirs leaves nothing that holds, so that its entries are looked at where nobody said anything.
    """
    if channel not in TELEPHONE or any(about not in _REPORTED for about, _ in state):
        return False
    types = {type_of(body) for body in ledger.bodies_of(tx, organization_id, identity)}
    return bool(types) and types <= _REPORTS


def somebody(identity: uuid.UUID, channel: str, state: State, programs: Collection[str], others: Elsewhere) -> Somebody:
    """The contact point with what holds there, in the words of the rules."""
    number = state.get(NUMBER)
    said = _said_now(state)
    people = {person for _program, person in said if person != NOBODY}
    stated = {program for program, _person in said if numbers.of_program(program)}
    for person in people:
        stated |= others.programs.get(person, frozenset())
    known = Known(
        channel,
        number is not None and number.state == "withdrawn",
        frozenset(stated),
        {one: standing_of(state, one, None) for one in programs},
        channel != EMAIL and bool(people) and people <= others.with_mailbox,
    )
    return Somebody(identity, known, settings.language_of(state))


def _said_now(state: State) -> State:
    """What whoever has the address now said; all of it where nobody has said anything since it changed hands."""
    ends = holder.ends_of([state])
    since = {
        key: one
        for key, one in state.items()
        if ends and numbers.of_program(key[0]) and not holder.is_former(key[1], one.occurred_at, ends)
    }
    return since or state
