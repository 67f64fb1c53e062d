"""Who asks shows it themselves: a code opened their visit, and they say that it was they who asked."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from consent.db import Tx
from consent.errors import NotFound
from consent.privacy_requests import casework, types
from consent.privacy_requests.casework import Case, Desk, Hand
from consent.web.messages import N_

CODE = "code"  # by what it was made sure: a code that went to the address on record
BY_THEMSELVES = Hand(source="page")


def offered(
    tx: Tx, organization_id: uuid.UUID, found: Iterable[Mapping[str, Any]], proven: Collection[uuid.UUID | None]
) -> frozenset[str]:
    """Those of the requests found of which whoever has proven these contact points may still say: it was I."""
    unsure = [uuid.UUID(one["id"]) for one in found if not one["verified"]]
    return frozenset(str(one) for one in unsure if _is_open_to(casework.load(tx, organization_id, one), proven))


def confirm(
    tx: Tx, desk: Desk, request_id: uuid.UUID, proven: Collection[uuid.UUID | None], now: datetime
) -> Case | None:
    """It is on record who asks, by the code that they entered; None where it was before. NotFound for a stranger's."""
    case = casework.load(tx, desk.log.organization_id, request_id)
    if case.contact_point_id not in proven:
        raise NotFound(N_("There is no such request here."))
    if not _is_open_to(case, proven):
        return None
    return casework.verify(tx, desk, request_id, BY_THEMSELVES, now, [CODE])


def _is_open_to(case: Case, proven: Collection[uuid.UUID | None]) -> bool:
    """Is it theirs, needs it a proof, and was none given? Of one who acts for another a code shows too little."""
    waits = case.state in ("open", "in_progress") and case.verified_at is None and case.representative is None
    return waits and types.of(case.request_type).proof and case.contact_point_id in proven
