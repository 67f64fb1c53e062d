"""Pictures of the registered pages for people to look at: `python -m tests.browser.screenshots FOLDER [NAME …]`.

Each state on a phone and on a desk, by day and by night, as small WebP files. Names pick states; docs/screenshots/
holds a chosen set.
"""

import shutil
import sys
import tempfile
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from consent.db import migrations
from tests.browser.checks import Watch
from tests.browser.conftest import new_context
from tests.browser.site import QUIET, serve
from tests.browser.states import Combination, Scene, states
from tests.browser.test_every_state import visit

LARGEST = 60_000  # bytes of a picture
TALLEST = 2400  # pixels; what stands below is left out
READERS = [Combination(width=width, scheme=scheme) for width in (360, 1280) for scheme in ("light", "dark")]


def main(out: Path, names: Sequence[str], language: str) -> None:
    """The pictures stand in this folder, named state-width-scheme."""
    out.mkdir(parents=True, exist_ok=True)
    chosen = [one for one in states() if (one.name in names if names else one.picture)]
    with tempfile.TemporaryDirectory() as folder:
        migrations.upgrade(f"sqlite:///{folder}/consent.sqlite3")
        with serve(Path(folder)) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
            for read in READERS:
                context = new_context(browser, Combination(language, read.width, read.scheme))
                for state in chosen:
                    context.clear_cookies()
                    page = context.new_page()
                    visit(Scene(site, context, page, language), state, Watch(page, site.address))
                    take(page, out / f"{state.name}-{read.width}-{read.scheme}.webp")
                    page.close()
            browser.close()


def take(page: Page, file: Path) -> None:
    """The whole page in one small file, at the best quality that fits."""
    width, height = page.evaluate("() => [innerWidth, document.documentElement.scrollHeight]")
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, TALLEST), "scale": 1}
    session = page.context.new_cdp_session(page)
    for quality in (85, 60, 35, 10):
        wanted = {"format": "webp", "quality": quality, "captureBeyondViewport": True, "clip": clip}
        picture = b64decode(session.send("Page.captureScreenshot", wanted)["data"])
        if len(picture) <= LARGEST:
            break
    file.write_bytes(picture)


if __name__ == "__main__":
    arguments = [one for one in sys.argv[1:] if not one.startswith("--lang=")]
    spoken = [one.removeprefix("--lang=") for one in sys.argv[1:] if one.startswith("--lang=")]
    if not arguments:
        sys.exit("usage: python -m tests.browser.screenshots FOLDER [STATE …] [--lang=fr]")
    main(Path(arguments[0]), arguments[1:], spoken[0] if spoken else "en")
