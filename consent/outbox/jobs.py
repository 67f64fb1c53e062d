"""Send what waits: claim, ask once more whether it may go, call the gateway outside any transaction, settle."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from consent.db import Database, Tx
from consent.gateways.sms.base import (
    DeliveryReport,
    Gateway,
    HttpSession,
    OutboundMessage,
    SendFailed,
    SendResult,
)
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.outbox import message_log
from consent.outbox import service as outbox
from consent.outbox.leave import NO, Leave
from consent.outbox.service import Claimed
from consent.subjects import service as subjects
from consent.web import metrics
from consent.web.logs import log

# Asked right before each send, by whoever wires the house: the outbox itself knows no preferences.
MayGo = Callable[[Tx, Claimed, str, datetime], Leave]
# Told first when a text is refused because the person has opted out at the gateway; telling it twice is harmless.
OptedOut = Callable[[uuid.UUID, DeliveryReport, datetime], None]

CLOCKS_DIFFER = timedelta(minutes=2)  # by how much the gateway's clock may be behind ours
LIST_IS_TRUE_AFTER = timedelta(seconds=30)  # until a gateway's list surely shows what it has just taken


class Ended(NamedTuple):
    """A job that is over without being sent now."""

    outcome: str
    why: str


class Later(NamedTuple):
    """A job that only time stands against: it is tried again at that instant."""

    at: datetime


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


def deliver(carrier: Carrier, organization_id: uuid.UUID, clock: Callable[[], datetime]) -> int:
    """Everything due for this organization was tried once; returns how many there were."""
    claimed = carrier.db.write(
        lambda tx: outbox.claim(tx, organization_id, outbox.SMS, carrier.me, clock()), organization_id
    )
    for job in claimed:
        _deliver_one(carrier, job, clock)
    return len(claimed)


def _deliver_one(carrier: Carrier, job: Claimed, clock: Callable[[], datetime]) -> None:
    organization_id = job.organization_id
    if clock() > job.locked_until - outbox.LONGEST_TRY and not _held(carrier, job, clock()):
        return  # the ones before it took long: somebody else has it by now, or a withdrawal took it back
    with carrier.db.read(organization_id) as tx:
        contact = (
            subjects.by_id(tx, carrier.keyring, organization_id, job.contact_point_id)
            if job.contact_point_id is not None
            else None
        )
        reachable = contact is not None and contact.address is not None
        leave = carrier.may_go(tx, job, str(contact.address), clock()) if contact is not None and reachable else NO
        accounts = organizations.accounts(tx, carrier.keyring, organization_id)
    if contact is None or contact.key is None:
        _settle(carrier, job, "refused", clock(), error="not allowed any more")
        return
    payload = outbox.open_payload(contact.key, job)
    account = next((one for one in accounts if str(one.id) == payload["account"]), None)
    if account is None or account.closed_at is not None:
        _settle(carrier, job, "dead", clock(), error="the gateway account is closed")
        return
    message = OutboundMessage(payload["from"], payload["to"], payload["text"], client_ref=str(job.id))
    try:
        gateway = carrier.load_gateway(account.gateway, account.settings)
        result = _try(carrier, job, gateway, message, account.id, leave, clock)
    except SendFailed as error:
        _failed(carrier, job, error, clock())
    except Exception as error:  # a broken adapter must not stop the others
        log.error("send_failed", job=str(job.id), error=type(error).__name__)
        _again(carrier, job, clock(), type(error).__name__, None)
    else:
        if isinstance(result, Ended):
            _settle(carrier, job, result.outcome, clock(), error=result.why)
            return
        if isinstance(result, Later):
            _postpone(carrier, job, result.at)
            return
        if result.recipient_opted_out or result.recipient_problem is not None:
            carrier.opted_out(organization_id, _as_report(account.gateway, message, result), clock())
        _sent(carrier, job, contact, account.id, payload, result, clock())


def _try(
    carrier: Carrier,
    job: Claimed,
    gateway: Gateway,
    message: OutboundMessage,
    account_id: uuid.UUID,
    leave: Leave,
    clock: Callable[[], datetime],
) -> SendResult | Ended | Later:
    """The gateway's word on this message, asked for first if an earlier attempt may have sent it and died."""
    if job.attempts > 1:
        try:
            found = _found(carrier, job, gateway, message, account_id)
        except SendFailed as error:
            if not error.retryable:
                return Ended("dead", f"{error.code}: may have been sent")
            if _is_late(job, clock()):
                return Ended("expired", "too late to be sent again; may have been sent")
            raise
        if found is not None:
            return found
    if _is_late(job, clock()):
        return Ended("expired", "too late to be sent")
    if leave.answer == "wait":
        return _waiting(job, leave.not_before)
    if leave.answer == "no":
        return Ended("refused", "not allowed any more")
    return gateway.send(message, carrier.http)


def _waiting(job: Claimed, opens: datetime | None) -> Ended | Later:
    """The message is held for its hour, unless no hour is known or it would be too late by then."""
    if opens is None:
        return Ended("refused", "nobody knows at what hour it may go")
    if job.expires_at is not None and opens > job.expires_at:
        return Ended("expired", "too late by the hour at which it may go")
    return Later(opens)


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


def _is_late(job: Claimed, now: datetime) -> bool:
    return job.expires_at is not None and now > job.expires_at


def _sent(
    carrier: Carrier,
    job: Claimed,
    contact: subjects.KnownContact,
    account_id: uuid.UUID,
    payload: dict[str, str],
    result: SendResult,
    now: datetime,
) -> None:
    """The gateway's word is on record: in the outbox and, with the text, in the ledger."""
    organization_id = job.organization_id
    tag = _tag(carrier, job, account_id, result)
    accepted = result.status == "accepted"

    def work(tx: Tx) -> None:
        outcome = "sent" if accepted else "refused"
        if not outbox.settle(tx, job, outcome, now, error=result.code, provider_tag=tag):
            return  # the lease was lost: whoever holds it now settles it
        if accepted:
            message_log.record(tx, organization_id, _as_sent(carrier, job, contact, payload, result, now))
        open_log = ledger.log_of(tx, organization_id)
        if open_log is None or job.contact_point_id is None:
            return
        stream = ledger.stream(tx, carrier.keyring, organization_id, job.contact_point_id)
        data: dict[str, object] = {"kind": job.kind, "outcome": outcome, "job": str(job.id)}
        if "answers" in payload:
            data["answers"] = payload["answers"]
        if result.code:
            data["code"] = result.code
        event = ledger.Event(
            "message.sent" if accepted else "message.refused",
            "system",
            "sms",
            (job.program,) if job.program else (),
            data,
            None,
            {"address": payload["to"], "provider_msg_id": result.provider_id},
            payload["text"],
        )
        ledger.append(tx, open_log, stream, event, now)

    carrier.db.write(work, organization_id)
    if accepted:
        _count_if_withdrawn(carrier, job, payload["to"], now)


def _as_sent(
    carrier: Carrier,
    job: Claimed,
    contact: subjects.KnownContact,
    payload: dict[str, str],
    result: SendResult,
    now: datetime,
) -> message_log.Sent:
    tag = (
        message_log.provider_tag(carrier.keyring, job.organization_id, result.provider_id)
        if result.provider_id is not None
        else None
    )
    return message_log.Sent(
        job.id,
        contact.channel,
        contact.tag64,
        now,
        job.program,
        job.message_class,
        payload.get("sender", ""),
        provider_tag=tag,
    )


def _count_if_withdrawn(carrier: Carrier, job: Claimed, address: str, now: datetime) -> None:
    """A text that left while a withdrawal was being committed is counted: the operator must see that figure at 0."""
    with carrier.db.read(job.organization_id) as tx:
        if carrier.may_go(tx, job, address, now).answer == "no":
            metrics.SENT_AFTER_REVOCATION.inc()
            log.error("sent_after_revocation", job=str(job.id))


def _failed(carrier: Carrier, job: Claimed, error: SendFailed, now: datetime) -> None:
    if error.maybe_sent:
        # One confirmation per STOP is a promise: the next attempt asks the gateway before it sends.
        _again(carrier, job, now, f"{error.code}: may have been sent", LIST_IS_TRUE_AFTER)
    elif error.retryable:
        after = timedelta(seconds=error.retry_after) if error.retry_after is not None else None
        _again(carrier, job, now, error.code, after)
    else:
        _settle(carrier, job, "dead", now, error=error.code)


def _held(carrier: Carrier, job: Claimed, now: datetime) -> bool:
    return carrier.db.write(lambda tx: outbox.hold(tx, job, now), job.organization_id)


def _settle(carrier: Carrier, job: Claimed, outcome: str, now: datetime, *, error: str) -> None:
    carrier.db.write(lambda tx: outbox.settle(tx, job, outcome, now, error=error), job.organization_id)


def _again(carrier: Carrier, job: Claimed, now: datetime, error: str, after: timedelta | None) -> None:
    carrier.db.write(lambda tx: outbox.try_again(tx, job, now, error, after), job.organization_id)


def _postpone(carrier: Carrier, job: Claimed, until: datetime) -> None:
    carrier.db.write(lambda tx: outbox.postpone(tx, job, until), job.organization_id)
