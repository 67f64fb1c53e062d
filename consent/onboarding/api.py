"""The API doors of customers: what the company is for which data, and a customer that is taken on."""

from typing import Any
from uuid import UUID

from flask import Response, request
from marshmallow import fields as plain

from consent import clock
from consent.db import Database, Tx
from consent.ledger.keys import Keyring
from consent.onboarding import service
from consent.onboarding.service import Said
from consent.policies.governing import Governing
from consent.web import api, fields, idempotency, principal
from consent.web.bodies import encode, json_response
from consent.web.paging import PageIn, cursor, place_of


class CustomerIn(fields.Schema):
    """A customer is taken on."""

    customer = fields.ShortText(longest=200, required=True, metadata={"description": "Your own id of the customer."})
    acknowledged = plain.Boolean(
        required=True,
        truthy={True},
        falsy={False},
        metadata={"description": "Did it acknowledge that it decides about its own users' data?"},
    )
    acknowledged_at = fields.AwareInstant(metadata={"description": "When; now if left out."})
    entered_by = fields.ShortText(longest=200)


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/customers."""
    doors = api.ApiBlueprint(
        "customers", __name__, url_prefix="/api/v1/customers", description="Customers and who decides about which data."
    )

    @doors.post("")
    @principal.require("customers:write")
    @doors.arguments(CustomerIn)
    @doors.response(201)
    @doors.alt_response(409, schema=api.Problem, content_type="application/problem+json")
    def take_on(data: dict[str, Any]) -> Response:
        """Take a customer on: refused until it has acknowledged what it is for its users' data; once per version."""
        who, now = principal.current(), clock.now()
        in_force = governing.now(who.organization_id, now)
        at = data.get("acknowledged_at") or now
        said = Said(data["customer"], data["acknowledged"], at, data.get("entered_by"))

        def act(tx: Tx) -> tuple[int, bytes]:
            found, new = service.take_on(tx, keyring, in_force, said, "api", now)
            return 201 if new else 200, encode(found)

        return idempotency.write(db, who, request, now, act)

    @doors.get("")
    @principal.require("customers:read")
    @doors.arguments(PageIn, location="query")
    @doors.response(200)
    def every(query: dict[str, Any]) -> Response:
        """Customers that were taken on, and under which version each acknowledged."""
        who = principal.current()
        after = place_of(query["cursor"], UUID) if "cursor" in query else service.FIRST
        with db.read(who.organization_id) as tx:
            found = service.listed(tx, who.organization_id, after, query["limit"] + 1)
        page: dict[str, Any] = {"customers": found[: query["limit"]]}
        if len(found) > query["limit"]:
            page["next"] = cursor(UUID(found[query["limit"] - 1]["entry"]))
        return json_response(page)

    @doors.get("/roles")
    @principal.require("customers:read")
    @doors.response(200)
    def roles() -> Response:
        """What the company is for each class of data at each service, and what a customer acknowledges."""
        who = principal.current()
        rulebook = governing.now(who.organization_id, clock.now()).rulebook
        return json_response(service.allocation(rulebook))

    return doors
