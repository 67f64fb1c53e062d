"""Pictures of the registered pages for people to look at: `python -m tests.browser.screenshots FOLDER [NAME …]`.

Each state on a phone and on a desk, by day and by night, as small PNG files of few colours. Names pick states;
`--chosen` makes those of docs/screenshots/, each for one reader.
"""

import shutil
import sys
import tempfile
from base64 import b64decode
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from consent.db import migrations
from tests.browser.checks import Watch
from tests.browser.conftest import new_context
from tests.browser.site import QUIET, serve
from tests.browser.states import Combination, Scene, State, states
from tests.browser.test_every_state import visit

LARGEST = 60_000  # bytes of a picture
TALLEST = 2400  # pixels; what stands below is left out
PHONE, DESK = 360, 1280
READERS = [Combination(width=width, scheme=scheme) for width in (PHONE, DESK) for scheme in ("light", "dark")]


# The pictures of docs/screenshots/: together every language, both widths and both schemes.
CHOSEN = {
    "getting-in": Combination("en", PHONE, "light"),
    "code-by-text": Combination("es", PHONE, "dark"),
    "preferences-by-link": Combination("en", PHONE, "light"),
    "preferences-with-texts": Combination("en", DESK, "light"),
    "preferences-of-1valet": Combination("en", DESK, "dark"),
    "preferences-of-smartt": Combination("es", DESK, "light"),
    "preferences-saved": Combination("es", PHONE, "light"),
    "preferences-stopped-by-link": Combination("fr", PHONE, "dark"),
    "preferences-number-gone": Combination("en", PHONE, "light"),
    "preferences-data-refused": Combination("en", PHONE, "dark"),
    "preferences-wrong-day": Combination("fr", DESK, "light"),
    "preferences-history-messages": Combination("en", PHONE, "light"),
    "link-of-a-message-old": Combination("en", PHONE, "light"),
    "link-of-a-message-of-another": Combination("fr", PHONE, "light"),
    "unsubscribe": Combination("en", PHONE, "light"),
    "unsubscribed": Combination("fr", DESK, "dark"),
    "program": Combination("en", DESK, "light"),
    "program-nothing-ticked": Combination("es", PHONE, "light"),
    "cookies-refused": Combination("en", PHONE, "dark"),
    "requests": Combination("en", DESK, "light"),
    "requests-received": Combination("fr", PHONE, "light"),
    "receipt": Combination("en", DESK, "light"),
    "check": Combination("es", DESK, "light"),
    "staff-revocations": Combination("en", DESK, "light"),
    "board-home": Combination("en", DESK, "light"),
    "board-home-empty": Combination("en", PHONE, "dark"),
    "desk-queue": Combination("en", DESK, "dark"),
    "desk-request": Combination("fr", PHONE, "light"),
    "desk-request-decided": Combination("en", DESK, "light"),
    "desk-request-by-hand": Combination("es", PHONE, "dark"),
    "board-people": Combination("en", PHONE, "light"),
    "board-person": Combination("en", DESK, "dark"),
    "board-audit": Combination("en", DESK, "light"),
    "staff-sign-in-empty": Combination("fr", PHONE, "light"),
    "requests-status-found": Combination("en", PHONE, "light"),
    "notices": Combination("es", PHONE, "dark"),
    "announced-notice": Combination("en", DESK, "light"),
    "announced-notice-people": Combination("fr", DESK, "dark"),
    "notice-letters": Combination("es", PHONE, "light"),
    "incidents": Combination("en", DESK, "dark"),
    "incident-telling": Combination("en", DESK, "light"),
    "incident-decision": Combination("fr", PHONE, "light"),
    "incident-closed": Combination("es", PHONE, "dark"),
    "retention": Combination("en", DESK, "light"),
    "retention-rules": Combination("es", DESK, "dark"),
    "retention-record": Combination("en", PHONE, "light"),
    "holds": Combination("fr", PHONE, "dark"),
    "carrier": Combination("en", DESK, "light"),
    "carrier-failure": Combination("en", PHONE, "light"),
    "carrier-letters": Combination("es", PHONE, "dark"),
    "carrier-year": Combination("en", DESK, "dark"),
}


def every(names: Sequence[str], language: str) -> list[tuple[State, Combination]]:
    """These states, or all that are worth a picture, each for four readers."""
    some = [one for one in states() if (one.name in names if names else one.picture)]
    return [(one, Combination(language, read.width, read.scheme)) for read in READERS for one in some]


def chosen() -> list[tuple[State, Combination]]:
    """The pictures of docs/screenshots/."""
    known = {one.name: one for one in states()}
    return [(known[name], read) for name, read in CHOSEN.items()]


def main(out: Path, pictures: Sequence[tuple[State, Combination]]) -> None:
    """The pictures stand in this folder, named state-language-width-scheme."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        migrations.upgrade(f"sqlite:///{folder}/consent.sqlite3")
        with serve(Path(folder)) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
            for state, read in pictures:
                context = new_context(browser, read)
                page = context.new_page()
                watch = Watch(page, site.address, scripts=read.scripts)
                visit(Scene(site, context, page, read.language), state, watch)
                take(page, out / f"{state.name}-{read.language}-{read.width}-{read.scheme}.png")
                context.close()
            browser.close()


def take(page: Page, file: Path) -> None:
    """The whole page in one small file, in as many colours as fit."""
    width, height = page.evaluate("() => [innerWidth, document.documentElement.scrollHeight]")
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, TALLEST), "scale": 1}
    session = page.context.new_cdp_session(page)
    wanted = {"format": "png", "captureBeyondViewport": True, "clip": clip}
    picture = Image.open(BytesIO(b64decode(session.send("Page.captureScreenshot", wanted)["data"]))).convert("RGB")
    for colours, tall in ((64, TALLEST), (32, TALLEST), (16, TALLEST), (16, 1600), (16, 1100)):
        kept, seen = BytesIO(), picture.crop((0, 0, width, min(picture.height, tall)))
        seen.quantize(colours, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
        if kept.tell() <= LARGEST:
            break
    file.write_bytes(kept.getvalue())


if __name__ == "__main__":
    options = [one for one in sys.argv[1:] if one.startswith("--")]
    arguments = [one for one in sys.argv[1:] if one not in options]
    if not arguments:
        sys.exit("usage: python -m tests.browser.screenshots FOLDER [STATE …] [--lang=fr] | --chosen FOLDER")
    spoken = next((one.removeprefix("--lang=") for one in options if one.startswith("--lang=")), "en")
    main(Path(arguments[0]), chosen() if "--chosen" in options else every(arguments[1:], spoken))
