"""Smartt's promises about requests: corrections through the Super User, usage totals, log files and their fee."""

from datetime import UTC, date, datetime

import pytest

from consent.policies.answers.requests import Asker, Requests
from consent.policies.answers.sharing import Transfer
from tests.policies.packs_smt import book, by, smartt, version

LOGS = "usage-log-file"
FRIDAY = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)  # noon in Vancouver


def requests() -> Requests:
    """What Smartt promises about requests, without any law."""
    return Requests(smartt(), version().commitments)


def somebody(*roles: str) -> Asker:
    return Asker(frozenset(roles), "CA-BC")


def test_smt_26_the_super_user_corrects_while_current_and_logged_in() -> None:
    super_user, met = somebody("super-user"), frozenset({"current-user", "login"})
    assert requests().may_change("correction", super_user, met).answer == "allow"
    for lacking in met:
        refused = requests().may_change("correction", super_user, met - {lacking})
        assert by(refused) == [("condition-missing", "SMT-26")]
    other = requests().may_change("correction", somebody("individual-user"), met)
    assert by(other) == [("not-this-person", "SMT-26")]


def test_smt_27_an_individual_is_sent_to_the_super_user_and_staff_steps_in() -> None:
    route = requests().route("correction", FRIDAY, somebody("individual-user"))
    assert route is not None
    assert (route.to, route.fallback) == ("super-user", "staff")
    assert (route.fallback_on, route.due) == (date(2026, 12, 4), date(2026, 12, 20))
    assert by(route) == [("routed", "SMT-27")]
    assert requests().route("correction", FRIDAY, somebody("super-user")) is None


def test_smt_39_a_user_looks_up_totals_alone_and_free_of_charge() -> None:
    (offer,) = [one for one in requests().offered(somebody("user")) if one.promise.id == "SMT-39"]
    assert (offer.request_type, offer.ways, offer.alone) == ("usage-total", ("data-statistics-portal",), True)
    assert requests().check("usage-total", somebody("user")).methods == ("login",)
    assert requests().fee("usage-total") is None
    assert requests().may_ask("usage-total", somebody("visitor")).answer == "deny"


@pytest.mark.parametrize("role", ["administrator", "officer", "director", "appointed-representative"])
def test_smt_40_company_people_ask_for_logs_on_two_grounds(role: str) -> None:
    for ground in ("legal-requirement", "internal-audit"):
        assert requests().may_ask(LOGS, somebody(role), ground).answer == "allow"
    for unfit in ("curiosity", None):
        assert by(requests().may_ask(LOGS, somebody(role), unfit)) == [("no-ground", "SMT-40")]
    assert by(requests().may_ask(LOGS, somebody("user"), "internal-audit")) == [("not-offered", "SMT-40")]


def test_smt_41_who_asks_for_logs_is_on_file_twice_and_smartt_decides() -> None:
    check = requests().check(LOGS, somebody("officer"))
    assert (check.methods, check.at) == (("authorized-on-file",), ("receipt", "release"))
    assert (check.discretion, check.pauses) == ("smartt", False)
    assert by(check) == [("check", "SMT-41")]


@pytest.mark.parametrize(
    ("received", "first"),
    [
        (datetime(2023, 11, 30, 20, 0, tzinfo=UTC), date(2023, 2, 1)),
        (datetime(2023, 12, 1, 7, 0, tzinfo=UTC), date(2023, 2, 1)),  # still 30 November in Vancouver
        (datetime(2023, 12, 1, 9, 0, tzinfo=UTC), date(2023, 3, 1)),
    ],
)
def test_smt_43_the_window_of_a_log_request_is_set_by_the_local_day_of_receipt(received: datetime, first: date) -> None:
    window = requests().window(LOGS, received)
    assert window is not None
    assert window.first == first
    assert requests().window("usage-total", received) is None


def test_smt_44_a_log_costs_what_the_rate_card_says_and_totals_and_ones_own_data_nothing() -> None:
    assert requests().fee(LOGS) == "rate-card"
    assert requests().fee("usage-total") is None
    assert requests().fee(LOGS, own_personal_data=True) is None


ORDER = ("eligibility", "fee", "payment", "tabulation", "isolation-check", "release")


@pytest.mark.parametrize("step", ORDER)
def test_smt_44_each_step_waits_for_those_before_it(step: str) -> None:
    before = ORDER[: ORDER.index(step)]
    assert requests().may_do(step, LOGS, frozenset(before)).answer == "allow"
    for missing in before:
        refused = requests().may_do(step, LOGS, frozenset(before) - {missing})
        assert by(refused) == [("too-early", "SMT-44")]


def test_t_39_waiting_for_eligibility_and_fee_does_not_move_the_window() -> None:
    received = datetime(2023, 11, 30, 20, 0, tzinfo=UTC)
    assert requests().window(LOGS, received) == requests().window(LOGS, received.replace(hour=21))
    window = requests().window(LOGS, received)
    assert window is not None
    assert (window.last - window.first).days == 302  # nine months and the days before the 30th, no 270


def test_t_40_nothing_is_tabulated_before_payment_nor_charged_before_eligibility() -> None:
    assert requests().may_do("tabulation", LOGS, frozenset({"eligibility", "fee"})).answer == "deny"
    assert requests().may_do("fee", LOGS, frozenset()).answer == "deny"
    assert requests().may_do("fee", LOGS, frozenset({"eligibility"})).answer == "allow"


def test_t_61_the_way_through_the_super_user_has_a_clock_and_a_way_round() -> None:
    times = requests().timetable("correction", FRIDAY, somebody("individual-user"))
    assert (times.due, times.binding) == (date(2026, 12, 20), "SMT-27")
    route = requests().route("correction", FRIDAY, somebody("individual-user"))
    assert route is not None
    assert (route.fallback, route.fallback_on) == ("staff", date(2026, 12, 4))


def test_t_62_no_authority_opens_a_shared_log_and_totals_are_no_log_request() -> None:
    shared = Transfer(
        "usage-logs",
        "telecommunications-companies",
        "internal-audit",
        owners=2,
        consent="this-transfer",
        approver="us",
    )
    assert ("banned", "SMT-42") in by(book().sharing.may_share(shared))
    assert requests().may_ask("usage-total", somebody("user")).answer == "allow"
    assert requests().may_ask(LOGS, somebody("user"), "internal-audit").answer == "deny"
    assert (
        requests().may_do("release", LOGS, frozenset({"eligibility", "fee", "payment", "tabulation"})).answer == "deny"
    )


def test_t_63_nobody_pays_for_data_about_themselves() -> None:
    assert requests().fee(LOGS, own_personal_data=True) is None
    assert requests().fee("access") is None
    assert requests().may_ask(LOGS, somebody("individual-user"), "internal-audit").answer == "deny"
