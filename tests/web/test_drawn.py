"""Parts of pages that are drawn once for many readers: nobody's page ever holds what was another's."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import meta, nodes

import consent
from consent.preferences.page import drawing
from consent.web import frame, layout
from consent.web.drawn import MOST, Asked, Drawn, Whole
from consent.web.frame import Frame, Link

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


@pytest.fixture
def whole(app: Flask, tmp_path: Path) -> Whole:
    (tmp_path / "page.html").write_text(
        "{% extends 'web/base.html' %}"
        "{% block main %}{{ name }} <p>{{ token }}</p> {{ address }}{{ token }}{% endblock %}"
    )
    links = (Link("/a", "A", ""), Link("/a/c", "C", ""))
    frame.provide(app, lambda slug: Frame(slug, f"Company {slug}", None, None, None, None, links) if slug else None)
    return Whole("page.html", ("token", "address"))


def nothing(_page: str) -> None:
    """Nothing is looked for."""


def test_what_is_one_readers_own_stands_in_the_holes_and_is_not_kept(app: Flask, whole: Whole) -> None:
    with app.test_request_context("/a"):
        first = whole({"token": "first", "address": "<a@é>"}, nothing, name="N’").decode()
        second = whole({"token": "second", "address": "c@d"}, nothing, name="N’").decode()
    assert first.count("first") == 2 and "&lt;a@é&gt;" in first and "N’" in first
    assert second == first.replace("first", "second").replace("&lt;a@é&gt;", "c@d")
    assert len(whole._kept) == 1
    assert not any(b"first" in part or b"a@" in part for parts in whole._kept.values() for part in parts)


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/b"},
        {"path": "/a/c"},
        {"path": "/a?lang=es"},
        {"headers": {"Accept-Language": "fr"}},
        {"headers": {"Sec-GPC": "1"}},
        {"method": "POST"},
    ],
)
def test_a_page_for_another_place_language_or_signal_is_another_page(
    app: Flask, whole: Whole, other: dict[str, Any]
) -> None:
    def drawn(asked: dict[str, Any], page: Whole) -> str:
        with app.test_request_context(**{"path": "/a", **asked}):
            return page({"token": "t", "address": "a"}, nothing, name="N").decode()

    drawn({}, whole)
    assert drawn(other, whole) == drawn(other, Whole("page.html", ("token", "address"))) != drawn({}, whole)


def test_a_page_whose_links_repeat_what_was_asked_is_not_kept(app: Flask, whole: Whole) -> None:
    for mark in ("one", "two"):
        with app.test_request_context(f"/a?act={mark}"):
            assert f"act={mark}" in whole({"token": "t", "address": "a"}, nothing, name="N").decode()
    assert not whole._kept


def test_a_page_on_which_something_is_missing_is_neither_shown_nor_kept(app: Flask, whole: Whole) -> None:
    def refuses(_page: str) -> None:
        raise LookupError("missing")

    with app.test_request_context("/a"), pytest.raises(LookupError):
        whole({"token": "t", "address": "a"}, refuses, name="N")
    assert not whole._kept


def test_no_more_pages_than_so_many_are_kept(app: Flask, whole: Whole) -> None:
    with app.test_request_context("/a"):
        for number in range(3 * MOST):
            assert f"{number} <p>t</p>" in whole({"token": "t", "address": "a"}, nothing, name=number).decode()
    assert len(whole._kept) <= MOST


# Of a whole page with its frame and what it includes; each is part of the key a page is kept under.
OF_FRAME = {"organization_frame", "asks_privacy", "language_choices", "asset", "request"}
GIVEN_TO_PAGE = {
    *("tenant", "company", "announced", "full", "shared", "known", "sends", "sells", "switches", "was", "tuned"),
    *("choices", "settings", "cookies", "wanted", "again", "start_at", "statements"),
    *("wrong", "often", "asked_about", "done", "done_act", "changes", "everywhere"),
    *("csrf", "act", "shown", "masked"),
}


def test_the_page_asks_for_nothing_but_what_it_is_given(app: Flask) -> None:
    """The session or a token in there would hand one visitor's to the next."""
    package = Path(consent.__file__).parent
    places = (
        "preferences/templates/preferences/page.html",
        "preferences/unsubscribe/templates/unsubscribe/questioned.html",
        "policies/templates/policies/said.html",
        "web/templates/web/base.html",
    )
    sources = [(package / place).read_text() for place in places]
    asked = {name for one in sources for name in _asked(app.jinja_env.parse(one))}
    assert asked <= GIVEN_TO_PAGE | OF_FRAME | OF_LANGUAGE
    for one in sources:
        assert set(re.findall(r"\brequest\.(\w+)", one)) <= set(Asked._fields)
        assert "token()" not in one
    included = {name for one in sources for name in re.findall(r"""(?:include|extends|from) "([^"]+)""", one)}
    known = {place.split("templates/")[1] for place in places}
    assert included <= known | {"web/words.html", "web/forms.html"}


def _asked(parsed: nodes.Template) -> set[str]:
    """What a template takes from outside: blocks do not see by themselves what stands above them in their file."""
    own = {one.name for one in parsed.find_all(nodes.Macro)}
    own |= {one.target.name for one in parsed.find_all(nodes.Assign) if isinstance(one.target, nodes.Name)}
    for one in parsed.find_all(nodes.FromImport):
        own |= {name if isinstance(name, str) else name[1] for name in one.names}
    return meta.find_undeclared_variables(parsed) - own


def test_every_part_is_looked_at_here() -> None:
    made = {one._template for one in vars(drawing).values() if isinstance(one, Drawn)}
    assert made == GIVEN.keys()
    assert [one._template for one in vars(drawing).values() if isinstance(one, Whole)] == ["preferences/page.html"]
