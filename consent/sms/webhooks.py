"""The gateways' door: one address per gateway account. Prove, record, commit, answer; in this order.

While the database is away the call is kept on this machine instead (`spooling`), and answered all the same.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, Request, Response, request

from consent import clock
from consent.db import patience
from consent.errors import Malformed, TooLarge, Unavailable
from consent.gateways.sms.base import (
    Answer,
    BasicUnauthenticated,
    HttpRequest,
    InboundMessage,
    Received,
    SendFailed,
    Subscription,
    Unauthenticated,
)
from consent.sms.doors import Door
from consent.sms.spooling import Spooling
from consent.web import metrics
from consent.web.bodies import Plain, read_bytes
from consent.web.logs import log, security_event

LARGEST_WEBHOOK = 256 * 1024
# What an address of ours looks like: nothing else is kept while nobody can be asked whose it is.
ENDPOINT = re.compile(r"[A-Za-z0-9_-]{16,64}")
TAKEN = Answer(200, "text/plain; charset=utf-8", b"")


def blueprint(spooling: Spooling, public_url: str) -> Blueprint:
    """/webhooks/sms/<endpoint>, for every gateway."""
    views = Blueprint("sms_webhooks", __name__)

    @views.route("/webhooks/sms/<endpoint>", methods=["GET", "POST", "OPTIONS"])
    def receive(endpoint: str) -> Response:
        arrived = clock.now()
        with patience.bounded(patience.WEBHOOK):
            try:
                door = spooling.doors.find(endpoint)
            except Unavailable:
                door = spooling.doors.remembered(endpoint)
                if door is None:
                    return _keep_unproved(spooling, endpoint, public_url, arrived)
            if door is None:
                return _refuse("unknown", "unknown-endpoint", 404)
            try:
                called = _as_called(request, public_url)
                received = door.gateway.receive(called, arrived)
            except BasicUnauthenticated as error:
                return _refuse(door.gateway.name, "unauthenticated", 401, {"WWW-Authenticate": error.challenge})
            except Unauthenticated:
                return _refuse(door.gateway.name, "unauthenticated", 403)
            except (Malformed, TooLarge) as error:
                return _refuse(door.gateway.name, "malformed", error.status)
            taken = _take(spooling, door, called, received, arrived)
        for event in received.events:
            if isinstance(event, Subscription) and not _subscription(door, event):
                return _refuse(door.gateway.name, "unconfirmed", 503, {"Retry-After": "30"})
        if taken is None:
            spooling.keep(endpoint, called, arrived, door, received.events)
            taken = (None, None)
        if received.unread:
            log.error("webhook_entries_unread", gateway=door.gateway.name, entries=received.unread)
        door.accepted.inc()
        return _answer(received.answer or door.gateway.answer(*taken))

    return views


def _take(
    spooling: Spooling, door: Door, called: HttpRequest, received: Received, arrived: datetime
) -> tuple[str | None, InboundMessage | None] | None:
    """What the answer must say, with everything on record; None when it has to wait: behind others, for a database."""
    try:
        if not spooling.goes_straight(door, received.events):
            return None
        return spooling.intake.take(door, called, received, arrived)
    except Unavailable as error:
        log.warning("webhook_spooled", gateway=door.gateway.name, why=error.detail)
        return None


def _keep_unproved(spooling: Spooling, endpoint: str, public_url: str, arrived: datetime) -> Response:
    """Nobody can be asked whose address this is: kept as it came, and proved when it is worked off.

    Refusing it would lose a STOP for good at a gateway that never tries again; the spool bounds what strangers send.
    """
    if not ENDPOINT.fullmatch(endpoint):
        return _refuse("unknown", "unknown-endpoint", 404)
    try:
        called = _as_called(request, public_url)
        spooling.keep(endpoint, called, arrived, None)
    except TooLarge as error:
        return _refuse("unknown", "malformed", error.status)
    return _answer(TAKEN)


def _answer(answer: Answer) -> Response:
    response = Plain(answer.body, answer.status, content_type=answer.content_type)
    response.headers.extend(answer.headers)
    return response


def _subscription(door: Door, event: Subscription) -> bool:
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
