"""Send the mails that wait: claim, ask once more whether each may go, hand it over outside any transaction."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from consent.db import Database, Tx
from consent.errors import SetupProblem
from consent.gateways.email.base import Mailer, NotSent
from consent.gateways.email.composing import compose
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.outbox import attempts, queries, sent, tokens
from consent.outbox import service as outbox
from consent.outbox.attempts import Clock, Ended, MayGo, Opened
from consent.outbox.mail import mail_of
from consent.outbox.service import Claimed
from consent.web.logs import log

# Told first when a server says that nothing ever arrives at the address of this contact point; `why` is its number.
Bounced = Callable[[Claimed, uuid.UUID, str, datetime], None]
Load = Callable[[str, Mapping[str, Any]], Mailer]

# Nothing leaves by an account that is at fault: its mails wait without using up their attempts.
UNTIL_MENDED = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Postman:
    """What a worker needs to send mail. `instead` is used where the organization has no account, in development."""

    db: Database
    keyring: Keyring
    may_go: MayGo
    bounced: Bounced
    load: Load
    instead: Callable[[uuid.UUID], Mailer | None]
    me: str


def deliver(postman: Postman, organization_id: uuid.UUID, clock: Clock) -> int:
    """Every mail due for this organization was tried once; none where no account is, and then they wait."""
    with postman.db.read(organization_id, single=True) as tx:
        if not queries.anything_due(tx, organization_id, outbox.EMAIL, clock()):
            return 0
    mailer = _mailer(postman, organization_id)
    if mailer is None:
        return 0
    return attempts.each(
        postman.db,
        organization_id,
        outbox.EMAIL,
        postman.me,
        clock,
        lambda job: _deliver_one(postman, mailer, job, clock),
    )


def _mailer(postman: Postman, organization_id: uuid.UUID) -> Mailer | None:
    """The way by which this organization's mails leave, if there is one that works."""
    with postman.db.read(organization_id) as tx:
        accounts = organizations.mail_accounts(tx, postman.keyring, organization_id)
    usable = [one for one in accounts if one.closed_at is None]
    if not usable:
        return postman.instead(organization_id)
    try:
        return postman.load(usable[-1].gateway, usable[-1].settings)
    except SetupProblem as problem:
        log.error("mail_account_unusable", organization=str(organization_id), setting=problem.field)
        return None


def _deliver_one(postman: Postman, mailer: Mailer, job: Claimed, clock: Clock) -> None:
    with postman.db.read(job.organization_id) as tx:
        opened = attempts.opened(tx, postman.keyring, job, outbox.EMAIL)
        leave = postman.may_go(tx, job, opened.whither, clock()) if opened is not None else None
    if opened is None or leave is None:
        attempts.end(postman.db, job, Ended("refused", attempts.NOT_ALLOWED), clock())
        return
    stands_against = attempts.against(job, leave, clock())
    if stands_against is not None:
        attempts.end(postman.db, job, stands_against, clock())
        return
    try:
        message_id = _hand_over(postman, mailer, job, opened, clock())
    except NotSent as error:
        _failed(postman, job, opened, error, clock())
    except Exception as error:  # one mail that cannot be composed must not stop the others
        log.error("mail_failed", job=str(job.id), error=type(error).__name__)
        attempts.again(postman.db, job, clock(), type(error).__name__)
    else:
        _on_record(postman, job, opened, sent.Word(True, None, message_id, None, _proof(job, opened)), clock())
        if job.program is not None:
            sent.count_if_withdrawn(postman.db, postman.may_go, job, opened, clock())


def _hand_over(postman: Postman, mailer: Mailer, job: Claimed, opened: Opened, now: datetime) -> str:
    """The mail is the server's by now; its Message-ID comes back, the same at every attempt."""
    token, back = (
        tokens.make(postman.keyring, job.organization_id, job.id, place) for place in (tokens.MESSAGE_ID, tokens.BACK)
    )
    parcel = compose(mail_of(opened.payload), mailer.sender, opened.payload["to"], token, now, back=back)
    mailer.send(parcel)
    return parcel.message_id


def _failed(postman: Postman, job: Claimed, opened: Opened, error: NotSent, now: datetime) -> None:
    if error.account:
        log.error("mail_account_failed", organization=str(job.organization_id), why=error.code)
        _wait(postman, job, now, error.code)
    elif error.retryable:
        attempts.again(postman.db, job, now, error.code)
    elif error.bounced:
        if job.contact_point_id is not None:
            postman.bounced(job, job.contact_point_id, error.code, now)
        _on_record(postman, job, opened, sent.Word(False, None, None, error.code), now)
    else:
        attempts.end(postman.db, job, Ended("dead", error.code), now)


def _on_record(postman: Postman, job: Claimed, opened: Opened, word: sent.Word, now: datetime) -> None:
    def work(tx: Tx) -> None:
        sent.record(tx, postman.keyring, job, opened, word, now)

    postman.db.write(work, job.organization_id)


def _wait(postman: Postman, job: Claimed, now: datetime, why: str) -> None:
    until = now + UNTIL_MENDED
    postman.db.write(lambda tx: outbox.postpone(tx, job, until, why), job.organization_id)


def _proof(job: Claimed, opened: Opened) -> str | None:
    """What is kept of a mail: the wording of one that the company had a reason of its own for, of an answer nothing."""
    return f"{opened.payload['subject']}\n\n{opened.payload['text']}" if job.program is not None else None
