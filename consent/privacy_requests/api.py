"""The API door of privacy requests."""

from typing import Any
from uuid import UUID

from flask import Response

from consent import clock
from consent.db import Database
from consent.errors import Malformed
from consent.policies.governing import Governing
from consent.privacy_requests import queries
from consent.web import api, fields, principal
from consent.web.bodies import json_response


class PageIn(fields.Schema):
    """Where to continue, and how many."""

    cursor = fields.ShortText(longest=100)
    limit = fields.QueryNumber(least=1, most=200, load_default=50)


def blueprint(db: Database, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/privacy-requests."""
    doors = api.ApiBlueprint(
        "privacy_requests",
        __name__,
        url_prefix="/api/v1/privacy-requests",
        description="What people ask about their data, with due dates.",
    )

    @doors.get("")
    @principal.require("privacy-requests:read")
    @doors.arguments(PageIn, location="query")
    @doors.response(200)
    def listing(query: dict[str, Any]) -> Response:
        """Requests in the order in which they were opened, each with its due date and the arithmetic behind it."""
        who, now = principal.current(), clock.now()
        zone = governing.now(who.organization_id, now).rulebook.organization.zone
        after = _position(query["cursor"]) if "cursor" in query else queries.FIRST
        with db.read(who.organization_id) as tx:
            found, then = queries.listed(tx, who.organization_id, zone, now, after=after, most=query["limit"])
        page: dict[str, Any] = {"privacy_requests": found}
        if then is not None:
            page["next"] = str(then)
        return json_response(page)

    return doors


def _position(cursor: str) -> UUID:
    try:
        return UUID(cursor)
    except ValueError:
        raise Malformed("This cursor was not made here; start again without one.", field="cursor") from None
