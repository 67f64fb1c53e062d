"""What left is on record: the job settled, the log of messages, and the event in the ledger of whom it went to."""

from dataclasses import dataclass, field
from datetime import datetime

from consent.db import Database, Tx
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.outbox import message_log
from consent.outbox import service as outbox
from consent.outbox.attempts import MayGo, Opened
from consent.outbox.service import Claimed
from consent.web import metrics
from consent.web.logs import log


@dataclass(frozen=True, slots=True)
class Word:
    """What the carrier said of a message; `tag` finds it again, `text` is what of it is kept as proof."""

    accepted: bool
    tag: bytes | None
    provider_id: str | None = field(repr=False)
    code: str | None = None
    text: str | None = field(default=None, repr=False)


def record(tx: Tx, keyring: Keyring, job: Claimed, opened: Opened, word: Word, now: datetime) -> bool:
    """The carrier's word is on record; False when the lease was lost: whoever holds the job now settles it."""
    outcome = "sent" if word.accepted else "refused"
    if not outbox.settle(tx, job, outcome, now, error=word.code, provider_tag=word.tag):
        return False
    if word.accepted:
        message_log.record(tx, job.organization_id, _as_sent(keyring, job, opened, word, now))
    open_log = ledger.log_of(tx, job.organization_id)
    if open_log is None or job.contact_point_id is None:
        return True
    data: dict[str, object] = {"kind": job.kind, "outcome": outcome, "job": str(job.id)}
    if "answers" in opened.payload:
        data["answers"] = opened.payload["answers"]
    if word.code:
        data["code"] = word.code
    event = ledger.Event(
        "message.sent" if word.accepted else "message.refused",
        "system",
        opened.whither.channel,
        (job.program,) if job.program else (),
        data,
        None,
        {"address": opened.payload["to"], "provider_msg_id": word.provider_id},
        word.text,
    )
    stream = ledger.stream(tx, keyring, job.organization_id, job.contact_point_id)
    ledger.append(tx, open_log, stream, event, now)
    return True


def count_if_withdrawn(db: Database, may_go: MayGo, job: Claimed, opened: Opened, now: datetime) -> None:
    """A message that left while a withdrawal was being committed is counted: the operator must see that figure at 0."""
    with db.read(job.organization_id) as tx:
        if may_go(tx, job, opened.whither, now).answer == "no":
            metrics.SENT_AFTER_REVOCATION.inc()
            log.error("sent_after_revocation", job=str(job.id))


def _as_sent(keyring: Keyring, job: Claimed, opened: Opened, word: Word, now: datetime) -> message_log.Sent:
    tag = (
        message_log.provider_tag(keyring, job.organization_id, word.provider_id)
        if word.provider_id is not None
        else None
    )
    return message_log.Sent(
        job.id,
        opened.whither.channel,
        opened.whither.tag64,
        now,
        job.program,
        job.message_class,
        opened.payload.get("sender", ""),
        provider_tag=tag,
    )
