"""No more histories are erased than two persons looked at: they are counted again when it is about to happen (S39)."""

from datetime import datetime

from consent.db import Tx
from consent.ledger.keys import Keyring
from consent.policies.organization import OrganizationPack
from consent.privacy_requests import steps
from consent.privacy_requests.casework import Case
from consent.privacy_requests.casework.deciding import ERASE
from consent.privacy_requests.tasks import people
from consent.staff import approvals
from consent.staff.approvals import Approval

MAY, WAITS, DECLINED = "may", "waits", "declined"


def asked(tx: Tx, keyring: Keyring, pack: OrganizationPack, case: Case, now: datetime) -> str:
    """Whether what was approved may be erased now; where there is more than was seen, a second person is asked."""
    found = people.histories(tx, keyring, case.organization_id, case.id)
    if found <= 1:
        return MAY
    newest = _about(tx, case)
    if newest is not None and int(newest.facts.get("histories", "0")) >= found:
        if newest.counts(now):
            return MAY
        if newest.expires_at > now:
            return WAITS if newest.state == "waiting" else DECLINED
    elif case.decided_by != case.approved_by and found <= _seen(tx, case):
        return MAY
    _propose(tx, keyring, pack, case, found, now)
    return WAITS


def _about(tx: Tx, case: Case) -> Approval | None:
    """The newest proposal about what was approved last: an older one was about another decision."""
    newest = approvals.newest(tx, case.organization_id, ERASE, case.id)
    if newest is None or case.approved_at is None or newest.proposed_at < case.approved_at:
        return None
    return newest


def _seen(tx: Tx, case: Case) -> int:
    """How many histories there were when it was approved."""
    told = [one for one in steps.timeline(tx, case.organization_id, case.id) if one.kind == "approved"]
    return int(told[-1].facts.get("streams", 1)) if told else 1


def _propose(tx: Tx, keyring: Keyring, pack: OrganizationPack, case: Case, found: int, now: datetime) -> None:
    by = case.approved_by or case.decided_by
    if by is None:
        return
    ripe = approvals.ripe_at(tx, pack, case.organization_id, now)
    facts = {"histories": str(found), "reference": case.reference}
    approvals.ask(tx, keyring, by, case.organization_id, ERASE, case.id, facts, now, ripe_at=ripe)
    steps.add(tx, case.organization_id, case.id, "second_person", now, None, None, {"histories": found})
