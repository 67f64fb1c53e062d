"""Evidence of who asks: sealed, seen by few, gone when the check is done."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import BadInput, NotFound
from consent.ids import new_id
from consent.ledger import keys
from consent.privacy_requests.casework.cases import Case, Desk, Hand, move, stream_of, take
from consent.privacy_requests.moves import NotNow
from consent.web.messages import N_

KINDS = ("identity-document", "authority", "power-of-attorney", "declaration", "other")
MEDIA_TYPES = ("image/jpeg", "image/png", "application/pdf", "text/plain")
_MAGIC = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n", "application/pdf": b"%PDF-"}
LARGEST = 5 * 1024 * 1024  # bytes of one file
MOST = 6  # files of one request

_INSERT = Sql(
    "INSERT INTO request_identity (organization_id, request_id, id, kind, media_type, sealed_content, entered_by,"
    " entered_at) VALUES (:organization_id, :request_id, :id, :kind, :media_type, :sealed_content, :entered_by,"
    " :entered_at)"
)
_LIST = Sql(
    "SELECT id, kind, media_type, entered_at FROM request_identity"
    " WHERE organization_id = :organization_id AND request_id = :request_id ORDER BY id"
)
_ONE = Sql(
    "SELECT media_type, sealed_content FROM request_identity"
    " WHERE organization_id = :organization_id AND request_id = :request_id AND id = :id"
)
_CLEAR = Sql("DELETE FROM request_identity WHERE organization_id = :organization_id AND request_id = :request_id")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One file that was taken for the check; its content is read with `content`."""

    id: uuid.UUID
    kind: str
    media_type: str
    entered_at: datetime
    content: bytes = field(default=b"", repr=False)


def add(
    tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, kind: str, media_type: str, content: bytes,
) -> uuid.UUID:  # fmt: skip
    """The file waits, sealed, for the check. BadInput for no such file, too large, too many; NotNow after it."""
    case = take(tx, desk, request_id)
    if case.verified_at is not None or not case.under_way:
        raise NotNow(N_("The check is over: nothing more of it is taken, and nothing is kept."))
    if kind not in KINDS:
        raise BadInput(N_("Say what it shows."), field="kind")
    if media_type not in MEDIA_TYPES or not content.startswith(_MAGIC.get(media_type, b"")):
        raise BadInput(
            N_("Only JPEG, PNG, PDF and plain text are taken, and the file must be what it says."), field="file"
        )
    if not content or len(content) > LARGEST:
        raise BadInput(N_("The file is empty, or larger than 5 MiB."), field="file")
    if len(listed(tx, case.organization_id, case.id)) >= MOST:
        raise BadInput(N_("Six files are enough: ask for no more than the check needs."), field="file")
    evidence_id = new_id(now)
    sealed = keys.seal_facts(stream_of(tx, desk, case).key, content, case.organization_id, evidence_id, "identity")
    place = {"organization_id": case.organization_id, "request_id": case.id, "id": evidence_id, "kind": kind}
    place |= {"media_type": media_type, "sealed_content": sealed, "entered_by": by.member_id, "entered_at": now}
    tx.run(_INSERT, place)
    move(tx, desk, case, "check", by, now, data={"item": "evidence-taken", "kind": kind})
    return evidence_id


def listed(tx: Tx, organization_id: uuid.UUID, request_id: uuid.UUID) -> tuple[Evidence, ...]:
    """What lies there for the check, without its content."""
    rows = tx.all(_LIST, {"organization_id": organization_id, "request_id": request_id})
    return tuple(Evidence(as_id(row[0]), row[1], row[2], as_instant(row[3])) for row in rows)


def content(
    tx: Tx, desk: Desk, request_id: uuid.UUID, evidence_id: uuid.UUID, by: Hand, now: datetime
) -> tuple[str, bytes]:
    """Its media type and content; that it was looked at, and by whom, is on record with the same commit."""
    case: Case = take(tx, desk, request_id)
    row = tx.one(_ONE, {"organization_id": case.organization_id, "request_id": case.id, "id": evidence_id})
    if row is None:
        raise NotFound(N_("There is no such file here."))
    plain = keys.open_facts(stream_of(tx, desk, case).key, bytes(row[1]), case.organization_id, evidence_id, "identity")
    move(tx, desk, case, "check", by, now, data={"item": "evidence-seen"})
    return row[0], plain


def delete_all(tx: Tx, organization_id: uuid.UUID, request_id: uuid.UUID) -> int:
    """Nothing of it is left; how many files there were."""
    return tx.run(_CLEAR, {"organization_id": organization_id, "request_id": request_id})
