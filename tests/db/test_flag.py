"""A flag that one process takes away is gone for all of them at once, and asking costs no call of the system."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from consent.db.flag import Flag
from consent.errors import Unavailable

TAKE_AWAY = "import sys; from consent.db.flag import Flag; Flag(sys.argv[1]).take_away()"


def at(folder: Path) -> str:
    return str(folder / "flag")


def test_it_stands_when_put_up_and_not_before_or_after(tmp_path: Path) -> None:
    flag = Flag(at(tmp_path))
    assert not flag.stands()
    flag.put_up()
    assert flag.stands()
    flag.take_away()
    assert not flag.stands()
    flag.take_away()
    flag.put_up()
    assert flag.stands()


def test_what_another_process_takes_away_is_gone_here_at_once_although_it_was_seen(tmp_path: Path) -> None:
    mine = Flag(at(tmp_path))
    mine.put_up()
    assert mine.stands()
    subprocess.run([sys.executable, "-c", TAKE_AWAY, at(tmp_path)], check=True)
    assert not mine.stands()
    Flag(at(tmp_path)).put_up()
    assert mine.stands()


def test_asking_again_asks_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flag = Flag(at(tmp_path))
    flag.put_up()
    assert flag.stands()
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("a call of the system"))
    assert flag.stands()


def test_an_empty_file_of_an_earlier_release_stands_until_it_is_taken_away(tmp_path: Path) -> None:
    Path(at(tmp_path)).touch()
    flag = Flag(at(tmp_path))
    assert flag.stands()
    flag.take_away()
    assert not flag.stands()


def test_one_that_was_being_taken_away_when_the_power_went_stands_no_longer(tmp_path: Path) -> None:
    Flag(at(tmp_path)).put_up()
    Path(at(tmp_path)).write_bytes(b"0")
    assert not Flag(at(tmp_path)).stands()
    Flag(at(tmp_path)).put_up()
    assert Flag(at(tmp_path)).stands()


def test_whoever_cannot_tell_the_others_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flag = Flag(at(tmp_path))
    flag.put_up()

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(Unavailable):
        flag.take_away()
    assert flag.stands()


@pytest.mark.parametrize("how", ["by hand", "another folder is put in its place"])
def test_one_that_somebody_else_removed_is_missed_within_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    flag = Flag(at(tmp_path))
    flag.put_up()
    assert flag.stands()
    if how == "by hand":  # or by an earlier release, which overwrites nothing
        Path(at(tmp_path)).unlink()
    else:
        Path(at(tmp_path)).rename(tmp_path / "moved")
    later = time.monotonic() + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert not flag.stands()
