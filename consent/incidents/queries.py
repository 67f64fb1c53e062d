"""Read incidents, the people they are about, and what was done."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.incidents import late, rules
from consent.ledger import bodies, disclosures, keys
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.rulebook import Rulebook
from consent.preferences import numbers
from consent.preferences.models import NOBODY

WORDS = "incident"  # the sealed column
NEWEST = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=(1 << 128) - 1))

_COLUMNS = "i.id, i.kind, i.state, i.facts, i.sealed, i.telling, i.opened_at, i.closed_at, i.version, k.wrapped_key"
_FROM = (
    " FROM incident i JOIN stream_key k ON k.organization_id = i.organization_id AND k.stream_id = i.id"
    " WHERE i.organization_id = :organization_id"
)
_ONE_TEXT = f"SELECT {_COLUMNS}{_FROM} AND i.id = :id"
_ONE = Sql(_ONE_TEXT)
_LOCKED = Sql(_ONE_TEXT, postgresql=_ONE_TEXT + " FOR UPDATE OF i")
_LISTED = Sql(
    f"SELECT {_COLUMNS}, i.detected_at{_FROM} AND i.state = :state AND (i.detected_at, i.id) < (:at, :id)"
    " ORDER BY i.detected_at DESC, i.id DESC LIMIT :most"
)
# Whose data was erased has no address any more, and often no contact point: nobody can tell them.
_PLACES = (
    " FROM incident_person p LEFT JOIN contact_point c ON c.organization_id = p.organization_id"
    " AND c.id = p.contact_point_id AND c.sealed_address IS NOT NULL"
    " LEFT JOIN job j ON j.organization_id = p.organization_id AND j.id = p.job_id"
)
_OF_ONE = " WHERE p.organization_id = :organization_id AND p.incident_id = :id"
_WITH_PLACES = _PLACES + _OF_ONE
# What became of somebody's letter: none yet, on its way, left without being noted yet, or never to arrive.
_LETTER = (
    "CASE WHEN p.job_id IS NULL THEN '' WHEN j.outcome = 'sent' THEN 'left'"
    " WHEN j.id IS NOT NULL AND j.done_at IS NULL THEN 'waiting' ELSE 'failed' END"
)
_COUNTS = Sql(
    f"SELECT p.told <> '', p.channel, c.id IS NULL, {_LETTER}, count(*), max(p.told_at), max(j.done_at){_WITH_PLACES}"
    " GROUP BY 1, 2, 3, 4"
)
# Whoever had an address that is somebody else's by now (IncidentFormer).
_FORMER = (
    " FROM incident_former p LEFT JOIN contact_point c ON c.organization_id = p.organization_id"
    f" AND c.id = p.contact_point_id AND c.sealed_address IS NOT NULL{_OF_ONE}"
)
_FORMER_COUNTS = Sql(f"SELECT p.told <> '', c.id IS NULL, count(*), max(p.told_at){_FORMER} GROUP BY 1, 2")
_FORMER_UNTOLD = Sql(
    f"SELECT p.contact_point_id, p.channel{_FORMER} AND p.told = '' AND c.id IS NOT NULL"
    " ORDER BY p.contact_point_id LIMIT :most"
)
# Whom nobody told yet, by the language they chose at that mailbox.
_LANGUAGES = Sql(
    f"SELECT l.detail, count(*){_PLACES}"
    " JOIN preference l ON l.organization_id = c.organization_id AND l.channel = c.channel AND l.tag64 = c.tag64"
    f" AND l.program = :language AND l.person_id = :nobody{_OF_ONE} AND p.told = '' AND p.channel = 'email'"
    " GROUP BY l.detail"
)
_DONE = Sql("SELECT duty, done_at FROM incident_duty WHERE organization_id = :organization_id AND incident_id = :id")
_HOW = Sql(
    "SELECT d.duty, d.entry_id, f.ciphertext, f.key_version FROM incident_duty d JOIN ledger_disclosure f"
    " ON f.organization_id = d.organization_id AND f.event_id = d.entry_id AND f.name = :name"
    " WHERE d.organization_id = :organization_id AND d.incident_id = :id"
)
_UNTOLD = (
    f"SELECT p.contact_point_id, p.channel{_WITH_PLACES} AND p.told = '' AND c.id IS NOT NULL"
    " AND p.contact_point_id > :after"
)
_BY_ID = " ORDER BY p.contact_point_id LIMIT :most"
_BY_MAIL = Sql(f"{_UNTOLD} AND p.channel = 'email' AND p.job_id IS NULL{_BY_ID}")
_NOT_BY_MAIL = Sql(f"{_UNTOLD} AND (p.channel <> 'email' OR {_LETTER} = 'failed'){_BY_ID}")
_LEFT = Sql(
    f"SELECT p.contact_point_id, p.letter_sha256, j.done_at{_WITH_PLACES} AND p.told = '' AND c.id IS NOT NULL"
    f" AND j.outcome = 'sent'{_BY_ID}"
)
# What a worker holds just now is not among them: it says itself how it ended.
_UNSENT_TEXT = (
    "SELECT p.contact_point_id, j.id FROM incident_person p"
    " JOIN job j ON j.organization_id = p.organization_id AND j.id = p.job_id"
    " WHERE p.organization_id = :organization_id AND p.incident_id = :id AND p.told = '' AND j.done_at IS NULL"
    " AND (j.locked_until IS NULL OR j.locked_until < :now)"
)
_UNSENT = Sql(_UNSENT_TEXT, postgresql=f"{_UNSENT_TEXT} FOR UPDATE OF j")


@dataclass(frozen=True)
class Words:
    """What people wrote about an incident; each may be empty.

    `subject` and `letter` are what everybody gets who chose no language, or one in which nothing is written.
    """

    title: str
    what: str = ""
    assessment: str = ""
    subject: str = ""
    letter: str = ""
    subject_en: str = ""
    letter_en: str = ""
    subject_fr: str = ""
    letter_fr: str = ""
    subject_es: str = ""
    letter_es: str = ""
    report: str = ""


@dataclass(frozen=True)
class Incident:
    """An incident with its words readable, and its duties where they were asked for."""

    id: UUID
    kind: str
    state: str
    facts: rules.Facts
    words: Words
    telling: bool
    opened_at: datetime
    closed_at: datetime | None
    version: int
    key: bytes


@dataclass(frozen=True)
class People:
    """How many people it is about, and how many of them were told.

    Of the others: how many somebody must tell, for their address is no mailbox or the letter never arrives there; how
    many were erased since; for how many a letter is on its way, and of how many of these it has left already. `last_at`
    is when the last was told or their letter left; `former` have another address by now, and somebody must find them.
    """

    all: int
    told: int
    without_mail: int
    erased: int
    waiting: int
    left: int = 0
    last_at: datetime | None = None
    former: int = 0

    @property
    def telling(self) -> rules.Telling:
        """How far the telling is: whose letter has left waits no more."""
        waits = self.untold - self.left
        return rules.Telling(waits, None if waits else self.last_at)

    @property
    def untold(self) -> int:
        """How many nobody has told yet, and somebody still can."""
        return self.all - self.told - self.erased


def one(tx: Tx, keyring: Keyring, organization_id: UUID, incident_id: UUID, *, lock: bool = False) -> Incident | None:
    """The incident of that id, or None (also for a stranger's); with `lock` nobody else changes it meanwhile."""
    row = tx.one(_LOCKED if lock else _ONE, {"organization_id": organization_id, "id": incident_id})
    return None if row is None else incident_of(keyring, organization_id, row)


def page(
    tx: Tx, keyring: Keyring, organization_id: UUID, state: str, before: tuple[datetime, UUID], most: int
) -> tuple[list[Incident], tuple[datetime, UUID] | None]:
    """Incidents in that state, the newest first, and where the next page begins."""
    place = {"organization_id": organization_id, "state": state, "at": before[0]}
    rows = tx.all(_LISTED, place | {"id": before[1], "most": most + 1})
    found = [incident_of(keyring, organization_id, row) for row in rows[:most]]
    then = (as_instant(rows[most - 1][10]), found[-1].id) if len(rows) > most else None
    return found, then


def incident_of(keyring: Keyring, organization_id: UUID, row: Sequence[Any]) -> Incident:
    """The incident in a row of these queries."""
    identity, kind, state, facts, sealed, telling, opened_at, closed_at, version, wrapped = row[:10]
    key = keyring.stream_key(organization_id, bytes(wrapped))
    words = json.loads(keys.open_facts(key, bytes(sealed), organization_id, as_id(identity), WORDS))
    body = words.pop("delay_body", "")
    closed = None if closed_at is None else as_instant(closed_at)
    return Incident(
        as_id(identity), kind, state, rules.read(facts, body), Words(**words), bool(telling), as_instant(opened_at),
        closed, version, key,
    )  # fmt: skip


def people(tx: Tx, organization_id: UUID, incident_id: UUID) -> People:
    """How many there are, by whether they were told."""
    asked = {"organization_id": organization_id, "id": incident_id}
    rows, before = tx.all(_COUNTS, asked), tx.all(_FORMER_COUNTS, asked)
    untold = [(channel, letter, count) for told, channel, gone, letter, count, *_ in rows if not told and not gone]
    times = [row[5] if row[0] else row[6] for row in rows if row[0] or (row[3] == "left" and not row[2])]
    times += [at for told, _, _, at in before if told]
    without = sum(count for channel, letter, count in untold if channel != "email" or letter == "failed")
    return People(
        sum(row[4] for row in rows) + sum(count for _, _, count, _ in before),
        sum(row[4] for row in rows if row[0]) + sum(count for told, _, count, _ in before if told),
        without,
        sum(row[4] for row in rows if row[2] and not row[0])
        + sum(count for told, gone, count, _ in before if gone and not told),
        sum(count for _, letter, count in untold if letter in ("waiting", "left")),
        sum(count for _, letter, count in untold if letter == "left"),
        max((as_instant(at) for at in times if at is not None), default=None),
        sum(count for told, gone, count, _ in before if not told and not gone),
    )


def former(tx: Tx, organization_id: UUID, incident_id: UUID, most: int) -> list[tuple[UUID, str]]:
    """The addresses that are somebody else's by now, of whom nobody has told whoever had them; with their channels."""
    place = {"organization_id": organization_id, "id": incident_id, "most": most}
    return [(as_id(row[0]), row[1]) for row in tx.all(_FORMER_UNTOLD, place)]


def languages(tx: Tx, organization_id: UUID, incident_id: UUID) -> Mapping[str, int]:
    """How many whom nobody told yet, and mail may reach, chose each language."""
    asked = {"organization_id": organization_id, "id": incident_id, "language": numbers.LANGUAGE, "nobody": NOBODY}
    return {str(row[0]): int(row[1]) for row in tx.all(_LANGUAGES, asked)}


def untold(tx: Tx, organization_id: UUID, incident_id: UUID, after: UUID, most: int) -> list[UUID]:
    """The mailboxes whose people nobody has told yet and for whom no letter was written, by id."""
    place = {"organization_id": organization_id, "id": incident_id, "after": after, "most": most}
    return [as_id(row[0]) for row in tx.all(_BY_MAIL, place)]


def without_mail(tx: Tx, organization_id: UUID, incident_id: UUID, after: UUID, most: int) -> list[tuple[UUID, str]]:
    """The contact points whose people no letter reaches and nobody has told yet, by id, with their channels."""
    place = {"organization_id": organization_id, "id": incident_id, "after": after, "most": most}
    return [(as_id(row[0]), row[1]) for row in tx.all(_NOT_BY_MAIL, place)]


def left(tx: Tx, organization_id: UUID, incident_id: UUID, most: int) -> list[tuple[UUID, bytes, datetime]]:
    """Whose letters left without being noted yet: the contact point, the hash of the letter, and when."""
    place = {"organization_id": organization_id, "id": incident_id, "most": most}
    return [(as_id(row[0]), bytes(row[1]), as_instant(row[2])) for row in tx.all(_LEFT, place)]


def unsent(tx: Tx, organization_id: UUID, incident_id: UUID, now: datetime) -> list[tuple[UUID, UUID]]:
    """Whose letters nobody has begun to send, with their jobs; none of them begins until the transaction ends."""
    place = {"organization_id": organization_id, "id": incident_id, "now": now}
    return [(as_id(row[0]), as_id(row[1])) for row in tx.all(_UNSENT, place)]


def done(tx: Tx, organization_id: UUID, incident_id: UUID) -> Mapping[str, datetime]:
    """When each duty that was done was done."""
    rows = tx.all(_DONE, {"organization_id": organization_id, "id": incident_id})
    return {duty: as_instant(at) for duty, at in rows}


def duties(
    tx: Tx, rulebook: Rulebook, organization_id: UUID, incident: Incident, among: People | None = None
) -> tuple[rules.Duty, ...]:
    """The duties of the incident, with what was done; `among` are its people where they were counted already."""
    if incident.kind == rules.LATE:
        return late.duties(rulebook, late.of(tx, organization_id, incident.id))
    telling = (people(tx, organization_id, incident.id) if among is None else among).telling
    return rules.duties(rulebook, incident.kind, incident.facts, done(tx, organization_id, incident.id), telling)


def how_done(tx: Tx, organization_id: UUID, incident: Incident) -> Mapping[str, str]:
    """What was written at each duty that was done, as its entry keeps it."""

    def written(entry: UUID, sealed: bytes, version: int) -> str:
        plain = keys.open_facts(incident.key, sealed, organization_id, entry, ledger.FACTS, version)
        return "".join(str(one.value) for one in disclosures.unpack(plain) if one.name == "how")

    rows = tx.all(_HOW, {"organization_id": organization_id, "id": incident.id, "name": ledger.FACTS})
    return {duty: written(as_id(entry), bytes(sealed), version) for duty, entry, sealed, version in rows}


def against_telling(tx: Tx, rulebook: Rulebook, organization_id: UUID, incident: Incident, now: datetime) -> str | None:
    """Why the people of this incident cannot be told now, in a sentence; None when they can."""
    among = people(tx, organization_id, incident.id)
    return rules.against_telling(
        incident.facts,
        duties(tx, rulebook, organization_id, incident, among),
        among.all,
        bool(incident.words.subject.strip() and incident.words.letter.strip()),
        rules.today(rulebook, now),
    )


def history(tx: Tx, organization_id: UUID, incident_id: UUID) -> list[bodies.Leaf]:
    """What was entered and done, in its order."""
    return [bodies.parse(one) for one in ledger.bodies_of(tx, organization_id, incident_id)]
