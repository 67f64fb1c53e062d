"""Where somebody is signed in: a row for each browser, and a cookie of ours that names it.

Looking at pages writes nothing: when the browser was last seen stands in the cookie, encrypted and authenticated,
and each answer renews it. The row ends the sign-in from anywhere.
"""

import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from flask import Response, current_app, request

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ledger import base64url
from consent.ledger.keys import Keyring
from consent.staff import sealing
from consent.staff.roles import Role

PURPOSE, KEY_BYTES = "staff-cookies", 64  # AES-SIV (RFC 5297) splits the key in two
LONGEST_COOKIE = 400
RENEWED_AFTER = timedelta(minutes=1)

_BEGIN = Sql(
    "INSERT INTO staff_sign_in (organization_id, id, account_id, began_at, factor_at, browser, how)"
    " VALUES (:organization_id, :id, :account_id, :now, :now, :browser, :how)"
)
_ONE = Sql(
    "SELECT s.account_id, s.began_at, s.factor_at, a.sealed_name, a.role, a.language FROM staff_sign_in s"
    " JOIN staff_account a ON a.organization_id = s.organization_id AND a.id = s.account_id"
    " WHERE s.organization_id = :organization_id AND s.id = :id AND a.state = 'active'"
)
_OF_ACCOUNT = Sql(
    "SELECT id, began_at, browser, how FROM staff_sign_in"
    " WHERE organization_id = :organization_id AND account_id = :account_id AND began_at > :since"
    " ORDER BY began_at DESC, id"
)
_FACTOR = Sql("UPDATE staff_sign_in SET factor_at = :now WHERE organization_id = :organization_id AND id = :id")
_END = Sql(
    "DELETE FROM staff_sign_in WHERE organization_id = :organization_id AND id = :id AND account_id = :account_id"
)
_END_ALL = Sql("DELETE FROM staff_sign_in WHERE organization_id = :organization_id AND account_id = :account_id")
_END_OLD = Sql("DELETE FROM staff_sign_in WHERE organization_id = :organization_id AND began_at <= :before")


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the cookie says: which sign-in, and when it was last seen."""

    organization_id: UUID
    id: UUID
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in as read from its row, with whose it is."""

    organization_id: UUID
    id: UUID
    account_id: UUID
    began_at: datetime
    factor_at: datetime
    name: str = field(repr=False)
    role: Role
    language: str


@dataclass(frozen=True, slots=True)
class Place:
    """A browser at which an account is signed in."""

    id: UUID
    began_at: datetime
    browser: str
    how: str


def begin(tx: Tx, organization_id: UUID, account_id: UUID, browser: str, how: str, now: datetime) -> Ticket:
    """The account is signed in at one browser more, with a factor shown just now."""
    sign_in = uuid4()
    row = {"organization_id": organization_id, "id": sign_in, "account_id": account_id}
    tx.run(_BEGIN, row | {"now": now, "browser": browser[:60], "how": how})
    return Ticket(organization_id, sign_in, now)


def read(tx: Tx, keyring: Keyring, ticket: Ticket) -> SignIn | None:
    """The sign-in of this ticket; None where it was ended or the account is in use no more."""
    row = tx.one(_ONE, {"organization_id": ticket.organization_id, "id": ticket.id})
    if row is None:
        return None
    account_id = as_id(row[0])
    name = sealing.opened(keyring, ticket.organization_id, account_id, sealing.NAME, row[3])
    began_at, factor_at = as_instant(row[1]), as_instant(row[2])
    return SignIn(ticket.organization_id, ticket.id, account_id, began_at, factor_at, name, Role(row[4]), row[5])


def of_account(tx: Tx, organization_id: UUID, account_id: UUID, since: datetime) -> list[Place]:
    """Every browser at which the account has been signed in since then, newest first."""
    rows = tx.all(_OF_ACCOUNT, {"organization_id": organization_id, "account_id": account_id, "since": since})
    return [Place(as_id(row[0]), as_instant(row[1]), row[2], row[3]) for row in rows]


def factor_shown(tx: Tx, organization_id: UUID, sign_in_id: UUID, now: datetime) -> None:
    """A factor was shown again just now."""
    tx.run(_FACTOR, {"organization_id": organization_id, "id": sign_in_id, "now": now})


def end(tx: Tx, organization_id: UUID, account_id: UUID, sign_in_id: UUID) -> bool:
    """Whether this sign-in of that account was one, and is over."""
    return tx.run(_END, {"organization_id": organization_id, "id": sign_in_id, "account_id": account_id}) == 1


def end_all(tx: Tx, organization_id: UUID, account_id: UUID) -> int:
    """The account is signed in nowhere; returns at how many browsers it was."""
    return tx.run(_END_ALL, {"organization_id": organization_id, "account_id": account_id})


def forget_old(tx: Tx, organization_id: UUID, before: datetime) -> int:
    """Rows of sign-ins that have ended by themselves are gone."""
    return tx.run(_END_OLD, {"organization_id": organization_id, "before": before})


def csrf(keyring: Keyring, ticket: Ticket) -> str:
    """The token that forms of this sign-in carry (S18): bound to it, and worth nothing with another."""
    key = keyring.key_for(ticket.organization_id, PURPOSE, KEY_BYTES)
    return base64url.encode(hmac.digest(key, b"csrf|" + ticket.id.bytes, "sha256"))


def ticket_of(keyring: Keyring) -> Ticket | None:
    """What this browser's cookie says, or None for one that we did not make."""
    kept = request.cookies.get(cookie_name(), "")
    whose, _, sealed = kept.partition(".")
    if not sealed or len(kept) > LONGEST_COOKIE or not kept.isascii():
        return None
    try:
        organization_id = UUID(hex=whose)
        if organization_id not in keyring.organizations():
            return None
        plain = json.loads(_cipher(keyring, organization_id).decrypt(base64url.decode(sealed), [b"sign-in"]))
    except (ValueError, InvalidTag):
        return None
    return Ticket(organization_id, UUID(hex=plain["id"]), datetime.fromtimestamp(plain["seen"], UTC))


def cookie_value(keyring: Keyring, ticket: Ticket) -> str:
    """The cookie that names this sign-in."""
    said = json.dumps({"id": ticket.id.hex, "seen": ticket.seen_at.timestamp()}).encode()
    sealed = _cipher(keyring, ticket.organization_id).encrypt(said, [b"sign-in"])
    return f"{ticket.organization_id.hex}.{base64url.encode(sealed)}"


def hand_out(response: Response, keyring: Keyring, ticket: Ticket) -> None:
    """The browser holds this sign-in from here on; no other site's request carries it (S17)."""
    response.set_cookie(
        cookie_name(), cookie_value(keyring, ticket), secure=_secure(), httponly=True, samesite="Strict", path="/"
    )


def take_back(response: Response) -> None:
    """The browser holds no sign-in."""
    response.delete_cookie(cookie_name(), path="/", secure=_secure(), httponly=True, samesite="Strict")


def cookie_name() -> str:
    """The cookie's name; its prefix binds it to this host."""
    return f"{'__Host-' if _secure() else ''}staff"


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _cipher(keyring: Keyring, organization_id: UUID) -> AESSIV:
    return AESSIV(keyring.key_for(organization_id, PURPOSE, KEY_BYTES))
