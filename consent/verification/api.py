"""The API door of links: companies put them into messages of their own."""

from typing import Any
from uuid import UUID

from flask import Response, request
from marshmallow import fields as plain

from consent import clock
from consent.db import Database, Tx
from consent.errors import BadInput, NotFound
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.subjects import service as subjects
from consent.verification import links
from consent.verification.links import Link
from consent.web import api, fields, idempotency, principal
from consent.web.bodies import encode, json_response

BELOW, ABOUT = "/api/v1/contact-points", "Links to a person's own choices, for messages that you send."


class LinkIn(fields.Schema):
    """What the link should open."""

    purpose = fields.Word(*links.PURPOSES, load_default=links.PREFERENCES)
    person = fields.ShortText(
        longest=200, metadata={"description": "Your reference of the person, where several share the address."}
    )
    program = fields.ShortText(
        longest=links.LONGEST_PART, metadata={"description": "The program of the message; `unsubscribe` needs it."}
    )
    reference = fields.ShortText(
        longest=links.LONGEST_PART, metadata={"description": "Your name of the message, such as its batch."}
    )


class LinkOut(fields.Schema):
    """The address to put into the message."""

    url = plain.String(required=True)


def blueprint(db: Database, keyring: Keyring, governing: Governing, public_url: str) -> api.ApiBlueprint:
    """/api/v1/contact-points/<id>/links."""
    doors = api.ApiBlueprint("contact_point_links", __name__, url_prefix=BELOW, description=ABOUT)

    @doors.post("/<uuid:contact_point>/links")
    @principal.require("contact-points:write")
    @doors.arguments(LinkIn)
    @doors.response(201, LinkOut)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def make(data: dict[str, Any], contact_point: UUID) -> Response:
        """Make a link to the choices of one contact point. Send it to that address and to no other."""
        who, now = principal.current(), clock.now()
        organization = governing.now(who.organization_id, now).rulebook.organization
        program = data.get("program")
        if program is not None and organization.program(program) is None:
            raise BadInput("There is no such program.", field="program")
        if program is None and data["purpose"] == links.UNSUBSCRIBE:
            raise BadInput("Name the program that the link ends.", field="program")
        if len(data.get("reference", "").encode()) > links.LONGEST_PART:
            raise BadInput(f"This may have at most {links.LONGEST_PART} bytes.", field="reference")

        def made(tx: Tx) -> dict[str, str]:
            if subjects.place_of(tx, who.organization_id, contact_point) is None:
                raise NotFound("There is no such contact point.")
            person = None
            if "person" in data:
                person = subjects.find_person(tx, keyring, who.organization_id, data["person"])
                if person is None:
                    raise BadInput("Nothing is on record for this person.", field="person")
            link = Link(
                who.organization_id, contact_point, data["purpose"], person, program, data.get("reference"), now
            )
            return {"url": links.address_of(keyring, link, public_url, organization.slug)}

        if idempotency.key_of(request) is not None:
            return idempotency.write(db, who, request, now, lambda tx: (201, encode(made(tx))))
        with db.read(who.organization_id) as tx:
            return json_response(made(tx), 201)

    return doors
