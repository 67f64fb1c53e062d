"""Texts made where nobody asks for a page, such as the letter of a job: in a language that was kept, of our own."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from consent.web.i18n import ENGLISH, LANGUAGES, TRANSLATIONS, day_in

if TYPE_CHECKING:
    from babel.support import NullTranslations
    from jinja2 import Environment

WORDS = Path(__file__).parent / "templates"  # where the macros that every text may use stand


def language_of(asked: str | None) -> str:
    """The language as one of ours; English for any other."""
    return asked if asked in LANGUAGES else ENGLISH


def say(language: str) -> Callable[[str], str]:
    """Puts a message into that language; the English one where there is none."""
    return _catalogue(language_of(language)).ugettext


def counted(language: str) -> Callable[[str, str, int], str]:
    """Chooses between the message of one and that of several, in that language; the count is still to be put in."""
    return _catalogue(language_of(language)).ungettext


def render(folder: Path, template: str, language: str, **shown: Any) -> str:
    """The template of that folder, written in that language."""
    return _environment(folder, language_of(language)).get_template(template).render(**shown)


def stream(folder: Path, template: str, language: str, **shown: Any) -> Iterator[str]:
    """The same, a part at a time: what is long never stands in memory as a whole."""
    return _environment(folder, language_of(language)).get_template(template).generate(**shown)


@lru_cache(maxsize=8)
def _catalogue(language: str) -> "NullTranslations":
    from babel.support import Translations

    return Translations.load(str(TRANSLATIONS), [language])


@lru_cache(maxsize=32)
def _environment(folder: Path, language: str) -> "Environment":
    from jinja2 import Environment, FileSystemLoader, select_autoescape

    catalogue = _catalogue(language)

    def translated(message: str) -> str | None:
        said = catalogue.ugettext(message)
        return said if language == ENGLISH or said != message else None

    made = Environment(
        loader=FileSystemLoader([folder, WORDS]), autoescape=select_autoescape(), extensions=["jinja2.ext.i18n"]
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(catalogue.ugettext, catalogue.ungettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(
        page_language=lambda: language,
        translated=translated,
        in_words=lambda day: day_in(language, day),
    )
    return made
