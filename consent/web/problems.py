"""The one error handler: a problem document (RFC 9457) for programs, a page for people, never a trace.

What is refused is said in the words of the table in `problem_types`; a fault of ours shows nothing but the
request id, under which the log holds the rest.
"""

import json
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, current_app, render_template, request
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from consent.errors import BadInput, ConsentError, NotFound, Unavailable
from consent.web import frame, logs
from consent.web.messages import N_
from consent.web.problem_types import TYPES, ProblemType, for_status
from consent.web.request_id import request_id

PROBLEM_JSON = "application/problem+json"

# Programs stand at these doors; everybody else is a person with a browser.
FOR_PROGRAMS = ("/api/", "/drp/", "/webhooks/", "/log/", "/.well-known/", "/healthz", "/readyz", "/metrics")

# A stranger at a webhook learns nothing from the answer, not even how it was refused.
SILENT_AT_WEBHOOKS = frozenset({401, 403, 404, 405})

pages = Blueprint("problems", __name__, url_prefix="/problems")


class InvalidFields(BadInput):
    """Several values cannot be used; `errors` lists each with a pointer, the field and a sentence."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        first = errors[0] if errors else {"field": "", "message": "The request cannot be used."}
        where = f"{first['field']}: " if first.get("field") else ""
        super().__init__(f"{where}{first['message']}", field=first.get("field") or None)
        self.errors = errors


def init_app(app: Flask) -> None:
    """Every error of this app is answered here, and each problem type has its page."""
    app.register_blueprint(pages)
    app.register_error_handler(ConsentError, answer_refusal)
    app.register_error_handler(ValidationError, answer_invalid)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(Exception, answer_fault)


@pages.get("/")
def index() -> str:
    """All problem types on one page."""
    return render_template("web/problem_types.html", types=TYPES.values())


@pages.get("/<slug>")
def explain(slug: str) -> str:
    """What one problem type means and what to do."""
    if slug not in TYPES:
        raise NotFound(N_("There is no such problem type."))
    return render_template("web/problem_type.html", kind=TYPES[slug])


def answer_refusal(error: ConsentError) -> AnyResponse:
    """The error's own words, unless the fault is ours: then they go to the log and the id to the reader."""
    headers = {}
    kind = TYPES.get(error.slug) or ProblemType(error.slug, error.status, error.title, "", "")
    members = _plain(error.facts)
    detail = error.detail
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(error.retry_after)
        logs.log.warning("unavailable", **logs.traced(error))
    elif error.status >= 500:
        logs.log.error("fault", **logs.traced(error))
        detail, members = TYPES["internal-error"].meaning, {}
    if isinstance(error, InvalidFields):
        members["errors"] = error.errors
    elif error.field is not None and error.status == 422 and "errors" not in members:
        at = {"pointer": pointer(error.field.split(".")), "field": error.field, "message": detail}
        members["errors"] = [at]
    if error.field is not None:
        members["field"] = error.field
    return _answer(kind, error.status, error.title, detail, members, headers)


def answer_invalid(error: ValidationError) -> AnyResponse:
    """A schema said no: 422 with each field at fault."""
    return answer_refusal(InvalidFields(fields_at_fault(error.normalized_messages())))  # type: ignore[no-untyped-call]


def answer_http(error: HTTPException) -> AnyResponse:
    """What the framework raised, in our form; redirects and ready-made responses pass as they are."""
    status = error.code or 500
    if error.response is not None or status < 400:
        return error.get_response()
    data: Mapping[str, Any] = getattr(error, "data", None) or {}
    if status == 422 and data.get("messages"):
        return answer_refusal(InvalidFields(fields_at_fault(data["messages"])))
    kind = for_status(status)
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return _answer(kind, status, kind.title, str(data.get("message") or kind.meaning), {}, headers)


def answer_fault(error: Exception) -> AnyResponse:
    """Nothing foresaw this: 500 with the request id; in tests it goes on, so that nobody overlooks it."""
    propagate = current_app.config.get("PROPAGATE_EXCEPTIONS")
    if propagate or (propagate is None and current_app.testing):
        raise error
    logs.log.error("fault", **logs.traced(error))
    kind = TYPES["internal-error"]
    return _answer(kind, 500, kind.title, kind.meaning, {}, {})


def fields_at_fault(messages: Any, parameter_of: str | None = None) -> list[dict[str, str]]:
    """marshmallow's nested messages as a flat list; `parameter_of` names the place outside the body."""
    found: list[dict[str, str]] = []

    def walk(node: Any, path: tuple[str, ...]) -> None:
        if isinstance(node, Mapping):
            for key, below in node.items():
                walk(below, path if key == "_schema" else (*path, str(key)))
        elif isinstance(node, list | tuple):
            for below in node:
                walk(below, path)
        else:
            place = {parameter_of: ".".join(path)} if parameter_of else {"pointer": pointer(path)}
            found.append({**place, "field": ".".join(path), "message": str(node)})

    walk(messages, ())
    return found


def pointer(path: tuple[str, ...] | list[str]) -> str:
    """A JSON pointer (RFC 6901) to the value at `path`."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)


def for_a_program(path: str) -> bool:
    """Whether a program reads the answer at this path."""
    return path.startswith(FOR_PROGRAMS) and path != "/api/docs"


def _answer(
    kind: ProblemType, status: int, title: str, detail: str, members: dict[str, Any], headers: dict[str, str]
) -> AnyResponse:
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="consent"'
    path = request.path
    if path.startswith("/webhooks/") and status in SILENT_AT_WEBHOOKS:
        return Response(b"", status=status, headers=headers, content_type="text/plain; charset=utf-8")
    known = {
        "type": kind.uri,
        "title": title,
        "status": status,
        "detail": detail,
        "request_id": request_id(),
    }
    if not for_a_program(path):
        if status >= 500:
            frame.without()
        page = render_template("web/problem.html", kind=kind, problem=known, members=members)
        return Response(page, status=status, headers=headers, content_type="text/html; charset=utf-8")
    extra = {name: value for name, value in members.items() if name not in known}
    body = json.dumps(known | extra, ensure_ascii=False, separators=(",", ":"))
    return Response(body.encode("utf-8", "replace"), status=status, headers=headers, content_type=PROBLEM_JSON)


def _plain(facts: Mapping[str, object]) -> dict[str, Any]:
    """The facts of an error as JSON values; what has no plain form is left out rather than guessed."""
    return {name: _plain_value(value) for name, value in facts.items() if _plain_value(value) is not None}


def _plain_value(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return _plain({str(name): below for name, below in value.items()})
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain_value(below) for below in value]
    return None
