"""Web servers under test: each in a process group of its own, started, paused, measured and stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
READY_WITHIN = 120.0
STOPS_WITHIN = 15.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Settings:
    """How granian is told to serve; floors get exactly what our own service uses."""

    processes: int
    threads: int
    backpressure: int


class ServerFailed(Exception):
    """A server did not come up; its last words are in the message."""


class Server:
    """A running server: `pause` keeps its background work from disturbing somebody else's round."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], port: int, log: Path) -> None:
        self.name = name
        self.address = (HOST, port)
        self._log = log
        began = time.perf_counter()
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                command,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_ready()
        self.ready_after = time.perf_counter() - began

    def pause(self) -> None:
        """Every process of the server stands still."""
        os.killpg(self._process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Every process of the server goes on."""
        os.killpg(self._process.pid, signal.SIGCONT)

    def stop(self) -> None:
        """The server is gone, politely if it can be."""
        with suppress(subprocess.TimeoutExpired, ProcessLookupError):
            self.resume()
            self._process.terminate()
            self._process.wait(timeout=STOPS_WITHIN)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=STOPS_WITHIN)

    def cpu_seconds(self) -> float:
        """Processor time of all its processes so far."""
        ticks = 0
        for pid in self._pids():
            fields = _stat(pid)
            ticks += int(fields[11]) + int(fields[12])
        return ticks / _TICKS

    def memory_mib(self) -> float:
        """Resident memory of its largest process: the web process, not the watcher over it."""
        sizes = [0]
        for pid in self._pids():
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    sizes.append(int(line.split()[1]))
        return max(sizes) / 1024

    def last_words(self) -> str:
        """The end of what the server printed."""
        return self._log.read_text(errors="replace")[-2000:]

    def _pids(self) -> list[int]:
        group = str(self._process.pid)
        return [
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and (fields := _stat(int(entry.name))) and fields[2] == group
        ]

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                with socket.create_connection(self.address, timeout=1) as probe:
                    probe.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    if probe.recv(16).startswith(b"HTTP/1.1 "):
                        return
            except OSError:
                pass
            time.sleep(0.02)
        self.stop()
        raise ServerFailed(f"{self.name} did not answer within {READY_WITHIN:.0f} s.\n{self.last_words()}")


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """The server, stopped when the block is left."""
    try:
        yield server
    finally:
        server.stop()


def granian(target: str, port: int, settings: Settings) -> list[str]:
    """The command line that serves what the factory `target` makes."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port),
        "--workers", str(settings.processes), "--blocking-threads", str(settings.threads),
        "--backpressure", str(settings.backpressure), "--http", "1", "--no-ws",
        "--log-level", "warning", "--factory", target,
    ]  # fmt: skip


def gunicorn(target: str, port: int, settings: Settings) -> list[str]:
    """The same object under gunicorn's threads, for comparison."""
    return [
        sys.executable, "-m", "gunicorn", "--bind", f"{HOST}:{port}", "--worker-class", "gthread",
        "--workers", str(settings.processes), "--threads", str(settings.threads), "--log-level", "warning",
        f"{target}()",
    ]  # fmt: skip


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the state on; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
