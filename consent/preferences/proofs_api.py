"""The API doors of files that prove a consent, and how such a file arrives: base64 in JSON, or multipart."""

import base64
import binascii
from collections.abc import Callable, Mapping
from functools import wraps
from hashlib import sha256
from io import BytesIO
from threading import BoundedSemaphore
from typing import IO, Any, TypeVar, cast
from uuid import UUID

import marshmallow as ma
from flask import Request, Response, request
from marshmallow import fields as plain
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from consent import clock
from consent.db import Database, Tx
from consent.errors import BadInput, Malformed, Unavailable
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.preferences import proof_types, proofs
from consent.web import api, fields, idempotency, principal
from consent.web.bodies import JSON_LIMIT, encode, is_json, json_response, parse_object, read_bytes
from consent.web.problems import InvalidFields, fields_at_fault

View = TypeVar("View", bound=Callable[..., Any])

MULTIPART = "multipart/form-data"
PART = "file"
AROUND = 64 * 1024  # bytes of a body beside the file: other members, names and lines of parts
# A file is in memory three times while it is taken in; more of them than this at once wait for their turn.
AT_ONCE, WAIT = 2, 10.0  # requests, seconds
_turns = BoundedSemaphore(AT_ONCE)
# What is given back was brought by somebody: it is for saving, and runs, shows and loads nothing in a browser.
POLICY = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class Base64(fields.ShortText):
    """A file as base64 with padding (RFC 4648 section 4); it becomes bytes."""

    def __init__(self, **kwargs: Any) -> None:
        described = {"format": "byte"} | dict(kwargs.pop("metadata", {}))
        super().__init__(shortest=0, longest=200_000_000, metadata=described, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            raise ma.ValidationError("This must be text.")
        try:
            return base64.b64decode(value.encode("ascii"), validate=True)
        except (binascii.Error, ValueError):
            raise ma.ValidationError(
                "This must be the whole file as base64 with its padding, without line breaks and without `data:`."
            ) from None


class ProofIn(fields.Schema):
    """A file that proves the consent."""

    type = fields.ShortText(
        longest=100, required=True, metadata={"description": f"Its media type: {', '.join(proof_types.KINDS)}."}
    )
    content = Base64(required=True)


class ProofOut(ma.Schema):
    """A file that is kept."""

    id = plain.String(required=True)
    type = plain.String(required=True)
    size = plain.Integer(required=True, metadata={"description": "Bytes."})
    entry = plain.String(required=True, metadata={"description": "The ledger entry that holds its hash."})
    created_at = plain.String(required=True)


class ProofsOut(ma.Schema):
    """The files of one consent."""

    proofs = plain.List(plain.Nested(ProofOut), required=True)


def body_limit(most: int) -> int:
    """How many bytes a body with a file of `most` bytes may have, as base64."""
    return (most + 2) // 3 * 4 + AROUND


def in_turn(view: View) -> View:
    """Few bodies with files are taken in at once; whoever waits too long is told to come again."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        announced = request.environ.get("CONTENT_LENGTH") or ""
        if announced.isdigit() and int(announced) <= JSON_LIMIT and "HTTP_TRANSFER_ENCODING" not in request.environ:
            return view(*args, **kwargs)
        if not _turns.acquire(timeout=WAIT):
            raise Unavailable("Several large files arrive at this moment. Send this one again.")
        try:
            return view(*args, **kwargs)
        finally:
            _turns.release()

    return cast(View, guarded)


def blueprint(db: Database, keyring: Keyring, most: int) -> api.ApiBlueprint:
    """/api/v1/consents/<id>/proofs; files of up to `most` bytes."""
    doors = api.ApiBlueprint(
        "proofs", __name__, url_prefix="/api/v1/consents", description="Files that prove a consent."
    )
    file_part = {"type": "object", "required": [PART], "properties": {PART: {"type": "string", "format": "binary"}}}

    @doors.post("/<uuid:consent>/proofs")
    @principal.require("consents:write")
    @api.body(media=(MULTIPART,), limit=body_limit(most))
    @in_turn
    @doors.doc(
        requestBody={
            "required": True,
            "content": {"application/json": {"schema": ProofIn}, MULTIPART: {"schema": file_part}},
        }
    )
    @doors.response(201, ProofOut)
    @doors.alt_response(200, schema=ProofOut)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    @doors.alt_response(409, schema=api.Problem, content_type="application/problem+json")
    def attach(consent: UUID) -> Response:
        """Attach a file to a consent that was recorded before.

        200 where this file is attached already. Its content says of what type it is, and must agree with the type
        that is named; names of files are not kept.
        """
        who, now = principal.current(), clock.now()
        raw = read_bytes(request, body_limit(most))
        declared, content = _from_json(raw) if is_json(request.content_type or "") else _from_parts(request, raw)
        file = proofs.draft(content, declared, most, now)

        def act(tx: Tx) -> tuple[int, bytes]:
            kept = proofs.attach(tx, keyring, who.organization_id, consent, file, "api", now)
            return 201 if kept.is_new else 200, encode(_said(kept))

        return idempotency.write(db, who, request, now, act)

    @doors.get("/<uuid:consent>/proofs")
    @principal.require("proofs:read")
    @doors.response(200, ProofsOut)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def every(consent: UUID) -> Response:
        """The files of a consent, oldest first, without their content."""
        organization_id = principal.current().organization_id
        with db.read(organization_id) as tx:
            found = proofs.of_consent(tx, organization_id, consent)
        return json_response({"proofs": [_said(one) for one in found]})

    @doors.get("/<uuid:consent>/proofs/<uuid:proof>")
    @principal.require("proofs:read")
    @doors.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    @doors.alt_response(410, schema=api.Problem, content_type="application/problem+json")
    def download(consent: UUID, proof: UUID) -> Response:
        """The file itself, to be saved; 410 where its person was erased. The header Repr-Digest is its SHA-256."""
        organization_id = principal.current().organization_id
        with db.read(organization_id, single=True) as tx:
            media_type, content = proofs.content(tx, keyring, organization_id, consent, proof)
        digest = base64.b64encode(sha256(content).digest()).decode()
        headers = {
            "Content-Disposition": f'attachment; filename="proof-{proof}.{proof_types.ending_of(media_type)}"',
            "Content-Security-Policy": POLICY,
            "Repr-Digest": f"sha-256=:{digest}:",  # RFC 9530
            "X-Content-Type-Options": "nosniff",
        }
        kind = f"{media_type}; charset=utf-8" if media_type == "text/plain" else media_type
        return Response(content, 200, headers, content_type=kind)

    return doors


def _said(kept: proofs.Kept) -> Mapping[str, Any]:
    return {
        "id": str(kept.id),
        "type": kept.media_type,
        "size": kept.size,
        "entry": str(kept.entry),
        "created_at": instant(kept.created_at),
    }


_READER = ProofIn()


def _in_memory(
    total_content_length: int | None, content_type: str | None, filename: str | None, content_length: int | None = None
) -> IO[bytes]:
    return BytesIO()


def _from_json(raw: bytes) -> tuple[str, bytes]:
    try:
        data = _READER.load(parse_object(raw) if raw else {})
    except ma.ValidationError as error:
        raise InvalidFields(fields_at_fault(error.normalized_messages())) from error  # type: ignore[no-untyped-call]
    return data["type"], data["content"]


def _from_parts(asked: Request, raw: bytes) -> tuple[str, bytes]:
    """The one part `file` and the media type in its header; nothing is written to a temporary file."""
    media, options = parse_options_header(asked.content_type)
    if not raw:
        raise BadInput("The file is missing: send one part with the name file.", field=PART)
    parser = FormDataParser(stream_factory=_in_memory, max_form_memory_size=AROUND, max_form_parts=4, silent=False)
    try:
        _stream, form, files = parser.parse(BytesIO(raw), media, len(raw), options)
    except (ValueError, HTTPException):
        raise Malformed("The parts of the body cannot be read: see RFC 7578.") from None
    # A part may have no name at all.
    others = sorted({name or "" for name in (*form, *files)} - {PART})
    if others:
        raise InvalidFields([{"field": name[:100] or "(no name)", "message": "Unknown part."} for name in others])
    sent = files.getlist(PART)
    if len(sent) != 1:
        raise BadInput("Send exactly one part with the name file, as a file with its media type.", field=PART)
    return sent[0].content_type or "", sent[0].stream.read()
