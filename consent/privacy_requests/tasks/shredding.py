"""This house as a store: its parts are erased alone where an answer splits them, and the whole at the very end.

Each stream goes in one transaction (ledger A11). What said no before says no afterwards (`keeping`), under the keyed
tag of the address and a stream of its own; the ledger's entries stay and hold nothing that names anybody.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from consent.db import Database, Sql, Tx
from consent.db.spool import Spool
from consent.errors import NotFound
from consent.gateways.stores import own
from consent.gateways.stores.base import Receipt
from consent.ledger import erasing
from consent.ledger import service as ledger
from consent.ledger.erasing import Erased
from consent.ledger.keys import Keyring
from consent.preferences import numbers, settings
from consent.preferences import service as preferences
from consent.preferences.models import NOBODY
from consent.preferences.page import holder
from consent.preferences.rules import Standing, State
from consent.privacy_requests.tasks import keeping, leftovers, people
from consent.privacy_requests.tasks.people import Person, Place
from consent.privacy_requests.tasks.rules import EVERYTHING, OWN
from consent.subjects import service as subjects

# Which tables hold a part that may go before the rest. Texts lie in the ledger and in messages that have left.
_TABLES = {"delivery": frozenset({"message_log", "decision"})}

_LEFT = Sql(
    "DELETE FROM job WHERE organization_id = :organization_id AND contact_point_id = :id AND done_at IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Shredder:
    """What erasing our own records stands on. `tables` gives the complete metadata, which no web process has loaded."""

    db: Database
    keyring: Keyring
    data_dir: Path
    tables: Callable[[], sa.MetaData]
    spool: Spool | None = None


def erase_part(shredder: Shredder, person: Person, part: str, category: str, now: datetime) -> Receipt:
    """One part of our own records is gone, and the rest of them stays."""
    tables = shredder.tables()
    for one in person.persons if part == "people" else ():
        erasing.note_outside(shredder.data_dir, person.organization_id, Erased(one, _case(person), now))
    for place in person.places if part == "messages" or part in _TABLES else ():
        erasing.note_outside(shredder.data_dir, person.organization_id, Erased(place.id, _case(person), now, part))

    def work(tx: Tx) -> int:
        erasing.overwrite_deleted(tx)
        return sum(_one_part(tx, shredder, tables, person, part, now))

    count = shredder.db.write(work, person.organization_id)
    return Receipt(OWN, category, "erase", count, now, f"own/{part}")


def _one_part(
    tx: Tx, shredder: Shredder, tables: sa.MetaData, person: Person, part: str, now: datetime
) -> Iterator[int]:
    organization_id = person.organization_id
    if part == "people":
        log = _log(tx, organization_id)
        for one in person.persons:
            erasing.erase(tx, shredder.keyring, log, one, _case(person), now)
            yield sum(own.erase(tx, tables, own.Marks(persons=(one,)), frozenset({"person"})).values())
    for place in person.places:
        if part == "messages":
            yield erasing.forget_texts(tx, organization_id, place.id)
            yield tx.run(_LEFT, {"organization_id": organization_id, "id": place.id})
        elif part in _TABLES:
            yield sum(own.erase(tx, tables, person.marks(place), _TABLES[part]).values())


def erase_all(shredder: Shredder, person: Person, request_id: uuid.UUID, now: datetime) -> Receipt:
    """Nothing of them can be opened or found here any more; every no still holds. Doing it again finds nothing.

    The contact point that asked goes last: by it whoever was interrupted finds the rest.
    """
    tables, organization_id = shredder.tables(), person.organization_id
    entries: list[str] = []
    count = leftovers.forget(shredder.data_dir, shredder.spool, [one.address for one in person.places if one.address])
    for stream_id in (*(one.id for one in person.places), *person.persons):
        erasing.note_outside(shredder.data_dir, organization_id, Erased(stream_id, request_id, now))
    for one in person.persons:
        touched, entry = shredder.db.write(
            lambda tx, one=one: _shred_person(tx, shredder.keyring, tables, person, one, request_id, now),  # type: ignore[misc]
            organization_id,
        )
        count += touched
        entries += [entry]
    for place in person.places:
        touched, entry = shredder.db.write(
            lambda tx, place=place: _shred_place(tx, shredder.keyring, tables, person, place, request_id, now),  # type: ignore[misc]
            organization_id,
        )
        count += touched
        entries += [entry]
    shredder.db.empty_log()
    return Receipt(OWN, EVERYTHING, "erase", count, now, " ".join(one for one in entries if one))


def nothing_left(category: str, now: datetime) -> Receipt:
    """What is said of somebody of whom nothing can be opened here any more."""
    return Receipt(OWN, category, "erase", 0, now, "")


def again_after_restore(
    shredder: Shredder, organization_id: uuid.UUID, now: datetime, since: datetime | None = None
) -> int:
    """What the outside journal says is erased and a restored database still holds is erased again (ledger A10).

    Nobody goes with an address who was left on record then, whatever the older database says of where they are reached.
    Of people who stay, the parts that went after `since`: what was collected after an earlier erasure is not touched.
    """
    count = 0
    noted = _in_order(shredder, organization_id)
    whole = {one.stream_id for one in noted if not one.part}
    for erased in noted:
        if erased.part:
            count += _part_again(shredder, organization_id, erased, now, since)
            continue
        with shredder.db.read(organization_id) as tx:
            gone = erasing.is_erased(tx, organization_id, erased.stream_id)
            person = None if gone else people.of_contact(tx, shredder.keyring, organization_id, erased.stream_id)
            if not gone and person is None:
                person = people.of_stream(tx, organization_id, erased.stream_id)
        if person is not None:
            gone_then = replace(person, persons=tuple(one for one in person.persons if one in whole))
            erase_all(shredder, gone_then, erased.case_id, now)
            count += 1
    return count


def _in_order(shredder: Shredder, organization_id: uuid.UUID) -> list[Erased]:
    """Parts first, since who is gone altogether is not found any more; then addresses, whose rows tell every no."""
    noted = list(erasing.noted_outside(shredder.data_dir, organization_id))
    with shredder.db.read(organization_id) as tx:
        unaddressed = {one for one in noted if subjects.tag_of(tx, organization_id, one.stream_id) is None}
    return sorted(noted, key=lambda one: (not one.part, one in unaddressed))


def _part_again(
    shredder: Shredder, organization_id: uuid.UUID, erased: Erased, now: datetime, since: datetime | None
) -> int:
    """One part of one contact point is gone again; returns 1 where that was to be done."""
    if since is None or erased.at < since:
        return 0
    with shredder.db.read(organization_id) as tx:
        person = people.of_contact(tx, shredder.keyring, organization_id, erased.stream_id)
    if person is None:
        return 0
    alone = replace(person, places=tuple(one for one in person.places if one.id == erased.stream_id), persons=())
    return int(erase_part(shredder, alone, erased.part, erased.part, now).count > 0)


def _shred_place(
    tx: Tx, keyring: Keyring, tables: sa.MetaData, person: Person, place: Place, case_id: uuid.UUID, now: datetime
) -> tuple[int, str]:
    organization_id = person.organization_id
    log = _log(tx, organization_id)
    facts, _texts = erasing.facts_held(tx, organization_id, place.id)
    entry = erasing.erase(tx, keyring, log, place.id, case_id, now)
    if entry is None:
        return 0, ""
    state = preferences.read(tx, organization_id, place.channel, place.tag64)
    kept = keeping.survivors(state, settings.persons_of(state) - set(person.persons))
    touched = sum(own.erase(tx, tables, person.marks(place)).values())
    if kept:
        _say_no_again(tx, keyring, log, place, kept, now)
    return facts + touched, str(entry.event_id)


def _shred_person(
    tx: Tx, keyring: Keyring, tables: sa.MetaData, person: Person, one: uuid.UUID, case_id: uuid.UUID, now: datetime
) -> tuple[int, str]:
    log = _log(tx, person.organization_id)
    for place in person.places:
        _keep_what_was_refused_by(tx, keyring, log, place, one, now)
    for place in person.besides:
        _keep_what_was_refused_by(tx, keyring, log, place, one, now, settings_alone=True)
    unnamed = {place: _said_by(tx, log, place, one) for place in person.besides}
    entry = erasing.erase(tx, keyring, log, one, case_id, now)
    touched = sum(own.erase(tx, tables, person.marks(persons=(one,))).values())
    for place, rows in unnamed.items():
        # The stream stays with others, and so does what folds from it: under an id that nobody has any more.
        preferences.write_changes(tx, log.organization_id, place.channel, place.tag64, place.id, {}, rows)
    return touched, "" if entry is None else str(entry.event_id)


def _say_no_again(
    tx: Tx, keyring: Keyring, log: ledger.Log, place: Place, kept: tuple[keeping.Kept, ...], now: datetime
) -> None:
    """The contact point begins anew without an address, with nothing but what was refused."""
    contact = subjects.without_address(tx, keyring, log.organization_id, place.channel, place.tag, now)
    _say(tx, log, contact.stream, place, kept, {}, now)


def _keep_what_was_refused_by(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    place: Place,
    one: uuid.UUID,
    now: datetime,
    *,
    settings_alone: bool = False,
) -> None:
    """What this person refused here by name is the refusal of the contact point, before the name goes with its rows.

    Where the contact point stays with others, a no to a program stays as it was said: `settings_alone` lose the name.
    """
    state = preferences.read(tx, log.organization_id, place.channel, place.tag64)
    ends = holder.ends_of([state])
    named = {
        key: said
        for key, said in state.items()
        if key[1] == one and not (settings_alone and _stays_unsaid(key[0], said, one, ends))
    }
    known = keeping.survivors({key: said for key, said in state.items() if key[1] == NOBODY})
    kept = tuple(said for said in keeping.survivors(named) if said not in known)
    if kept:
        _say(tx, log, ledger.stream(tx, keyring, log.organization_id, place.id), place, kept, state, now)


def _stays_unsaid(about: str, said: Standing, one: uuid.UUID, ends: holder.Ends) -> bool:
    """Where others stay: that this person gave the address up ends nothing of theirs, and neither does what was before.

    Said again without the name, it would be of everybody who has the address now.
    """
    return numbers.of_program(about) or about == numbers.HOLDER or holder.is_former(one, said.occurred_at, ends)


def _said_by(tx: Tx, log: ledger.Log, place: Place, one: uuid.UUID) -> State:
    """What is on record of this person there by name."""
    state = preferences.read(tx, log.organization_id, place.channel, place.tag64)
    return {key: said for key, said in state.items() if key[1] == one}


def _say(
    tx: Tx, log: ledger.Log, stream: ledger.Stream, place: Place, kept: tuple[keeping.Kept, ...], state: State,
    now: datetime,
) -> None:  # fmt: skip
    for one in kept:
        event = one.event(place.channel)
        entry = ledger.append(tx, log, stream, event, now)
        state = preferences.record(tx, log.organization_id, place.channel, place.tag64, state, entry, event.source)


def _log(tx: Tx, organization_id: uuid.UUID) -> ledger.Log:
    log = ledger.log_of(tx, organization_id)
    if log is None:
        raise NotFound("This organization has no open log.")
    return log


def _case(person: Person) -> uuid.UUID:
    return person.requests[0] if person.requests else uuid.UUID(int=0)
