"""A POST that comes twice is done once, on both databases."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, Response, request

from consent.db import Database, Sql, Tx
from consent.errors import BadInput, Malformed
from consent.web import idempotency
from consent.web.principal import Principal
from tests.support.databases import ON_POSTGRESQL

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ORGANIZATION, OTHER, KEY = UUID(int=1), UUID(int=2), UUID(int=3)
HASH, OTHER_HASH = b"h" * 32, b"o" * 32
COUNT = Sql("SELECT count(*) FROM idempotency_key")


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.close()


class Acts:
    """Counts how often the work was done."""

    def __init__(self) -> None:
        self.done = 0
        self.may_finish = threading.Event()
        self.may_finish.set()

    def __call__(self) -> tuple[int, bytes]:
        self.done += 1
        self.may_finish.wait(10)
        return 201, b'{"n":%d}' % self.done


def ask(db: Database, act: Any, key: str = "k1", request_hash: bytes = HASH, key_id: UUID = KEY,
        organization_id: UUID = ORGANIZATION, now: datetime = NOW) -> idempotency.Answer:  # fmt: skip
    return db.write(
        lambda tx: idempotency.once(tx, organization_id, key_id, key, request_hash, now, act), organization_id
    )


def test_the_second_request_gets_the_first_answer_and_does_nothing(db: Database) -> None:
    act = Acts()
    assert ask(db, act) == (201, b'{"n":1}', False)
    assert ask(db, act, now=NOW + timedelta(hours=23)) == (201, b'{"n":1}', True)
    assert act.done == 1


def test_the_same_key_with_another_body_is_refused(db: Database) -> None:
    act = Acts()
    ask(db, act)
    with pytest.raises(idempotency.KeyReused) as caught:
        ask(db, act, request_hash=OTHER_HASH)
    assert (caught.value.status, caught.value.slug) == (422, "idempotency-key-reused")
    assert act.done == 1


@pytest.mark.parametrize("other", [{"key": "k2"}, {"key_id": OTHER}, {"organization_id": OTHER}], ids=str)
def test_keys_of_others_do_not_meet(db: Database, other: dict[str, Any]) -> None:
    act = Acts()
    ask(db, act)
    assert ask(db, act, **other) == (201, b'{"n":2}', False)


def test_a_refused_request_leaves_nothing_and_may_come_again(db: Database) -> None:
    def refuse() -> tuple[int, bytes]:
        raise BadInput("No.")

    with pytest.raises(BadInput):
        ask(db, refuse)
    assert ask(db, Acts()).replayed is False


def test_two_at_the_same_moment_are_done_once(db: Database) -> None:
    act = Acts()
    act.may_finish.clear()
    answers: list[idempotency.Answer] = []
    threads = [threading.Thread(target=lambda: answers.append(ask(db, act))) for _ in range(4)]
    for thread in threads:
        thread.start()
    act.may_finish.set()
    for thread in threads:
        thread.join(20)
    assert act.done == 1
    assert {(answer.status, answer.body) for answer in answers} == {(201, b'{"n":1}')}
    assert sorted(answer.replayed for answer in answers) == [False, True, True, True]


def test_answers_are_kept_a_full_day_and_then_purged(db: Database) -> None:
    ask(db, Acts())
    ask(db, Acts(), organization_id=OTHER)

    def purge(after: timedelta) -> int:
        return db.write(lambda tx: idempotency.purge(tx, ORGANIZATION, NOW + after), ORGANIZATION)

    def left(tx: Tx) -> int:
        row = tx.one(COUNT, {})
        assert row is not None
        return int(row[0])

    assert purge(timedelta(hours=24)) == 0
    assert purge(timedelta(hours=24, microseconds=1)) == 1
    assert db.write(left, OTHER) == 1


def test_neither_key_nor_request_is_stored_in_clear(db: Database) -> None:
    ask(db, Acts(), key="a-key-with-15095550142")
    everything = Sql("SELECT key_hash, request_hash, body FROM idempotency_key")
    rows = db.write(lambda tx: tx.all(everything, {}), ORGANIZATION)
    assert b"15095550142" not in b"".join(bytes(value) for row in rows for value in row)


@pytest.mark.parametrize(
    ("sent", "read"),
    [("abc", "abc"), ('"abc"', "abc"), (" 0199f3a2-7c1e ", "0199f3a2-7c1e"), ("x" * 255, "x" * 255), (None, None)],
)
def test_the_header_is_read_with_or_without_quotes(sent: str | None, read: str | None) -> None:
    headers = {} if sent is None else {"Idempotency-Key": sent}
    with Flask("x").test_request_context("/", method="POST", headers=headers):
        assert idempotency.key_of(request) == read


@pytest.mark.parametrize("sent", ["", "a b", "x" * 256, '"', "é", "a\tb"])
def test_a_header_that_is_no_key_is_refused(sent: str) -> None:
    context = Flask("x").test_request_context("/", method="POST")
    context.request.environ["HTTP_IDEMPOTENCY_KEY"] = sent
    with context, pytest.raises(Malformed):
        idempotency.key_of(request)


def test_method_path_and_body_make_the_request() -> None:
    def hashed(method: str, path: str, body: bytes) -> bytes:
        with Flask("x").test_request_context(path, method=method):
            return idempotency.hash_of(request, body)

    assert len({hashed("POST", "/a", b"1"), hashed("POST", "/a", b"2"), hashed("POST", "/b", b"1")}) == 3


def test_a_repeated_answer_says_so() -> None:
    assert idempotency.Answer(201, b"{}", replayed=True).response().headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in idempotency.Answer(201, b"{}").response().headers


def test_over_http_the_work_is_done_once_and_the_repeat_says_so(db: Database) -> None:
    act, who = Acts(), Principal(ORGANIZATION, KEY, frozenset())
    site = Flask("x", static_folder=None)

    @site.post("/work")
    def work() -> Response:
        return idempotency.write(db, who, request, NOW, lambda tx: act())

    client = site.test_client()
    first, again = (client.post("/work", json={"a": 1}, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, first.json) == (again.status_code, again.json) == (201, {"n": 1})
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    with pytest.raises(idempotency.KeyReused):
        site.testing = True
        client.post("/work", json={"a": 2}, headers={"Idempotency-Key": "k"})
    assert client.post("/work", json={"a": 1}).json == {"n": 2}


@ON_POSTGRESQL
def test_an_answer_that_is_purged_while_its_request_comes_again_makes_it_a_first_one(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts, later, run = Acts(), NOW + timedelta(days=2), Tx.run
    ask(db, acts)

    def then_purged(tx: Tx, *said: Any) -> int:
        monkeypatch.undo()
        found = run(tx, *said)
        db.write(lambda other: idempotency.purge(other, ORGANIZATION, later), ORGANIZATION)
        return found

    monkeypatch.setattr(Tx, "run", then_purged)
    assert ask(db, acts, now=later) == (201, b'{"n":2}', False)
