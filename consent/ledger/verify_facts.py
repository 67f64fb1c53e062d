"""The part of `ledger verify` that opens personal facts: V9, and what must be gone after an erasure: V11."""

from binascii import b2a_base64
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ledger import disclosures, keys
from consent.ledger.findings import Report
from consent.ledger.keys import Keyring, Unreadable

PAGE = 1_024
KEPT = 4_096  # opened stream keys at the most: memory stays flat

# Looked up entry by entry, each by its whole key: without statistics PostgreSQL would join tables for each page.
_ITS_EVENT = "FROM ledger_event e WHERE e.organization_id = :organization_id AND e.event_id = d.event_id"
_ITS_KEY = (
    "SELECT k.wrapped_key FROM stream_key k WHERE k.organization_id = :organization_id"  # noqa: S608 - fixed parts
    f" AND k.stream_id = (SELECT e.stream_id {_ITS_EVENT})"
)
_SEALED_FACTS = Sql(
    "SELECT d.event_id, d.name, d.ciphertext, d.key_version,"  # noqa: S608 - fixed parts
    f" (SELECT e.stream_id {_ITS_EVENT}), (SELECT e.body {_ITS_EVENT}), ({_ITS_KEY})"
    " FROM ledger_disclosure d"
    " WHERE d.organization_id = :organization_id"
    " AND (d.event_id, d.name) > (:event_id, :name)"
    " ORDER BY d.event_id, d.name LIMIT :page"
)
_KEYS = Sql(
    "SELECT stream_id, key_version, wrapped_key, destroyed_at FROM stream_key"
    " WHERE organization_id = :organization_id AND stream_id > :after ORDER BY stream_id LIMIT :page"
)
_KEYLESS = Sql(
    "SELECT h.stream_id FROM stream_head h"
    " LEFT JOIN stream_key k ON k.organization_id = h.organization_id AND k.stream_id = h.stream_id"
    " WHERE h.organization_id = :organization_id AND k.stream_id IS NULL LIMIT :page"
)
_ERASED = Sql(
    "SELECT j.stream_id, k.wrapped_key,"
    " (SELECT count(*) FROM ledger_disclosure d JOIN ledger_event e ON e.organization_id = d.organization_id"
    " AND e.event_id = d.event_id WHERE e.organization_id = j.organization_id AND e.stream_id = j.stream_id)"
    " FROM erasure_journal j"
    " LEFT JOIN stream_key k ON k.organization_id = j.organization_id AND k.stream_id = j.stream_id"
    " WHERE j.organization_id = :organization_id AND (k.wrapped_key IS NOT NULL OR EXISTS"
    " (SELECT 1 FROM ledger_disclosure d JOIN ledger_event e ON e.organization_id = d.organization_id"
    " AND e.event_id = d.event_id WHERE e.organization_id = j.organization_id AND e.stream_id = j.stream_id))"
    " LIMIT :page"
)
_NO_ID = UUID(int=0)
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def check_facts(tx: Tx, keyring: Keyring, organization_id: UUID, report: Report) -> None:
    """V9: each row of facts opens with its stream's key and holds nothing that its event did not seal."""
    _check_keys(tx, keyring, organization_id, report)
    event_id, name = _NO_ID, ""
    opener = _Opener(keyring, organization_id)
    while rows := tx.all(
        _SEALED_FACTS, {"organization_id": organization_id, "event_id": event_id, "name": name, "page": PAGE}
    ):
        for row in rows:
            problem = opener.problem(row)
            if problem:
                place = f"event_id={as_id(row[0])} name={row[1]}"
                report.add("V9", "ledger_disclosure", place, problem)
        report.disclosures += len(rows)
        event_id, name = as_id(rows[-1][0]), rows[-1][1]


class _Opener:
    """Opens rows of facts; keys used lately are kept, because a stream has many rows."""

    def __init__(self, keyring: Keyring, organization_id: UUID) -> None:
        self._keyring = keyring
        self._organization_id = organization_id
        self._keys: dict[bytes, AESGCM] = {}

    def problem(self, row: tuple[Any, ...]) -> str:
        """What is wrong with one row; an empty text when nothing is."""
        event_id, name, ciphertext, key_version, stream_id, body, wrapped = row
        if stream_id is None:
            return "there is no such event"
        if wrapped is None:
            return "the stream's key is destroyed, but facts are left"
        place = keys.place(self._organization_id, event_id, name, key_version)
        try:
            key = self._keys.get(wrapped) or self._key(wrapped)
            plain = key.decrypt(ciphertext[: keys.NONCE], ciphertext[keys.NONCE :], place)
        except Unreadable:
            return "the stream's key does not open"
        except (InvalidTag, ValueError, TypeError):
            return "the facts do not open with their stream's key at this place"
        if not isinstance(body, bytes):
            return "the event's body is not bytes"
        start = body.rfind(b'"sd":[')
        try:
            raws = disclosures.lines(plain)
        except ValueError:
            return "the row is not one of facts"
        for raw in raws:
            # A digest among those the event sealed vouches for form and content at once.
            digest = sha256(b2a_base64(raw, newline=False).translate(_URL_SAFE, b"=")).digest()
            if body.find(b2a_base64(digest, newline=False).translate(_URL_SAFE, b"="), start) < 0:
                return "a fact is not among those the event sealed"
        return ""

    def _key(self, wrapped: bytes) -> AESGCM:
        if len(self._keys) >= KEPT:
            self._keys.clear()
        key = self._keys[wrapped] = AESGCM(self._keyring.stream_key(self._organization_id, wrapped))
        return key


def _check_keys(tx: Tx, keyring: Keyring, organization_id: UUID, report: Report) -> None:
    after = _NO_ID
    while rows := tx.all(_KEYS, {"organization_id": organization_id, "after": after, "page": PAGE}):
        for stream_id, version, wrapped, destroyed in rows:
            problems = []
            if version != keys.KEY_VERSION:
                problems.append(f"there is no key version {version}")
            if (wrapped is None) != (destroyed is not None):
                problems.append("the key is neither there nor destroyed at a known time")
            try:
                if wrapped is not None:
                    keyring.stream_key(organization_id, wrapped)
            except (Unreadable, TypeError):
                problems.append("the data key does not open with the keys held here")
            for problem in problems:  # an id is made a name only where something is to be said of it
                report.add("V9", "stream_key", f"stream_id={as_id(stream_id)}", problem)
        after = as_id(rows[-1][0])
    for (stream_id,) in tx.all(_KEYLESS, {"organization_id": organization_id, "page": PAGE}):
        report.add("V9", "stream_key", f"stream_id={as_id(stream_id)}", "the stream has no row for its key")


def check_erasures(tx: Tx, organization_id: UUID, report: Report) -> None:
    """V11: an erased stream keeps neither key nor facts."""
    for stream_id, wrapped, left in tx.all(_ERASED, {"organization_id": organization_id, "page": PAGE}):
        name = f"stream_id={as_id(stream_id)}"
        if wrapped is not None:
            report.add("V11", "stream_key", name, "the stream was erased, but its key is still there")
        if left:
            report.add("V11", "ledger_disclosure", name, f"the stream was erased, but {left} rows of facts are left")
