"""The floors keep the promises they are compared by: proved, found, written, durable."""

import sqlite3
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from benchmarks import twilio
from benchmarks.floors import sqlite
from benchmarks.floors.app import create_app

URL = "https://texts.example/webhook"
SECRET = b"a floor's secret"
NUMBER = "+15095550142"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "floor.sqlite3"
    sqlite.prepare(path, [NUMBER], "notifications", "2026-01-05T12:00:00+00:00")
    return path


@pytest.fixture
def floor(database: Path) -> FlaskClient:
    return create_app(str(database), URL, SECRET).test_client()


def stop(number: str = NUMBER) -> dict[str, str]:
    return {"From": number, "MessageSid": "SM1", "Body": "STOP"}


def signed(form: dict[str, str]) -> dict[str, str]:
    return {"X-Twilio-Signature": twilio.signature(SECRET, URL, form.items())}


def test_a_signed_stop_writes_event_state_and_outbox(floor: FlaskClient, database: Path) -> None:
    assert floor.post("/webhook", data=stop(), headers=signed(stop())).status_code == 200
    assert [sqlite.count(database, table) for table in ("event", "state", "outbox")] == [1, 1, 1]
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT state FROM state").fetchall() == [("withdrawn",)]
        ((size, hashed),) = connection.execute("SELECT length(body), length(hash) FROM event").fetchall()
        assert (size > 840, hashed) == (True, 32)


def test_a_wrong_signature_writes_nothing(floor: FlaskClient, database: Path) -> None:
    headers = signed(stop("+15095550143"))
    assert floor.post("/webhook", data=stop(), headers=headers).status_code == 403
    assert sqlite.count(database, "event") == 0


def test_a_decision_is_stored_before_it_is_answered(floor: FlaskClient, database: Path) -> None:
    asked = {"program": "notifications", "address": NUMBER}
    assert floor.post("/decisions", json=asked).status_code == 201
    assert sqlite.count(database, "decision") == 1


def test_an_explained_decision_reads_the_state_and_writes_nothing(floor: FlaskClient, database: Path) -> None:
    asked = {"program": "notifications", "address": NUMBER}
    assert floor.post("/decisions/explained", json=asked).get_json() == {"answer": "allow"}
    floor.post("/webhook", data=stop(), headers=signed(stop()))
    assert floor.post("/decisions/explained", json=asked).get_json() == {"answer": "deny"}
    assert sqlite.count(database, "decision") == 0


def test_commits_are_synced_to_the_disk(database: Path) -> None:
    connection = sqlite.connect(database)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
