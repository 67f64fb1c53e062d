"""The first use under each version is on record, and nothing else follows from it."""

import pytest

from consent.db import Sql
from consent.house import House
from tests.conftest import Prepared
from tests.flows.test_versions_over_http import publish, successor
from tests.support.organizations import SMARTT, VALET, Five
from tests.support.time import Time


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


def test_1v_57_the_first_use_under_each_version_is_on_record_once_and_is_no_consent(
    house: House, five: Five, time: Time
) -> None:
    systems = five[VALET]
    told = {"person": "resident-1", "used_at": "2026-11-20T12:00:00Z"}
    (first,) = systems.post("policies/first-uses", told).get_json()["uses"]
    assert (first["policy_version"], first["commitment"], first["first"]) == ("2022-06-29", "1V-57", True)
    (again,) = systems.post("policies/first-uses", told | {"used_at": "2026-11-21T12:00:00Z"}).get_json()["uses"]
    assert (again["entry"], again["first"], again["used_at"]) == (first["entry"], False, first["used_at"])
    (earlier,) = systems.post("policies/first-uses", told | {"used_at": "2026-11-19T12:00:00Z"}).get_json()["uses"]
    assert earlier["first"] and earlier["entry"] != first["entry"]

    publish(house, systems.tenant, successor(VALET), time, "2026-12-01T05:00:00Z")
    time.at = time.at.replace(month=12, day=2)
    (later,) = systems.post("policies/first-uses", {"person": "resident-1"}).get_json()["uses"]
    assert (later["policy_version"], later["first"]) == ("2026-12-01", True)
    with house.db.read(systems.tenant.id) as tx:
        kept = tx.all(Sql("SELECT 1 FROM preference WHERE organization_id = :o"), {"o": systems.tenant.id})
        uses = tx.all(Sql("SELECT 1 FROM policy_first_use WHERE organization_id = :o"), {"o": systems.tenant.id})
    assert (len(kept), len(uses)) == (0, 2)


def test_a_first_use_sent_again_with_its_key_gets_its_first_answer(five: Five) -> None:
    told = {"person": "resident-1", "used_at": "2026-11-20T12:00:00Z"}
    first, again = (five[VALET].post("policies/first-uses", told, Idempotency_Key="use-1") for _ in range(2))
    assert (first.status_code, again.data) == (201, first.data)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = five[VALET].post("policies/first-uses", told | {"person": "resident-2"}, Idempotency_Key="use-1")
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("body", "field"), [({}, "person"), ({"person": "a", "used_at": "2030-01-01T00:00:00Z"}, "used_at")]
)
def test_a_use_without_a_person_or_ahead_of_time_is_refused_by_its_field(
    five: Five, body: dict[str, str], field: str
) -> None:
    answer = five[SMARTT].post("policies/first-uses", body)
    assert answer.status_code == 422 and field in answer.get_data(as_text=True)
