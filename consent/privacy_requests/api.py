"""The API door of privacy requests."""

from typing import Any
from uuid import UUID

from flask import Response

from consent import clock
from consent.db import Database
from consent.policies.governing import Governing
from consent.privacy_requests import queries
from consent.web import api, principal
from consent.web.bodies import json_response
from consent.web.paging import PageIn, cursor, place_of


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
        after = place_of(query["cursor"], UUID) if "cursor" in query else queries.FIRST
        with db.read(who.organization_id) as tx:
            found, then = queries.listed(tx, who.organization_id, zone, now, after=after, most=query["limit"])
        page: dict[str, Any] = {"privacy_requests": found}
        if then is not None:
            page["next"] = cursor(then)
        return json_response(page)

    return doors
