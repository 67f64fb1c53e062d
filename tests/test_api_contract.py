"""Generated requests: whatever is sent to the API, it answers as its document says and never with a fault."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from consent.app import create_app
from consent.house import House
from tests.conftest import Prepared
from tests.support import valley as at_valley

schemathesis.serializer.alias("message/rfc822", "application/octet-stream")  # a mail goes as it came
# A well-formed consent may still be one that the policy refuses: no schema says that.
REFUSED_BY_POLICY = [positive_data_acceptance]


@pytest.fixture(scope="module")
def documented(valley_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """The document of an app that many generated requests may use."""
    folder = tmp_path_factory.mktemp("contract")
    shutil.copy(valley_on_sqlite.folder / "consent.sqlite3", folder / "consent.sqlite3")
    at_valley.copy_keys(valley_on_sqlite.folder, folder)
    house = House.open(at_valley.settings(folder, f"sqlite:///{Path(folder) / 'consent.sqlite3'}"))
    yield schemathesis.openapi.from_wsgi("/api/openapi.json", create_app(house))
    house.db.close()


@pytest.mark.timeout(600)  # every operation, one after the other
def test_the_api_does_what_its_document_says(documented: Any, valley_on_sqlite: Prepared) -> None:
    operations = [found.ok() for found in documented.get_all_operations()]
    assert len(operations) >= 8
    for operation in operations:

        @seed(1)
        @settings(max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def holds(case: Any) -> None:
            case.call_and_validate(headers=valley_on_sqlite.tenant.headers, excluded_checks=REFUSED_BY_POLICY)

        holds()


def test_without_a_key_the_api_does_what_its_document_says(documented: Any) -> None:
    for found in documented.get_all_operations():

        @seed(1)
        @settings(max_examples=2, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=found.ok().as_strategy())
        def holds(case: Any) -> None:
            answer = case.call()
            case.validate_response(answer)
            assert answer.status_code == 401

        holds()
