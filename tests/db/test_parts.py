"""Work that several want the like of is done in one go, and is each one's own all the same (SQLite)."""

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from consent.db import Database, Part, Sql, Tx
from consent.db.committer import Waiting
from consent.db.parts import runs

ONE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
_MAKE, _PUT = Sql("CREATE TABLE said (word TEXT, whose TEXT)"), Sql("INSERT INTO said VALUES (:word, :whose)")
_SAID = Sql("SELECT word FROM said ORDER BY rowid")


class Writing:
    """Writes words, and remembers which came together."""

    def __init__(self) -> None:
        self.turns: list[list[str]] = []

    def all_of(self, tx: Tx, words: Sequence[str]) -> list[str]:
        self.turns.append(list(words))
        for one in words:
            tx.run(_PUT, {"word": one, "whose": str(tx.organization_id)})
            if one == "refused":
                raise ValueError(one)
        return [one.upper() for one in words]

    def part(self, word: str) -> Part[str, str]:
        return Part(self.all_of, word)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/x.sqlite3")
    made.write(lambda tx: tx.run(_MAKE, {}))
    yield made
    made.close()


def said(db: Database) -> list[str]:
    with db.read() as tx:
        return [word for (word,) in tx.all(_SAID, {})]


def at_once(db: Database, works: Sequence[tuple[Callable[[Tx], Any], uuid.UUID]]) -> list[Any]:
    """What each of these gave or raised; they stand in the queue, in this order, before the first is begun."""
    committer: Any = db._committer
    begin, begun = threading.Event(), threading.Event()

    def hold(_: Tx) -> None:
        begun.set()
        begin.wait(10)

    holder = threading.Thread(target=db.write, args=(hold,))
    holder.start()
    begun.wait(10)
    found: list[Any] = [None] * len(works)

    def run(place: int) -> None:
        try:
            found[place] = db.write(*works[place])
        except ValueError as error:
            found[place] = error

    threads = []
    for place in range(len(works)):
        thread = threading.Thread(target=run, args=(place,))
        thread.start()
        threads.append(thread)
        while committer._queue.qsize() <= place:
            pass
    begin.set()
    for thread in (holder, *threads):
        thread.join(10)
    return found


def test_neighbours_of_one_kind_are_done_together_and_each_gets_its_own(db: Database) -> None:
    writing = Writing()
    assert at_once(db, [(writing.part(word), ONE) for word in "abc"]) == ["A", "B", "C"]
    assert writing.turns == [["a", "b", "c"]]
    assert said(db) == ["a", "b", "c"]


def test_what_came_between_is_done_between(db: Database) -> None:
    writing, another = Writing(), Writing()

    def between(tx: Tx) -> int:
        return len(tx.all(_SAID, {}))

    works: list[tuple[Callable[[Tx], Any], uuid.UUID]] = [
        (writing.part("a"), ONE),
        (writing.part("b"), ONE),
        (between, ONE),
        (writing.part("c"), ONE),
        (writing.part("e"), OTHER),
        (another.part("d"), OTHER),
    ]
    assert at_once(db, works) == ["A", "B", 2, "C", "E", "D"]
    assert writing.turns == [["a", "b"], ["c"], ["e"]]
    assert another.turns == [["d"]]


def test_one_that_fails_fails_alone(db: Database) -> None:
    writing = Writing()
    first, error, last = at_once(db, [(writing.part(word), ONE) for word in ("a", "refused", "b")])
    assert (first, str(error), last) == ("A", "refused", "B")
    assert said(db) == ["a", "b"]


def test_who_has_given_up_is_no_part_of_it(db: Database) -> None:
    writing = Writing()
    waiting = [Waiting(writing.part(word), ONE) for word in "abc"]
    waiting[1].given_up = True
    (some,) = runs(one for one in waiting if not one.given_up)
    assert [one.work.item for one in some] == ["a", "c"]


def test_by_itself_it_is_work_like_any_other(db: Database) -> None:
    writing = Writing()
    assert db.write(writing.part("a"), ONE) == "A"
    assert writing.turns == [["a"]]
