"""Chromium before our pages: the five sample organizations, served on a port of this machine."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.checks import Watch
from tests.browser.site import QUIET, Site, serve
from tests.browser.states import Combination, Scene

HEIGHT = 800  # pixels of every reader's window


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; without one these tests fail."""
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing. On Debian: apt-get install chromium (make test does it for root)"
    return {**browser_type_launch_args, "executable_path": chromium, "args": list(QUIET)}


@pytest.fixture(scope="session")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running service with all five organizations."""
    folder = tmp_path_factory.mktemp("browser")
    shutil.copy(sqlite_template, folder / "consent.sqlite3")
    with serve(folder) as running:
        yield running


@pytest.fixture(scope="session")
def service(site: Site) -> tuple[str, str]:
    """The address of the service, and a key of Valley's."""
    return site.address, site.key


@pytest.fixture(scope="session")
def served(site: Site) -> str:
    """The address alone."""
    return site.address


@pytest.fixture(scope="session")
def reader(browser: Browser, site: Site) -> Callable[[Combination], tuple[Scene, Watch]]:
    """The page of a combination, forgetful. One for each language, with scripts and without: making one takes a second,
    and what else differs between readers is set anew for each."""
    made: dict[tuple[str, bool], tuple[Scene, Watch]] = {}

    networks = count(1)

    def forgetful(combination: Combination) -> tuple[Scene, Watch]:
        key = combination.language, combination.scripts
        if key not in made:
            context = new_context(browser, combination)
            page = context.new_page()
            made[key] = (
                Scene(site, context, page, combination.language),
                Watch(page, site.address, scripts=combination.scripts),
            )
        scene, watch = made[key]
        scene.page.set_viewport_size({"width": combination.width, "height": HEIGHT})
        scene.page.emulate_media(color_scheme=scheme_of(combination))
        scene.context.clear_cookies()
        # Each reader comes from a network of their own: one that asked for every code of the walk would be slowed down.
        scene.context.set_extra_http_headers({"X-Forwarded-For": f"2001:db8:{next(networks):x}::7"})
        watch.begin()
        return scene, watch

    return forgetful


def new_context(browser: Browser, combination: Combination) -> BrowserContext:
    """A browser as this reader has it, but for scripts: `Watch` holds those."""
    return browser.new_context(
        locale=combination.language,
        viewport={"width": combination.width, "height": HEIGHT},
        color_scheme=scheme_of(combination),
        reduced_motion="reduce",
    )


def scheme_of(combination: Combination) -> Literal["dark", "light"]:
    """The theme as the browser asks for it."""
    return "dark" if combination.scheme == "dark" else "light"


@pytest.fixture
def strict(page: Page) -> Iterator[Page]:
    """A page on which every complaint of the browser, and every request to elsewhere, is a failure."""
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda sent: complaints.append(sent.url) if "127.0.0.1" not in sent.url else None)
    yield page
    assert complaints == []
