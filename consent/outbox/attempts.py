"""What every queue of messages shares: the round of those that are due, whom each goes to, how it may end."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from consent.db import Database, Tx
from consent.ledger.keys import Keyring
from consent.outbox import service as outbox
from consent.outbox.leave import Leave, Whither
from consent.outbox.service import Claimed
from consent.subjects import service as subjects

# Asked right before each send, by whoever wires the house: the outbox itself knows no preferences.
MayGo = Callable[[Tx, Claimed, Whither, datetime], Leave]
Clock = Callable[[], datetime]
# Why a job that was refused never left: whatever else stands there is a carrier's word.
NOT_ALLOWED, NO_HOUR = "not allowed any more", "nobody knows at what hour it may go"


class Ended(NamedTuple):
    """A job that is over without being sent now."""

    outcome: str
    why: str


class Later(NamedTuple):
    """A job that only time stands against: it is tried again at that instant."""

    at: datetime


class Opened(NamedTuple):
    """A job that could be read: where it goes and what it carries."""

    whither: Whither
    payload: dict[str, str]


def each(
    db: Database, organization_id: uuid.UUID, queue: str, me: str, clock: Clock, one: Callable[[Claimed], None]
) -> int:
    """`one` was called for everything due in this queue; returns how many there were."""
    claimed = db.write(lambda tx: outbox.claim(tx, organization_id, queue, me, clock()), organization_id)
    for job in claimed:
        # The ones before it may have taken long: then somebody else has it by now, or a withdrawal took it back.
        if clock() <= job.locked_until - outbox.LONGEST_TRY or _held(db, job, clock()):
            one(job)
    return len(claimed)


def opened(tx: Tx, keyring: Keyring, job: Claimed, channel: str) -> Opened | None:
    """Where the job goes and what it carries; None where the address has been erased since.

    A job without contact point goes to an address that need not be on record, and its payload names it.
    """
    if job.contact_point_id is None:
        payload = outbox.open_payload(keyring.challenge_key(job.organization_id), job)
        return Opened(Whither(channel, int(payload["tag64"]), payload["to"]), payload)
    contact = subjects.by_id(tx, keyring, job.organization_id, job.contact_point_id)
    if contact is None or contact.address is None or contact.key is None:
        return None
    payload = outbox.open_payload(contact.key, job)
    facts = payload.get("facts", "")
    return Opened(Whither(contact.channel, contact.tag64, contact.address, contact.id, facts), payload)


def against(job: Claimed, leave: Leave, now: datetime) -> Ended | Later | None:
    """What keeps the job from being sent now, if anything does."""
    if is_late(job, now):
        return Ended("expired", "too late to be sent")
    if leave.answer == "wait":
        return _waiting(job, leave.not_before)
    if leave.answer == "no":
        return Ended("refused", NOT_ALLOWED)
    return None


def is_late(job: Claimed, now: datetime) -> bool:
    """Does nobody want it any more?"""
    return job.expires_at is not None and now > job.expires_at


def end(db: Database, job: Claimed, how: Ended | Later, now: datetime) -> None:
    """The job is over, or waits for its hour."""
    if isinstance(how, Later):
        db.write(lambda tx: outbox.postpone(tx, job, how.at), job.organization_id)
    else:
        db.write(lambda tx: outbox.settle(tx, job, how.outcome, now, error=how.why), job.organization_id)


def again(db: Database, job: Claimed, now: datetime, error: str, after: timedelta | None = None) -> None:
    """The job is tried once more after its delay, while attempts are left."""
    db.write(lambda tx: outbox.try_again(tx, job, now, error, after), job.organization_id)


def _held(db: Database, job: Claimed, now: datetime) -> bool:
    return db.write(lambda tx: outbox.hold(tx, job, now), job.organization_id)


def _waiting(job: Claimed, opens: datetime | None) -> Ended | Later:
    """The message is held for its hour, unless no hour is known or it would be too late by then."""
    if opens is None:
        return Ended("refused", NO_HOUR)
    if job.expires_at is not None and opens > job.expires_at:
        return Ended("expired", "too late by the hour at which it may go")
    return Later(opens)
