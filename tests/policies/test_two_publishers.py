"""Two people publish for one organization at the same moment: one after the other, each held to what the other did."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consent.policies import queries, service
from consent.policies.examine import examine
from tests.policies.house import ORGANIZATION, Office, valley
from tests.policies.test_service import apply, publish, successor


@pytest.fixture
def office(tmp_path: Path, database_url: str) -> Iterator[Office]:
    made = Office.build(tmp_path, database_url)
    yield made
    made.db.close()


def test_of_two_versions_of_one_date_published_at_once_one_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(office)
    publish(office, valley()[1][0])
    rivals = [successor(), replace(successor(), version="2026-12-01-b")]
    together = threading.Barrier(2)

    def both_look(*asked: Any) -> Any:
        """Neither goes on before the other has read what is published, where nothing keeps them apart."""
        with suppress(threading.BrokenBarrierError):
            together.wait(1)
        return examine(*asked)

    monkeypatch.setattr("consent.policies.service.examine", both_look)
    refused: list[str] = []

    def work(number: int) -> None:
        try:
            publish(office, rivals[number])
        except service.PublishRefused as error:
            refused.append(error.detail)

    people = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for one in people:
        one.start()
    for one in people:
        one.join(30)
    with office.db.read(ORGANIZATION) as tx:
        published = queries.published(tx, ORGANIZATION)
    assert (len(published), len(refused)) == (2, 1)
    assert "is dated 2026-12-01, and a version of 2026-12-01 is published already" in refused[0]
