"""`consent due --json-lines` under attack: every line is answered, and nothing ends in a trace."""

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from consent.cli import main

ROOT = Path(__file__).resolve().parents[2]
RUN = "from consent.cli import main; main()"
GOOD = {"rule": "US-CA-RESPOND", "received_at": "2026-11-20T09:00:00-08:00", "timezone": "America/Los_Angeles"}


def line(**changes: object) -> bytes:
    return json.dumps(GOOD | changes).encode() + b"\n"


def due(lines: bytes) -> Result:
    return CliRunner().invoke(main, ["due", "--json-lines"], input=lines)


@pytest.mark.parametrize(
    "bad",
    [
        b'{"rule": NaN}\n',
        b'{"rule": ' + b"9" * 6000 + b"}\n",
        b"\xff\xfe\x00\n",
        b"\n",
        b"null\n",
        b"[" * 200_000 + b"\n",
        b'{"a":' * 100_000 + b"\n",
        b'{"rule":"' + b"x" * 5_000_000 + b'"}\n',
        b"{" + b",".join(b'"k%d":1' % number for number in range(100_000)) + b',"k99999":2}\n',
        line(received_at="0001-01-01T00:00:00Z"),
        line(received_at="9999-12-31T23:59:59-12:00"),
        line(received_at="2026-11-20T09:00:60Z"),
        line(received_at="2026-11-20T09:00:00+99:99"),
        line(rule="COMPANY-RETENTION", period="P9999Y", relevant_time="2026-01-01"),
        line(rule="COMPANY-RESPOND", policy_period="P99999999999D", law_rule="US-CA-RESPOND"),
        line(rule="COMPANY-RESPOND", policy_period="P30D", law_rule="COMPANY-RESPOND"),
        line(pauses=[["1900-01-01", "2199-12-31"]] * 3),
        line(timezone="../../etc/passwd"),
        line(timezone="\x00"),
        line(rule="\ud800"),
        line(jurisdiction="\ud83d"),
    ],
)
def test_a_bad_line_is_named_and_the_next_is_answered(bad: bytes) -> None:
    done = due(bad + line())
    assert done.exception is None or isinstance(done.exception, SystemExit)
    first, second = map(json.loads, done.stdout.splitlines())
    assert (done.exit_code, first["line"]) == (1, 1)
    assert 0 < len(first["error"]) < 2000
    assert second["due"] == "2027-01-04"


def test_whoever_stops_reading_ends_it_without_a_trace() -> None:
    command = [sys.executable, "-c", RUN, "due", "--json-lines"]
    asked = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    assert asked.stdin is not None and asked.stdout is not None and asked.stderr is not None
    asked.stdin.write(line())
    asked.stdin.flush()
    assert b"2027-01-04" in asked.stdout.readline()
    asked.stdout.close()
    with suppress(BrokenPipeError):
        asked.stdin.write(line() * 2000)
    with suppress(BrokenPipeError):
        asked.stdin.close()
    said = asked.stderr.read()
    asked.stderr.close()
    asked.wait(60)
    assert b"Traceback" not in said


@pytest.mark.parametrize(("end", "says"), [("> /dev/full", b"cannot be written"), ("<&-", b"Standard input is closed")])
def test_a_full_disk_and_a_closed_input_are_said_in_a_sentence(end: str, says: bytes) -> None:
    shell = f"echo '{json.dumps(GOOD)}' | {sys.executable} -c '{RUN}' due --json-lines {end}"
    done = subprocess.run(["bash", "-c", shell], cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert done.returncode != 0
    assert says in done.stderr and b"Traceback" not in done.stderr
