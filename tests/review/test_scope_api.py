"""The API to what a policy covers: the whole map, or one place with who governs there."""

from flask.testing import FlaskClient

from consent.house import House
from tests.support.organizations import VALET, found_shipped
from tests.support.systems import Systems
from tests.support.time import Time


def test_1v_02_the_map_names_what_is_covered_what_stands_beside_it_and_where_others_govern(
    house: House, client: FlaskClient, time: Time
) -> None:
    valet = Systems(client, found_shipped(house, VALET, time.now()))
    told = valet.get("policies/scope").get_json()
    assert {one["place"] for one in told["areas"]} >= {"website", "resident-app", "partner-portal"}
    assert "resident" in told["persons"]["1V-02"]
    assert {(one["document"], one["version"]) for one in told["beside"]} == {
        ("facial-entry-policy", "2022-06-29"),
        ("stripe-terms-and-policy", "2022-06-29"),
    }
    stripe = next(one for one in told["elsewhere"] if one["place"] == "resident-payments")
    assert (stripe["what"], stripe["document"], stripe["version"]) == (
        "service", "stripe-terms-and-policy", "2022-06-29",
    )  # fmt: skip
    asked = valet.get("policies/scope?place=resident-payments").get_json()
    assert asked["covering"] == {
        "place": "resident-payments", "covered": False, "by": [], "elsewhere": stripe, "commitment": "1V-02",
    }  # fmt: skip


def test_vsh_02_one_place_is_answered_with_the_promise_that_covers_it(systems: Systems) -> None:
    inside = systems.get("policies/scope?place=voip").get_json()["covering"]
    assert inside["by"] == [{"policy": "privacy-policy", "version": "2025-01-02", "commitment": "VSH-02"}]
    outside = systems.get("policies/scope?place=car-park").get_json()["covering"]
    assert (outside["covered"], outside["by"], outside["elsewhere"]) == (False, [], None)


def test_vsh_02_a_question_about_a_surface_outside_names_the_line_that_was_drawn(systems: Systems) -> None:
    asked = {"purpose": "analytics", "surface": "car-park", "consent": True}
    said = systems.post("trackers/decisions", asked).get_json()
    assert said["answer"] == "deny"
    assert ("outside-scope", "VSH-02") in {(one["code"], one["commitment"]) for one in said["reasons"]}


def test_a_question_that_is_none_is_refused_with_its_field(systems: Systems) -> None:
    for query in ("place=", "where=voip", f"place={'x' * 65}"):
        said = systems.get(f"policies/scope?{query}")
        assert (said.status_code, said.get_json()["field"]) == (422, query.partition("=")[0])
