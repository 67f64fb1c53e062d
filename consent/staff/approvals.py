"""What two persons have to want (S39): one proposes, another allows or declines, and the ledger knows both.

A proposal is about a subject (a request, a consent, an account): whoever acts on it later asks `given`. A proposal that
nobody decided within a week is over; so is an approval that nobody used within one. In a house of one member that has
settled it so, a proposal counts by itself once it is ripe; until then whoever made it takes it back with one press.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from consent import clock
from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import Conflict, Forbidden, NotFound
from consent.ids import new_id
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.policies.organization import OrganizationPack
from consent.policies.staff_settings import DELAY, undo_for
from consent.staff import events
from consent.staff.doors import Member
from consent.staff.roles import Act, may
from consent.web.messages import N_

WAITS_FOR = timedelta(days=7)
MOST = 200
TOO_LATE = N_("This was decided meanwhile, or it waited too long. Load the page again.")

_SELECT = (
    "SELECT id, what, subject, facts, proposed_by, proposed_at, expires_at, state, decided_by, decided_at, ripe_at"
    " FROM staff_approval WHERE organization_id = :organization_id"
)
_ONE = Sql(_SELECT + " AND id = :id", postgresql=_SELECT + " AND id = :id FOR UPDATE")
_WAITING = Sql(_SELECT + " AND state = 'waiting' AND expires_at > :now ORDER BY proposed_at, id LIMIT :most")
_NEWEST = Sql(_SELECT + " AND what = :what AND subject = :subject ORDER BY proposed_at DESC, id DESC LIMIT 1")
_INSERT = Sql(
    "INSERT INTO staff_approval (organization_id, id, what, subject, facts, proposed_by, proposed_at, expires_at,"
    " ripe_at, state) VALUES (:organization_id, :id, :what, :subject, :facts, :by, :now, :expires_at, :ripe_at,"
    " 'waiting')"
)
_DECIDE = Sql(
    "UPDATE staff_approval SET state = :state, decided_by = :by, decided_at = :now, expires_at = :expires_at"
    " WHERE organization_id = :organization_id AND id = :id AND state = 'waiting'"
)
_DROP = Sql(
    "UPDATE staff_approval SET state = 'declined', decided_at = :now"
    " WHERE organization_id = :organization_id AND what = :what AND subject = :subject AND state = 'waiting'"
)
_ACTIVE = Sql(
    "SELECT count(*) FROM (SELECT 1 FROM staff_account WHERE organization_id = :organization_id AND state = 'active'"
    " LIMIT 2) counted"
)


@dataclass(frozen=True, slots=True)
class Approval:
    """What was proposed, by whom, and what a second person said to it."""

    id: UUID
    what: str
    subject: UUID
    facts: Mapping[str, str]
    proposed_by: UUID
    proposed_at: datetime
    expires_at: datetime
    state: str
    decided_by: UUID | None
    decided_at: datetime | None
    ripe_at: datetime | None = None

    def waits(self, now: datetime) -> bool:
        """Can somebody still say yes or no to it?"""
        return self.state == "waiting" and self.expires_at > now

    def counts(self, now: datetime) -> bool:
        """Do two different members want it, or did a house of one have its time to take it back?"""
        if self.expires_at <= now:
            return False
        if self.state == "given":
            return self.decided_by not in (None, self.proposed_by)
        return self.state == "waiting" and self.ripe_at is not None and self.ripe_at <= now


def ripe_at(tx: Tx, pack: OrganizationPack, organization_id: UUID, now: datetime) -> datetime | None:
    """From when an act of now counts without a second person: only where one member is all there is, and it is
    settled in organization.toml that a delay stands in. None: somebody else has to look.
    """
    if pack.staff.two_person != DELAY:
        return None
    row = tx.one(_ACTIVE, {"organization_id": organization_id})
    return now + undo_for() if row is not None and row[0] == 1 else None


def ask(
    tx: Tx,
    keyring: Keyring,
    member_id: UUID,
    organization_id: UUID,
    what: str,
    subject: UUID,
    facts: Mapping[str, str],
    now: datetime,
    *,
    name: str | None = None,
    ripe_at: datetime | None = None,
) -> UUID:
    """The same as `propose`, with an entry in the ledger; what waited about this subject before is over."""
    before = newest(tx, organization_id, what, subject)
    if before is not None and before.waits(now) and before.facts == dict(facts):
        return before.id
    drop(tx, organization_id, what, subject, now)
    made = propose(tx, member_id, organization_id, what, subject, facts, now, ripe_at=ripe_at)
    told = {"approval": str(made), "what": what, "subject": str(subject), "proposed_by": str(member_id)}
    if ripe_at is not None:
        told["counts_from"] = instant(ripe_at)
    source = "staff" if name is not None else "system"
    events.record(tx, keyring, organization_id, "approval.proposed", told, now, name=name, source=source)
    return made


def propose(
    tx: Tx,
    member_id: UUID,
    organization_id: UUID,
    what: str,
    subject: UUID,
    facts: Mapping[str, str],
    now: datetime,
    *,
    ripe_at: datetime | None = None,
) -> UUID:
    """It waits for a second person from here on; what waits already with the same facts is the same proposal."""
    said = json.dumps(dict(sorted(facts.items())), ensure_ascii=False)
    before = newest(tx, organization_id, what, subject)
    if before is not None and before.waits(now):
        if before.facts == dict(facts):
            return before.id
        raise Conflict(N_("Something else is proposed about this already, and waits for a second person."))
    row = {"organization_id": organization_id, "id": new_id(now), "what": what, "subject": subject, "facts": said}
    until = (ripe_at or now) + WAITS_FOR
    tx.run(_INSERT, row | {"by": member_id, "now": now, "expires_at": until, "ripe_at": ripe_at})
    return UUID(str(row["id"]))


def decide(tx: Tx, keyring: Keyring, member: Member, approval_id: UUID, *, allow: bool, now: datetime) -> Approval:
    """Allowed or declined by a second person; never by the one who proposed it, and only once."""
    if not may(member.role, Act.APPROVALS_GIVE):
        raise Forbidden(N_("Your role may not approve this."))
    found = one(tx, member.organization_id, approval_id)
    if found.proposed_by == member.id:
        raise Forbidden(N_("You proposed this yourself. Somebody else has to look at it."))
    if not found.waits(now):
        raise Conflict(TOO_LATE)
    state = "given" if allow else "declined"
    place = {"organization_id": member.organization_id, "id": approval_id}
    tx.run(_DECIDE, place | {"state": state, "by": member.id, "now": now, "expires_at": now + WAITS_FOR})
    told = {
        "approval": str(approval_id),
        "what": found.what,
        "subject": str(found.subject),
        "proposed_by": str(found.proposed_by),
        "decided_by": str(member.id),
    }
    events.record(tx, keyring, member.organization_id, f"approval.{state}", told, now, name=member.name)
    return one(tx, member.organization_id, approval_id)


def take_back(tx: Tx, keyring: Keyring, member: Member, approval_id: UUID, now: datetime) -> None:
    """Whoever proposed it does not want it any more: it waits for nobody, and never counts."""
    found = one(tx, member.organization_id, approval_id)
    if found.proposed_by != member.id:
        raise Forbidden(N_("Only whoever proposed this takes it back."))
    if not found.waits(now):
        raise Conflict(TOO_LATE)
    drop(tx, member.organization_id, found.what, found.subject, now)
    told = {"approval": str(approval_id), "what": found.what, "subject": str(found.subject)}
    told["proposed_by"] = str(member.id)
    events.record(tx, keyring, member.organization_id, "approval.taken_back", told, now, name=member.name)


def drop(tx: Tx, organization_id: UUID, what: str, subject: UUID, now: datetime) -> None:
    """What waits about this subject waits no more: something newer took its place, or its subject is over."""
    tx.run(_DROP, {"organization_id": organization_id, "what": what, "subject": subject, "now": now})


def given(tx: Tx, organization_id: UUID, what: str, subject: UUID) -> Approval | None:
    """The newest proposal about the subject, if two members want it, or it is ripe in a house of one; else None."""
    found = newest(tx, organization_id, what, subject)
    return found if found is not None and found.counts(clock.now()) else None


def newest(tx: Tx, organization_id: UUID, what: str, subject: UUID) -> Approval | None:
    """What was proposed last about this subject, whatever became of it."""
    row = tx.one(_NEWEST, {"organization_id": organization_id, "what": what, "subject": subject})
    return None if row is None else _approval(row)


def waiting(tx: Tx, organization_id: UUID, now: datetime) -> list[Approval]:
    """What waits for a second person, oldest first."""
    rows = tx.all(_WAITING, {"organization_id": organization_id, "now": now, "most": MOST})
    return [_approval(row) for row in rows]


def one(tx: Tx, organization_id: UUID, approval_id: UUID) -> Approval:
    """The proposal of that id; NotFound for a foreign one exactly as for a missing one."""
    row = tx.one(_ONE, {"organization_id": organization_id, "id": approval_id})
    if row is None:
        raise NotFound(N_("There is no such proposal."))
    return _approval(row)


def _approval(row: tuple[Any, ...]) -> Approval:
    return Approval(
        as_id(row[0]),
        row[1],
        as_id(row[2]),
        json.loads(row[3]),
        as_id(row[4]),
        as_instant(row[5]),
        as_instant(row[6]),
        row[7],
        as_id(row[8]) if row[8] is not None else None,
        as_instant(row[9]) if row[9] is not None else None,
        as_instant(row[10]) if row[10] is not None else None,
    )
