"""The JSON API's base: flask-smorest with strict reading, problem documents and the bearer scheme.

Where this differs from flask-smorest: it has no error handler of its own (that one would answer pages too),
errors are problem+json in the document as in the answer, and unknown or repeated query parameters and bodies
that are not JSON are refused.
"""

from collections.abc import Callable
from functools import cache, partial, wraps
from http import HTTPStatus
from threading import Lock
from typing import Any, NoReturn, TypeVar, cast
from urllib.parse import unquote_plus

import flask_smorest  # type: ignore[import-untyped]
import marshmallow as ma
from flask import Flask, Response, current_app, request
from marshmallow import fields
from webargs.flaskparser import FlaskParser

from consent.errors import Malformed, UnsupportedMedia
from consent.web import bodies
from consent.web.problems import PROBLEM_JSON, InvalidFields, fields_at_fault

View = TypeVar("View", bound=Callable[..., Any])

Doc = dict[str, Any]

WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class FieldAtFault(ma.Schema):
    """One value that cannot be used; some carry what asks for it, such as commitment and law."""

    class Meta:
        unknown = ma.INCLUDE

    pointer = fields.String(metadata={"description": "JSON pointer into the body (RFC 6901)."})
    parameter = fields.String(metadata={"description": "Name of the query parameter, where it is one."})
    field = fields.String(metadata={"description": "Dotted name of the field."})
    message = fields.String(metadata={"description": "What is wrong with it."})
    commitment = fields.String(metadata={"description": "The promise that asks for it."})
    law = fields.String(metadata={"description": "The law that asks for it."})


class Problem(ma.Schema):
    """A refusal (RFC 9457); some kinds carry further members, such as commitment."""

    class Meta:
        unknown = ma.INCLUDE

    type = fields.String(required=True, metadata={"description": "Stable address of the kind of problem."})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "What happened and what to do."})
    field = fields.String(metadata={"description": "The first field at fault."})
    errors = fields.List(fields.Nested(FieldAtFault))
    request_id = fields.String(required=True)


class StrictParser(FlaskParser):
    """Reads bodies by `bodies.parse`, refuses unknown query parameters, raises what `problems` answers."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012  (webargs' own attribute)
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
        "querystring": ma.RAISE,
    }

    def handle_error(self, error: ma.ValidationError, req: Any, schema: Any, **_kwargs: Any) -> NoReturn:
        """Every field at fault, in the body or in the query."""
        found: list[dict[str, str]] = []
        for place, messages in error.normalized_messages().items():  # type: ignore[no-untyped-call]
            found += fields_at_fault(messages, None if place == "json" else "parameter")
        raise InvalidFields(found) from error


class ApiBlueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """A group of API doors; guards put on it before it is registered are asked first."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._checked = False
        self._undescribed: list[Callable[[], None]] = []
        self._prepare_doc_cbks.append(_describe_common)

    def _store_endpoint_docs(self, *args: Any, **options: Any) -> None:
        """Later: what is copied here serves the description alone."""
        self._undescribed.append(partial(super()._store_endpoint_docs, *args, **options))

    def register_views_in_doc(self, api: "Api", *args: Any, **kwargs: Any) -> None:
        """Later, when somebody asks for the description: it costs more than all else at the start of a process."""
        api.undescribed += [*self._undescribed, partial(super().register_views_in_doc, api, *args, **kwargs)]

    def register(self, app: Any, options: dict[str, Any]) -> None:
        """Puts the reading rules behind the guards that are on the blueprint by now."""
        if not self._checked:
            self._checked = True
            self.before_request(check_request)
        super().register(app, options)

    def arguments(
        self, schema: Any, *, location: str = "json", limit: int = bodies.JSON_LIMIT, **kwargs: Any
    ) -> Callable[[View], View]:
        """As in flask-smorest; a door that reads its query says so, all others refuse any.

        A JSON body is read here: webargs would make the schema anew for each request, which costs as much as
        everything else the door does.
        """
        reader = shared(schema)
        inner = super().arguments(reader, location=location, **kwargs)

        def decorate(view: View) -> View:
            described: Any = inner(view)
            if location != "json":
                described.takes_query = location in ("query", "querystring")
                wrapped: View = described
                return wrapped

            @wraps(view)
            def read(*args: Any, **given: Any) -> Any:
                return view(*args, loaded(reader, limit), **given)

            read._apidoc = described._apidoc  # type: ignore[attr-defined]
            return cast(View, read)

        return decorate

    def response(self, status_code: Any, schema: Any = None, **kwargs: Any) -> Any:
        """As in flask-smorest, which is not asked about an answer that is ready."""
        inner = super().response(status_code, shared(schema), **kwargs)
        finishing = cache(lambda: inner(lambda said: said))

        def decorate(view: View) -> View:
            described: Any = inner(view)

            @wraps(view)
            def answer(*args: Any, **given: Any) -> Any:
                said = view(*args, **given)
                return said if isinstance(said, Response) else finishing()(said)

            answer._apidoc = described._apidoc  # type: ignore[attr-defined]
            return cast(View, answer)

        return decorate

    def alt_response(self, status_code: Any, response: Any = None, *, schema: Any = None, **kwargs: Any) -> Any:
        """As in flask-smorest."""
        return super().alt_response(status_code, response, schema=shared(schema), **kwargs)


def shared(schema: Any) -> Any:
    """One of its kind for all doors, where a class is given: making one costs more than registering a door."""
    return _made(schema) if isinstance(schema, type) else schema


@cache
def _made(schema: type[ma.Schema]) -> ma.Schema:
    return schema()


def loaded(reader: ma.Schema, limit: int = bodies.JSON_LIMIT) -> Any:
    """The body of this request as the schema reads it; an absent one is an empty object."""
    raw = bodies.read_bytes(request, limit)
    try:
        return reader.load(bodies.parse_object(raw) if raw else {})
    except ma.ValidationError as error:
        raise InvalidFields(fields_at_fault(error.normalized_messages())) from error  # type: ignore[no-untyped-call]


class Api(flask_smorest.Api):  # type: ignore[misc]
    """The documented API of one app."""

    ERROR_SCHEMA = Problem

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.undescribed: list[Callable[[], None]] = []
        self._describing = Lock()
        super().__init__(*args, **kwargs)

    def describe(self) -> None:
        """Every door that was registered so far stands in the description."""
        with self._describing:
            while self.undescribed:
                self.undescribed[0]()
                del self.undescribed[0]

    def _openapi_json(self) -> Any:
        self.describe()
        return super()._openapi_json()

    def _register_error_handlers(self) -> None:
        """None: `problems` answers for the whole app."""

    def _register_responses(self) -> None:
        self.undescribed.append(self._describe_refusals)

    def _describe_refusals(self) -> None:
        """Errors are described as the problem documents they are."""
        self.DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM_JSON
        try:
            super()._register_responses()
        finally:
            self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/json"


def create_api(app: Flask, *, version: str) -> Api:
    """The API of this app, described in OpenAPI 3.1 at /api/openapi.json."""
    app.config.update(
        API_TITLE="Consent",
        API_VERSION=version,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = Api(
        app,
        spec_kwargs={
            "info": {
                "description": "May this message go to this address now? Record what a person agreed to or "
                "refused, ask before you send, and keep the proof. Times are RFC 3339 with offset, numbers "
                "E.164. Errors are RFC 9457 problem documents; each type has its page.",
            },
            "security": [{"bearer": []}],
        },
    )
    api.spec.components.security_scheme(
        "bearer",
        {"type": "http", "scheme": "bearer", "description": "A key of one organization: ck_… with scopes."},
    )
    api.spec.components.parameter(
        "IdempotencyKey",
        "header",
        {
            "name": "Idempotency-Key",
            "description": "A new value for each new request; the same value with the same body gets "
            "the same answer for at least 24 hours and does nothing twice.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7e]+$"},
        },
    )
    return api


def body(*, media: tuple[str, ...] = (), limit: int = bodies.JSON_LIMIT) -> Callable[[View], View]:
    """This door also reads these media types, and bodies up to `limit` bytes; put it outermost."""

    def decorate(view: View) -> View:
        view.body_media = media  # type: ignore[attr-defined]
        view.body_limit = limit  # type: ignore[attr-defined]
        return view

    return decorate


def check_request() -> None:
    """Refuses repeated or unexpected query parameters and bodies of a type or size the door does not read."""
    environ = request.environ
    if query := environ.get("QUERY_STRING"):
        _check_query(query, bool(getattr(_view(), "takes_query", False)))
    if environ["REQUEST_METHOD"] not in WITH_BODY:
        return
    if environ.get("CONTENT_LENGTH") in (None, "", "0") and "HTTP_TRANSFER_ENCODING" not in environ:
        return
    content_type = environ.get("CONTENT_TYPE", "")
    if not bodies.is_json(content_type):
        also: tuple[str, ...] = getattr(_view(), "body_media", ())
        if content_type.partition(";")[0].strip().lower() not in also:
            offered = " or ".join((bodies.JSON, *also))
            raise UnsupportedMedia(f"Send the body with the header Content-Type: {offered}.")


def body_limit() -> int:
    """How many bytes the door of this request reads."""
    limit: int = getattr(_view(), "body_limit", bodies.JSON_LIMIT)
    return limit


def _check_query(query: str, taken: bool) -> None:
    seen: set[str] = set()
    for part in query.split("&"):
        if not part:
            continue
        name = unquote_plus(part.partition("=")[0])[:100]
        if name in seen:
            raise Malformed("A query parameter appears twice.", field=name)
        seen.add(name)
    if seen and not taken:
        raise InvalidFields(
            [{"parameter": name, "field": name, "message": "Unknown parameter."} for name in sorted(seen)]
        )


def _view() -> Any:
    """The function that will answer, inside its class where it has one."""
    view: Any = current_app.view_functions[request.endpoint or ""]
    of_class = getattr(view, "view_class", None)
    if of_class is None:
        return view
    method = request.method.lower()
    return getattr(of_class, method, None) or (of_class.get if method == "head" else view)


def _describe_common(doc: Doc, doc_info: Doc, *, method: str, **_kwargs: Any) -> Doc:
    """What holds for every door: its scope, how it refuses, and the Idempotency-Key of a POST."""
    responses = doc.setdefault("responses", {})
    refusals = [HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY]
    if scope := doc_info.get("scope"):
        doc["security"] = [{"bearer": [scope]}]
        refusals += [HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN]
    if method in ("post", "put", "patch"):
        refusals += [HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE]
    if method == "post":
        doc.setdefault("parameters", []).append("IdempotencyKey")
    for status in refusals:
        responses.setdefault(str(status.value), status.name)
    responses.setdefault("default", "DEFAULT_ERROR")
    return doc
