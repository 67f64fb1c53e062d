"""Every request that the shipped packs can offer is named in the languages of the pages."""

import pytest
from babel.support import Translations

from consent.policies.answers.openings import WISHES, Opening
from consent.privacy_requests.sorts import GROUNDS, PLACES, ROLES, SORTS, sort_of
from consent.web.i18n import TRANSLATIONS
from tests.policies.answers.test_unsubscribing import of

COMPANIES = ("valley-smart-homes", "1valet", "valtt", "voxvalley", "smartt")


def openings(company: str) -> tuple[Opening, ...]:
    """Everything this company's page of requests can offer."""
    found = of(company).requests.openings.every()
    assert found
    return found


@pytest.mark.parametrize("company", COMPANIES)
def test_no_page_of_requests_shows_a_key_of_a_policy(company: str) -> None:
    asks = [of(company).requests.openings.asks(one.wish) for one in openings(company)]
    assert [one.wish for one in openings(company) if sort_of(one.wish) is None] == []
    assert [each for one in asks for each in one.places if each not in PLACES] == []
    assert [each for one in asks for each in one.roles if each not in ROLES] == []
    assert [each for one in asks for each in one.grounds if each not in GROUNDS] == []


@pytest.mark.parametrize("language", ["es", "fr"])
def test_the_names_of_requests_are_said_in_every_language(language: str) -> None:
    catalogue = Translations.load(TRANSLATIONS, [language])
    named = [text for one in SORTS for text in (one.title, one.sentence, one.words) if text]
    named += [*ROLES.values(), *GROUNDS.values(), *PLACES.values()]
    known = set(catalogue._catalog)  # type: ignore[attr-defined]
    untold = [text for text in named if text not in known]
    assert untold == []


def test_smt_39_the_totals_of_use_are_called_by_a_name_of_people() -> None:
    (found,) = [one for one in openings("smartt") if one.wish == "usage-total"]
    assert [one.id for one in found.promises] == ["SMT-39"]
    assert found.alone
    sort = sort_of(found.wish)
    assert sort is not None
    assert "usage-total" not in (sort.title, sort.sentence)


def test_each_word_of_a_policy_or_law_has_a_wish_that_is_named() -> None:
    assert {wish for wish in WISHES if sort_of(wish) is None} == set()
