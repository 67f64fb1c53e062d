"""Accounts of staff: made, found, changed. Everything personal in them is encrypted."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import Conflict, NotFound
from consent.ids import new_id
from consent.ledger.keys import Keyring
from consent.staff import sealing
from consent.staff.roles import Role
from consent.web.messages import N_

_SELECT = (
    "SELECT id, sealed_name, sealed_email, role, language, state, password_hash, sealed_totp, totp_step, created_at"
    " FROM staff_account WHERE organization_id = :organization_id"
)
_INSERT = Sql(
    "INSERT INTO staff_account (organization_id, id, email_tag, sealed_name, sealed_email, role, language, state,"
    " created_at) VALUES (:organization_id, :id, :tag, :name, :email, :role, :language, 'invited', :now)"
)
_BY_ID = Sql(_SELECT + " AND id = :id")
_BY_TAG = Sql(_SELECT + " AND email_tag = :tag")
_EVERY = Sql(_SELECT + " ORDER BY created_at, id")
_SET_PASSWORD = Sql(
    "UPDATE staff_account SET password_hash = :hash WHERE organization_id = :organization_id AND id = :id"
)
_SET_TOTP = Sql(
    "UPDATE staff_account SET sealed_totp = :sealed, totp_step = NULL"
    " WHERE organization_id = :organization_id AND id = :id"
)
_USE_STEP = Sql(
    "UPDATE staff_account SET totp_step = :step WHERE organization_id = :organization_id AND id = :id"
    " AND (totp_step IS NULL OR totp_step < :step)"
)
_SET_ROLE = Sql(
    "UPDATE staff_account SET role = :role WHERE organization_id = :organization_id AND id = :id AND role <> :role"
)
_SET_STATE = Sql(
    "UPDATE staff_account SET state = :state WHERE organization_id = :organization_id AND id = :id AND state <> :state"
)


@dataclass(frozen=True, slots=True)
class Account:
    """One person of the staff as the house knows them."""

    organization_id: UUID
    id: UUID
    name: str = field(repr=False)
    email: str = field(repr=False)
    role: Role
    language: str
    state: str
    password_hash: str | None = field(repr=False)
    totp_secret: str | None = field(repr=False)
    totp_step: int | None
    created_at: datetime


def create(
    tx: Tx, keyring: Keyring, organization_id: UUID, *, email: str, name: str, role: Role, language: str, now: datetime
) -> UUID:
    """A new account that nobody can use before its invitation was taken up; Conflict where the address has one."""
    tag = sealing.email_tag(keyring, organization_id, email)
    if tx.one(_BY_TAG, {"organization_id": organization_id, "tag": tag}) is not None:
        raise Conflict(N_("There is an account for this address already."), field="email")
    account_id = new_id(now)
    row = {
        "organization_id": organization_id,
        "id": account_id,
        "tag": tag,
        "name": sealing.seal(keyring, organization_id, account_id, sealing.NAME, name),
        "email": sealing.seal(keyring, organization_id, account_id, sealing.EMAIL, email),
        "role": role.value,
        "language": language,
        "now": now,
    }
    tx.run(_INSERT, row)
    return account_id


def by_id(tx: Tx, keyring: Keyring, organization_id: UUID, account_id: UUID) -> Account | None:
    """The account of that id in this organization."""
    row = tx.one(_BY_ID, {"organization_id": organization_id, "id": account_id})
    return None if row is None else _account(keyring, organization_id, row)


def one(tx: Tx, keyring: Keyring, organization_id: UUID, account_id: UUID) -> Account:
    """The same; NotFound for a foreign id exactly as for a missing one (S40)."""
    found = by_id(tx, keyring, organization_id, account_id)
    if found is None:
        raise NotFound(N_("There is no such account."))
    return found


def by_tag(tx: Tx, keyring: Keyring, organization_id: UUID, tag: bytes) -> Account | None:
    """The account whose address has this tag (`sealing.email_tag`)."""
    row = tx.one(_BY_TAG, {"organization_id": organization_id, "tag": tag})
    return None if row is None else _account(keyring, organization_id, row)


def every(tx: Tx, keyring: Keyring, organization_id: UUID) -> list[Account]:
    """All accounts of the organization, oldest first."""
    return [_account(keyring, organization_id, row) for row in tx.all(_EVERY, {"organization_id": organization_id})]


def set_password(tx: Tx, organization_id: UUID, account_id: UUID, hashed: str) -> None:
    """From here on this password opens the account, and none before it."""
    tx.run(_SET_PASSWORD, {"organization_id": organization_id, "id": account_id, "hash": hashed})


def set_totp(tx: Tx, keyring: Keyring, organization_id: UUID, account_id: UUID, secret: str) -> None:
    """From here on the codes of this secret are the second factor."""
    sealed = sealing.seal(keyring, organization_id, account_id, sealing.TOTP, secret)
    tx.run(_SET_TOTP, {"organization_id": organization_id, "id": account_id, "sealed": sealed})


def use_step(tx: Tx, organization_id: UUID, account_id: UUID, step: int) -> bool:
    """Whether the code of this step opens something now: it does so once (S32)."""
    return tx.run(_USE_STEP, {"organization_id": organization_id, "id": account_id, "step": step}) == 1


def set_role(tx: Tx, organization_id: UUID, account_id: UUID, role: Role) -> bool:
    """Whether the role was another one before."""
    return tx.run(_SET_ROLE, {"organization_id": organization_id, "id": account_id, "role": role.value}) == 1


def set_state(tx: Tx, organization_id: UUID, account_id: UUID, state: str) -> bool:
    """Whether the state was another one before."""
    return tx.run(_SET_STATE, {"organization_id": organization_id, "id": account_id, "state": state}) == 1


def _account(keyring: Keyring, organization_id: UUID, row: tuple[Any, ...]) -> Account:
    account_id = as_id(row[0])
    sealed_totp = row[7]
    return Account(
        organization_id,
        account_id,
        sealing.opened(keyring, organization_id, account_id, sealing.NAME, row[1]),
        sealing.opened(keyring, organization_id, account_id, sealing.EMAIL, row[2]),
        Role(row[3]),
        row[4],
        row[5],
        row[6],
        sealing.opened(keyring, organization_id, account_id, sealing.TOTP, sealed_totp) if sealed_totp else None,
        row[8],
        as_instant(row[9]),
    )
