"""Who must be told of a breach and by when, what may delay it, and what nobody promised."""

from datetime import date

import pytest

from consent.policies.answers.incidents import BreachNotice, Delay, Incident, Incidents
from tests.policies.answers.companies import at, changed, organization, promises, with_law

FRIDAY = at(2024, 6, 28)


def notices(prefix: str, incident: Incident) -> list[BreachNotice]:
    return list(Incidents(organization(prefix), promises(prefix)).notices(incident))


def only(prefix: str, incident: Incident) -> BreachNotice:
    (one,) = notices(prefix, incident)
    return one


def test_ten_business_days_skip_only_holidays_common_to_both_countries() -> None:
    notice = only("1V", Incident(FRIDAY))
    assert (notice.due, notice.state, notice.promise.id) == (date(2024, 7, 12), "due", "1V-33")
    assert (notice.channels, notice.audience) == (("email",), ("affected-persons",))
    assert any("2024-07-12" in step for step in notice.steps)


def test_a_holiday_of_both_countries_is_skipped() -> None:
    assert only("1V", Incident(at(2026, 8, 28))).due == date(2026, 9, 14)  # Labour Day, 7 September


@pytest.mark.parametrize(
    ("starts", "due"),
    [("detection", date(2024, 7, 12)), ("occurrence", date(2024, 6, 24)), ("confirmation", date(2024, 7, 16))],
)
def test_the_start_of_the_clock_is_what_was_settled(starts: str, due: date) -> None:
    settled = changed("1V", "1V-33", decided=True, starts=starts)
    incident = Incident(FRIDAY, occurred_at=at(2024, 6, 10), confirmed_at=at(2024, 7, 2))
    (notice,) = Incidents(organization("1V"), settled).notices(incident)
    assert notice.due == due


def test_an_unknown_occurrence_starts_nothing() -> None:
    settled = changed("1V", "1V-33", decided=True, starts="occurrence")
    (notice,) = Incidents(organization("1V"), settled).notices(Incident(FRIDAY))
    assert (notice.due, notice.reasons[0].code) == (None, "not-running")


def test_1valet_knows_no_ground_to_wait() -> None:
    waiting = Incident(FRIDAY, delay=Delay("criminal-investigation", "police", date(2024, 8, 1)))
    notice = only("1V", waiting)
    assert (notice.state, notice.due) == ("due", date(2024, 7, 12))
    assert notice.reasons[0].code == "no-ground-to-delay"


def test_smartt_tells_where_law_requires_it_and_says_so_first() -> None:
    assert only("SMT", Incident(FRIDAY)).state == "assess-first"
    assert only("SMT", Incident(FRIDAY, law_requires=False)).state == "not-required"
    notice = only("SMT", Incident(FRIDAY, law_requires=True))
    assert (notice.state, notice.due, notice.reasons[0].commitment) == ("due", date(2024, 7, 1), "SMT-32")


def test_smartts_clock_runs_from_the_reasonable_belief() -> None:
    believed = Incident(FRIDAY, believed_at=at(2024, 6, 20), law_requires=True)
    assert only("SMT", believed).due == date(2024, 6, 23)


@pytest.mark.parametrize("ground", ["law-requires-delay", "criminal-investigation"])
def test_smartt_waits_on_two_grounds_with_a_body_and_a_day_to_look_again(ground: str) -> None:
    delay = Delay(ground, "police", date(2024, 8, 1))
    notice = only("SMT", Incident(FRIDAY, law_requires=True, delay=delay))
    assert (notice.state, notice.review_on) == ("delayed", date(2024, 8, 1))


@pytest.mark.parametrize(
    "delay",
    [
        Delay("bad-press", "board", date(2024, 8, 1)),
        Delay("criminal-investigation", "", date(2024, 8, 1)),
        Delay("criminal-investigation", "police", None),
    ],
)
def test_any_other_wish_to_wait_changes_nothing(delay: Delay) -> None:
    notice = only("SMT", Incident(FRIDAY, law_requires=True, delay=delay))
    assert (notice.state, notice.due) == ("due", date(2024, 7, 1))
    assert notice.reasons[0].code == "no-ground-to-delay"


@pytest.mark.parametrize("prefix", ["VSH", "VAL", "VOX"])
def test_where_nothing_is_promised_no_clock_is_invented(prefix: str) -> None:
    assert notices(prefix, Incident(FRIDAY, law_requires=True)) == []


def test_scope_and_integrity_are_tasks_of_every_incident_at_smartt() -> None:
    tasks = Incidents(organization("SMT"), promises("SMT")).tasks()
    assert [(duty, one.id) for duty, one in tasks] == [("determine-scope", "SMT-33"), ("restore-integrity", "SMT-33")]


def test_the_law_of_the_people_affected_stands_beside_the_promise() -> None:
    asked = Incidents(organization("1V"), with_law("1V"))
    found = {one.promise.id: one.due for one in asked.notices(Incident(FRIDAY, places=("US-CA",)))}
    assert found["1V-33"] == date(2024, 7, 12)
    assert found["US-CA-BREACH"] == date(2024, 7, 28)
    assert found["US-CA-BREACH-AG"] is None
    assert "US-NY-BREACH" not in found


def test_the_second_notice_runs_from_the_first() -> None:
    asked = Incidents(organization("1V"), with_law("1V"))
    told = Incident(FRIDAY, people_notified_at=at(2024, 7, 10), places=("US-CA",))
    found = {one.promise.id: one.due for one in asked.notices(told)}
    assert found["US-CA-BREACH-AG"] == date(2024, 7, 25)
