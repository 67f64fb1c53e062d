"""Every contact point of a company stands on the register, whoever names it: in its settings or in a policy."""

from datetime import date

import pytest

from consent.dashboard.contacts.register import Line, Place, Watch, lines, places
from consent.policies.packs import load_organization, load_versions
from consent.policies.rulebook import compile_rulebook
from tests.policies.house import NOW, POLICIES

TODAY = date(2026, 11, 22)


def register(slug: str) -> dict[str, Place]:
    """The contact points of one of the sample organizations, by what they are."""
    pack = POLICIES / slug
    return {one.key: one for one in places(compile_rulebook(load_organization(pack), load_versions(pack), (), NOW))}


def test_vsh_62_a_sales_inbox_and_one_telephone_written_in_two_ways() -> None:
    known = register("valley-smart-homes")
    assert known["email:sales@valleysmarthomes.com"].named_by == ("VSH-62",)
    assert [one.named_by for key, one in known.items() if "phone" in key] == [("VSH-62",)]


def test_val_25_a_policy_that_names_no_address_has_those_of_the_settings_and_its_portal() -> None:
    known = register("valtt")
    assert known["portal:Valtt Dashboard › Account"].named_by == ("VAL-25",)
    assert known["email:privacy@valtt.example"].named_by == ()
    assert not any("not-stated" in key for key in known)


def test_smt_45_post_fax_and_both_telephones_stand_on_it() -> None:
    kinds = {one.kind for one in register("smartt").values() if "SMT-45" in one.named_by}
    assert {"postal", "fax"} <= kinds and kinds & {"phone", "phone_toll_free"}


@pytest.mark.parametrize(
    ("watch", "overdue"),
    [
        (Watch(1, 7, date(2026, 11, 15)), False),  # the seventh day is today
        (Watch(1, 7, date(2026, 11, 14)), True),
        (Watch(1, 7, date(2026, 1, 1), date(2026, 11, 15)), False),
        (Watch(1, 1, date(2026, 1, 1), date(2026, 11, 20)), True),
    ],
)
def test_a_look_counts_from_the_last_one_and_before_it_from_the_first_day(watch: Watch, overdue: bool) -> None:
    (line,) = lines([Place("fax", "1")], {"fax:1": watch}, TODAY)
    assert line.overdue is overdue


def test_what_nobody_watches_stands_first_then_what_is_overdue() -> None:
    watched = {"fax:late": Watch(1, 7, date(2026, 1, 1)), "fax:well": Watch(1, 7, TODAY)}
    made = lines([Place("fax", "well"), Place("fax", "late"), Place("fax", "free")], watched, TODAY)
    assert [one.place.value for one in made] == ["free", "late", "well"]
    assert made[0] == Line(Place("fax", "free"), None)
