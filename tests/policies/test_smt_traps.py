"""Where Smartt's clauses contradict or meet each other: the traps that name its commitments, by their ids."""

from dataclasses import replace
from datetime import date
from typing import Any

from consent.deadlines.promises import window_back
from consent.policies.answers.inventory import Gathering
from consent.policies.answers.sharing import Transfer
from consent.policies.check_version import check_version
from consent.policies.kinds import KINDS, data
from consent.policies.reading import Source
from consent.policies.version import Commitment, PolicyVersionPack
from tests.policies.house import valley
from tests.policies.packs_smt import VANCOUVER, book, by, smartt, smt, version


def mistakes(pack: PolicyVersionPack) -> list[str]:
    """What the check of this version says."""
    source = Source(pack.commitments_toml, "commitments.toml")
    check_version(pack, source)
    return [one.message for one in source.findings]


def with_changed(number: int, **changes: Any) -> PolicyVersionPack:
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


def test_t_77_each_recipient_has_its_own_fields() -> None:
    sharing = book().sharing
    bank = Transfer("financial", "banks", "transactions", ("payment",), met=frozenset({"required-for-transaction"}))
    telecom = Transfer("contact", "telecommunications-companies", "provisioning", ("physical-location",))
    reseller = Transfer("contact", "resellers", "quote-follow-up", ("contact",), reference="inquiry-1017")
    assert [sharing.may_share(one).answer for one in (bank, telecom, reseller)] == ["allow", "allow", "allow"]
    for asked, fields, rule in (
        (bank, ("physical-location",), "SMT-16"),
        (telecom, ("payment",), "SMT-21"),
        (telecom, ("financial",), "SMT-21"),
        (reseller, ("payment",), "SMT-20"),
    ):
        assert by(sharing.may_share(replace(asked, fields=fields))) == [("field-not-allowed", rule)]


def test_t_80_a_verification_code_is_never_stored_although_the_wording_lists_it() -> None:
    assert by(book().inventory.may_hold("cvv")) == [("never-stored", "SMT-05"), ("never-stored", None)]
    assert book().inventory.may_hold("payment").answer == "allow"


def test_t_81_recording_is_random_announced_and_kept_in_the_house() -> None:
    assert (smt(11).parameters["selection"], smt(11).decided["announcement"]) == ("random", "every-recordable-call")
    assert smt(12).parameters["storage"] == "company-internal"
    feature = smartt().feature("call-recording")
    assert feature is not None
    assert feature.footing == "required"


def test_t_82_what_valley_never_inspects_smartt_measures_and_neither_rule_reaches_the_other() -> None:
    valleys = valley()[1][0].commitments
    assert any(data.must_not_hold(one, "payloads", "customer-internet-traffic") for one in valleys)
    assert not any(data.must_not_hold(one, "payloads", "customer-internet-traffic") for one in version().commitments)
    assert data.may_use(smt(38), "traffic-usage", "billing")
    assert not any(data.may_use(one, "traffic-usage", "billing") for one in valleys)


def test_t_94_the_purpose_told_at_collection_is_stored_from_the_first_day() -> None:
    told = Gathering(source="web-forms", purpose="inquiries")
    assert book().inventory.may_collect("contact", told).answer == "allow"
    silent = book().inventory.may_collect("contact", replace(told, purpose=None))
    assert by(silent) == [("no-stated-purpose", "SMT-35")]
    nowhere_from = book().inventory.may_collect("contact", replace(told, source=None))
    assert by(nowhere_from) == [("no-source", "SMT-04")]


def test_t_98_a_document_is_known_by_its_folder_not_by_its_title() -> None:
    assert (version().policy, version().title) == ("privacy-agreement", "Privacy Agreement")
    assert {one.clause.heading for one in (smt(22), smt(23))} == {"6. Privacy Policy"}
    assert valley()[1][0].title == "Privacy Policy"
