"""V10 of `ledger verify`: what holds now is what the history says, and kept texts are those that were hashed."""

from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ledger.bodies import BadBody
from consent.ledger.findings import Finding
from consent.preferences import rules
from consent.preferences import service as preferences

PAGE = 500

_CONTACTS = Sql(
    "SELECT id, channel, tag64 FROM contact_point WHERE organization_id = :organization_id AND id > :after"
    " ORDER BY id LIMIT :page"
)
_BODIES = Sql(
    "SELECT body FROM ledger_event WHERE organization_id = :organization_id AND stream_id = :stream_id"
    " ORDER BY log_id, stream_seq"
)
_STRAY = Sql(
    "SELECT p.contact_point_id, p.program FROM preference p LEFT JOIN contact_point c"
    " ON c.organization_id = p.organization_id AND c.id = p.contact_point_id AND c.channel = p.channel"
    " AND c.tag64 = p.tag64 WHERE p.organization_id = :organization_id AND c.id IS NULL LIMIT :page"
)
_WORDINGS = Sql(
    "SELECT sha256, language, text FROM wording WHERE organization_id = :organization_id"
    " AND (sha256 > :after OR (sha256 = :after AND language > :language)) ORDER BY sha256, language LIMIT :page"
)
_NO_ID = UUID(int=0)


def preferences_hold(tx: Tx, organization_id: UUID) -> Iterator[Finding]:
    """Each stored preference is the fold of its contact point's history."""
    after = _NO_ID
    where: dict[str, object] = {"organization_id": organization_id, "page": PAGE}
    while rows := tx.all(_CONTACTS, where | {"after": after}):
        for contact_id, channel, tag64 in rows:
            yield from _compare(tx, organization_id, as_id(contact_id), channel, tag64)
        after = as_id(rows[-1][0])
    for contact_id, program in tx.all(_STRAY, where):
        row = f"contact_point_id={as_id(contact_id)} program={program}"
        yield Finding("V10", "preference", row, "there is no such contact point")


def wordings_hold(tx: Tx, organization_id: UUID) -> Iterator[Finding]:
    """Each wording kept beside the ledger has the hash under which the ledger names it."""
    after, language = b"", ""
    where: dict[str, object] = {"organization_id": organization_id, "page": PAGE}
    while rows := tx.all(_WORDINGS, where | {"after": after, "language": language}):
        for digest, spoken, text in rows:
            if not isinstance(text, str) or sha256(text.encode()).digest() != digest:
                row = f"sha256={bytes(digest).hex()} language={spoken}"
                yield Finding("V10", "wording", row, "the text is not the one that was shown")
        after, language = rows[-1][0], rows[-1][1]


FOLDS = (preferences_hold, wordings_hold)


def _compare(tx: Tx, organization_id: UUID, contact_id: UUID, channel: str, tag64: int) -> Iterator[Finding]:
    name = f"contact_point_id={contact_id}"
    stored = preferences.read(tx, organization_id, channel, tag64)
    bodies_ = tx.all(_BODIES, {"organization_id": organization_id, "stream_id": contact_id})
    try:
        told = rules.fold(preferences.facts_of(bytes(row[0]) for row in bodies_))
    except (BadBody, TypeError):
        return  # the history itself is damaged; V1 says where
    for key in sorted(stored.keys() | told.keys(), key=str):
        if stored.get(key) != told.get(key):
            program, person = key
            row = f"{name} program={program} person_id={person}"
            yield Finding("V10", "preference", row, "the state is not the fold of the history")
