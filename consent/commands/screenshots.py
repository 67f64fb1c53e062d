"""Pictures of a page by the browser of this machine, served for that long to this machine alone."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SIZES = {"phone": (500, 3200), "desktop": (1280, 2600)}  # no narrower window has a browser without a screen
PATIENCE = 60  # seconds for one picture


def browser() -> str | None:
    """The first browser on the PATH that takes pictures of pages."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address, on this machine alone, at which the pages are until the end of the block."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def take(program: str, address: str, size: tuple[int, int], target: Path) -> bool:
    """The picture lies there, without the empty part below the page; False where the browser made none."""
    with tempfile.TemporaryDirectory(prefix="consent-") as profile:
        try:
            # The program is one of BROWSERS, and the address one of our own.
            subprocess.run(  # noqa: S603
                _call(program, address, size, target, profile), check=False, timeout=PATIENCE, capture_output=True
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
    if not target.is_file():
        return False
    _crop(target)
    return True


def _call(program: str, address: str, size: tuple[int, int], target: Path, profile: str) -> Sequence[str]:
    width, height = size
    # Root may not use the browser's sandbox; the one page it sees then is ours.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return [
        program,
        "--headless",
        *sandbox,
        "--disable-gpu",
        "--hide-scrollbars",
        "--no-first-run",
        f"--user-data-dir={profile}",
        f"--window-size={width},{height}",
        f"--screenshot={target}",
        address,
    ]


def _crop(target: Path) -> None:
    from PIL import Image, ImageChops

    with Image.open(target) as picture:
        plain = picture.convert("RGB")
    ground = Image.new("RGB", plain.size, plain.getpixel((0, plain.height - 1)))
    box = ImageChops.difference(plain, ground).getbbox()
    if box is not None:
        plain.crop((0, 0, plain.width, min(box[3] + 24, plain.height))).save(target)


class _Quiet(WSGIRequestHandler):
    """The structured log says what was asked for."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing is printed."""
