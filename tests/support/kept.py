"""Rows of everything that is kept about records, one of each table."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from consent.retention.models import (
    ClockEvent,
    DisposalBatch,
    HeldRecord,
    RetentionHold,
    RetentionMiss,
    RetentionWalk,
)


def rows(organization_id: UUID, now: datetime) -> list[Any]:
    """A record with its clock, a hold on it, a batch, and a limit that was missed."""
    place: dict[str, Any] = {"organization_id": organization_id, "category": "call-detail", "store": "paper"}
    said: dict[str, Any] = {"because": "VSH-50", "policy_version": "privacy-policy/1"}
    owner: dict[str, Any] = {"organization_id": organization_id, "person_id": uuid4(), "entry_id": uuid4()}
    record = HeldRecord(
        **place,
        **said,
        id=uuid4(),
        reference="1",
        collected_at=now,
        purpose="billing",
        state="waiting",
        rules="r" * 16,
        registered_at=now,
    )
    batch = DisposalBatch(
        **place,
        **said,
        id=uuid4(),
        method="deleted",
        count=1,
        digest=b"d" * 32,
        records=b"",
        due_on=now.date(),
        state="done",
        run_at=now,
        created_at=now,
    )
    missed = RetentionMiss(
        **place, id=uuid4(), due_on=now.date(), because="VSH-50", count=1, left=1, found_at=now, entry_id=uuid4()
    )
    return [
        record,
        batch,
        missed,
        ClockEvent(**owner, id=uuid4(), event="service-end", happened_at=now, entered_at=now),
        RetentionHold(**owner, id=uuid4(), kind="legal", ground="tax", since=now),
        RetentionWalk(organization_id=organization_id, rules="r" * 16, through=uuid4()),
    ]
