"""GET /api/v1/statements: what the companies' own portals and sites must show."""

import pytest

from tests.conftest import Prepared
from tests.support.organizations import SMARTT, VALET, VALLEY, VALTT, VOX, Five


@pytest.fixture
def prepared(prepared_five: Prepared) -> Prepared:
    """The house of these tests has five organizations in it."""
    return prepared_five


def test_1v_23_vox_36_smt_23_smt_29_what_a_portal_owes_is_told_with_its_words(five: Five) -> None:
    for slug, surface, identity, words in (
        (VALET, "resident-app", "1V-23", "Community Bulletin Board"),
        (VOX, "developer-portal", "VOX-36", "search engines"),
        (SMARTT, "forums", "SMT-23", "staff can technically reach"),
        (SMARTT, "portal-registration", "SMT-29", "passwords"),
        (VALLEY, "activation", "US-E911-NOTICE", "Emergency calls"),
    ):
        answer = five[slug].get(f"statements?surface={surface}").get_json()
        said = {one["key"]: one for one in answer["statements"]}
        assert words in said[identity]["texts"]["en"], identity
        assert set(said[identity]["texts"]) == {"en", "fr", "es"}
        assert said[identity]["rests_on"] == [identity]
        assert surface in answer["surfaces"]


def test_1v_54_the_statement_on_sales_is_for_california_and_for_whoever_may_be_there(five: Five) -> None:
    def keys(where: str) -> list[str]:
        answer = five[VALET].get(f"statements?surface=do-not-sell{where}").get_json()
        return [one["key"] for one in answer["statements"]]

    assert keys("") == keys("&where=US-CA") == ["1V-54"]
    assert keys("&where=CA-QC") == []


def test_vox_07_a_form_is_told_how_to_mark_its_fields(five: Five) -> None:
    said = five[VOX].get("statements?surface=account-creation").get_json()["statements"]
    assert [(one["key"], one["marks"]) for one in said] == [("VOX-07", ["mandatory", "voluntary"])]


def test_a_surface_nobody_knows_is_refused_with_those_that_are(five: Five) -> None:
    answer = five[VALTT].get("statements?surface=resident-app")
    assert answer.status_code == 422
    assert "opt-in-form" in answer.get_json()["detail"]
    assert five[VALTT].get("statements").get_json()["statements"] == []
