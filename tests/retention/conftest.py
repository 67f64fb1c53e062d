"""1VALET beside Valley, with what it keeps."""

import pytest
from flask.testing import FlaskClient

from consent.house import House
from tests.conftest import FOUNDED
from tests.retention.support import Shelves
from tests.support.organizations import VALET, found_shipped
from tests.support.systems import Systems
from tests.support.valley import Tenant


@pytest.fixture
def valet(house: House) -> Tenant:
    """1VALET, served in this house."""
    return found_shipped(house, VALET, FOUNDED)


@pytest.fixture
def shelves(client: FlaskClient, valet: Tenant) -> Shelves:
    """What 1VALET registers."""
    return Shelves(Systems(client, valet))
