"""Ten codes for the day the telephone is lost: each opens once, hashed like a password (S26)."""

import secrets
from uuid import UUID

from consent.db import Sql, Tx
from consent.staff import passwords

HOW_MANY = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without the ones that look alike
GROUPS, GROUP = 4, 4

_INSERT = Sql(
    "INSERT INTO staff_recovery_code (organization_id, account_id, number, code_hash)"
    " VALUES (:organization_id, :account_id, :number, :hash)"
)
_FORGET = Sql("DELETE FROM staff_recovery_code WHERE organization_id = :organization_id AND account_id = :account_id")
_ONE = Sql(
    "SELECT code_hash FROM staff_recovery_code WHERE organization_id = :organization_id"
    " AND account_id = :account_id AND number = :number"
)
_USE = Sql(
    "DELETE FROM staff_recovery_code WHERE organization_id = :organization_id AND account_id = :account_id"
    " AND number = :number AND code_hash = :hash"
)
_LEFT = Sql(
    "SELECT count(*) FROM staff_recovery_code WHERE organization_id = :organization_id AND account_id = :account_id"
)


def new_codes() -> tuple[str, ...]:
    """Ten codes such as `3-abcd-efgh-jkmn-pqrs`; the number in front finds the one hash to compare with."""
    return tuple(
        "-".join([str(number), *("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))])
        for number in range(HOW_MANY)
    )


def hashes_of(codes: tuple[str, ...]) -> tuple[str, ...]:
    """What is kept of them; a second of work, so outside of any transaction."""
    return tuple(passwords.hashed(code) for code in codes)


def keep(tx: Tx, organization_id: UUID, account_id: UUID, hashes: tuple[str, ...]) -> None:
    """These codes open the account, and none from before."""
    place = {"organization_id": organization_id, "account_id": account_id}
    tx.run(_FORGET, place)
    tx.many(_INSERT, [place | {"number": number, "hash": hashed} for number, hashed in enumerate(hashes)])


def looks_like(code: str) -> bool:
    """Whether somebody typed a recovery code and no code of an app."""
    return len(_plain(code)) == 1 + GROUPS * GROUP


def hash_of(tx: Tx, organization_id: UUID, account_id: UUID, code: str) -> str | None:
    """The hash to compare this code with, None where that code was used."""
    number = int(code.strip()[0]) if code.strip()[:1] in "0123456789" and code.strip() else -1
    row = tx.one(_ONE, {"organization_id": organization_id, "account_id": account_id, "number": number})
    return None if row is None else str(row[0])


def matches(kept: str | None, code: str) -> bool:
    """Whether this is that code, typed with or without its dashes."""
    plain = _plain(code)
    parts = [plain[:1], *(plain[at : at + GROUP] for at in range(1, len(plain), GROUP))]
    return passwords.matches(kept, "-".join(parts))


def use(tx: Tx, organization_id: UUID, account_id: UUID, code: str, kept: str) -> bool:
    """Whether the code opens something now: it does so once."""
    place = {"organization_id": organization_id, "account_id": account_id}
    return tx.run(_USE, place | {"number": int(code.strip()[0]), "hash": kept}) == 1


def left(tx: Tx, organization_id: UUID, account_id: UUID) -> int:
    """How many codes are unused."""
    row = tx.one(_LEFT, {"organization_id": organization_id, "account_id": account_id})
    return int(row[0]) if row is not None else 0


def _plain(code: str) -> str:
    return "".join(one for one in code.lower() if one.isascii() and one.isalnum())
