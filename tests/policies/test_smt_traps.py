"""Where Smartt's clauses contradict or meet each other: the traps that name its commitments, by their ids."""

from dataclasses import replace
from datetime import date

from consent.deadlines.promises import window_back
from consent.policies.check_version import check_version
from consent.policies.kinds import KINDS, data
from consent.policies.reading import Source
from consent.policies.version import Commitment, PolicyVersionPack
from tests.policies.house import valley
from tests.policies.packs_smt import VANCOUVER, smt, version


def mistakes(pack: PolicyVersionPack) -> list[str]:
    """What the check of this version says."""
    source = Source(pack.commitments_toml, "commitments.toml")
    check_version(pack, source)
    return [one.message for one in source.findings]


def with_changed(number: int, **changes: object) -> PolicyVersionPack:
    """The agreement with one commitment changed."""
    pack = version()
    changed: list[Commitment] = [
        replace(one, **changes) if one.id == f"SMT-{number:02d}" else one for one in pack.commitments
    ]
    return replace(pack, commitments=tuple(changed))


def test_t_36_a_window_that_looks_back_is_rounded_in_the_persons_favour() -> None:
    window = window_back(smt(43).parameters["window"], date(2023, 11, 30), VANCOUVER, aligned=True)
    assert (window.first, window.last) == (date(2023, 2, 1), date(2023, 11, 30))


def test_t_39_nine_months_are_no_270_days_and_a_month_end_clamps() -> None:
    window = window_back(smt(43).parameters["window"], date(2023, 11, 30), VANCOUVER)
    assert window.first == date(2023, 2, 28)


def test_t_45_the_printed_date_is_read_in_the_style_the_document_uses() -> None:
    assert mistakes(version()) == []
    swapped = replace(version(), text=version().text.replace("October 13, 2023", "13 October 2023"))
    assert any('does not carry the date "October 13, 2023"' in one for one in mistakes(swapped))


def test_t_45_a_day_of_one_digit_carries_no_zero_here() -> None:
    header = smt(1)
    moved = with_changed(1, parameters={**header.parameters, "last_updated": "2023-11-05"})
    printed = replace(
        moved, last_updated=date(2023, 11, 5), text=moved.text.replace("October 13, 2023", "November 5, 2023")
    )
    assert not any("does not carry the date" in one for one in mistakes(printed))


def test_t_48_promptly_may_not_stay_without_a_figure() -> None:
    kind = KINDS["deadline"]
    assert [key for key, _ in kind.problems_decided(smt(32).parameters, {})] == ["period"]
    assert any("SMT-32" in one and "must be decided" in one for one in mistakes(with_changed(32, decided={})))


def test_t_48_a_figure_without_its_reason_is_refused() -> None:
    assert any("SMT-32" in one and "why" in one for one in mistakes(with_changed(32, open=None)))


def test_t_82_what_valley_never_inspects_smartt_measures_and_neither_rule_reaches_the_other() -> None:
    valleys = valley()[1][0].commitments
    assert any(data.must_not_hold(one, "payloads", "customer-internet-traffic") for one in valleys)
    assert not any(data.must_not_hold(one, "payloads", "customer-internet-traffic") for one in version().commitments)
    assert data.may_use(smt(38), "traffic-usage", "billing")
    assert not any(data.may_use(one, "traffic-usage", "billing") for one in valleys)


def test_t_98_a_document_is_known_by_its_folder_not_by_its_title() -> None:
    assert (version().policy, version().title) == ("privacy-agreement", "Privacy Agreement")
    assert {one.clause.heading for one in (smt(22), smt(23))} == {"6. Privacy Policy"}
    assert valley()[1][0].title == "Privacy Policy"
