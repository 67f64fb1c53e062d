"""Who is told of a change or of a compelled disclosure, how, and from when the change may hold."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from consent.policies.answers.notices import Change, Notices
from tests.policies.answers.companies import at, changed, organization, promises

PURPOSES = Change(frozenset({"purposes"}))
SMALL = Change(frozenset({"wording"}), material=False)
NEW_USE = Change(frozenset({"purposes"}), new_purpose=True)


def notices(prefix: str) -> Notices:
    return Notices(organization(prefix), promises(prefix))


def duties(prefix: str, change: Change) -> set[str]:
    return {one.promise.id for one in notices(prefix).duties(change)}


# -------------------------------------------------------------------------------------------- lead times


def test_thirty_full_days_pass_before_a_material_change_holds() -> None:
    found = notices("VAL").earliest(PURPOSES, [at(2024, 1, 31)])
    assert found.at == datetime(2024, 3, 2, tzinfo=ZoneInfo("America/New_York"))
    assert any("2024-03-02" in step for step in found.steps)


def test_the_last_batch_of_mails_counts() -> None:
    found = notices("VAL").earliest(PURPOSES, [at(2024, 1, 10), at(2024, 1, 31), at(2024, 1, 20)])
    assert found.at is not None
    assert found.at.date() == date(2024, 3, 2)
    first = Notices(organization("VAL"), changed("VAL", "VAL-24", decided=True, counts_from="first-batch"))
    early = first.earliest(PURPOSES, [at(2024, 1, 10), at(2024, 1, 31)])
    assert early.at is not None
    assert early.at.date() == date(2024, 2, 10)


def test_a_material_edit_of_the_announced_text_starts_the_clock_anew() -> None:
    edited = at(2024, 2, 10)
    waiting = notices("VAL").earliest(PURPOSES, [at(2024, 1, 31)], edited_at=edited)
    assert (waiting.at, [one.code for one in waiting.reasons]) == (None, ["not-announced"])
    again = notices("VAL").earliest(PURPOSES, [at(2024, 1, 31), at(2024, 2, 11)], edited_at=edited)
    assert again.at is not None
    assert again.at.date() == date(2024, 3, 13)


def test_a_change_that_is_not_material_waits_for_nothing() -> None:
    found = notices("VAL").earliest(SMALL, [at(2024, 1, 31)])
    assert found.at == at(2024, 1, 31)
    assert notices("VSH").earliest(PURPOSES, [at(2024, 1, 31)]).at == at(2024, 1, 31)


@pytest.mark.parametrize("touched", ["purposes", "recipients", "retention", "rights", "channels"])
def test_what_was_settled_as_material_is_so_whatever_a_person_says(touched: str) -> None:
    assert notices("VAL").is_material(Change(frozenset({touched}), material=False))
    assert not notices("VAL").is_material(SMALL)
    assert notices("VAL").is_material(Change(frozenset({"wording"})))


# -------------------------------------------------------------------------------------------- duties


def test_valley_and_1valet_promise_a_date_and_nothing_more() -> None:
    assert duties("VSH", PURPOSES) == {"VSH-61"}
    assert duties("1V", PURPOSES) == {"1V-56"}
    for prefix in ("VSH", "1V"):
        mail = notices(prefix).may_email(
            PURPOSES, affected=True, opted_in=True, refused_mail=False, refused_policy_mail=False
        )
        assert [one.code for one in mail.reasons] == ["mail-not-promised"]


def test_every_change_is_posted_and_a_material_one_is_announced_in_one_of_three_ways() -> None:
    assert duties("VAL", SMALL) == {"VAL-23"}
    assert duties("VAL", PURPOSES) == {"VAL-23", "VAL-24"}
    enough = notices("VAL").enough
    assert enough(PURPOSES, frozenset({"policy-page", "other-places", "email"})).answer == "allow"
    assert enough(PURPOSES, frozenset({"homepage-notice"})).answer == "deny"


def test_a_purpose_mail_goes_to_everyone_affected_and_the_further_mail_to_the_opted_in() -> None:
    asked = notices("SMT").may_email
    affected = asked(NEW_USE, affected=True, opted_in=False, refused_mail=True, refused_policy_mail=False)
    assert (affected.answer, affected.reasons[0].commitment) == ("allow", "SMT-35")
    other = Change(frozenset({"retention"}), material=False)
    further = asked(other, affected=False, opted_in=True, refused_mail=False, refused_policy_mail=False,
                    site_notice=True)  # fmt: skip
    assert (further.answer, further.reasons[0].commitment) == ("allow", "SMT-37")
    assert asked(other, affected=True, opted_in=False, refused_mail=False, refused_policy_mail=False,
                 site_notice=True).answer == "deny"  # fmt: skip


def test_the_further_mail_is_never_the_notice_itself() -> None:
    duty = next(one for one in notices("SMT").duties(PURPOSES) if one.promise.id == "SMT-37")
    assert (duty.required, duty.additional_to) == (False, "website-notice")
    material = Change(frozenset({"rights"}), material=True)
    assert notices("SMT").enough(material, frozenset()).answer == "deny"
    assert notices("SMT").enough(material, frozenset({"website-notice"})).answer == "allow"


def test_posting_always_works_and_mail_spares_those_who_refused_it() -> None:
    asked = notices("VOX").may_email
    refused = asked(PURPOSES, affected=True, opted_in=True, refused_mail=False, refused_policy_mail=True)
    assert [(one.code, one.commitment) for one in refused.reasons] == [("refused-policy-mail", "VOX-03")]
    assert (
        asked(PURPOSES, affected=True, opted_in=False, refused_mail=True, refused_policy_mail=False).answer == "allow"
    )
    assert notices("VOX").enough(PURPOSES, frozenset({"policy-page"})).answer == "allow"


def test_a_classification_is_asked_for_where_material_changes_are_told_apart() -> None:
    assert {one.id for one in notices("VAL").must_classify()} == {"VAL-23", "VAL-24"}
    assert notices("VSH").must_classify() == ()


# -------------------------------------------------------------------------------------------- new purposes


def test_another_purpose_waits_for_the_mail_and_thirty_full_days() -> None:
    asked = notices("SMT").may_use_for
    assert asked("inquiries", "inquiries", None, at(2026, 11, 20)).answer == "allow"
    assert [one.code for one in asked("inquiries", "provisioning", None, at(2026, 11, 20)).reasons] == ["not-told"]
    told = at(2026, 10, 1)
    assert asked("inquiries", "provisioning", told, at(2026, 10, 31)).answer == "deny"
    assert asked("inquiries", "provisioning", told, at(2026, 11, 1)).answer == "allow"


# -------------------------------------------------------------------------------------------- compelled disclosure


def test_a_person_is_told_before_data_goes_out_if_that_can_be_done() -> None:
    telling = notices("VAL").compelled(at(2026, 11, 20), feasible_before=True)
    assert telling is not None
    assert (telling.due, telling.before_disclosure, telling.channels) == (date(2026, 11, 20), True, ("email",))


def test_else_within_three_business_days_after() -> None:
    telling = notices("VAL").compelled(at(2026, 11, 25), feasible_before=False)  # Thanksgiving is the day after
    assert telling is not None
    assert (telling.due, telling.before_disclosure) == (date(2026, 12, 1), False)


def test_while_a_ban_is_on_file_nothing_goes_out_and_it_counts_from_its_end() -> None:
    asked = notices("VAL").compelled
    barred = asked(at(2026, 11, 20), feasible_before=True, forbidden=True)
    assert barred is not None
    assert (barred.due, barred.reasons[0].code) == (None, "forbidden-for-now")
    lifted = asked(
        at(2026, 11, 20), feasible_before=True, forbidden=True, ban_lifted_at=datetime(2027, 1, 8, 18, tzinfo=UTC)
    )
    assert lifted is not None
    assert lifted.due == date(2027, 1, 13)


@pytest.mark.parametrize("prefix", ["VSH", "1V", "VOX", "SMT"])
def test_nobody_else_promises_to_tell(prefix: str) -> None:
    assert notices(prefix).compelled(at(2026, 11, 20), feasible_before=True) is None
