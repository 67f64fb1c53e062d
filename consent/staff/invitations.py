"""Links by which somebody gets into their account for the first time, or again: 72 hours, one use, kept as a hash."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_instant
from consent.errors import NotFound
from consent.ledger import base64url
from consent.ledger.keys import Keyring
from consent.staff import accounts, events, one_time, passkeys, recovery, rules, sealing, sign_ins
from consent.staff.accounts import Account
from consent.web.messages import N_

RANDOM = 32  # bytes
GONE = N_("This link is used, too old or incomplete. Ask whoever invited you for a new one.")

_PUT = Sql(
    "INSERT INTO staff_invitation (organization_id, account_id, link_hash, expires_at)"
    " VALUES (:organization_id, :account_id, :hash, :expires_at)"
    " ON CONFLICT (organization_id, account_id) DO UPDATE SET link_hash = excluded.link_hash,"
    " expires_at = excluded.expires_at"
)
_ONE = Sql(
    "SELECT expires_at FROM staff_invitation WHERE organization_id = :organization_id AND account_id = :account_id"
    " AND link_hash = :hash"
)
_USE = Sql(
    "DELETE FROM staff_invitation WHERE organization_id = :organization_id AND account_id = :account_id"
    " AND link_hash = :hash AND expires_at > :now"
)
_DROP = Sql("DELETE FROM staff_invitation WHERE organization_id = :organization_id AND account_id = :account_id")


@dataclass(frozen=True, slots=True)
class Link:
    """What stands in a link: whose account, and a secret."""

    organization_id: UUID
    account_id: UUID
    text: str = field(repr=False)

    @property
    def hash(self) -> bytes:
        """What is kept of it: the secret has 256 random bits."""
        return hashlib.sha256(self.text.encode()).digest()

    @property
    def path(self) -> str:
        """The page it opens."""
        return f"/staff/join/{self.text}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody has set up by the link; everything secret is hashed already."""

    password_hash: str = field(repr=False)
    totp_secret: str = field(repr=False)
    totp_step: int
    code_hashes: tuple[str, ...] = field(repr=False)


def make(tx: Tx, organization_id: UUID, account_id: UUID, now: datetime) -> Link:
    """A new link for this account; none before it opens anything (S28)."""
    raw = organization_id.bytes + account_id.bytes + secrets.token_bytes(RANDOM)
    link = Link(organization_id, account_id, base64url.encode(raw))
    place = {"organization_id": organization_id, "account_id": account_id}
    tx.run(_PUT, place | {"hash": link.hash, "expires_at": now + rules.INVITED_FOR})
    return link


def link_of(text: str) -> Link:
    """The link as it came; NotFound for what none of ours looks like."""
    try:
        raw = base64url.decode(text)
    except ValueError:
        raw = b""
    if len(raw) != 2 * 16 + RANDOM:
        raise NotFound(GONE)
    return Link(UUID(bytes=raw[:16]), UUID(bytes=raw[16:32]), text)


def read(tx: Tx, keyring: Keyring, link: Link, now: datetime) -> Account:
    """The account behind a link that still works; looking does not use it up (S25). NotFound otherwise."""
    row = tx.one(_ONE, _place(link))
    account = accounts.by_id(tx, keyring, link.organization_id, link.account_id) if row is not None else None
    if row is None or account is None or as_instant(row[0]) <= now or account.state == "disabled":
        raise NotFound(GONE)
    return account


def secret_of(keyring: Keyring, link: Link) -> str:
    """The secret that the app takes by this link; the same at every look, so that a slip costs nothing."""
    return one_time.secret_from(sealing.tag(keyring, link.organization_id, "joining", link.text))


def redeem(tx: Tx, keyring: Keyring, link: Link, chosen: Chosen, now: datetime) -> Account:
    """The account is in use with this password and these factors; whoever used it before is signed out."""
    account = read(tx, keyring, link, now)
    if tx.run(_USE, _place(link) | {"now": now}) != 1:
        raise NotFound(GONE)
    accounts.set_password(tx, account.organization_id, account.id, chosen.password_hash)
    accounts.set_totp(tx, keyring, account.organization_id, account.id, chosen.totp_secret)
    accounts.use_step(tx, account.organization_id, account.id, chosen.totp_step)
    recovery.keep(tx, account.organization_id, account.id, chosen.code_hashes)
    passkeys.remove_all(tx, account.organization_id, account.id)
    accounts.set_state(tx, account.organization_id, account.id, "active")
    sign_ins.end_all(tx, account.organization_id, account.id)
    told = {"account": str(account.id), "role": account.role.value}
    events.record(tx, keyring, account.organization_id, "staff.joined", told, now, name=account.name)
    return account


def drop(tx: Tx, organization_id: UUID, account_id: UUID) -> None:
    """No link opens this account."""
    tx.run(_DROP, {"organization_id": organization_id, "account_id": account_id})


def _place(link: Link) -> dict[str, object]:
    return {"organization_id": link.organization_id, "account_id": link.account_id, "hash": link.hash}
