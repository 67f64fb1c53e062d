"""Gateway accounts without what opens them: for the way to another installation."""

import json
import uuid

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ledger import keys
from consent.ledger.keys import Keyring
from consent.organizations import service
from consent.organizations.service import SETTINGS

_KEYS = Sql(
    "SELECT a.id, k.wrapped_key FROM gateway_account a"
    " JOIN stream_key k ON k.organization_id = a.organization_id AND k.stream_id = a.id"
    " WHERE a.organization_id = :organization_id AND k.wrapped_key IS NOT NULL"
)


def emptied(tx: Tx, keyring: Keyring, organization_id: uuid.UUID) -> dict[uuid.UUID, bytes]:
    """The sealed settings of every account anew: which numbers it had stays, how it was reached and opened does not."""
    wrapped = {as_id(row[0]): bytes(row[1]) for row in tx.all(_KEYS, {"organization_id": organization_id})}
    made = {}
    for account in (
        *service.accounts(tx, keyring, organization_id),
        *service.mail_accounts(tx, keyring, organization_id),
    ):
        plain = json.dumps({"gateway": {}, "numbers": dict(account.numbers), "endpoint": ""}).encode()
        key = keyring.stream_key(organization_id, wrapped[account.id])
        made[account.id] = keys.seal_facts(key, plain, organization_id, account.id, SETTINGS)
    return made
