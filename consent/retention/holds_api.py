"""The API doors of holds: place one, renew it, release it, list them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, request

from consent import clock
from consent.db import Database, Tx
from consent.errors import BadInput
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing, InForce
from consent.retention import hold_rows, holds, schemas
from consent.retention.rules import Query
from consent.subjects import service as subjects
from consent.web import api, idempotency, principal
from consent.web.bodies import encode, json_response
from consent.web.paging import cursor, page, place_of
from consent.web.principal import Principal


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/holds."""
    doors = api.ApiBlueprint(
        "holds", __name__, url_prefix="/api/v1/holds", description="What keeps records longer, with owner and end."
    )

    def asked_of(tx: Tx, who: Principal, data: dict[str, Any]) -> holds.Asked:
        person_id = None
        if "person" in data:
            person_id = subjects.find_person(tx, keyring, who.organization_id, data["person"])
            if person_id is None:
                raise BadInput(holds.NO_RECORD, field="person")
        query = query_of(data["query"]) if "query" in data else None
        return holds.Asked(
            data["kind"],
            data["ground"],
            data["reason"],
            data["owner"],
            data.get("since") or clock.now(),
            data.get("until"),
            data.get("record"),
            person_id,
            query,
        )

    @doors.post("")
    @principal.require("holds:write")
    @doors.arguments(schemas.HoldIn)
    @doors.response(201)
    def place(data: dict[str, Any]) -> Response:
        """Place a hold. One that reaches nothing, or whose ground no rule admits, is refused."""
        who, now = principal.current(), clock.now()
        if sum(name in data for name in ("record", "person", "query")) != 1:
            raise BadInput("Say what it holds: one record, one person, or a query.", field="record")
        in_force = governing.now(who.organization_id, now)

        def act(tx: Tx) -> tuple[int, bytes]:
            asked = asked_of(tx, who, data)
            made, found = holds.place(tx, keyring, in_force.log, in_force.rulebook, asked, "api", now)
            shown = hold_rows.one(tx, who.organization_id, made)
            not_held = [{"commitment": one.commitment, "law": one.law, "text": one.text} for one in found.refused]
            return 201, encode(shown | {"not_held": not_held})

        try:
            return idempotency.write(db, who, request, now, act)
        except holds.HoldRefused as why:
            refused = why  # a name of the except clause is gone in the function below

            def note(tx: Tx) -> None:
                asked = asked_of(tx, who, data)
                holds.refuse(tx, keyring, in_force.log, in_force.rulebook, asked, refused, "api", now)

            db.write(note, who.organization_id)
            raise

    @doors.get("")
    @principal.require("holds:read")
    @doors.arguments(schemas.HoldsIn, location="query")
    @doors.response(200)
    def listing(query: dict[str, Any]) -> Response:
        """Holds in the order in which they were placed."""
        who = principal.current()
        after = place_of(query["cursor"], UUID) if "cursor" in query else holds.FIRST
        with db.read(who.organization_id) as tx:
            found, then = hold_rows.listed(
                tx, who.organization_id, after, query["limit"], only_open=query["state"] == "open"
            )
        return page("holds", found, cursor(then) if then is not None else None)

    @doors.get("/<uuid:hold_id>")
    @principal.require("holds:read")
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def one(hold_id: UUID) -> Response:
        """One hold."""
        who = principal.current()
        with db.read(who.organization_id) as tx:
            return json_response(hold_rows.one(tx, who.organization_id, hold_id))

    @doors.post("/<uuid:hold_id>/renewals")
    @principal.require("holds:write")
    @doors.arguments(schemas.RenewalIn)
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def renew(data: dict[str, Any], hold_id: UUID) -> Response:
        """It holds once more from today, with its written reason."""
        reason, until = data["reason"], data.get("until")
        return changed(
            hold_id,
            lambda tx, rules, now: holds.renew(
                tx, keyring, rules.log, rules.rulebook, hold_id, reason, until, "api", now
            ),
        )

    @doors.post("/<uuid:hold_id>/release")
    @principal.require("holds:write")
    @doors.arguments(schemas.ReasonIn)
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def release(data: dict[str, Any], hold_id: UUID) -> Response:
        """It holds no more: what it reached goes in its time. Releasing again changes nothing."""
        reason = data["reason"]
        return changed(
            hold_id,
            lambda tx, rules, now: holds.release(tx, keyring, rules.log, rules.rulebook, hold_id, reason, "api", now),
        )

    def changed(hold_id: UUID, work: Callable[[Tx, InForce, datetime], None]) -> Response:
        """The hold as it is once `work` was done to it."""
        who, now = principal.current(), clock.now()
        in_force = governing.now(who.organization_id, now)

        def act(tx: Tx) -> tuple[int, bytes]:
            work(tx, in_force, now)
            return 200, encode(hold_rows.one(tx, who.organization_id, hold_id))

        return idempotency.write(db, who, request, now, act)

    return doors


def query_of(data: dict[str, Any]) -> Query:
    """The query as it was asked."""
    return Query(
        data.get("category"),
        data.get("store"),
        data.get("jurisdiction"),
        data.get("site"),
        data.get("purpose"),
        data.get("collected_from"),
        data.get("collected_until"),
    )
