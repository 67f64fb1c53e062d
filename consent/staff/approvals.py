"""What two persons have to want (S39): one proposes, another allows or declines, and the ledger knows both.

A proposal is about a subject (a request, a consent, an account): whoever acts on it later asks `given`. A proposal that
nobody decided within a week is over; so is an approval that nobody used within one.
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
from consent.ledger.keys import Keyring
from consent.staff import events
from consent.staff.doors import Member
from consent.staff.roles import Act, may
from consent.web.messages import N_

WAITS_FOR = timedelta(days=7)
MOST = 200

_SELECT = (
    "SELECT id, what, subject, facts, proposed_by, proposed_at, expires_at, state, decided_by, decided_at"
    " FROM staff_approval WHERE organization_id = :organization_id"
)
_ONE = Sql(_SELECT + " AND id = :id", postgresql=_SELECT + " AND id = :id FOR UPDATE")
_WAITING = Sql(_SELECT + " AND state = 'waiting' AND expires_at > :now ORDER BY proposed_at, id LIMIT :most")
_NEWEST = Sql(_SELECT + " AND what = :what AND subject = :subject ORDER BY proposed_at DESC, id DESC LIMIT 1")
_INSERT = Sql(
    "INSERT INTO staff_approval (organization_id, id, what, subject, facts, proposed_by, proposed_at, expires_at,"
    " state) VALUES (:organization_id, :id, :what, :subject, :facts, :by, :now, :expires_at, 'waiting')"
)
_DECIDE = Sql(
    "UPDATE staff_approval SET state = :state, decided_by = :by, decided_at = :now, expires_at = :expires_at"
    " WHERE organization_id = :organization_id AND id = :id AND state = 'waiting'"
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


def propose(
    tx: Tx,
    member_id: UUID,
    organization_id: UUID,
    what: str,
    subject: UUID,
    facts: Mapping[str, str],
    now: datetime,
) -> UUID:
    """It waits for a second person from here on; what waits already with the same facts is the same proposal."""
    said = json.dumps(dict(sorted(facts.items())), ensure_ascii=False)
    before = newest(tx, organization_id, what, subject)
    if before is not None and before.state == "waiting" and before.expires_at > now:
        if before.facts == dict(facts):
            return before.id
        raise Conflict(N_("Something else is proposed about this already, and waits for a second person."))
    row = {"organization_id": organization_id, "id": new_id(now), "what": what, "subject": subject, "facts": said}
    tx.run(_INSERT, row | {"by": member_id, "now": now, "expires_at": now + WAITS_FOR})
    return UUID(str(row["id"]))


def decide(tx: Tx, keyring: Keyring, member: Member, approval_id: UUID, *, allow: bool, now: datetime) -> Approval:
    """Allowed or declined by a second person; never by the one who proposed it, and only once."""
    if not may(member.role, Act.APPROVALS_GIVE):
        raise Forbidden(N_("Your role may not approve this."))
    found = one(tx, member.organization_id, approval_id)
    if found.proposed_by == member.id:
        raise Forbidden(N_("You proposed this yourself. Somebody else has to look at it."))
    if found.state != "waiting" or found.expires_at <= now:
        raise Conflict(N_("This was decided meanwhile, or it waited too long. Load the page again."))
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


def given(tx: Tx, organization_id: UUID, what: str, subject: UUID) -> Approval | None:
    """The approval by two different members, if the newest proposal about the subject has one that still counts."""
    found = newest(tx, organization_id, what, subject)
    if found is None or found.state != "given" or found.decided_by in (None, found.proposed_by):
        return None
    return found if found.expires_at > clock.now() else None


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
    )
