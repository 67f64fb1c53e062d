"""What a process has done before it takes its first request."""

import pytest

from consent import clock, serving
from consent.db import Database
from consent.errors import Unavailable
from consent.house import House
from consent.policies import service as policies
from tests.support.valley import Tenant


def test_the_first_question_waits_for_no_rulebook(
    house: House, valley: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving.read_rulebooks(house)
    monkeypatch.setattr(policies, "rulebook_at", None)
    assert house.governing.now(valley.id, clock.now()).rulebook.organization.slug == valley.slug


def test_a_process_starts_without_its_database(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise Unavailable("The database is away.")

    monkeypatch.setattr(Database, "read", away)
    serving.read_rulebooks(house)
