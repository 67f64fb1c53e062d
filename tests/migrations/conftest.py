"""Databases that a test may spoil: they belong to nobody else."""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import databases

_numbers = itertools.count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes empty databases, without any table; gone after the test."""
    made: list[str] = []
    if request.param == "sqlite":
        yield lambda: f"sqlite:///{tmp_path / f'{next(_numbers)}.db'}"
        return
    server: str = request.getfixturevalue("postgresql_server")

    def make() -> str:
        made.append(f"consent_scratch_{os.getpid()}_{next(_numbers)}")
        return databases.create_empty(server, made[-1])

    yield make
    for name in made:
        databases.drop_postgresql(server, name)
