"""Cookies, links and signals of browsers at 1VALET, promise by promise: what each allows and refuses.

The figures are literals, worked out from the policy by hand; none is read from the pack.
"""

from consent.policies.kinds import sentence
from tests.policies.packs_1v import (
    codes,
    named,
    settles,
    states,
    tracker,
    trackers,
    v1,
)


def test_1v_36_links_and_vendor_purchases_carry_a_notice() -> None:
    states(36, surface=["website", "portals", "resident-app"])
    assert "here: website, portals and resident App" in sentence(v1(36))


def test_1v_37_preference_cookies_never_reach_the_app() -> None:
    states(
        37,
        allowed_surfaces=["website", "portals"],
        banned_surfaces=["resident-app"],
        cookie_purposes=["preferences"],
    )
    for surface in ("website", "1connect-portal", "partner-portal"):
        assert named(tracker("preferences", surface)) == {"1V-37"}
        assert tracker("preferences", surface).answer == "allow"
    assert tracker("preferences", "resident-app").answer == "deny"
    assert "1V-37" in named(tracker("preferences", "resident-app"))
    assert codes(tracker("profiling", "website")) == ["purpose-not-named"]


def test_1v_38_advertising_stands_on_website_and_partner_portal_only() -> None:
    states(
        38,
        allowed_surfaces=["website", "partner-portal"],
        banned_surfaces=["1connect-portal", "resident-app"],
        recipients=["advertisers", "google-adsense"],
        data=["ip-address", "isp", "browser"],
    )
    for recipient in ("advertisers", "google-adsense"):
        for surface in ("website", "partner-portal"):
            shown = tracker("advertising", surface, recipient)
            assert (shown.answer, named(shown)) == ("allow", {"1V-38"})
        for surface in ("1connect-portal", "resident-app", "other-portals"):
            refused = tracker("advertising", surface, recipient, cookie=False)
            assert (codes(refused), named(refused)) == (["surface-banned"], {"1V-38"})


def test_1v_39_analytics_names_the_way_out_and_keeps_no_cookie_in_the_app() -> None:
    states(
        39,
        surfaces=["website", "portals", "resident-app"],
        recipients=["google"],
        opt_out_url="https://tools.google.com/dlpage/gaoptout",
        info_url="https://policies.google.com/technologies/partner-sites",
    )
    settles(39, app_analytics="cookieless-non-behavioural")
    for surface in ("website", "1connect-portal"):
        assert named(tracker("analytics", surface, "google")) == {"1V-39"}
    in_the_app = tracker("analytics", "resident-app", "google", cookie=False)
    assert (in_the_app.answer, named(in_the_app)) == ("allow", {"1V-39"})
    assert "app-analytics" in codes(tracker("analytics", "resident-app", "google"))
    assert trackers().controls().opt_out_urls == ("https://tools.google.com/dlpage/gaoptout",)


def test_1v_40_browsers_and_security_software_are_the_control_and_no_switch_is_promised() -> None:
    states(40, controls=["browser", "security-software"], on_site_control="not-promised")
    controls = trackers().controls()
    assert (controls.on_site, controls.switches, controls.browser) == (False, (), ("browser", "security-software"))


def test_1v_41_do_not_track_is_not_honoured_and_global_privacy_control_is_where_tags_are() -> None:
    states(41, dnt="not-honoured", gpc="not-stated")
    settles(41, gpc="honour", surfaces=["website", "partner-portal"])
    assert v1(41).decided["surfaces"] == v1(38).parameters["allowed_surfaces"]
    (said,) = trackers().statements()
    assert 'do not react to the browser\'s "Do Not Track"' in said
    assert "we obey it on website and partner portal" in said
    for surface in ("website", "partner-portal"):
        refused = tracker("advertising", surface, "advertisers", gpc=True)
        assert (codes(refused), named(refused)) == (["gpc-sent"], {"1V-41"})
        assert tracker("advertising", surface, "advertisers", dnt=True).answer == "allow"
    assert tracker("analytics", "1connect-portal", "google", gpc=True).answer == "allow"


def test_1v_42_no_cookie_tracks_and_no_third_party_follows_behaviour_in_the_app() -> None:
    states(
        42,
        banned=["tracking-cookies", "app-third-party-behavioral-tracking"],
        allowed=["anonymized-tracking-website-portals"],
    )
    followed = tracker("preferences", "website", behavioural=True)
    assert (codes(followed), named(followed)) == (["tracking-banned"], {"1V-42"})
    assert "1V-42" in named(tracker("analytics", "resident-app", "google", cookie=False, behavioural=True))
    assert tracker("analytics", "website", "google").answer == "allow"
