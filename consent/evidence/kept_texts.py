"""Texts kept beside the ledger, held against the hashes in it: wordings that were shown, policies that bound."""

from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ledger import base64url, bodies
from consent.ledger.bodies import BadBody
from consent.ledger.findings import Finding

PAGE = 500

_WORDINGS = Sql(
    "SELECT sha256, language, text FROM wording WHERE organization_id = :organization_id"
    " AND (sha256, language) > (:after, :language) ORDER BY sha256, language LIMIT :page"
)
# What is stored whole, the hash column beside it, and under which name the ledger holds that hash.
_PUBLISHED = (
    ("policy_version", "text", "text_sha256", "policy_sha256"),
    ("policy_version", "commitments_toml", "commitments_sha256", "commitments_sha256"),
)
_ROWS = {
    column: Sql(
        f"SELECT p.id, p.{column}, p.{digest}, e.body FROM {table} p"  # noqa: S608 - fixed parts
        " LEFT JOIN ledger_event e ON e.organization_id = p.organization_id AND e.event_id = p.event_id"
        " WHERE p.organization_id = :organization_id AND p.id > :after ORDER BY p.id LIMIT :page"
    )
    for table, column, digest, _name in _PUBLISHED
}


def wordings_hold(tx: Tx, organization_id: UUID) -> Iterator[Finding]:
    """Each wording has the hash under which the ledger names it."""
    after, language = b"", ""
    where: dict[str, object] = {"organization_id": organization_id, "page": PAGE}
    while rows := tx.all(_WORDINGS, where | {"after": after, "language": language}):
        for digest, spoken, text in rows:
            if not isinstance(text, str) or sha256(text.encode()).digest() != digest:
                row = f"sha256={base64url.encode(bytes(digest))} language={spoken}"
                yield Finding("V10", "wording", row, "the text is not the one that was shown")
        after, language = rows[-1][0], rows[-1][1]


def policies_hold(tx: Tx, organization_id: UUID) -> Iterator[Finding]:
    """Each published policy is, letter by letter, what the ledger says was published."""
    for table, column, digest_column, name in _PUBLISHED:
        after = UUID(int=0)
        while rows := tx.all(_ROWS[column], {"organization_id": organization_id, "after": after, "page": PAGE}):
            for id_, text, digest, body in rows:
                true = sha256(text.encode()).digest() if isinstance(text, str) else b""
                row = f"id={as_id(id_)}"
                if true != digest:
                    yield Finding("V10", table, row, f"{column} does not have the hash in {digest_column}")
                if _hash_in(body, name) != base64url.encode(true):
                    yield Finding("V10", table, row, f"{column} is not what the ledger says was published")
            after = as_id(rows[-1][0])


CHECKS = (wordings_hold, policies_hold)


def _hash_in(body: object, name: str) -> object:
    try:
        return bodies.parse(body).data.get(name) if isinstance(body, bytes) else None
    except BadBody:
        return None
