"""Who may decide an appeal: somebody who had no hand in the answer that it is about."""

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.errors import Conflict
from consent.privacy_requests.casework.cases import Case, Hand
from consent.web.messages import N_

APPEAL = "appeal"
_BEFORE = Sql(
    "SELECT decided_by, approved_by FROM privacy_request WHERE organization_id = :organization_id"
    " AND contact_point_id = :contact_point_id AND request_type NOT IN ('appeal', 'complaint')"
    " AND closed_at IS NOT NULL AND decided_at IS NOT NULL ORDER BY closed_at DESC, id DESC LIMIT 1"
)


class SameHand(Conflict):
    """Whoever gave the answer may not judge the appeal against it."""


def refuse_same_hand(tx: Tx, case: Case, by: Hand) -> None:
    """SameHand where they decided or approved the person's newest answer: an appeal is looked at by another person."""
    if case.request_type != APPEAL or by.member_id is None:
        return
    place = {"organization_id": case.organization_id, "contact_point_id": case.contact_point_id}
    row = tx.one(_BEFORE, place)
    if row is not None and by.member_id in {as_id(one) for one in row if one is not None}:
        raise SameHand(N_("You had a hand in the answer that this appeal is about: somebody else decides it."))
