"""The API door to receipts and bundles."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response
from marshmallow import fields as plain

from consent.db import Database
from consent.evidence import bundles, exports, service
from consent.evidence.offline import verify_receipt
from consent.ledger import bodies, published
from consent.ledger.keys import Keyring
from consent.ledger.service import Entry
from consent.policies.governing import InForce
from consent.web import api, fields, principal
from consent.web.bodies import json_response


class FormatIn(fields.Schema):
    """In which words the receipt is wanted."""

    form = fields.Word("jws", *exports.FORMATS, data_key="as", metadata={"default": "jws"})


class ReceiptOut(ma.Schema):
    """A signed receipt, or a copy of it in other words."""

    receipt_id = plain.String(required=True)
    receipt = plain.String(required=True, metadata={"description": "Compact JWS, typ consent-receipt+jwt."})
    export = plain.Dict(metadata={"description": "The same in the words asked for with `as`."})


class ShownIn(fields.Schema):
    """Which personal facts go into the bundle: none unless they are named."""

    show = fields.ShortText(longest=400, metadata={"description": "Names with commas, such as address,msg_text."})


class BundleOut(ma.Schema):
    """Everything that proves one entry offline."""

    format = plain.String(required=True)
    receipt = plain.String(required=True)
    body = plain.String(required=True)
    disclosures = plain.List(plain.String(), required=True)
    proof = plain.String(required=True, allow_none=True, metadata={"description": "Null until the entry is sealed."})
    anchors = plain.List(plain.Dict(), required=True)


def receipt_signer(keyring: Keyring, public_url: str) -> Callable[[Entry, InForce], str]:
    """Signs the receipt of an entry that was just written."""

    def sign(entry: Entry, in_force: InForce) -> str:
        leaf = bodies.parse(entry.body)
        return service.receipt_of(leaf, in_force.rulebook, keyring, in_force.log.organization_id, public_url)

    return sign


def blueprint(db: Database, keyring: Keyring, public_url: str) -> api.ApiBlueprint:
    """/api/v1/receipts."""
    doors = api.ApiBlueprint(
        "receipts", __name__, url_prefix="/api/v1/receipts", description="Signed receipts and the proof behind them."
    )

    @doors.get("/<uuid:receipt_id>")
    @principal.require("receipts:read")
    @doors.arguments(FormatIn, location="query")
    @doors.response(200, ReceiptOut)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def read(data: dict[str, Any], receipt_id: UUID) -> Response:
        """Read a receipt again; it is the same, byte for byte."""
        organization_id = principal.current().organization_id
        with db.read(organization_id) as tx:
            receipt = service.receipt(tx, keyring, organization_id, receipt_id, public_url)
        answer: dict[str, Any] = {"receipt_id": str(receipt_id), "receipt": receipt}
        form = data.get("form", "jws")
        if form != "jws":
            claims = verify_receipt(receipt, published.jwks(keyring, [organization_id]))
            answer["export"] = exports.FORMATS[form](claims)
        return json_response(answer)

    @doors.get("/<uuid:receipt_id>/bundle")
    @principal.require("receipts:read")
    @doors.arguments(ShownIn, location="query")
    @doors.response(200, BundleOut)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def bundle(data: dict[str, Any], receipt_id: UUID) -> Response:
        """Read the evidence bundle: receipt, body, proof, and the personal facts named with `show`."""
        organization_id = principal.current().organization_id
        names = [name.strip() for name in data.get("show", "").split(",") if name.strip()]
        with db.read(organization_id) as tx:
            made = service.bundle(tx, keyring, organization_id, receipt_id, public_url, names)
        return json_response(bundles.as_data(made))

    return doors
