"""Policy, changes and trace as people see them: on a phone and on a desk, by day and by night, for every reader."""

from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

ORGANIZATIONS = ("1valet", "smartt", "valley-smart-homes", "valtt", "voxvalley")
TRACE = [pytest.param(slug, width, id=f"{slug}-{width}") for slug in ORGANIZATIONS for width in (360, 1280)]


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize(("slug", "width"), TRACE)
def test_the_trace_is_whole_on_a_phone_and_on_a_desk(
    strict: Page, served: str, slug: str, width: int, tmp_path: Path
) -> None:
    strict.set_viewport_size({"width": width, "height": 900})
    strict.goto(f"{served}/{slug}/privacy/trace")
    assert fits(strict)
    clause, promise = strict.locator(".clause").first, strict.locator(".promises > li").first
    beside, below = clause.bounding_box(), promise.bounding_box()
    assert beside is not None
    assert below is not None
    assert (below["x"] > beside["x"] + beside["width"] - 1) is (width == 1280)  # beside it, or under it
    picture = strict.screenshot(path=tmp_path / f"{slug}-{width}.png")
    assert len(picture) > 10_000  # an empty page is far smaller


# Every policy by day, and the longest page by night; `test_every_state` reads the usual ones in all ways.
READ = [(slug, "privacy", "light") for slug in ORGANIZATIONS] + [("valley-smart-homes", "privacy/trace", "dark")]


@pytest.mark.parametrize(("slug", "path", "scheme"), READ)
def test_no_reader_is_shut_out(
    browser: Browser, served: str, slug: str, path: str, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{served}/{slug}/{path}")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    report = Axe().run(page)
    context.close()
    assert report.violations_count == 0, report.generate_report()


def test_a_clause_leads_to_its_promise_and_to_everything_behind_it(strict: Page, served: str) -> None:
    strict.goto(f"{served}/valley-smart-homes/privacy/trace")
    strict.get_by_role("link", name="marketing or promotional texts").click()
    card = strict.locator("#VSH-26")
    expect(card).to_be_in_viewport()
    card.locator("summary").click()
    expect(card.get_by_text("Asking whether a message may go")).to_be_visible()


def test_the_keyboard_reaches_the_content_first(strict: Page, served: str) -> None:
    strict.goto(f"{served}/valtt/privacy")
    strict.keyboard.press("Tab")
    strict.keyboard.press("Enter")
    assert strict.evaluate("document.activeElement.id") == "main"
