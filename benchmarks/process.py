"""What a command costs as a process of its own: time and memory."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


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
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(time.perf_counter() - began, usage.ru_maxrss / 1024, process.returncode)


def consent(*arguments: str) -> list[str]:
    """The command line of our own command in this environment."""
    return [sys.executable, "-c", "from consent.cli import main; main()", *arguments]
