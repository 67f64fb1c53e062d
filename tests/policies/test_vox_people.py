"""What people may do and see at Voxvalley, promise by promise: what each allows, the date it gives.

The figures are literals, worked out from the policy by hand; none is read from the pack.
"""

from datetime import UTC, date, datetime

from consent.policies.answers.holdings import Held
from consent.policies.answers.trackers import Tracker
from consent.policies.questions import Standing
from tests.policies.packs_vox import (
    END_USER,
    ENROLLED,
    ORDER,
    PRIVACY,
    REGISTERED,
    STOPPED,
    ages,
    ask,
    asking,
    deleted,
    draft,
    features,
    goes,
    refused_by,
    retention,
    rulebook,
    said,
    says,
    settles,
    staffing,
    states,
    trackers,
)


def test_vox_24_enrolled_users_change_everything_themselves_after_signing_in() -> None:
    states(
        24,
        request_types=["correction", "access"],
        persons="enrolled-user",
        via=["account-profile"],
        verification="email-password-login",
        frequency="unlimited",
    )
    for one in ("correction", "access"):
        assert asking().may_ask(one, ENROLLED).answer == "allow"
        assert asking().check(one, ENROLLED).methods == ("email-password-login",)
        (offer,) = [each for each in asking().offered(ENROLLED) if each.request_type == one]
        assert (offer.alone, offer.ways) == (True, ("account-profile",))
        assert refused_by(asking().may_ask(one, END_USER)) == {"VOX-24"}


def test_vox_25_deletion_is_answered_within_a_month_after_signing_in() -> None:
    states(
        25,
        request_types=["deletion"],
        persons="enrolled-user",
        jurisdictions="any",
        via="unset",
        contacts=[PRIVACY],
        exceptions=["VOX-26", "VOX-27"],
        deadline="unset",
        verification="unset",
    )
    settles(
        25,
        deadline="P1M",
        deadline_basis="calendar-month",
        extended="as-law",
        verification=["login"],
        intake=["login", "email"],
    )
    assert asking().may_ask("deletion", ENROLLED).answer == "allow"
    assert refused_by(asking().may_ask("deletion", END_USER)) == {"VOX-25"}
    timetable = asking().timetable("deletion", datetime(2026, 3, 31, 12, 0, tzinfo=UTC), ENROLLED)
    assert (timetable.due, timetable.binding) == (date(2026, 4, 30), "VOX-25")
    assert asking().check("deletion", ENROLLED).methods == ("login",)
    (offer,) = [one for one in asking().offered(ENROLLED) if one.request_type == "deletion"]
    assert (offer.ways, offer.contacts) == (("login", "email"), (PRIVACY,))


def test_vox_26_the_record_of_a_transaction_stays_7_years_despite_a_deletion() -> None:
    states(26, exceptions=["past-transactions"], absolute=True)
    settles(26, yields_to=["VOX-38"], periods={"past-transactions": {"for": "P7Y", "from": "recorded"}})
    kept = deleted("past-transactions", "past-transactions", recorded=date(2026, 2, 1))
    assert (kept.outcome, kept.until, kept.reasons[0].commitment) == ("kept", date(2033, 2, 1), "VOX-26")
    assert deleted("identity-contact", "marketing").outcome == "live-deleted-backup-pending"
    assert goes("past-transactions", recorded=date(2026, 5, 1)) == date(2033, 5, 1)


def test_vox_27_a_backup_outlives_a_deletion_by_90_days() -> None:
    states(27, exceptions=["backups"], outcome="pending-backup-expiry")
    settles(27, yields_to=["VOX-38"], periods={"backups": {"for": "P90D", "from": "deletion"}})
    says(27, "pending backup expiry", "backups 90 days")
    pending = deleted("identity-contact")
    assert (pending.outcome, pending.until) == ("live-deleted-backup-pending", date(2026, 5, 31))
    assert pending.reasons[-1].commitment == "VOX-27"
    gone = retention().due(Held("call-log", {"recorded": date(2026, 3, 1)}))
    assert (gone.due, gone.backups_gone_by) == (date(2026, 5, 30), date(2026, 8, 28))


def test_vox_28_what_must_be_given_is_said_at_enrolment_and_in_the_profile() -> None:
    states(28, where=["enrolment", "account-profile"])
    says(28, "enrolment", "account profile")


def test_vox_29_administrative_mail_cannot_be_refused_and_carries_no_offer() -> None:
    states(29, channel=["email"], message_classes=["account", "request-inquiry", "purchase"], offers_inside="banned")
    for one in ("account", "request-inquiry", "purchase"):
        for standing in (Standing(None, ()), STOPPED):
            sent = ask("administrative-email", one, standing, facts=ORDER)
            assert (sent.answer, sent.reasons[0].commitment) == ("allow", "VOX-29")
        assert refused_by(ask("administrative-email", one)) == {"VOX-29"}  # what it is about is not named
        offer = "Thanks for your order. Use promo code MORE for 20% off!"
        assert refused_by(ask("administrative-email", one, facts=ORDER, content=offer)) == {"VOX-29"}
    assert ask("administrative-email", "promotion", facts=ORDER).answer == "deny"


def test_vox_30_every_mail_has_the_button_and_it_ends_promotion_only() -> None:
    states(
        30,
        channel=["email"],
        purpose="marketing",
        consent="opt-out",
        mechanism="unsubscribe-footer",
        placed_in="all-emails",
        when="any-time-after-registration",
    )
    settles(30, effect="at-receipt", opt_in_for=["unregistered"])
    sent = ask("promotional-email", "promotion", facts=REGISTERED)
    assert (sent.answer, sent.reasons[0].commitment, sent.reasons[0].basis) == (
        "allow",
        "VOX-30",
        "legitimate-interest",
    )
    assert refused_by(ask("promotional-email", "promotion", STOPPED, facts=REGISTERED)) == {"VOX-30"}
    assert refused_by(ask("promotional-email", "promotion", said("withdrawn"), facts=REGISTERED)) == {"VOX-30"}
    stranger = REGISTERED._replace(registered=False)
    assert refused_by(ask("promotional-email", "promotion", facts=stranger)) == {"VOX-30"}
    assert ask("promotional-email", "promotion", said("given"), facts=stranger).answer == "allow"
    says(30, "unsubscribe footer", "all emails", "unregistered")


def test_vox_31_four_measures_are_reviewed_yearly_and_nothing_is_guaranteed() -> None:
    states(31, measures=["encrypted-password", "secure-server", "restricted-access", "ssl-optional"], guarantee="none")
    settles(31, review_every="P1Y")
    says(31, "encrypted password", "every 1 year", "nobody can promise")


def test_vox_32_support_sees_debugging_data_only_with_an_open_ticket() -> None:
    seen = ["contact-details", "ticket-content"]
    debugging = ["call-sms-detail", "debug-logs", "audio-recordings", "authorization-keys"]
    states(32, role="developer-support", data=[*seen, *debugging], purpose="debugging")
    settles(32, debug_data=debugging, needs="open-ticket")
    for one in seen:
        assert staffing().may_read("developer-support", one, "support").answer == "allow"
    for one in debugging:
        assert staffing().may_read("developer-support", one, "debugging", ticket_open=True).answer == "allow"
        assert refused_by(staffing().may_read("developer-support", one, "debugging")) == {"VOX-32"}
        assert refused_by(staffing().may_read("developer-support", one, "curiosity", ticket_open=True)) == {"VOX-32"}
        assert refused_by(staffing().may_read("sales", one, "debugging", ticket_open=True)) == {"VOX-32"}


def test_vox_33_cookies_ease_access_and_others_wait_for_consent() -> None:
    states(
        33,
        cookie_purposes=["ease-of-access"],
        consent_for=["monitoring", "improvement"],
        consent="affirmative",
        scope="defined-circumstances",
    )
    assert trackers().may_set(Tracker("ease-of-access", "website")).answer == "allow"
    for one in ("monitoring", "improvement"):
        for choice in (None, False):
            asked = Tracker(one, "website", personal=False, consent=choice)
            assert refused_by(trackers().may_set(asked)) == {"VOX-33"}
        assert trackers().may_set(Tracker(one, "website", consent=True)).answer == "allow"
        key = f"{one}-cookies"  # agreeing to one use says nothing about the other
        assert features().may_run(key).answer == "deny"
        assert features().may_run(key, said("given", key).consents).answer == "allow"
        assert features().may_run(key, said("given", "regulated-trackers").consents).answer == "deny"
    assert "VOX-33" in refused_by(trackers().may_set(Tracker("advertising", "website", consent=True)))


def test_vox_34_links_lead_to_sites_with_their_own_policies() -> None:
    states(34, where=["website"])
    says(34, "website")


def test_vox_35_customers_set_what_is_seen_of_end_users() -> None:
    states(35, persons="customer", settings=["end-user-visibility", "data-control"])
    says(35, "customer", "end user visibility", "data control")


def test_vox_36_public_areas_are_warned_of_on_site_and_portal() -> None:
    states(36, surface=["website", "developer-portal"])
    says(36, "website", "developer portal")


def test_vox_37_nobody_under_16_registers_or_is_written_to() -> None:
    states(37, min_age=16, banned=["engage", "collect", "solicit", "register"])
    assert rulebook().consent_findings(draft(declared_age=16)) == ()
    (only,) = rulebook().consent_findings(draft(declared_age=15))
    assert (only.field, only.commitment) == ("declared_age", "VOX-37")
    assert refused_by(ask("promotional-email", "promotion", facts=REGISTERED._replace(minor=True))) == {"VOX-37"}
    assert refused_by(ask("administrative-email", "account", facts=ORDER._replace(minor=True))) == {"VOX-37"}
    for act in ("register", "collect", "marketing", "engage", "opt-in"):
        assert ages().may(act, 16).answer == "allow"
        assert refused_by(ages().may(act, 15)) == {"VOX-37"}
        assert ages().minimum(act) == (16, ("VOX-37",))


def test_vox_38_a_childs_account_is_suspended_in_a_day_and_emptied_in_three() -> None:
    states(38, trigger="knowledge-of-under-16", actions=["remove-data", "terminate-account"], period="unset")
    settles(
        38,
        suspend_within="P1D",
        suspend_within_basis="calendar-day",
        period="P3D",
        period_basis="calendar-day",
        keep_only=["unlinked-transaction-totals"],
    )
    timetable = asking().removal_of_a_minor(datetime(2026, 5, 1, 9, 0, tzinfo=UTC))
    assert (timetable.suspend_by, timetable.due) == (date(2026, 5, 2), date(2026, 5, 4))
    assert timetable.binding == "VOX-38"
    assert timetable.reasons[0].text == "Remove data and terminate account: by 2026-05-04."
    says(38, "within 3 days of knowledge of under 16")
    assert deleted("identity-contact", minor=True).keep_only == ("unlinked-transaction-totals",)
