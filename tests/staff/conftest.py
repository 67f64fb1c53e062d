"""Passwords of tests are hashed with little work, and everybody's app is at hand."""

import pytest
from argon2 import PasswordHasher

from consent.staff import passwords


@pytest.fixture(autouse=True)
def little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id at its least: what is tested is what is compared, not how long it takes."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()
