"""The stores' door: one address for each store, at which its signed receipts arrive. On record first, answered then."""

import uuid

from flask import Blueprint, Response, request

from consent import clock
from consent.db import Database, Tx
from consent.errors import Malformed, NotFound, TooLarge, Unavailable
from consent.gateways.callbacks import signing
from consent.gateways.stores.base import Receipt, StoreFailed
from consent.gateways.stores.webhook import proof_of, read, receipt_in
from consent.ledger.keys import Keyring
from consent.privacy_requests.tasks import accounts, service
from consent.web.bodies import read_bytes
from consent.web.logs import security_event

LARGEST = 64 * 1024


def blueprint(db: Database, keyring: Keyring) -> Blueprint:
    """/webhooks/stores/<endpoint>, for every store that answers later."""
    views = Blueprint("store_webhooks", __name__)

    @views.post("/webhooks/stores/<endpoint>")
    def receive(endpoint: str) -> Response:
        """Empty answers, whatever it was: 204 taken, 404 nobody's address, 403 not signed, 422 no receipt of ours."""
        now = clock.now()
        try:
            body = read_bytes(request, LARGEST)
        except TooLarge:
            return Response(b"", 413)
        with db.read() as tx:
            account = accounts.at_door(tx, keyring, endpoint)
        if account is None or account.kind != "webhook":
            return _refused("unknown-endpoint", 404)
        headers = dict(request.headers)
        if not signing.is_signed(str(account.settings["secret"]), headers, body, now):
            return _refused("unsigned", 403)
        try:
            said = read(body)
            task_id = uuid.UUID(str(said.get("task")))
            found = receipt_in(said, task_id)
        except (StoreFailed, ValueError, Malformed):
            return Response(b"", 422)
        if found is None:
            return Response(b"", 422)
        proof = proof_of(headers, found[1])

        def take(tx: Tx) -> bool:
            """On record, or it was before; NotFound for a task of somebody else."""
            task = service.find(tx, account.organization_id, task_id)
            if task.store != account.name:
                raise NotFound("There is no such task.")
            receipt = Receipt(task.store, task.category, task.action, found[0], now, proof)
            return service.settle(tx, account.organization_id, task, receipt)

        try:
            db.write(take, account.organization_id)
        except NotFound:
            return Response(b"", 422)
        except Unavailable:
            return Response(b"", 503, {"Retry-After": "30"})
        return Response(b"", 204)

    return views


def _refused(outcome: str, status: int) -> Response:
    security_event("store_receipt_refused", outcome=outcome)
    return Response(b"", status)
