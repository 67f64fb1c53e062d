"""A door for developers alone: what would have been sent. The wiring leaves it out in production."""

from pathlib import Path
from typing import Any

from flask import Blueprint, render_template

from consent.gateways.email import file
from consent.gateways.sms import console

MOST = 100
TEXTS, MAILS = "dev-outbox.jsonl", "dev-mails.jsonl"  # what the demo's gateways write, in the data folder


def blueprint(folder: Path) -> Blueprint:
    """/dev/outbox shows the newest texts and mails of the files which the gateways for development write."""
    pages = Blueprint("outbox", __name__, template_folder="templates")

    @pages.get("/dev/outbox")
    def sent() -> str:
        found: list[dict[str, Any]] = [*console.recent(folder / TEXTS, MOST), *file.recent(folder / MAILS, MOST)]
        newest = sorted(found, key=lambda one: str(one.get("at", "")), reverse=True)[:MOST]
        return render_template("outbox/sent.html", messages=newest, most=MOST)

    return pages
