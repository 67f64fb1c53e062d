"""1VALET beside Valley, with what it keeps."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from consent import clock
from consent.house import House
from consent.privacy_requests.tasks import accounts
from consent.retention import disposing
from consent.retention.disposing import Run, Runner
from tests.conftest import FOUNDED
from tests.retention.shelf import Shelf
from tests.retention.support import Shelves
from tests.support.organizations import VALET, found_shipped
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant


@pytest.fixture
def valet(house: House) -> Tenant:
    """1VALET, served in this house."""
    return found_shipped(house, VALET, FOUNDED)


@pytest.fixture
def shelves(client: FlaskClient, valet: Tenant) -> Shelves:
    """What 1VALET registers."""
    return Shelves(Systems(client, valet))


@pytest.fixture
def shelf(house: House, valet: Tenant, tmp_path: Path, time: Time) -> Shelf:
    """A store of 1VALET by the name of shelf."""
    instruction = {"en": "Take it out.", "fr": "Sortez-le.", "es": "Saquelo."}
    settings: dict[str, Any] = {"categories": ["authentication-data", "identifiers"], "instruction": instruction}
    house.db.write(
        lambda tx: accounts.add(tx, house.keyring, valet.id, "manual", "shelf", settings, clock.now()), valet.id
    )
    return Shelf(tmp_path / "shelf.log")


@pytest.fixture
def runner(house: House, shelf: Shelf) -> Runner:
    """Finds that store alone."""
    found: dict[str, Any] = {"shelf": shelf}
    return Runner(house.db, house.keyring, house.governing, lambda _, name: found.get(name), lambda: 0.5, "tests")


@pytest.fixture
def run(valet: Tenant, runner: Runner) -> Callable[[], Run]:
    """One run of the disposal."""
    return lambda: disposing.run(runner, valet.id, clock.now)
