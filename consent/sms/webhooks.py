"""The gateways' door: one address per gateway account. Prove, record, commit, answer; in this order."""

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Request, Response, request
from prometheus_client import Counter

from consent import clock
from consent.db import Database
from consent.errors import Malformed, TooLarge
from consent.gateways.sms.base import (
    BasicUnauthenticated,
    DeliveryReport,
    Gateway,
    HttpRequest,
    InboundMessage,
    SendFailed,
    Subscription,
    Unauthenticated,
)
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.policies.governing import Governing
from consent.sms import delivery, service
from consent.web import metrics
from consent.web.bodies import Plain, read_bytes
from consent.web.logs import log, security_event

LARGEST_WEBHOOK = 256 * 1024
FRESH_FOR = 2.0  # seconds an account is remembered: a new secret or a closed account counts by then
LONGEST_ENDPOINT = 64

LoadGateway = Callable[[str, Mapping[str, Any]], Gateway]


@dataclass(frozen=True, slots=True)
class _Door:
    """A gateway account ready to be called."""

    account: service.Account
    gateway: Gateway
    numbers: Mapping[str, str]  # number -> who answers a STOP, "self" or "gateway"
    accepted: Counter


class Doors:
    """The accounts that were called lately."""

    def __init__(self, db: Database, keyring: Keyring, load: LoadGateway) -> None:
        self._db, self._keyring, self._load = db, keyring, load
        self._known: dict[str, tuple[float, _Door]] = {}

    def find(self, endpoint: str) -> _Door | None:
        """The account behind an address, or None."""
        known = self._known.get(endpoint)
        if known is not None and time.monotonic() - known[0] < FRESH_FOR:
            return known[1]
        if len(endpoint) > LONGEST_ENDPOINT:
            return None
        with self._db.read() as tx:
            found = organizations.account_at_door(tx, self._keyring, endpoint)
        if found is None:
            self._known.pop(endpoint, None)
            return None
        gateway = self._load(found.gateway, found.settings)
        account = service.Account(found.organization_id, found.id, found.gateway, found.can_send, stop_reply_by_us=True)
        door = _Door(account, gateway, found.numbers, metrics.WEBHOOKS.labels(gateway.name, "accepted"))
        self._known[endpoint] = (time.monotonic(), door)
        return door


def blueprint(db: Database, keyring: Keyring, governing: Governing, load: LoadGateway, public_url: str) -> Blueprint:
    """/webhooks/sms/<endpoint>, for every gateway."""
    doors = Doors(db, keyring, load)
    views = Blueprint("sms_webhooks", __name__)

    @views.route("/webhooks/sms/<endpoint>", methods=["GET", "POST", "OPTIONS"])
    def receive(endpoint: str) -> Response:
        door = doors.find(endpoint)
        if door is None:
            return _refuse("unknown", "unknown-endpoint", 404)
        now = clock.now()
        try:
            received = door.gateway.receive(_as_called(request, public_url), now)
        except BasicUnauthenticated as error:
            return _refuse(door.gateway.name, "unauthenticated", 401, {"WWW-Authenticate": error.challenge})
        except Unauthenticated:
            return _refuse(door.gateway.name, "unauthenticated", 403)
        except (Malformed, TooLarge) as error:
            return _refuse(door.gateway.name, "malformed", error.status)
        reply: str | None = None
        answered: InboundMessage | None = None
        for event in received.events:
            if isinstance(event, InboundMessage):
                said = _inbound(db, keyring, governing, door, event)
                if said is not None:
                    reply, answered = said, event
            elif isinstance(event, DeliveryReport):
                _delivery(db, keyring, governing, door, event)
            elif not _subscription(door, event):
                return _refuse(door.gateway.name, "unconfirmed", 503, {"Retry-After": "30"})
        if received.unread:
            log.error("webhook_entries_unread", gateway=door.gateway.name, entries=received.unread)
        door.accepted.inc()
        answer = received.answer or door.gateway.answer(reply, answered)
        response = Plain(answer.body, answer.status, content_type=answer.content_type)
        response.headers.extend(answer.headers)
        return response

    return views


def _inbound(db: Database, keyring: Keyring, governing: Governing, door: _Door, message: InboundMessage) -> str | None:
    """The text is on stable storage; returns what the webhook's own answer must say, if anything."""
    arrived, now = time.perf_counter(), clock.now()
    account = _answering_for(door, message.recipient)
    organization_id = account.organization_id
    if message.received_at is None:
        in_force = governing.now(organization_id, now)
    else:
        in_force = governing.at(organization_id, min(message.received_at, now))
    text = service.prepare(keyring, account, in_force.rulebook, message)
    handled = db.write(
        lambda tx: service.receive(tx, keyring, in_force.log, in_force.rulebook, account, text, now),
        organization_id,
    )
    if handled.conflict:
        log.error("inbound_conflict", gateway=account.gateway, entry=str(handled.event_id))
    if handled.outcome == "stop" and not handled.repeated:
        metrics.STOP_TO_BLOCK_SECONDS.observe(time.perf_counter() - arrived)
    return handled.reply


def _delivery(db: Database, keyring: Keyring, governing: Governing, door: _Door, report: DeliveryReport) -> None:
    now = clock.now()
    organization_id: uuid.UUID = door.account.organization_id
    in_force = governing.now(organization_id, now)
    tagged = delivery.prepare(keyring, door.account, report)
    db.write(
        lambda tx: delivery.record(tx, keyring, in_force.log, in_force.rulebook, door.account, report, tagged, now),
        organization_id,
    )


def _subscription(door: _Door, event: Subscription) -> bool:
    """A confirmation was given, or could not be given now; the end of a subscription is somebody's to look at."""
    if event.kind == "ended":
        log.error("gateway_subscription_ended", gateway=door.gateway.name)
    elif event.kind == "confirm":
        try:
            door.gateway.confirm(event)
        except SendFailed as error:
            log.error("gateway_subscription_unconfirmed", gateway=door.gateway.name, why=error.code)
            return False
        log.info("gateway_subscription_confirmed", gateway=door.gateway.name)
    return True


def _answering_for(door: _Door, number: str) -> service.Account:
    """The account with who answers a STOP to this number; for a number nobody registered, we do."""
    if door.numbers.get(number, "self") == "self":
        return door.account
    account = door.account
    return service.Account(
        account.organization_id, account.id, account.gateway, account.can_send, stop_reply_by_us=False
    )


def _as_called(request: Request, public_url: str) -> HttpRequest:
    """The request under its public address, as signed: never from Host or a forwarded header (S46)."""
    environ = request.environ
    target: str = environ.get("RAW_URI") or environ.get("REQUEST_URI") or ""
    if not target.startswith("/"):
        path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
        query = environ.get("QUERY_STRING", "")
        target = f"{path}?{query}" if query else path
    return HttpRequest(request.method, public_url + target, request.headers, read_bytes(request, LARGEST_WEBHOOK))


def _refuse(gateway: str, outcome: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Nothing of the request is kept but a count and a line without content; the answer is empty."""
    metrics.WEBHOOKS.labels(gateway, outcome).inc()
    security_event("webhook_refused", gateway=gateway, outcome=outcome)
    return Response(b"", status, headers)
