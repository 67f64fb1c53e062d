"""The API door of trackers: may this cookie, tag or beacon be set here, for this visitor?"""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields as plain

from consent import clock
from consent.db import Database
from consent.decisions.verdicts import VerdictOut, verdict_json
from consent.ledger.keys import Keyring
from consent.policies.answers.trackers import Tracker
from consent.policies.governing import Governing
from consent.policies.rulebook import Rulebook
from consent.preferences.cookies import recorded
from consent.preferences.cookies.named import named
from consent.web import api, fields, principal
from consent.web.bodies import json_response


class TrackerIn(fields.Schema):
    """A tracker as somebody wants to set it, and what is known of the visitor. What is left out counts as doubt."""

    purpose = fields.ShortText(longest=64, required=True)
    surface = fields.ShortText(longest=64, required=True)
    recipient = fields.ShortText(longest=64)
    third_party = plain.Boolean(metadata={"description": "Somebody else sets it or receives from it."})
    cookie = plain.Boolean(metadata={"description": "It leaves something in the browser or device; true if left out."})
    behavioural = plain.Boolean(metadata={"description": "It follows what one person does."})
    personal = plain.Boolean(metadata={"description": "It is personal data by the law of the place; true if left out."})
    consent = plain.Boolean(metadata={"description": "The visitor's choice for this purpose; left out: none yet."})
    gpc = plain.Boolean(metadata={"description": "The browser sends Sec-GPC: 1."})
    dnt = plain.Boolean(metadata={"description": "The browser sends DNT: 1."})
    sale_refused = plain.Boolean(metadata={"description": "The visitor is known and has refused sale and sharing."})
    jurisdiction = fields.ShortText(longest=16)
    visitor = fields.ShortText(
        longest=64,
        shortest=22,
        metadata={"description": "The id of recorded choices: those count, and a no said here."},
    )
    person = fields.ShortText(longest=200, metadata={"description": "Your own id of who is signed in, if anybody."})
    email = fields.ShortText(longest=320, metadata={"description": "In place of `person`: their mail address."})
    phone = fields.ShortText(
        longest=64, metadata={"description": "In place of `person`: their number, as +15095550142."}
    )


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> api.ApiBlueprint:
    """/api/v1/trackers."""
    doors = api.ApiBlueprint("trackers", __name__, url_prefix="/api/v1/trackers", description="May this be set?")

    @doors.post("/decisions")
    @principal.require("decisions:read")
    @doors.arguments(TrackerIn)
    @doors.response(200, VerdictOut)
    def decide(data: dict[str, Any]) -> Response:
        """Ask whether a tracker may be set: purpose, surface, consent and the browser's signals are weighed."""
        who, now = principal.current(), clock.now()
        rulebook = governing.now(who.organization_id, now).rulebook
        verdict = rulebook.trackers.may_set(asked(rulebook, who.organization_id, data, now))
        return json_response(verdict_json(verdict, rulebook, now))

    def asked(rulebook: Rulebook, organization_id: UUID, data: dict[str, Any], now: datetime) -> Tracker:
        """The tracker with what is known of the visitor: nobody vouches for a yes that is not on record."""
        visitor = data.pop("visitor", None)
        who = named(data.pop("person", None), data.pop("email", None), data.pop("phone", None))
        tracker = Tracker(**data)
        if visitor is None:
            return tracker
        recorded.check_place(rulebook.trackers, visitor, tracker.surface)
        with db.read(organization_id) as tx:
            on_record = recorded.what_holds(tx, keyring, organization_id, visitor, who)
        said = recorded.known(on_record, rulebook, tracker.surface, tracker.purpose, now).consent
        consent = False if tracker.consent is False else said
        return tracker._replace(consent=consent, sale_refused=tracker.sale_refused or on_record.sale_refused)

    return doors
