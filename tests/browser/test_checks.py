"""The checks can fail: each fault that they are there for is found on a page that has it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import checks
from tests.browser.conftest import new_context
from tests.browser.states import Combination, State

SOUND = '<html lang="en"><title>t</title><main id="main"><h1>One</h1><p>Words <a href="/x">link</a></p>{}</main>'
FAULTS = [
    ("<h1>Two</h1>", "there is not exactly one h1"),
    ("<h3>Deep</h3>", 'a heading skips a level: <h3> "Deep"'),
    ('<p style="width: 3000px">w</p>', "the page scrolls sideways"),
    ("<button>B</button>", '<button> "B" is'),
    ('<input id="a">', '<input> "a" has no label'),
    ('<label>L <input aria-describedby="b" name="n"></label>', '<input> "n" is described by "b"'),
    ('<p><a href="#none">to</a></p>', '<a> "to" leads nowhere'),
    (
        '<p class="summary"><a href="#a">No</a></p><label>L <input id="a"></label>',
        "the summary does not say which field it means",
    ),
    ('<a href="/y" tabindex="3">J</a>', '<a> "J" jumps the order'),
    ('<p class="screen">Lost</p><style>@media print {.screen {display: none}}</style>', 'paper loses "Lost"'),
    ("<style>a:focus-visible {outline: none}</style>", "one does not see that <a>"),
    ('<p><a href="/z">Z</a></p><style>main {display: flex; flex-direction: column-reverse}</style>', "stands above"),
    ('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">', "axe: image-alt"),
    ("<script>console.error('no')</script>", "the browser says: no"),
    ("<script>throw new Error('ow')</script>", "a script failed"),
    ('<img alt="" src="http://elsewhere.example/x.png">', "another host was asked"),
    (f"<p>{'x ' * 40000}</p>", "the page weighs"),
]


READ = Combination(width=320)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One page before which the faults are brought one after the other."""
    context = new_context(browser, READ)
    context.route("http://elsewhere.example/**", lambda route: route.abort())
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("fault", "sentence"), FAULTS)
def test_a_fault_is_found(page: Page, served: str, fault: str, sentence: str) -> None:
    body = SOUND.format(fault)
    page.route(f"{served}/", lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=body))
    watch = checks.Watch(page, served)
    page.goto(f"{served}/")
    wrong = checks.everything(page.context, page, watch, State("fault", "/"), READ)
    page.unroute_all()
    assert any(sentence in one for one in wrong), wrong


def test_a_reader_without_scripts_is_read_by_axe_and_nothing_of_the_page_runs(page: Page, served: str) -> None:
    ran = "<script>document.title = 'ran'</script><noscript><p>Without</p></noscript>"
    body = SOUND.format(ran + '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">')
    page.route(f"{served}/*", lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=body))
    watch = checks.Watch(page, served, scripts=False)
    for path in ("/", "/again"):  # and after axe was there
        page.goto(served + path)
        assert (page.title(), page.locator("noscript p").count()) == ("t", 1)
        wrong = checks.everything(page.context, page, watch, State("fault", path), READ)
        assert [one for one in wrong if one.startswith("axe")] == ["axe: image-alt: img"]
    page.unroute_all()
