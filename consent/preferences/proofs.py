"""Files that prove a consent (a paper form, a recording, a screenshot): kept encrypted, hashed into the ledger.

The ledger holds the file's SHA-256 as a salted fact of the person's own stream and the file is encrypted with that
stream's key, so the proof can be shown to a third party, and is gone with the person when they are erased.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import Conflict, ConsentError, NotFound, TooLarge
from consent.ids import new_id
from consent.ledger import base64url, bodies, keys
from consent.ledger import queries as ledger_queries
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.preferences import proof_types

PLACE = "proof"  # the place in the sealed content's authenticated data
HASH = "payload_sha256"  # the personal fact that binds the content to its entry
MOST = 20  # files to one consent

_INSERT = Sql(
    "INSERT INTO proof (organization_id, id, consent_id, stream_id, event_id, media_type, size, content_tag,"
    " key_version, created_at, content) VALUES (:organization_id, :id, :consent_id, :stream_id, :event_id,"
    " :media_type, :size, :content_tag, :key_version, :now, :content)"
)
_SAME = Sql(
    "SELECT id, media_type, size, event_id, created_at FROM proof WHERE organization_id = :organization_id"
    " AND consent_id = :consent_id AND content_tag = :content_tag"
)
_LIST = Sql(
    "SELECT id, media_type, size, event_id, created_at FROM proof WHERE organization_id = :organization_id"
    " AND consent_id = :consent_id ORDER BY id"
)
_ONE = Sql(
    "SELECT p.media_type, p.content, p.key_version, k.wrapped_key FROM proof p"
    " LEFT JOIN stream_key k ON k.organization_id = p.organization_id AND k.stream_id = p.stream_id"
    " WHERE p.organization_id = :organization_id AND p.consent_id = :consent_id AND p.id = :id"
)


class Erased(ConsentError):
    """The file was here and is not readable any more: the person was erased."""

    status: ClassVar[int] = 410
    slug: ClassVar[str] = "gone"
    title: ClassVar[str] = "This is no longer here"


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as it is going to be kept; `id` is made with it, so that the entry can name it."""

    id: uuid.UUID
    media_type: str
    content: bytes
    sha256: bytes

    @property
    def facts(self) -> dict[str, str]:
        """What its entry holds of the content: a personal fact."""
        return {HASH: base64url.encode(self.sha256)}

    @property
    def data(self) -> dict[str, object]:
        """What its entry says openly."""
        return {"proof": str(self.id), "proof_type": self.media_type, "proof_size": len(self.content)}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept, without its content; `entry` holds its hash."""

    id: uuid.UUID
    media_type: str
    size: int
    entry: uuid.UUID
    created_at: datetime
    is_new: bool = False


def draft(content: bytes, declared: str, most: int, now: datetime, *, at: str = "") -> Draft:
    """The file, checked: not empty, at most `most` bytes, of the type it is said to be."""
    if len(content) > most:
        raise TooLarge(f"A proof is at most {most} bytes long.", field=f"{at}content", limit=most)
    media_type = proof_types.media_type_of(declared, content, at=at)
    return Draft(new_id(now), media_type, content, sha256(content).digest())


def keep(
    tx: Tx,
    keyring: Keyring,
    organization_id: uuid.UUID,
    stream: ledger.Stream,
    entry: ledger.Entry,
    consent_id: uuid.UUID,
    file: Draft,
    now: datetime,
) -> None:
    """The file is stored beside the entry that holds its hash, encrypted with the key of the person's stream."""
    tx.later(
        _INSERT,
        {
            "organization_id": organization_id,
            "id": file.id,
            "consent_id": consent_id,
            "stream_id": stream.id,
            "event_id": entry.event_id,
            "media_type": file.media_type,
            "size": len(file.content),
            "content_tag": _tag(keyring, organization_id, file),
            "key_version": keys.KEY_VERSION,
            "now": now,
            "content": keys.seal_facts(stream.key, file.content, organization_id, file.id, PLACE),
        },
    )


def attach(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, consent_id: uuid.UUID, file: Draft, source: str, now: datetime
) -> Kept:
    """The file belongs to a consent that was recorded before; the same file a second time changes nothing."""
    leaf = _consent(tx, organization_id, consent_id)
    stream = ledger.stream(tx, keyring, organization_id, leaf.stream)
    same = tx.one(
        _SAME,
        {
            "organization_id": organization_id,
            "consent_id": consent_id,
            "content_tag": _tag(keyring, organization_id, file),
        },
    )
    if same is not None:
        return _kept(same)
    if len(listed(tx, organization_id, consent_id)) >= MOST:
        raise Conflict(f"A consent keeps at most {MOST} files; put the pages into one.")
    log = ledger.log_of(tx, organization_id)
    if log is None:
        raise NotFound("This organization has no open log.")
    event = ledger.Event(
        "proof.attached",
        source,
        leaf.channel,
        leaf.purposes,
        {"about": str(consent_id)} | file.data,
        facts=file.facts,
    )
    entry = ledger.append(tx, log, stream, event, now)
    keep(tx, keyring, organization_id, stream, entry, consent_id, file, now)
    return Kept(file.id, file.media_type, len(file.content), entry.event_id, now, is_new=True)


def listed(tx: Tx, organization_id: uuid.UUID, consent_id: uuid.UUID) -> list[Kept]:
    """The files of a consent, oldest first."""
    return [_kept(row) for row in tx.all(_LIST, {"organization_id": organization_id, "consent_id": consent_id})]


def of_consent(tx: Tx, organization_id: uuid.UUID, consent_id: uuid.UUID) -> list[Kept]:
    """The same for a consent that must exist; NotFound otherwise."""
    _consent(tx, organization_id, consent_id)
    return listed(tx, organization_id, consent_id)


def content(
    tx: Tx, keyring: Keyring, organization_id: uuid.UUID, consent_id: uuid.UUID, proof_id: uuid.UUID
) -> tuple[str, bytes]:
    """Media type and content of a file; NotFound where there is none, Erased where its key is gone."""
    parameters: Mapping[str, object] = {
        "organization_id": organization_id,
        "consent_id": consent_id,
        "id": proof_id,
    }
    row = tx.one(_ONE, parameters)
    if row is None:
        raise NotFound("There is no such proof.")
    media_type, sealed, version, wrapped = row
    if wrapped is None:
        raise Erased("The person this proof is about was erased, and the file with them.")
    key = keyring.stream_key(organization_id, bytes(wrapped))
    return media_type, keys.open_facts(key, bytes(sealed), organization_id, proof_id, PLACE, version)


def _consent(tx: Tx, organization_id: uuid.UUID, consent_id: uuid.UUID) -> bodies.Leaf:
    stored = ledger_queries.event(tx, organization_id, consent_id)
    leaf = None if stored is None else bodies.parse(stored.body)
    if leaf is None or not leaf.type.startswith("consent."):
        raise NotFound("There is no such consent.")
    return leaf


def _kept(row: tuple[object, ...]) -> Kept:
    identity, media_type, size, event_id, created_at = row
    return Kept(as_id(identity), str(media_type), int(size), as_id(event_id), as_instant(created_at))  # type: ignore[arg-type, call-overload]


def _tag(keyring: Keyring, organization_id: uuid.UUID, file: Draft) -> bytes:
    """By which the same file is recognised, without a hash that somebody could compare with files of their own."""
    return keyring.payload_tag(organization_id, b"proof|" + file.sha256)
