"""Log lines: JSON, UTC, with the request id, nothing personal, security lines that cannot flood."""

import io
import json
import logging
import subprocess
import sys
from typing import Any

from flask import Flask

from consent.web import logs


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_each_request_leaves_one_line_with_the_route_not_the_path(site: Flask, log: io.StringIO) -> None:
    answer = site.test_client().get("/problems/not-found?who=+15095550142")
    (line,) = lines(log)
    assert line["event"] == "request"
    assert line["route"] == "/problems/<slug>"
    assert line["status"] == 200
    assert line["method"] == "GET"
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["timestamp"].endswith("+00:00")
    assert line["ms"] >= 0


def test_neither_path_nor_method_of_a_stranger_is_written(site: Flask, log: io.StringIO) -> None:
    site.test_client().open("/+15095550142/jo@mail.example?x=+15095550142", method="X15095550142")
    (line,) = lines(log)
    assert (line["route"], line["method"]) == ("", "other")
    assert "5550142" not in log.getvalue()


def test_our_own_lines_are_masked(log: io.StringIO) -> None:
    logs.log.info("looked for +15095550142", where="jo@mail.example", phone="x", key_id="k")
    (line,) = lines(log)
    assert line["event"] == "looked for [masked]"
    assert (line["where"], line["phone"], line["key_id"]) == ("[masked]", "[masked]", "k")


def test_lines_of_libraries_are_masked_too(log: io.StringIO) -> None:
    logging.getLogger("some.library").warning("could not reach %s", "jo@mail.example", extra={"sender": "x"})
    (line,) = lines(log)
    assert line["event"] == "could not reach [masked]"
    assert line["logger"] == "some.library"
    assert line["level"] == "warning"


def test_a_traceback_is_written_as_places_without_values(log: io.StringIO) -> None:
    def fail(number: str) -> None:
        raise ValueError(f"bad number '{number}' of `Jo` \"Doe\"\nDETAIL: ({number})")

    for logger in (logging.getLogger("some.library"), logs.log):
        try:
            fail("15095550142")
        except ValueError:
            logger.exception("failed")
    for line in lines(log):
        assert line["error"] == "ValueError"
        assert any("fail" in place for place in line["at"])
        assert line["said"] == "bad number '…' of `…` \"…\""
    assert "5550142" not in log.getvalue()


def test_a_value_with_a_line_break_stays_one_line(log: io.StringIO) -> None:
    logs.log.info('a\nb\r\n{"event":"forged"}')
    assert len(log.getvalue().splitlines()) == 1


def test_a_security_line_names_its_kind(log: io.StringIO) -> None:
    assert logs.security_event("key.created", key_id="k") is True
    (line,) = lines(log)
    assert (line["event"], line["kind"], line["key_id"], line["level"]) == ("security", "key.created", "k", "warning")


def test_security_lines_strangers_cause_are_limited_and_counted(log: io.StringIO) -> None:
    instants = iter([0.0] * 100 + [61.0])
    event = logs.SecurityEvents(monotonic=lambda: next(instants))
    written = [event("webhook_refused", gateway="twilio") for _ in range(100)]
    assert written.count(True) == 10
    event("webhook_refused")
    assert lines(log)[-1]["left_out"] == 90
    assert len(lines(log)) == 11


def test_security_lines_without_a_limit_are_all_written(log: io.StringIO) -> None:
    for _ in range(50):
        logs.security_event("key.revoked")
    assert len(lines(log)) == 50


def test_a_line_is_masked_even_before_logging_is_set_up() -> None:
    program = "from consent.web.logs import log; log.warning('looked for +15095550142', mail='jo@mail.example')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    line = json.loads(done.stderr)
    assert (line["event"], line["mail"], done.stdout) == ("looked for [masked]", "[masked]", "")
