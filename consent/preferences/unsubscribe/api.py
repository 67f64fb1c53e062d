"""The API door of presses on an unsubscribe: what came in bursts is seen, and nobody here can undo it."""

from typing import Any
from uuid import UUID

from flask import Response

from consent.db import Database
from consent.preferences.unsubscribe import queries
from consent.web import api, fields, principal
from consent.web.bodies import json_response
from consent.web.paging import PageIn, cursor, place_of


class ListIn(PageIn):
    """Which of them, where to continue, and how many."""

    noticed = fields.Word(
        "true", "false", load_default="false", metadata={"description": "true: only those in a burst."}
    )


def blueprint(db: Database) -> api.ApiBlueprint:
    """/api/v1/unsubscribes."""
    doors = api.ApiBlueprint(
        "unsubscribes", __name__, url_prefix="/api/v1/unsubscribes", description="Presses on the unsubscribe of a mail."
    )

    @doors.get("")
    @principal.require("revocations:read")
    @doors.arguments(ListIn, location="query")
    @doors.response(200)
    def listing(query: dict[str, Any]) -> Response:
        """Presses that ended something, newest first. Those in a burst hold, too; only the person can undo one."""
        who = principal.current()
        before = place_of(query["cursor"], UUID) if "cursor" in query else queries.NEWEST
        with db.read(who.organization_id) as tx:
            found, then = queries.listed(
                tx, who.organization_id, noticed=query["noticed"] == "true", before=before, most=query["limit"]
            )
        page: dict[str, Any] = {"unsubscribes": found}
        if then is not None:
            page["next"] = cursor(then)
        return json_response(page)

    return doors
