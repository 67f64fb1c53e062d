"""Open an incident, enter what becomes known, list the people, do its duties and close it: each with its entry."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from consent.db import Sql, Tx
from consent.errors import BadInput, Conflict, NotFound
from consent.ids import new_stream_id
from consent.incidents import former, letters, queries, rules
from consent.incidents.letters import letter_hash
from consent.incidents.queries import Incident, Words
from consent.ledger import keys
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.outbox import service as outbox
from consent.policies.governing import InForce
from consent.preferences import service as preferences
from consent.preferences import settings
from consent.subjects import service as subjects
from consent.web.messages import N_

_INSERT = Sql(
    "INSERT INTO incident (organization_id, id, kind, state, detected_at, facts, sealed, telling, opened_at, version)"
    " VALUES (:organization_id, :id, :kind, 'open', :detected_at, :facts, :sealed, :telling, :now, 1)"
)
_UPDATE = Sql(
    "UPDATE incident SET state = :state, detected_at = :detected_at, facts = :facts, sealed = :sealed,"
    " telling = :telling, closed_at = :closed_at, version = version + 1"
    " WHERE organization_id = :organization_id AND id = :id"
)
_ADD = Sql(
    "INSERT INTO incident_person (organization_id, incident_id, contact_point_id, channel, added_at, told)"
    " VALUES (:organization_id, :id, :contact, :channel, :now, '') ON CONFLICT DO NOTHING"
)
_ON_LIST = Sql(
    "SELECT told FROM incident_person WHERE organization_id = :organization_id AND incident_id = :id"
    " AND contact_point_id = :contact"
)
_LETTER = Sql(
    "UPDATE incident_person SET job_id = :job, letter_sha256 = :letter WHERE organization_id = :organization_id"
    " AND incident_id = :id AND contact_point_id = :contact AND told = ''"
)
_TOLD = Sql(
    "UPDATE incident_person SET told = :told, told_at = :at, entry_id = :entry WHERE organization_id ="
    " :organization_id AND incident_id = :id AND contact_point_id = :contact AND told = ''"
)
_DUTY = Sql(
    "INSERT INTO incident_duty (organization_id, incident_id, duty, done_at, entry_id)"
    " VALUES (:organization_id, :id, :duty, :now, :entry)"
)


@dataclass(frozen=True)
class Desk:
    """With what, and for whom, an incident is worked on; `by` is a member's id or the word `api`."""

    keyring: Keyring
    in_force: InForce
    by: str
    source: str

    @property
    def organization_id(self) -> UUID:
        """Whose incidents these are."""
        return self.in_force.log.organization_id


def open_incident(tx: Tx, desk: Desk, kind: str, facts: rules.Facts, words: Words, now: datetime) -> UUID:
    """The incident is on record with its own stream. Raises BadInput."""
    if kind not in (*rules.KINDS, rules.LATE):
        raise BadInput(N_("Say what it is: data in the wrong hands, data that must be handed over, or of a child."),
                       field="kind")  # fmt: skip
    if not words.title.strip():
        raise BadInput(N_("Give it a name by which it is found again."), field="title")
    rules.check(facts, now)
    rules.check_assessment(None, facts.law_requires, "", words.assessment)
    letters.check(words, telling=False)
    identity = new_stream_id()
    stream = ledger.new_stream(tx, desk.keyring, desk.organization_id, identity)
    owed = rules.duties(desk.in_force.rulebook, kind, facts, {})
    data = {"kind": kind, **json.loads(rules.written(facts)), "rests_on": rules.rests_on(owed)}
    said = {**asdict(words), "delay_body": facts.delay_body}
    known = {name: value for name, value in said.items() if value}
    event = ledger.Event("incident.opened", desk.source, data=_said(desk, data), facts=known)
    ledger.append(tx, desk.in_force.log, stream, event, now)
    row = {"organization_id": desk.organization_id, "id": identity, "kind": kind, "detected_at": facts.detected_at}
    sealed = _seal(desk, identity, stream.key, words, facts)
    tx.run(_INSERT, row | {"facts": rules.written(facts), "sealed": sealed, "telling": False, "now": now})
    return identity


def change(
    tx: Tx,
    desk: Desk,
    incident_id: UUID,
    changes: Mapping[str, Any],
    words: Mapping[str, str],
    now: datetime,
    *,
    version: int | None = None,
) -> Incident:
    """What became known is on record; where the people may not be told any more, telling has ended by it.

    Raises BadInput, NotFound, and Conflict where somebody changed it meanwhile.
    """
    found = open_one(tx, desk, incident_id)
    if version is not None and version != found.version:
        raise Conflict(N_("Somebody else has changed this incident: read it again, then enter your change."))
    facts = rules.changed(found.facts, changes)
    rules.check(facts, now)
    now_said = replace(found.words, **words)
    rules.check_assessment(found.facts.law_requires, facts.law_requires, found.words.assessment, now_said.assessment)
    if not now_said.title.strip():
        raise BadInput(N_("Give it a name by which it is found again."), field="title")
    if any(name.startswith(("subject", "letter")) for name in words):
        letters.check(now_said, telling=found.telling)
    data = {name: value for name, value in json.loads(rules.written(facts)).items() if name in changes}
    said = {**words, "delay_body": changes.get("delay_body", "")}
    changed = {name: value for name, value in said.items() if value}
    after = replace(found, facts=facts, words=now_said)
    if found.telling and queries.against_telling(tx, desk.in_force.rulebook, desk.organization_id, after, now):
        after, data = replace(after, telling=False), data | {"telling": False}
        _take_back(tx, desk.organization_id, incident_id, now)
    append(tx, desk, found, "incident.changed", data | {"changed": sorted({*changes, *words})}, now, changed)
    return _save(tx, desk, after)


def affect(tx: Tx, desk: Desk, incident_id: UUID, contacts: Sequence[subjects.KnownContact], now: datetime) -> int:
    """These people are on the list, each once; how many are new there. Whoever comes later is told as well.

    One of whom two addresses are given is there at one of them, a mailbox rather than a number.
    """
    found, added = open_one(tx, desk, incident_id), 0
    place = {"organization_id": desk.organization_id, "id": incident_id, "now": now}
    for one in sorted(contacts, key=lambda one: one.channel != "email"):
        known = any(tx.one(sql, place | {"contact": one.id}) is not None for sql in (_ON_LIST, former.ON_LIST))
        if not known and former.make_room(tx, desk.organization_id, incident_id, one):
            tx.run(_ADD, place | {"contact": one.id, "channel": one.channel})
            added += 1
    former.set_aside(tx, desk.organization_id, incident_id, now)
    if added:
        append(tx, desk, found, "incident.people", {"added": added}, now)
    return added


def list_people(
    tx: Tx, desk: Desk, incident_id: UUID, people: Sequence[tuple[UUID, str, bool]], now: datetime
) -> None:  # fmt: skip
    """These contact points, each with its channel, are on the list, each once; why stands in the history already.

    The third says that whoever had it is meant, and not who has it by now: they are told another way.
    """
    open_one(tx, desk, incident_id)
    place = {"organization_id": tx.id(desk.organization_id), "id": tx.id(incident_id), "now": tx.at(now)}
    for is_former, sql in ((False, _ADD), (True, former.ADD)):
        some = [one for one in people if one[2] is is_former]
        tx.many(sql, [place | {"contact": tx.id(one), "channel": channel} for one, channel, _ in some])


def begin_telling(tx: Tx, desk: Desk, incident_id: UUID, now: datetime) -> None:
    """From now on everybody on the list is told by mail, whatever they refused. Raises Conflict with the reason."""
    found = open_one(tx, desk, incident_id)
    rulebook = desk.in_force.rulebook
    why = queries.against_telling(tx, rulebook, desk.organization_id, found, now)
    if why is not None:
        raise Conflict(why)
    letters.check(found.words, telling=True)
    duties = queries.duties(tx, rulebook, desk.organization_id, found)
    owed = [one for one in duties if one.tells_people and one.state not in rules.SETTLED]
    data: dict[str, object] = {"letter": letter_hash(found.words).hex(), "rests_on": rules.rests_on(owed)}
    if versions := letters.written(found.words):
        data["letters"] = {one: letter_hash(letters.version(found.words, one)).hex() for one in versions}
    append(tx, desk, found, "incident.telling", data, now)
    facts = found.facts if found.facts.people_notified_at else replace(found.facts, people_notified_at=now)
    _save(tx, desk, replace(found, telling=True, facts=facts))


def told(tx: Tx, desk: Desk, incident_id: UUID, contact: subjects.KnownContact, how: str, now: datetime) -> bool:
    """Somebody told this person; False where they had been told. Raises Conflict while nobody may be told."""
    found = open_one(tx, desk, incident_id)
    former.set_aside(tx, desk.organization_id, incident_id, now)  # nobody is told at an address that changed hands
    duties = queries.duties(tx, desk.in_force.rulebook, desk.organization_id, found)
    why = rules.holds_back(found.facts, duties, rules.today(desk.in_force.rulebook, now))
    if why is not None:
        raise Conflict(why)
    letter = letter_hash(for_person(tx, desk.organization_id, contact, found.words))
    return record_told(tx, desk, incident_id, contact, how, letter, now, now)


def for_person(tx: Tx, organization_id: UUID, contact: subjects.KnownContact, words: Words) -> Words:
    """The words with the letter as this person gets it: in the language they chose, where it is written."""
    state = preferences.read(tx, organization_id, contact.channel, contact.tag64)
    return letters.version(words, settings.language_of(state))


def keep_letter(tx: Tx, desk: Desk, found: Incident, contact_id: UUID, job_id: UUID, words: Words) -> None:
    """The letter that these words make waits for this person as that job."""
    place = {"organization_id": desk.organization_id, "id": found.id, "contact": contact_id}
    tx.run(_LETTER, place | {"job": job_id, "letter": letter_hash(words)})


def record_told(
    tx: Tx, desk: Desk, incident_id: UUID, contact: subjects.KnownContact, how: str, letter: bytes, at: datetime,
    now: datetime,
) -> bool:  # fmt: skip
    """This person was told at that instant, as their own stream says; False where they had been told before.

    Whoever calls it holds the incident, so that of two who do it at once the second finds it done.
    """
    place = {"organization_id": desk.organization_id, "id": incident_id, "contact": contact.id}
    row = tx.one(_ON_LIST, place)
    if row is None:
        raise NotFound(N_("This person is not on the list of this incident."))
    if how not in rules.WAYS:
        raise BadInput(N_("Say how they were told: by letter, by telephone, in person or by mail."), field="how")
    if row[0]:
        return False
    stream = ledger.stream(tx, desk.keyring, desk.organization_id, contact.id)
    data = {"incident": str(incident_id), "how": how, "letter": letter.hex()}
    event = ledger.Event("incident.notified", desk.source, contact.channel, data=_said(desk, data))
    entry = ledger.append(tx, desk.in_force.log, stream, event, now)
    tx.run(_TOLD, place | {"told": how, "at": at, "entry": entry.event_id})
    return True


def do_duty(tx: Tx, desk: Desk, incident_id: UUID, key: str, how: str, now: datetime) -> None:
    """The duty was done, with the words about how. Raises NotFound, BadInput, Conflict; done twice it is once."""
    found = open_one(tx, desk, incident_id)
    people = queries.people(tx, desk.organization_id, incident_id)
    duties = queries.duties(tx, desk.in_force.rulebook, desk.organization_id, found, people)
    known = {one.key: one for one in duties}
    if key not in known:
        raise NotFound(N_("There is no such duty in this incident."))
    if known[key].done_at is not None:
        return
    if found.kind == rules.LATE:
        raise Conflict(N_("This is done once the records are gone: dispose of them, or place a hold."))
    if not how.strip():
        raise BadInput(N_("Say how it was done and where the proof lies."), field="how")
    why = rules.against_doing(known[key], people.telling)
    if why is not None:
        raise Conflict(why)
    entry = append(
        tx, desk, found, "incident.duty", {"duty": key, "rests_on": rules.rests_on([known[key]])}, now, {"how": how}
    )
    place = {"organization_id": desk.organization_id, "id": incident_id}
    tx.run(_DUTY, place | {"duty": key, "now": now, "entry": entry.event_id})


def close(tx: Tx, desk: Desk, incident_id: UUID, report: str, now: datetime) -> None:
    """The incident is closed with its report. Raises Conflict with what is still to be done."""
    found = open_one(tx, desk, incident_id)
    people = queries.people(tx, desk.organization_id, incident_id)
    duties = queries.duties(tx, desk.in_force.rulebook, desk.organization_id, found, people)
    why = rules.against_closing(duties, people.untold, people.waiting, report)
    if why is not None:
        raise Conflict(why)
    append(tx, desk, found, "incident.closed", {}, now, {"report": report})
    words = replace(found.words, report=report)
    _save(tx, desk, replace(found, state="closed", words=words, telling=False, closed_at=now))


def _take_back(tx: Tx, organization_id: UUID, incident_id: UUID, now: datetime) -> None:
    """Letters that nobody has begun to send are not sent; their people get one when the telling begins again."""
    waiting = queries.unsent(tx, organization_id, incident_id, now)
    outbox.take_back(tx, organization_id, [job for _, job in waiting], now)
    place = {"organization_id": organization_id, "id": incident_id, "job": None, "letter": None}
    tx.many(_LETTER, [place | {"contact": contact} for contact, _ in waiting])


def open_one(tx: Tx, desk: Desk, incident_id: UUID) -> Incident:
    """The incident, nobody else's until the transaction ends. Raises NotFound, and Conflict for one that is closed."""
    found = queries.one(tx, desk.keyring, desk.organization_id, incident_id, lock=True)
    if found is None:
        raise NotFound(N_("There is no such incident."))
    if found.state != "open":
        raise Conflict(N_("This incident is closed. Open another one for what is new, and name this one in it."))
    return found


def append(
    tx: Tx, desk: Desk, found: Incident, event: str, data: Mapping[str, object], now: datetime,
    facts: Mapping[str, str | None] | None = None,
) -> ledger.Entry:  # fmt: skip
    """What was done stands in the incident's history, with who did it."""
    stream = ledger.stream(tx, desk.keyring, desk.organization_id, found.id)
    said = ledger.Event(event, desk.source, data=_said(desk, data), facts=facts or {})
    return ledger.append(tx, desk.in_force.log, stream, said, now)


def _save(tx: Tx, desk: Desk, found: Incident) -> Incident:
    row: dict[str, object] = {
        "organization_id": desk.organization_id,
        "id": found.id,
        "state": found.state,
        "detected_at": found.facts.detected_at,
        "facts": rules.written(found.facts),
        "sealed": _seal(desk, found.id, found.key, found.words, found.facts),
        "telling": found.telling,
        "closed_at": found.closed_at,
    }
    tx.run(_UPDATE, row)
    return found


def _said(desk: Desk, data: Mapping[str, object]) -> dict[str, object]:
    return {**data, "by": desk.by}


def _seal(desk: Desk, identity: UUID, key: bytes, words: Words, facts: rules.Facts) -> bytes:
    """Whoever asks to wait is told in free words, too, so they are sealed with the others."""
    plain = json.dumps({**asdict(words), "delay_body": facts.delay_body}, ensure_ascii=False).encode()
    return keys.seal_facts(key, plain, desk.organization_id, identity, queries.WORDS)
