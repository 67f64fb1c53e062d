"""What differs between two versions: commitments first, then words."""

from consent.policies.diff import ASPECTS, Change, compare
from consent.policies.kinds import KINDS
from consent.policies.kinds.notices import SIDES
from consent.policies.packs import PolicyVersionPack, parse_version
from tests.policies.house import valley


def changed(*swaps: tuple[str, str], text: tuple[str, str] = ("", ""), tail: str = "") -> PolicyVersionPack:
    """Valley's version with these words of commitments.toml (and of the wording) replaced."""
    before = valley()[1][0]
    commitments = before.commitments_toml
    for old, new in swaps:
        assert old in commitments, old
        commitments = commitments.replace(old, new, 1)
    return parse_version("privacy-policy", "2026-01-01", before.text.replace(*text) if text[0] else before.text,
                         commitments + tail)  # fmt: skip


def changes(*swaps: tuple[str, str]) -> list[Change]:
    return list(compare(valley()[1][0], changed(*swaps)).commitments)


def test_the_same_version_differs_in_nothing() -> None:
    same = compare(valley()[1][0], changed())
    assert (same.commitments, same.wording, same.aspects) == ((), (), ())


def test_a_changed_figure_is_named_with_its_place_and_both_values() -> None:
    (one,) = changes(('network-diagnostics = { for = "P180D"', 'network-diagnostics = { for = "P365D"'))
    assert (one.what, one.commitment, one.key) == ("decided", "VSH-09", "periods.network-diagnostics.for")
    assert str(one) == "VSH-09: periods.network-diagnostics.for changed from P180D to P365D"
    assert one.aspect == "retention"


def test_a_list_that_lost_a_word_is_a_changed_parameter() -> None:
    (one,) = changes(('"provisioning", "network-operation"', '"provisioning"'))
    assert (one.what, one.commitment, one.aspect) == ("parameter", "VSH-04", "purposes")
    assert "provisioning, network-operation, network-security" in str(one)


def test_a_commitment_that_is_gone_and_one_that_is_new_say_what_they_promise() -> None:
    found = changes(('id = "VSH-60"', 'id = "VSH-64"'))
    assert {(one.what, one.commitment) for one in found} == {("added", "VSH-64"), ("removed", "VSH-60")}
    assert all("13" in str(one) for one in found)


def test_a_clause_that_moved_is_no_change_of_the_promise() -> None:
    (one,) = changes(('heading = "Internet Access Services › Sharing"', 'heading = "Purpose and Scope"'))
    assert (one.what, one.commitment, one.aspect) == ("clause", "VSH-08", None)


def test_changed_words_are_shown_section_by_section() -> None:
    found = compare(valley()[1][0], changed(text=("local PUDs", "local utilities"))).wording
    (one,) = [section for section in found if section.heading == "Internet Access Services › Sharing"]
    assert [piece for piece in one.pieces if piece[0] != "kept"] == [("gone", "PUDs,"), ("new", "utilities,")]


def test_the_sides_of_life_that_are_touched_are_those_of_the_changed_promises() -> None:
    both = compare(
        valley()[1][0],
        changed(('for = "P180D"', 'for = "P90D"'), ('recipients = ["cloud-management-platforms"]',
                                                     'recipients = ["cloud-management-platforms", "affiliates"]')),
    )  # fmt: skip
    assert both.aspects == ("recipients", "retention")


def test_every_kind_touches_a_side_of_peoples_lives_or_describes_the_document() -> None:
    about_people = {kind for kinds in ASPECTS.values() for kind in kinds}
    described = {"policy-metadata", "scope", "disclosure-required", "security-measure", "staff-access"}
    assert set(KINDS) - about_people == described
    assert tuple(ASPECTS) == SIDES
