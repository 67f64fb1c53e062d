"""A small house for the ledger alone: a database with its tables, keys, one organization with an open log."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An organization with keys and an open log, nothing in it yet."""
    made = House.build(tmp_path)
    yield made
    made.db.close()
