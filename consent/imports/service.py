"""Do rows: a batch is judged against what holds at its commit, recorded and counted in one transaction.

The order of a transaction: the batch is claimed, contact points are locked, what holds for them is read, rows follow.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from consent.db import Sql, Tx
from consent.db.types import as_id, stored_text
from consent.imports import apart, free_text, rules, runs
from consent.imports.demands import Demands, programs_on, sender_of
from consent.imports.mapping import Mapping
from consent.imports.reading import Looked
from consent.imports.rows import Reader, Row
from consent.imports.rules import Asked, Judged, Outcome
from consent.imports.runs import Run
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.outbox import service as outbox
from consent.policies.rulebook import ConsentDraft, Rulebook
from consent.preferences import consents
from consent.preferences import service as preferences
from consent.preferences.models import EVERY_PROGRAM
from consent.preferences.rules import State
from consent.privacy_requests.answers import corrected
from consent.subjects import service as subjects

SOURCE = "import"
BATCH = 64  # rows in one transaction: who writes beside it waits some tens of milliseconds

_ENTRY = Sql(
    "INSERT INTO import_entry (organization_id, import_id, row_number, row_tag, outcome, event_id, contact_point_id)"
    " VALUES (:organization_id, :import_id, :row_number, :row_tag, :outcome, :event_id, :contact_point_id)"
)
_TAGS = ", ".join(f":tag_{place}" for place in range(BATCH))
_KNOWN = Sql(
    f"SELECT row_tag FROM import_entry WHERE organization_id = :organization_id AND row_tag IN ({_TAGS})"  # noqa: S608
)

Place = tuple[str, int]  # channel and short tag


@dataclass(frozen=True, slots=True)
class Import:
    """Everything that doing the rows of one import needs."""

    organization_id: uuid.UUID
    run: Run
    mapping: Mapping
    keyring: Keyring
    log: ledger.Log
    demands: Demands
    key: bytes

    def reader(self, looked: Looked) -> "Callable[[int, list[str]], Prepared | None]":
        """Reads a row and holds it against policy and law; None for an empty line."""
        rows = Reader(self.mapping, looked.places, looked.width)

        def read(number: int, cells: list[str]) -> Prepared | None:
            row = rows.row(number, cells)
            return prepare(self, row) if row is not None else None

        return read

    def do(self, tx: Tx, batch: "Sequence[Prepared]", before: int, after: int, now: datetime) -> None:
        """The rows of one batch in their transaction."""
        do_batch(tx, self, batch, before, after, now)


class Prepared(NamedTuple):
    """A row read, tagged and held against policy and law, before any transaction."""

    row: Row
    asked: Asked
    draft: ConsentDraft
    rulebook: Rulebook
    tagged: subjects.Tagged | None
    tag: bytes


def prepare(of: Import, row: Row) -> Prepared:
    """Everything about the row that needs no look at what is on record."""
    asked, draft, rulebook = of.demands.asked(row)
    row = free_text.without_forbidden(rulebook, row)
    tagged = None
    if row.address is not None:
        tagged = subjects.tagged(of.keyring, of.organization_id, row.address)
    return Prepared(row, asked, draft, rulebook, tagged, row_tag(of, row, asked))


def row_tag(of: Import, row: Row, asked: Asked) -> bytes:
    """By which the same words are known again. A row without a time is news with each file that brings it."""
    when = row.when
    said = (
        "row",
        row.address.channel if row.address is not None else "",
        row.address.value if row.address is not None else "",
        asked.state,
        asked.program,
        stored_text(when.earliest) if when is not None else f"{of.run.file_sha256.hex()} {row.number}",
        stored_text(when.latest) if when is not None else "",
        row.person or "",
    )
    return of.keyring.payload_tag(of.organization_id, "\x1f".join(said).encode())


def do_batch(tx: Tx, of: Import, batch: Sequence[Prepared], before: int, after: int, now: datetime) -> None:
    """The rows from `before` to `after` are recorded or kept apart, once, whoever else tries."""
    runs.move(tx, of.organization_id, of.run.id, before, after)
    if not batch:  # empty lines
        return
    doing = _Doing(tx, of, batch, now)
    counts: Counter[Outcome] = Counter()
    with tx.gathering():
        for one in batch:
            counts[doing.do(one)] += 1
    runs.count(tx, of.organization_id, of.run.id, counts)


class _Doing:
    """One batch inside its transaction: contact points locked, what holds for them followed row by row."""

    def __init__(self, tx: Tx, of: Import, batch: Sequence[Prepared], now: datetime) -> None:
        self._tx, self._of, self._now = tx, of, now
        self._place = {"organization_id": tx.id(of.organization_id), "import_id": tx.id(of.run.id)}
        tags: dict[str, set[int]] = {}
        for one in batch:
            if one.tagged is not None:
                tags.setdefault(one.tagged.address.channel, set()).add(one.tagged.tag64)
        self._rows: dict[Place, tuple[object, ...]] = {}
        self._states: dict[Place, State] = {}
        for channel, mine in sorted(tags.items()):
            ordered = sorted(mine)
            # Locked first: what is read after it cannot change before our commit.
            found = subjects.find_many(tx, of.organization_id, channel, ordered)
            states = preferences.read_many(tx, of.organization_id, channel, list(found)) if found else {}
            self._rows |= {(channel, tag64): row for tag64, row in found.items()}
            self._states |= {(channel, tag64): state for tag64, state in states.items()}
        self._contacts: dict[Place, subjects.Contact] = {}
        ids = {place: as_id(row[0]) for place, row in self._rows.items()}  # type: ignore[arg-type]
        kept = corrected.kept(tx, of.organization_id, ids.values()) if ids else {}
        self._corrected = {place: kept[one] for place, one in ids.items() if one in kept}
        tagged = [one.tag for one in batch]
        filled = {f"tag_{place}": tagged[min(place, len(tagged) - 1)] for place in range(BATCH)}
        known = tx.all(_KNOWN, {"organization_id": self._place["organization_id"], **filled})
        self._written = {bytes(row[0]) for row in known}

    def do(self, one: Prepared) -> Outcome:
        """What became of this row; it is written."""
        of = self._of
        if one.tagged is None:
            return self._keep_apart(one, rules.judge(one.asked, {}, *self._terms()))
        place = (one.tagged.address.channel, one.tagged.tag64)
        state = self._states.get(place, {})
        asked = one.asked
        if one.row.person is not None:
            known = subjects.find_person(self._tx, of.keyring, of.organization_id, one.row.person)
            # Somebody nobody knows yet has nothing on record; whoever it is, the row decides it first.
            asked = asked._replace(person_id=known or uuid.uuid4())
        judged = rules.judge(asked, state, *self._terms())
        if asked.state == "given" and self._is_corrected(one, place):
            return self._keep_apart(one, Judged(Outcome.QUARANTINED, judged.at, (rules.CORRECTED, *judged.faults)))
        if judged.outcome in (Outcome.REFUSED, Outcome.QUARANTINED):
            return self._keep_apart(one, judged)
        if judged.outcome in (Outcome.UNCHANGED, Outcome.OLDER):
            return judged.outcome
        if one.tag in self._written:
            return Outcome.UNCHANGED
        self._written.add(one.tag)
        self._states[place] = self._record(one, judged, place, state)
        return judged.outcome

    def _is_corrected(self, one: Prepared, place: Place) -> bool:
        """Does the row bring what its person had corrected (1V-44)? Then it waits for somebody to decide."""
        kept = self._corrected.get(place)
        if kept is None or one.tagged is None:
            return False
        of, clashes = self._of, False
        for name, value in ((corrected.ADDRESS, one.tagged.address.value), (corrected.PERSON, one.row.person or "")):
            if value and name in kept and kept[name] != corrected.tag_of(of.keyring, of.organization_id, name, value):
                stream = self._contact(one, place).stream
                corrected.brought(self._tx, of.keyring, of.log, stream, name, value, SOURCE, self._now)
                clashes = True
        return clashes

    def _contact(self, one: Prepared, place: Place) -> subjects.Contact:
        """The contact point of the row, locked; the same one for every row of the batch."""
        contact = self._contacts.get(place)
        if contact is None:
            of, tagged, row = self._of, one.tagged, self._rows.get(place)
            assert tagged is not None
            contact = subjects.contact_from(self._tx, of.keyring, of.organization_id, tagged, row, self._now)
            self._contacts[place] = contact
        return contact

    def _terms(self) -> tuple[datetime, ZoneInfo, datetime]:
        demands = self._of.demands
        return demands.as_of, demands.zone, demands.first_policy_at

    def _record(self, one: Prepared, judged: Judged, place: Place, state: State) -> State:
        """The row stands in the ledger and in what holds; what waited to be sent against it does not go out."""
        tx, of, now = self._tx, self._of, self._now
        contact = self._contact(one, place)
        event = self._event(one, judged)
        entry = ledger.append(tx, of.log, contact.stream, event, now)
        if judged.outcome is Outcome.ENDS and not contact.is_new:
            outbox.cancel_waiting(tx, of.organization_id, contact.id, event.purposes, now)
        tx.later(
            _ENTRY,
            {
                **self._place,
                "row_number": one.row.number,
                "row_tag": one.tag,
                "outcome": str(judged.outcome),
                "event_id": tx.id(entry.event_id),
                "contact_point_id": tx.id(contact.id),
            },
        )
        return preferences.record(tx, of.organization_id, *place, state, entry, SOURCE)

    def _event(self, one: Prepared, judged: Judged) -> ledger.Event:
        tx, of, row = self._tx, self._of, one.row
        assert one.tagged is not None
        more: dict[str, object] = {"import": str(of.run.id), "row": row.number}
        if row.when is None or not row.when.exact:
            more["time"] = "none" if row.when is None else "span"
        person_id = None
        if row.person is not None:
            person_id = subjects.person(tx, of.keyring, of.organization_id, row.person, self._now)
        said = consents.Said(
            one.draft._replace(occurred_at=judged.at), one.tagged, row.person, row.entered_by or of.run.brought_by
        )
        facts = {"proof_note": row.proof_note}
        if one.asked.program != EVERY_PROGRAM:
            return consents.event_of(
                tx, of.organization_id, one.rulebook, said, person_id, SOURCE, self._now, more, facts
            )
        sender = sender_of(one.rulebook, row.sender)
        said = consents.Said(said.draft._replace(state="withdrawn"), one.tagged, row.person, said.entered_by)
        more |= {"scope": "channel", "sender": sender}
        event = consents.event_of(tx, of.organization_id, one.rulebook, said, person_id, SOURCE, self._now, more, facts)
        return ledger.Event(
            event.type,
            event.source,
            event.channel,
            programs_on(one.rulebook, event.channel, sender),
            event.data,
            event.occurred_at,
            event.facts,
        )

    def _keep_apart(self, one: Prepared, judged: Judged) -> Outcome:
        """The row changes nothing; why is readable, the row itself is not."""
        of, row = self._of, one.row
        place = apart.Place(of.organization_id, of.run.id, of.key)
        tag64 = one.tagged.tag64 if one.tagged is not None else None
        apart.keep(self._tx, place, one.rulebook, row.number, row.cells, judged.outcome, judged.faults, tag64)
        return judged.outcome
