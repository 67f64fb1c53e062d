"""What Voxvalley covers, gathers and logs, promise by promise: what each allows, refuses and records.

The figures are literals, worked out from the policy by hand; none is read from the pack.
"""

from datetime import UTC, date, datetime

from consent.policies.answers.asking import Asker
from consent.policies.answers.inventory import Gathering
from consent.policies.answers.notices import Change
from consent.policies.kinds import data, documents
from consent.policies.kinds.retention import kept_for
from tests.policies.packs_vox import (
    END_USER,
    ENROLLED,
    MONDAY,
    NEW_PURPOSE,
    PRIVACY,
    SUPPORT,
    ask,
    asking,
    features,
    findings,
    goes,
    inventory,
    notices,
    parts,
    policy,
    refused_by,
    said,
    says,
    settles,
    states,
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
