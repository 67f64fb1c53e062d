"""Enter a no from anywhere, open what a no by text leaves to do, and confirm for one sender after the other."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.errors import NotFound
from consent.ids import new_id
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.outbox import service as outbox
from consent.policies.rulebook import Rulebook
from consent.preferences import service as preferences
from consent.revocations import rules
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person

BLOCKS = "blocks"  # the queue of block calls to gateways

_INSERT = Sql(
    "INSERT INTO revocation (organization_id, id, kind, how, contact_point_id, entry_id, content_tag, channels,"
    " programs, received_at, entered_at, due_on, steps, state) VALUES (:organization_id, :id, :kind, :how,"
    " :contact_point_id, :entry_id, :content_tag, :channels, :programs, :received_at, :now, :due_on, :steps, 'open')"
)
_INSERT_SENDER = Sql(
    "INSERT INTO revocation_sender (organization_id, revocation_id, sender, name, state, how)"
    " VALUES (:organization_id, :revocation_id, :sender, :name, 'waiting', :how)"
)
_SAME = Sql("SELECT id FROM revocation WHERE organization_id = :organization_id AND content_tag = :content_tag")
_ACCOUNTS = Sql(
    "SELECT id, gateway, name FROM gateway_account WHERE organization_id = :organization_id AND closed_at IS NULL"
    " ORDER BY created_at"
)
_OWNER = Sql("SELECT contact_point_id, state FROM revocation WHERE organization_id = :organization_id AND id = :id")
_CONFIRM = Sql(
    "UPDATE revocation_sender SET state = 'confirmed', how = :how, confirmed_at = :now, entry_id = :entry_id"
    " WHERE organization_id = :organization_id AND revocation_id = :id AND sender = :sender AND state = 'waiting'"
)
_SENDERS = Sql(
    "SELECT sender, state FROM revocation_sender WHERE organization_id = :organization_id AND revocation_id = :id"
)
_CLOSE = Sql(
    "UPDATE revocation SET state = 'closed', closed_at = :now"
    " WHERE organization_id = :organization_id AND id = :id AND state = 'open'"
)


@dataclass(frozen=True, slots=True)
class Entered:
    """The revocation; `is_new` is False where the same was entered before."""

    id: uuid.UUID
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Due:
    """The last day, if any, and the arithmetic as it is stored."""

    on: date | None
    steps: str

    @property
    def said(self) -> str:
        """As the ledger writes it."""
        return self.on.isoformat() if self.on is not None else ""


def tagged(keyring: Keyring, organization_id: uuid.UUID, draft: rules.Draft) -> tuple[subjects.Tagged, ...]:
    """The contact points it is about, one for each channel; BadInput where the address is none of that channel."""
    return tuple(
        subjects.tagged(keyring, organization_id, of_person(channel, draft.address))
        for channel in rules.channels_of(draft)
    )


def enter(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    rulebook: Rulebook,
    draft: rules.Draft,
    places: Sequence[subjects.Tagged],
    source: str,
    now: datetime,
) -> Entered:
    """The no holds from the commit on, on every channel; entered twice, it is there once. `check` comes first."""
    organization_id, organization = log.organization_id, rulebook.organization
    contacts = [subjects.contact(tx, keyring, organization_id, place, now) for place in places]
    said = [draft.how, draft.received_at.isoformat(), [one.address.value for one in places]]
    said += [rules.channels_of(draft), sorted(draft.programs)]
    content = keyring.payload_tag(organization_id, json.dumps(["revocation", *said]).encode())
    same = tx.one(_SAME, {"organization_id": organization_id, "content_tag": content})
    if same is not None:
        return Entered(as_id(same[0]), False)
    revocation_id = new_id(now)
    channels = tuple(one.channel for one in contacts)
    due = _due(rulebook, channels, draft.received_at)
    entries = [
        _withdraw(tx, log, rulebook, draft, place, contact, revocation_id, due, source, now)
        for place, contact in zip(places, contacts, strict=True)
    ]
    tx.later(
        _INSERT,
        {
            "organization_id": organization_id,
            "id": revocation_id,
            "kind": "revocation",
            "how": draft.how,
            "contact_point_id": contacts[0].id,
            "entry_id": entries[0].event_id,
            "content_tag": content,
            "channels": " ".join(channels),
            "programs": json.dumps(sorted(draft.programs)),
            "received_at": draft.received_at,
            "now": now,
            "due_on": due.on,
            "steps": due.steps,
        },
    )
    senders = [*_gateways(tx, organization_id, channels), *rules.systems(organization, channels)]
    _add_senders(tx, organization_id, revocation_id, senders)
    for place, contact in zip(places, contacts, strict=True):
        if contact.channel == "sms":
            _ask_for_blocks(tx, organization_id, revocation_id, senders, place, contact, now)
    if not senders:
        _close_if_done(tx, log, contacts[0].stream, revocation_id, now)
    return Entered(revocation_id, True)


def open_task(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    rulebook: Rulebook,
    kind: str,
    contact: subjects.Contact,
    entry: ledger.Entry,
    now: datetime,
) -> uuid.UUID:
    """What a text leaves for a person to do waits in the inbox; the text itself has silenced texts already (T-08)."""
    organization_id, organization = log.organization_id, rulebook.organization
    channels = {one for program in organization.programs for one in program.channels if one != "none"}
    reached = tuple(sorted(channels | {contact.channel})) if kind == "everything" else (contact.channel,)
    due, task_id = _due(rulebook, reached, entry.occurred_at), new_id(now)
    data = {"revocation": str(task_id), "kind": kind, "text": str(entry.event_id), "due": due.said}
    opened = ledger.append(tx, log, contact.stream, ledger.Event("revocation.opened", "webhook", "sms", data=data), now)
    tx.later(
        _INSERT,
        {
            "organization_id": organization_id,
            "id": task_id,
            "kind": kind,
            "how": "text",
            "contact_point_id": contact.id,
            "entry_id": opened.event_id,
            "content_tag": keyring.payload_tag(organization_id, f"{kind} {entry.event_id}".encode()),
            "channels": " ".join(reached),
            "programs": "[]",
            "received_at": entry.occurred_at,
            "now": now,
            "due_on": due.on,
            "steps": due.steps,
        },
    )
    outside = rules.systems(organization, reached) if kind == "everything" else ()
    _add_senders(tx, organization_id, task_id, [*outside, *rules.tasks(kind)])
    return task_id


def confirm(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    revocation_id: uuid.UUID,
    sender: str,
    how: str,
    source: str,
    now: datetime,
    *,
    entered_by: str | None = None,
    note: str | None = None,
) -> bool:
    """This sender has confirmed; with the last one the revocation is closed. False where it had confirmed before."""
    organization_id = log.organization_id
    asked = {"organization_id": organization_id, "id": revocation_id}
    owner = tx.one(_OWNER, asked)
    if owner is None:
        raise NotFound("There is no such revocation.")
    stream = ledger.stream(
        tx, keyring, organization_id, as_id(owner[0])
    )  # locked: two last ones do not miss each other
    states = {str(row[0]): row[1] for row in tx.all(_SENDERS, asked)}
    if sender not in states:
        raise NotFound("This revocation waits for no such sender; its list of senders names those it does.")
    if states[sender] != "waiting":
        return False
    data = {"revocation": str(revocation_id), "confirmed_by": sender, "how": how}
    facts = {"staff": entered_by, "note": note}
    entry = ledger.append(tx, log, stream, ledger.Event("revocation.confirmed", source, data=data, facts=facts), now)
    tx.run(_CONFIRM, asked | {"sender": sender, "how": how, "now": now, "entry_id": entry.event_id})
    _close_if_done(tx, log, stream, revocation_id, now)
    return True


def _due(rulebook: Rulebook, channels: Iterable[str], received_at: datetime) -> _Due:
    binding = rulebook.stopping.due(channels, received_at)
    if binding is None:
        return _Due(None, json.dumps(["No promise and no law sets a date here."]))
    return _Due(local_date(binding.due, zones.zone(rulebook.organization.zone)), json.dumps(binding.steps))


def _withdraw(
    tx: Tx,
    log: ledger.Log,
    rulebook: Rulebook,
    draft: rules.Draft,
    place: subjects.Tagged,
    contact: subjects.Contact,
    revocation_id: uuid.UUID,
    due: _Due,
    source: str,
    now: datetime,
) -> ledger.Entry:
    organization_id = log.organization_id
    before = preferences.read(tx, organization_id, contact.channel, contact.tag64)
    purposes = rules.programs_on(rulebook.organization, contact.channel, draft.programs)
    data: dict[str, object] = {
        "scope": "programs" if draft.programs else "channel",
        "method": "revocation",
        "how": draft.how,
        "revocation": str(revocation_id),
        "due": due.said,
        **rulebook.policy_version.cited(),
    }
    facts = {"address": place.address.value, "staff": draft.entered_by, "note": draft.note}
    event = ledger.Event(
        "consent.withdrawn",
        source,
        contact.channel,
        purposes,
        data,
        min(draft.received_at, now),
        facts,
        draft.words,
    )
    entry = ledger.append(tx, log, contact.stream, event, now)
    preferences.record(tx, organization_id, contact.channel, contact.tag64, before, entry, source)
    outbox.cancel_waiting(tx, organization_id, contact.id, purposes, now)
    return entry


def _gateways(tx: Tx, organization_id: uuid.UUID, channels: Iterable[str]) -> list[rules.Sender]:
    if "sms" not in channels:
        return []
    rows = tx.all(_ACCOUNTS, {"organization_id": organization_id})
    return [rules.Sender(f"gateway:{as_id(id_)}", f"{name} ({gateway})", "gateway") for id_, gateway, name in rows]


def _add_senders(tx: Tx, organization_id: uuid.UUID, revocation_id: uuid.UUID, senders: Iterable[rules.Sender]) -> None:
    about = {"organization_id": organization_id, "revocation_id": revocation_id}
    for one in senders:
        tx.later(_INSERT_SENDER, about | {"sender": one.id, "name": one.name, "how": one.how})


def _ask_for_blocks(
    tx: Tx,
    organization_id: uuid.UUID,
    revocation_id: uuid.UUID,
    senders: Iterable[rules.Sender],
    place: subjects.Tagged,
    contact: subjects.Contact,
    now: datetime,
) -> None:
    """Each gateway is asked to block the number, or, where it takes no blocks, our own gate answers for it."""
    for one in senders:
        if one.how == "gateway":
            payload = {"sender": one.id, "revocation": str(revocation_id), "number": place.address.value}
            draft = outbox.Draft(BLOCKS, "gateway.block", f"block:{revocation_id}:{one.id}", payload, contact.id)
            outbox.enqueue(tx, organization_id, contact.stream.key, draft, now)


def _close_if_done(tx: Tx, log: ledger.Log, stream: ledger.Stream, revocation_id: uuid.UUID, now: datetime) -> None:
    asked = {"organization_id": log.organization_id, "id": revocation_id}
    if any(state == "waiting" for _, state in tx.all(_SENDERS, asked)):
        return
    if tx.run(_CLOSE, asked | {"now": now}):
        event = ledger.Event("revocation.closed", "system", data={"revocation": str(revocation_id)})
        ledger.append(tx, log, stream, event, now)
