"""The developers' outbox shows what the console gateway wrote, as text."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consent.gateways.email.base import Attachment, Mail, Sender
from consent.gateways.email.composing import compose
from consent.gateways.email.file import File
from consent.outbox import pages
from consent.web import headers, layout, problems


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "dev-outbox.jsonl"


@pytest.fixture
def developer(file: Path) -> FlaskClient:
    site = Flask("x", static_folder=None)
    for part in (layout, problems):
        part.init_app(site)
    headers.init_app(site, production=False)
    site.register_blueprint(pages.blueprint(file.parent))
    return site.test_client()


def write(file: Path, *texts: str) -> None:
    with file.open("a") as lines:
        for text in texts:
            message = {"at": "2026-11-21T09:00:00+00:00", "sender": "+15095550100", "recipient": "+15095550142"}
            lines.write(json.dumps(message | {"text": text}) + "\n")


def test_an_empty_outbox_says_what_to_try(developer: FlaskClient) -> None:
    answer = developer.get("/dev/outbox")
    assert answer.status_code == 200
    assert "consent sms simulate" in answer.text


def test_the_newest_message_stands_first_and_all_is_text(developer: FlaskClient, file: Path) -> None:
    write(file, "older text", "<script>alert(1)</script> 👍")
    page = developer.get("/dev/outbox").text
    assert page.index("👍") < page.index("older text")
    assert "<script" not in page
    assert "+15095550142" in page


def test_no_cache_keeps_the_page(developer: FlaskClient) -> None:
    assert developer.get("/dev/outbox").headers["Cache-Control"] == "no-store"


def test_a_torn_line_is_left_out(developer: FlaskClient, file: Path) -> None:
    write(file, "whole")
    with file.open("a") as lines:
        lines.write('{"text": "to')
    page = developer.get("/dev/outbox")
    assert page.status_code == 200
    assert "whole" in page.text


def test_a_mail_is_shown_with_its_links_and_its_html_as_text(developer: FlaskClient, file: Path) -> None:
    text = "Press https://consent.example/x/enter/token now"
    html = "<p><script>alert(1)</script>Press</p>"
    made = Mail("A subject <b>", text, html, (Attachment("receipt.json", "application/json", b"{}"),))
    sender = Sender("news@valley.example")
    way = File({"from_address": sender.address, "from_name": "", "path": str(file.parent / pages.MAILS)})
    way.send(compose(made, sender, "ana@example.com", "a" * 52, datetime(2026, 11, 21, 9, 0, tzinfo=UTC)))
    write(file, "a text")
    page = developer.get("/dev/outbox").text
    assert 'href="https://consent.example/x/enter/token"' in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "A subject &lt;b&gt;" in page
    assert "receipt.json" in page
    assert "a text" in page
