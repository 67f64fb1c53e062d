"""What an administrator does with accounts: invite, give a role, disable, enable. Somebody always remains in charge."""

from datetime import datetime
from uuid import UUID

from consent.db import Tx
from consent.errors import Conflict, Forbidden
from consent.ledger.keys import Keyring
from consent.staff import accounts, events, invitations, sign_ins
from consent.staff.accounts import Account
from consent.staff.invitations import Link
from consent.staff.roles import Role
from consent.web.messages import N_

LAST_ADMIN = N_("This is the last administrator. Make somebody else administrator first.")
YOURSELF = N_("Nobody changes their own role or disables themselves. Ask another administrator.")


def has_admin(tx: Tx, keyring: Keyring, organization_id: UUID) -> bool:
    """Whether the organization has an administrator, invited or in use (S36)."""
    return any(
        one.role is Role.ADMIN and one.state != "disabled" for one in accounts.every(tx, keyring, organization_id)
    )


def invite(
    tx: Tx,
    keyring: Keyring,
    organization_id: UUID,
    *,
    email: str,
    name: str,
    role: Role,
    language: str,
    by: str | None,
    source: str,
    now: datetime,
) -> Link:
    """A new account and the link into it; `by` is the name of who invites, None for the operator's command."""
    place = {"email": email, "name": name, "role": role, "language": language}
    account_id = accounts.create(tx, keyring, organization_id, now=now, **place)  # type: ignore[arg-type]
    told = {"account": str(account_id), "role": role.value}
    events.record(tx, keyring, organization_id, "staff.invited", told, now, name=by, source=source)
    return invitations.make(tx, organization_id, account_id, now)


def invite_again(
    tx: Tx, keyring: Keyring, organization_id: UUID, account_id: UUID, *, by: str | None, source: str, now: datetime
) -> Link:
    """A new link for somebody who lost the first, or password and telephone; Conflict for a disabled account."""
    account = accounts.one(tx, keyring, organization_id, account_id)
    if account.state == "disabled":
        raise Conflict(N_("This account is disabled. Enable it first."))
    told = {"account": str(account_id), "role": account.role.value}
    events.record(tx, keyring, organization_id, "staff.invited", told, now, name=by, source=source)
    return invitations.make(tx, organization_id, account_id, now)


def give_role(
    tx: Tx, keyring: Keyring, organization_id: UUID, account_id: UUID, role: Role, by: Account, now: datetime
) -> None:
    """The account has this role; whoever uses it signs in again."""
    account = _other(tx, keyring, organization_id, account_id, by)
    if role is not Role.ADMIN:
        _keep_an_admin(tx, keyring, account)
    if not accounts.set_role(tx, organization_id, account_id, role):
        return
    sign_ins.end_all(tx, organization_id, account_id)
    told = {"account": str(account_id), "before": account.role.value, "role": role.value}
    events.record(tx, keyring, organization_id, "staff.role_changed", told, now, name=by.name)


def disable(
    tx: Tx,
    keyring: Keyring,
    organization_id: UUID,
    account_id: UUID,
    by: Account | None,
    now: datetime,
    *,
    source: str = "staff",
) -> None:
    """Nobody gets in by this account, and whoever was in is out."""
    account = _other(tx, keyring, organization_id, account_id, by)
    _keep_an_admin(tx, keyring, account)
    if not accounts.set_state(tx, organization_id, account_id, "disabled"):
        return
    invitations.drop(tx, organization_id, account_id)
    sign_ins.end_all(tx, organization_id, account_id)
    name = by.name if by is not None else None
    told = {"account": str(account_id)}
    events.record(tx, keyring, organization_id, "staff.disabled", told, now, name=name, source=source)


def enable(tx: Tx, keyring: Keyring, organization_id: UUID, account_id: UUID, by: Account, now: datetime) -> None:
    """The account may be used again: with its password and factors, or by an invitation where it has none."""
    account = _other(tx, keyring, organization_id, account_id, by)
    state = "active" if account.password_hash is not None else "invited"
    if account.state == "disabled" and accounts.set_state(tx, organization_id, account_id, state):
        told = {"account": str(account_id)}
        events.record(tx, keyring, organization_id, "staff.enabled", told, now, name=by.name)


def _other(tx: Tx, keyring: Keyring, organization_id: UUID, account_id: UUID, by: Account | None) -> Account:
    account = accounts.one(tx, keyring, organization_id, account_id)
    if by is not None and by.id == account.id:
        raise Forbidden(YOURSELF)
    return account


def _keep_an_admin(tx: Tx, keyring: Keyring, account: Account) -> None:
    in_charge = [
        one for one in accounts.every(tx, keyring, account.organization_id)
        if one.role is Role.ADMIN and one.state == "active"
    ]  # fmt: skip
    if [one.id for one in in_charge] == [account.id]:
        raise Conflict(LAST_ADMIN)
