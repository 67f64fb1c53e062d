"""`consent programs`: the pack for carriers' reviewers with pictures of the page, and the form for a company's site."""

import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from consent.cli import main
from consent.commands import screenshots
from consent.house import House
from consent.preferences.wordings import hash_text
from tests.support.valley import PUBLIC_URL, TEXTS, Tenant

SLUG = "valley-smart-homes"
Run = Callable[..., Result]


@pytest.fixture
def run(house: House, valley: Tenant, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, in the house of the test."""
    monkeypatch.setenv("CONSENT_DATA_DIR", str(house.config.data_dir))
    monkeypatch.setenv("CONSENT_DATABASE_URL", house.config.database_url)
    monkeypatch.setenv("CONSENT_PUBLIC_URL", house.config.public_url)
    return lambda *arguments: CliRunner().invoke(main, ["programs", *arguments])


def words_of(pdf: Path) -> str:
    """The words that the pages of a PDF show, by its own content streams."""
    shown = []
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf.read_bytes(), re.DOTALL):
        try:
            content = zlib.decompress(packed)
        except zlib.error:
            continue
        shown += re.findall(rb"\(((?:\\.|[^\\()])*)\) Tj", content)
    return re.sub(r"\\(.)", r"\1", b" ".join(shown).decode("cp1252"))


def wording(client: FlaskClient) -> str:
    """What stands beside the box on the page of the program."""
    page = client.get(f"/{SLUG}/programs/{TEXTS}").text
    found = re.search(r"<strong>Text messages\.</strong> <span>([^<]+)</span>", page)
    assert found is not None
    return found[1].replace("&amp;", "&").replace("&#39;", "'")


def test_the_pack_holds_what_reviewers_ask_for(run: Run, client: FlaskClient, tmp_path: Path) -> None:
    result = run("vetting-pack", SLUG, TEXTS, "--out", str(tmp_path / "out"), "--no-screenshots")
    assert result.exit_code == 0, result.output
    [file] = (tmp_path / "out").iterdir()
    assert file.read_bytes().startswith(b"%PDF-")
    said, shown = words_of(file), wording(client)
    assert "VSH-41" not in said  # it speaks of e-mail
    assert hash_text(shown) in said
    for one in (
        shown[:40],
        "Valley Smart Homes",
        f"{PUBLIC_URL}/{SLUG}/programs/{TEXTS}",
        f"{PUBLIC_URL}/{SLUG}/privacy",
        "Sample messages",
        "STOP",
        "HELP",
        "VSH-25",
    ):
        assert one in said, one


def test_without_a_browser_the_pdf_is_made_and_the_command_says_what_is_missing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screenshots, "browser", lambda: None)
    result = run("vetting-pack", SLUG, "--out", str(tmp_path))
    assert result.exit_code == 1
    assert "No pictures of the page" in result.output
    assert [one.suffix for one in tmp_path.glob(f"{SLUG}-*")] == [".pdf"]


def a_browser() -> str:
    """The one on the PATH, as for the tests of pages."""
    found = screenshots.browser()
    assert found, "Chromium is missing. On Debian: apt-get install chromium (make test does it for root)"
    return found


def test_the_pictures_are_as_wide_as_a_phone_and_a_desktop(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = a_browser()
    monkeypatch.setattr(screenshots, "browser", lambda: browser)
    result = run("vetting-pack", SLUG, TEXTS, "--out", str(tmp_path))
    assert result.exit_code == 0, result.output
    for name, (width, most) in screenshots.SIZES.items():
        picture = (tmp_path / f"{SLUG}-{TEXTS}-{name}.png").read_bytes()
        assert picture.startswith(b"\x89PNG\r\n\x1a\n")
        wide, high = struct.unpack(">II", picture[16:24])
        assert wide == width
        assert 600 < high <= most
    assert (tmp_path / f"{SLUG}-{TEXTS}.pdf").read_bytes().count(b"/Subtype /Image") >= 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("vetting-pack", "nobody", "--out", "x"), "consent organizations list"),
        (("vetting-pack", SLUG, "nothing", "--out", "x"), "There is no program of this name; there are: "),
        (("vetting-pack", SLUG, TEXTS, "--out", "x", "--language", "de", "--no-screenshots"), "those are: en, fr, es"),
        (("snippet", SLUG, "\u202enothing"), "There is no program of this name"),
    ],
)
def test_bad_input_ends_with_a_sentence(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output
    assert list(tmp_path.rglob("*.pdf")) == []


def test_the_snippet_is_a_plain_form_that_leads_to_the_page(run: Run, client: FlaskClient) -> None:
    html = run("snippet", SLUG, TEXTS, "--language", "fr").output
    assert 'method="get"' in html
    assert not re.search(r"<script|<iframe|<img|style=|on[a-z]+=|type=\"(?!hidden)", html)
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', html))
    assert fields == {"program": TEXTS, "lang": "fr"}
    action = re.search(r'action="([^"]+)"', html)
    assert action is not None
    answer = client.get(action[1].removeprefix(PUBLIC_URL), query_string=fields, follow_redirects=True)
    assert answer.status_code == 200
    assert '<html lang="fr">' in answer.text
    assert f"/programs/{TEXTS}" in answer.request.path
