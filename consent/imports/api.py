"""/api/v1/imports: bring a file, follow what becomes of it, read why rows were not believed, take it back."""

import base64
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import marshmallow as ma
from flask import Request, Response, request
from marshmallow import fields as plain
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from consent import clock
from consent.db import Database, Tx
from consent.errors import BadInput, Malformed, TooLarge, UnsupportedMedia
from consent.imports import mapping as mappings
from consent.imports import queries, running, runs, undoing, uploads
from consent.imports.formats import FORMATS, GENERIC
from consent.imports.mapping import Mapping
from consent.imports.models import Stage
from consent.imports.runs import LAST
from consent.imports.uploads import Upload
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.web import api, bodies, fields, idempotency, principal
from consent.web.bodies import encode, json_response
from consent.web.principal import Principal

CSV, MULTIPART = "text/csv", "multipart/form-data"
BLOCK = 256 * 1024

_BODY = {
    "required": True,
    "content": {
        CSV: {"schema": {"type": "string", "description": "The file; say in the query which format it has."}},
        MULTIPART: {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "mapping": {"type": "string", "description": "JSON of the same form as a mapping file."},
                    "file": {"type": "string", "contentMediaType": CSV},
                },
            }
        },
    },
}


class FormatIn(fields.Schema):
    """What made the file."""

    format = fields.Word(*sorted(FORMATS), load_default=GENERIC)


class PageIn(fields.Schema):
    """Where to continue, and how many."""

    cursor = fields.ShortText(longest=100)
    limit = fields.QueryNumber(least=1, most=200, load_default=50)


class UndoIn(fields.Schema):
    """How far to go back."""

    also_opt_outs = fields.YesNo(load_default=False, metadata={"description": "Take its opt-outs back, too."})
    reason = fields.ShortText(
        longest=undoing.LONGEST_REASON, metadata={"description": "Why opt-outs have to go; name nobody in it."}
    )


class ImportOut(ma.Schema):
    """An import as it stands; counts are rows by what became of them."""

    class Meta:
        unknown = ma.INCLUDE

    id = plain.String(required=True)
    stage = plain.String(required=True, metadata={"enum": [str(stage) for stage in Stage]})
    rows = plain.Integer(required=True)
    done = plain.Integer(required=True)


def blueprint(db: Database, keyring: Keyring, governing: Governing, data_dir: Path) -> api.ApiBlueprint:
    """The doors of imports."""
    doors = api.ApiBlueprint(
        "imports", __name__, url_prefix="/api/v1/imports", description="Consents, opt-outs and records from files."
    )

    @api.body(media=(CSV, MULTIPART), limit=uploads.LIMIT)
    @doors.post("")
    @principal.require("imports:write")
    @doors.doc(requestBody=_BODY)
    @doors.arguments(FormatIn, location="query")
    @doors.response(202, ImportOut)
    @doors.alt_response(200, schema=ImportOut)
    def bring(query: dict[str, Any]) -> Response:
        """Bring a CSV file of up to 512 MiB; it is worked off after the answer, and can be followed.

        Rows that are not complete, or would take the place of an opt-out, go into quarantine. With the format records
        each row is a thing that some system holds, as POST /api/v1/records takes it. The same file by the same mapping
        is imported once: it is answered with 200 and the first import.
        """
        return _bring(db, keyring, governing, data_dir, query["format"])

    @doors.get("")
    @principal.require("imports:read")
    @doors.arguments(PageIn, location="query")
    @doors.response(200)
    def every(query: dict[str, Any]) -> Response:
        """Imports, newest first."""
        who = principal.current()
        before = _id(query["cursor"]) if "cursor" in query else LAST
        with db.read(who.organization_id, single=True) as tx:
            found = runs.newest(tx, who.organization_id, before, query["limit"] + 1)
        page: dict[str, Any] = {"imports": [queries.run_json(run) for run in found[: query["limit"]]]}
        if len(found) > query["limit"]:
            page["next"] = _cursor(found[query["limit"] - 1].id.bytes)
        return json_response(page)

    @doors.get("/<uuid:import_id>")
    @principal.require("imports:read")
    @doors.response(200, ImportOut)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def show(import_id: uuid.UUID) -> Response:
        """How far it is, and what became of its rows."""
        who = principal.current()
        with db.read(who.organization_id) as tx:
            run = runs.find(tx, who.organization_id, import_id)
            return json_response(queries.run_json(run, queries.reasons(tx, who.organization_id, import_id)))

    @doors.get("/<uuid:import_id>/quarantine")
    @principal.require("imports:read")
    @doors.arguments(PageIn, location="query")
    @doors.response(200)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    def quarantine(query: dict[str, Any], import_id: uuid.UUID) -> Response:
        """The rows that were not believed, each with every reason and the commitment or law that asks."""
        who = principal.current()
        after = _row(query["cursor"]) if "cursor" in query else 0
        with db.read(who.organization_id) as tx:
            run = runs.find(tx, who.organization_id, import_id)
            found = queries.quarantine(tx, keyring, who.organization_id, run, after, query["limit"] + 1)
        page: dict[str, Any] = {"rows": [one.as_json() for one in found[: query["limit"]]]}
        if len(found) > query["limit"]:
            page["next"] = _cursor(str(found[query["limit"] - 1].row).encode())
        return json_response(page)

    @doors.post("/<uuid:import_id>/undo")
    @principal.require("imports:write")
    @doors.arguments(UndoIn)
    @doors.response(202, ImportOut)
    @doors.alt_response(404, schema=api.Problem, content_type="application/problem+json")
    @doors.alt_response(409, schema=api.Problem, content_type="application/problem+json")
    def undo(data: dict[str, Any], import_id: uuid.UUID) -> Response:
        """Take back what it wrote, by new entries; what was withdrawn since stays so, and its opt-outs stay."""
        who = principal.current()
        reason = undoing.checked_reason(data.get("reason"), also_opt_outs=data["also_opt_outs"])

        def act(tx: Tx) -> tuple[int, bytes]:
            return 202, encode(queries.run_json(undoing.begin_in(tx, who.organization_id, import_id, reason)))

        return idempotency.write(db, who, request, clock.now(), act)

    return doors


def _bring(db: Database, keyring: Keyring, governing: Governing, data_dir: Path, format: str) -> Response:
    who, now = principal.current(), clock.now()
    idempotent = idempotency.key_of(request)
    place = running.new_run(keyring, who.organization_id, mappings.from_dict({}, format), _name(who), now)
    key = keyring.stream_key(who.organization_id, place["wrapped_key"])  # type: ignore[arg-type]
    with closing(Upload(data_dir, who.organization_id, place["id"], key)) as upload:  # type: ignore[arg-type]
        mapping = _receive(request, upload, format)
        running.check(db, keyring, governing, who.organization_id, mapping, now)
        place |= {"mapping": mapping.text, "mapping_sha256": mapping.sha256, "file_sha256": upload.keep()}
    place |= {"stage": Stage.WAITING, "uploaded": True, "rows": 0}

    def act(tx: Tx) -> tuple[int, bytes]:
        found = runs.same(tx, who.organization_id, place["file_sha256"], mapping.sha256)  # type: ignore[arg-type]
        if found is not None:
            return 200, encode(queries.run_json(found))
        runs.insert(tx, who.organization_id, place)
        return 202, encode(queries.run_json(runs.find(tx, who.organization_id, place["id"])))  # type: ignore[arg-type]

    said = idempotency.hash_of(request, place["file_sha256"] + mapping.sha256)  # type: ignore[operator]

    def work(tx: Tx) -> idempotency.Answer:
        if idempotent is None:
            return idempotency.Answer(*act(tx))
        return idempotency.once(tx, who.organization_id, who.key_id, idempotent, said, now, lambda: act(tx))

    try:
        answer = db.write(work, who.organization_id)
    except BaseException:
        uploads.forget(data_dir, place["id"])  # type: ignore[arg-type]
        raise
    if answer.status != 202 or answer.replayed:
        uploads.forget(data_dir, place["id"])  # type: ignore[arg-type]
    return answer.response()


def _receive(sent: Request, upload: Upload, format: str) -> Mapping:
    """The whole body is in the upload; how it is to be read comes back."""
    media = sent.mimetype
    sent.max_content_length = uploads.LIMIT + bodies.JSON_LIMIT  # the boundaries of a form and its mapping, too
    try:
        if media == CSV:
            for block in _blocks(sent):
                upload.write(block)
            mapping = mappings.from_dict({}, format)
        elif media == MULTIPART:
            mapping = _of_form(sent, upload, format)
        else:
            raise UnsupportedMedia(f"Send the file as {CSV}, or with its mapping as {MULTIPART}.")
    except RequestEntityTooLarge:
        raise TooLarge(f"An import reads at most {uploads.LIMIT} bytes. Split the file.", limit=uploads.LIMIT) from None
    if upload.size == 0:
        raise BadInput("The file is empty; its first row must name the columns.", field="file")
    return mapping


def _blocks(sent: Request) -> Iterator[bytes]:
    while block := sent.stream.read(BLOCK):
        yield block


def _of_form(sent: Request, upload: Upload, format: str) -> Mapping:
    """A form's file goes into the upload as it arrives, never into a temporary file that others could read."""
    parts = 0

    def into(*_: Any, **__: Any) -> Any:
        nonlocal parts
        parts += 1
        if parts > 1:
            raise BadInput("Send one file with one request.", field="file")
        return upload

    parser = FormDataParser(stream_factory=into, max_form_memory_size=mappings.LARGEST, max_form_parts=4, silent=False)
    try:
        _, form, files = parser.parse(sent.stream, MULTIPART, sent.content_length, sent.mimetype_params)
    except ValueError:
        raise Malformed("The form cannot be read; is its boundary the one in the header?") from None
    unknown = sorted({name or "(no name)" for name in (*form, *files)} - {"mapping", "file"})
    if unknown or len(form.getlist("mapping")) > 1:
        raise BadInput("A form has one part named file and at most one named mapping.", field="file")
    if "file" not in files:
        raise BadInput("Send the CSV as a part named file, with a filename.", field="file")
    told = form.get("mapping")
    return mappings.from_dict(bodies.parse_object(told.encode()) if told else {}, None if told else format)


def _name(who: Principal) -> str:
    return f"API key {who.key_id}"


def _cursor(place: bytes) -> str:
    return base64.urlsafe_b64encode(place).decode().rstrip("=")


def _place(cursor: str) -> bytes:
    try:
        place = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except ValueError:
        place = b""
    if not place or _cursor(place) != cursor:
        raise Malformed("This cursor was not made here; start again without one.", field="cursor")
    return place


def _id(cursor: str) -> uuid.UUID:
    place = _place(cursor)
    if len(place) != 16:
        raise Malformed("This cursor was not made here; start again without one.", field="cursor")
    return uuid.UUID(bytes=place)


def _row(cursor: str) -> int:
    place = _place(cursor)
    if not place.isdigit() or len(place) > 9:
        raise Malformed("This cursor was not made here; start again without one.", field="cursor")
    return int(place)
