"""Evidence that outlasted its person's deletion: kept to prove what was agreed, opened by two persons alone (S39)."""

from uuid import UUID

from consent.db import Sql, Tx
from consent.errors import Forbidden
from consent.evidence.packs.about import About
from consent.privacy_requests import types
from consent.staff import approvals
from consent.web.messages import N_

UNLOCK = "evidence.unlock"
CLOSED = N_(
    "This person's data was deleted; what is kept proves consents alone. Two persons open it: ask on the page of"
    " evidence, and let somebody else approve."
)

_DELETED = Sql(
    "SELECT DISTINCT r.request_type FROM privacy_request r JOIN stream_key k ON k.organization_id = r.organization_id"
    " AND k.stream_id = r.contact_point_id WHERE r.organization_id = :organization_id"
    " AND r.contact_point_id = :contact_point_id AND r.state = 'fulfilled'"
    " AND k.wrapped_key IS NOT NULL"
)


def closed(tx: Tx, organization_id: UUID, about: About) -> list[UUID]:
    """Which of these places need two persons and do not have them."""
    return [
        one.id
        for one in about.places
        if _was_deleted(tx, organization_id, one.id) and approvals.given(tx, organization_id, UNLOCK, one.id) is None
    ]


def _was_deleted(tx: Tx, organization_id: UUID, contact_point_id: UUID) -> bool:
    rows = tx.all(_DELETED, {"organization_id": organization_id, "contact_point_id": contact_point_id})
    return any(types.of(str(row[0])).erases for row in rows)


def refuse_closed(tx: Tx, organization_id: UUID, about: About) -> None:
    """Forbidden unless everything that the pack reads is open."""
    if closed(tx, organization_id, about):
        raise Forbidden(CLOSED)
