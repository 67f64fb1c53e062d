"""Passkeys (WebAuthn level 3): made at a browser, shown instead of password and code, each answer good once.

A passkey that asked for finger, face or PIN is two factors (S31, S32). The question is in the session and carries its
time; a passkey takes no answer to a question older than its last use, so that none is good twice.
"""

import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import session

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import Conflict, Malformed
from consent.ids import new_id
from consent.ledger import base64url
from consent.web.messages import N_

QUESTION = "passkey"
GOOD_FOR = timedelta(minutes=5)
MOST, LONGEST = 10, 20_000
REFUSED = N_("This passkey did not fit. Load the page again and try once more, or use password and code.")
TOO_MANY = N_("Ten passkeys are enough. Remove one that you use no more.")

_INSERT = Sql(
    "INSERT INTO staff_passkey (organization_id, id, account_id, credential_id, public_key, sign_count, name,"
    " created_at) VALUES (:organization_id, :id, :account_id, :credential_id, :public_key, :count, :name, :now)"
)
_OF_ACCOUNT = Sql(
    "SELECT id, credential_id, public_key, sign_count, name, created_at, used_at FROM staff_passkey"
    " WHERE organization_id = :organization_id AND account_id = :account_id ORDER BY created_at, id"
)
_USE = Sql(
    "UPDATE staff_passkey SET sign_count = :count, used_at = :now WHERE organization_id = :organization_id"
    " AND id = :id AND (used_at IS NULL OR used_at < :asked_at)"
)
_REMOVE = Sql(
    "DELETE FROM staff_passkey WHERE organization_id = :organization_id AND account_id = :account_id AND id = :id"
)
_REMOVE_ALL = Sql("DELETE FROM staff_passkey WHERE organization_id = :organization_id AND account_id = :account_id")


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey of an account."""

    id: UUID
    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys are made for: the host, and the origin that a browser writes into its answer."""

    host: str
    origin: str

    @staticmethod
    def of(public_url: str) -> "Site | None":
        """None where the address is a number: passkeys belong to names."""
        parts = urlsplit(public_url)
        host = parts.hostname or ""
        try:
            ip_address(host)
        except ValueError:
            return Site(host, f"{parts.scheme}://{parts.netloc}")
        return None


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer that fits: which passkey, its new count, and when the question was asked."""

    passkey_id: UUID
    sign_count: int
    asked_at: datetime


def ask(now: datetime) -> bytes:
    """A new question, kept in the session until it is answered."""
    question = secrets.token_bytes(32)
    session[QUESTION] = [base64url.encode(question), now.timestamp()]
    return question


def asked(now: datetime) -> tuple[bytes, datetime]:
    """The question that waits for its answer, and no longer; Malformed where none does or it is too old."""
    try:
        text, at = session.pop(QUESTION)
        asked_at = datetime.fromtimestamp(at, UTC)
    except (KeyError, TypeError, ValueError):
        raise Malformed(REFUSED) from None
    if now - asked_at > GOOD_FOR:
        raise Malformed(REFUSED)
    return base64url.decode(text), asked_at


def making(site: Site, owner: bytes, email: str, name: str, known: list[Passkey], question: bytes) -> str:
    """What a browser is told that shall make a passkey, as JSON: one that it can find by itself, behind a finger."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    options = generate_registration_options(
        rp_id=site.host,
        rp_name="Consent",
        user_id=owner,
        user_name=email,
        user_display_name=name,
        challenge=question,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
    )
    return options_to_json(options)


def showing(site: Site, question: bytes) -> str:
    """What a browser is told that shall show a passkey, as JSON."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    return options_to_json(
        generate_authentication_options(
            rp_id=site.host, challenge=question, user_verification=UserVerificationRequirement.REQUIRED
        )
    )


def owner_of(organization_id: UUID, account_id: UUID) -> bytes:
    """The handle that a passkey keeps of its owner: ids alone."""
    return organization_id.bytes + account_id.bytes


def said_owner(answer: str) -> tuple[UUID, UUID] | None:
    """Whose passkey the answer says it is; None for what is no answer. It is believed only once it is checked."""
    try:
        handle = base64url.decode(str(_read(answer)["response"]["userHandle"]))
    except (KeyError, TypeError, ValueError):
        return None
    return (UUID(bytes=handle[:16]), UUID(bytes=handle[16:])) if len(handle) == 32 else None


def made(site: Site, answer: str, question: bytes) -> tuple[bytes, bytes, int]:
    """Id, public key and count of a passkey that was made just now; Malformed where the answer does not fit."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = verify_registration_response(
            credential=_read(answer),
            expected_challenge=question,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise Malformed(REFUSED) from None
    return found.credential_id, found.credential_public_key, found.sign_count


def shown(site: Site, answer: str, question: bytes, asked_at: datetime, known: list[Passkey]) -> Shown | None:
    """The passkey among `known` that gave this answer; None where none did."""
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        said = _read(answer)
        passkey = next(one for one in known if one.credential_id == base64url.decode(str(said["rawId"])))
        found = verify_authentication_response(
            credential=said,
            expected_challenge=question,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, StopIteration):
        return None
    return Shown(passkey.id, found.new_sign_count, asked_at)


def of_account(tx: Tx, organization_id: UUID, account_id: UUID) -> list[Passkey]:
    """Every passkey of the account, oldest first."""
    rows = tx.all(_OF_ACCOUNT, {"organization_id": organization_id, "account_id": account_id})
    return [
        Passkey(
            as_id(row[0]), bytes(row[1]), bytes(row[2]), row[3], row[4], as_instant(row[5]),
            as_instant(row[6]) if row[6] is not None else None,
        )
        for row in rows
    ]  # fmt: skip


def keep(
    tx: Tx, organization_id: UUID, account_id: UUID, new: tuple[bytes, bytes, int], name: str, now: datetime
) -> None:
    """The passkey opens the account from here on."""
    if len(of_account(tx, organization_id, account_id)) >= MOST:
        raise Conflict(TOO_MANY)
    row = {"organization_id": organization_id, "id": new_id(now), "account_id": account_id, "name": name, "now": now}
    tx.run(_INSERT, row | {"credential_id": new[0], "public_key": new[1], "count": new[2]})


def use(tx: Tx, organization_id: UUID, shown: Shown, now: datetime) -> bool:
    """Whether this answer opens something now: it does so once, and no older one after it."""
    place = {"organization_id": organization_id, "id": shown.passkey_id, "asked_at": shown.asked_at}
    return tx.run(_USE, place | {"count": shown.sign_count, "now": now}) == 1


def remove(tx: Tx, organization_id: UUID, account_id: UUID, passkey_id: UUID) -> bool:
    """Whether this was a passkey of the account, and opens nothing any more."""
    return tx.run(_REMOVE, {"organization_id": organization_id, "account_id": account_id, "id": passkey_id}) == 1


def remove_all(tx: Tx, organization_id: UUID, account_id: UUID) -> None:
    """No passkey opens this account: its owner begins anew."""
    tx.run(_REMOVE_ALL, {"organization_id": organization_id, "account_id": account_id})


def _read(answer: str) -> dict[str, Any]:
    """The browser's answer; ValueError for what is none."""
    if len(answer) > LONGEST:
        raise ValueError("too long")
    try:
        said = json.loads(answer)
    except RecursionError:
        raise ValueError("too deep") from None
    if not isinstance(said, dict):
        raise ValueError("no object")
    return said
