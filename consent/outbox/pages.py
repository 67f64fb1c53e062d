"""A door for developers alone: what the console gateway would have sent. The wiring leaves it out in production."""

from pathlib import Path

from flask import Blueprint, render_template

from consent.gateways.sms.console import recent

MOST = 100


def blueprint(path: Path) -> Blueprint:
    """/dev/outbox shows the newest messages of the file the console gateway writes."""
    pages = Blueprint("outbox", __name__, template_folder="templates")

    @pages.get("/dev/outbox")
    def sent() -> str:
        return render_template("outbox/sent.html", messages=recent(path, MOST), most=MOST)

    return pages
