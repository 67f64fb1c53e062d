"""The doors of the protocol: /drp/v1/agent, /drp/v1/data-rights-request, and where agents find them.

Errors have the protocol's own shape (section 3.06): code, message and, where sending it again helps nobody, fatal.
"""

import uuid
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from consent import clock
from consent.db import Database, Tx
from consent.drp import agents, letters, queries, service, signed
from consent.drp.agents import Agent
from consent.drp.exercise import exercise_of, supported
from consent.drp.queries import Asked
from consent.drp.signed import Refused
from consent.errors import ConsentError, NotFound, Unavailable
from consent.ids import new_id
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.policies.governing import Governing
from consent.privacy_requests.casework import Desk
from consent.web.bodies import json_response, read_bytes
from consent.web.logs import log, security_event, traced

BASE = "/drp/v1"
NOT_YOURS = "This agent manages no such request."
UNKNOWN = "Send the token of the set-up: Authorization: Bearer drp_…"


def blueprint(db: Database, keyring: Keyring, governing: Governing, public_url: str, *, development: bool) -> Blueprint:
    """Every door of the protocol."""
    doors = Blueprint("drp", __name__, template_folder="templates")
    doors.register_error_handler(Refused, _refused)
    doors.register_error_handler(ConsentError, _problem)
    doors.register_error_handler(HTTPException, _http)

    def desk_of(agent: Agent) -> Desk:
        in_force = governing.now(agent.organization_id, clock.now())
        return Desk(keyring, in_force.log, in_force.rulebook)

    def bearer() -> Agent:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token.startswith(agents.TOKEN_PREFIX) and len(token) < agents.LONGEST_TOKEN:
            with db.read() as tx:
                found = agents.at_door(tx, token)
            if found is not None:
                return found
        security_event("drp_refused")
        raise Refused(401, UNKNOWN)

    def message_of(agent: Agent) -> signed.Message:
        buffer = signed.decoded(read_bytes(request, signed.LARGEST))
        if not signed.is_signed_by(buffer, agent.verify_key):
            security_event("drp_refused")
            raise Refused(403, "The signature is not that of this agent's key.")
        return signed.message_of(buffer)

    def pages_of(tx: Tx, organization_id: uuid.UUID) -> str:
        slug = next(one.slug for one in organizations.every(tx) if one.id == organization_id)
        return f"{public_url}/{slug}/requests"

    def told(tx: Tx, agent: Agent, asked: Asked | None) -> dict[str, Any]:
        if asked is None or asked.agent_id != agent.id:
            raise Refused(403, NOT_YOURS)  # section 2.02.1; one that is not there looks the same
        return queries.status(asked, pages_of(tx, agent.organization_id))

    @doors.post(f"{BASE}/agent/<agent_id>")
    def set_up(agent_id: str) -> Response:
        now = clock.now()
        try:
            buffer = signed.decoded(read_bytes(request, signed.LARGEST))
            with db.read() as tx:
                known = agents.named(tx, agent_id)
            candidates = [one for one in known if signed.is_signed_by(buffer, one.verify_key)]
            if not candidates:
                raise Refused(403, "")
            message = signed.message_of(buffer)
            agent = agents.mine(candidates, message.text("business-id", signed.LONGEST_ID)) or candidates[0]
            issued_at, token = signed.check(message, agent.agent_id, agent.business_id, now), agents.new_token()

            def work(tx: Tx) -> bool:
                return agents.set_token(tx, keyring, agent, token, issued_at, now)

            if not db.write(work, agent.organization_id):
                raise Refused(403, "")
        except Refused:
            security_event("drp_refused")
            return Response(b"", 403)  # section 2.05.1: no body
        return json_response({"agent-id": agent.agent_id, "token": token})

    @doors.get(f"{BASE}/agent/<agent_id>")
    def info(agent_id: str) -> Response:
        if bearer().agent_id != agent_id:
            raise Refused(403, "The token is not that of this agent.")
        return json_response({})

    @doors.post(f"{BASE}/data-rights-request")
    @doors.post(f"{BASE}/data-rights-request/", endpoint="exercise_slash")
    def exercise() -> Response:
        agent, now = bearer(), clock.now()
        asked = exercise_of(agent, message_of(agent), now, development=development)
        desk = desk_of(agent)
        with db.read() as tx:
            pages = pages_of(tx, agent.organization_id)
        request_id = new_id(now)
        letter = letters.about(desk.rulebook, asked, pages, request_id)

        def work(tx: Tx) -> dict[str, Any]:
            identity = service.take(tx, desk, asked, request_id, letter, now)
            return told(tx, agent, queries.one(tx, keyring, agent.organization_id, identity))

        return json_response(db.write(work, agent.organization_id))

    @doors.get(f"{BASE}/data-rights-request/<request_id>")
    def status(request_id: str) -> Response:
        agent = bearer()
        with db.read(agent.organization_id) as tx:
            return json_response(told(tx, agent, _find(tx, keyring, agent, request_id)))

    @doors.delete(f"{BASE}/data-rights-request/<request_id>")
    def revoke(request_id: str) -> Response:
        agent, now = bearer(), clock.now()
        message = message_of(agent)
        if {"agent-id", "business-id", "expires-at", "issued-at"} & message.says.keys():
            signed.check(message, agent.agent_id, agent.business_id, now)
        desk = desk_of(agent)

        def work(tx: Tx) -> dict[str, Any]:
            found = _find(tx, keyring, agent, request_id)
            shown = told(tx, agent, found)
            assert found is not None
            service.revoke(tx, desk, found, now)
            return shown | queries.status(_again(tx, keyring, agent, found), pages_of(tx, agent.organization_id))

        return json_response(db.write(work, agent.organization_id))

    @doors.get("/.well-known/data-rights.json")
    def discovery() -> Response:
        now = clock.now()
        with db.read() as tx:
            served = organizations.every(tx)
        found = [one for tenant in served if (one := _entry(db, governing, tenant, public_url, now)) is not None]
        return json_response({"version": "1.0", "api_base": f"{public_url}/drp", "businesses": found})

    return doors


def _find(tx: Tx, keyring: Keyring, agent: Agent, request_id: str) -> Asked | None:
    try:
        identity = uuid.UUID(request_id)
    except ValueError:
        return None
    return queries.one(tx, keyring, agent.organization_id, identity)


def _again(tx: Tx, keyring: Keyring, agent: Agent, asked: Asked) -> Asked:
    found = queries.one(tx, keyring, agent.organization_id, asked.id)
    assert found is not None
    return found


def _entry(
    db: Database, governing: Governing, tenant: organizations.Tenant, public_url: str, now: Any
) -> dict[str, Any] | None:
    """The organization as a directory of businesses lists it (section 3.05.2); None where no agent may ask."""
    with db.read(tenant.id) as tx:
        known = agents.every(tx, tenant.id)
    if not known:
        return None
    try:
        rulebook = governing.now(tenant.id, now).rulebook
    except NotFound:
        return None  # nothing is published yet
    return {
        "id": known[-1].business_id,
        "name": tenant.name,
        "api_base": f"{public_url}/drp",
        "supported_actions": supported(rulebook.requests.openings),
        "supported_verifications": ["email", "phone_number"],
        "web_url": rulebook.organization.website or f"{public_url}/{tenant.slug}/requests",
        "privacy_policy_url": f"{public_url}/{tenant.slug}/privacy",
        "business_contact": rulebook.organization.privacy_contact,
    }


def _answer(status: int, message: str, *, fatal: bool, headers: dict[str, str] | None = None) -> Response:
    said: dict[str, Any] = {"code": str(status), "message": message}
    if fatal:
        said["fatal"] = True
    return json_response(said, status, list((headers or {}).items()))


def _refused(error: Refused) -> Response:
    headers = {"WWW-Authenticate": 'Bearer realm="drp"'} if error.status == 401 else {}
    return _answer(error.status, error.message, fatal=error.fatal and error.status != 401, headers=headers)


def _problem(error: ConsentError) -> Response:
    if isinstance(error, Unavailable):
        log.warning("unavailable", **traced(error))
        return _answer(503, error.detail, fatal=False, headers={"Retry-After": str(error.retry_after)})
    if error.status >= 500:
        log.error("fault", **traced(error))
        return _answer(500, "Something went wrong on our side; send it again later.", fatal=False)
    return _answer(error.status, error.detail, fatal=True)


def _http(error: HTTPException) -> Response:
    return _answer(error.code or 500, str(error.description or "It cannot be read."), fatal=False)
