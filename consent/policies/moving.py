"""Versions whose day has come say so, in the ledger too: systems that follow the changes need not count days."""

import uuid
from datetime import datetime

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies import service

_STANDS = Sql(
    "SELECT stream_id, status FROM policy_version WHERE organization_id = :organization_id AND policy = :policy"
    " AND version = :version AND withdrawn_event_id IS NULL"
)


def move_on(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, now: datetime) -> list[tuple[str, str]]:
    """Every version stands where its dates put it, each move with an entry `policy.moved`; the ones that moved.

    A version that is published with a day that has come already stands there at once; its `policy.published` says so.
    """
    moved = service.activate(tx, organization_id, now)
    log = ledger.log_of(tx, organization_id)
    for policy, version in moved:
        row = tx.one(_STANDS, {"organization_id": organization_id, "policy": policy, "version": version})
        if row is None or log is None:
            continue
        stream = ledger.stream(tx, keyring, organization_id, as_id(row[0]))
        data = {"policy": policy, "policy_version": version, "status": row[1]}
        ledger.append(tx, log, stream, ledger.Event("policy.moved", "system", data=data), now)
    return moved
