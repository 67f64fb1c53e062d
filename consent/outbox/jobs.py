"""Send what waits: claim, ask once more whether it may go, call the gateway outside any transaction, settle."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from consent.db import Database, Tx
from consent.gateways.sms.base import Gateway, HttpSession, OutboundMessage, SendFailed, SendResult
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.outbox import service as outbox
from consent.outbox.service import Claimed
from consent.subjects import service as subjects

log = structlog.get_logger("outbox")

# Asked right before each send, by whoever wires the house: the outbox itself knows no preferences.
MayGo = Callable[[Tx, Claimed], bool]


@dataclass(frozen=True, slots=True)
class Carrier:
    """What a worker needs to send: the database, the keys, the way out, and whom to ask."""

    db: Database
    keyring: Keyring
    http: HttpSession
    may_go: MayGo
    sending_gateway: Callable[[str, Mapping[str, Any]], Gateway]
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
    if job.expires_at is not None and clock() > job.expires_at:
        _settle(carrier, job, "expired", clock(), error="too late to be sent")
        return
    with carrier.db.read(organization_id) as tx:
        contact = (
            subjects.by_id(tx, carrier.keyring, organization_id, job.contact_point_id)
            if job.contact_point_id is not None
            else None
        )
        allowed = contact is not None and contact.key is not None and carrier.may_go(tx, job)
        accounts = organizations.accounts(tx, carrier.keyring, organization_id)
    if contact is None or contact.key is None or not allowed:
        _settle(carrier, job, "refused", clock(), error="not allowed any more")
        return
    payload = outbox.open_payload(contact.key, job)
    account = next((one for one in accounts if str(one["id"]) == payload["account"]), None)
    if account is None or account["closed_at"] is not None:
        _settle(carrier, job, "dead", clock(), error="the gateway account is closed")
        return
    message = OutboundMessage(payload["from"], payload["to"], payload["text"], client_ref=str(job.id))
    try:
        gateway = carrier.sending_gateway(account["sending"], account["settings"])
        result = gateway.send(message, carrier.http)
    except SendFailed as error:
        _failed(carrier, job, error, clock())
        return
    except Exception as error:  # a broken adapter must not stop the others
        log.error("send_failed", job=str(job.id), error=type(error).__name__)
        _again(carrier, job, clock(), type(error).__name__, None)
        return
    _sent(carrier, job, account["id"], payload, result, clock())


def _sent(
    carrier: Carrier,
    job: Claimed,
    account_id: uuid.UUID,
    payload: dict[str, str],
    result: SendResult,
    now: datetime,
) -> None:
    """The gateway's word is on record: in the outbox and, with the text, in the ledger."""
    organization_id = job.organization_id
    tag = None
    if result.provider_id is not None:
        tag = outbox.message_key(carrier.keyring, organization_id, account_id, result.provider_id)
    accepted = result.status == "accepted"

    def work(tx: Tx) -> None:
        outcome = "sent" if accepted else "refused"
        if not outbox.settle(tx, job, outcome, now, error=result.code, provider_tag=tag):
            return  # the lease was lost: whoever holds it now settles it
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


def _failed(carrier: Carrier, job: Claimed, error: SendFailed, now: datetime) -> None:
    if error.maybe_sent:
        # A second try could text twice; one confirmation per STOP is a promise, so a person looks at it.
        _settle(carrier, job, "dead", now, error=f"{error.code}: may have been sent")
    elif error.retryable:
        after = timedelta(seconds=error.retry_after) if error.retry_after is not None else None
        _again(carrier, job, now, error.code, after)
    else:
        _settle(carrier, job, "dead", now, error=error.code)


def _settle(carrier: Carrier, job: Claimed, outcome: str, now: datetime, *, error: str) -> None:
    carrier.db.write(lambda tx: outbox.settle(tx, job, outcome, now, error=error), job.organization_id)


def _again(carrier: Carrier, job: Claimed, now: datetime, error: str, after: timedelta | None) -> None:
    carrier.db.write(lambda tx: outbox.try_again(tx, job, now, error, after), job.organization_id)
