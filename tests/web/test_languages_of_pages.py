"""Every page of the whole house in each language: nothing of ours is left in English without saying so."""

import re
from datetime import UTC, date, datetime
from functools import cache
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from babel.messages.pofile import read_po
from flask import Flask, render_template
from flask.testing import FlaskClient

from consent.policies import queries
from consent.policies.diff import Change, Difference, Rewording
from consent.policies.models import Status
from consent.policies.pages import Shown
from consent.web import i18n

PAGES = [
    "/",
    "/valley-smart-homes",
    "/valley-smart-homes/cookies",
    "/valley-smart-homes/nothing/at/all",
    "/valley-smart-homes/privacy",
    "/valley-smart-homes/privacy/2025-01-02",
    "/valley-smart-homes/privacy/2025-01-02/changes",
    "/valley-smart-homes/privacy/trace",
    "/valley-smart-homes/privacy/1999",
    "/problems/",
    "/problems/too-large",
    "/dev/outbox",
    "/staff/sign-in",
    "/nobody/privacy",
    "/assets/nothing.css",
]
FRENCH = "# Confidentialité\n\n## Ce que nous gardons\n\nPeu de choses.\n"
VOID = {"meta", "link", "input", "br", "hr", "img"}


class Reader(HTMLParser):
    """The text of a page and of its labels that is said to be in the language of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.languages: list[str | None] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            mine = given.get("lang") or ("code" if tag == "code" else None)
            self.languages.append(mine or (self.languages[-1] if self.languages else None))
        self.said += [given[name] or "" for name in ("aria-label", "title") if name in given]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.languages.pop()

    def handle_data(self, data: str) -> None:
        if self.languages and self.languages[-1] == self.languages[0]:
            self.said.append(" ".join(data.split()))


def read(page: str) -> list[str]:
    reader = Reader()
    reader.feed(page)
    assert not reader.languages, "a tag is left open"
    return reader.said


@cache
def translated_into(language: str) -> frozenset[str]:
    """Every message of ours that reads otherwise in this language."""
    with (i18n.TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as opened:
        messages = list(read_po(opened))
    return frozenset(one.id for one in messages if isinstance(one.id, str) and one.id and one.id != one.string)


def left_in_english(page: str, language: str) -> list[str]:
    """Messages of ours that the page shows to readers of `language` as if they were in it."""
    known = translated_into(language)
    return [words for words in read(page) if words in known]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_whole_in_each_language(client: FlaskClient, address: str, language: str) -> None:
    answer = client.get(f"{address}?lang={language}")
    assert f'<html lang="{language}">' in answer.text
    assert "Accept-Language" in answer.headers["Vary"]
    assert 'class="languages"' in answer.text
    assert read(answer.text)
    if language != "en":
        assert not left_in_english(answer.text, language)


def test_every_link_between_pages_keeps_the_language(client: FlaskClient) -> None:
    for address in PAGES:
        page = client.get(f"{address}?lang=fr").text
        for link in (part.split('"')[0] for part in page.split(' href="')[1:]):
            files = link.startswith(("/assets/", "/api/", "/.well-known/")) or "?v=" in link
            inside = link.startswith("/") and not files
            assert not inside or "lang=" in link, f"{address}: {link}"


def test_sentences_in_english_are_marked_and_announced(client: FlaskClient) -> None:
    page = client.get("/valley-smart-homes/privacy?lang=es").text
    assert "Las frases que figuran bajo «Qué significa aquí» están en inglés." in page
    assert '<article class="policy" lang="en">' in page
    assert '<li id="VSH-01"><span lang="en">' in page
    assert ' lang="en"' not in client.get("/valley-smart-homes/privacy").text.split("<footer>")[0].split("<body")[1]


@pytest.fixture
def translated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Valley's policy in French, too."""
    monkeypatch.setattr(queries, "translations", lambda *_asked: {"fr": FRENCH})


@pytest.mark.parametrize(
    ("asked", "accepted", "french"),
    [("", None, False), ("", "fr-CA", True), ("?lang=fr", None, True), ("?lang=en", "fr", False), ("", "es", False)],
)
@pytest.mark.usefixtures("translated")
def test_a_reader_gets_the_wording_in_the_language_of_the_page(
    client: FlaskClient, asked: str, accepted: str | None, french: bool
) -> None:
    head = {"Accept-Language": accepted} if accepted else {}
    page = client.get(f"/valley-smart-homes/privacy{asked}", headers=head).text
    assert ("Peu de choses." in page) is french
    assert ("fait foi" in page) is french


@pytest.mark.usefixtures("translated")
def test_a_translation_leads_to_the_wording_that_binds(client: FlaskClient) -> None:
    page = client.get("/valley-smart-homes/privacy?lang=fr").text
    [address] = re.findall(r'href="([^"]+)">le texte anglais<', page)
    assert "Peu de choses." not in client.get(address.replace("&amp;", "&"), headers={"Accept-Language": "fr"}).text


def shown(version: str, day: date, status: Status) -> Shown:
    return Shown("privacy-policy", version, "Privacy Policy", status, day, "0" * 64)


@pytest.mark.parametrize("language", ["fr", "es"])
@pytest.mark.parametrize("material", [True, False])
def test_a_change_is_told_in_the_language_of_the_reader(app: Flask, language: str, material: bool) -> None:
    old = shown("1", date(2026, 1, 1), Status.SUPERSEDED)
    new = shown("2", date(2026, 6, 2), Status.ANNOUNCED)
    given: dict[str, Any] = {
        "organization": SimpleNamespace(slug="acme", name="Acme"),
        "shown": new,
        "earlier": old,
        "difference": Difference(
            "1",
            "2",
            (Change("parameter", "AC-01", "retention-limit", "for", "P1Y", "P2Y"),),
            (Rewording("Keeping", "added", (("new", "For two years."),)),),
        ),
        "change": SimpleNamespace(material=material, reason="We keep longer."),
        "versions": [new, old],
        "others": [],
    }
    with app.test_request_context(f"/?lang={language}"):
        page = render_template("policies/changes.html", **given)
        first = render_template("policies/changes.html", **given | {"earlier": None})
        same = render_template("policies/changes.html", **given | {"difference": None})
    for one in (page, first, same):
        assert not left_in_english(one, language)
    for english in ("We keep longer.", "For two years.", "AC-01: for changed from P1Y to P2Y"):
        assert english in page
        assert english not in read(page)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("language", ["fr", "es"])
def test_a_version_says_its_place_in_time_in_the_language_of_the_reader(
    app: Flask, language: str, status: Status
) -> None:
    mine, current = shown("2", date(2026, 6, 1), status), shown("1", date(2026, 1, 1), Status.IN_FORCE)
    wording = SimpleNamespace(title=None, headings=(), notice=None, sections=())
    with app.test_request_context(f"/?lang={language}"):
        page = render_template(
            "policies/version.html",
            organization=SimpleNamespace(slug="acme", name="Acme"),
            shown=mine,
            wording=wording,
            meanings=[],
            language=None,
            languages=[],
            names=i18n.LANGUAGES,
            versions=[mine, current],
            others=[current],
            current=current,
            before=current,
            statements=(),
            Status=Status,
        )
    assert not left_in_english(page, language)
    assert ("1er juin 2026" if language == "fr" else "1 de junio de 2026") in page


def test_texts_that_would_have_been_sent_are_listed_in_french(app: Flask) -> None:
    sent = {"recipient": "+15095550142", "sender": "+15095550100", "text": "Hello", "at": str(datetime.now(UTC))}
    with app.test_request_context("/?lang=fr"):
        page = render_template("outbox/sent.html", messages=[sent], most=1)
    assert "À +15095550142" in page
    assert "au maximum" in page
    assert not left_in_english(page, "fr")
