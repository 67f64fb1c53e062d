"""Entering a no that came by letter, as staff do it: by keyboard, on a phone, without scripts, for every reader."""

import itertools

import pytest
from playwright.sync_api import Browser, Page, expect

from consent import clock
from consent.staff.roles import Role
from tests.browser.site import VALLEY, Site
from tests.support import staff

NUMBERS = (f"+1509555{number:04}" for number in itertools.count(150))


def enter(page: Page, address: str) -> None:
    """The form, filled and sent by keyboard."""
    page.get_by_role("link", name="Enter a revocation").click()
    page.wait_for_load_state()  # the Enter key sends a form once its button is there
    page.get_by_label("Telephone number").fill(address)
    page.get_by_label("When it arrived").fill("2026-11-20T12:00")
    page.get_by_label("When it arrived").press("Enter")


@pytest.mark.parametrize("width", [320, 1280])
def test_a_letter_is_entered_and_confirmed_without_scripts_and_without_sideways_scrolling(
    browser: Browser, site: Site, width: int
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    staff.member(site.house, site.organizations[VALLEY], clock.now(), Role.CLERK).sit(context, site.address)
    page = context.new_page()
    page.goto(f"{site.address}/staff/revocations")
    fits(page, width)
    enter(page, "nobody")
    expect(page.get_by_text("Nothing was entered yet")).to_be_visible()
    fits(page, width)
    page.get_by_label("Telephone number").fill(next(NUMBERS))
    page.get_by_role("button", name="Enter the revocation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Revocations")
    fits(page, width)
    expect(page.get_by_text("Due on").first).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    context.close()


def fits(page: Page, width: int) -> None:
    """Nothing stands out to the side."""
    body = page.locator("main").bounding_box()
    assert body is not None
    assert body["x"] + body["width"] <= width
