"""The preference page in Chromium, without scripts, on a phone: how few presses it takes, and how little time."""

from collections.abc import Iterator
from types import SimpleNamespace
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from consent import clock
from consent.db import Sql
from consent.ledger import queries as ledger
from consent.verification import links
from tests.browser.pages.preferences import BASE, agreed
from tests.browser.site import VALLEY, Site
from tests.browser.states import Scene
from tests.support.visiting import Visitor

_NEWEST = Sql(
    "SELECT event_id FROM ledger_event WHERE organization_id = :organization_id AND stream_id = :stream_id"
    " ORDER BY stream_seq DESC LIMIT 1"
)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone's browser without scripts."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def link_of(site: Site, contact: UUID) -> str:
    """The path of the link that a text to this contact point carries."""
    organization_id = site.organizations[VALLEY]
    made = links.Link(organization_id, contact, links.PREFERENCES, None, None, None, clock.now())
    return f"{BASE}/for/{links.make(site.house.keyring, made)}"


def newest(site: Site, contact: UUID) -> str:
    """What the newest entry of this contact point tells."""
    organization_id = site.organizations[VALLEY]
    with site.house.db.read(organization_id) as tx:
        row = tx.one(_NEWEST, {"organization_id": organization_id, "stream_id": contact})
        assert row is not None
        stored = ledger.event(tx, organization_id, UUID(bytes=row[0]))
    assert stored is not None
    return stored.body.decode()


def test_from_the_link_in_a_text_to_everything_off_with_the_receipt_in_three_presses(site: Site, phone: Page) -> None:
    contact = agreed(Scene(site, phone.context, phone, "en"), Scene.number())
    phone.goto(site.address + link_of(site, contact))  # the first press: the link in the text
    phone.get_by_role("button", name="Stop everything").click()  # the second
    expect(phone.get_by_role("status")).to_contain_text("Done. It holds from now on.")
    with phone.expect_download() as saved:
        phone.get_by_role("link", name="Save the receipt").first.click()  # the third
    assert saved.value.path().stat().st_size > 500
    assert '"scope":"channel"' in newest(site, contact)
    width = phone.locator("main").bounding_box()
    assert width is not None
    assert width["x"] + width["width"] <= 360


def test_from_nothing_by_a_code_in_a_mail_to_everything_off(site: Site, phone: Page) -> None:
    phone.goto(f"{site.address}{BASE}")
    phone.locator("[name=contact]").fill("ana@customer.example")
    phone.locator("main form button").first.click()
    mailed = Visitor(None, site.house, SimpleNamespace(id=site.organizations[VALLEY], slug=VALLEY))  # type: ignore[arg-type]
    phone.locator("[name=code]").fill(mailed.code())
    phone.locator("main form button").first.click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Your choices at")
    phone.get_by_role("button", name="Stop everything").click()
    expect(phone.get_by_role("status")).to_contain_text("Done. It holds from now on.")
    phone.get_by_role("button", name="Undo this").click()
    expect(phone.get_by_role("status")).to_contain_text("As it was before")
