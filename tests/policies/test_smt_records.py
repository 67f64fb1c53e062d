"""Smartt's promises about time kept, requests, notices and breaches: the dates and the orders of steps they give."""

from datetime import date

import pytest

from consent.policies.answers.retention import Disposal, Held, Hold, Retention
from tests.policies.packs_smt import by, smartt, version


def due(category: str, event: str, day: date, *holds: Hold) -> Disposal:
    """When this record goes."""
    return Retention(smartt(), version().commitments).due(Held(category, {event: day}, "CA-BC", holds=holds))


@pytest.mark.parametrize(
    ("category", "event", "day", "last"),
    [
        ("contact", "relationship-end", date(2024, 1, 31), date(2026, 1, 31)),
        ("preferences-privileges", "relationship-end", date(2024, 2, 29), date(2026, 2, 28)),
        ("financial", "recorded", date(2023, 5, 4), date(2030, 12, 31)),
        ("financial", "fiscal-year-end", date(2024, 3, 31), date(2031, 3, 31)),
        ("web-use", "recorded", date(2024, 1, 15), date(2025, 1, 14)),  # 2024 has a 29 February
        ("network-technical", "recorded", date(2025, 1, 15), date(2026, 1, 15)),
        ("referral", "last-contact", date(2024, 6, 30), date(2026, 6, 30)),
        ("customer-content", "feature-end", date(2026, 11, 1), date(2026, 12, 1)),
    ],
)
def test_smt_05_each_class_goes_when_its_settled_period_ends(category: str, event: str, day: date, last: date) -> None:
    gone = due(category, event, day)
    assert (gone.state, gone.due) == ("running", last)
    assert {one.commitment for one in gone.reasons} == {"SMT-05"}


def test_smt_05_contact_data_waits_for_the_end_of_the_relationship() -> None:
    assert (due("contact", "recorded", date(2024, 1, 31)).state, due("contact", "recorded", date(2024, 1, 31)).due) == (
        "waiting",
        None,
    )


def test_smt_11_a_recording_goes_after_180_days() -> None:
    gone = due("call-recordings", "recorded", date(2026, 1, 10))
    assert (gone.due, by(gone)) == (date(2026, 7, 9), [("limit", "SMT-11")])


def test_smt_11_an_open_ticket_keeps_its_recording_and_nothing_else_does() -> None:
    ticket = due("call-recordings", "recorded", date(2026, 1, 10), Hold("open-ticket", until=date(2026, 9, 1)))
    assert (ticket.due, ticket.held_until) == (date(2026, 9, 1), date(2026, 9, 1))
    other = due("call-recordings", "recorded", date(2026, 1, 10), Hold("coaching", until=date(2026, 9, 1)))
    assert (other.due, [one.code for one in other.escalate]) == (date(2026, 7, 9), ["ground-not-admitted"])


def test_smt_38_usage_figures_go_after_24_months() -> None:
    gone = due("traffic-usage", "recorded", date(2024, 2, 29))
    assert (gone.due, by(gone)) == (date(2026, 2, 28), [("limit", "SMT-38")])


def test_smt_43_logs_go_after_10_months_so_that_9_can_be_asked_for() -> None:
    gone = due("usage-logs", "recorded", date(2023, 2, 1))
    assert (gone.due, by(gone)) == (date(2023, 12, 1), [("limit", "SMT-43")])


def test_t_96_no_class_of_data_is_without_a_period_although_the_wording_has_none() -> None:
    states = {one.key: due(one.key, "nothing-happened", date(2026, 1, 1)).state for one in smartt().data_categories}
    assert set(states.values()) == {"waiting"}
    assert due("health", "recorded", date(2026, 1, 1)).state == "unsettled"
