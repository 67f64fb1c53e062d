"""What a command costs as a process of its own: time and memory."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """One run of a command."""

    seconds: float
    peak_mib: float
    status: int


def run(command: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """Run the command to its end, its output thrown away."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    peak = 0.0
    while True:
        peak = max(peak, peak_mib(process.pid))
        with suppress(subprocess.TimeoutExpired):
            status = process.wait(timeout=0.005)
            return Cost(time.perf_counter() - began, peak, status)


def peak_mib(pid: int) -> float:
    """The most memory the process has held so far, 0 when it is gone.

    Not what `wait4` says: that also counts the process it was forked from, before it ran anything of its own.
    """
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def consent(*arguments: str) -> list[str]:
    """The command line of our own command in this environment."""
    return [sys.executable, "-c", "from consent.cli import main; main()", *arguments]
