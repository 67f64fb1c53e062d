"""What must be true of a page for whoever reads it; each check gives sentences about what is not."""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, CDPSession, Page, Request, Response

from tests.browser.states import Combination, State

LOOKS = (Path(__file__).parent / "looks.js").read_text(encoding="utf-8")
# WCAG 2.2 AA and axe's own best practices; the size of targets is not among its defaults.
AXE = "axe.run({resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})"
AXE_SAID = ".then(said => said.violations.map(one => `${one.id}: ${one.nodes.map(node => node.target).join(' | ')}`))"
PRESSES = 3  # by a real keyboard; from there the browser is asked to go on, which takes no time
HAS_FOCUS = (
    "() => { const one = document.activeElement; return one ? [...document.querySelectorAll('*')].indexOf(one) : -1; }"
)
FOCUS = (Path(__file__).parent / "focus.js").read_text(encoding="utf-8")
# The words of the content that are seen; what says of itself that it is not for paper does not count.
WORDS = """() => {
  const words = [], root = document.getElementById("main") || document.body;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!node.data.trim() || holder.closest(".no-print, button, script, style, select")) continue;
    const seen = holder.getClientRects().length && getComputedStyle(holder).visibility !== "hidden";
    if (seen) words.push(node.data.trim());
  }
  return words;
}"""


class Watch:
    """What the browser complains of and asks for, on one page that is used for many visits."""

    def __init__(self, page: Page, origin: str, *, scripts: bool = True) -> None:
        self._origin, self.complaints, self._asked, self.statuses = origin, list[str](), list[Request](), list[int]()
        # The debugger's switch, not the context's, which could not be turned for the checks that are scripts.
        self._debugger, self._scripts = page.context.new_cdp_session(page), scripts
        self._allow_scripts(scripts)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"a script failed: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def begin(self) -> None:
        """A new visit: nothing of an earlier one counts."""
        for kept in (self.complaints, self._asked, self.statuses):
            kept.clear()

    def arrive(self) -> None:
        """What was on the way to the page itself does not count towards its weight."""
        self._asked.clear()

    def _allow_scripts(self, run: bool) -> None:
        self._debugger.send("Emulation.setScriptExecutionDisabled", {"value": not run})

    @contextmanager
    def inspecting(self) -> Iterator[CDPSession]:
        """The debugger's session, in which scripts of ours run; those of the page are over or were never read."""
        self._allow_scripts(True)
        try:
            yield self._debugger
        finally:
            self._allow_scripts(self._scripts)

    def _console(self, said: Any) -> None:
        # A page that is about an error is fetched with its status, and Chromium says so.
        loading = said.text.startswith("Failed to load resource") and "/assets/" not in said.location.get("url", "")
        if said.type in ("error", "warning") and not loading:
            self.complaints.append(f"the browser says: {said.text}")

    def _response(self, answer: Response) -> None:
        if answer.request.is_navigation_request():
            self.statuses.append(answer.status)

    def _request(self, sent: Request) -> None:
        self._asked.append(sent)
        if not sent.url.startswith((self._origin, "data:", "blob:")):
            self.complaints.append(f"another host was asked: {sent.url}")

    def bytes(self, context: BrowserContext, page: Page) -> int:
        """Everything that the page needs, as if nothing were cached."""
        pages = [sent for sent in self._asked if sent.is_navigation_request()]
        assets = {sent.url for sent in self._asked if not sent.is_navigation_request()}
        answer = pages[-1].response() if pages else None
        whole = len(answer.body()) if answer is not None else len(page.content().encode())
        return whole + sum(_size(context, url) for url in assets if url.startswith(self._origin))


_SIZES: dict[str, int] = {}


def _size(context: BrowserContext, url: str) -> int:
    if url not in _SIZES:
        _SIZES[url] = len(context.request.get(url).body())
    return _SIZES[url]


def everything(context: BrowserContext, page: Page, watch: Watch, state: State, read: Combination) -> list[str]:
    """All that is wrong with this page for this reader; nothing, that is, if all is well."""
    wrong = list(page.evaluate(LOOKS, read.language))
    weight = watch.bytes(context, page)
    if weight > state.bytes:
        wrong.append(f"the page weighs {weight} bytes, with everything")
    wrong += axe(watch, page) + tabs(page) + on_paper(page)
    return wrong + watch.complaints


def axe(watch: Watch, page: Page) -> list[str]:
    """What axe finds. It goes in by the debugger, past the page's policy, which stays in force for the page."""
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
    with watch.inspecting() as session:
        _run(session, f"{_axe_script()};0")
        found: list[str] = _run(session, AXE + AXE_SAID)
    return [f"axe: {said}" for said in found]


@cache
def _axe_script() -> str:
    return re.sub(r"//# sourceMappingURL=.*", "", Axe().axe_script)


def _run(session: CDPSession, script: str) -> Any:
    said = session.send("Runtime.evaluate", {"expression": script, "awaitPromise": True, "returnByValue": True})
    assert "exceptionDetails" not in said, said["exceptionDetails"]
    return said["result"].get("value")


def tabs(page: Page) -> list[str]:
    """By the Tab key everything is reached in the order in which it is read, and one sees where one is."""
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    reached = [-1]
    for _ in range(PRESSES):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(HAS_FOCUS))
    backwards = [after for before, after in itertools.pairwise(reached) if after <= before]
    wrong = ["the Tab key does not go on"] if backwards else []
    return wrong + list(page.evaluate(FOCUS))


def on_paper(page: Page) -> list[str]:
    """What is read on the screen is read on paper."""
    shown = page.evaluate(WORDS)
    page.emulate_media(media="print")
    printed = page.evaluate(WORDS)
    page.emulate_media(media="screen")
    return [f'paper loses "{text[:40]}"' for text in shown if text not in printed][:3]
