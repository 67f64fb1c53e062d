"""The row of the pack measures what it says: a whole pack of so many events, that holds."""

from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import pack
from consent.house import House
from tests.support.valley import Tenant


def test_a_whole_pack_is_made(house: House, valley: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack, "EVENTS", 20)
    ready: Any = SimpleNamespace(house=house, tenant=valley)
    found = pack.made(ready, "here")
    assert (found.name, found.unit, found.most) == ("evidence pack of 20 events", "s", 10.0)
    assert found.value > 0


def test_one_that_lacks_entries_is_no_figure(house: House, valley: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack, "EVENTS", 20)
    monkeypatch.setattr("consent.evidence.packs.building.build", lambda *_: {"entries": 19})
    ready: Any = SimpleNamespace(house=house, tenant=valley)
    with pytest.raises(SystemExit, match="not whole"):
        pack.made(ready, "here")
