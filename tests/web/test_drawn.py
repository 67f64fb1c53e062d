"""Parts of pages that are drawn once for many readers: nobody's page ever holds what was another's."""

from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta

import consent
from consent.preferences.page import drawing
from consent.web import layout
from consent.web.drawn import MOST, Drawn

# What such a template may ask for besides what it is given: it depends on the language of the page alone.
OF_LANGUAGE = {"_", "gettext", "ngettext", "page_language", "in_words", "translated", "to"}
GIVEN = {
    "preferences/choices.html": {"slug", "company", "full", "groups", "features", "wanted"},
    "preferences/settings.html": {"tuning", "languages", "sale", "use", "full", "typed_pause", "wrong"},
}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    made = Flask("drawn", template_folder=str(tmp_path))
    layout.init_app(made)
    (tmp_path / "part.html").write_text("<p>{{ name }}</p><a href='{{ to('/x') }}'>{{ page_language() }}</a>")
    return made


def test_the_same_values_are_drawn_once_and_others_anew(app: Flask) -> None:
    part = Drawn("part.html")
    with app.test_request_context("/"):
        first = part(name="A")
        assert part(name="A") is first
        assert "A" not in part(name="<B>").replace("<a", "")
        assert "&lt;B&gt;" in part(name="<B>")


def test_readers_of_other_languages_get_their_own(app: Flask) -> None:
    part = Drawn("part.html")
    with app.test_request_context("/", headers={"Accept-Language": "fr"}):
        assert ">fr<" in part(name="A")
    with app.test_request_context("/", headers={"Accept-Language": "es"}):
        assert ">es<" in part(name="A") and "lang=" not in part(name="A")
    with app.test_request_context("/?lang=es"):
        assert "lang=es" in part(name="A")


def test_what_is_typed_is_not_kept(app: Flask) -> None:
    part = Drawn("part.html")
    with app.test_request_context("/"):
        assert "typed" in part.anew(name="typed")
        assert not part._kept


def test_no_more_than_so_many_are_kept(app: Flask) -> None:
    part = Drawn("part.html")
    with app.test_request_context("/"):
        for number in range(3 * MOST):
            assert f"<p>{number}</p>" in part(name=number)
        assert len(part._kept) <= MOST


@pytest.mark.parametrize("template", sorted(GIVEN))
def test_a_part_asks_for_nothing_but_what_it_is_given(app: Flask, template: str) -> None:
    """A name of the request in there would show one reader what was drawn for another."""
    folder = Path(consent.__file__).parent / "preferences" / "templates"
    source = (folder / template).read_text()
    asked = meta.find_undeclared_variables(app.jinja_env.parse(source))
    assert asked <= GIVEN[template] | OF_LANGUAGE
    assert "with context" not in source and "include" not in source


def test_every_part_is_looked_at_here() -> None:
    made = {one._template for one in vars(drawing).values() if isinstance(one, Drawn)}
    assert made == GIVEN.keys()
