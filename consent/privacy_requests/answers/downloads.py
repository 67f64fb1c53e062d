"""Answers that wait to be fetched: made, offered to whoever asked, counted, and gone when their time is over."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from consent.db import Database, Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import NotFound
from consent.ids import new_id
from consent.ledger import keys
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.privacy_requests.answers import vault
from consent.subjects import service as subjects

FOLDER = "answers"  # in the data folder, one below it for each organization
ROW = "answer"  # the place in the sealed key's authenticated data
FRESH = timedelta(minutes=10)  # how lately an address must have been proven for an answer to be handed out
ORPHANED = timedelta(days=1)  # a file of which no row tells is left over from a break, and goes after this

_INSERT = Sql(
    "INSERT INTO answer_file (organization_id, id, request_id, contact_point_id, sealed_key, size, records, made_at,"
    " expires_at, downloads) VALUES (:organization_id, :id, :request_id, :contact_point_id, :sealed_key, :size,"
    " :records, :made_at, :expires_at, 0)"
)
_COLUMNS = "id, request_id, contact_point_id, sealed_key, size, records, made_at, expires_at, downloads"
_ONE = Sql(
    f"SELECT {_COLUMNS} FROM answer_file"  # noqa: S608 - fixed columns
    " WHERE organization_id = :organization_id AND id = :id AND removed_at IS NULL"
)
_OF_REQUEST = Sql(
    f"SELECT {_COLUMNS} FROM answer_file"  # noqa: S608 - fixed columns
    " WHERE organization_id = :organization_id AND request_id = :request_id AND removed_at IS NULL"
    " ORDER BY made_at DESC"
)
_COUNT = Sql(
    "UPDATE answer_file SET downloads = downloads + 1, fetched_at = :now"
    " WHERE organization_id = :organization_id AND id = :id AND removed_at IS NULL"
)
_OVER = Sql(
    "SELECT id FROM answer_file WHERE organization_id = :organization_id"
    " AND removed_at IS NULL AND (expires_at <= :now OR sealed_key IS NULL) ORDER BY expires_at LIMIT 500"
)
_REMOVED = Sql(
    "UPDATE answer_file SET removed_at = :now, sealed_key = NULL"
    " WHERE organization_id = :organization_id AND id = :id AND removed_at IS NULL"
)
_KNOWN = Sql("SELECT 1 FROM answer_file WHERE organization_id = :organization_id AND id = :id AND removed_at IS NULL")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that waits; `sealed_key` is None once its person was erased."""

    id: uuid.UUID
    request_id: uuid.UUID
    contact_point_id: uuid.UUID
    sealed_key: bytes | None = field(repr=False)
    size: int
    records: int
    made_at: datetime
    expires_at: datetime
    downloads: int


@dataclass(frozen=True, slots=True)
class For:
    """Whose answer it is: the request, and the contact point that asked."""

    request_id: uuid.UUID
    contact_point_id: uuid.UUID


# Writes what is handed over; how many records it holds comes back. The folder is for what is put aside meanwhile.
Fill = Callable[[vault.Writer, Path], int]


def make(
    db: Database, keyring: Keyring, organization_id: uuid.UUID, whom: For, fill: Fill, lasts: timedelta, now: datetime,
    tell: Callable[[Tx, subjects.KnownContact, Answer], None] | None = None,
) -> Answer:  # fmt: skip
    """The answer lies encrypted in the data folder and is on record; `fill` is called once.

    Nothing of it waits in the outbox but what `tell` says of it. A break before the end leaves no row, and the file
    goes with `tidy`.
    """
    answer_id = new_id(now)
    path = path_of(keyring.data_dir, organization_id, answer_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = vault.new_key()
    with path.open("xb") as file:
        path.chmod(0o600)
        writer = vault.Writer(file, key, _place(organization_id, answer_id))
        records = fill(writer, path.parent)
        writer.close()

    def work(tx: Tx) -> Answer:
        log, contact = ledger.log_of(tx, organization_id), subjects.by_id(tx, keyring, organization_id,
                                                                          whom.contact_point_id)  # fmt: skip
        if log is None or contact is None or contact.key is None:
            raise NotFound("The person of this request is no longer on record.")
        stream = ledger.stream(tx, keyring, organization_id, contact.id)
        sealed = keys.seal_facts(stream.key, key, organization_id, answer_id, ROW)
        expires = now + lasts
        made = Answer(
            answer_id, whom.request_id, contact.id, sealed, writer.size, records, now, expires, 0
        )  # fmt: skip
        data = {"request": str(whom.request_id), "answer": str(answer_id), "records": records}
        ledger.append(tx, log, stream, ledger.Event("privacy_request.answer_made", "system", data=data), now)
        tx.later(
            _INSERT,
            {
                "organization_id": organization_id,
                "id": answer_id,
                "request_id": whom.request_id,
                "contact_point_id": contact.id,
                "sealed_key": sealed,
                "size": writer.size,
                "records": records,
                "made_at": now,
                "expires_at": expires,
            },
        )
        if tell is not None:
            tell(tx, contact, made)
        return made

    try:
        return db.write(work, organization_id)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def one(tx: Tx, organization_id: uuid.UUID, answer_id: uuid.UUID, now: datetime) -> Answer | None:
    """The answer, while its time is not over."""
    row = tx.one(_ONE, {"organization_id": organization_id, "id": answer_id})
    found = _answer(row) if row is not None else None
    return found if found is not None and found.expires_at > now and found.sealed_key is not None else None


def of_request(tx: Tx, organization_id: uuid.UUID, request_id: uuid.UUID, now: datetime) -> list[Answer]:
    """What waits to be fetched for this request, the newest first."""
    rows = tx.all(_OF_REQUEST, {"organization_id": organization_id, "request_id": request_id})
    return [each for each in map(_answer, rows) if each.expires_at > now and each.sealed_key is not None]


def fetched(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, answer: Answer, now: datetime) -> bytes:
    """The download is counted and on record; the key that opens the file comes back. NotFound where it is gone."""
    log = ledger.log_of(tx, organization_id)
    if log is None or answer.sealed_key is None:
        raise NotFound("This answer is no longer here.")
    stream = ledger.stream(tx, keyring, organization_id, answer.contact_point_id)
    if not tx.run(_COUNT, {"organization_id": organization_id, "id": answer.id, "now": now}):
        raise NotFound("This answer is no longer here.")
    data = {"request": str(answer.request_id), "answer": str(answer.id)}
    ledger.append(tx, log, stream, ledger.Event("privacy_request.answer_fetched", "page", data=data), now)
    return keys.open_facts(stream.key, answer.sealed_key, organization_id, answer.id, ROW)


def content(keyring: Keyring, organization_id: uuid.UUID, answer_id: uuid.UUID, key: bytes) -> Iterator[bytes]:
    """The ZIP, a piece at a time."""
    return vault.read(path_of(keyring.data_dir, organization_id, answer_id), key, _place(organization_id, answer_id))


def tidy(db: Database, keyring: Keyring, organization_id: uuid.UUID, now: datetime) -> int:
    """Files whose time is over, whose person was erased or of which no row tells are gone; returns how many were."""
    with db.read(organization_id) as tx:
        over = [as_id(row[0]) for row in tx.all(_OVER, {"organization_id": organization_id, "now": now})]
    for each in over:
        path_of(keyring.data_dir, organization_id, each).unlink(missing_ok=True)
        gone = {"organization_id": organization_id, "id": each, "now": now}
        db.write(lambda tx, gone=gone: tx.run(_REMOVED, gone), organization_id)  # type: ignore[misc]
    return len(over) + _orphans(db, keyring, organization_id, now)


def path_of(data_dir: Path, organization_id: uuid.UUID, answer_id: uuid.UUID) -> Path:
    """Where the file of an answer lies; its name says nothing about anybody."""
    return data_dir / FOLDER / str(organization_id) / f"{answer_id}.bin"


def _orphans(db: Database, keyring: Keyring, organization_id: uuid.UUID, now: datetime) -> int:
    gone, kept = 0, keyring.data_dir / FOLDER / str(organization_id)
    for path in kept.iterdir() if kept.is_dir() else ():
        if path.stat().st_mtime > (now - ORPHANED).timestamp():
            continue
        try:
            asked = {"organization_id": organization_id, "id": uuid.UUID(path.stem)}
        except ValueError:  # what a break left of the scratch
            asked = None
        if asked is not None:
            with db.read(organization_id) as tx:
                if tx.one(_KNOWN, asked) is not None:
                    continue
        path.unlink(missing_ok=True)
        gone += 1
    return gone


def _answer(row: tuple[Any, ...]) -> Answer:
    id_, request, contact, key, size, records, made, expires, downloads = row
    return Answer(
        as_id(id_),
        as_id(request),
        as_id(contact),
        bytes(key) if key is not None else None,
        int(size),
        int(records),
        as_instant(made),
        as_instant(expires),
        int(downloads),
    )


def _place(organization_id: uuid.UUID, answer_id: uuid.UUID) -> bytes:
    return f"answer|{organization_id}|{answer_id}".encode()
