"""Files that prove consents, held against the ledger: none changed place, none is gone but with its person."""

from collections.abc import Iterator
from uuid import UUID

from consent.db import Sql, Tx
from consent.db.types import as_id
from consent.ledger import bodies
from consent.ledger.bodies import BadBody
from consent.ledger.findings import Finding

PAGE = 500
AROUND = 12 + 16  # bytes that sealing adds: the nonce before and the tag behind

_ROWS = Sql(
    "SELECT p.id, p.consent_id, p.stream_id, p.event_id, p.media_type, p.size, length(p.content), e.body FROM proof p"
    " LEFT JOIN ledger_event e ON e.organization_id = p.organization_id AND e.event_id = p.event_id"
    " WHERE p.organization_id = :organization_id AND p.id > :after ORDER BY p.id LIMIT :page"
)
_GONE_TEXT = (
    "SELECT e.event_id FROM ledger_event e"
    " JOIN stream_key k ON k.organization_id = e.organization_id AND k.stream_id = e.stream_id"
    " LEFT JOIN proof p ON p.organization_id = e.organization_id AND p.event_id = e.event_id"
    " WHERE e.organization_id = :organization_id AND k.wrapped_key IS NOT NULL AND p.id IS NULL AND {holds} > 0"
)
_NAMES_ONE = b'"proof_size":'
_GONE = Sql(
    _GONE_TEXT.format(holds="instr(e.body, :names)"), postgresql=_GONE_TEXT.format(holds="position(:names in e.body)")
)


def proofs_hold(tx: Tx, organization_id: UUID) -> Iterator[Finding]:
    """Each file is the one its entry names, beside the consent it came for, and none that an entry names is gone."""
    after = UUID(int=0)
    while rows := tx.all(_ROWS, {"organization_id": organization_id, "after": after, "page": PAGE}):
        for id_, consent_id, stream_id, event_id, media_type, size, stored, body in rows:
            after = as_id(id_)
            told = _told(body)
            held = (str(after), media_type, size, str(as_id(consent_id)), as_id(stream_id))
            if told is None or told != held:
                entry = f"event_id={as_id(event_id)}"
                yield Finding("V10", "proof", f"id={after}", f"it is not the file that the entry {entry} names")
            if stored != size + AROUND:
                yield Finding("V10", "proof", f"id={after}", "the content does not have the size of the file")
    for (event_id,) in tx.all(_GONE, {"organization_id": organization_id, "names": _NAMES_ONE}):
        yield Finding("V10", "proof", f"event_id={as_id(event_id)}", "the file that this entry names is not kept")


def _told(body: object) -> tuple[object, ...] | None:
    """What the entry says: the file, its type and size, the consent it is about, and whose stream that is."""
    try:
        leaf = bodies.parse(body) if isinstance(body, bytes) else None
    except BadBody:
        leaf = None
    if leaf is None:
        return None
    data = leaf.data
    about = data.get("about", str(leaf.id))
    return data.get("proof"), data.get("proof_type"), data.get("proof_size"), about, leaf.stream
