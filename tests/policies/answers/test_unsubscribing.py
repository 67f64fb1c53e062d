"""What the unsubscribe of a mail ends at each company, and what goes on; worked out from the policies by hand."""

from datetime import UTC, datetime
from functools import cache

import pytest

from consent.policies.answers.stopping import Reach
from consent.policies.packs import load_law, load_organization, load_versions
from consent.policies.rulebook import Rulebook, compile_rulebook
from tests.policies.house import POLICIES

NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


@cache
def of(company: str) -> Rulebook:
    """The company's rulebook."""
    pack = POLICIES / company
    return compile_rulebook(load_organization(pack), load_versions(pack), load_law(POLICIES / "law"), NOW)


def pressed(company: str, sent_for: str | None) -> Reach:
    """What a press in a mail of this program does."""
    return of(company).stopping.unsubscribe("email", sent_for)


def keeps(company: str) -> dict[str, tuple[str, ...]]:
    """The programs that go on by mail, with the ids that keep them."""
    return {one.key: tuple(each.id for each in by) for one, by in of(company).stopping.goes_on("email", ())}


def test_vsh_41_an_offer_of_valley_ends_all_its_offers_by_mail() -> None:
    found = pressed("valley-smart-homes", "marketing-email")
    assert (found.reach, found.programs) == ("all-marketing", ("marketing-email",))
    assert found.rests_on == ("VSH-41",)


def test_vox_30_and_vox_29_unsubscribing_in_an_administrative_mail_ends_promotion_alone() -> None:
    """T-21."""
    found = pressed("voxvalley", "administrative-email")
    assert found.programs == ("promotional-email",)
    assert {"VOX-29", "VOX-30"} <= set(found.rests_on)
    assert keeps("voxvalley") == {"administrative-email": ("VOX-29",)}


def test_vox_30_unsubscribing_in_a_promotion_ends_promotion() -> None:
    assert pressed("voxvalley", "promotional-email").programs == ("promotional-email",)


def test_vox_30_unsubscribing_from_notices_of_new_versions_ends_those_and_no_offers() -> None:
    assert pressed("voxvalley", "policy-notices").programs == ("policy-notices",)


@pytest.mark.parametrize("sent_for", ["information", "partner-offers"])
def test_1v_12_each_kind_of_message_is_refused_by_itself(sent_for: str) -> None:
    found = pressed("1valet", sent_for)
    assert (found.programs, found.rests_on) == ((sent_for,), ("1V-12",))


def test_1v_13_what_was_asked_for_goes_on_and_offers_end() -> None:
    assert pressed("1valet", "service-messages").programs == ("partner-offers",)
    assert keeps("1valet")["service-messages"] == ("1V-13",)


@pytest.mark.parametrize("sent_for", ["newsletter", "mailing-list", "service-news", "reseller-community"])
def test_smt_25_each_list_has_a_switch_of_its_own(sent_for: str) -> None:
    found = pressed("smartt", sent_for)
    assert (found.reach, found.programs, found.rests_on) == ("program", (sent_for,), ("SMT-25",))


def test_smt_28_a_service_notice_cannot_be_refused_and_every_offer_ends() -> None:
    found = pressed("smartt", "service-notices")
    assert found.programs == ("mailing-list", "newsletter", "reseller-community", "tailored-marketing")
    assert keeps("smartt")["service-notices"] == ("SMT-28",)


def test_where_a_policy_is_silent_the_law_of_mail_lets_an_offer_end_all_offers() -> None:
    found = pressed("valtt", "offers")
    assert (found.programs, found.rests_on) == (("newsletter", "offers"), ("US-CANSPAM-OPTOUT",))


@pytest.mark.parametrize("sent_for", [None, "gone-long-ago", "service-texts"])
def test_a_press_in_an_unknown_message_ends_everything_that_can_be_refused(sent_for: str | None) -> None:
    assert pressed("valtt", sent_for).programs == ("newsletter", "offers")
    assert pressed("valtt", sent_for).everything
