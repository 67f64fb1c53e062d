"""The API door to the feed of changes."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response
from marshmallow import fields as plain

from consent.changes import cursors, queries, rules
from consent.changes.cursors import BEGINNING
from consent.db import Database, Tx
from consent.ledger.keys import Keyring
from consent.subjects import service as subjects
from consent.web import api, fields, principal
from consent.web.bodies import json_response

LATEST = "latest"
ADDRESS = "address"
READS_ADDRESSES = "contact-points:read"  # the scope that shows addresses in a contact point's history, too


class FeedIn(fields.Schema):
    """Behind which change to go on, and how many are wanted."""

    after = fields.ShortText(
        longest=100, metadata={"description": "A cursor of this feed; `latest` for its end; all if left out."}
    )
    limit = fields.QueryNumber(least=1, most=500, load_default=100)
    show = fields.Word(ADDRESS, metadata={"description": f"Addresses as well; needs {READS_ADDRESSES}."})


class ChangeOut(ma.Schema):
    """One thing that happened. Facts of its kind stand beside these, such as policy or reason."""

    class Meta:
        unknown = ma.INCLUDE

    id = plain.String(required=True)
    cursor = plain.String(required=True, metadata={"description": "Continues behind this change."})
    type = plain.String(required=True)
    at = plain.String(required=True, metadata={"description": "When the person acted."})
    recorded_at = plain.String(required=True)
    entry = plain.String(required=True, metadata={"description": "The ledger entry behind it."})
    contact_point = plain.String()
    channel = plain.String()
    address = plain.String(metadata={"description": "Only when asked for, and never of an erased contact point."})
    programs = plain.List(plain.String(), required=True)
    renews = plain.List(
        plain.String(),
        metadata={"description": "Given again where a STOP had taken them; ask the contact point which these are."},
    )
    state = plain.String(metadata={"enum": ["given", "refused", "withdrawn", "expired", "held"]})
    policy = plain.String()
    policy_version = plain.String()


class FeedOut(ma.Schema):
    """Changes in order."""

    changes = plain.List(plain.Nested(ChangeOut), required=True)
    cursor = plain.String(required=True, metadata={"description": "Ask again with this; the same while nothing came."})
    more = plain.Boolean(required=True, metadata={"description": "True: ask again at once."})


def blueprint(db: Database, keyring: Keyring) -> api.ApiBlueprint:
    """/api/v1/changes."""
    doors = api.ApiBlueprint(
        "changes", __name__, url_prefix="/api/v1/changes", description="What changed, in order, for your own systems."
    )

    @doors.get("")
    @principal.require("changes:read")
    @doors.arguments(FeedIn, location="query")
    @doors.response(200, FeedOut)
    def feed(query: dict[str, Any]) -> Response:
        """Read on in the feed.

        Every change comes once, in the order in which it was sealed, some seconds after it was recorded. Nothing that
        was committed late is skipped. Keep the cursor with what you did.
        """
        organization_id = principal.current().organization_id
        if "show" in query:
            principal.check(READS_ADDRESSES)
        asked = query.get("after")
        after = BEGINNING
        if asked is not None and asked != LATEST:
            after = cursors.read(keyring, organization_id, asked)
        with db.read(organization_id) as tx:
            if asked == LATEST:
                after = queries.end(tx, organization_id)
            page = queries.page(tx, organization_id, after, query["limit"])
            known = _addresses(tx, keyring, organization_id, page) if "show" in query else {}
        position = page.position if page.changes or page.more else after
        items = []
        for place, change in page.changes:
            item = rules.told(change) | {"cursor": cursors.write(keyring, organization_id, place)}
            if change.contact_point is not None and change.contact_point in known:
                item["address"] = known[change.contact_point]
            items.append(item)
        cursor = cursors.write(keyring, organization_id, position)
        return json_response({"changes": items, "cursor": cursor, "more": page.more})

    return doors


def _addresses(tx: Tx, keyring: Keyring, organization_id: UUID, page: queries.Page) -> dict[UUID, str]:
    wanted = {one.change.contact_point for one in page.changes if one.change.contact_point is not None}
    return subjects.addresses(tx, keyring, organization_id, list(wanted))
