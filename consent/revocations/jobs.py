"""Ask gateways to block a number that said no; where one takes no blocks, our own gate answers for it."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consent.db import Database, Tx
from consent.gateways.sms.base import Gateway, HttpSession, SendFailed
from consent.ledger import service as ledger
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.outbox import service as outbox
from consent.outbox.service import Claimed
from consent.revocations import service
from consent.subjects import service as subjects
from consent.web.logs import log


@dataclass(frozen=True, slots=True)
class Blocker:
    """What a worker needs to ask gateways for blocks."""

    db: Database
    keyring: Keyring
    http: HttpSession
    load_gateway: Callable[[str, Mapping[str, Any]], Gateway]
    me: str


def ask(blocker: Blocker, organization_id: uuid.UUID, clock: Callable[[], datetime]) -> int:
    """Every block that is due was asked for once; returns how many there were."""
    claimed = blocker.db.write(
        lambda tx: outbox.claim(tx, organization_id, service.BLOCKS, blocker.me, clock()), organization_id
    )
    for job in claimed:
        try:
            how, payload = _block(blocker, job)
        except SendFailed as error:
            _again(blocker, job, clock(), error.code)
        except Exception as error:  # one gateway's fault must not keep the others from being asked
            log.error("block_failed", job=str(job.id), error=type(error).__name__)
            _again(blocker, job, clock(), type(error).__name__)
        else:
            _settle(blocker, job, how, payload, clock())
    return len(claimed)


def _block(blocker: Blocker, job: Claimed) -> tuple[str, dict[str, str]]:
    """Who answers for this sender now: the gateway that took the block, or our gate."""
    organization_id = job.organization_id
    with blocker.db.read(organization_id) as tx:
        contact = subjects.by_id(tx, blocker.keyring, organization_id, job.contact_point_id or organization_id)
        accounts = organizations.accounts(tx, blocker.keyring, organization_id)
    if contact is None or contact.key is None:
        return "our-gate", {}  # the person was erased meanwhile: nobody can reach them through us
    payload = outbox.open_payload(contact.key, job)
    account = next((one for one in accounts if f"gateway:{one.id}" == payload["sender"]), None)
    if account is None or account.closed_at is not None:
        return "our-gate", payload
    gateway = blocker.load_gateway(account.gateway, account.settings)
    if not gateway.blocks:
        return "our-gate", payload
    for sender in account.numbers:
        gateway.block(payload["number"], sender, blocker.http)
    return "gateway", payload


def _settle(blocker: Blocker, job: Claimed, how: str, payload: dict[str, str], now: datetime) -> None:
    def work(tx: Tx) -> None:
        if not outbox.settle(tx, job, "done", now) or not payload:
            return
        open_log = ledger.log_of(tx, job.organization_id)
        if open_log is not None:
            revocation = uuid.UUID(payload["revocation"])
            service.confirm(tx, blocker.keyring, open_log, revocation, payload["sender"], how, "system", now)

    blocker.db.write(work, job.organization_id)


def _again(blocker: Blocker, job: Claimed, now: datetime, error: str) -> None:
    blocker.db.write(lambda tx: outbox.try_again(tx, job, now, error), job.organization_id)
