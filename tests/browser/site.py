"""The service before which browsers stand: the five sample organizations, served on a port of this machine."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from uuid import UUID

from flask import Flask
from werkzeug.serving import make_server

from consent.app import create_app
from consent.house import House
from consent.policies.founding import found
from consent.policies.packs import packs_root
from tests.support import valley as at_valley

VALLEY = "valley-smart-homes"
# What keeps Chromium from asking the outside world at its start, and lets root run it.
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage")  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A running service: where it is, what stands behind it, and Valley's ways in."""

    address: str
    house: House
    organizations: Mapping[str, UUID]  # by slug
    key: str  # an API key of Valley's, for the staff pages
    endpoint: str  # the webhook of Valley's Twilio account
    app: Flask


@contextmanager
def serve(folder: Path) -> Iterator[Site]:
    """The service over a migrated `consent.sqlite3` in this folder; founded the day the tests are at."""
    from tests.conftest import FOUNDED

    config = at_valley.settings(at_valley.new_data_dir(folder), f"sqlite:///{folder / 'consent.sqlite3'}")
    house = House.open(config)
    organizations = {
        tenant.slug: tenant.id
        for pack in sorted(packs_root().glob("*/organization.toml"))
        for tenant in [found(config, house.db, house.keyring, pack.parent, FOUNDED)]
    }
    key = at_valley.make_key(house, organizations[VALLEY], FOUNDED, "revocations:write")
    endpoint = at_valley.make_account(house, organizations[VALLEY], FOUNDED)
    try:
        app = create_app(house)
        with listening(app) as address:
            yield Site(address, house, organizations, key, endpoint, app)
    finally:
        house.db.close()


@contextmanager
def listening(app: Flask) -> Iterator[str]:
    """The application on a port of this machine, for as long as the block lasts; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
