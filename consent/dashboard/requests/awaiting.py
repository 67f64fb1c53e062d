"""Decided requests on the page of approvals: each with the way to where it is approved or sent back."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from consent.dashboard.requests import naming, queue, waiting
from consent.dashboard.requests.filters import LIST, Filters
from consent.db import Tx
from consent.ledger.keys import Keyring
from consent.staff.approval_kinds import Elsewhere


def requests(tx: Tx, keyring: Keyring, organization_id: UUID, member_id: UUID, now: datetime) -> Iterator[Elsewhere]:
    """Those that wait for an officer, in the order of their dates, and the way to the rest where there are many."""
    decided = Filters(next=waiting.APPROVE)
    rows, more = queue.page(tx, keyring, organization_id, decided, member_id, now.date())
    for row in rows:
        title = " · ".join(filter(None, (naming.type_name(row.request_type), row.reference, row.who)))
        yield Elsewhere(title, f"{LIST}/{row.id}", row.due)
    if more is not None:
        yield Elsewhere(naming.said(naming.MORE_WAIT), decided.address(), None)
