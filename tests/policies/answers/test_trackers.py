"""Trackers: one rule per surface and company, consent where it was promised, signals where they are obeyed."""

import pytest

from consent.policies.answers.trackers import Tracker, Trackers
from consent.policies.packs import load_law, load_organization, load_versions
from consent.policies.rulebook import compile_rulebook
from tests.policies.house import NOW, POLICIES


def trackers(slug: str, *, law: bool = False) -> Trackers:
    """The answers of a shipped pack."""
    rules = load_law(POLICIES / "law") if law else ()
    return compile_rulebook(load_organization(POLICIES / slug), load_versions(POLICIES / slug), rules, NOW).trackers


VALET, VALLEY = trackers("1valet"), trackers("valley-smart-homes")
AD = Tracker("advertising", "website", recipient="advertisers", third_party=True, consent=True)
COUNT = Tracker("analytics", "website", recipient="google", third_party=True, consent=True)


@pytest.mark.parametrize(
    ("surface", "answer"),
    [("website", "allow"), ("partner-portal", "allow"), ("1connect-portal", "deny"), ("resident-app", "deny")],
)
def test_1v_38_advertisers_stand_on_two_surfaces_only(surface: str, answer: str) -> None:
    found = VALET.may_set(AD._replace(surface=surface))
    assert found.answer == answer
    assert answer == "allow" or "1V-38" in {one.commitment for one in found.reasons}


def test_1v_37_preferences_are_kept_in_browsers_and_never_in_the_app() -> None:
    kept = Tracker("preferences", "1connect-portal")
    assert VALET.may_set(kept).answer == "allow"
    denied = VALET.may_set(kept._replace(surface="resident-app"))
    assert {one.commitment for one in denied.reasons} == {"1V-37"}


def test_t_84_the_app_is_counted_without_cookies_and_without_following() -> None:
    inside = COUNT._replace(surface="resident-app", cookie=False)
    assert VALET.may_set(inside).answer == "allow"
    assert VALET.may_set(inside._replace(cookie=True)).answer == "deny"
    followed = VALET.may_set(inside._replace(behavioural=True))
    assert {"1V-39", "1V-42"} <= {one.commitment for one in followed.reasons}


def test_t_85_one_signal_is_obeyed_and_the_other_is_not() -> None:
    assert VALET.may_set(AD._replace(dnt=True)).answer == "allow"
    refused = VALET.may_set(AD._replace(gpc=True))
    assert [(one.code, one.commitment) for one in refused.reasons] == [("gpc-sent", "1V-41")]
    (said,) = VALET.statements()
    assert "Global Privacy Control" in said
    assert trackers("smartt").statements() == ()


def test_t_86_no_switch_is_shown_where_none_was_promised() -> None:
    assert trackers("smartt").controls().on_site is False
    assert trackers("smartt").controls().browser == ("browser-alert", "browser-reject-all", "browser-originating-only")
    assert VALLEY.controls().on_site is True
    assert VALLEY.controls().switches == ("analytics", "ad-measurement")
    assert VALET.controls().opt_out_urls == ("https://tools.google.com/dlpage/gaoptout",)


@pytest.mark.parametrize("purpose", ["analytics", "ad-measurement"])
def test_t_89_each_optional_purpose_waits_for_its_own_choice(purpose: str) -> None:
    asked = Tracker(purpose, "website")
    assert VALLEY.may_set(asked).answer == "deny"
    assert VALLEY.may_set(asked._replace(consent=True)).answer == "allow"
    assert VALLEY.may_set(Tracker("security", "website")).answer == "allow"
    assert [one.code for one in VALLEY.may_set(Tracker("profiling", "website")).reasons] == ["purpose-not-named"]


@pytest.mark.parametrize("purpose", ["monitoring", "improvement"])
def test_vox_33_monitoring_waits_for_consent_and_ease_of_access_does_not(purpose: str) -> None:
    vox = trackers("voxvalley")
    assert vox.may_set(Tracker("ease-of-access", "website")).answer == "allow"
    denied = vox.may_set(Tracker(purpose, "website"))
    assert {one.commitment for one in denied.reasons} == {"VOX-17", "VOX-33"}
    assert vox.may_set(Tracker(purpose, "website", consent=True)).answer == "allow"


def test_val_04_tracking_is_off_until_chosen() -> None:
    valtt = trackers("valtt")
    assert valtt.may_set(Tracker("behavior-tracking", "website", behavioural=True)).answer == "deny"
    assert valtt.may_set(Tracker("behavior-tracking", "website", behavioural=True, consent=True)).answer == "allow"
    assert valtt.may_set(Tracker("performance", "website")).answer == "allow"
    assert valtt.controls().on_site is True


def test_t_47_a_year_is_typical_and_no_maximum() -> None:
    smartt = trackers("smartt")
    assert smartt.stays_too_long("P366D")
    assert not smartt.stays_too_long("P365D")
    assert smartt.may_set(Tracker("transaction-security-cookie", "website")).answer == "allow"
