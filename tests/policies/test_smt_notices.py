"""Smartt's promises about notices, breaches, cookies and features: who is told by when, what may be set or be on."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from consent.policies.answers.ages import Ages
from consent.policies.answers.features import Features
from consent.policies.answers.incidents import BreachNotice, Delay, Incident, Incidents
from consent.policies.answers.notices import Change, Notices
from consent.policies.answers.trackers import Tracker, Trackers
from consent.policies.questions import Verdict
from tests.policies.packs_smt import NOW, VANCOUVER, by, smartt, smt, version, versions, word

NEW_USE = Change(frozenset({"wording"}), material=False, new_purpose=True)
SMALL = Change(frozenset({"wording"}), material=False)
MATERIAL = Change(frozenset({"recipients"}), material=True)
BELIEVED = datetime(2024, 6, 28, 20, 0, tzinfo=UTC)  # a Friday
PROFILE = "managed-online-profile"


def notices() -> Notices:
    return Notices(smartt(), version().commitments)


def mailed(change: Change, **person: bool) -> Verdict:
    """May somebody get this notice by mail? Nobody is affected, opted in or opted out unless said."""
    nobody = {"affected": False, "opted_in": False, "refused_mail": False, "refused_policy_mail": False}
    return notices().may_email(change, **{**nobody, **person})


def breach(**changes: Any) -> BreachNotice:
    """The one duty to tell after a breach that was believed on Friday 28 June 2024 and that a law wants told."""
    known = {"detected_at": BELIEVED - timedelta(days=2), "believed_at": BELIEVED, "law_requires": True}
    (only,) = Incidents(smartt(), version().commitments).notices(Incident(**{**known, **changes}))
    return only


def trackers() -> Trackers:
    return Trackers(smartt(), version().commitments)


def running(key: str, *words: Any) -> Verdict:
    """May the feature be on after these words?"""
    return Features(smartt(), version().commitments, versions()).may_run(key, words)


def test_smt_35_a_new_use_waits_30_full_days_after_the_mail() -> None:
    told = datetime(2026, 10, 22, 20, 0, tzinfo=UTC)
    ask = notices().may_use_for
    assert ask("inquiries", "inquiries", None, NOW).answer == "allow"
    assert by(ask("inquiries", "tailored-marketing", None, NOW)) == [("not-told", "SMT-35")]
    assert by(ask("inquiries", "tailored-marketing", told, NOW)) == [("too-early", "SMT-35")]
    assert ask("inquiries", "tailored-marketing", told, NOW + timedelta(days=1)).answer == "allow"
    first = notices().earliest(NEW_USE, [told])
    assert first.at == datetime(2026, 11, 22, 0, 0, tzinfo=VANCOUVER)
    assert notices().earliest(NEW_USE, []).at is None


def test_smt_35_the_mail_reaches_the_affected_whatever_they_refused() -> None:
    assert by(mailed(NEW_USE, affected=True, refused_mail=True)) == [("mail", "SMT-35")]
    assert ("not-affected", "SMT-35") in by(mailed(NEW_USE))
    assert by(mailed(SMALL, affected=True)) == [("not-opted-in", "SMT-37")]


@pytest.mark.parametrize("way", ["email", "website-notice"])
def test_smt_36_one_of_mail_and_site_notice_is_enough_for_a_material_change(way: str) -> None:
    assert by(notices().enough(MATERIAL, frozenset({way}))) == [("notice-given", "SMT-36")]
    for nothing in (frozenset[str](), frozenset({"policy-page-date"})):
        assert by(notices().enough(MATERIAL, nothing)) == [("notice-missing", "SMT-36")]
    assert notices().enough(SMALL, frozenset()).answer == "allow"
    assert [one.id for one in notices().must_classify()] == ["SMT-36"]
    assert notices().earliest(MATERIAL, [NOW]).at == NOW


def test_smt_37_the_extra_mail_needs_an_opt_in_and_a_notice_on_the_site() -> None:
    assert by(mailed(SMALL, opted_in=True, site_notice=True)) == [("mail", "SMT-37")]
    assert mailed(SMALL, opted_in=True).answer == "deny"
    assert mailed(SMALL, site_notice=True).answer == "deny"
    assert mailed(SMALL, opted_in=True, site_notice=True, refused_mail=True).answer == "deny"
    (extra,) = notices().duties(SMALL)
    assert (extra.required, extra.additional_to, extra.channels) == (False, "website-notice", ("email",))


def test_smt_31_a_notice_is_owed_once_a_law_is_found_to_require_it() -> None:
    assert (breach().state, breach().channels, breach().audience) == ("due", ("email",), ("affected-individuals",))
    assert (breach(law_requires=None).state, by(breach(law_requires=None))) == ("assess-first", [("assess", "SMT-31")])
    assert (breach(law_requires=False).state, breach(law_requires=False).due) == ("not-required", None)


def test_smt_32_the_notice_is_due_3_days_after_the_belief_weekend_included() -> None:
    assert (breach().due, by(breach())) == (date(2024, 7, 1), [("due", "SMT-32")])
    assert breach(believed_at=None).due == date(2024, 6, 29)  # nobody wrote down a belief: the detection counts


@pytest.mark.parametrize("ground", ["law-requires-delay", "criminal-investigation"])
def test_smt_32_two_grounds_delay_it_with_a_body_and_a_day_to_look_again(ground: str) -> None:
    held = breach(delay=Delay(ground, "Vancouver Police", date(2024, 7, 15)))
    assert (held.state, held.review_on) == ("delayed", date(2024, 7, 15))
    for unsound in (Delay("press-work", "our board", date(2024, 7, 15)), Delay(ground, "Vancouver Police", None)):
        assert ("no-ground-to-delay", "SMT-32") in by(breach(delay=unsound))
        assert (breach(delay=unsound).state, breach(delay=unsound).due) == ("due", date(2024, 7, 1))


def test_smt_33_each_breach_opens_two_tasks() -> None:
    tasks = Incidents(smartt(), version().commitments).tasks()
    assert [(task, one.id) for task, one in tasks] == [("determine-scope", "SMT-33"), ("restore-integrity", "SMT-33")]


@pytest.mark.parametrize("purpose", ["login", "navigation", "avoid-duplicate-entry", "analysis", "relevance", "cart"])
def test_smt_07_cookies_may_serve_six_ends_and_no_advertising(purpose: str) -> None:
    assert by(trackers().may_set(Tracker(purpose, "website"))) == [("tracker-allowed", "SMT-07")]
    advertising = trackers().may_set(Tracker("advertising", "website", third_party=True))
    assert by(advertising) == [("purpose-not-named", "SMT-07")]


def test_smt_08_a_cookie_beyond_365_days_needs_an_entry_with_a_reason() -> None:
    assert trackers().stays_too_long("P366D")
    assert not trackers().stays_too_long("P365D")


def test_smt_09_browsers_are_explained_and_no_switch_is_shown() -> None:
    controls = trackers().controls()
    assert (controls.on_site, controls.switches, controls.opt_out_urls) == (False, (), ())
    assert controls.browser == ("browser-alert", "browser-reject-all", "browser-originating-only")
    assert controls.commitments == ("SMT-09",)


def test_smt_10_a_cookie_that_secures_a_transaction_may_be_set() -> None:
    allowed = trackers().may_set(Tracker("transaction-security-cookie", "website"))
    assert by(allowed) == [("tracker-allowed", "SMT-10")]


def test_smt_14_a_profile_is_managed_while_the_permission_lives() -> None:
    given = word(PROFILE, at=NOW - timedelta(days=9))
    assert by(running(PROFILE)) == [("feature-off", "SMT-14")]
    assert by(running(PROFILE, given)) == [("feature-allowed", "SMT-14")]
    assert by(running(PROFILE, given, word(PROFILE, "withdrawn"))) == [("feature-withdrawn", "SMT-14")]
    ending = Features(smartt(), version().commitments, versions()).ending(PROFILE)
    assert ending is not None
    assert "taken down" in (ending.consequence or "")


def test_smt_24_portals_are_on_until_somebody_closes_the_login() -> None:
    assert running("portals").answer == "allow"
    assert running("portals", word("portals", "withdrawn")).answer == "deny"


def test_t_38_the_clock_needs_a_law_and_only_two_grounds_stop_it() -> None:
    assert breach(law_requires=False).state == "not-required"
    assert breach(delay=Delay("our-own-investigation", "our board", date(2024, 7, 15))).state == "due"


def test_t_47_365_days_are_typical_and_no_maximum() -> None:
    assert smt(8).parameters["bound"] == "typical-not-maximum"
    assert trackers().stays_too_long("P10Y")
    assert trackers().may_set(Tracker("login", "website")).answer == "allow"  # its length forbids nothing


def test_t_86_no_banner_with_a_switch_is_shown_here() -> None:
    assert not trackers().controls().on_site
    assert trackers().statements() == ()  # nothing was promised about browser signals, so nothing is said


def test_t_90_silence_about_age_is_no_age_of_zero() -> None:
    assert Ages(smartt(), version().commitments).minimum("opt-in").age is None


def test_t_93_the_two_mails_have_their_own_audiences() -> None:
    assert mailed(NEW_USE, affected=True, refused_mail=True).answer == "allow"
    assert mailed(SMALL, affected=True, refused_mail=True, site_notice=True).answer == "deny"
    assert mailed(SMALL, opted_in=True, site_notice=True).answer == "allow"


def test_t_97_the_operator_names_the_mailbox_that_the_wording_lacks() -> None:
    assert smt(45).parameters["email"] == "not-stated"
    assert smt(45).decided["email"] == smartt().email == smartt().privacy_contact
