"""What the clock calls: codes, links and visits that are over are forgotten."""

import uuid
from datetime import datetime

from consent.db import Database
from consent.verification import service


def forget(db: Database, organization_id: uuid.UUID, now: datetime) -> int:
    """Nothing is left of what is over; returns how many rows that were."""
    return db.write(lambda tx: service.forget(tx, organization_id, now), organization_id)
