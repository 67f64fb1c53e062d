"""A passkey is made and shown in Chromium with an authenticator of its own; no answer opens anything twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from werkzeug.serving import make_server

from consent import clock
from consent.app import create_app
from consent.db import Sql
from consent.staff import passkeys
from consent.staff.passkeys import Shown, Site
from consent.staff.roles import Role
from tests.browser import site as sites
from tests.browser.conftest import browser_type_launch_args, site  # noqa: F401  (fixtures)
from tests.support import staff

ACCOUNT = "/staff/account"
_STALE = Sql("UPDATE staff_sign_in SET factor_at = :at WHERE organization_id = :o AND account_id = :a")


@pytest.fixture
def named(site: sites.Site) -> Iterator[str]:  # noqa: F811
    """The same service under a name, as passkeys need one."""
    server = make_server("127.0.0.1", 0, lambda environ, start: [], threaded=True)
    address = f"http://localhost:{server.server_port}"
    house = site.house
    server.app = create_app(replace(house, config=replace(house.config, public_url=address)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield address
    server.shutdown()
    thread.join(10)
    server.server_close()


def with_authenticator(context: BrowserContext) -> Page:
    """A page whose browser has an authenticator that knows its owner's finger."""
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def test_a_passkey_is_added_signs_in_refreshes_and_is_removed(
    context: BrowserContext,
    named: str,
    site: sites.Site,  # noqa: F811
) -> None:
    who = staff.member(site.house, site.organizations[sites.VALLEY], clock.now(), Role.CLERK)
    who.sit(context, named)
    page = with_authenticator(context)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.post_data or "") if asked.method == "POST" else None)
    page.goto(f"{named}{ACCOUNT}/passkeys")
    page.get_by_label("Name of this passkey").fill("Laptop <b>")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    page.get_by_role("button", name="Sign out").first.click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text(who.name)).to_be_visible()
    page.goto(f"{named}/staff/again?then={ACCOUNT}/passkeys")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Laptop <b>")).to_be_visible()
    used = next(one for one in sent if "authenticatorData" in one)
    again = context.request.post(f"{named}/staff/sign-in/passkey", data=used.encode(),
                                 headers={"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert again.status in (400, 403)  # an answer that was sent once opens nothing more
    page.get_by_role("button", name="Remove this passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    page.get_by_role("button", name="Sign out").first.click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("This passkey did not fit.")).to_be_visible()


def test_a_form_that_waited_is_sent_by_the_browser_once_the_passkey_was_shown(
    context: BrowserContext,
    named: str,
    site: sites.Site,  # noqa: F811
) -> None:
    house, organization = site.house, site.organizations[sites.VALLEY]
    who = staff.member(house, organization, clock.now(), Role.OFFICER)
    who.sit(context, named)
    page = with_authenticator(context)
    page.goto(f"{named}{ACCOUNT}/passkeys")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    page.goto(f"{named}/staff/incidents")
    page.locator("#title").fill("Subpoena")
    page.locator("#kind").select_option("demand")
    page.locator("#detected_at").fill("2025-11-20T09:30")
    page.locator("form[action$='/staff/incidents'] button").click()
    page.locator("#report").fill("Handed over as asked:\nnothing else.")
    stale = {"o": organization, "a": who.id, "at": clock.now() - timedelta(minutes=6)}
    house.db.write(lambda tx: tx.run(_STALE, stale), organization)
    page.get_by_role("button", name="Close the incident").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Show that it is you")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Subpoena")
    expect(page.get_by_text("Handed over as asked:")).to_be_visible()
    assert "report" not in page.url


def test_an_answer_to_an_older_question_opens_nothing_once_a_newer_was_answered(site: sites.Site) -> None:  # noqa: F811
    house, organization, now = site.house, site.organizations[sites.VALLEY], clock.now()
    who = staff.member(house, organization, now, Role.CLERK)
    house.db.write(lambda tx: passkeys.keep(tx, organization, who.id, (b"id" * 8, b"key", 0), "a", now), organization)
    with house.db.read(organization) as tx:
        (one,) = passkeys.of_account(tx, organization, who.id)
    later = clock.now()
    for asked_at, opens in ((now, True), (now, False), (later.replace(year=now.year + 1), True)):
        shown = Shown(one.id, 1, asked_at)
        assert house.db.write(lambda tx, s=shown: passkeys.use(tx, organization, s, later), organization) is opens


def test_what_is_no_answer_is_nobodys() -> None:
    hostile = ("[" * 19_000, '{"a":' * 3_000, '{"response": {"userHandle": 5}}', '{"response": {"userHandle": []}}')
    for answer in ("", "[]", "{", '{"response": {"userHandle": "AAAA"}}', '{"response": 7}', "[" * 30_000, *hostile):
        assert passkeys.said_owner(answer) is None
    assert Site.of("http://127.0.0.1:8000") is None
    named_site = Site.of("https://consent.example")
    assert named_site is not None
    assert passkeys.shown(named_site, '{"rawId": "AAAA"}', b"question", clock.now(), []) is None
    assert passkeys.shown(named_site, "[" * 19_000, b"question", clock.now(), []) is None
