"""Tries to sign in, counted in the database so that all processes count together (S33)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_instant
from consent.ids import new_id
from consent.ledger.keys import Keyring
from consent.staff import rules, sealing

# Tries at one organization are counted one after the other (PostgreSQL); a file has one writer anyway.
_ALONE = Sql("SELECT :lock", postgresql="SELECT pg_advisory_xact_lock(:lock)")
_ADD = Sql(
    "INSERT INTO staff_attempt (organization_id, id, account_tag, network_tag, tried_at)"
    " VALUES (:organization_id, :id, :account, :network, :now)"
)
_LATELY = Sql(
    "SELECT account_tag, network_tag, tried_at FROM staff_attempt WHERE organization_id = :organization_id"
    " AND account_tag = :account AND tried_at > :since"
    " UNION ALL SELECT account_tag, network_tag, tried_at FROM staff_attempt"
    " WHERE organization_id = :organization_id AND network_tag = :network AND account_tag <> :account"
    " AND tried_at > :since ORDER BY 3 DESC LIMIT 200"
)
_FORGIVE = Sql(
    "DELETE FROM staff_attempt WHERE organization_id = :organization_id AND account_tag = :account"
    " AND network_tag = :network"
)
_FORGET = Sql("DELETE FROM staff_attempt WHERE organization_id = :organization_id AND tried_at <= :before")


@dataclass(frozen=True, slots=True)
class Who:
    """The account that was named, known or not, and the network it was named from; both as keyed tags."""

    organization_id: UUID
    account: bytes
    network: bytes


def who(keyring: Keyring, organization_id: UUID, account: bytes, network: str) -> Who:
    """Whose tries are counted."""
    return Who(organization_id, account, sealing.tag(keyring, organization_id, "network", network))


def count(tx: Tx, who: Who, now: datetime) -> timedelta:
    """Zero where this try may go on, and it counts as failed until `forgive`; else how long to wait."""
    lock = int.from_bytes(who.organization_id.bytes[:7], "big")
    tx.one(_ALONE, {"lock": lock})
    place = {"organization_id": who.organization_id, "account": who.account, "network": who.network}
    rows = tx.all(_LATELY, place | {"since": now - rules.COUNTED_FOR})
    made = [(bytes(account), bytes(network), as_instant(at)) for account, network, at in rows]
    here = [at for account, network, at in made if account == who.account and network == who.network]
    of_account = [at for account, _, at in made if account == who.account]
    of_network = [at for _, network, at in made if network == who.network]
    waits = (
        rules.wait(here, rules.HERE, now),
        rules.wait(of_account, rules.ACCOUNT, now),
        rules.wait(of_network, rules.NETWORK, now),
    )
    if max(waits) == timedelta(0):
        tx.run(_ADD, place | {"id": new_id(now), "now": now})
    return max(waits)


def forgive(tx: Tx, who: Who) -> None:
    """The right password was shown: what this person mistyped here is forgotten."""
    tx.run(_FORGIVE, {"organization_id": who.organization_id, "account": who.account, "network": who.network})


def forget(tx: Tx, organization_id: UUID, before: datetime) -> int:
    """Tries older than that are gone."""
    return tx.run(_FORGET, {"organization_id": organization_id, "before": before})
