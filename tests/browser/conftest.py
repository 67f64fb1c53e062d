"""Chromium before our pages: the five sample organizations, served on a port of this machine."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page
from werkzeug.serving import make_server

from consent.app import House, create_app
from consent.policies.founding import found
from consent.policies.packs import packs_root
from tests.conftest import FOUNDED
from tests.support import valley as at_valley

# What keeps Chromium from asking the outside world at its start, and lets root run it.
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage")  # fmt: skip


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; without one these tests fail."""
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing. On Debian: apt-get install chromium (make test does it for root)"
    return {**browser_type_launch_args, "executable_path": chromium, "args": list(QUIET)}


@pytest.fixture(scope="session")
def service(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a running service with all five organizations, and a key of Valley's."""
    folder = tmp_path_factory.mktemp("browser")
    shutil.copy(sqlite_template, folder / "consent.sqlite3")
    config = at_valley.settings(at_valley.new_data_dir(folder), f"sqlite:///{folder / 'consent.sqlite3'}")
    house = House.open(config)
    for pack in sorted(packs_root().glob("*/organization.toml")):
        tenant = found(config, house.db, house.keyring, pack.parent, FOUNDED)
        if tenant.slug == "valley-smart-homes":
            key = at_valley.make_key(house, tenant.id, FOUNDED, "revocations:write")
            at_valley.make_account(house, tenant.id, FOUNDED)
    server = make_server("127.0.0.1", 0, create_app(house), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", key
    server.shutdown()
    thread.join(10)
    server.server_close()
    house.db.close()


@pytest.fixture(scope="session")
def served(service: tuple[str, str]) -> str:
    """The address alone."""
    return service[0]


@pytest.fixture
def strict(page: Page) -> Iterator[Page]:
    """A page on which every complaint of the browser, and every request to elsewhere, is a failure."""
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda sent: complaints.append(sent.url) if "127.0.0.1" not in sent.url else None)
    yield page
    assert complaints == []
