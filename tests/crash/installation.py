"""An installation of the service in a folder of its own: set up by the demo, run as an operator runs it."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests
from click.testing import CliRunner

from consent import config as configuration
from consent.cli import main
from consent.house import House
from consent.organizations import service as organizations
from tests.crash import prepared

SLUG = "valley-smart-homes"
READY_WITHIN = 60.0
CONSENT = ("-c", "from consent.cli import main; main()")
REPOSITORY = Path(__file__).resolve().parents[2]


class NotServing(Exception):
    """The service did not come up, or a command failed; the text says where to read why."""


class Installation:
    """A data folder with a database; `program` is what runs `serve`, the real command or a planted one."""

    def __init__(self, folder: Path, database_url: str = "", program: tuple[str, ...] = CONSENT) -> None:
        self.folder = folder
        self.data_dir = folder / "var"
        self.program = program
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("CONSENT_")} | {
            "CONSENT_DATA_DIR": str(self.data_dir),
            "CONSENT_PUBLIC_URL": self.url,
            "CONSENT_THREADS": "16",
            # A restart that compiles the program anew would take longer than what it interrupts.
            "PYTHONDONTWRITEBYTECODE": "",
        }
        if database_url:
            self.environment["CONSENT_DATABASE_URL"] = database_url
        self.log = folder / "service.log"
        self.servers: dict[str, subprocess.Popen[bytes]] = {}
        prepared.set_up(
            self.data_dir,
            database_url,
            lambda: self.run("demo", "--prepare-only", "--brief", "--port", str(self.port)),
        )
        planted = json.loads((self.data_dir / "demo.json").read_text())[SLUG]
        self.path, self.number = f"/webhooks/sms/{planted['endpoint']}", planted["number"]
        self.house = House.open(configuration.load(self.environment))
        with self.house.db.read() as tx:
            self.tenant = organizations.find(tx, SLUG)
        with self.house.db.read(self.tenant.id) as tx:
            (account,) = organizations.accounts(tx, self.house.keyring, self.tenant.id)
        self.token, self.outbox = str(account.settings["auth_token"]), self.data_dir / "dev-outbox.jsonl"
        if account.settings["path"] != str(self.outbox):
            prepared.write_texts_to(self.house, self.tenant.id, account.id, self.outbox)

    @property
    def is_postgresql(self) -> bool:
        """Whether timed jobs run in a process of their own."""
        return self.house.db.is_postgresql

    def run(self, *arguments: str) -> str:
        """What a command of the service prints; NotServing if it says no."""
        done = subprocess.run(
            [sys.executable, *CONSENT, *arguments],
            env=self.environment,
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode:
            raise NotServing(f"consent {' '.join(arguments)}: {done.stdout}{done.stderr}".strip())
        return done.stdout

    def ask(self, *arguments: str) -> str:
        """What a command prints that only looks, run in this process; NotServing if it says no."""
        others = {name: None for name in os.environ if name.startswith("CONSENT_") and name not in self.environment}
        done = CliRunner().invoke(main, arguments, env={**self.environment, **others})
        if done.exit_code:
            raise NotServing(f"consent {' '.join(arguments)}: {done.output}{done.exception or ''}".strip())
        return done.stdout

    def start(self, prefix: tuple[str, ...] = (), more: Mapping[str, str] | None = None) -> None:
        """What does not run is started, and the service answers."""
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            if self._is_down("serve"):
                serve = (*prefix, sys.executable, *self.program, "serve", "--port", str(self.port))
                self._launch("serve", serve, more or {})
            if self.is_postgresql and self._is_down("worker"):
                self._launch("worker", (sys.executable, *CONSENT, "worker"), {})
            if self.answers():
                return
            time.sleep(0.05)
        raise NotServing(f"The service did not come up; see {self.log}.")

    def answers(self) -> bool:
        """Whether somebody serves right now."""
        try:
            return requests.get(self.url + "/healthz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def stop(self) -> None:
        """Every process has been asked to end, and has."""
        for server in self.servers.values():
            server.send_signal(signal.SIGTERM)
        for server in self.servers.values():
            try:
                server.wait(timeout=30)
            except subprocess.TimeoutExpired:
                kill_group(server)
        self.servers.clear()

    def kill_everything(self) -> None:
        """Nothing of the service runs any more, without a word."""
        for server in self.servers.values():
            kill_group(server)
        self.servers.clear()

    def close(self) -> None:
        """No process and no connection is left."""
        self.kill_everything()
        self.house.db.close()

    def _is_down(self, name: str) -> bool:
        return name not in self.servers or self.servers[name].poll() is not None

    def _launch(self, name: str, command: tuple[str, ...], more: Mapping[str, str]) -> None:
        with self.log.open("ab") as log:
            self.servers[name] = subprocess.Popen(
                command,
                env={**self.environment, **more},
                cwd=REPOSITORY,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def kill_group(server: "subprocess.Popen[bytes]") -> None:
    """The process and all its children are gone (each server leads a group of its own)."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def children(pid: int) -> list[int]:
    """The serving children of a process, without Python's own helper that counts shared resources."""
    found: list[int] = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            continue
        if parent == pid and b"resource_tracker" not in command:
            found.append(int(folder.name))
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: Any = probe.getsockname()[1]
        return int(port)
