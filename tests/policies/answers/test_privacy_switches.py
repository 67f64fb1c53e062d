"""Which switches each company owes whom, and what a refusal of sale means for a transfer; worked out by hand."""

from dataclasses import replace

import pytest

from consent.policies.answers.privacy_switches import PrivacySwitches, Switches, is_refused, is_sale
from consent.policies.answers.sharing import Sharing, Transfer
from consent.policies.answers.trackers import Tracker, Trackers
from consent.policies.rulebook import compile_rulebook
from tests.policies.answers.companies import changed, organization, promises, with_law
from tests.policies.house import NOW, valley


def of(prefix: str, where: str | None = None) -> Switches:
    return PrivacySwitches(with_law(prefix)).of(where)


def ids(found: tuple[object, ...]) -> set[str]:
    return {one.id for one in found}  # type: ignore[attr-defined]


@pytest.mark.parametrize("where", ["US-CA", None])
def test_1v_54_1valet_shows_its_statement_and_no_switch(where: str | None) -> None:
    """T-66."""
    found = of("1V", where)
    assert found.sale == ()
    assert found.sale_statement is not None
    assert found.sale_statement.id == "1V-54"
    assert found.statement


def test_1v_54_the_statement_vanishes_as_soon_as_somebody_buys() -> None:
    """T-66."""
    sold = changed("1V", "1V-17", purposes=["sale"])
    laws = tuple(one for one in with_law("1V") if one not in promises("1V"))
    found = PrivacySwitches((*sold, *laws)).of("US-CA")
    assert found.sale_statement is None
    assert ids(found.sale) == {"US-CA-OPTOUT"}


def test_the_statement_is_for_those_it_speaks_of() -> None:
    assert of("1V", "CA-ON").sale_statement is None
    assert of("1V", "CA-ON").sale == ()


def test_limiting_the_use_of_sensitive_data_is_owed_where_the_law_gives_it() -> None:
    assert ids(of("1V", "US-CA").limit_use) == {"US-CA-OPTOUT"}
    assert ids(of("1V", None).limit_use) == {"US-CA-OPTOUT"}
    assert of("1V", "CA-ON").limit_use == of("SMT", "CA-BC").limit_use == ()


@pytest.mark.parametrize("prefix", ["VSH", "SMT", "VAL", "VOX"])
def test_nobody_gets_a_switch_that_nothing_owes(prefix: str) -> None:
    found = of(prefix)
    assert (found.sale, found.sale_statement, found.limit_use) == ((), None, ())


def test_1v_41_a_refusal_to_follow_do_not_track_says_nothing_of_global_privacy_control() -> None:
    """T-85."""
    found = of("1V", "US-CA")
    assert {"1V-41", "US-CA-GPC"} <= ids(found.gpc)
    assert found.dnt == ()


def test_the_rulebook_gives_the_same_answer() -> None:
    assert compile_rulebook(*valley(), NOW).privacy_switches("US-WA") == of("VSH", "US-WA")


@pytest.mark.parametrize(
    ("purpose", "sold", "refused"),
    [
        ("sale", True, True),
        ("data-sale", True, True),
        ("third-party-advertising", False, True),
        ("wholesale", False, False),
        ("billing", False, False),
    ],
)
def test_which_purposes_are_a_sale_and_which_a_refusal_reaches(purpose: str, sold: bool, refused: bool) -> None:
    assert (is_sale(purpose), is_refused(purpose)) == (sold, refused)


def codes(asked: Transfer) -> set[str]:
    sharing = Sharing(organization("SMT"), promises("SMT"))
    return {one.code for one in sharing.may_share(asked).reasons}


def test_a_refused_sale_stands_against_every_transfer_for_money_or_advertising() -> None:
    sold = Transfer("account-information", "integration-partners", "advertising", sale_refused=True)
    assert "sale-refused" in codes(sold)
    assert "sale-refused" in codes(replace(sold, sale_refused=None))  # nobody looked
    assert "sale-refused" not in codes(replace(sold, sale_refused=False))
    assert "sale-refused" not in codes(replace(sold, purpose="payments"))


def test_a_limited_use_stands_against_sensitive_data_that_was_not_asked_for() -> None:
    asked = Transfer("account-information", "service-providers", "analysis", use_limited=True, sensitive=True)
    assert "use-limited" in codes(asked)
    assert "use-limited" not in codes(replace(asked, reference="ticket 7"))
    assert "use-limited" not in codes(replace(asked, sensitive=False))


def test_a_known_visitor_who_refused_is_followed_no_more_than_one_whose_browser_says_so() -> None:
    trackers = Trackers(organization("1V"), with_law("1V"))
    ad = Tracker("advertising", "website", recipient="advertisers", third_party=True, consent=True)
    assert trackers.may_set(ad).answer == "allow"
    refused = trackers.may_set(ad._replace(sale_refused=True))
    assert {one.code for one in refused.reasons} == {"sale-refused"}
    assert "1V-41" in {one.commitment for one in refused.reasons}
    assert trackers.may_set(ad._replace(dnt=True)).answer == "allow"
