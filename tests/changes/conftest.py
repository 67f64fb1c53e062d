"""The feed as the company's systems read it."""

from collections.abc import Callable
from typing import Any

import pytest

from consent import clock
from consent.house import House
from consent.ledger import jobs as ledger_jobs
from tests.support.systems import Systems
from tests.support.valley import Tenant

Json = dict[str, Any]
Feed = Callable[..., Json]


@pytest.fixture
def seal(house: House, valley: Tenant) -> Callable[[], int]:
    """Everything committed gets its place in the log."""
    return lambda: ledger_jobs.seal_organization(house.db, house.keyring, valley.id, clock.now())


@pytest.fixture
def feed(systems: Systems, seal: Callable[[], int]) -> Feed:
    """A page of the feed after everything was sealed."""

    def read(after: str | None = None, **more: object) -> Json:
        seal()
        asked = {"after": after} | more
        query = "&".join(f"{name}={value}" for name, value in asked.items() if value is not None)
        answer = systems.get(f"changes?{query}" if query else "changes")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        page: Json = answer.get_json()
        return page

    return read
