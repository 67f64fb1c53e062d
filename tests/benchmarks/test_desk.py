"""The row of the queue page measures what it says: a full first page beside one that is empty."""

from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import desk
from consent.house import House
from tests.support.organizations import SMARTT, found_shipped
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant


def test_the_queue_is_measured_full_empty_and_bare(
    house: House, valley: Tenant, systems: Systems, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "OPEN", 60)
    monkeypatch.setattr(desk, "ROUNDS", 1)
    for number in range(60):
        systems.consent(address=f"+150955501{number:02}")
    ready: Any = SimpleNamespace(house=house, tenant=valley, of_page=found_shipped(house, SMARTT, time.now()))
    found = desk.queue(ready, "here")
    assert found.value > 0 and found.most == 1.5
