"""Each promise of Voxvalley by its id: what it allows and what it refuses, what it records, the date it gives.

The figures are literals, worked out from the policy by hand; none is read from the pack.
"""

from datetime import UTC, date, datetime

from consent.policies.answers.asking import Asker
from consent.policies.answers.holdings import Held
from consent.policies.answers.inventory import Gathering
from consent.policies.answers.notices import Change
from consent.policies.answers.sharing import Transfer
from consent.policies.answers.trackers import Tracker
from consent.policies.kinds import data, documents
from consent.policies.kinds.retention import kept_for
from consent.policies.questions import Standing
from tests.policies.packs_vox import (
    AMAZON,
    END_USER,
    ENROLLED,
    MONDAY,
    NEW_PURPOSE,
    ON_FILE,
    ORDER,
    PRIVACY,
    PROVIDER,
    REGISTERED,
    STOPPED,
    SUPPORT,
    ages,
    ask,
    asking,
    deleted,
    draft,
    features,
    findings,
    goes,
    inventory,
    notices,
    parts,
    policy,
    refused_by,
    retention,
    rulebook,
    said,
    says,
    settles,
    share,
    sharing,
    staffing,
    states,
    trackers,
    vox,
)


def test_there_are_43_commitments_numbered_without_a_gap() -> None:
    assert [one.id for one in policy().commitments] == [f"VOX-{number:02d}" for number in range(1, 44)]


def test_vox_01_is_the_privacy_policy_of_18_february_2020_with_three_companions() -> None:
    assert (policy().title, policy().last_updated.isoformat()) == ("Privacy Policy", "2020-02-18")
    assert str(documents.effective_day(vox(1))) == "2020-02-18"
    companions = ["terms-of-service", "master-services-agreement", "technical-documentation"]
    states(
        1,
        title="Privacy Policy",
        last_updated="2020-02-18",
        date_format="DDth Mon YYYY",
        effective_date="not-stated",
        companion_documents=companions,
    )
    settles(1, effective="last-updated-midnight-local")
    says(1, "Privacy Policy, last changed on 2020-02-18", *(one.replace("-", " ") for one in companions))
    (same, other) = (findings(vox(1)), findings(vox(1), date_format="MM-DD-YYYY"))
    assert same == []
    assert [one for one in other if 'does not carry the date "02-18-2020"' in one]
    assert {one.policy for one in parts()[1]} == {"privacy-policy", *companions}


def test_vox_02_covers_three_surfaces_and_three_sorts_of_persons() -> None:
    surfaces = ["voxvalley.com", "developer.vox-cpaas.com", "cloud-services"]
    states(2, persons=["customer", "end-user", "website-visitor"], surfaces=surfaces)
    organization = parts()[0]
    used = [one.service for one in organization.programs] + [one.service for one in organization.data_categories]
    assert set(used) == set(surfaces)
    says(2, "voxvalley.com, developer.vox-cpaas.com and cloud services", "customer, end user and website visitor")


def test_vox_03_a_material_change_is_posted_and_mailed_unless_policy_mail_was_refused() -> None:
    states(
        3,
        channel=["policy-page", "email", "website-notice"],
        channel_rule="any-one-authorized",
        lead_time="none",
        applies_to="material-change",
    )
    settles(
        3,
        always_post=True,
        email_unless="refused-policy-email",
        material=["purposes", "recipients", "retention", "rights", "channels"],
    )
    assert ask("policy-notices", "policy-change").answer == "allow"
    assert ask("policy-notices", "policy-change", said("refused", "policy-notices")).answer == "deny"
    for touched in ("purposes", "recipients", "retention", "rights", "channels"):
        (duty,) = notices().duties(Change(frozenset({touched}), material=False))  # whatever somebody calls it
        assert (duty.promise.id, duty.channels, duty.lead) == ("VOX-03", ("policy-page", "email"), None)
    assert notices().duties(Change(frozenset({"wording"}), material=False)) == ()
    assert notices().enough(NEW_PURPOSE, frozenset({"policy-page"})).answer == "allow"
    assert refused_by(notices().enough(NEW_PURPOSE, frozenset())) == {"VOX-03"}
    sent = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
    assert notices().earliest(NEW_PURPOSE, [sent]).at == sent  # no lead time is promised
    says(3, "material change", "policy page or email or website notice")


def test_vox_04_controller_of_customers_and_processor_of_end_users_data() -> None:
    states(4, roles={"customer-data": "controller", "end-user-data": "processor"}, jurisdictions_noted=["EEA"])
    says(4, "for customer data we are controller", "for end user data we are processor")
    routed = asking().route("deletion", MONDAY, END_USER)
    assert routed is not None
    assert [one.commitment for one in routed.reasons] == ["VOX-04"]
    assert asking().route("deletion", MONDAY, Asker(frozenset({"customer"}))) is None


def test_vox_05_a_customer_acknowledges_being_the_controller() -> None:
    states(5, controller="customer", duties=["set-configuration", "publish-own-policy-encouraged"])
    says(5, "customer is controller", "set configuration", "publish own policy")
    routed = asking().route("access", MONDAY, END_USER)
    assert routed is not None
    assert routed.to == "customer"


def test_vox_06_names_six_classes_of_personal_data() -> None:
    categories = ["identity-contact", "location", "online-identifiers", "credit-card", "call-history", "sender-data"]
    states(6, data_categories=categories)
    for one in categories:
        allowed = inventory().may_collect(one, Gathering())
        assert (allowed.answer, [each.commitment for each in allowed.reasons]) == ("allow", ["VOX-06"])
    assert inventory().may_collect("health-data", Gathering()).answer == "deny"


def test_vox_07_marks_mandatory_and_voluntary_fields_in_three_forms() -> None:
    states(7, where=["account-creation", "feedback", "enrolment"], marks=["mandatory", "voluntary"])
    says(7, "mandatory", "voluntary", "account creation", "feedback", "enrolment")


def test_vox_08_a_missing_mandatory_item_closes_that_activity_only() -> None:
    states(8, gate="mandatory-data-with-consent", scope="that-activity-only")
    says(8, "mandatory data with consent", "that activity only")


def test_vox_09_what_is_held_is_not_asked_again_unless_a_law_demands_it() -> None:
    states(9, rule="no-repeat-collection", exceptions=["required-by-law"])
    settles(9, strength="ban", instead="prefill-for-confirmation")
    again = Gathering(held_already=True)
    refused = inventory().may_collect("identity-contact", again)
    assert refused_by(refused) == {"VOX-09"}
    assert "prefill for confirmation" in refused.reasons[0].text
    lawful = Gathering(held_already=True, required_by_law=True)
    assert inventory().may_collect("identity-contact", lawful).answer == "allow"
    assert inventory().may_collect("identity-contact", Gathering()).answer == "allow"


def test_vox_10_personal_data_serves_ten_ends() -> None:
    purposes = [
        "provide-services",
        "enhance-operation",
        "analyze-usage",
        "improve-website",
        "tailor-third-party-experience",
        "troubleshooting",
        "disputes",
        "enforce-agreements",
        "legal-compliance",
        "law-enforcement-cooperation",
    ]
    states(10, purposes=purposes)
    for one in purposes:
        assert inventory().may_use("call-history", one).answer == "allow"
    assert refused_by(inventory().may_use("call-history", "credit-scoring")) == {"VOX-10"}


def test_vox_11_an_end_user_gets_the_technical_documentation_within_10_days() -> None:
    states(11, request_type="technical-documentation-copy", persons="end-user", via=[SUPPORT], deadline="unset")
    settles(11, deadline="P10D", deadline_basis="calendar-day")
    assert asking().may_ask("technical-documentation-copy", END_USER).answer == "allow"
    assert refused_by(asking().may_ask("technical-documentation-copy", ENROLLED)) == {"VOX-11"}
    timetable = asking().timetable("technical-documentation-copy", MONDAY, END_USER)
    assert (timetable.due, timetable.binding) == (date(2026, 3, 12), "VOX-11")
    (offer,) = asking().offered(END_USER)
    assert offer.ways == (SUPPORT,)


def test_vox_12_content_is_cached_only_where_the_customers_server_says_so_and_for_a_day() -> None:
    states(12, data="call-content", default="no-cache", gate="customer-server-allows-caching")
    settles(12, cache_for="PT24H")
    assert refused_by(inventory().may_hold("call-content")) == {"VOX-12"}
    permitted = frozenset({"customer-server-allows-caching"})
    assert inventory().may_hold("call-content", open_gates=permitted).answer == "allow"
    says(12, "24 hours")
    assert goes("call-content", recorded=datetime(2026, 5, 1, 10, 0, tzinfo=UTC)) == date(2026, 5, 2)
    assert features().may_run("content-caching").answer == "deny"
    assert features().may_run("content-caching", said("given", "content-caching").consents).answer == "allow"
    assert features().may_run("content-caching", said("withdrawn", "content-caching").consents).answer == "deny"


def test_vox_13_the_notification_log_is_a_class_of_its_own_whatever_the_cache() -> None:
    states(13, data_categories=["notification-log"], independent_of="VOX-12")
    assert data.categories_declared(vox(13)) == ("notification-log",)
    assert inventory().may_hold("notification-log").answer == "allow"
    assert inventory().may_collect("notification-log", Gathering()).reasons[0].commitment == "VOX-13"
    assert kept_for(vox(15), "notification-log") == ("P90D", "recorded")


def test_vox_14_logging_is_turned_off_within_5_business_days() -> None:
    states(14, request_type="logging-off", persons="customer", via=["email"], contacts=[PRIVACY], deadline="unset")
    settles(14, deadline="P5D", deadline_basis="business-day")
    customer = Asker(frozenset({"customer"}))
    assert asking().may_ask("logging-off", customer).answer == "allow"
    assert refused_by(asking().may_ask("logging-off", END_USER)) == {"VOX-14"}
    timetable = asking().timetable("logging-off", MONDAY, customer)
    assert (timetable.due, timetable.binding) == (date(2026, 3, 9), "VOX-14")
    (offer,) = [one for one in asking().offered(customer) if one.request_type == "logging-off"]
    assert (offer.ways, offer.contacts) == (("email",), (PRIVACY,))


def test_vox_15_logs_stay_90_days_debugging_30_billing_7_years_and_account_data_90_days_after_its_end() -> None:
    logs = ["call-log", "notification-log", "billing-payment-log", "other-log"]
    states(15, data=logs, period="unset", source="technical-documentation")
    kept = {
        "call-log": ("P90D", "recorded"),
        "notification-log": ("P90D", "recorded"),
        "billing-payment-log": ("P7Y", "recorded"),
        "other-log": ("P30D", "recorded"),
        "debug-logs": ("P30D", "recorded"),
        "audio-recordings": ("P30D", "recorded"),
        "call-sms-detail": ("P90D", "recorded"),
        "call-history": ("P90D", "recorded"),
        "sender-data": ("P90D", "recorded"),
        "identity-contact": ("P90D", "account-end"),
        "contact-details": ("P90D", "account-end"),
        "location": ("P90D", "account-end"),
        "online-identifiers": ("P90D", "account-end"),
        "credit-card": ("P90D", "account-end"),
        "ticket-content": ("P90D", "account-end"),
        "authorization-keys": ("P90D", "account-end"),
        "past-transactions": ("P7Y", "recorded"),
        "backups": ("P90D", "recorded"),
    }
    assert {one: kept_for(vox(15), one) for one in kept} == kept
    assert set(vox(15).decided["periods"]) == set(kept)
    assert kept_for(vox(15), "call-content") is None
    editions = {f"{one.policy} {one.version}" for one in parts()[1] if one.policy == vox(15).parameters["source"]}
    assert {vox(15).decided["periods"][one]["edition"] for one in logs} == editions
    assert goes("call-log", recorded=date(2026, 3, 1)) == date(2026, 5, 30)
    assert goes("other-log", recorded=date(2026, 1, 31)) == date(2026, 3, 2)
    assert goes("billing-payment-log", recorded=date(2020, 2, 29)) == date(2027, 2, 28)
    assert goes("identity-contact", recorded=date(2020, 1, 1), **{"account-end": date(2026, 10, 1)}) == date(
        2026, 12, 30
    )
    assert goes("identity-contact", recorded=date(2020, 1, 1)) is None


def test_vox_16_an_ip_address_is_personal_data_whatever_the_wording_calls_it() -> None:
    categories = ["referrer-url", "exit-url", "browser-type", "ip-address", "aggregated-location"]
    states(16, data_categories=categories)
    settles(16, treat_as_personal=["ip-address", "aggregated-location"], retention="P90D", retention_from="recorded")
    assert [one for one in categories if inventory().is_personal(one)] == ["ip-address", "aggregated-location"]
    for one in categories:
        assert inventory().may_collect(one, Gathering()).reasons[0].commitment == "VOX-16"
        assert goes(one, recorded=date(2026, 1, 1)) == date(2026, 4, 1)


def test_vox_17_regulated_trackers_need_explicit_consent() -> None:
    states(
        17,
        channel=["web"],
        trackers=["cookies", "web-beacons", "pixel-tags"],
        consent="explicit-opt-in",
        condition="regulated-personal-data",
    )
    tag = Tracker("ease-of-access", "website", recipient="third-party-advertisers", third_party=True)
    assert refused_by(trackers().may_set(tag)) == {"VOX-17"}
    assert refused_by(trackers().may_set(tag._replace(consent=False))) == {"VOX-17"}
    assert trackers().may_set(tag._replace(consent=True)).answer == "allow"
    assert trackers().may_set(tag._replace(personal=False)).answer == "allow"
    says(17, "cookies", "web beacons", "pixel tags", "regulated personal data", "explicit consent")
    assert features().may_run("regulated-trackers").answer == "deny"
    assert features().may_run("regulated-trackers", said("given", "regulated-trackers").consents).answer == "allow"


def test_vox_18_personal_data_is_never_sold() -> None:
    states(18, banned=["sale"], exceptions="none")
    for recipient in ("affiliates", "service-providers", "successor", "anybody-else"):
        assert share(PROVIDER, recipient=recipient, purpose="sale") == {"VOX-18"}
        assert share(PROVIDER, recipient=recipient, purpose="sale", consent="this-transfer") == {"VOX-18"}
    assert share(PROVIDER) == set()


def test_vox_19_identifying_data_needs_consent_and_a_listed_recipient() -> None:
    states(19, conditions=["explicit-consent", "listed-recipient"], rule="both")
    settles(
        19,
        consent_at="enrolment",
        consent_covers=["service-providers", "customer-chosen-applications"],
        without_consent=["successor", "authorities", "courts", "others"],
    )
    assert share(PROVIDER) == set()
    assert share(PROVIDER, consent=None) == {"VOX-19"}
    assert share(PROVIDER, recipient="data-brokers") == {None}  # consent alone opens nothing: nobody lists them


def test_vox_20_providers_and_chosen_applications_serve_three_ends() -> None:
    states(
        20,
        recipients=["service-providers", "customer-chosen-applications"],
        purposes=["operate", "troubleshoot", "improve-experience"],
    )
    for one in ("operate", "troubleshoot", "improve-experience"):
        assert share(PROVIDER, purpose=one) == set()
        assert share(PROVIDER, recipient="customer-chosen-applications", purpose=one, chosen=True) == set()
    assert share(PROVIDER, purpose="advertising", sale_refused=False) == {"VOX-20"}
    assert share(PROVIDER, recipient="customer-chosen-applications") == {"VOX-20"}


def test_vox_21_a_successor_gets_the_data_under_the_same_policy() -> None:
    states(21, recipients=["successor"], condition="policy-continues")
    merger = Transfer("identity-contact", "successor", "acquisition", met=frozenset({"policy-continues"}))
    assert share(merger) == set()
    assert share(merger, met=frozenset()) == {"VOX-21"}


def test_vox_22_disclosure_on_the_companys_own_belief_has_three_grounds() -> None:
    states(
        22,
        recipients=["authorities", "courts", "others"],
        grounds=["legal-process", "enforce-agreements", "protect-rights-safety"],
        threshold="company-belief",
    )
    order = Transfer("call-log", "courts", "legal-process", ground="legal-process", approver="counsel", compelled=True)
    for recipient in ("authorities", "courts", "others"):
        for ground in ("legal-process", "enforce-agreements", "protect-rights-safety"):
            assert share(order, recipient=recipient, ground=ground) == set()
    assert share(order, ground="curiosity") == {"VOX-22"}
    assert share(order, approver=None) == {"VOX-22"}


def test_vox_23_advertisers_and_the_public_get_nothing_that_identifies() -> None:
    recipients = ["affiliates", "service-providers", "third-party-advertisers", "public"]
    states(23, recipients=recipients, data="non-identifying-only")
    feed = Transfer("browser-type", "public", "promotion", fields=("referrer-url",), identifying=False)
    for one in recipients:
        assert share(feed, recipient=one) == set()
    for field in ("ip-address", "aggregated-location", "identity-contact"):
        assert share(feed, recipient="third-party-advertisers", fields=(field,)) == {"VOX-23"}


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
    settles(25, deadline="P1M", deadline_basis="calendar-month", verification=["login"], intake=["login", "email"])
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


def test_vox_39_a_contract_of_that_level_and_a_basis_that_holds_today() -> None:
    states(39, conditions=["contract", "privacy-shield-or-equivalent"])
    settles(39, additional_transfer_basis=True)
    for one in ("contract", "privacy-shield-or-equivalent"):
        assert share(PROVIDER, met=ON_FILE - {one}) == {"VOX-39"}
    for basis in (None, "privacy-shield"):
        assert share(PROVIDER, transfer_basis=basis) == {"VOX-39"}
    assert share(PROVIDER, transfer_basis="adequacy-decision") == set()


def test_vox_40_providers_work_on_written_instructions_for_one_purpose() -> None:
    states(40, conditions=["written-instructions", "purpose-bound", "contract-equivalent-protection"])
    for one in ("written-instructions", "purpose-bound", "contract-equivalent-protection"):
        assert share(PROVIDER, met=ON_FILE - {one}) == {"VOX-40"}
    assert share(PROVIDER) == set()


def test_vox_41_a_sub_processor_needs_three_things_on_file() -> None:
    states(41, conditions=["on-behalf-of-customers", "customer-instructions", "written-contract"])
    for one in ("on-behalf-of-customers", "customer-instructions", "written-contract"):
        assert share(AMAZON, met=AMAZON.met - {one}) == {"VOX-41"}
    assert share(AMAZON) == set()


def test_vox_42_one_sub_processor_is_listed_with_purposes_and_place() -> None:
    amazon = {
        "name": "Amazon Web Services, Inc.",
        "purposes": ["cloud-infrastructure", "customer-data-storage", "service-logging"],
        "location": "US",
    }
    states(42, fields=["name", "purpose", "location"], entries=[amazon])
    settles(42, updated="before-first-transfer")
    assert sharing().register() == (amazon,)
    says(
        42,
        "Amazon Web Services, Inc. (the United States: cloud infrastructure",
        "customer data storage and service logging)",
    )
    for purpose in ("cloud-infrastructure", "customer-data-storage", "service-logging"):
        assert share(AMAZON, purpose=purpose) == set()
    assert share(AMAZON, location="IE") == {"VOX-42"}
    assert share(AMAZON, name="Another Cloud, Inc.") == {"VOX-42"}
    assert "VOX-42" in share(AMAZON, purpose="training-models")


def test_vox_43_is_reached_by_mail_and_on_the_support_page() -> None:
    states(43, email=PRIVACY, support_url=SUPPORT, phone="not-stated")
    says(43, PRIVACY, SUPPORT)
    assert parts()[0].email == PRIVACY
