"""The traps in Voxvalley's wording, each test by its number."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from consent.policies.answers.asking import Asker
from consent.policies.answers.holdings import Held
from consent.policies.answers.sharing import Transfer
from consent.policies.answers.trackers import Tracker
from consent.policies.kinds import data
from tests.policies.packs_vox import (
    AMAZON,
    END_USER,
    ENROLLED,
    MONDAY,
    NEW_PURPOSE,
    ORDER,
    PROVIDER,
    REGISTERED,
    STOPPED,
    ask,
    asking,
    deleted,
    draft,
    features,
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
    share,
    sharing,
    trackers,
    vox,
)


def test_the_privacy_policy_binds_and_not_one_of_its_companions() -> None:
    assert rulebook().policy_version[:2] == ("privacy-policy", "2020-02-18")


def test_t_21_the_button_stops_promotion_only_whichever_mail_it_stood_in() -> None:
    pressed = said("withdrawn")
    assert ask("promotional-email", "promotion", pressed, facts=REGISTERED).answer == "deny"
    assert ask("administrative-email", "account", pressed, facts=ORDER).answer == "allow"
    assert ask("policy-notices", "policy-change", pressed).answer == "allow"
    says(30, "all emails")


def test_t_25_an_offer_inside_administrative_mail_is_held_back_whatever_its_label() -> None:
    mixed = "Your account is ready. Upgrade today: 20% off!"
    plain = "Your account is ready. The invoice of $80 is attached."
    assert refused_by(ask("administrative-email", "account", facts=ORDER, content=mixed)) == {"VOX-29"}
    assert ask("administrative-email", "account", facts=ORDER, content=plain).answer == "allow"


def test_t_18_policy_mail_can_be_refused_although_no_clause_offers_the_way() -> None:
    assert ask("policy-notices", "policy-change", STOPPED).answer == "deny"


def test_t_90_sixteen_is_old_enough_and_fifteen_is_not() -> None:
    assert rulebook().consent_findings(draft(declared_age=16)) == ()
    assert [one.commitment for one in rulebook().consent_findings(draft(declared_age=15))] == ["VOX-37"]


def test_t_95_who_refused_policy_mail_gets_none_and_the_page_tells_everybody() -> None:
    assert ask("policy-notices", "policy-change", said("refused", "policy-notices")).answer == "deny"
    person = {"affected": True, "opted_in": False, "refused_mail": True}
    assert notices().may_email(NEW_PURPOSE, **person, refused_policy_mail=False).answer == "allow"
    assert refused_by(notices().may_email(NEW_PURPOSE, **person, refused_policy_mail=True)) == {"VOX-03"}
    (duty,) = notices().duties(NEW_PURPOSE)
    assert "policy-page" in duty.channels


def test_t_45_the_date_is_read_in_the_style_the_header_names() -> None:
    assert policy().last_updated.isoformat() == "2020-02-18"
    assert "18th Feb 2020" in policy().text


def test_t_48_as_soon_as_possible_is_a_figure_with_a_written_reason() -> None:
    assert asking().removal_of_a_minor(MONDAY).due == date(2026, 3, 5)
    point = vox(38).open
    assert point is not None
    assert "special one" in point.reason


def test_t_49_deletion_is_for_whoever_enrolled_wherever_they_live() -> None:
    for place in ("US-CA", "DE", "BR", None):
        asker = Asker(frozenset({"enrolled-user"}), place)
        assert asking().may_ask("deletion", asker).answer == "allow"


def test_t_54_a_deletion_says_kept_for_a_transaction_or_gone_but_for_backups() -> None:
    assert deleted("past-transactions", "past-transactions").outcome == "kept"
    pending = deleted("call-history")
    assert (pending.outcome, pending.until, pending.recheck) == (
        "live-deleted-backup-pending",
        date(2026, 5, 31),
        "backup-expiry",
    )


def test_t_55_no_transaction_and_no_backup_keeps_the_data_of_a_child() -> None:
    for grounds in ((), ("past-transactions",), ("backups",)):
        gone = deleted("past-transactions", *grounds, minor=True)
        assert (gone.outcome, gone.until) == ("deleted", None)
        assert gone.reasons[0].commitment == "VOX-38"


def test_t_60_an_end_users_request_goes_to_the_customer_in_charge() -> None:
    for request_type in ("access", "deletion", "correction"):
        routed = asking().route(request_type, MONDAY, END_USER)
        assert routed is not None
        assert routed.to == "customer"
        assert asking().route(request_type, MONDAY, ENROLLED) is None


def test_t_72_consent_and_listing_are_both_needed_where_nothing_else_was_settled() -> None:
    assert share(PROVIDER, consent=None) == {"VOX-19"}
    assert share(PROVIDER, recipient="data-brokers", consent="this-transfer") == {None}
    merger = Transfer("identity-contact", "successor", "acquisition", met=frozenset({"policy-continues"}))
    assert share(merger, consent=None) == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Carrier Co."},
        {"name": None},
        {"location": "DE"},
        {"location": None},
        {"purpose": "advertising"},
    ],
)
def test_t_73_only_what_the_list_says_of_amazon_may_go_there(changes: dict[str, Any]) -> None:
    assert share(AMAZON) == set()
    assert "VOX-42" in share(AMAZON, **changes)


def test_t_74_privacy_shield_is_a_promise_of_the_past_and_no_basis() -> None:
    refused = sharing().may_share(replace(PROVIDER, transfer_basis="privacy-shield"))
    assert [(one.code, one.commitment) for one in refused.reasons] == [("no-transfer-basis", "VOX-39")]


def test_t_76_the_companys_own_belief_is_enough_and_nobody_is_promised_a_notice() -> None:
    private = Transfer("call-log", "others", "x", ground="protect-rights-safety", approver="counsel", compelled=False)
    assert share(private) == set()
    assert sharing().must_tell(replace(private, compelled=True)) == ()


def test_t_79_what_goes_to_a_successor_stays_under_this_policy() -> None:
    assert share(Transfer("identity-contact", "successor", "acquisition")) == {"VOX-21"}


def test_t_86_cookies_wait_for_consent_only_where_they_do_more_than_ease_access() -> None:
    assert trackers().may_set(Tracker("ease-of-access", "website")).answer == "allow"
    assert trackers().may_set(Tracker("monitoring", "website")).answer == "deny"
    assert not trackers().controls().on_site  # no switch of its own is promised, so none is claimed


def test_t_87_what_is_called_non_identifying_is_treated_as_personal_where_it_is() -> None:
    assert inventory().is_personal("ip-address")
    assert inventory().is_personal("aggregated-location")
    assert not inventory().is_personal("browser-type")


def test_t_88_caching_off_leaves_the_notification_log_and_customers_are_told() -> None:
    assert refused_by(inventory().may_hold("call-content")) == {"VOX-12"}
    assert inventory().may_hold("notification-log").answer == "allow"
    for key in ("content-caching", "application-logging"):
        ending = features().ending(key)
        assert ending is not None
        assert "notification log" in (ending.consequence or "")
    off = said("withdrawn", "application-logging").consents
    assert features().may_run("application-logging").answer == "allow"
    assert features().may_run("application-logging", off).answer == "deny"


def test_t_96_silence_is_no_permission_every_class_collected_has_a_period() -> None:
    declared = {each for number in (6, 13, 16) for each in data.categories_declared(vox(number))}
    held = declared | {one.key for one in parts()[0].data_categories}
    ended = {event: datetime(2026, 1, 1, tzinfo=UTC) for event in ("recorded", "account-end")}
    assert [one for one in sorted(held) if goes(one, **ended) is None] == []
    unknown = retention().due(Held("health-data", ended))
    assert (unknown.state, unknown.due) == ("unsettled", None)
