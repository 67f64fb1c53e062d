"""Records are looked at again: after a hold, its end, a new version; only what changed is written."""

import uuid
from collections.abc import Sequence
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.preferences.models import NOBODY
from consent.privacy_requests import moves, types
from consent.privacy_requests.types import Doing
from consent.retention.reckoning import Reckoner
from consent.retention.rows import SET_TERMS, WHOLE, kept_from, terms_from, terms_row

AT_ONCE = 500  # records in one transaction: it takes some milliseconds

_NEXT = (
    f"SELECT {WHOLE} FROM held_record WHERE organization_id = :organization_id AND id > :after"  # noqa: S608 - fixed columns
    " ORDER BY id LIMIT :most"
)
NEXT = Sql(_NEXT, postgresql=_NEXT + " FOR UPDATE")
# By keys from the requests on, in this order: a look through all preferences for each request held up every writer.
ASKING = Sql(
    "SELECT DISTINCT p.person_id, r.request_type FROM privacy_request r"
    " CROSS JOIN contact_point c CROSS JOIN preference p"
    " WHERE r.organization_id = :organization_id AND r.state IN (:open, :in_progress, :approved)"
    " AND c.organization_id = r.organization_id AND c.id = r.contact_point_id"
    " AND p.organization_id = r.organization_id AND p.channel = c.channel AND p.tag64 = c.tag64"
    " AND p.person_id <> :nobody"
)


ASKING_AT = Sql(
    "SELECT contact_point_id, request_type FROM privacy_request WHERE organization_id = :organization_id"
    " AND state IN (:open, :in_progress, :approved)"
)


def again(
    tx: Tx, organization_id: uuid.UUID, reckoner: Reckoner, rows: Sequence[Sequence[Any]], *, all_rules: bool = False
) -> int:
    """These records have the dates of today's rules and holds; returns how many moved.

    With `all_rules` each is marked as reckoned by this rulebook, moved or not.
    """
    changes, moved = [], 0
    for row in rows:
        before = terms_from(row[11:])
        if before.state in ("going", "isolated"):
            continue
        after = reckoner.terms(kept_from(row))
        moved += after != before
        if after != before or all_rules:
            place: dict[str, object] = {"organization_id": tx.id(organization_id), "id": tx.id(as_id(row[0]))}
            place |= {"policy_version": reckoner.policy_version, "rules": reckoner.rules}
            changes.append(place | terms_row(tx, after))
    tx.many(SET_TERMS, changes)
    return moved


def asking(tx: Tx, organization_id: uuid.UUID) -> list[uuid.UUID]:
    """People with an open request about what is held of them: answered first, disposed of afterwards (T-33)."""
    return _whose(tx.all(ASKING, _UNANSWERED | {"organization_id": organization_id, "nobody": NOBODY}))


def asking_at(tx: Tx, organization_id: uuid.UUID) -> list[uuid.UUID]:
    """The contact points of such requests, whether anybody is known there by a name or not."""
    return _whose(tx.all(ASKING_AT, _UNANSWERED | {"organization_id": organization_id}))


_UNANSWERED: dict[str, object] = {"open": moves.OPEN, "in_progress": moves.IN_PROGRESS, "approved": moves.APPROVED}


def _whose(rows: Sequence[Sequence[Any]]) -> list[uuid.UUID]:
    holding = (Doing.ANSWER, Doing.CORRECT)
    return list({as_id(row[0]) for row in rows if types.of(row[1]).doing in holding})
