"""Public pages in English, French and Spanish: which language, whole and natural, and nothing of it for programs."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask, render_template
from flask.testing import FlaskClient
from markupsafe import Markup

import consent
from consent.web import i18n
from consent.web.problem_types import TYPES

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(consent.__file__).parent
TRANSLATED = [one for one in i18n.LANGUAGES if one != i18n.ENGLISH]


@cache  # reading one takes a second
def catalogue(language: str, ending: str = "po") -> Catalog:
    file = i18n.TRANSLATIONS / language / "LC_MESSAGES" / f"messages.{ending}"
    with file.open("rb") as opened:
        return read_po(opened, locale=language) if ending == "po" else read_mo(opened)


def said_in(language: str) -> Iterator[tuple[str, str]]:
    """Each English message beside what the language says."""
    for message in catalogue(language):
        if message.id:
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            said = [message.string] if isinstance(message.string, str) else list(message.string)
            yield from zip([ids[0], *[ids[-1]] * (len(said) - 1)], said, strict=True)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> set[str | tuple[str, ...]]:
    """Every message of the code and the templates."""
    pot = tmp_path_factory.mktemp("messages") / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "pyproject.toml", "-o", str(pot)]
    subprocess.run([*command, "."], cwd=ROOT, check=True)
    with pot.open("rb") as opened:
        return {message.id for message in read_po(opened) if message.id}  # type: ignore[misc]


# A count before what is counted. One mail is told apart by a message of its own, others are never of one.
COUNTED = re.compile(
    r"%\([a-z_]+\)s (?:more )?"
    r"(?:people|persons|records?|letters|mails|things|histories|requests|clauses|entries|times|lines)\b"
)
NEVER_ONE = {"%(organization)s: %(count)s requests need you"}


def test_what_is_counted_has_a_form_for_one(extracted: set[str | tuple[str, ...]]) -> None:
    single = {one for one in extracted if isinstance(one, str)}
    assert {one for one in single if COUNTED.search(one)} == NEVER_ONE


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_holds_every_message_and_no_other(language: str, extracted: set[str | tuple[str, ...]]) -> None:
    assert len(extracted) > 150
    held = {message.id for message in catalogue(language) if message.id}
    assert not extracted - held, "missing: run make messages, then translate"
    assert not held - extracted, "no longer said anywhere: run make messages"
    assert not catalogue(language).obsolete


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_is_fuzzy_empty_or_breaks_its_names_and_tags(language: str) -> None:
    names, tags = re.compile(r"%\(\w+\)s"), re.compile(r"</?\w+[^>]*>")
    assert not [message.id for message in catalogue(language) if message.id and message.fuzzy]
    for english, said in said_in(language):
        assert said.strip(), english
        assert sorted(names.findall(said)) == sorted(names.findall(english))
        assert sorted(tags.findall(said)) == sorted(tags.findall(english))
        assert not re.search(r"%(?!\()", said)


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    def said(ending: str) -> set[tuple[tuple[str, ...], tuple[str, ...]]]:
        return {(tuple(one.id), tuple(one.string)) for one in catalogue(language, ending) if one.id}

    assert said("mo") == said("po"), "run make messages"


def test_french_has_its_apostrophes_and_spaces() -> None:
    for _english, said in said_in("fr"):
        prose = re.sub(r"<[^>]*>|%\(\w+\)s|Authorization: |Content-Type: |--\w+", "", said)
        assert "'" not in prose, said
        assert not re.search(r"(?<!\u00a0)[:;?!»](?!\w)|«(?!\u00a0)", prose), said


def test_spanish_opens_its_questions_and_has_no_straight_quotes() -> None:
    for _english, said in said_in("es"):
        prose = re.sub(r"<code>.*?</code>|<[^>]*>", "", said)
        assert prose.count("¿") == prose.count("?")
        assert prose.count("¡") == prose.count("!")
        assert not re.search("['\"\u201c]", prose), said
        assert not re.search(r"\b(tú|tu|tus|vosotros|vuestr\w+)\b", prose, re.IGNORECASE), said


@pytest.mark.parametrize(
    ("address", "accepted", "language"),
    [
        ("/problems/", None, "en"),
        ("/problems/", "fr", "fr"),
        ("/problems/", "fr-CA,fr;q=0.9,en;q=0.5", "fr"),
        ("/problems/", "es-MX", "es"),
        ("/problems/", "de,es;q=0.4,en;q=0.2", "es"),
        ("/problems/", "de", "en"),
        ("/problems/", "*", "en"),
        ("/problems/", "fr;q=0,es;q=0.1", "es"),
        ("/problems/", "\x7f,;q=", "en"),
        ("/problems/?lang=es", "fr", "es"),
        ("/problems/?lang=en", "fr", "en"),
        ("/problems/?lang=xx", "fr", "fr"),
        ("/problems/?lang=../../etc", None, "en"),
        ("/nothing?lang=fr", None, "fr"),
    ],
)
def test_the_address_says_the_language_else_the_browser(
    browser: FlaskClient, address: str, accepted: str | None, language: str
) -> None:
    answer = browser.get(address, headers={"Accept-Language": accepted} if accepted else {})
    assert re.findall(r'<html lang="(\w+)">', answer.text) == [language]
    assert "Accept-Language" in answer.headers["Vary"]
    assert re.findall(r'<strong aria-current="true" lang="(\w+)">', answer.text) == [language]


def test_the_switch_leads_to_this_page_in_each_language_and_nowhere_else(browser: FlaskClient) -> None:
    page = browser.get("/problems/?lang=fr&x=%22%3E%3Cb%3E&x=2").text
    assert 'href="?x=%22%3E%3Cb%3E&amp;x=2&amp;lang=es"' in page
    assert page.count("hreflang=") == len(i18n.LANGUAGES) - 1
    assert 'href="?lang=es"' in browser.get("/elsewhere.example/?lang=fr").text


def test_links_keep_the_language_that_was_chosen(browser: FlaskClient) -> None:
    chosen = browser.get("/problems/?lang=fr").text
    assert 'href="/problems/not-found?lang=fr"' in chosen
    assert 'href="/?lang=fr"' in chosen
    assert "lang=fr" not in browser.get("/problems/", headers={"Accept-Language": "fr"}).text.replace(
        'href="?lang=fr"', ""
    )


def test_a_link_keeps_its_question_and_its_place(site: Flask) -> None:
    with site.test_request_context("/?lang=es"):
        assert i18n.to("/a") == "/a?lang=es"
        assert i18n.to("/a?b=c#d") == "/a?b=c&lang=es#d"
        assert i18n.to("/a", "fr") == "/a?lang=fr"


@pytest.mark.parametrize(
    ("language", "first", "second", "figure"),
    [
        ("en", "June 1, 2026", "June 2, 2026", "12,345"),
        ("fr", "1er juin 2026", "2 juin 2026", "12\u202f345"),
        ("es", "1 de junio de 2026", "2 de junio de 2026", "12.345"),
    ],
)
def test_days_and_figures_are_written_as_the_language_does(
    site: Flask, language: str, first: str, second: str, figure: str
) -> None:
    with site.test_request_context(f"/?lang={language}"):
        assert i18n.in_words(date(2026, 6, 1)) == first
        assert i18n.in_words(date(2026, 6, 2)) == second
        assert i18n.in_digits(12345) == figure


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("slug", TYPES)
def test_each_problem_type_is_explained_in_each_language(browser: FlaskClient, slug: str, language: str) -> None:
    page = browser.get(f"/problems/{slug}?lang={language}").text
    for english in (TYPES[slug].title, TYPES[slug].meaning, TYPES[slug].remedy):
        assert str(Markup.escape(english)) not in page
    assert 'lang="en">' not in page.split("<main")[1].split("<footer>")[0]


def test_error_pages_speak_the_language_of_the_reader(site: Flask) -> None:
    browser = site.test_client()
    french = {"Accept-Language": "fr"}
    missing = browser.get("/nothing", headers=french)
    assert (missing.status_code, "Il n’y a rien ici" in missing.text) == (404, True)
    refused = browser.post("/problems/", headers=french)
    assert (refused.status_code, "Cette adresse n’accepte pas cette méthode" in refused.text) == (405, True)
    assert 'class="languages"' not in refused.text  # another language would be another request
    broken = browser.get("/pages/broken", headers=french)
    assert (broken.status_code, "Un problème est survenu de notre côté" in broken.text) == (500, True)
    assert "Vary" in broken.headers


@pytest.mark.parametrize("slug", TYPES)
def test_a_refusal_of_any_kind_has_its_page_in_french(site: Flask, slug: str) -> None:
    kind = TYPES[slug]
    said = {"title": kind.title, "detail": "Words <b> that exist in English only.", "status": 4, "request_id": "r"}
    with site.test_request_context("/x?lang=fr"):
        page = render_template("web/problem.html", kind=kind, problem=said, members={})
        assert str(Markup.escape(i18n.gettext(kind.meaning))) in page
    assert '<p class="quiet" lang="en">Words &lt;b&gt; that exist in English only.</p>' in page


def test_the_api_speaks_english_whatever_the_browser_says(browser: FlaskClient) -> None:
    answer = browser.get("/api/v1/nothing", headers={"Accept-Language": "fr"})
    assert answer.json is not None
    assert answer.json["title"] == TYPES["not-found"].title
    assert "Vary" not in answer.headers


def test_programs_load_no_translations() -> None:
    """A process that answers programs holds neither Babel nor the data of any language."""
    code = """
import sys
import consent.serving
from tests.web.conftest import make_site
browser = make_site().test_client()
head = {"Authorization": "Bearer things:write", "Accept-Language": "fr"}
assert browser.post("/api/v1/things", json={"number": 1}, headers=head).status_code == 201
assert browser.post("/webhooks/sms/x", headers=head).status_code == 403
assert browser.get("/api/nothing", headers=head).status_code == 404
print("babel" in sys.modules, "flask_babel" in sys.modules)
browser.get("/problems/")
print("flask_babel" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["False", "False", "True"]


def test_templates_translate_literals_only() -> None:
    """`_()` marks what it returns as safe: text from elsewhere goes through `translated`, which does not."""
    for template in PACKAGE.rglob("*.html"):
        text = template.read_text()
        for called in re.findall(r"\b(?:_|n?gettext)\((.)", text):
            assert called == '"', template


def test_templates_say_nothing_untranslated() -> None:
    """What stands between two tags outside of braces is our name, that of a format, or a mark."""
    for template in PACKAGE.rglob("*.html"):
        if template.name in ("api_docs.html", "words.html", "forms.html"):  # the reference is in English; macros
            continue
        text = re.sub(
            r"{% block (?:width|audience) %}.*?endblock %}|{% trans.*?endtrans %}|<script.*?</script>",
            "",
            template.read_text(),
            flags=re.DOTALL,
        )
        text = re.sub(
            r'{#.*?#}|{%.*?%}|{{(?:"[^"]*"|[^"])*?}}|<[^<>]*>', "|", re.sub(r"=\"[^\"{]*\"", "", text), flags=re.DOTALL
        )
        left = set(re.findall(r"[A-Za-z]{2,}", text))
        assert left <= {"Consent", "CSV", "NDJSON", "UTC"}, f"{template.name}: {sorted(left)}"
