"""The public doors of the ledger: checkpoints, consistency proofs and the keys that sign. Nothing personal."""

from base64 import b64encode
from uuid import UUID

from flask import Blueprint, Response, request

from consent.db import Database
from consent.errors import BadInput, NotFound
from consent.ledger import published, queries
from consent.ledger.keys import Keyring
from consent.web.bodies import json_response

TEXT = "text/plain; charset=utf-8"
LARGEST = 2**53


def blueprint(db: Database, keyring: Keyring) -> Blueprint:
    """/log/<org>/<epoch>/checkpoint, …/consistency, and the well-known key lists."""
    pages = Blueprint("ledger", __name__)

    @pages.get("/log/<organization>/<int:epoch>/checkpoint")
    def checkpoint(organization: str, epoch: int) -> Response:
        organization_id, log_id = _log(keyring, organization, epoch)
        with db.read(organization_id) as tx:
            note = queries.newest_note(tx, organization_id, log_id)
        if note is None:
            raise NotFound("Nothing of this log is sealed yet.")
        return _text(note)

    @pages.get("/log/<organization>/<int:epoch>/consistency")
    def consistency(organization: str, epoch: int) -> Response:
        organization_id, log_id = _log(keyring, organization, epoch)
        first, second = _size("from"), _size("to")
        with db.read(organization_id) as tx:
            path = queries.consistency_proof(tx, organization_id, log_id, first, second)
        if path is None:
            raise BadInput("The log has no such two sizes: from is at least 1, to at most its size.", field="to")
        hashes = [b64encode(step).decode() for step in path]
        return json_response({"from": first, "to": second, "consistency": hashes})

    @pages.get("/.well-known/log-keys.txt")
    def log_keys() -> Response:
        return _text("".join(f"{vkey}\n" for vkey in published.log_vkeys(keyring, keyring.organizations())))

    @pages.get("/.well-known/jwks.json")
    def jwks() -> Response:
        response = json_response(published.jwks(keyring, keyring.organizations()))
        response.cache_control.public, response.cache_control.max_age = True, 300
        return response

    return pages


def _log(keyring: Keyring, organization: str, epoch: int) -> tuple[UUID, int]:
    """The log of that public name, found by the keys that sign it."""
    end = f"/log/{organization}/{epoch}"
    for organization_id in keyring.organizations():
        if any(origin.endswith(end) for origin in keyring.origins(organization_id)):
            return organization_id, epoch
    raise NotFound("There is no such log.")


def _size(name: str) -> int:
    given = request.args.get(name, "")
    if not given.isascii() or not given.isdigit() or len(given) > 16 or int(given) > LARGEST:
        raise BadInput("Give two sizes of the log: ?from=<smaller>&to=<larger>", field=name)
    return int(given)


def _text(text: str) -> Response:
    response = Response(text, content_type=TEXT)
    response.cache_control.no_cache = True
    return response
