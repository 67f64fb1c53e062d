"""Words of a pack in several languages: what is refused, what a reader of another language gets."""

from pathlib import Path

import pytest

from consent.policies.check import check
from consent.policies.organization import parse_organization
from consent.policies.packs import load_organization
from consent.policies.said import language_among
from tests.policies.house import POLICIES, VALLEY, copy_of_valley, replace

PAGES = ("en", "fr", "es")
NAMES = 'name = { en = "Outage", fr = "Panne", es = "Interrupción del servicio" }'
SHIPPED = sorted(one.parent for one in POLICIES.glob("*/organization.toml"))


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda one: one.name)
def test_every_text_of_a_shipped_pack_that_stands_on_a_page_exists_in_three_languages(folder: Path) -> None:
    pack = load_organization(folder)
    assert pack.page_languages == PAGES
    named = (*pack.programs, *pack.features, *pack.message_classes, *pack.data_categories, *pack.recipients)
    lacking = [(one.key, field) for one in named for field, texts in one.said.items() if set(texts) != set(PAGES)]
    assert not lacking


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda one: one.name)
def test_a_sentence_of_a_shipped_pack_is_not_the_english_one_in_another_language(folder: Path) -> None:
    pack = load_organization(folder)
    for one in (*pack.programs, *pack.features):
        for texts in (one.said["sentence"], one.said.get("consequence", {})):
            assert len(set(texts.values())) == len(texts), one.key


def test_plain_words_are_those_of_the_first_language() -> None:
    outage = load_organization(VALLEY).message_classes[0]
    assert (outage.name, outage.name_in("en"), outage.name_in("fr")) == ("Outage", "Outage", "Panne")


@pytest.mark.parametrize(
    ("language", "found"),
    [("es", "es"), ("fr-CA", "fr"), ("de", "en"), ("", "en")],
)
def test_a_reader_of_another_language_gets_the_nearest_then_the_first(language: str, found: str) -> None:
    assert language_among(("en", "fr", "es"), language) == found
    assert load_organization(VALLEY).message_classes[0].language_of("name", language) == found


def test_a_plain_text_serves_every_language() -> None:
    text = (VALLEY / "organization.toml").read_text(encoding="utf-8").replace(NAMES, 'name = "Outage"')
    outage = parse_organization(text).message_classes[0]
    assert (outage.name_in("fr"), outage.language_of("name", "fr")) == ("Outage", "en")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (NAMES, 'name = { en = "Outage", fr = "Panne" }', '"name" is missing in es'),
        (NAMES, NAMES.replace("es =", "sp ="), 'written in "sp", and page_languages knows no such language'),
        (NAMES, NAMES.replace("Panne", " "), '"fr" is empty'),
        (NAMES, "name = { en = 1, fr = 2, es = 3 }", '"en" must be a text in quotes'),
        ('page_languages = ["en", "fr", "es"]', 'page_languages = ["fr", "es"]', 'pages need "en" too'),
        ('page_languages = ["en", "fr", "es"]', 'page_languages = ["en", "fr", "es", "French"]', "is no language"),
    ],
)
def test_a_table_of_texts_holds_the_languages_of_the_pages_and_no_other(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    pack = copy_of_valley(tmp_path)
    replace(pack / "organization.toml", old, new)
    assert any(said in one.message for one in check(pack)), [one.message for one in check(pack)]
