"""What staff do to the house itself stands in the ledger, on the stream of the organization's settings (S58).

Names are facts that can be erased; the entry holds ids and codes. It is written in the same transaction as the act.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from consent.db import Tx
from consent.errors import NotFound
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring


def record(
    tx: Tx,
    keyring: Keyring,
    organization_id: UUID,
    type: str,
    data: Mapping[str, object],
    now: datetime,
    *,
    name: str | None = None,
    note: str | None = None,
    source: str = "staff",
) -> ledger.Entry:
    """The event is in the organization's own stream; `name` is who did it, `note` what they wrote."""
    log = ledger.log_of(tx, organization_id)
    if log is None:
        raise NotFound("This organization has no open log.")
    stream = ledger.stream(tx, keyring, organization_id, organization_id)
    event = ledger.Event(
        type, source, channel="web", data=data, facts={"staff": name, **({"note": note} if note else {})}
    )
    return ledger.append(tx, log, stream, event, now)
