"""A person of Valley at whom an answer is aimed."""

import pytest

from consent.house import House
from tests.privacy_answers.desk import Desk
from tests.support.valley import Tenant


@pytest.fixture
def desk(house: House, valley: Tenant) -> Desk:
    """Valley's."""
    return Desk(house, valley)
