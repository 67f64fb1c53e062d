"""What a person may ask for: to whom it is open, by when, how often, how far back, at what price, with what outcome."""

from datetime import date

import pytest

from consent.policies.answers.requests import Asker, Item, Past, Requests
from consent.policies.questions import Verdict
from tests.policies.answers.companies import at, changed, organization, promises, with_law, without

CALIFORNIAN = Asker(frozenset({"resident"}), "US-CA")
CANADIAN = Asker(frozenset({"resident"}), "CA-ON")
USER = Asker(frozenset({"enrolled-user"}))
SUPER = Asker(frozenset({"super-user"}))
PLAIN = Asker(frozenset({"individual-user"}))
OFFICER = Asker(frozenset({"officer"}))


def requests(prefix: str) -> Requests:
    return Requests(organization(prefix), promises(prefix))


def codes(verdict: Verdict) -> set[str]:
    return {one.code for one in verdict.reasons}


def types(prefix: str, asker: Asker) -> set[str]:
    return {one.request_type for one in requests(prefix).offered(asker)}


# -------------------------------------------------------------------------------------------- who may ask


def test_deletion_is_open_to_different_people_at_each_company() -> None:
    nobody = Asker()
    assert "deletion" in types("VSH", nobody)
    assert "deletion" in types("1V", CALIFORNIAN)
    assert "deletion" not in types("1V", CANADIAN)
    assert "deletion" in types("VAL", Asker(frozenset({"account-holder"})))
    narrow = Requests(organization("VAL"), changed("VAL", "VAL-19", decided=True, open_to="listed-jurisdictions"))
    assert "deletion" not in {one.request_type for one in narrow.offered(nobody)}
    assert "deletion" in types("VOX", USER)
    assert "deletion" not in types("SMT", SUPER)


def test_serving_more_people_is_a_choice_that_is_settled() -> None:
    wider = Requests(organization("1V"), changed("1V", "1V-50", decided=True, open_to="all-residents"))
    assert "deletion" in {one.request_type for one in wider.offered(CANADIAN)}


def test_canadians_ask_for_access_and_californians_for_specific_pieces() -> None:
    assert {"access", "access-account", "correction"} <= types("1V", CANADIAN)
    assert "specific-pieces" not in types("1V", CANADIAN)
    assert "specific-pieces" in types("1V", CALIFORNIAN)
    assert "access" not in types("1V", CALIFORNIAN)


def test_the_ways_and_contacts_of_a_request_are_said() -> None:
    (offer,) = [one for one in requests("1V").offered(CANADIAN) if one.request_type == "access"]
    assert (offer.ways, offer.contacts, offer.representative) == (("email",), ("privacy@1valet.com",), True)
    (port,) = [
        one
        for one in requests("VAL").offered(Asker(frozenset({"account-holder"})))
        if one.request_type == "portability"
    ]
    assert port.alone
    assert set(port.ways) == {"dashboard-account", "email"}


def test_a_right_of_law_counts_where_nothing_is_promised() -> None:
    asked = Requests(organization("1V"), with_law("1V"))
    assert asked.may_ask("access", CALIFORNIAN).answer == "allow"
    assert requests("1V").may_ask("access", CALIFORNIAN).answer == "deny"


def test_log_files_go_to_officers_of_the_company_on_two_grounds() -> None:
    asked = requests("SMT").may_ask
    assert asked("usage-log-file", OFFICER, "internal-audit").answer == "allow"
    assert codes(asked("usage-log-file", OFFICER, "curiosity")) == {"no-ground"}
    assert codes(asked("usage-log-file", PLAIN, "internal-audit")) == {"not-offered"}


def test_account_data_is_changed_by_the_current_and_logged_in_super_user() -> None:
    asked = requests("SMT").may_change
    assert asked("correction", SUPER, frozenset({"current-user", "login"})).answer == "allow"
    assert codes(asked("correction", SUPER, frozenset({"login"}))) == {"condition-missing"}
    assert codes(asked("correction", PLAIN, frozenset({"current-user", "login"}))) == {"not-this-person"}


# -------------------------------------------------------------------------------------------- by when


@pytest.mark.parametrize(
    ("prefix", "request_type", "asker", "received", "due", "by"),
    [
        ("VSH", "deletion", Asker(), at(2026, 1, 31), date(2026, 3, 2), "VSH-58"),
        ("VSH", "platform-policy-copy", Asker(), at(2026, 11, 20), date(2026, 11, 30), "VSH-16"),
        ("1V", "access", CANADIAN, at(2026, 11, 20), date(2026, 12, 20), "1V-45"),
        ("1V", "specific-pieces", CALIFORNIAN, at(2026, 11, 20), date(2027, 1, 4), "1V-46"),
        ("VOX", "deletion", USER, at(2026, 1, 31), date(2026, 2, 28), "VOX-25"),
        ("VOX", "logging-off", Asker(frozenset({"customer"})), at(2026, 11, 20), date(2026, 11, 27), "VOX-14"),
        ("VAL", "minor-report", Asker(), at(2026, 11, 20), date(2026, 11, 25), "VAL-22"),
        ("SMT", "correction", PLAIN, at(2026, 11, 20), date(2026, 12, 20), "SMT-27"),
    ],
)  # fmt: skip
def test_a_promised_answer_is_due_on(
    prefix: str, request_type: str, asker: Asker, received: object, due: date, by: str
) -> None:
    table = requests(prefix).timetable(request_type, received, asker)  # type: ignore[arg-type]
    assert (table.due, table.binding) == (due, by)
    assert table.steps


def test_the_earlier_of_promise_and_law_binds_and_both_are_shown() -> None:
    slow = tuple(one for one in changed("1V", "1V-46", decided=True, deadline="P90D"))
    law = tuple(one for one in with_law("1V") if one.id == "US-CA-RESPOND")
    table = Requests(organization("1V"), (*slow, *law)).timetable("specific-pieces", at(2026, 11, 20), CALIFORNIAN)
    assert (table.due, table.binding) == (date(2027, 1, 4), "US-CA-RESPOND")
    assert {one.commitment or one.law for one in table.reasons} == {"1V-46", "US-CA-RESPOND"}
    quick = changed("1V", "1V-46", decided=True, deadline="P10D")
    early = Requests(organization("1V"), (*quick, *law)).timetable("specific-pieces", at(2026, 11, 20), CALIFORNIAN)
    assert (early.due, early.binding) == (date(2026, 11, 30), "1V-46")


def test_an_extension_is_the_laws_and_says_when_its_notice_is_due() -> None:
    asked = Requests(organization("1V"), with_law("1V"))
    table = asked.timetable("specific-pieces", at(2026, 11, 20), CALIFORNIAN, extension=True)
    assert (table.extended_due, table.extension_notice_due) == (date(2027, 2, 18), date(2027, 1, 4))
    assert asked.timetable("specific-pieces", at(2026, 11, 20), CALIFORNIAN).extended_due is None


def test_receipt_is_acknowledged_in_ten_business_days() -> None:
    table = requests("1V").timetable("specific-pieces", at(2026, 11, 20), CALIFORNIAN)
    assert table.acknowledge_by == date(2026, 12, 4)


def test_what_the_person_does_alone_is_done_at_once_and_staff_have_thirty_days() -> None:
    holder = Asker(frozenset({"account-holder"}))
    asked = requests("VAL").timetable
    assert asked("portability", at(2026, 11, 20), holder).due == date(2026, 11, 20)
    assert asked("portability", at(2026, 11, 20), holder, staff_needed=True).due == date(2026, 12, 20)


def test_data_of_a_person_under_sixteen_is_gone_in_three_days_and_suspended_in_one() -> None:
    table = requests("VOX").removal_of_a_minor(at(2026, 11, 20))
    assert (table.due, table.suspend_by, table.binding) == (date(2026, 11, 23), date(2026, 11, 21), "VOX-38")
    assert requests("SMT").removal_of_a_minor(at(2026, 11, 20)).due is None


def test_vsh_60_the_data_of_a_child_is_gone_in_the_days_that_the_limit_of_age_sets() -> None:
    table = requests("VSH").removal_of_a_minor(at(2026, 11, 20))
    assert (table.due, table.suspend_by, table.binding) == (date(2026, 11, 25), None, "VSH-60")


def test_a_report_about_a_child_suspends_at_once() -> None:
    table = requests("1V").timetable("minor-report", at(2026, 11, 20), Asker(frozenset({"parent"})))
    assert (table.due, table.suspend_by) == (date(2026, 11, 25), date(2026, 11, 20))


# -------------------------------------------------------------------------------------------- checks


def test_who_asks_is_checked_and_the_clock_does_not_stop() -> None:
    check = requests("1V").check("deletion", CALIFORNIAN)
    assert check.methods == ("login-or-code-to-contact-on-file", "one-data-match")
    assert not check.pauses
    assert "authorized-on-file" in requests("SMT").check("usage-log-file", OFFICER).methods
    assert requests("SMT").check("usage-log-file", OFFICER).at == ("receipt", "release")
    assert requests("SMT").check("usage-log-file", OFFICER).discretion == "smartt"


def test_a_representative_shows_authority_and_the_identity_of_the_person() -> None:
    asked = requests("1V").may_represent
    both = frozenset({"authority", "principal-identity"})
    assert asked("deletion", CALIFORNIAN, both).answer == "allow"
    for missing in both:
        assert codes(asked("deletion", CALIFORNIAN, both - {missing})) == {"not-shown"}
    assert codes(asked("correction", CALIFORNIAN, both)) == {"not-stated"}
    assert codes(asked("deletion", Asker(jurisdiction="US-TX"), both)) == {"not-stated"}


# -------------------------------------------------------------------------------------------- how often

DECEMBER = [
    Past("specific-pieces", date(2023, 12, 1), date(2023, 12, 5)),
    Past("specific-pieces", date(2023, 12, 11), date(2023, 12, 20)),
]


def test_the_calendar_year_counts_and_the_rolling_count_stands_beside_it() -> None:
    tally = requests("1V").tally("specific-pieces", at(2024, 1, 10), CALIFORNIAN, DECEMBER)
    assert (tally.counted, tally.rolling, tally.limit, tally.decision) == (0, 2, 2, "answer")


def test_the_third_in_a_year_is_for_a_person_to_decide() -> None:
    year = [Past("specific-pieces", date(2024, month, 1), date(2024, month, 9)) for month in (1, 2)]
    tally = requests("1V").tally("specific-pieces", at(2024, 3, 1), CALIFORNIAN, year)
    assert (tally.counted, tally.decision) == (2, "staff-decides")
    assert requests("1V").tally("specific-pieces", at(2024, 3, 1), CALIFORNIAN, year[:1]).decision == "answer"


def test_a_rolling_count_may_be_settled_instead() -> None:
    rolling = Requests(organization("1V"), changed("1V", "1V-47", decided=True, counted="rolling"))
    assert rolling.tally("specific-pieces", at(2024, 1, 10), CALIFORNIAN, DECEMBER).decision == "staff-decides"


def test_only_completed_requests_of_that_type_use_the_cap_up() -> None:
    others = [
        Past("specific-pieces", date(2024, 1, 2)),
        Past("specific-pieces", date(2024, 1, 3)),
        Past("deletion", date(2024, 1, 4), date(2024, 1, 5)),
        Past("access-account", date(2024, 1, 4), date(2024, 1, 5)),
    ]
    assert requests("1V").tally("specific-pieces", at(2024, 3, 1), CALIFORNIAN, others).counted == 0
    assert requests("1V").tally("deletion", at(2024, 3, 1), CALIFORNIAN, others * 9).limit is None


# -------------------------------------------------------------------------------------------- how far back


@pytest.mark.parametrize(
    ("prefix", "request_type", "received", "first"),
    [
        ("SMT", "usage-log-file", at(2023, 11, 30), date(2023, 2, 1)),
        ("SMT", "usage-log-file", at(2024, 1, 15), date(2023, 4, 1)),
        ("1V", "specific-pieces", at(2024, 2, 29), date(2023, 2, 28)),
        ("1V", "specific-pieces", at(2023, 2, 28), date(2022, 2, 28)),
        ("1V", "specific-pieces", at(2024, 7, 31), date(2023, 7, 31)),
    ],
)  # fmt: skip
def test_the_window_is_counted_in_months_and_fixed_at_receipt(
    prefix: str, request_type: str, received: object, first: date
) -> None:
    window = requests(prefix).window(request_type, received)  # type: ignore[arg-type]
    assert window is not None
    assert window.first == first


def test_a_same_day_window_may_be_settled_instead() -> None:
    same = Requests(organization("SMT"), changed("SMT", "SMT-43", decided=True, aligned="same-day"))
    window = same.window("usage-log-file", at(2023, 11, 30))
    assert window is not None
    assert window.first == date(2023, 2, 28)
    assert requests("VSH").window("access", at(2023, 11, 30)) is None


# -------------------------------------------------------------------------------------------- at what price


def test_a_paid_request_goes_step_by_step() -> None:
    done: set[str] = set()
    order = ["eligibility", "fee", "payment", "tabulation", "isolation-check", "release"]
    for step in order:
        for later in order[order.index(step) + 1 :]:
            assert requests("SMT").may_do(later, "usage-log-file", frozenset(done)).answer == "deny", (step, later)
        assert requests("SMT").may_do(step, "usage-log-file", frozenset(done)).answer == "allow"
        done.add(step)


def test_the_fee_is_for_log_files_and_never_for_ones_own_data_or_totals() -> None:
    asked = requests("SMT").fee
    assert asked("usage-log-file") == "rate-card"
    assert asked("usage-log-file", own_personal_data=True) is None
    assert asked("usage-total") is None
    assert requests("VSH").fee("access") is None


# -------------------------------------------------------------------------------------------- who decides


def test_a_request_goes_to_the_super_user_and_to_staff_when_nothing_happens() -> None:
    route = requests("SMT").route("correction", at(2026, 11, 20), PLAIN)
    assert route is not None
    assert (route.to, route.fallback, route.fallback_on, route.due) == (
        "super-user", "staff", date(2026, 12, 4), date(2026, 12, 20),
    )  # fmt: skip
    assert requests("SMT").route("correction", at(2026, 11, 20), SUPER) is None


def test_end_users_of_customers_are_the_customers_to_decide_about() -> None:
    route = requests("VOX").route("deletion", at(2026, 11, 20), Asker(frozenset({"end-user"})))
    assert route is not None
    assert (route.to, route.reasons[0].commitment) == ("customer", "VOX-04")
    assert requests("VOX").route("deletion", at(2026, 11, 20), Asker(frozenset({"customer"}))) is None


# -------------------------------------------------------------------------------------------- deletion


def delete(prefix: str, asker: Asker, *items: Item) -> list[tuple[str, str]]:
    answers = requests(prefix).delete(items, at(2026, 11, 20), asker)
    return [(one.category, one.outcome) for one in answers]


def test_t_52_and_t_14_each_class_of_data_has_an_outcome_of_its_own() -> None:
    assert delete(
        "VSH",
        Asker(),
        Item("message-text-in-out"),
        Item("invoices", grounds=frozenset({"billing"}), ground_until=date(2033, 12, 31)),
        Item("suppression-list"),
        Item("registered-location", open_gates=frozenset({"active-voip"})),
        Item("registered-location"),
        Item("contact-details", grounds=frozenset({"sentiment"})),
    ) == [
        ("message-text-in-out", "deleted"),
        ("invoices", "kept"),
        ("suppression-list", "kept"),
        ("registered-location", "deferred"),
        ("registered-location", "deleted"),
        ("contact-details", "for-a-person"),
    ]


def test_the_right_of_californians_covers_what_they_gave_themselves() -> None:
    sources = ("person", "property-management", None)
    found = delete("1V", CALIFORNIAN, *(Item("identifiers", source=one) for one in sources))
    assert [outcome for _, outcome in found] == ["deleted", "outside-the-right", "outside-the-right"]


def test_door_data_of_new_york_is_beyond_the_californian_exceptions() -> None:
    grounds = frozenset({"legal-obligation"})
    assert delete(
        "1V", CALIFORNIAN, Item("authentication-data", "person", grounds), Item("commercial", "person", grounds)
    ) == [("authentication-data", "deleted"), ("commercial", "kept")]


def test_what_a_service_needs_now_is_deleted_when_the_service_ends() -> None:
    holder = Asker(frozenset({"account-holder"}))
    (answer,) = requests("VAL").delete(
        [Item("billing", grounds=frozenset({"purchased-service-necessity"}))], at(2026, 11, 20), holder
    )
    assert (answer.outcome, answer.recheck) == ("deferred", "service-end")


def test_transactions_stay_with_an_end_and_backups_turn_over() -> None:
    kept, gone = requests("VOX").delete(
        [
            Item("call-history", grounds=frozenset({"past-transactions"}), recorded=at(2024, 2, 29)),
            Item("identity-contact"),
        ],
        at(2026, 11, 20),
        USER,
    )
    assert (kept.outcome, kept.until, kept.reasons[0].commitment) == ("kept", date(2031, 2, 28), "VOX-26")
    assert (gone.outcome, gone.until) == ("live-deleted-backup-pending", date(2027, 2, 18))


def test_a_childs_data_is_swallowed_by_no_exception() -> None:
    item = Item("call-history", grounds=frozenset({"past-transactions"}), minor=True)
    (answer,) = requests("VOX").delete([item], at(2026, 11, 20), USER)
    assert (answer.outcome, answer.keep_only) == ("deleted", ("unlinked-transaction-totals",))
    without_rule = Requests(organization("VOX"), without("VOX", "VOX-38"))
    assert without_rule.delete([item], at(2026, 11, 20), USER)[0].outcome == "kept"


def test_what_stays_without_an_end_date_asks_for_one() -> None:
    (answer,) = requests("VSH").delete([Item("invoices", grounds=frozenset({"billing"}))], at(2026, 11, 20), Asker())
    assert (answer.outcome, answer.until, answer.recheck) == ("kept", None, "end-date-to-be-set")
