"""How long 1VALET keeps what, breaches and children, promise by promise: the dates each gives.

The figures are literals, worked out from the policy by hand; none is read from the pack.
"""

from datetime import UTC, date, datetime, timedelta

from consent.policies.answers.incidents import Delay
from consent.policies.answers.requests import Asker
from consent.policies.answers.retention import Hold
from consent.policies.kinds import data, retention, sentence
from tests.policies.packs_1v import (
    ASKED,
    GENERAL,
    NYC,
    ONTARIO,
    STOPPED,
    VISITOR,
    ages,
    agreed,
    ask,
    asking,
    breached,
    codes,
    draft,
    features,
    goes,
    grounds_of,
    inventory,
    named,
    offer,
    rulebook,
    settles,
    states,
    v1,
    word,
)


def test_1v_24_everything_goes_90_days_after_the_account_ends_where_nothing_else_is_said() -> None:
    states(24, data="all", period="unset", criteria=["requested-service"], trigger="service-end")
    kept = {
        **{one: {"for": "P90D", "from": "account-end"} for one in GENERAL},
        "verification-data": {"for": "P0D", "from": "request-closed"},
    }
    settles(24, periods=kept)
    assert retention.kept_for(v1(24), "identifiers") == ("P90D", "account-end")
    assert retention.kept_for(v1(24), "consent-records") is None
    for category in GENERAL:
        kept = goes(category, {"account-end": date(2026, 1, 31)}, ONTARIO)
        assert (kept.due, grounds_of(kept)) == (date(2026, 5, 1), ["1V-24"])
        assert goes(category, {}, ONTARIO).state == "waiting"
    closed = {"request-closed": date(2026, 1, 31)}
    assert goes("verification-data", closed, ONTARIO).due == date(2026, 1, 31)


def test_1v_25_law_keeps_transactions_7_years_but_never_keyless_entry_data_of_new_york_city() -> None:
    states(25, exceptions=["tax", "accounting", "other-legal"], applies_to_tdpa_data=False)
    settles(
        25,
        periods={
            "commercial": {"for": "P7Y", "from": "recorded"},
            "consent-records": {"for": "P5Y", "from": "enrolment-end"},
            "request-files": {"for": "P24M", "from": "request-closed"},
            "suppression-list": {"for": "unlimited", "from": "recorded"},
        },
    )
    leap = date(2024, 2, 29)
    assert goes("commercial", {"recorded": leap}, ONTARIO).due == date(2031, 2, 28)
    assert goes("consent-records", {"enrolment-end": leap}, ONTARIO).due == date(2029, 2, 28)
    assert goes("request-files", {"request-closed": leap}, ONTARIO).due == date(2026, 2, 28)
    assert goes("suppression-list", {"recorded": leap}, ONTARIO).state == "unlimited"
    ended = {"account-end": date(2026, 1, 31)}
    for ground in ("tax", "accounting", "other-legal"):
        held = goes("identifiers", ended, ONTARIO, Hold(ground, date(2026, 4, 1), date(2027, 1, 1)))
        assert (held.due, grounds_of(held)) == (date(2027, 1, 1), ["1V-24", "1V-25"])
    whim = goes("identifiers", ended, ONTARIO, Hold("whim", date(2026, 4, 1), date(2027, 1, 1)))
    assert (whim.due, len(whim.escalate)) == (date(2026, 5, 1), 1)
    (told,) = rulebook().receipt_facts("service-texts")["processing"]
    assert told["retention_period"] == "P5Y"  # what the receipt says is what is kept


def test_1v_26_data_ends_deleted_anonymous_or_isolated_and_backups_turn_over_in_90_days() -> None:
    states(
        26,
        outcomes=["deleted", "anonymized", "isolated-pending-deletion"],
        trigger="no-legitimate-need",
        backup_handling="isolate",
    )
    settles(26, backup_rotation="P90D")
    gone = goes("identifiers", {"account-end": date(2026, 1, 31)}, ONTARIO)
    assert gone.outcomes == ("deleted", "anonymized", "isolated-pending-deletion")
    assert gone.backups_gone_by == date(2026, 7, 30)


def test_1v_27_what_opened_a_door_in_new_york_city_is_gone_after_90_days() -> None:
    states(
        27,
        jurisdictions=["US-NY-NYC"],
        persons="tenant",
        data="authentication-data",
        period="P90D",
        period_basis="calendar-day",
        bound="at-most",
        trigger="collection-or-generation",
        outcomes=["removed", "deleted", "anonymized"],
        exceptions="1V-29",
    )
    assert retention.kept_for(v1(27), "authentication-data") == ("P90D", "collection-or-generation")
    assert retention.kept_for(v1(27), "reference-data") is None
    opened = {"collected": date(2024, 1, 15)}
    gone = goes("authentication-data", opened)
    assert (gone.due, gone.target, grounds_of(gone)) == (date(2024, 4, 14), date(2024, 4, 13), ["1V-27"])
    assert gone.outcomes == ("removed", "deleted", "anonymized")
    assert goes("authentication-data", opened, ONTARIO).due is None
    assert goes("authentication-data", opened, person="visitor").due is None


def test_1v_28_reference_data_goes_90_days_after_the_earlier_of_moving_out_and_withdrawing() -> None:
    states(
        28,
        jurisdictions=["US-NY-NYC"],
        persons="tenant",
        data="reference-data",
        period="P90D",
        period_basis="calendar-day",
        bound="at-most",
        trigger=["permanent-vacate", "consent-withdrawal"],
        trigger_rule="earliest",
        exceptions="1V-29",
    )
    settles(28, trigger_rule="earliest", stops_on="new-consent")
    moved, withdrew = {"permanent-vacate": date(2024, 5, 31)}, {"consent-withdrawal": date(2024, 3, 1)}
    assert goes("reference-data", moved).due == date(2024, 8, 29)
    both = goes("reference-data", {**moved, **withdrew})
    assert (both.due, set(grounds_of(both))) == (date(2024, 5, 30), {"1V-28"})
    assert goes("reference-data", {}).state == "waiting"
    assert goes("reference-data", {**withdrew, "new-consent": date(2024, 4, 1)}).due is None
    assert goes("reference-data", moved, ONTARIO).due is None
    incident = Hold("security-incident-detection", date(2024, 8, 20))
    kept = goes("reference-data", moved, NYC, incident)
    assert (kept.due, grounds_of(kept)) == (date(2024, 9, 19), ["1V-28", "1V-29"])
    taxed = goes("reference-data", moved, NYC, Hold("tax", date(2024, 8, 20), date(2030, 1, 1)))
    assert (taxed.due, [one.code for one in taxed.escalate]) == (date(2024, 8, 29), ["ground-not-admitted"])


def test_1v_29_three_grounds_alone_keep_it_longer_30_days_at_a_time() -> None:
    grounds = ["security-incident-detection", "malicious-fraud-illegal", "debugging-repair"]
    states(29, jurisdictions=["US-NY-NYC"], exceptions=grounds, closed_list=True)
    settles(29, hold_for="P30D", renewable=True, renewal_needs="written-reason")
    opened, since = {"collected": date(2024, 1, 15)}, date(2024, 4, 10)
    for ground in grounds:
        held = goes("authentication-data", opened, NYC, Hold(ground, since))
        assert (held.due, grounds_of(held)) == (date(2024, 5, 10), ["1V-27", "1V-29"])
    renewed = Hold("debugging-repair", since, None, ((date(2024, 5, 1), "the lock still fails"),))
    assert goes("authentication-data", opened, NYC, renewed).due == date(2024, 5, 31)
    unsaid = Hold("debugging-repair", since, None, ((date(2024, 5, 1), " "),))
    assert goes("authentication-data", opened, NYC, unsaid).due == date(2024, 5, 10)
    for ground in ("tax", "legal-obligation", "perform-contract", "other-legal"):
        refused = goes("authentication-data", opened, NYC, Hold(ground, since, date(2030, 1, 1)))
        assert (refused.due, [one.code for one in refused.escalate]) == (date(2024, 4, 14), ["ground-not-admitted"])
    elsewhere = goes("identifiers", {"account-end": date(2024, 1, 15)}, ONTARIO, Hold("debugging-repair", since))
    assert [one.code for one in elsewhere.escalate] == ["ground-not-admitted"]  # the list is for New York City data


def test_1v_30_facial_and_keyless_entry_end_at_once_in_three_ways() -> None:
    states(30, feature=["facial-entry", "keyless-entry"], effect=["stop-collection", "start-clock-1V-28"])
    settles(30, via=["app", "email", "phone"], effect="at-receipt")
    for feature in ("facial-entry", "keyless-entry"):
        on = [word(feature, "given", 1)]
        assert features().may_run(feature, on).answer == "allow"
        off = features().may_run(feature, [*on, word(feature, "withdrawn", 2)])
        assert (codes(off), named(off)) == (["feature-withdrawn"], {"1V-30"})
        ending = features().ending(feature)
        assert ending is not None
        assert (ending.ways, ending.effect, ending.refusal_allowed) == (("app", "email", "phone"), "at-receipt", False)
        assert "intercom" in (ending.consequence or "")  # the other ways in are shown
    withdrawn = {"consent-withdrawal": date(2024, 3, 1)}
    assert goes("reference-data", withdrawn).due == date(2024, 5, 30)


def test_1v_31_scans_every_month_and_a_review_every_year() -> None:
    states(
        31,
        measures=[
            "vulnerability-scanning",
            "secured-network",
            "restricted-access",
            "confidentiality-duty",
            "ssl-encryption",
        ],
    )
    settles(31, scan_every="P1M", review_every="P1Y")
    assert "scanned every 1 month" in sentence(v1(31))
    assert "reviewed every 1 year" in sentence(v1(31))
    assert "nobody can promise perfection" in sentence(v1(31))
    assert (
        "vulnerability scanning, secured network, restricted access, confidentiality duty and SSL encryption"
        in sentence(v1(31))
    )


def test_1v_32_card_and_bank_data_is_never_held_and_payments_never_handled() -> None:
    banned = ["card-number", "verification-number", "bank-account-number", "transaction-processing"]
    states(32, banned=banned, exceptions="none")
    assert all(data.must_not_hold(v1(32), one) for one in banned)
    assert not data.must_not_hold(v1(32), "token")
    assert named(inventory().may_hold("card-number")) == {"1V-32"}
    assert inventory().may_hold("token").answer == "allow"


def test_1v_33_a_breach_is_told_within_10_business_days_that_both_countries_share() -> None:
    states(
        33,
        channel=["email"],
        period="P10D",
        period_basis="business-day",
        bound="at-most",
        trigger="breach",
        audience="affected-persons",
    )
    settles(33, starts="detection", holidays="common-to-all-jurisdictions", audience="affected-persons")
    friday = datetime(2024, 6, 28, 14, 0, tzinfo=UTC)
    notice = breached(friday, occurred_at=friday - timedelta(days=40), confirmed_at=friday + timedelta(days=9))
    assert (notice.state, notice.due) == ("due", date(2024, 7, 12))
    assert (notice.channels, notice.audience) == (("email",), ("affected-persons",))
    later = breached(friday, delay=Delay("criminal-investigation", "police", date(2024, 8, 1)))
    assert (later.state, later.due) == ("due", date(2024, 7, 12))  # the promise knows no ground to wait
    assert {one.commitment for one in later.reasons} == {"1V-33"}
    assert ask("breach-notices", "breach-notice", "email", STOPPED).answer == "allow"


def test_1v_34_nobody_under_13_enrols_or_is_marketed_to() -> None:
    states(34, min_age=13, knowing_collection="banned", marketing_to_under="banned")
    grown = agreed("partner-offers")
    assert offer("CA-ON", grown, minor=False).answer == "allow"
    refused = offer("CA-ON", grown, minor=True)
    assert (codes(refused), named(refused)) == (["minor"], {"1V-34"})
    young = rulebook().consent_findings(draft(declared_age=12))
    assert {one.commitment for one in young} == {"1V-34"}
    assert rulebook().consent_findings(draft(declared_age=13)) == ()
    assert ages().minimum("marketing") == (13, ("1V-34",))
    for act in ("opt-in", "register", "collect", "marketing"):
        assert named(ages().may(act, 12)) == {"1V-34"}
        assert (ages().may(act, 12).answer, ages().may(act, 13).answer) == ("deny", "allow")


def test_1v_35_a_parents_report_suspends_at_once_and_deletes_within_5_days() -> None:
    states(35, request_type="minor-report", persons="parent", via=["email", "phone"], deadline="unset")
    settles(35, deadline="P5D", deadline_basis="calendar-day", suspend_within="P0D")
    parent = Asker(frozenset({"parent"}), "US-NY")
    table = asking().timetable("minor-report", ASKED, parent)
    assert (table.binding, table.due, table.suspend_by) == ("1V-35", date(2026, 11, 25), date(2026, 11, 20))
    assert asking().may_ask("minor-report", VISITOR).answer == "deny"
    (way,) = [one for one in asking().offered(parent) if one.request_type == "minor-report"]
    assert way.ways == ("email", "phone")
