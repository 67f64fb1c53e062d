"""A small run of `tests.soak.retention`, and a store that does things twice is seen."""

from pathlib import Path

import pytest

from consent import clock
from consent.house import House
from tests.soak import retention
from tests.support.organizations import VALET, found_shipped

pytestmark = pytest.mark.timeout(300)


def test_what_is_due_goes_once_wherever_the_work_is_killed(house: House, tmp_path: Path) -> None:
    result = retention.run(house, found_shipped(house, VALET, clock.now()), tmp_path, 4000, 2, 1, lambda _: None)
    assert (result.findings, result.kills) == ([], 2)
    assert result.peak_mib < retention.MOST_MIB


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_store_that_does_a_task_again_is_found_out(house: House, tmp_path: Path) -> None:
    tenant = found_shipped(house, VALET, clock.now())
    result = retention.run(house, tenant, tmp_path, 1000, 0, 1, lambda _: None, ["--forgetful"])
    assert any("went more than once" in one for one in result.findings)
