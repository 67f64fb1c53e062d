"""A consent entered for a person: it waits, sealed, for a second member; recorded once, or gone."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from consent.dashboard.seats import Seat
from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import Conflict, NotFound
from consent.ids import new_id
from consent.ledger import bodies, keys
from consent.ledger import service as ledger
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.policies import by_hand
from consent.policies.governing import InForce
from consent.policies.questions import ConsentDraft
from consent.preferences import consents, proofs
from consent.staff import approvals
from consent.staff.approvals import Approval
from consent.subjects import service as subjects
from consent.subjects.addresses import as_received
from consent.web.messages import N_

WHAT = "consent.enter"
DRAFT, FILE = "consent-draft", "consent-file"  # their places in the authenticated data
GONE = N_("There is no such consent to look at.")
OVER = N_("This was recorded or given up before. Load the page again.")
OPEN_FIRST = N_("Nothing is recorded yet: look at what proves it first, then press the same button again.")
VIEWED = "access.viewed"

_INSERT = Sql(
    "INSERT INTO consent_proposal (organization_id, id, contact_point_id, program, method, proposed_by, proposed_at,"
    " sealed_draft, media_type, sealed_file) VALUES (:organization_id, :id, :contact, :program, :method, :by, :now,"
    " :draft, :media_type, :file)"
)
_SELECT = (
    "SELECT contact_point_id, program, method, proposed_by, proposed_at, sealed_draft, media_type, sealed_file,"
    " entry_id FROM consent_proposal WHERE organization_id = :organization_id AND id = :id"
)
_ONE = Sql(_SELECT, postgresql=_SELECT + " FOR UPDATE")
_READ = Sql(_SELECT)
_RECORDED = Sql(
    "UPDATE consent_proposal SET entry_id = :entry, sealed_draft = NULL, sealed_file = NULL"
    " WHERE organization_id = :organization_id AND id = :id AND entry_id IS NULL"
)
_TIDY = Sql(
    "UPDATE consent_proposal SET sealed_draft = NULL, sealed_file = NULL WHERE organization_id = :organization_id"
    " AND sealed_draft IS NOT NULL AND NOT EXISTS (SELECT 1 FROM staff_approval a"
    " WHERE a.organization_id = consent_proposal.organization_id AND a.what = 'consent.enter'"
    " AND a.subject = consent_proposal.id AND a.state = 'waiting' AND a.expires_at > :now)"
)


@dataclass(frozen=True, slots=True)
class Entered:
    """What a member says the person gave, with the file that proves it."""

    program: str
    method: str
    occurred_at: datetime
    wording: str
    language: str
    file: proofs.Draft = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proposal:
    """It as it waits, or waited; `draft` is None once it was recorded, given up or erased."""

    id: UUID
    contact_point_id: UUID
    channel: str
    address: str | None = field(repr=False)
    program: str
    method: str
    proposed_by: UUID
    proposed_at: datetime
    draft: ConsentDraft | None = field(repr=False)
    media_type: str
    sealed_file: bytes | None = field(repr=False)
    entry_id: UUID | None
    approval: Approval | None


def draft_of(channel: str, address: str, entered: Entered) -> ConsentDraft:
    """What the rulebook is asked about: given by the person, and seen by no machine of theirs."""
    absent = f"entered by staff from what the person gave ({entered.method})"
    return ConsentDraft(
        entered.program, channel, address, "given", entered.occurred_at, entered.method, entered.wording,
        entered.language, ip_absent_reason=absent,
    )  # fmt: skip


def check(in_force: InForce, channel: str, address: str, entered: Entered, now: datetime) -> None:
    """Nothing stands between this and a consent; ConsentRefused names the field otherwise."""
    refused = by_hand.against(in_force.rulebook.organization, entered.program, entered.method)
    if refused is not None:
        raise consents.ConsentRefused(refused.sentence, field=refused.field)
    consents.check(in_force.rulebook, draft_of(channel, address, entered), now)


def propose(tx: Tx, keyring: Keyring, here: Seat, contact_id: UUID, entered: Entered) -> UUID:
    """It waits for a second member; nothing may be sent on it before."""
    contact = subjects.by_id(tx, keyring, here.organization_id, contact_id)
    if contact is None or contact.key is None or contact.address is None:
        raise NotFound(GONE)
    made = new_id(here.now)
    said = {"occurred_at": instant(entered.occurred_at), "wording": entered.wording, "language": entered.language}
    plain = json.dumps(said, ensure_ascii=False).encode()
    place = {"organization_id": here.organization_id, "id": made, "contact": contact_id, "by": here.member.id}
    tx.run(_INSERT, place | {
        "program": entered.program, "method": entered.method, "now": here.now, "media_type": entered.file.media_type,
        "draft": keys.seal_facts(contact.key, plain, here.organization_id, made, DRAFT),
        "file": keys.seal_facts(contact.key, entered.file.content, here.organization_id, made, FILE),
    })  # fmt: skip
    approvals.ask(
        tx, keyring, here.member.id, here.organization_id, WHAT, made,
        {"program": entered.program, "method": entered.method}, here.now, name=here.member.name,
        ripe_at=approvals.ripe_at(tx, here.pack, here.organization_id, here.now),
    )  # fmt: skip
    return made


def one(tx: Tx, keyring: Keyring, organization_id: UUID, proposal_id: UUID, *, locked: bool = False) -> Proposal:
    """The proposal of that id; NotFound for a foreign one exactly as for a missing one."""
    row = tx.one(_ONE if locked else _READ, {"organization_id": organization_id, "id": proposal_id})
    contact = subjects.by_id(tx, keyring, organization_id, as_id(row[0])) if row is not None else None
    if row is None or contact is None:
        raise NotFound(GONE)
    sealed = bytes(row[5]) if row[5] is not None else None
    draft = None
    if sealed is not None and contact.key is not None and contact.address is not None:
        said = json.loads(keys.open_facts(contact.key, sealed, organization_id, proposal_id, DRAFT))
        draft = ConsentDraft(
            row[1], contact.channel, contact.address, "given", datetime.fromisoformat(said["occurred_at"]), row[2],
            said["wording"], said["language"],
            ip_absent_reason=f"entered by staff from what the person gave ({row[2]})",
        )  # fmt: skip
    return Proposal(
        proposal_id, contact.id, contact.channel, contact.address, row[1], row[2], as_id(row[3]), as_instant(row[4]),
        draft, row[6], bytes(row[7]) if row[7] is not None else None,
        as_id(row[8]) if row[8] is not None else None,
        approvals.newest(tx, organization_id, WHAT, proposal_id),
    )  # fmt: skip


def file_of(tx: Tx, keyring: Keyring, here: Seat, proposal_id: UUID) -> tuple[str, bytes]:
    """Media type and content of what proves it; that it was looked at, and by whom, is on record."""
    found = one(tx, keyring, here.organization_id, proposal_id)
    if found.sealed_file is None or found.draft is None:
        raise NotFound(GONE)
    stream = ledger.stream(tx, keyring, here.organization_id, found.contact_point_id)
    told = {"account": str(here.member.id), "proposal": str(proposal_id)}
    viewed = ledger.Event(VIEWED, "staff", found.channel, data=told, facts={"staff": here.member.name})
    ledger.append(tx, here.log, stream, viewed, here.now)
    content = keys.open_facts(stream.key, found.sealed_file, here.organization_id, proposal_id, FILE)
    return found.media_type, content


def has_opened(tx: Tx, here: Seat, found: Proposal) -> bool:
    """Has this member had the file in hand? The ledger knows."""
    looked = {"account": str(here.member.id), "proposal": str(found.id)}
    return any(
        leaf.type == VIEWED and leaf.data == looked
        for body in ledger.bodies_of(tx, here.organization_id, found.contact_point_id)
        if looked["proposal"].encode() in body
        for leaf in [bodies.parse(body)]
    )


def decide(tx: Tx, keyring: Keyring, here: Seat, then: InForce, proposal_id: UUID, name: str, *, allow: bool) -> None:
    """A second member has looked: it is recorded with both names, or given up. `name`: who entered it.

    Conflict for whoever allows it and has not opened what proves it: a second person who did not look is none (S39).
    """
    found = one(tx, keyring, here.organization_id, proposal_id, locked=True)
    if found.approval is None or found.draft is None:
        raise Conflict(OVER)
    others = found.proposed_by != here.member.id
    if allow and others and found.approval.waits(here.now) and not has_opened(tx, here, found):
        raise Conflict(OPEN_FIRST)
    decided = approvals.decide(tx, keyring, here.member, found.approval.id, allow=allow, now=here.now)
    if allow:
        _record(tx, keyring, here, then, found, decided, name)


def record_ripe(tx: Tx, keyring: Keyring, here: Seat, then: InForce, proposal_id: UUID, name: str) -> None:
    """In a house of one: the time to take it back is over, and it is recorded."""
    found = one(tx, keyring, here.organization_id, proposal_id, locked=True)
    if found.approval is None or found.draft is None or not found.approval.counts(here.now):
        raise Conflict(OVER)
    _record(tx, keyring, here, then, found, found.approval, name)


def tidy(tx: Tx, organization_id: UUID, now: datetime) -> int:
    """What nobody wants any more is emptied: draft and file of proposals that were declined, taken back or too old."""
    return tx.run(_TIDY, {"organization_id": organization_id, "now": now})


def _record(tx: Tx, keyring: Keyring, here: Seat, then: InForce, found: Proposal, decided: Approval, name: str) -> None:
    draft = found.draft
    if draft is None or found.address is None or found.sealed_file is None:
        raise Conflict(OVER)
    consents.check(then.rulebook, draft, here.now)
    stream = ledger.stream(tx, keyring, here.organization_id, found.contact_point_id)
    content = keys.open_facts(stream.key, found.sealed_file, here.organization_id, found.id, FILE)
    file = proofs.draft(content, found.media_type, len(content), here.now)
    tagged = subjects.tagged(keyring, here.organization_id, as_received(found.channel, found.address))
    said = consents.Said(draft, tagged, None, name, file)
    both = {"approval": str(decided.id), "proposed_by": str(decided.proposed_by)}
    if decided.decided_by is not None:
        both["approved_by"] = str(decided.decided_by)
    made = consents.record(tx, keyring, here.log, then.rulebook, said, "staff", here.now, more=both)
    place = {"organization_id": here.organization_id, "id": found.id, "entry": made.entry.event_id}
    if tx.run(_RECORDED, place) != 1:
        raise Conflict(OVER)
