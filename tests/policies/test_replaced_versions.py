"""A version that was replaced before it began: its folder stays, and the pack is published again and again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from consent.policies import queries, service
from consent.policies.version import Declared
from tests.policies.house import ORGANIZATION, Office, valley
from tests.policies.test_service import apply, publish, successor


@pytest.fixture
def office(tmp_path: Path, database_url: str) -> Iterator[Office]:
    made = Office.build(tmp_path, database_url)
    apply(made)
    publish(made, valley()[1][0])
    yield made
    made.db.close()


def test_publishing_the_folder_of_a_replaced_version_again_changes_nothing(office: Office) -> None:
    announced = successor("2026-12-20", "December 20, 2026")
    publish(office, announced)
    instead = replace(
        successor("2026-12-25", "December 25, 2026"), change=Declared(True, "It was printed wrongly.", "2026-12-20")
    )
    publish(office, instead)
    assert publish(office, announced) is None
    assert publish(office, instead) is None
    with office.db.read(ORGANIZATION) as tx:
        assert [one.version for one in queries.published(tx, ORGANIZATION)] == ["2025-01-02", "2026-12-25"]
        assert [one.version for one in queries.withdrawn(tx, ORGANIZATION)] == ["2026-12-20"]


def test_a_replaced_version_is_frozen_like_any_other(office: Office) -> None:
    announced = successor("2026-12-20", "December 20, 2026")
    publish(office, announced)
    change = Declared(True, "It was printed wrongly.", "2026-12-20")
    publish(office, replace(successor("2026-12-25", "December 25, 2026"), change=change))
    with pytest.raises(service.PublishRefused, match="has changed since"):
        publish(office, replace(announced, text_sha256=b"\1" * 32))
