"""Texts kept beside the ledger, held against it: wordings that were shown, policies and settings that bound."""

from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
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
    ("organization_settings", "toml", "sha256", "sha256"),
)
_ROWS = {
    column: Sql(
        f"SELECT p.id, p.{column}, p.{digest}, e.body FROM {table} p"  # noqa: S608 - fixed parts
        " LEFT JOIN ledger_event e ON e.organization_id = p.organization_id AND e.event_id = p.event_id"
        " WHERE p.organization_id = :organization_id AND p.id > :after ORDER BY p.id LIMIT :page"
    )
    for table, column, digest, _name in _PUBLISHED
}
# Which policy bound at an instant follows from these columns; the event tells what they have to be.
_BINDING = Sql(
    "SELECT p.id, p.policy, p.version, p.effective_at, p.status, e.body, l.body FROM policy_version p"
    " LEFT JOIN ledger_event e ON e.organization_id = p.organization_id AND e.event_id = p.event_id"
    " LEFT JOIN ledger_event l ON l.organization_id = p.organization_id AND l.event_id = p.postponed_event_id"
    " WHERE p.organization_id = :organization_id"
)
_TRANSLATED = Sql(
    "SELECT version_id, language, text, text_sha256 FROM policy_translation"
    " WHERE organization_id = :organization_id ORDER BY version_id, language"
)
_WITHDRAWN = Sql(
    "SELECT p.id, p.policy, p.version, e.body FROM policy_version p"
    " LEFT JOIN ledger_event e ON e.organization_id = p.organization_id AND e.event_id = p.withdrawn_event_id"
    " WHERE p.organization_id = :organization_id AND p.withdrawn_event_id IS NOT NULL"
)
_APPLIED = Sql(
    "SELECT p.id, p.applied_at, e.body FROM organization_settings p"
    " LEFT JOIN ledger_event e ON e.organization_id = p.organization_id AND e.event_id = p.event_id"
    " WHERE p.organization_id = :organization_id"
)
# What the ledger says was published or applied, and is kept nowhere.
_GONE_TEXT = (
    "SELECT e.event_id FROM ledger_event e LEFT JOIN {table} p"
    " ON p.organization_id = e.organization_id AND p.{column} = e.event_id"
    " WHERE e.organization_id = :organization_id AND p.id IS NULL AND {holds} > 0"
)
_GONE = [
    (
        table,
        b'"type":"%s"' % kind,
        Sql(
            _GONE_TEXT.format(table=table, column=column, holds="instr(e.body, :kind)"),
            postgresql=_GONE_TEXT.format(table=table, column=column, holds="position(:kind in e.body)"),
        ),
    )
    for table, column, kind in (
        ("policy_version", "event_id", b"policy.published"),
        ("policy_version", "withdrawn_event_id", b"policy.withdrawn"),
        ("organization_settings", "event_id", b"settings.applied"),
    )
]


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


def translations_hold(tx: Tx, organization_id: UUID) -> Iterator[Finding]:
    """Each translated wording is what the ledger says was published with its version, and none is missing."""
    kept: dict[UUID, dict[str, str]] = {}
    where = {"organization_id": organization_id}
    for version, language, text, digest in tx.all(_TRANSLATED, where):
        true = sha256(text.encode()).digest() if isinstance(text, str) else b""
        if true != digest:
            row = f"version_id={as_id(version)} language={language}"
            yield Finding("V10", "policy_translation", row, "text does not have the hash in text_sha256")
        kept.setdefault(as_id(version), {})[language] = base64url.encode(true)
    for id_, _policy, _version, _effective, _status, body, _later in tx.all(_BINDING, where):
        told = _hash_in(body, "translations") or {}
        if told != kept.pop(as_id(id_), {}):
            what = "the translations are not those the ledger says were published"
            yield Finding("V10", "policy_translation", f"version_id={as_id(id_)}", what)
    for version in kept:
        yield Finding("V10", "policy_translation", f"version_id={version}", "there is no such version")


def bindings_hold(tx: Tx, organization_id: UUID) -> Iterator[Finding]:
    """Policies and settings bind under the names and from the instants the ledger tells, and none is missing."""
    where = {"organization_id": organization_id}
    for id_, policy, version, effective, status, body, later in tx.all(_BINDING, where):
        leaf = _leaf(body if later is None else later)
        names = ("policy", "policy_version", "effective_at")
        begins = as_instant(effective).strftime("%Y-%m-%dT%H:%M:%SZ")
        if leaf is None or [leaf.data.get(name) for name in names] != [policy, version, begins]:
            what = "policy, version or effective_at is not what the ledger says was published"
            yield Finding("V10", "policy_version", f"id={as_id(id_)}", what)
        if status == "draft":
            yield Finding("V10", "policy_version", f"id={as_id(id_)}", "it was published and is no draft")
    for id_, policy, version, body in tx.all(_WITHDRAWN, where):
        leaf = _leaf(body)
        told = None if leaf is None else (leaf.type, leaf.data.get("policy"), leaf.data.get("policy_version"))
        if told != ("policy.withdrawn", policy, version):
            what = "the ledger does not say that this version was withdrawn"
            yield Finding("V10", "policy_version", f"id={as_id(id_)}", what)
    for id_, applied, body in tx.all(_APPLIED, where):
        leaf = _leaf(body)
        if leaf is None or bodies.instant(leaf.recorded_at) != bodies.instant(as_instant(applied)):
            what = "applied_at is not when the ledger says the settings were applied"
            yield Finding("V10", "organization_settings", f"id={as_id(id_)}", what)
    for table, kind, gone in _GONE:
        for (event_id,) in tx.all(gone, where | {"kind": kind}):
            yield Finding("V10", table, f"event_id={as_id(event_id)}", "what this event made is not kept any more")


CHECKS = (wordings_hold, policies_hold, translations_hold, bindings_hold)


def _hash_in(body: object, name: str) -> object:
    leaf = _leaf(body)
    return None if leaf is None else leaf.data.get(name)


def _leaf(body: object) -> bodies.Leaf | None:
    try:
        return bodies.parse(body) if isinstance(body, bytes) else None
    except BadBody:
        return None
