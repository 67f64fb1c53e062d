"""Registers and pages of recipients say the codes of the packs in words, in each language of the pages."""

from html.parser import HTMLParser

import pytest
from flask import Flask

from consent.dashboard import words
from consent.dashboard.safeguards import register as safeguards
from consent.house import House
from consent.policies import codes as spoken
from consent.policies.packs import load_organization, load_versions
from consent.policies.rulebook import Rulebook, compile_rulebook
from consent.policies.version import Commitment
from consent.web.i18n import LANGUAGES
from tests.disclosures.test_api import told
from tests.policies.house import NOW, POLICIES
from tests.support import staff
from tests.support.organizations import FIVE, VALLEY, found_shipped
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import Tenant

PAGES = ("/staff/scope", "/staff/recordings", "/staff/safeguards", "/staff/customers")
# The same word in two languages, said deliberately.
SHARED = {"Services", "Support"}


class Seen(HTMLParser):
    """The texts of a page, each as it stands between two tags; what it quotes, and what nobody reads, is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("input", "meta", "link", "br", "img", "hr"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split()).rstrip(".")
        if text and self.reads(set(self._open)):
            self.texts.add(text)

    def reads(self, tags: set[str]) -> bool:
        """Is what stands within these tags read?"""
        return not {"script", "style", "q"} & tags


class Told(Seen):
    """What a page tells in its lists of facts and its tables; sentences of clauses and headings are left out."""

    def reads(self, tags: set[str]) -> bool:
        return bool({"dd", "td"} & tags)


def rulebook_of(slug: str) -> Rulebook:
    """What the shipped pack promises."""
    return compile_rulebook(load_organization(POLICIES / slug), load_versions(POLICIES / slug), (), NOW)


def codes(rulebook: Rulebook) -> dict[str, set[str]]:
    """The codes of the pack that these pages speak of, by the table that has the words."""
    reaches, roles = rulebook.scope.reaches(), rulebook.roles.every()
    areas = {area.place for one in reaches for area in one.areas}
    return {
        "PLACES": areas | {one.service for one in roles},
        "PERSONS": {key for one in reaches for key in one.persons} | {one.decides for one in roles if one.decides},
        "RECORDED_FOR": {key for one in rulebook.recording.lines.values() for key in one.purposes},
        "MEASURES": {one.value.split(":")[1] for one in safeguards.places(rulebook, NOW)},
    }


@pytest.mark.parametrize("slug", FIVE)
def test_each_code_of_the_five_packs_has_words(slug: str) -> None:
    for table, some in codes(rulebook_of(slug)).items():
        assert {one for one in some if "." not in one} <= getattr(words, table).keys(), table


@pytest.mark.parametrize("slug", FIVE)
def test_no_code_stands_bare_on_a_register_in_any_language(
    slug: str, house: House, valley: Tenant, app: Flask, time: Time
) -> None:
    rulebook = rulebook_of(slug)
    tenant = valley if slug == VALLEY else found_shipped(house, slug, time.now())
    client = staff.member(house, tenant.id, time.now()).client(app)
    pack, of_pages = rulebook.organization, codes(rulebook)
    named = (*pack.programs, *pack.features, *pack.data_categories)
    bare = set().union(*of_pages.values())
    bare |= {one.key for one in named} | {one.policy for one in rulebook.scope.beside()}
    names = {one.name_in(language) for one in named for language in LANGUAGES}
    said = {one: getattr(words, table)[one] for table in of_pages for one in of_pages[table] if "." not in one}
    for path in PAGES:
        for language in LANGUAGES:
            answer = client.get(f"{path}?lang={language}")
            assert answer.status_code == 200, path
            seen = Seen()
            seen.feed(answer.get_data(as_text=True))
            found = seen.texts - names
            shown = {one for text in found for one in (text, *text.split(", "))}
            left = {
                one for one in bare if one in shown or (one.replace("-", " ") in shown and one not in said.values())
            }
            assert left == set(), (path, language)
            if language != "en":
                assert shown & (set(said.values()) - SHARED) == set(), (path, language)


def clauses(rulebook: Rulebook) -> set[str]:
    """The codes of its clauses and contracts for which the pack has words, and those of its recipients."""
    pack = rulebook.organization
    found = {code for one in pack.recipients for code in (*spoken.of_recipient(one), one.key)}
    for one in rulebook.promises:
        if isinstance(one, Commitment):
            found |= set(spoken.spoken(pack, one))
    return found | {one.key for one in (*pack.data_categories, *pack.programs)}


@pytest.mark.parametrize("slug", FIVE)
def test_no_code_of_a_clause_stands_bare_where_pages_tell_who_gets_data(
    slug: str, house: House, valley: Tenant, systems: Systems, app: Flask, time: Time
) -> None:
    rulebook = rulebook_of(slug)
    tenant = valley if slug == VALLEY else found_shipped(house, slug, time.now())
    if slug == VALLEY:
        told(systems)
        told(systems, 200, purpose="billing", categories=["billing", "internet-service"])
    client = staff.member(house, tenant.id, time.now()).client(app)
    pack, bare = rulebook.organization, clauses(rulebook)
    paths = [f"/{slug}/sub-processors", "/staff/recipients"]
    paths += [f"/staff/recipients/{one.key}" for one in pack.recipients]
    pairs = [(code, language) for code in bare for language in LANGUAGES]
    words = {language: {spoken.of(pack, code, language).text for code in bare} for language in LANGUAGES}
    for language in LANGUAGES:
        words[language] |= {spoken.data(pack, code, language).text for code in bare}
        words[language] |= {one.name_in(language) for one in pack.recipients}
    assert {spoken.of(pack, code, language).language for code, language in pairs if code in pack.words} == set(
        LANGUAGES
    )
    for path in paths:
        for language in LANGUAGES:
            answer = client.get(f"{path}?lang={language}")
            assert answer.status_code == 200, path
            seen = Told()
            seen.feed(answer.get_data(as_text=True))
            shown = {one.strip() for text in seen.texts for one in (text, *text.split("·"))}
            low = {one[:1].lower() + one[1:] for one in shown} | shown
            known = {one.lower() for one in words[language]}
            left = {one for one in bare for way in (one, one.replace("-", " ")) if way in low and way not in known}
            assert left == set(), (path, language)
            if language != "en":
                english = {one for one in words["en"] - words[language] if " " in one}
                assert low & english == set(), (path, language)
