"""One JSON line per thing worth knowing: UTC, with the request id, without anything personal.

The access line is written by hand, not by the log chain: it holds nothing that would need masking (the
route's template, never the path), and a webhook should not pay for a filter it does not need.
"""

import json
import logging
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, MutableMapping
from threading import Lock
from typing import Any, TextIO

import structlog
from flask import Flask, Response, request

from consent import clock
from consent.web.access_lines import Out
from consent.web.masking import mask, mask_value
from consent.web.request_id import request_id

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log: structlog.stdlib.BoundLogger = structlog.get_logger("consent")


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """All logging of this process, also that of libraries, leaves as masked JSON lines on `stream`."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        _describe_fault,
        _name_request,
        _keep_private,
        _stamp,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_to_json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # werkzeug's own access line holds path and query
    logging.getLogger("werkzeug").setLevel(logging.WARNING)


def init_app(app: Flask, *, stream: Out | None = None) -> None:
    """Each request leaves one access line: route template, method, status, milliseconds and request id."""
    out: Out = stream or sys.stderr
    clicks = time.perf_counter

    def start() -> None:
        request.environ["consent.started"] = clicks()

    def finish(response: Response) -> Response:
        # The proxy is resolved once: each look through it costs as much as the rest of the line.
        asked = request._get_current_object()  # type: ignore[attr-defined]
        started = asked.environ.get("consent.started")
        spent = 0.0 if started is None else (clicks() - started) * 1000
        rule, method = asked.url_rule, asked.method
        out.write(
            f'{{"timestamp":"{clock.now().isoformat()}","event":"request","request_id":"{request_id()}",'
            f'"method":"{method if method in METHODS else "other"}","route":"{rule.rule if rule else ""}",'
            f'"status":{response.status_code},"ms":{spent:.2f}}}\n'
        )
        return response

    app.before_request(start)
    app.after_request(finish)


def traced(error: BaseException) -> dict[str, Any]:
    """What the log may hold of an error: its type, where it happened, and its first line without values."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    facts: dict[str, Any] = {
        "error": type(error).__name__,
        "said": _without_values(str(error)),
        "at": [f"{_in_package(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if error.__cause__ is not None:
        facts["because"] = f"{type(error.__cause__).__name__}: {_without_values(str(error.__cause__))}"
    return facts


def _in_package(filename: str) -> str:
    return filename.rpartition("/consent/")[2].rpartition("/site-packages/")[2]


# Lines that strangers can cause, and how many of them a minute are enough to notice.
PER_MINUTE = {"webhook_refused": 10, "api_key_refused": 10, "drp_refused": 10}


class SecurityEvents:
    """Writes security lines; a kind that strangers can cause is limited, and what was left out is counted."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = Lock()
        self._written: dict[str, deque[float]] = {}
        self._left_out: dict[str, int] = {}

    def __call__(self, kind: str, **facts: object) -> bool:
        """One warning line of this kind; false when this minute already has enough of them."""
        left_out = 0
        per_minute = PER_MINUTE.get(kind)
        if per_minute is not None:
            with self._lock:
                instant = self._monotonic()
                recent = self._written.setdefault(kind, deque())
                while recent and recent[0] <= instant - 60:
                    recent.popleft()
                if len(recent) >= per_minute:
                    self._left_out[kind] = self._left_out.get(kind, 0) + 1
                    return False
                recent.append(instant)
                left_out = self._left_out.pop(kind, 0)
        if left_out:
            facts["left_out"] = left_out
        log.warning("security", kind=kind, **facts)
        return True


security_event = SecurityEvents()


def _name_request(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event.setdefault("request_id", request_id())
    return event


def _keep_private(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if not name.startswith("_"):
            event[name] = mask_value(name, value)
    return event


def _stamp(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event["timestamp"] = clock.now().isoformat()
    return event


def _describe_fault(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A traceback, ours or a library's, becomes type and frames: its text would show values."""
    given = event.pop("exc_info", None)
    record: logging.LogRecord | None = event.get("_record")
    if record is not None and record.exc_info:
        given, record.exc_info, record.exc_text = record.exc_info, None, None
    error = given if isinstance(given, BaseException) else given[1] if isinstance(given, tuple) else None
    if given and error is None:
        error = sys.exc_info()[1]
    if error is not None:
        event.update(traced(error))
    return event


def _without_values(said: str) -> str:
    """The first line of an error's text without what stands in quotes: libraries quote the value at fault."""
    first = said.partition("\n")[0][:300]
    kept, quote = [], ""
    for character in first:
        if quote:
            if character == quote:
                quote = ""
                kept.append("…" + character)
        else:
            if character in "'\"`":
                quote = character
            kept.append(character)
    return mask("".join(kept))


def _to_json(event: Any, **_options: Any) -> str:
    return json.dumps(event, ensure_ascii=False, default=lambda value: mask(str(value)))


# Until `configure` is called, in a command or a test, our own lines are masked all the same.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        _describe_fault,
        _name_request,
        _keep_private,
        _stamp,
        structlog.processors.JSONRenderer(serializer=_to_json),
    ],
    logger_factory=lambda *_name: structlog.PrintLogger(sys.stderr),
    wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
)
