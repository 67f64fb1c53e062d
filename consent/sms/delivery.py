"""What gateways say became of our texts: kept once, and an opt-out known to the gateway becomes one here."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from consent.db import Database, Sql, Tx
from consent.gateways.sms.base import DeliveryReport
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.numbers import service as numbers
from consent.outbox import service as outbox
from consent.policies.governing import Governing
from consent.policies.rulebook import Rulebook
from consent.preferences import service as preferences
from consent.sms.arrivals import SMS, Account, sender_id
from consent.subjects import service as subjects
from consent.subjects.addresses import as_received

_INSERT = Sql(
    "INSERT INTO delivery_status (organization_id, account_id, message_tag, status, error_code, reported_at)"
    " VALUES (:organization_id, :account_id, :message_tag, :status, :error_code, :now) ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class Tagged:
    """A report's keyed tags, computed before any transaction."""

    message_tag: bytes
    recipient: subjects.Tagged


def prepare(keyring: Keyring, account: Account, report: DeliveryReport) -> Tagged:
    """The tags by which the message and its recipient are found."""
    organization_id = account.organization_id
    return Tagged(
        keyring.message_tag(organization_id, str(account.id), report.message_id),
        subjects.tagged(keyring, organization_id, as_received(SMS, report.recipient)),
    )


def record(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    rulebook: Rulebook,
    account: Account,
    report: DeliveryReport,
    tagged: Tagged,
    now: datetime,
    payload: str | None = None,
) -> bool:
    """The report is kept; False for a repeat. `recipient_opted_out` silences the number like a STOP.

    `payload` is what the gateway's call said of it: kept with what is learnt of the number, not with each report.
    """
    organization_id = account.organization_id
    is_new = tx.run(
        _INSERT,
        {
            "organization_id": organization_id,
            "account_id": account.id,
            "message_tag": tagged.message_tag,
            "status": report.status[:32],
            "error_code": (report.error_code or "")[:16],
            "now": now,
        },
    )
    if not is_new:
        return False
    learn(tx, keyring, log, rulebook, report, tagged.recipient, now, payload)
    return True


def refused(
    db: Database,
    keyring: Keyring,
    governing: Governing,
    organization_id: uuid.UUID,
    report: DeliveryReport,
    now: datetime,
) -> None:
    """The gateway would not take a text because of whom it goes to: what it says of the number is kept here too."""
    in_force = governing.now(organization_id, now)
    recipient = subjects.tagged(keyring, organization_id, as_received(SMS, report.recipient))
    db.write(lambda tx: learn(tx, keyring, in_force.log, in_force.rulebook, report, recipient, now), organization_id)


def learn(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    rulebook: Rulebook,
    report: DeliveryReport,
    recipient: subjects.Tagged,
    now: datetime,
    payload: str | None = None,
) -> None:
    """What the report says of the number holds: it has opted out, or no text ever arrives there."""
    if report.recipient_opted_out:
        silence(tx, keyring, log, rulebook, report, recipient, now, payload)
    kind = numbers.OF_GATEWAY.get(report.recipient_problem or "")
    if kind is not None:
        extra: dict[str, object] = {"gateway": report.gateway, "code": report.error_code or ""}
        # As above, no time of the carrier's: a consent that came after the text was sent is not known to arrive either.
        told = numbers.Told(kind, (recipient,), None, "gateway", reference=report.message_id or None, extra=extra)
        numbers.report(tx, keyring, log, rulebook, told, "webhook", now)


def silence(
    tx: Tx,
    keyring: Keyring,
    log: ledger.Log,
    rulebook: Rulebook,
    report: DeliveryReport,
    recipient: subjects.Tagged,
    now: datetime,
    payload: str | None = None,
) -> None:
    """The gateway blocks this number, so the person said STOP where we did not hear it (T-13)."""
    organization_id = log.organization_id
    sender = sender_id(rulebook, report.sender)
    contact = subjects.contact(tx, keyring, organization_id, recipient, now)
    before = preferences.read(tx, organization_id, SMS, contact.tag64)
    event = ledger.Event(
        "suppression.set",
        "webhook",
        SMS,
        rulebook.stop_scope(sender),
        {
            "reason": "gateway-opt-out",
            "scope": "channel",
            "gateway": report.gateway,
            "code": report.error_code or "",
            "sender": sender,
            **rulebook.policy_version.cited(),
        },
        # The time of a report is the carrier's, to the minute and without a zone: it must not put the block before
        # a consent that is older than the block.
        None,
        {"address": recipient.address.value, "provider_msg_id": report.message_id or None},
        payload=payload,
    )
    entry = ledger.append(tx, log, contact.stream, event, now)
    preferences.record(tx, organization_id, SMS, contact.tag64, before, entry, "webhook")
    outbox.cancel_waiting(tx, organization_id, contact.id, event.purposes, now)
