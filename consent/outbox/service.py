"""Put something into the outbox, take back what a withdrawal forbids, claim what is due, and settle it."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consent.db import Rows, Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ids import new_id, oldest_id
from consent.ledger import keys
from consent.ledger.keys import Keyring

SMS, EMAIL = "sms", "email"  # the queues of messages, named as their channels
JOB = "job"  # the place in the sealed payload's authenticated data
LEASE = timedelta(seconds=60)
# What one job may need: asking the gateway and sending, each bounded by connect and read timeouts of 20 s together.
LONGEST_TRY = timedelta(seconds=45)
# How long before a job began one may have been made whose text went out after it.
OLDEST_OTHER = timedelta(days=1)
# Growing delays between attempts; the last one repeats.
DELAYS = tuple(timedelta(seconds=s) for s in (2, 10, 30, 60, 300, 900, 3600))
ATTEMPTS = 12

_INSERT = Rows(
    "job",
    (
        "organization_id", "id", "queue", "kind", "payload", "unique_key", "contact_point_id", "program",
        "message_class", "run_at", "expires_at", "attempts", "max_attempts", "outcome", "created_at",
    ),
    "ON CONFLICT (organization_id, unique_key) WHERE unique_key IS NOT NULL DO NOTHING",
)  # fmt: skip
_CANCEL_TEXT = (
    "UPDATE job {index} SET done_at = :now, outcome = 'cancelled'"
    " WHERE organization_id = :organization_id AND contact_point_id = :contact_point_id AND done_at IS NULL"
    " AND program {of}"
)
# Without statistics SQLite would walk every job of the organization.
_CANCEL = Sql(
    _CANCEL_TEXT.format(index="INDEXED BY ix_job_contact", of="IN (SELECT value FROM json_each(:programs))"),
    postgresql=_CANCEL_TEXT.format(index="", of="= ANY(:programs)"),
)
_TAKE_BACK = Sql(
    "UPDATE job SET done_at = :now, outcome = 'cancelled'"
    " WHERE organization_id = :organization_id AND id = :id AND done_at IS NULL"
)
# What goes back to where it came from may be put here again under the same key.
_TAKE_BACK_FOR_NOW = Sql(
    "UPDATE job SET done_at = :now, outcome = 'cancelled', unique_key = NULL"
    " WHERE organization_id = :organization_id AND id = :id AND done_at IS NULL"
)
_DUE = (
    "SELECT id FROM job WHERE organization_id = :organization_id AND queue = :queue AND done_at IS NULL"
    " AND run_at <= :now AND (locked_until IS NULL OR locked_until < :now) ORDER BY run_at, id LIMIT :most"
)
_CLAIM = (
    "UPDATE job SET locked_by = :me, locked_until = :until, attempts = attempts + 1"
    " WHERE organization_id = :organization_id AND id IN ({due})"
    " RETURNING id, kind, payload, unique_key, contact_point_id, program, message_class, run_at, expires_at,"
    " attempts, max_attempts, created_at"
)
_CLAIM_DUE = Sql(_CLAIM.format(due=_DUE), postgresql=_CLAIM.format(due=_DUE + " FOR UPDATE SKIP LOCKED"))
# Nothing is kept of what went to an address that need not be on record: no stream's key could erase it later.
_SETTLE = Sql(
    "UPDATE job SET done_at = :now, outcome = :outcome, last_error = :error, provider_tag = :provider_tag,"
    " locked_by = NULL, locked_until = NULL, payload = CASE WHEN contact_point_id IS NULL"
    " AND queue IN ('sms', 'email') THEN :nothing ELSE payload END"
    " WHERE organization_id = :organization_id AND id = :id AND locked_by = :me"
)
_AGAIN = Sql(
    "UPDATE job SET run_at = :run_at, last_error = :error, locked_by = NULL, locked_until = NULL"
    " WHERE organization_id = :organization_id AND id = :id AND locked_by = :me"
)
# Waiting for its hour, or for an account that works, is no attempt: nothing of the message itself was tried.
_POSTPONE = Sql(
    "UPDATE job SET run_at = :until, attempts = attempts - 1, last_error = :why, locked_by = NULL, locked_until = NULL"
    " WHERE organization_id = :organization_id AND id = :id AND locked_by = :me AND done_at IS NULL"
)
_RENEW = Sql(
    "UPDATE job SET locked_until = :until"
    " WHERE organization_id = :organization_id AND id = :id AND locked_by = :me AND done_at IS NULL"
)
_OTHERS = Sql(
    "SELECT 1 FROM job WHERE organization_id = :organization_id AND id >= :oldest AND provider_tag = :provider_tag"
    " AND id <> :id LIMIT 1"
)
# One attempt counts as made: the gateway may have taken the message, and is asked before it is sent again.
_REVIVE = Sql(
    "UPDATE job SET done_at = NULL, outcome = 'waiting', run_at = :now, attempts = 1, locked_by = NULL,"
    " locked_until = NULL WHERE organization_id = :organization_id AND id = :id AND outcome = 'dead'"
    " AND length(payload) > 0"
)

_encode = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Draft:
    """Something to put into the outbox; a text names its contact point, and program and class if it has them."""

    queue: str
    kind: str
    unique_key: str | None
    payload: dict[str, str]
    contact_point_id: uuid.UUID | None = None
    program: str | None = None
    message_class: str | None = None
    run_at: datetime | None = None
    expires_at: datetime | None = None
    max_attempts: int = ATTEMPTS
    id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that this worker alone holds until its lease ends."""

    organization_id: uuid.UUID
    id: uuid.UUID
    queue: str
    kind: str
    payload: bytes
    unique_key: str | None
    contact_point_id: uuid.UUID | None
    program: str | None
    message_class: str | None
    run_at: datetime
    expires_at: datetime | None
    attempts: int
    max_attempts: int
    created_at: datetime
    locked_by: str
    locked_until: datetime


def enqueue(tx: Tx, organization_id: uuid.UUID, key: bytes | AESGCM, draft: Draft, now: datetime) -> uuid.UUID:
    """The draft waits, its payload encrypted under `key`; a second one of the same unique key changes nothing."""
    job_id = draft.id or new_id(now)
    plain = _encode(draft.payload).encode()
    tx.later(
        _INSERT.single,
        (
            tx.id(organization_id),
            tx.id(job_id),
            draft.queue,
            draft.kind,
            keys.seal_facts(key, plain, organization_id, job_id, JOB),
            draft.unique_key,
            tx.id(draft.contact_point_id) if draft.contact_point_id is not None else None,
            draft.program,
            draft.message_class,
            tx.at(draft.run_at or now),
            tx.at(draft.expires_at) if draft.expires_at is not None else None,
            0,
            draft.max_attempts,
            "waiting",
            tx.at(now),
        ),
    )
    return job_id


def cancel_waiting(
    tx: Tx, organization_id: uuid.UUID, contact_point_id: uuid.UUID, programs: Sequence[str], now: datetime
) -> None:
    """What waited for this contact point under these programs is not sent; replies carry no program and stay."""
    if programs:
        place = {"organization_id": tx.id(organization_id), "contact_point_id": tx.id(contact_point_id)}
        tx.later(_CANCEL, {**place, "now": tx.at(now), "programs": tx.texts_of(programs)})


def take_back(
    tx: Tx, organization_id: uuid.UUID, jobs: Sequence[uuid.UUID], now: datetime, *, for_good: bool = True
) -> None:
    """These jobs alone are not done any more; one that is under way just now says itself how it ended.

    Where it is not for good, a draft of the same unique key may be put in their place later.
    """
    statement = _TAKE_BACK if for_good else _TAKE_BACK_FOR_NOW
    tx.many(statement, [{"organization_id": organization_id, "id": one, "now": now} for one in jobs])


def claim(tx: Tx, organization_id: uuid.UUID, queue: str, me: str, now: datetime, *, most: int = 20) -> list[Claimed]:
    """Up to `most` due jobs in their order, leased to `me`; nobody else gets them before the lease ends."""
    rows = tx.all(
        _CLAIM_DUE,
        {
            "organization_id": organization_id,
            "queue": queue,
            "now": now,
            "most": most,
            "me": me,
            "until": now + LEASE,
        },
    )
    claimed = [
        Claimed(
            organization_id,
            as_id(row[0]),
            queue,
            row[1],
            bytes(row[2]),
            row[3],
            as_id(row[4]) if row[4] is not None else None,
            row[5],
            row[6],
            as_instant(row[7]),
            as_instant(row[8]) if row[8] is not None else None,
            row[9],
            row[10],
            as_instant(row[11]),
            me,
            now + LEASE,
        )
        for row in rows
    ]
    # RETURNING keeps no order, and whoever sent STOP and then HELP reads the answers in that order.
    return sorted(claimed, key=lambda job: (job.run_at, job.id))


def hold(tx: Tx, job: Claimed, now: datetime) -> bool:
    """The lease begins anew; False when somebody else has the job, or it was taken back."""
    parameters = {
        "organization_id": job.organization_id,
        "id": job.id,
        "me": job.locked_by,
        "until": now + LEASE,
    }
    return tx.run(_RENEW, parameters) == 1


def open_payload(key: bytes, job: Claimed) -> dict[str, str]:
    """What the job carries."""
    opened: dict[str, str] = json.loads(keys.open_facts(key, job.payload, job.organization_id, job.id, JOB))
    return opened


def settle(
    tx: Tx,
    job: Claimed,
    outcome: str,
    now: datetime,
    *,
    error: str | None = None,
    provider_tag: bytes | None = None,
) -> bool:
    """The job is over; False when the lease was lost meanwhile, and then nothing was changed."""
    return (
        tx.run(
            _SETTLE,
            {
                "organization_id": job.organization_id,
                "id": job.id,
                "me": job.locked_by,
                "now": now,
                "outcome": outcome,
                "error": error,
                "provider_tag": provider_tag,
                "nothing": b"",
            },
        )
        == 1
    )


def try_again(tx: Tx, job: Claimed, now: datetime, error: str, after: timedelta | None = None) -> bool:
    """The job runs again later, or is dead when its attempts are used up; False when the lease was lost."""
    if job.attempts >= job.max_attempts:
        return settle(tx, job, "dead", now, error=error)
    delay = after or DELAYS[min(job.attempts, len(DELAYS)) - 1]
    parameters = {
        "organization_id": job.organization_id,
        "id": job.id,
        "me": job.locked_by,
        "run_at": now + delay,
        "error": error,
    }
    return tx.run(_AGAIN, parameters) == 1


def postpone(tx: Tx, job: Claimed, until: datetime, why: str = "waits for the hour at which it may go") -> bool:
    """The job waits until then, with as many attempts left as before; False when the lease was lost."""
    parameters = {
        "organization_id": job.organization_id,
        "id": job.id,
        "me": job.locked_by,
        "until": until,
        "why": why,
    }
    return tx.run(_POSTPONE, parameters) == 1


def revive(tx: Tx, organization_id: uuid.UUID, job_id: uuid.UUID, now: datetime) -> bool:
    """A dead job runs once more; False when it is not dead, not there, or nothing is left of what it carried."""
    return tx.run(_REVIVE, {"organization_id": organization_id, "id": job_id, "now": now}) == 1


def is_anothers(tx: Tx, job: Claimed, provider_tag: bytes) -> bool:
    """Whether the gateway's message of this tag is on record as the one of another job."""
    parameters = {
        "organization_id": job.organization_id,
        "id": job.id,
        "oldest": oldest_id(job.created_at - OLDEST_OTHER),
        "provider_tag": provider_tag,
    }
    return tx.one(_OTHERS, parameters) is not None


def message_key(keyring: Keyring, organization_id: uuid.UUID, account_id: uuid.UUID, provider_id: str) -> bytes:
    """The keyed tag of a gateway's message: tells whose it is without keeping the gateway's id readable."""
    return keyring.message_tag(organization_id, str(account_id), provider_id)
