"""The local spool: what was appended is there, in order, encrypted, for every process; and it says when it cannot."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from consent.db import spool as spools
from consent.db.durable import is_durable
from consent.db.spool import Spool
from consent.db.sql import Sql
from consent.db.transaction import Tx
from consent.errors import Unavailable

KEY = bytes(range(32))
NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    made = Spool(tmp_path / "spool", KEY)
    yield made
    made.close()


def keep(spool: Spool, *contents: bytes, proved: bool = True) -> None:
    for number, content in enumerate(contents):
        spool.append(content, NOW + timedelta(seconds=number), lane=7, proved=proved)


def contents(spool: Spool) -> list[bytes | None]:
    return [row.content for row in spool.next(100)]


def test_nothing_is_made_on_disk_before_it_is_needed(spool: Spool) -> None:
    assert not spool.waiting()
    assert spool.figures() == spools.Figures(0, 0, None)
    assert not spool.folder.exists()


def test_what_was_kept_comes_back_in_order_with_its_arrival_also_in_another_process(spool: Spool) -> None:
    keep(spool, b"first", b"second", b"third")
    other = Spool(spool.folder, KEY)
    assert other.waiting()
    assert contents(other) == [b"first", b"second", b"third"]
    assert [row.arrived_at for row in other.next(2)] == [NOW, NOW + timedelta(seconds=1)]
    assert other.figures() == spools.Figures(3, 0, NOW)
    other.close()


def test_it_is_empty_when_the_last_is_done_and_not_before(spool: Spool) -> None:
    keep(spool, b"first", b"second")
    first, second = spool.next(2)
    spool.done([first.seq])
    assert spool.waiting()
    spool.done([second.seq])
    assert not spool.waiting()
    keep(spool, b"third")
    assert spool.waiting()


def test_a_mark_that_is_wrong_after_a_crash_is_put_right_at_the_next_start(spool: Spool) -> None:
    keep(spool, b"first")
    (spool.folder / "nothing-waits").touch()  # its removal had not reached the disk
    again = Spool(spool.folder, KEY)
    again.prepare()
    assert again.waiting()
    again.done([row.seq for row in again.next(9)])
    (spool.folder / "nothing-waits").unlink()
    assert again.waiting()
    again.done(())
    assert not again.waiting()
    again.close()


def _full_after(monkeypatch: pytest.MonkeyPatch, method: str, statement: Sql) -> None:
    """The disk is full when the work that ran this statement is to be committed."""
    real, over, ran = getattr(Tx, method), Tx.flush, set[int]()

    def noted(tx: Tx, sql: Sql, parameters: Any) -> Any:
        if sql is statement:
            ran.add(id(tx))
        return real(tx, sql, parameters)

    def flush(tx: Tx) -> None:
        if id(tx) in ran:
            raise Unavailable("The disk is full.")
        over(tx)

    monkeypatch.setattr(Tx, method, noted)
    monkeypatch.setattr(Tx, "flush", flush)


def test_what_could_not_be_set_aside_still_waits_and_is_known_to(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(spool, b"poison")
    (poison,) = spool.next(1)
    with monkeypatch.context() as patched:
        _full_after(patched, "run", spools._FAILED)
        with pytest.raises(Unavailable):
            spool.failed(poison.seq, "ValueError", aside=True)
    assert spool.figures().waiting == 1
    assert spool.waiting()
    spool.failed(poison.seq, "ValueError", aside=True)
    assert not spool.waiting()


def test_what_could_not_be_forgotten_still_waits_and_is_known_to(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(spool, b"first")
    (first,) = spool.next(1)
    with monkeypatch.context() as patched:
        _full_after(patched, "many", spools._DELETE)
        with pytest.raises(Unavailable):
            spool.done([first.seq])
    assert spool.figures().waiting == 1
    assert spool.waiting()
    spool.done([first.seq])
    assert not spool.waiting()


def test_while_others_set_it_aside_in_one_commit_the_mark_waits_for_that_commit(spool: Spool) -> None:
    keep(spool, b"poison")
    (poison,) = spool.next(1)
    db = spool._opened()
    told: list[bool] = []

    def aside(tx: Tx) -> None:
        tx.run(spools._FAILED, {"seq": poison.seq, "error": "", "aside": 1})
        spool._tell(db, tx)
        told.append(spool.waiting())

    db.write(aside)
    assert told == [True]
    spool.done(())
    assert not spool.waiting()


def test_a_folder_that_cannot_be_looked_into_may_hold_something(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(spool, b"first")

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", refused)
        assert spool.waiting()


def test_nothing_can_be_read_from_the_files_and_nobody_else_may(spool: Spool) -> None:
    keep(spool, b"STOP from +15095550142")
    for file in spool.folder.iterdir():
        assert b"5550142" not in file.read_bytes(), file
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file


def test_a_row_that_was_changed_does_not_open_and_is_still_there(spool: Spool) -> None:
    keep(spool, b"first", b"second")
    spool.close()
    raw = sqlite3.connect(spool.file)
    raw.execute("UPDATE spooled SET arrived_at = '2026-11-21 18:00:00.000000' WHERE seq = 1")
    raw.commit()
    raw.close()
    assert contents(Spool(spool.folder, KEY)) == [None, b"second"]


def test_what_is_set_aside_waits_for_a_person_and_can_be_brought_back(spool: Spool) -> None:
    keep(spool, b"poison", b"fine")
    poison, fine = spool.next(2)
    spool.failed(poison.seq, "ValueError", aside=False)
    assert [row.tries for row in spool.next(2)] == [1, 0]
    spool.failed(poison.seq, "ValueError", aside=True)
    spool.done([fine.seq])
    assert not spool.waiting()
    assert (spool.figures().waiting, spool.figures().aside) == (0, 1)
    assert spool.bring_back() == 1
    assert spool.waiting()
    assert contents(spool) == [b"poison"]


def test_strangers_cannot_fill_the_disk(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spools, "MOST_UNPROVED", 2)
    keep(spool, b"?", b"?", proved=False)
    with pytest.raises(Unavailable):
        keep(spool, b"?", proved=False)
    keep(spool, b"proved")
    monkeypatch.setattr(spools, "MOST_UNPROVED", 100)
    monkeypatch.setattr(spools, "MOST_UNPROVED_BYTES", 10)
    with pytest.raises(Unavailable):
        keep(spool, b"?", proved=False)


def test_room_is_made_before_it_is_needed_and_is_used(spool: Spool) -> None:
    spool.prepare()
    size = spool.file.stat().st_size
    assert size >= spools.RESERVE
    for _ in range(3):
        keep(spool, *[b"x" * 100_000 for _ in range(10)])
    assert spool.file.stat().st_size == size
    log = spool.file.with_name(spool.file.name + "-wal").stat().st_size
    keep(spool, b"x" * 100_000)
    assert spool.file.with_name(spool.file.name + "-wal").stat().st_size == log


def test_a_folder_that_cannot_be_made_refuses(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    spool = Spool(tmp_path / "file" / "spool", KEY)
    assert not spool.usable()
    with pytest.raises(Unavailable):
        keep(spool, b"lost?")


def test_a_folder_in_memory_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spools, "is_durable", lambda folder: False)
    with pytest.raises(Unavailable):
        keep(Spool(tmp_path / "spool", KEY), b"lost?")


def test_file_systems_in_memory_are_known_by_their_kind(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 1 254:0 / / rw - ext4 /dev/vda rw\n"
        "30 22 0:26 / /run rw,nosuid shared:5 - tmpfs tmpfs rw\n"
        "31 30 254:1 / /run/my\\040data rw - xfs /dev/vdb rw\n"
    )
    assert is_durable(Path("/srv"), mounts)
    assert not is_durable(Path("/run/consent"), mounts)
    assert is_durable(Path("/run/my data/spool"), mounts)
    assert is_durable(Path("/run"), tmp_path / "missing")
