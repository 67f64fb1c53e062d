"""The exact texts people agreed to, kept once each and known by their SHA-256."""

import hashlib
import uuid
from datetime import datetime
from functools import lru_cache

from consent.db import Sql, Tx
from consent.ledger import base64url

_INSERT = Sql(
    "INSERT INTO wording (organization_id, sha256, language, text, first_seen_at)"
    " VALUES (:organization_id, :sha256, :language, :text, :now) ON CONFLICT DO NOTHING"
)
_SELECT = Sql("SELECT text FROM wording WHERE organization_id = :organization_id AND sha256 = :sha256 LIMIT 1")


@lru_cache(maxsize=1024)
def digest(text: str) -> bytes:
    """The SHA-256 of the text in UTF-8."""
    return hashlib.sha256(text.encode()).digest()


def hash_text(text: str) -> str:
    """The same digest as ledger bodies write it."""
    return base64url.encode(digest(text))


def keep(tx: Tx, organization_id: uuid.UUID, text: str, language: str, now: datetime) -> str:
    """The text can be shown again later; returns its hash as ledger bodies write it."""
    tx.later(
        _INSERT,
        {
            "organization_id": organization_id,
            "sha256": digest(text),
            "language": language,
            "text": text,
            "now": now,
        },
    )
    return hash_text(text)


def find(tx: Tx, organization_id: uuid.UUID, sha256: str) -> str | None:
    """The text behind a hash of a ledger body, if it was ever kept."""
    row = tx.one(_SELECT, {"organization_id": organization_id, "sha256": base64url.decode(sha256)})
    return None if row is None else str(row[0])
