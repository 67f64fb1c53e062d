"""When a record must go: both New York clocks, holds, floors of law, periods settled for criteria."""

from datetime import date

import pytest

from consent.policies.answers.retention import Disposal, Held, Hold, Retention
from tests.policies.answers.companies import at, changed, organization, promises, with_law

NYC = "US-NY-NYC"


def due(prefix: str, held: Held) -> Disposal:
    return Retention(organization(prefix), promises(prefix)).due(held)


def door(**more: object) -> Held:
    return Held("authentication-data", {"collection": at(2024, 1, 15)}, NYC, "tenant", **more)  # type: ignore[arg-type]


def reference(**events: object) -> Held:
    named = {key.replace("_", "-"): value for key, value in events.items()}
    return Held("reference-data", named, NYC, "tenant")  # type: ignore[arg-type]


def test_data_of_a_keyless_entry_goes_90_days_after_its_own_collection() -> None:
    answer = due("1V", door())
    assert answer.due == date(2024, 4, 14)
    assert answer.target == date(2024, 4, 13)
    assert answer.reasons[0].commitment == "1V-27"
    assert answer.outcomes == ("removed", "deleted", "anonymized")
    assert any("2024-04-14" in step for step in answer.steps)


def test_the_tenancy_does_not_move_the_clock_of_door_data() -> None:
    moving = Held("authentication-data", {"collection": at(2024, 1, 15), "permanent-vacate": at(2024, 3, 1)}, NYC)
    assert due("1V", moving).due == date(2024, 4, 14)


def test_reference_data_counts_from_the_earlier_of_withdrawal_and_moving_out() -> None:
    both = reference(consent_withdrawal=at(2024, 3, 1), permanent_vacate=at(2024, 5, 31))
    assert due("1V", both).due == date(2024, 5, 30)
    assert due("1V", reference(permanent_vacate=at(2024, 5, 31))).due == date(2024, 8, 29)


def test_before_either_event_reference_data_may_stay() -> None:
    answer = due("1V", reference(recorded=at(2020, 1, 1)))
    assert (answer.state, answer.due) == ("waiting", None)
    assert {one.commitment for one in answer.reasons} >= {"1V-28"}


def test_only_a_new_consent_stops_the_clock_of_reference_data() -> None:
    stopped = reference(consent_withdrawal=at(2024, 3, 1), new_consent=at(2024, 4, 2))
    earlier = reference(consent_withdrawal=at(2024, 3, 1), new_consent=at(2024, 2, 1))
    assert due("1V", stopped).due is None
    assert due("1V", earlier).due == date(2024, 5, 30)


@pytest.mark.parametrize("ground", ["tax", "legal-obligation", "court-order", "complete-transaction"])
def test_no_ground_outside_the_closed_list_lengthens_new_york_data(ground: str) -> None:
    answer = due("1V", door(holds=(Hold(ground, at(2024, 4, 1), date(2030, 1, 1)),)))
    assert answer.due == date(2024, 4, 14)
    assert [one.code for one in answer.escalate] == ["ground-not-admitted"]


def test_a_ground_of_the_closed_list_holds_for_30_days_each_time_it_is_renewed_in_writing() -> None:
    once = Hold("security-incident-detection", at(2024, 4, 10))
    twice = Hold("security-incident-detection", at(2024, 4, 10), renewals=((date(2024, 5, 9), "inquiry goes on"),))
    blank = Hold("security-incident-detection", at(2024, 4, 10), renewals=((date(2024, 5, 9), " "),))
    assert due("1V", door(holds=(once,))).due == date(2024, 5, 10)
    assert due("1V", door(holds=(twice,))).due == date(2024, 6, 8)
    assert due("1V", door(holds=(blank,))).due == date(2024, 5, 10)


def test_an_open_request_holds_ordinary_data_but_not_that_of_new_york() -> None:
    asked = Hold("access-request", open_request=True, until=date(2024, 6, 30))
    held = due("1V", door(holds=(asked,)))
    assert held.due == date(2024, 4, 14)
    assert [one.code for one in held.escalate] == ["request-does-not-hold"]
    image = Held("sensory-image", {"recorded": at(2024, 3, 1)}, "CA-ON", holds=(asked,))
    assert due("1V", image).due == date(2024, 6, 30)


def test_door_images_are_door_data_where_they_open_the_door() -> None:
    recorded = {"recorded": at(2024, 3, 1)}
    assert due("1V", Held("sensory-image", recorded, NYC, "tenant", "keyless-entry")).due == date(2024, 5, 30)
    assert due("1V", Held("sensory-image", recorded, NYC, "tenant")).due == date(2024, 3, 31)
    assert due("1V", Held("sensory-image", recorded, "CA-ON", "resident", "keyless-entry")).due == date(2024, 3, 31)


def test_the_jurisdiction_is_that_of_the_building() -> None:
    elsewhere = Held("authentication-data", {"collection": at(2024, 1, 15)}, "CA-ON", "tenant")
    assert due("1V", elsewhere).state == "waiting"


@pytest.mark.parametrize(
    ("prefix", "category", "events", "gone"),
    [
        ("VSH", "network-diagnostics", {"recorded": at(2026, 1, 1)}, date(2026, 6, 30)),
        ("VSH", "account-contact", {"service-end": at(2024, 2, 29)}, date(2025, 2, 28)),
        ("VSH", "invoices", {"recorded": at(2024, 3, 5)}, date(2031, 12, 31)),
        ("VSH", "invoices", {"fiscal-year-end": date(2024, 6, 30)}, date(2031, 6, 30)),
        ("VSH", "consent-records", {"enrolment-end": at(2024, 2, 29)}, date(2029, 2, 28)),
        ("VAL", "government-id", {"check-done": at(2026, 11, 1)}, date(2026, 12, 1)),
        ("VAL", "logs-metadata", {"recorded": at(2025, 3, 31)}, date(2026, 3, 31)),
        ("VOX", "call-log", {"recorded": at(2026, 1, 31)}, date(2026, 5, 1)),
        ("SMT", "web-use", {"recorded": at(2023, 12, 1)}, date(2024, 11, 30)),
        ("SMT", "usage-logs", {"recorded": at(2026, 1, 31)}, date(2026, 11, 30)),
        ("SMT", "traffic-usage", {"recorded": at(2024, 2, 29)}, date(2026, 2, 28)),
    ],
)  # fmt: skip
def test_settled_periods_count_from_their_event(prefix: str, category: str, events: object, gone: date) -> None:
    assert due(prefix, Held(category, events)).due == gone  # type: ignore[arg-type]


def test_a_suppression_entry_never_goes() -> None:
    answer = due("VSH", Held("suppression-list", {"recorded": at(2020, 1, 1)}))
    assert (answer.state, answer.due) == ("unlimited", None)


def test_silence_is_no_permission() -> None:
    answer = due("VSH", Held("shoe-sizes", {"recorded": at(2020, 1, 1)}))
    assert answer.state == "unsettled"
    assert [one.code for one in answer.reasons] == ["no-period"]


def test_a_recording_tied_to_an_open_ticket_stays_until_the_ticket_closes() -> None:
    recorded = {"recorded": at(2026, 1, 1)}
    tied = Held("call-recordings", recorded, holds=(Hold("open-ticket", until=date(2026, 9, 1)),))
    assert due("SMT", Held("call-recordings", recorded)).due == date(2026, 6, 30)
    assert due("SMT", tied).due == date(2026, 9, 1)


def test_a_hold_without_an_end_date_is_for_a_person_to_look_at() -> None:
    answer = due("VSH", Held("network-diagnostics", {"recorded": at(2026, 1, 1)}, holds=(Hold("security"),)))
    assert answer.due == date(2026, 6, 30)
    assert [one.code for one in answer.escalate] == ["no-end-date"]


def test_a_hold_with_ground_and_end_lengthens_an_ordinary_period() -> None:
    hold = Hold("dispute-resolution", until=date(2027, 1, 15))
    answer = due("VSH", Held("network-diagnostics", {"recorded": at(2026, 1, 1)}, holds=(hold,)))
    assert (answer.due, answer.held_until) == (date(2027, 1, 15), date(2027, 1, 15))
    assert "VSH-59" in {one.commitment for one in answer.reasons}


def test_a_law_that_wants_it_longer_binds_and_is_named() -> None:
    short = changed("VSH", "VSH-30", decided=True, periods={"consent-records": {"for": "P1Y", "from": "recorded"}})
    law = tuple(one for one in with_law("VSH") if one.id == "US-TCPA-SOL")
    held = Held("consent-records", {"recorded": at(2024, 1, 10), "last-message": at(2024, 3, 1)})
    answer = Retention(organization("VSH"), (*short, *law)).due(held)
    assert (answer.state, answer.due) == ("kept-by-law", date(2028, 3, 1))
    assert answer.reasons[0].law == "US-TCPA-SOL"
    assert "VSH-30" in {one.commitment for one in answer.reasons}


def test_the_earliest_of_several_limits_binds() -> None:
    both = Held("authentication-data", {"collection": at(2024, 1, 15), "account-end": at(2023, 12, 1)}, NYC)
    answer = due("1V", both)
    assert answer.due == date(2024, 2, 29)
    assert {one.commitment for one in answer.reasons} == {"1V-24", "1V-27"}


def test_a_hold_on_one_limit_does_not_stretch_a_closed_one() -> None:
    hold = Hold("tax", until=date(2030, 1, 1))
    both = Held("authentication-data", {"collection": at(2024, 1, 15), "account-end": at(2023, 12, 1)}, NYC,
                holds=(hold,))  # fmt: skip
    assert due("1V", both).due == date(2024, 4, 14)


def test_backups_turn_over_after_the_disposal() -> None:
    assert due("1V", door()).backups_gone_by == date(2024, 7, 13)
    assert due("VSH", Held("network-diagnostics", {"recorded": at(2026, 1, 1)})).backups_gone_by is None


def test_the_local_date_of_the_event_counts() -> None:
    late = Held("network-diagnostics", {"recorded": at(2026, 1, 2, 5)})  # the evening of New Year's Day in Washington
    assert due("VSH", late).due == date(2026, 6, 30)


def test_t_64_ending_autopay_ends_no_duty_to_keep_the_bills() -> None:
    """The end of a feature is no request for deletion: invoices go seven years after their fiscal year, as before."""
    paid = {"recorded": at(2026, 3, 10), "fiscal-year-end": at(2026, 12, 31)}
    before = due("VSH", Held("invoices", paid, "US-WA"))
    after = due("VSH", Held("invoices", paid | {"feature-end": at(2026, 11, 1)}, "US-WA"))
    assert before.due == after.due == date(2033, 12, 31)
