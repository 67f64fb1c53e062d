"""The five organizations in one house."""

import pytest
from flask.testing import FlaskClient

from consent.app import House
from tests.conftest import FOUNDED
from tests.support.organizations import Five
from tests.support.valley import Tenant


@pytest.fixture
def five(house: House, client: FlaskClient, valley: Tenant) -> Five:
    """Valley, 1VALET, Valtt, Voxvalley and Smartt, each with its own systems."""
    return Five.found(house, client, valley, FOUNDED)
