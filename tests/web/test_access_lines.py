"""Lines that come at once leave together; none is lost, doubled or out of order."""

import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from consent.web.access_lines import MOST_HELD, Together


class Writes:
    """A stream that keeps each write, and fails while `broken`."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.broken: Exception | None = None
        self.written = threading.Event()

    def write(self, text: str, /) -> None:
        if self.broken is not None:
            raise self.broken
        self.texts.append(text)
        self.written.set()


def test_lines_of_many_threads_leave_together_and_in_the_order_of_each() -> None:
    out = Writes()
    lines = Together(out, held_for=3600)
    threads = [threading.Thread(target=lambda n=n: [lines.write(f"{n} {i}\n") for i in range(100)]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert out.texts == []
    lines.hand_on()
    (text,) = out.texts
    said = text.splitlines()
    assert len(said) == 800
    for n in range(8):
        assert [one for one in said if one.startswith(f"{n} ")] == [f"{n} {i}" for i in range(100)]


def test_a_line_leaves_without_anything_that_follows_it() -> None:
    out = Writes()
    lines = Together(out, held_for=0)
    for text in ("first\n", "second\n"):  # the second one finds the thread waiting again
        out.written.clear()
        lines.write(text)
        assert out.written.wait(30)
    assert "".join(out.texts) == "first\nsecond\n"


@pytest.mark.parametrize("error", [BrokenPipeError(), ValueError("closed")])
def test_a_stream_that_is_gone_fails_nobody_and_may_come_back(error: Exception) -> None:
    out = Writes()
    lines = Together(out, held_for=3600)
    out.broken = error
    lines.write("lost\n")
    lines.hand_on()
    out.broken = None
    lines.write("said\n")
    lines.hand_on()
    assert out.texts == ["said\n"]


def test_what_nobody_reads_takes_bounded_memory() -> None:
    out = Writes()
    lines = Together(out, held_for=3600)
    for number in range(MOST_HELD + 5):
        lines.write(f"{number}\n")
    lines.hand_on()
    assert out.texts[0].splitlines() == [str(number) for number in range(5, MOST_HELD + 5)]


PROGRAMS: dict[str, Callable[[str], str]] = {
    "a process": lambda start: f"{start}\nspeak()",
    "a forked worker": lambda start: (
        f"{start}\nimport multiprocessing as mp\np = mp.get_context('fork').Process(target=speak)\np.start()\np.join()"
    ),
}


@pytest.mark.parametrize("kind", PROGRAMS)
def test_what_is_held_at_the_end_of_a_process_is_said(kind: str) -> None:
    start = (
        "import sys\nfrom consent.web.access_lines import Together\n"
        "def speak():\n    Together(sys.stderr, held_for=3600).write('the last line\\n')"
    )
    done = subprocess.run([sys.executable, "-c", PROGRAMS[kind](start)], capture_output=True, text=True, check=True)
    assert done.stderr == "the last line\n"
