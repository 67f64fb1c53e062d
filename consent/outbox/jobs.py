"""Send the texts that wait: claim, ask once more whether each may go, call the gateway outside any transaction."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from consent.db import Database, Tx
from consent.gateways.sms.base import (
    DeliveryReport,
    Gateway,
    HttpSession,
    OutboundMessage,
    SendFailed,
    SendResult,
)
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.outbox import attempts, sent
from consent.outbox import service as outbox
from consent.outbox.attempts import Clock, Ended, Later, MayGo, Opened
from consent.outbox.leave import Leave
from consent.outbox.service import Claimed
from consent.web.logs import log

# Told first when a text is refused because the person has opted out at the gateway; telling it twice is harmless.
OptedOut = Callable[[uuid.UUID, DeliveryReport, datetime], None]

CLOCKS_DIFFER = timedelta(minutes=2)  # by how much the gateway's clock may be behind ours
LIST_IS_TRUE_AFTER = timedelta(seconds=30)  # until a gateway's list surely shows what it has just taken


@dataclass(frozen=True, slots=True)
class Carrier:
    """What a worker needs to send: the database, the keys, the way out, and whom to ask."""

    db: Database
    keyring: Keyring
    http: HttpSession
    may_go: MayGo
    opted_out: OptedOut
    load_gateway: Callable[[str, Mapping[str, Any]], Gateway]
    me: str


def deliver(carrier: Carrier, organization_id: uuid.UUID, clock: Clock) -> int:
    """Every text due for this organization was tried once; returns how many there were."""
    return attempts.each(
        carrier.db, organization_id, outbox.SMS, carrier.me, clock, lambda job: _deliver_one(carrier, job, clock)
    )


def _deliver_one(carrier: Carrier, job: Claimed, clock: Clock) -> None:
    organization_id = job.organization_id
    with carrier.db.read(organization_id) as tx:
        opened = attempts.opened(tx, carrier.keyring, job, outbox.SMS)
        leave = carrier.may_go(tx, job, opened.whither, clock()) if opened is not None else None
        accounts = organizations.accounts(tx, carrier.keyring, organization_id)
    if opened is None or leave is None:
        attempts.end(carrier.db, job, Ended("refused", "not allowed any more"), clock())
        return
    payload = opened.payload
    account = next((one for one in accounts if str(one.id) == payload["account"]), None)
    if account is None or account.closed_at is not None:
        attempts.end(carrier.db, job, Ended("dead", "the gateway account is closed"), clock())
        return
    message = OutboundMessage(payload["from"], payload["to"], payload["text"], client_ref=str(job.id))
    try:
        gateway = carrier.load_gateway(account.gateway, account.settings)
        result = _try(carrier, job, gateway, message, account.id, leave, clock)
    except SendFailed as error:
        _failed(carrier, job, error, clock())
    except Exception as error:  # a broken adapter must not stop the others
        log.error("send_failed", job=str(job.id), error=type(error).__name__)
        attempts.again(carrier.db, job, clock(), type(error).__name__)
    else:
        if isinstance(result, Ended | Later):
            attempts.end(carrier.db, job, result, clock())
            return
        if result.recipient_opted_out or result.recipient_problem is not None:
            carrier.opted_out(organization_id, _as_report(account.gateway, message, result), clock())
        _sent(carrier, job, opened, account.id, result, clock())


def _try(
    carrier: Carrier,
    job: Claimed,
    gateway: Gateway,
    message: OutboundMessage,
    account_id: uuid.UUID,
    leave: Leave,
    clock: Clock,
) -> SendResult | Ended | Later:
    """The gateway's word on this message, asked for first if an earlier attempt may have sent it and died."""
    if job.attempts > 1:
        try:
            found = _found(carrier, job, gateway, message, account_id)
        except SendFailed as error:
            if not error.retryable:
                return Ended("dead", f"{error.code}: may have been sent")
            if attempts.is_late(job, clock()):
                return Ended("expired", "too late to be sent again; may have been sent")
            raise
        if found is not None:
            return found
    return attempts.against(job, leave, clock()) or gateway.send(message, carrier.http)


def _found(
    carrier: Carrier, job: Claimed, gateway: Gateway, message: OutboundMessage, account_id: uuid.UUID
) -> SendResult | None:
    taken = list(gateway.find_sent(message, job.created_at - CLOCKS_DIFFER, carrier.http))
    with carrier.db.read(job.organization_id) as tx:
        for result in taken:
            tag = _tag(carrier, job, account_id, result)
            # Two answers to HELP read the same: each message is counted for one job alone.
            if tag is None or not outbox.is_anothers(tx, job, tag):
                return result
    return None


def _tag(carrier: Carrier, job: Claimed, account_id: uuid.UUID, result: SendResult) -> bytes | None:
    if result.provider_id is None:
        return None
    return outbox.message_key(carrier.keyring, job.organization_id, account_id, result.provider_id)


def _as_report(gateway: str, message: OutboundMessage, result: SendResult) -> DeliveryReport:
    """The refusal as the delivery report that says the same."""
    return DeliveryReport(
        gateway,
        result.provider_id or "",
        "",
        result.status,
        message.sender,
        message.recipient,
        error_code=result.code,
        recipient_opted_out=result.recipient_opted_out,
        recipient_problem=result.recipient_problem,
    )


def _sent(
    carrier: Carrier, job: Claimed, opened: Opened, account_id: uuid.UUID, result: SendResult, now: datetime
) -> None:
    """The gateway's word is on record: in the outbox and, with the text, in the ledger."""
    accepted = result.status == "accepted"
    tag = _tag(carrier, job, account_id, result)
    word = sent.Word(accepted, tag, result.provider_id, result.code, opened.payload["text"])

    def work(tx: Tx) -> None:
        sent.record(tx, carrier.keyring, job, opened, word, now)

    carrier.db.write(work, job.organization_id)
    if accepted:
        sent.count_if_withdrawn(carrier.db, carrier.may_go, job, opened, now)


def _failed(carrier: Carrier, job: Claimed, error: SendFailed, now: datetime) -> None:
    if error.maybe_sent:
        # One confirmation per STOP is a promise: the next attempt asks the gateway before it sends.
        attempts.again(carrier.db, job, now, f"{error.code}: may have been sent", LIST_IS_TRUE_AFTER)
    elif error.retryable:
        after = timedelta(seconds=error.retry_after) if error.retry_after is not None else None
        attempts.again(carrier.db, job, now, error.code, after)
    else:
        attempts.end(carrier.db, job, Ended("dead", error.code), now)
