"""Nobody in a hurry waits for ever, and nobody asks a database again that has just failed. No test measures a time."""

import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from consent.db import Database, Sql, Tx, patience
from consent.db.breaker import HOLD_SECONDS, Breaker
from consent.errors import Unavailable
from tests.support.databases import ON_SQLITE
from tests.support.postgres import frozen

ONE = Sql("SELECT 1")
MAKE = Sql("CREATE TABLE kept (name TEXT)")
PUT = Sql("INSERT INTO kept VALUES (:name)")
NAMES = Sql("SELECT name FROM kept")


pytestmark = pytest.mark.timeout(60)


@pytest.fixture(autouse=True)
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not ask how long it may wait hangs until the test is ended."""
    monkeypatch.setattr(patience, "LONGEST", 1000.0)


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, connections=4, wait=1.0)
    yield opened
    opened.close()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'kept.db'}")
    opened.write(lambda tx: tx.run(MAKE, {}))
    yield opened
    opened.close()


def names(db: Database) -> list[str]:
    with db.read() as tx:
        return [str(name) for (name,) in tx.all(NAMES, {})]


def backend(db: Database) -> int:
    """The server process behind the one idle connection."""
    with db.read() as tx:
        row = tx.one(Sql("SELECT pg_backend_pid()"), {})
    assert row is not None
    return int(row[0])


def test_a_frozen_server_is_given_up_by_pipelines_and_by_sessions(postgresql_url: str) -> None:
    for ask in ("pipeline", "session"):
        db = Database(postgresql_url, connections=1)
        with frozen([backend(db)]), patience.bounded(0.3), pytest.raises(Unavailable), db.read() as tx:
            if ask == "pipeline":
                tx.one(ONE, {})
            else:
                tx.session.connection().exec_driver_sql("SELECT 1")
        assert db.reading.is_open
        with db.read() as tx:  # another connection, since the first was closed
            assert tx.one(ONE, {}) == (1,)
        assert not db.reading.is_open
        db.close()


def test_a_server_that_takes_no_connection_is_given_up(tmp_path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as mute:
        mute.bind(str(tmp_path / ".s.PGSQL.5432"))
        mute.listen(1)
        db = Database(f"postgresql+psycopg://nobody@/none?host={tmp_path}")
        with patience.bounded(0.2), pytest.raises(Unavailable):
            db.write(lambda tx: tx.one(ONE, {}))
        db.close()


def test_a_locked_file_is_given_up_and_what_had_not_begun_never_happens(file: Database) -> None:
    assert file.file is not None
    other = sqlite3.connect(file.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waits = threading.Thread(target=lambda: file.write(lambda tx: tx.run(PUT, {"name": "first"})))
    waits.start()  # the committing thread meets the lock
    with patience.bounded(0.1), pytest.raises(Unavailable):
        file.write(lambda tx: tx.run(PUT, {"name": "given up"}))
    other.execute("ROLLBACK")
    other.close()
    waits.join(10)
    file.write(lambda tx: tx.run(PUT, {"name": "last"}))
    assert names(file)[-1] == "last"
    assert "given up" not in names(file)


def test_a_file_that_can_be_written_again_is_written_again(file: Database) -> None:
    file.write(lambda tx: tx.run(Sql("PRAGMA query_only=ON"), {}))  # as a connection to a file that is read-only
    with pytest.raises(Unavailable):
        file.write(lambda tx: tx.run(PUT, {"name": "refused"}))
    file.write(lambda tx: tx.run(PUT, {"name": "taken"}))
    assert names(file) == ["taken"]


@ON_SQLITE
def test_after_a_failure_whoever_is_in_a_hurry_is_refused_at_once_and_others_ask(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def fails(tx: Tx) -> None:
        asked.append(1)
        raise sqlite3.OperationalError("disk is full")

    monkeypatch.setattr(db.writing, "_monotonic", lambda: 100.0)
    with pytest.raises(Unavailable):
        db.write(fails)
    with patience.bounded(5.0):
        for _ in range(3):
            with pytest.raises(Unavailable):
                db.write(fails)
    assert len(asked) <= 2  # the committing thread tries a failed group of one no second time
    began = len(asked)
    db.write(lambda tx: None)
    with patience.bounded(5.0), pytest.raises(Unavailable):
        db.write(fails)
    assert len(asked) > began


def test_one_caller_a_second_tries_whether_it_works_again() -> None:
    time = [0.0]
    breaker = Breaker(lambda: time[0])
    breaker.failed()
    assert [breaker.admits(), breaker.admits()] == [False, False]
    time[0] += HOLD_SECONDS
    assert [breaker.admits(), breaker.admits()] == [True, False]
    breaker.worked()
    assert [breaker.admits(), breaker.admits()] == [True, True]


def test_the_time_that_is_left_shrinks_with_each_wait_and_ends_with_the_block() -> None:
    assert patience.left() is None
    with patience.bounded(2.0):
        patience.spent(0.0)  # since the monotonic clock began
        assert patience.left() == patience.LEAST
        with patience.unhurried():
            assert not patience.in_a_hurry()
    assert patience.left() is None
