"""The rows of retention measure what they say: all that is due is planned, and goes, in both ways."""

from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import retention
from consent.house import House
from consent.organizations import service as organizations
from tests.support.snapshot import counts


@pytest.fixture
def ready(house: House) -> Any:
    return SimpleNamespace(
        house=house, environment={"CONSENT_DATABASE_URL": house.config.database_url.replace("+psycopg", "")}
    )


def test_what_is_due_is_planned_and_goes(ready: Any, house: House) -> None:
    pairs, values = retention.measured(ready, "here", 2, 500)
    assert [pair.name for pair in pairs] == ["retention: plan", "retention: run"]
    assert all(rate > 0 for pair in pairs for rate in (*pair.floor, *pair.ours))
    assert all(len(pair.ratios()) == 2 for pair in pairs)
    assert all(value.value > 0 for value in values)
    with house.db.read() as tx:
        valet = organizations.find(tx, retention.SLUG)
    assert counts(house, valet.id)["held_record"] == 0


def test_a_run_that_leaves_something_is_no_figure(ready: Any, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consent.retention.disposing.run", lambda *_: SimpleNamespace(disposed=3))
    with pytest.raises(SystemExit, match="3 records where 500 were due"):
        retention.measured(ready, "here", 1, 500)
