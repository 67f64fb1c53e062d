"""What pages and forms say because a policy promises it: statements that are owed at a place, and rules of trackers."""

from typing import Any

import pytest

from tests.support.organizations import SMARTT, VALET, VALLEY, VALTT, VOX
from tests.support.systems import Systems

# Promise, where its words are owed, and under which name they stand there.
OWED: list[tuple[str, str, str, str]] = [
    *((VALLEY, "VSH-24", where, "frequency-varies") for where in ("opt-in-form", "help-reply", "opt-in-confirmation")),
    *((VALLEY, "VSH-24", where, "message-and-data-rates") for where in ("opt-in-form", "help-reply")),
    *((VALLEY, "VSH-31", where, "VSH-31") for where in ("opt-in-form", "help-reply")),
    (VALLEY, "VSH-38", "website", "VSH-38"),
    (VALLEY, "VSH-19", "opt-in-form", "not-a-condition"),
    (VALET, "1V-23", "resident-app", "1V-23"),
    *((VALET, "1V-36", where, "1V-36") for where in ("website", "portals", "resident-app")),
    (VALET, "1V-54", "do-not-sell", "1V-54"),
    (VALTT, "VAL-12", "opt-in-form", "not-a-condition"),
    *((VOX, "VOX-07", where, "VOX-07") for where in ("account-creation", "feedback", "enrolment")),
    *((VOX, "VOX-28", where, "VOX-28") for where in ("enrolment", "account-profile")),
    (VOX, "VOX-34", "website", "VOX-34"),
    *((VOX, "VOX-36", where, "VOX-36") for where in ("website", "developer-portal")),
    (SMARTT, "SMT-23", "forums", "SMT-23"),
    (SMARTT, "SMT-29", "portal-registration", "SMT-29"),
    (SMARTT, "SMT-34", "website", "SMT-34"),
]


@pytest.mark.parametrize(("slug", "promise", "where", "key"), OWED)
def test_what_is_owed_at_a_place_is_told_to_whoever_builds_it(
    systems: Systems, slug: str, promise: str, where: str, key: str
) -> None:
    owed = {one["key"]: one for one in systems.get(f"statements?surface={where}").get_json()["statements"]}
    assert promise in owed[key]["rests_on"]


# Promise, and what the rule of the banner says of it.
TRACKERS: list[tuple[str, str, dict[str, Any]]] = [
    (VALLEY, "VSH-36", {
        "purposes": ["essential", "security", "performance", "analytics", "ad-measurement"],
        "waiting": ["analytics", "ad-measurement"],
    }),
    (VALET, "1V-37", {"purposes": ["preferences"], "surfaces": ["website", "portals"], "never_on": ["resident-app"]}),
    (VALET, "1V-38", {
        "surfaces": ["website", "partner-portal"], "never_on": ["1connect-portal", "resident-app"],
        "recipients": {"advertisers", "google-adsense"},
    }),
    (VALET, "1V-39", {"surfaces": ["website", "portals", "resident-app"], "recipients": {"google"}}),
    (VALET, "1V-42", {"banned": ["tracking-cookies", "app-third-party-behavioral-tracking"]}),
    (VALTT, "VAL-04", {"purposes": ["behavior-tracking", "analytics", "performance"],
                       "waiting": ["behavior-tracking", "analytics"]}),
    (VOX, "VOX-33", {"purposes": ["ease-of-access"], "waiting": ["monitoring", "improvement"]}),
    (SMARTT, "SMT-07", {
        "purposes": ["login", "navigation", "avoid-duplicate-entry", "analysis", "relevance", "cart"],
    }),
    (SMARTT, "SMT-08", {"lifetime": "P365D"}),
    (SMARTT, "SMT-09", {"no_opt_out": True}),
    (SMARTT, "SMT-10", {"exception": "transaction-security-cookie"}),
]  # fmt: skip
# Promise, and what the banner says above its rules.
BANNERS: list[tuple[str, str, dict[str, Any]]] = [
    (VALLEY, "VSH-36", {"ask_before": ["analytics", "ad-measurement"], "site_switch": True}),
    (VALET, "1V-39", {"opt_out_urls": ["https://tools.google.com/dlpage/gaoptout"]}),
    (VALET, "1V-40", {"browser_controls": ["browser", "security-software"], "site_switch": False}),
    (VALTT, "VAL-04", {"ask_before": ["behavior-tracking", "analytics"]}),
    (VOX, "VOX-33", {"ask_before": ["monitoring", "improvement"]}),
    (SMARTT, "SMT-09", {
        "browser_controls": ["browser-alert", "browser-reject-all", "browser-originating-only"],
        "site_switch": False,
    }),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "promise", "said"), TRACKERS)
def test_a_banner_is_told_the_rule_of_each_promise(
    systems: Systems, slug: str, promise: str, said: dict[str, Any]
) -> None:
    rules = {one["commitment"]: one for one in systems.client.get(f"/{slug}/cookies.json").get_json()["rules"]}
    for field, words in said.items():
        held = rules[promise][field]
        assert (set(held) if isinstance(words, set) else held) == words, field


@pytest.mark.parametrize(("slug", "promise", "said"), BANNERS)
def test_a_banner_is_told_what_to_ask_and_what_to_offer(
    systems: Systems, slug: str, promise: str, said: dict[str, Any]
) -> None:
    banner = systems.client.get(f"/{slug}/cookies.json").get_json()
    assert {field: banner[field] for field in said} == said


@pytest.mark.parametrize("slug", [VALET])
def test_1v_41_do_not_track_counts_for_nothing_and_the_other_signal_by_law(systems: Systems, slug: str) -> None:
    signals = systems.client.get(f"/{slug}/cookies.json").get_json()["signals"]
    assert {one["name"]: (one["honoured"], one["commitment"]) for one in signals} == {
        "gpc": (True, "1V-41"), "dnt": (False, "1V-41")
    }  # fmt: skip


@pytest.mark.parametrize("slug", [VOX])
def test_vox_17_a_tracker_of_personal_data_waits_for_a_yes(systems: Systems, slug: str) -> None:
    tag = {"purpose": "ease-of-access", "surface": "website", "recipient": "third-party-advertisers",
           "third_party": True}  # fmt: skip
    for consent, answer in ((None, "deny"), (False, "deny"), (True, "allow")):
        said = systems.post("trackers/decisions", tag | ({} if consent is None else {"consent": consent})).get_json()
        named = {one.get("commitment") for one in said["reasons"]}
        assert (said["answer"], "VOX-17" in named) == (answer, answer == "deny"), (consent, said["reasons"])
