"""Somebody at the page, on both databases."""

import pytest

from consent.house import House
from tests.preferences.page.acting import Somebody
from tests.support.valley import Tenant


@pytest.fixture
def somebody(house: House, valley: Tenant) -> Somebody:
    """Who has proven to have the number of PERSON."""
    return Somebody(house, valley)


@pytest.fixture
def by_mail(house: House, valley: Tenant) -> Somebody:
    """Who has proven to have an e-mail address."""
    return Somebody(house, valley, (("email", "ana@customer.example"),))
