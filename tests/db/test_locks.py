"""Two servers never share a SQLite file; writers of two processes take turns."""

from pathlib import Path

import pytest

from consent.db.locks import FileLock, hold_server_lock, locks_work
from consent.errors import SetupProblem


def test_a_second_server_of_the_same_file_is_refused_by_a_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    first = hold_server_lock(tmp_path / "consent.sqlite3")
    with pytest.raises(SetupProblem, match=r"already serves .*PostgreSQL"):
        hold_server_lock(tmp_path / "consent.sqlite3")
    first.close()


def test_a_server_that_is_gone_leaves_the_file_free(tmp_path: Path) -> None:
    hold_server_lock(tmp_path / "consent.sqlite3").close()
    hold_server_lock(tmp_path / "consent.sqlite3").close()


def test_servers_of_different_files_do_not_meet(tmp_path: Path) -> None:
    first, second = hold_server_lock(tmp_path / "a.sqlite3"), hold_server_lock(tmp_path / "b.sqlite3")
    first.close()
    second.close()


def test_a_held_lock_is_not_had_twice(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "x.lock"), FileLock(tmp_path / "x.lock")
    with first:
        assert not second.try_hold()
    assert second.try_hold()
    first.close()
    second.close()


def test_a_folder_tells_whether_locks_work_and_keeps_no_trace_of_the_question(tmp_path: Path) -> None:
    assert locks_work(tmp_path)
    assert not locks_work(tmp_path / "missing")
    assert list(tmp_path.iterdir()) == []
