"""Certificates made, kept, shown and mailed."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ledger import base64url, bodies, keys, queries
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.policies.rulebook import Rulebook
from consent.privacy_requests.answers import certificate
from consent.privacy_requests.answers.certificate import Facts, Gone

ROW = "certificate"  # the place in the sealed statement's authenticated data
TEMPLATES = Path(__file__).parent / "templates"

_INSERT = Sql(
    "INSERT INTO request_certificate (organization_id, id, request_id, contact_point_id, language, sealed, made_at)"
    " VALUES (:organization_id, :id, :request_id, :contact_point_id, :language, :sealed, :made_at)"
)
_COLUMNS = "id, request_id, contact_point_id, language, sealed, made_at, job_id, mailed_at"
_NEWEST = Sql(
    f"SELECT {_COLUMNS} FROM request_certificate"  # noqa: S608 - fixed columns
    " WHERE organization_id = :organization_id AND request_id = :request_id ORDER BY made_at DESC, id DESC LIMIT 1"
)
# What goes last is the task on everything that this house holds.
_GONE = Sql(
    "SELECT done_at, receipt FROM request_task WHERE organization_id = :organization_id AND request_id = :request_id"
    " AND store = 'own' AND category = '*' AND state = 'done' AND done_at IS NOT NULL ORDER BY done_at DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that is kept: the statement as it was signed, and what it says."""

    id: uuid.UUID
    request_id: uuid.UUID
    contact_point_id: uuid.UUID | None
    language: str
    statement: str
    claims: Mapping[str, Any]
    made_at: datetime
    job_id: uuid.UUID | None = None
    mailed_at: datetime | None = None


def make(
    tx: Tx, keyring: Keyring, log: ledger.Log, stream: ledger.Stream, rulebook: Rulebook, facts: Facts, url: str,
    now: datetime, *, mail_to: uuid.UUID | None = None,
) -> Certificate:  # fmt: skip
    """The certificate is signed, its hash is the newest entry of the stream, and it is kept for the person.

    `mail_to` is the proven mailbox it goes to once the log has sealed it; without one it is for the page alone.
    """
    pack = rulebook.organization
    told = certificate.told(facts, pack.slug, pack.name, pack.privacy_contact)
    data = certificate.event_data(told) | certificate.summed(facts.results)
    event = ledger.Event(certificate.EVENT, "system", data=data)
    entry = ledger.append(tx, log, stream, event, now)
    claims = certificate.claims(told, bodies.parse(entry.body), url)
    statement = certificate.sign(claims, keyring.receipt_key(log.organization_id, now))
    row: dict[str, object] = {
        "organization_id": log.organization_id,
        "id": entry.event_id,
        "request_id": facts.request_id,
        "contact_point_id": mail_to,
        "language": facts.language,
        "sealed": keys.seal_facts(_key(keyring, log.organization_id), statement.encode(), log.organization_id,
                                  entry.event_id, ROW),
        "made_at": now,
    }  # fmt: skip
    tx.later(_INSERT, row)
    return Certificate(entry.event_id, facts.request_id, mail_to, facts.language, statement, claims, now)


def of_request(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, request_id: uuid.UUID) -> Certificate | None:
    """The newest certificate of this request, or None."""
    row = tx.one(_NEWEST, {"organization_id": organization_id, "request_id": request_id})
    return None if row is None else read(keyring, organization_id, row)


def gone(tx: Tx, organization_id: uuid.UUID, request_id: uuid.UUID) -> Gone | None:
    """That what was still there as the certificate was signed has gone; None while it is there.

    The proof on the receipt of our own erasure are the ids of the entries with which its streams ended.
    """
    row = tx.one(_GONE, {"organization_id": organization_id, "request_id": request_id})
    if row is None:
        return None
    receipt = json.loads(row[1]) if row[1] else {}
    return Gone(as_instant(row[0]), tuple(str(receipt.get("proof", "")).split()))


def read(keyring: Keyring, organization_id: uuid.UUID, row: tuple[Any, ...]) -> Certificate:
    """The certificate of a row."""
    id_, request, contact, language, sealed, made_at, job, mailed = row
    entry = as_id(id_)
    key = _key(keyring, organization_id)
    statement = keys.open_facts(key, bytes(sealed), organization_id, entry, ROW).decode()
    return Certificate(
        entry,
        as_id(request),
        as_id(contact) if contact is not None else None,
        language,
        statement,
        json.loads(base64url.decode(statement.split(".")[1])),
        as_instant(made_at),
        as_id(job) if job is not None else None,
        as_instant(mailed) if mailed is not None else None,
    )


def file_of(tx: Tx, organization_id: uuid.UUID, one: Certificate) -> bytes | None:
    """The file that proves it, in the form of an evidence bundle; None while its entry is not sealed."""
    stored = queries.event(tx, organization_id, one.id)
    proof = queries.proof_of(tx, organization_id, one.id)
    if stored is None or proof is None:
        return None
    parts = {
        "format": "consent-evidence/1",
        "receipt": one.statement,
        "body": base64url.encode(stored.body),
        "disclosures": [],
        "proof": proof,
        "anchors": [],
    }
    return json.dumps(parts, ensure_ascii=False, indent=1).encode()


def name_of(one: Certificate, ending: str) -> str:
    """The name of its file, which says nothing about a person."""
    slug = one.claims["certificate"]["organization"]["key"]
    return f"certificate-{slug}-{one.claims['ledger']['leaf_hash'][:16]}.{ending}"


def pass_of(keyring: Keyring, organization_id: uuid.UUID, request_id: uuid.UUID) -> str:
    """The last part of the address at which its certificate is read; nobody can guess it."""
    return base64url.encode(keyring.payload_tag(organization_id, b"certificate|" + request_id.bytes))


def _key(keyring: Keyring, organization_id: uuid.UUID) -> bytes:
    return keyring.key_for(organization_id, ROW)
