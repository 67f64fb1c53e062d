"""Valtt's promises about requests, notices, cookies and age: who may ask, by when, what stays, who is told."""

from datetime import UTC, date, datetime

import pytest

from consent.policies import rules
from consent.policies.answers.ages import Ages
from consent.policies.answers.notices import Change, Notices
from consent.policies.answers.requests import Asker, Item, Requests
from consent.policies.answers.trackers import Tracker, Trackers
from consent.policies.kinds import sentence
from consent.policies.questions import Verdict
from tests.policies.packs_val import parts, policy, undecided, val

HOLDER = Asker(roles=frozenset({"account-holder"}))
READER = Asker(roles=frozenset({"newsletter-reader"}))
MORNING = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
FIVE = ["access", "view", "correction", "deletion", "portability"]


def requests() -> Requests:
    return Requests(parts()[0], policy().commitments)


def notices() -> Notices:
    return Notices(parts()[0], policy().commitments)


def tracker(purpose: str, **more: object) -> Verdict:
    asked = Tracker(purpose, "website", **more)  # type: ignore[arg-type]
    return Trackers(parts()[0], policy().commitments).may_set(asked)


def reasons(verdict: Verdict) -> list[tuple[str, str | None]]:
    return [(one.code, one.commitment) for one in verdict.reasons]


@pytest.mark.parametrize("purpose", ["behavior-tracking", "analytics"])
def test_val_04_nobody_is_tracked_before_switching_it_on(purpose: str) -> None:
    assert tracker(purpose, consent=True).answer == "allow"
    for unasked in (None, False):
        denied = tracker(purpose, consent=unasked)
        assert (denied.answer, reasons(denied)) == ("deny", [("no-consent", "VAL-04")])


def test_val_04_what_measures_the_site_needs_no_switch_and_other_purposes_are_none() -> None:
    assert tracker("performance").answer == "allow"
    assert reasons(tracker("advertising", consent=True)) == [("purpose-not-named", "VAL-04")]
    assert sentence(val(4)).startswith("Cookies serve behavior tracking, analytics and performance")


def test_val_04_a_signal_of_the_browser_is_obeyed_whatever_was_switched_on() -> None:
    denied = tracker("behavior-tracking", consent=True, behavioural=True, gpc=True)
    assert (denied.answer, reasons(denied)) == ("deny", [("gpc-sent", "VAL-04")])
    assert tracker("behavior-tracking", consent=True, behavioural=True).answer == "allow"
    assert tracker("behavior-tracking", consent=True, behavioural=True, dnt=True).answer == "allow"


def test_val_04_t_86_the_text_offers_no_control_so_the_operator_settles_one() -> None:
    controls = Trackers(parts()[0], policy().commitments).controls()
    assert (controls.on_site, controls.switches) == (True, ("behavior-tracking", "analytics"))
    assert (controls.browser, controls.opt_out_urls, controls.commitments) == ((), (), ("VAL-04",))
    assert undecided(4, "on_site_control") == ["on_site_control"]
    assert (val(4).parameters["dnt"], val(4).parameters["gpc"]) == ("not-stated", "not-stated")


@pytest.mark.parametrize(
    ("disclosed_at", "due"),
    [
        # Thursday: Friday, Monday, Tuesday.
        (datetime(2026, 11, 19, 15, 0, tzinfo=UTC), date(2026, 11, 24)),
        # Tuesday: Wednesday, not Thanksgiving, Friday, Monday.
        (datetime(2026, 11, 24, 15, 0, tzinfo=UTC), date(2026, 11, 30)),
    ],
)
def test_val_15_a_compelled_disclosure_is_told_by_mail_within_3_business_days(
    disclosed_at: datetime, due: date
) -> None:
    telling = notices().compelled(disclosed_at, feasible_before=False)
    assert telling is not None
    assert (telling.due, telling.channels, telling.before_disclosure) == (due, ("email",), False)
    assert telling.reasons[0].commitment == "VAL-15"


def test_val_15_it_is_told_before_the_data_goes_out_where_that_can_be_done() -> None:
    telling = notices().compelled(datetime(2026, 11, 19, 15, 0, tzinfo=UTC), feasible_before=True)
    assert telling is not None
    assert (telling.due, telling.before_disclosure) == (date(2026, 11, 19), True)


def test_val_15_nothing_is_told_under_a_ban_and_3_business_days_after_it_ends_it_is() -> None:
    disclosed_at = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
    banned = notices().compelled(disclosed_at, feasible_before=True, forbidden=True)
    assert banned is not None
    assert (banned.due, banned.reasons[0].code) == (None, "forbidden-for-now")
    lifted_at = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)  # a Tuesday: Wednesday, Thursday, Friday
    lifted = notices().compelled(disclosed_at, feasible_before=True, forbidden=True, ban_lifted_at=lifted_at)
    assert lifted is not None
    assert lifted.due == date(2026, 12, 4)


def test_val_15_t_48_reasonable_steps_are_measured_by_a_settled_value() -> None:
    assert undecided(15, "period") == ["period"]
    settled = val(15).open
    assert settled is not None
    assert settled.reason != ""
    stated = val(15).parameters
    assert (stated["trigger"], stated["channel"], stated["deadline"]) == ("compelled-disclosure", "unset", "unset")
    assert val(15).decided["starts"] == "disclosure"


def test_val_19_t_69_an_account_holder_does_five_things_alone_in_the_dashboard() -> None:
    offers = [one for one in requests().offered(HOLDER) if one.promise.id == "VAL-19"]
    assert [one.request_type for one in offers] == FIVE
    assert {(one.ways, one.alone) for one in offers} == {(("dashboard-account", "email"), True)}
    for request_type in FIVE:
        assert reasons(requests().may_ask(request_type, HOLDER)) == [("offered", "VAL-19")]
    assert requests().may_ask("restriction", HOLDER).answer == "deny"


@pytest.mark.parametrize("request_type", FIVE)
def test_val_19_it_happens_at_once_and_within_30_days_where_staff_must_help(request_type: str) -> None:
    alone = requests().timetable(request_type, MORNING, HOLDER)
    assert (alone.due, alone.binding) == (date(2026, 3, 2), "VAL-19")
    helped = requests().timetable(request_type, MORNING, HOLDER, staff_needed=True)
    assert (helped.due, helped.binding) == (date(2026, 4, 1), "VAL-19")


def test_val_19_t_69_people_without_an_account_ask_by_mail_and_prove_the_address() -> None:
    assert requests().may_ask("deletion", READER).answer == "allow"
    assert requests().timetable("deletion", MORNING, READER, staff_needed=True).due == date(2026, 4, 1)
    assert requests().check("deletion", READER).methods == ("login", "code-to-contact-on-file")
    assert val(19).decided["formats"] == ["json", "csv"]
    stated = val(19).parameters
    assert (stated["verification"], stated["jurisdictions"], stated["deadline"]) == ("login", "any", "unset")
    assert val(19).decided["deadline_basis"] == "calendar-day"
    assert sentence(val(19)).startswith("Account holder can do this alone (dashboard account)")


@pytest.mark.parametrize("place", ["US-CA", "US-TX", "FR", None])
def test_val_19_t_49_deletion_is_open_in_every_place_as_often_as_wanted(place: str | None) -> None:
    asker = Asker(roles=HOLDER.roles, jurisdiction=place)
    assert reasons(requests().may_ask("deletion", asker)) == [("offered", "VAL-19")]
    tally = requests().tally("deletion", MORNING, asker, ())
    assert (tally.limit, tally.decision, val(19).parameters["frequency"]) == (None, "answer", "unlimited")


@pytest.mark.parametrize(
    "ground", ["purchased-service-necessity", "legitimate-business-purpose", "legal-contractual-records"]
)
def test_val_20_t_53_what_a_bought_service_needs_is_deferred_to_its_end_and_not_refused(ground: str) -> None:
    needed, free = requests().delete([Item("billing", grounds=frozenset({ground})), Item("phone")], MORNING, HOLDER)
    assert (needed.outcome, needed.recheck, needed.reasons[0].commitment) == ("deferred", "service-end", "VAL-20")
    assert (free.outcome, free.recheck, free.reasons[0].commitment) == ("deleted", None, "VAL-19")


def test_val_20_a_ground_that_is_not_named_keeps_nothing() -> None:
    (curious,) = requests().delete([Item("billing", grounds=frozenset({"curiosity"}))], MORNING, HOLDER)
    assert curious.outcome == "deleted"
    assert len(val(20).parameters["exceptions"]) == 3
    assert val(20).parameters["outcome"] == ["full", "partial", "deferred"]
    assert "the outcome is full or partial or deferred" in sentence(val(20))
    assert "looked at again at service end" in sentence(val(20))


def test_val_21_buying_and_aiming_at_people_begin_at_18() -> None:
    ages = Ages(parts()[0], policy().commitments)
    for act in ("purchase", "targeting"):
        assert ages.minimum(act) == (18, ("VAL-21",))
        assert ages.may(act, 18).answer == "allow"
        assert ages.may(act, 17).answer == "deny"
    assert ages.minimum("collect").age is None
    assert (val(21).parameters["min_age"], val(21).decided["counts_as_adult"]) == (18, 18)


@pytest.mark.parametrize("asker", [HOLDER, READER, Asker()])
def test_val_22_anyone_may_report_data_of_a_minor_and_it_is_gone_in_5_days(asker: Asker) -> None:
    (offer,) = [one for one in requests().offered(asker) if one.request_type == "minor-report"]
    assert (offer.promise.id, offer.ways) == ("VAL-22", ("email", "phone", "dashboard-account"))
    timetable = requests().timetable("minor-report", MORNING, asker)
    assert (timetable.due, timetable.binding) == (date(2026, 3, 7), "VAL-22")
    assert undecided(22, "deadline") == ["deadline"]
    assert (val(22).parameters["persons"], val(22).parameters["via"]) == ("anyone", "unset")
    assert val(22).decided["deadline_basis"] == "calendar-day"


def test_val_23_every_change_is_posted_in_the_policy_and_where_else_it_fits() -> None:
    (only,) = notices().duties(Change(frozenset({"wording"}), material=False))
    assert (only.promise.id, only.channels, only.enough) == ("VAL-23", ("policy-page", "other-places"), "all")
    assert {one.id for one in notices().must_classify()} == {"VAL-23", "VAL-24"}
    assert val(23).parameters["lead_time"] == "none"


MATERIAL = Change(frozenset({"recipients"}))


def test_val_24_a_material_change_is_told_in_one_of_three_ways() -> None:
    told = [one for one in notices().duties(MATERIAL) if one.promise.id == "VAL-24"]
    assert [(one.channels, one.enough, one.lead) for one in told] == [
        (("policy-page", "email", "homepage-notice"), "any-one", "P30D")
    ]
    posted = frozenset({"policy-page", "other-places"})
    assert notices().enough(MATERIAL, posted).answer == "allow"
    for way in ("email", "homepage-notice"):
        assert reasons(notices().enough(MATERIAL, frozenset({way}))) == [("notice-missing", "VAL-23")]
    assert ("notice-missing", "VAL-24") in reasons(notices().enough(MATERIAL, frozenset({"other-places"})))


def test_val_24_t_34_t_36_30_full_days_count_from_the_last_batch() -> None:
    batches = [datetime(2024, 1, 29, 15, 0, tzinfo=UTC), datetime(2024, 1, 31, 15, 0, tzinfo=UTC)]
    found = notices().earliest(MATERIAL, batches)
    # 1 February to 1 March of a leap year; Eastern standard time is five hours behind UTC.
    assert found.at == datetime(2024, 3, 2, 5, 0, tzinfo=UTC)
    assert [(one.code, one.commitment) for one in found.reasons] == [("lead-time", "VAL-24")]
    stated = val(24).parameters
    assert (stated["period_basis"], stated["bound"], stated["trigger"]) == (
        "calendar-day",
        "at-least",
        "notice-published",
    )
    assert val(24).decided["full_days"] is True


def test_val_24_t_43_an_edit_of_the_announced_text_starts_the_days_anew() -> None:
    edited_at = datetime(2024, 2, 10, 15, 0, tzinfo=UTC)
    first = datetime(2024, 1, 31, 15, 0, tzinfo=UTC)
    waiting = notices().earliest(MATERIAL, [first], edited_at=edited_at)
    assert (waiting.at, waiting.reasons[0].code) == (None, "not-announced")
    again = datetime(2024, 2, 12, 15, 0, tzinfo=UTC)
    # 13 to 29 February are 17 days, 1 to 13 March are 13; summer time has begun on 10 March.
    assert notices().earliest(MATERIAL, [first, again], edited_at=edited_at).at == datetime(
        2024, 3, 14, 4, 0, tzinfo=UTC
    )


def test_val_24_a_change_that_is_not_material_waits_for_nothing() -> None:
    change = Change(frozenset({"wording"}), material=False)
    announced = datetime(2024, 1, 31, 15, 0, tzinfo=UTC)
    assert notices().earliest(change, [announced]).at == announced
    for side in ("purposes", "recipients", "retention", "rights", "channels"):
        assert notices().is_material(Change(frozenset({side}), material=False))


def test_val_24_t_43_t_46_what_is_said_in_the_gap_is_tied_to_the_old_text() -> None:
    begins = [datetime(2020, 7, 21, 4, 0, tzinfo=UTC), datetime(2024, 3, 2, 5, 0, tzinfo=UTC)]
    for said_at, binding in (
        (datetime(2024, 2, 15, 12, 0, tzinfo=UTC), 0),
        (datetime(2024, 3, 2, 4, 59, tzinfo=UTC), 0),
        (datetime(2024, 3, 2, 5, 0, tzinfo=UTC), 1),
    ):
        assert rules.in_force_at(begins, said_at) == binding


def test_t_44_update_notice_and_effect_are_three_days() -> None:
    announced = datetime(2024, 1, 31, 15, 0, tzinfo=UTC)
    begins = notices().earliest(MATERIAL, [announced]).at
    assert begins is not None
    assert len({policy().last_updated, announced.date(), begins.date()}) == 3


def test_t_97_a_request_counts_from_its_arrival_whatever_door_it_came_in_by() -> None:
    late = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)  # still the evening of 2 March in New York
    assert requests().timetable("deletion", late, READER, staff_needed=True).due == date(2026, 4, 1)
    assert undecided(25, "email", "phone") == ["email"]
