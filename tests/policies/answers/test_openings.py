"""What each company's form offers, to whom, and what it asks first; worked out from the policies by hand."""

import pytest

from consent.policies.answers.openings import ELSEWHERE, Granted, Openings
from tests.policies.answers.companies import changed, promises, with_law
from tests.policies.answers.test_unsubscribing import of


def wishes(company: str) -> set[str]:
    """Everything its form offers to somebody."""
    return {one.wish for one in of(company).requests.openings.every()}


def granted(company: str, wish: str, place: str = ELSEWHERE, role: str = "") -> Granted | None:
    """What somebody gets who lives there and is that to the company."""
    return of(company).requests.openings.granted(wish, place, role)


def asked(company: str, wish: str) -> tuple[bool, bool, bool]:
    """Whether the form asks for place, role and ground."""
    asks = of(company).requests.openings.asks(wish)
    return bool(asks.places), bool(asks.roles), bool(asks.grounds)


@pytest.mark.parametrize("wish", ["access", "correction", "deletion"])
def test_vsh_58_anybody_anywhere_may_ask_and_nothing_more_is_asked(wish: str) -> None:
    found = granted("valley-smart-homes", wish)
    assert found is not None
    assert [one.id for one in found.promises][:1] == ["VSH-58"]
    assert asked("valley-smart-homes", wish) == (False, False, False)


def test_vsh_62_whoever_can_be_reached_hears_complaints() -> None:
    found = granted("valley-smart-homes", "complaint")
    assert found is not None
    assert [one.id for one in found.promises] == ["VSH-62"]
    assert "portability" not in wishes("valley-smart-homes")


def test_1v_50_deletion_is_for_residents_of_california_so_the_place_is_asked() -> None:
    """T-49."""
    assert granted("1valet", "deletion", "CA-ON") is None
    found = granted("1valet", "deletion", "US-CA")
    assert found is not None
    assert {"1V-50", "US-CA-RESPOND"} == {one.id for one in found.promises}
    assert of("1valet").requests.openings.asks("deletion").places == ("US-CA",)


@pytest.mark.parametrize(
    ("place", "word", "by"),
    [("US-CA", "specific-pieces", "1V-46"), ("CA-ON", "access", "1V-45"), (ELSEWHERE, "access-account", "1V-43")],
)
def test_1v_43_1v_45_and_1v_46_to_see_is_asked_by_the_word_of_the_place(place: str, word: str, by: str) -> None:
    found = granted("1valet", "access", place)
    assert found is not None
    assert (found.request_type, found.promises[0].id) == (word, by)


def test_1v_54_where_nothing_is_sold_a_statement_stands_and_no_switch() -> None:
    """T-66."""
    statement = of("1valet").requests.openings.statement("opt-out-of-sale")
    assert statement is not None
    assert statement.id == "1V-54"
    assert granted("1valet", "opt-out-of-sale", "US-CA") is None


def test_1v_54_and_t_66_the_statement_gives_way_to_the_switch_as_soon_as_somebody_buys() -> None:
    laws = tuple(one for one in with_law("1V") if one not in promises("1V"))
    openings = Openings((*changed("1V", "1V-17", purposes=["sale"]), *laws))
    assert openings.statement("opt-out-of-sale") is None
    found = openings.granted("opt-out-of-sale", "US-CA", "")
    assert found is not None
    assert "US-CA-OPTOUT" in {one.id for one in found.promises}


def test_an_opt_out_asks_for_no_place_although_it_is_the_law_of_one() -> None:
    assert asked("1valet", "limit-sensitive-data") == (False, False, False)
    assert granted("1valet", "limit-sensitive-data") is not None


def test_smt_27_individuals_go_to_their_super_user_and_smt_26_super_users_to_nobody() -> None:
    """T-61."""
    individual = granted("smartt", "correction", ELSEWHERE, "individual-user")
    super_user = granted("smartt", "correction", ELSEWHERE, "super-user")
    assert individual is not None and individual.routed
    assert super_user is not None and not super_user.routed
    assert asked("smartt", "correction") == (True, True, False)


def test_smt_27_where_the_law_grants_it_too_the_super_user_is_still_asked_first() -> None:
    found = granted("smartt", "correction", "CA-BC", "individual-user")
    assert found is not None and found.routed


def test_smt_40_log_files_ask_for_role_and_ground_alone() -> None:
    assert asked("smartt", "usage-log-file") == (False, True, True)
    assert granted("smartt", "usage-log-file", role="officer") is not None
    assert granted("smartt", "usage-log-file") is None


def test_smartt_owes_no_deletion() -> None:
    """T-49."""
    assert "deletion" not in wishes("smartt")


@pytest.mark.parametrize("wish", ["access", "correction", "deletion", "portability"])
def test_val_19_people_without_an_account_are_served_too(wish: str) -> None:
    """T-69."""
    assert granted("valtt", wish) is not None
    assert asked("valtt", wish) == (False, False, False)


def test_val_22_and_1v_35_and_vox_38_questions_about_children_are_heard() -> None:
    assert all(granted(company, "minor-report") for company in ("valtt", "1valet", "voxvalley"))


def test_vox_25_deletion_is_for_enrolled_users_and_for_everybody_where_the_law_says_so() -> None:
    assert granted("voxvalley", "deletion", role="enrolled-user") is not None
    assert granted("voxvalley", "deletion") is None
    assert granted("voxvalley", "deletion", "FR") is not None
    assert asked("voxvalley", "deletion") == (True, True, False)


def test_vox_04_end_users_of_customers_are_passed_on_and_never_turned_away() -> None:
    """T-60."""
    found = granted("voxvalley", "deletion", role="end-user")
    assert found is not None and found.routed


def test_vox_11_what_an_end_user_is_promised_by_name_is_given_directly() -> None:
    found = granted("voxvalley", "technical-documentation-copy", role="end-user")
    assert found is not None and not found.routed
