"""A small run of `tests.soak.imports`: a file killed twice ends as it would have ended."""

from pathlib import Path

import pytest

from consent.house import House
from tests.soak import imports
from tests.support.valley import Tenant


@pytest.mark.timeout(300)
def test_an_import_that_is_killed_and_gone_on_with_ends_the_same_and_revives_nobody(
    house: House, valley: Tenant, tmp_path: Path
) -> None:
    environment = imports.environment_of(house)
    result = imports.run(house, valley, environment, tmp_path, 5000, 2, 1, lambda _: None)
    assert result.findings == []
    assert result.kills == 2
    assert result.peak_mib < imports.MOST_MIB
