"""Ages: 13, 13, 18, 16 and nothing said, which is not the same as zero (T-90)."""

from datetime import UTC, date, datetime

import pytest

from consent.policies.packs import load_organization, load_versions
from consent.policies.rulebook import Rulebook, compile_rulebook
from tests.policies.house import NOW, POLICIES


def book(slug: str) -> Rulebook:
    """A shipped pack by its own promises."""
    return compile_rulebook(load_organization(POLICIES / slug), load_versions(POLICIES / slug), (), NOW)


@pytest.mark.parametrize(
    ("slug", "least", "commitment"),
    [("valley-smart-homes", 13, "VSH-60"), ("1valet", 13, "1V-34"), ("valtt", 18, "VAL-21"),
     ("voxvalley", 16, "VOX-37")],
)  # fmt: skip
def test_t_90_each_company_has_its_own_age(slug: str, least: int, commitment: str) -> None:
    ages = book(slug).ages
    assert ages.minimum() == (least, (commitment,))
    denied = ages.may("opt-in", least - 1)
    assert [(one.code, one.commitment) for one in denied.reasons] == [("too-young", commitment)]
    assert ages.may("opt-in", least).answer == "allow"  # at Valtt the person of 18 is let in


def test_t_90_silence_is_not_age_zero() -> None:
    ages = book("smartt").ages
    assert ages.minimum().age is None
    assert ages.may("opt-in", minor=True).answer == "deny"
    assert ages.may("opt-in", 40).answer == "allow"


def test_what_follows_below_the_age_is_promised_act_by_act() -> None:
    assert book("valtt").ages.may("purchase", 17).answer == "deny"
    assert book("valtt").ages.may("collect", 17).answer == "allow"
    assert book("voxvalley").ages.may("register", 15).answer == "deny"
    assert book("1valet").ages.may("marketing", 12).answer == "deny"
    assert book("valley-smart-homes").ages.may("marketing", 12).answer == "allow"


def test_how_soon_data_of_a_child_goes_is_named_where_it_was_settled() -> None:
    def removal(slug: str) -> tuple[str | None, date | None]:
        found = book(slug).requests.removal_of_a_minor(datetime(2026, 11, 20, 17, tzinfo=UTC))
        return found.binding, found.due

    assert removal("valley-smart-homes") == ("VSH-60", date(2026, 11, 25))
    assert removal("1valet") == (None, None)
