"""Cookies and browser signals: each organization's own rule, no switch nobody promised, choices that are kept."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consent import clock
from consent.app import create_app
from consent.house import House
from consent.policies.founding import found
from consent.policies.packs import packs_root
from consent.preferences import service as preferences
from consent.preferences import settings
from consent.preferences.cookies import words
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from consent.verification import links
from consent.verification.links import PREFERENCES, Link
from tests.conftest import FOUNDED
from tests.support import valley as at_valley
from tests.support.systems import Systems
from tests.support.valley import PERSON, Tenant

ORGANIZATIONS = ("1valet", "smartt", "valley-smart-homes", "valtt", "voxvalley")
VALLEY = "/valley-smart-homes/cookies"
GPC = {"Sec-GPC": "1"}


@pytest.fixture(scope="module")
def five(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """All five organizations, founded once."""
    folder = tmp_path_factory.mktemp("five")
    shutil.copy(sqlite_template, folder / "consent.sqlite3")
    config = at_valley.settings(at_valley.new_data_dir(folder), f"sqlite:///{folder / 'consent.sqlite3'}")
    house = House.open(config)
    for pack in sorted(packs_root().glob("*/organization.toml")):
        found(config, house.db, house.keyring, pack.parent, FOUNDED)
    yield create_app(house)
    house.close()


@pytest.fixture
def visitor(five: Flask) -> FlaskClient:
    """A browser nobody knows."""
    return five.test_client()


def purposes(page: str) -> set[str]:
    """What the page asks about."""
    return set(re.findall(r'name="for-([a-z-]+)"', page))


def choose(browser: FlaskClient, path: str, headers: dict[str, str] | None = None, **chosen: str) -> TestResponse:
    """The form, filled and sent."""
    (csrf,) = set(re.findall(r'name="csrf" value="([^"]+)"', browser.get(path).text))
    sent = {key.replace("_", "-"): value for key, value in chosen.items()}
    return browser.post(path, data={"csrf": csrf} | sent, headers=headers)


@pytest.mark.parametrize(
    ("slug", "asked"),
    [
        ("valley-smart-homes", {"analytics", "ad-measurement"}),
        ("valtt", {"behavior-tracking", "analytics"}),
        ("voxvalley", {"monitoring", "improvement"}),
        ("smartt", set()),
        ("1valet", set()),
    ],
)
def test_t_86_each_organization_asks_what_its_own_promises_leave_to_the_visitor(
    visitor: FlaskClient, slug: str, asked: set[str]
) -> None:
    page = visitor.get(f"/{slug}/cookies").text
    assert purposes(page) == asked
    assert "checked" not in page  # nothing is chosen for anybody
    assert ("<form" in page) is bool(asked)
    rule = visitor.get(f"/{slug}/cookies.json").json
    assert rule is not None
    assert set(rule["ask_before"]) == asked


def test_smt_09_smartt_shows_what_the_browser_can_do_instead_of_a_switch(visitor: FlaskClient) -> None:
    page = visitor.get("/smartt/cookies").text
    assert "offers no switch of its own" in page
    assert "Your browser can refuse all cookies." in page
    assert "365 days" in page  # SMT-08
    assert "Protecting a purchase" in page  # SMT-10


def test_1v_37_to_42_are_told_by_surface(visitor: FlaskClient) -> None:
    page = visitor.get("/1valet/cookies?lang=fr").text
    assert "l’application des résidents" in page
    assert "Annonceurs sur le site Web et le portail des partenaires" in page
    assert "https://tools.google.com/dlpage/gaoptout" in page
    assert all(f"#{one}" in page for one in ("1V-37", "1V-38", "1V-39", "1V-41", "1V-42"))


def test_t_85_two_signals_two_answers_and_silence_where_nothing_was_said(visitor: FlaskClient) -> None:
    page = visitor.get("/1valet/cookies").text
    assert "1VALET honours it on its own sites as well." in page
    assert "1VALET does not act on it. It is another signal" in page
    assert "Do Not Track" not in visitor.get("/smartt/cookies").text


@pytest.mark.parametrize("slug", ORGANIZATIONS)
def test_every_purpose_surface_and_way_of_a_shipped_pack_has_words(visitor: FlaskClient, slug: str) -> None:
    rule = visitor.get(f"/{slug}/cookies.json").json
    assert rule is not None
    known = words.PURPOSES | words.SURFACES | words.BANNED | words.BROWSER
    named = [one for told in rule["rules"] for key in ("purposes", "waiting", "surfaces", "never_on", "banned")
             for one in told[key]]  # fmt: skip
    assert [one for one in (*named, *rule["browser_controls"]) if one not in known] == []


def test_choices_are_kept_in_this_browser_and_shown_again(visitor: FlaskClient) -> None:
    answer = choose(visitor, VALLEY, for_analytics="yes", for_ad_measurement="no")
    assert (answer.status_code, answer.location) == (303, f"{VALLEY}?saved=1")
    (cookie,) = (one for one in answer.headers.getlist("Set-Cookie") if one.startswith("cookies-"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    page = visitor.get(answer.location or "").text
    assert "Your choices are kept in this browser" in page
    assert 'name="for-analytics" value="yes" checked' in page
    assert 'name="for-ad-measurement" value="no" checked' in page


@pytest.mark.parametrize("answer", ["no", "yes"])
def test_refusing_all_takes_one_press_as_allowing_all_does(visitor: FlaskClient, answer: str) -> None:
    page = visitor.get(choose(visitor, VALLEY, all=answer).location or "").text
    assert page.count(f'value="{answer}" checked') == 2


def test_looking_changes_nothing_and_a_form_that_is_not_ours_is_refused(visitor: FlaskClient) -> None:
    assert "cookies-" not in str(visitor.get(VALLEY, headers=GPC).headers)
    assert visitor.post(VALLEY, data={"all": "yes"}).status_code == 403
    assert "checked" not in visitor.get(VALLEY).text


@pytest.mark.parametrize("spoil", [lambda value: value[:-3] + "abc", lambda _: "x" * 2000, lambda _: "e30.e30"])
def test_a_cookie_that_is_not_ours_counts_as_none(visitor: FlaskClient, spoil: Callable[[str], str]) -> None:
    answer = choose(visitor, VALLEY, all="yes")
    (line,) = (one for one in answer.headers.getlist("Set-Cookie") if one.startswith("cookies-"))
    name, value = line.split(";")[0].split("=", 1)
    visitor.set_cookie(name, spoil(value))
    assert "checked" not in visitor.get(VALLEY).text
    other = visitor.get("/valtt/cookies").text
    assert "checked" not in other


def test_a_choice_nobody_offered_is_not_kept(visitor: FlaskClient) -> None:
    answer = choose(visitor, VALLEY, for_profiling="yes")
    assert not [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("cookies-")]


def test_gpc_is_supported_and_says_since_when(visitor: FlaskClient) -> None:
    answer = visitor.get("/.well-known/gpc.json")
    assert answer.json == {"gpc": True, "lastUpdate": "2026-11-22"}
    assert answer.content_type.startswith("application/json")


def test_gpc_is_shown_and_recorded_for_a_known_visit_when_something_is_saved(
    client: FlaskClient, house: House, valley: Tenant, systems: Systems
) -> None:
    systems.consent()
    tagged = subjects.tagged(house.keyring, valley.id, canonical("sms", PERSON))

    def refused() -> bool:
        with house.db.read(valley.id) as tx:
            state = preferences.read(tx, valley.id, "sms", tagged.tag64)
        return settings.settings_of(state, clock.now()).sale_refused_since is not None

    contact = UUID(systems.lookup())
    token = links.make(house.keyring, Link(valley.id, contact, PREFERENCES, None, None, "", clock.now()))
    client.get(f"{valley.slug}/preferences/for/{token}")
    assert "Your browser sends it." in client.get(VALLEY, headers=GPC).text
    assert not refused()
    assert choose(client, VALLEY, GPC, all="no").status_code == 303
    assert refused()
