"""What `db.write` and `db.read` promise, on both databases."""

import sqlite3
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psycopg
import pytest

from consent.db import Database, Sql, Tx
from consent.errors import BadInput, Unavailable
from tests.support.databases import ON_POSTGRESQL, ON_SQLITE, psycopg_url
from tests.support.statements import seen

# A table that work without an organization may write: rows of the organization that is nobody.
PUT = Sql(
    "INSERT INTO wording (organization_id, sha256, language, text, first_seen_at)"
    " VALUES (zeroblob(16), zeroblob(32), :name, '', '2026-01-01 00:00:00.000000')",
    postgresql="INSERT INTO wording (organization_id, sha256, language, text, first_seen_at) VALUES"
    " ('00000000-0000-0000-0000-000000000000', decode(repeat('00', 32), 'hex'), :name, '', now())",
)
HOW_MANY = Sql("SELECT count(*) FROM wording")


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, connections=8, wait=1.0)
    yield opened
    opened.close()


def put(name: str) -> Any:
    return lambda tx: tx.run(PUT, {"name": name})


def names(db: Database) -> int:
    with db.read() as tx:
        row = tx.one(HOW_MANY, {})
    assert row is not None
    return int(row[0])


def test_what_was_written_is_there_for_a_stranger_once_write_returns(db: Database) -> None:
    assert db.write(put("one")) == 1
    if db.is_postgresql:
        with psycopg.connect(psycopg_url(db.url)) as stranger:
            found = stranger.execute("SELECT count(*) FROM wording").fetchone()
    else:
        with sqlite3.connect(str(db.file)) as raw:
            found = raw.execute("SELECT count(*) FROM wording").fetchone()
        raw.close()
    assert found == (1,)


def test_a_failing_work_leaves_nothing_and_its_error_is_raised_as_it_is(db: Database) -> None:
    def work(tx: Tx) -> None:
        tx.run(PUT, {"name": "half"})
        raise BadInput("no", field="name")

    with pytest.raises(BadInput):
        db.write(work)
    assert names(db) == 0
    db.write(put("next"))
    assert names(db) == 1


def test_a_driver_that_cannot_becomes_unavailable(db: Database) -> None:
    away = psycopg.OperationalError("away") if db.is_postgresql else sqlite3.OperationalError("disk I/O error")

    def work(tx: Tx) -> None:
        raise away

    with pytest.raises(Unavailable) as refused:
        db.write(work)
    assert refused.value.__cause__ is away


def test_reading_that_cannot_becomes_unavailable(db: Database) -> None:
    with pytest.raises(Unavailable), db.read():
        raise psycopg.OperationalError("away") if db.is_postgresql else sqlite3.OperationalError("away")
    assert names(db) == 0


def test_what_is_written_while_reading_is_refused_or_lost(db: Database) -> None:
    try:
        with db.read() as tx:
            tx.run(PUT, {"name": "sneaked"})
    except Unavailable:
        assert not db.is_postgresql
    assert names(db) == 0


@ON_POSTGRESQL
def test_a_lost_connection_costs_one_answer_and_no_more(db: Database) -> None:
    db.write(put("before"))
    with psycopg.connect(psycopg_url(db.url), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with pytest.raises(Unavailable):
        db.write(put("during"))
    db.write(put("after"))
    assert names(db) == 2


def test_two_writers_of_the_same_row_both_succeed_by_trying_again(db: Database) -> None:
    name = uuid.uuid4().hex[:16]
    find = Sql("SELECT 1 FROM wording WHERE language = :name")
    together = threading.Barrier(2) if db.is_postgresql else None

    def work(tx: Tx) -> str:
        if tx.one(find, {"name": name}) is not None:
            return "found"
        if together is not None and not together.broken:
            with suppress(threading.BrokenBarrierError):
                together.wait(timeout=2)
        tx.run(PUT, {"name": name})
        return "made"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda _: db.write(work), range(2)))
    assert sorted(outcomes) == ["found", "made"]


@ON_SQLITE
def test_works_that_wait_together_share_one_commit(db: Database) -> None:
    with seen(db) as statements, held_back(db) as group:
        group.add(*(put(str(n)) for n in range(5)))
    assert statements.commits == 2  # the one that held the queue, and the five
    assert names(db) == 5


@ON_SQLITE
def test_one_failing_work_never_fails_its_neighbours_and_leaves_nothing_of_itself(db: Database) -> None:
    def half(tx: Tx) -> None:
        tx.run(PUT, {"name": "half"})
        raise BadInput("no")

    with held_back(db) as group:
        group.add(put("a"), put("a"), put("b"), half, lambda tx: 1 // 0, put("c"))
    kinds = [type(one).__name__ for one in group.errors]
    assert kinds == ["NoneType", "IntegrityError", "NoneType", "BadInput", "ZeroDivisionError", "NoneType"]
    assert names(db) == 3


@ON_SQLITE
def test_nobody_is_answered_before_the_commit(db: Database) -> None:
    answered, early = threading.Event(), []

    def on_statement(text: str) -> None:
        if text == "COMMIT":
            early.append(answered.wait(0.1))

    def watch(tx: Tx) -> None:
        driver: Any = tx.connection.connection.driver_connection
        driver.set_trace_callback(on_statement)

    db.write(watch)
    db.write(lambda tx: None)
    early.clear()
    db.write(put("one"))
    answered.set()
    db.write(lambda tx: tx.connection.connection.driver_connection.set_trace_callback(None))  # type: ignore[union-attr]
    assert early == [False]


@ON_SQLITE
def test_a_commit_that_fails_fails_everybody_in_it(db: Database) -> None:
    deferred = Sql("PRAGMA defer_foreign_keys=ON")
    make = Sql("CREATE TABLE below (id INTEGER REFERENCES above (id))")
    parent = Sql("CREATE TABLE above (id INTEGER PRIMARY KEY)")
    orphan = Sql("INSERT INTO below VALUES (1)")

    def breaks(tx: Tx) -> None:
        for statement in (deferred, orphan):
            tx.run(statement, {})

    db.write(lambda tx: (tx.run(parent, {}), tx.run(make, {})))
    with held_back(db) as group:
        group.add(put("a"), breaks)
    assert all(group.errors)
    assert names(db) == 0
    db.write(put("after"))
    assert names(db) == 1


@ON_SQLITE
def test_a_write_inside_a_write_is_refused(db: Database) -> None:
    with pytest.raises(RuntimeError, match="inside a write"):
        db.write(lambda tx: db.write(put("inner")))
    assert names(db) == 0


class Group:
    """Works that all stand in the queue before the first of them runs."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._threads: list[threading.Thread] = []
        self.errors: list[BaseException | None] = []

    def add(self, *works: Any) -> None:
        committer: Any = self._db._committer
        for work in works:
            place = len(self.errors)
            self.errors.append(None)

            def run(work: Any = work, place: int = place) -> None:
                try:
                    self._db.write(work)
                except BaseException as error:
                    self.errors[place] = error

            thread = threading.Thread(target=run)
            thread.start()
            self._threads.append(thread)
            while committer._queue.qsize() < len(self._threads):
                threading.Event().wait(0.001)

    def join(self) -> None:
        for thread in self._threads:
            thread.join(timeout=10)


class held_back:
    """The committing thread waits until the block ends; what was added then runs together."""

    def __init__(self, db: Database) -> None:
        self._go, self._group, self._db = threading.Event(), Group(db), db

    def __enter__(self) -> Group:
        begun = threading.Event()

        def hold(tx: Tx) -> None:
            begun.set()
            self._go.wait(10)

        self._holder = threading.Thread(target=lambda: self._db.write(hold))
        self._holder.start()
        begun.wait(10)
        return self._group

    def __exit__(self, *_: object) -> None:
        self._go.set()
        self._holder.join(timeout=10)
        self._group.join()
