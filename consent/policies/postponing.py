"""A version whose notice went out late begins later: the promised days lie between the last notice and its day."""

import uuid
from datetime import UTC, datetime

from consent.db import Sql, Tx
from consent.errors import Conflict, NotFound
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies import queries
from consent.policies.models import Status

_LATER = Sql(
    "UPDATE policy_version SET effective_at = :effective_at, postponed_event_id = :event_id"
    " WHERE organization_id = :organization_id AND id = :id AND status = :announced AND withdrawn_event_id IS NULL"
    " AND effective_at < :effective_at"
)


def postpone(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, version_id: uuid.UUID, to: datetime, why: str, now: datetime
) -> ledger.Entry | None:
    """The announced version begins at `to`, as the ledger says; None where it begins no sooner anyway.

    Raises Conflict for a version that has begun, and where a successor would begin before it.
    """
    versions = queries.published(tx, organization_id)
    found = next((one for one in versions if one.id == version_id), None)
    if found is None:
        raise NotFound("There is no such version.")
    begins = to.astimezone(UTC).replace(microsecond=0)
    if found.effective_at >= begins:
        return None
    if found.effective_at <= now:
        raise Conflict("This version has begun; it cannot be put off any more.")
    later = [one for one in versions if one.policy == found.policy and one.effective_at > found.effective_at]
    if later and later[0].effective_at < begins:
        raise Conflict(f'Version "{later[0].version}" would begin before it; replace one of the two.')
    log = ledger.log_of(tx, organization_id)
    if log is None:
        raise NotFound("This organization has no open log.")
    stream = ledger.stream(tx, keyring, organization_id, found.stream_id)
    data: dict[str, object] = {
        "policy": found.policy,
        "policy_version": found.version,
        "effective_at": begins.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "reason": why,
    }
    entry = ledger.append(tx, log, stream, ledger.Event("policy.postponed", "system", data=data), now)
    place = {"organization_id": organization_id, "id": version_id, "effective_at": begins, "event_id": entry.event_id}
    tx.run(_LATER, place | {"announced": Status.ANNOUNCED.value})
    return entry
