"""The common frame: one stylesheet, kept long by browsers; templates that escape everything."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from jinja2 import UndefinedError

import consent
from consent.web import layout, security_txt

PACKAGE = Path(consent.__file__).parent
TEMPLATES = sorted(PACKAGE.rglob("*.html"))
# Classes without a look of their own: they name a part for scripts, for print or for tests.
NAMES_OF_PARTS = {
    "bad", "desk-filters", "desk-queue", "field-mark", "good", "keys", "of", "policy", "qr", "row", "stands", "traced",
    "why",
}  # fmt: skip


def test_the_stylesheet_is_linked_by_its_content_and_kept_for_a_year(browser: FlaskClient) -> None:
    page = browser.get("/problems/not-found").text
    found = re.search(r'href="(/assets/consent\.css\?v=[0-9a-f]{12})"', page)
    assert found is not None
    with browser.get(found[1]) as style:
        assert style.status_code == 200
        assert "max-age=31536000" in style.headers["Cache-Control"]
        assert "immutable" in style.headers["Cache-Control"]


def test_only_files_of_ours_are_served(browser: FlaskClient) -> None:
    for name in ("nothing.css", "..%2f__init__.py", "%2e%2e/api.py", ".", "x" * 300, "x%00.css"):
        assert browser.get(f"/assets/{name}").status_code == 404


def test_a_name_a_view_forgot_is_an_error(site: Flask) -> None:
    with site.test_request_context(), pytest.raises(UndefinedError):
        render_template_string("{{ forgotten }}")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_escape_everything_and_hold_no_inline_style_or_handler(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\|\s*safe\b|autoescape\s+false|Markup", text)
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", text)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "csp_nonce()" in script


def test_only_cleaned_wording_and_what_our_templates_made_is_marked_as_safe() -> None:
    marked = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if "Markup(" in path.read_text()}
    # Cleaned wording; a rendered part of a page, whose values are escaped; our messages, as Jinja itself marks them.
    assert marked == {"web/markdown.py", "web/drawn.py", "web/i18n.py"}


def test_no_code_of_ours_evaluates_unpickles_or_calls_a_shell() -> None:
    forbidden = re.compile(r"(?<![\w.])(eval|exec)\(|\bpickle\b|yaml\.load|shell=True|os\.system")
    for path in PACKAGE.rglob("*.py"):
        assert not forbidden.search(path.read_text()), path


@pytest.mark.parametrize("path", ["/problems/", "/problems/not-found", "/nothing"])
def test_a_page_names_its_language_title_and_main_part(browser: FlaskClient, path: str) -> None:
    page = browser.get(path).text
    assert '<html lang="en">' in page
    assert re.search(r"<title>[^<]+</title>", page)
    assert page.count("<h1>") == 1
    assert 'href="#main"' in page
    assert 'id="main"' in page


def test_an_error_page_shows_outside_text_as_text(browser: FlaskClient) -> None:
    assert "<script>" not in browser.get("/<script>alert(1)</script>").text


def test_security_txt_names_the_contact_and_does_not_run_out() -> None:
    site = Flask("x", static_folder=None)
    site.register_blueprint(security_txt.blueprint("mailto:security@consent.example", "https://consent.example"))
    with time_machine.travel(datetime(2026, 11, 21, 9, tzinfo=UTC), tick=False):
        answer = site.test_client().get("/.well-known/security.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text.splitlines() == [
        "Contact: mailto:security@consent.example",
        "Expires: 2027-05-20T00:00:00Z",
        "Preferred-Languages: en",
        "Canonical: https://consent.example/.well-known/security.txt",
    ]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_what_a_page_wants_to_look_like_stands_in_the_stylesheet(template: Path) -> None:
    """A class that nothing knows leaves on the page what was to be unseen."""
    styles = "".join(one.read_text("utf-8") for one in PACKAGE.rglob("*.css"))
    known = set(re.findall(r"\.([A-Za-z][\w-]*)", styles)) | NAMES_OF_PARTS
    said = re.sub(r"\{%.*?%\}", " ", template.read_text("utf-8"), flags=re.DOTALL)
    assert {one for named in re.findall(r'class="([^"{]*)"', said) for one in named.split()} <= known


def test_assets_change_their_address_with_their_content() -> None:
    assert layout.asset("consent.css") != layout.asset("icon.svg")
