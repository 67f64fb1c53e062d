"""The languages of our pages: which one this reader gets, and how links, dates and figures follow it.

`?lang=` says it, else the browser's Accept-Language; the API and the log speak English. Flask-Babel and Babel take
several MiB and a third of a second, so the first page loads them and a process that serves programs never does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from flask import Flask, Response, after_this_request, current_app, g, request
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from consent.web.headers import vary
from consent.web.messages import Said

LANGUAGES = {"en": "English", "fr": "Français", "es": "Español"}
ENGLISH = "en"
TRANSLATIONS = Path(__file__).parent / "translations"
_CATALOGUES: dict[str, Any] = {}  # by language


@dataclass(frozen=True, slots=True)
class Choice:
    """A language this page can be read in."""

    code: str
    name: str
    address: str
    current: bool


def init_app(app: Flask) -> None:
    """Templates say `_("…")` or `{% trans %}`, and `translated(text)` for what is no literal."""
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals.update(
        _=_in_template,
        page_language=page_language,
        language_choices=choices,
        chosen_language=chosen,
        to=to,
        translated=translated,
        in_words=in_words,
        in_digits=in_digits,
    )


def chosen() -> str | None:
    """The language the address names, where it is one of ours."""
    args = request.args
    # `get` would raise and catch an error of HTTP on each page that names none.
    return args["lang"] if "lang" in args and args["lang"] in LANGUAGES else None


def page_language() -> str:
    """The language of this page; whoever asks makes the answer vary by Accept-Language."""
    known: str | None = g.get("page_language")
    if known is None:
        known = chosen() or _preferred(request.environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        g.page_language = known
        after_this_request(_varies)
    return known


@lru_cache(maxsize=512)  # browsers send the same few
def _preferred(header: str) -> str:
    """The one of our languages that Accept-Language asks for most (RFC 9110 section 12.5.4)."""
    return parse_accept_header(header, LanguageAccept).best_match(LANGUAGES) or ENGLISH


def choices() -> list[Choice]:
    """This very page in each language; the addresses hold the query alone, so that they cannot lead elsewhere."""
    rest = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    mine = page_language()
    return [
        Choice(code, name, f"?{urlencode([*rest, ('lang', code)])}", code == mine) for code, name in LANGUAGES.items()
    ]


def to(address: str, lang: str | None = None) -> str:
    """A link of ours that keeps the language the reader chose, or leads to the page in `lang`."""
    language = lang or chosen()
    if language is None:
        return address
    before, hash_, fragment = address.partition("#")
    return f"{before}{'&' if '?' in before else '?'}lang={language}{hash_}{fragment}"


def gettext(message: str) -> str:
    """The message in the language of this page; the English one where there is none."""
    return cast(str, _catalogue().ugettext(message))


@pass_eval_context
def _in_template(within: EvalContext, message: str, **values: object) -> str:
    """`_("…")` as Jinja's own does it, in a third of the time: a page asks for thirty messages and more."""
    said = gettext(message)
    if within.autoescape:
        said = Markup(said)  # noqa: S704 - a message of ours; `%` escapes what is put into it
    return said % values if values or "%" in said else said


def speaker() -> Callable[[str], str]:
    """`gettext` of this page, to be taken to where there is no request, such as the thread that writes."""
    catalogue = _catalogue()
    return lambda message: cast(str, catalogue.ugettext(message))


def ngettext(one: str, many: str, count: int) -> str:
    """The form for `count`, by the rules of the language of this page."""
    return cast(str, _catalogue().ungettext(one, many, count))


def translated(message: str) -> str | None:
    """The message for this page as plain text, None where it exists in English only."""
    if isinstance(message, Said) or page_language() == ENGLISH:
        return message
    said = gettext(message)
    return said if said != message else None


def in_words(day: date) -> str:
    """A day as people write it: June 1, 2026 · 1er juin 2026 · 1 de junio de 2026."""
    return day_in(page_language(), day)


@lru_cache(maxsize=512)  # a list names the same few days again and again
def day_in(language: str, day: date) -> str:
    """A day as people of that language write it."""
    from babel.dates import format_date

    said = format_date(day, "long", locale=language)
    return said.replace("1 ", "1er ", 1) if language == "fr" and day.day == 1 else said


def at_in_words(moment: datetime, where: tzinfo) -> str:
    """An instant as people there write day and time: June 1, 2026 at 4:05 PM PDT · 1 juin 2026 à 16:05 PDT."""
    return at_in(page_language(), moment, where)


def at_in(language: str, moment: datetime, where: tzinfo) -> str:
    """An instant as people of that language write it, by the clock of that place."""
    from babel.dates import format_datetime

    return format_datetime(moment, "long", tzinfo=where, locale=language)


def in_digits(figure: int) -> str:
    """A whole number with the separators of the language."""
    from babel.numbers import format_decimal

    return format_decimal(figure, locale=page_language())


def country(code: str) -> str:
    """The name of a country (ISO 3166-1), with the code of its part if there is one; the code where none is known."""
    from babel import Locale

    name = Locale.parse(page_language()).territories.get(code.partition("-")[0])
    return f"{name} ({code})" if name and "-" in code else name or code


def _catalogue() -> Any:
    """The messages of this request's language: looked for once, for they are files of the program."""
    language = page_language()
    known = _CATALOGUES.get(language)
    if known is None:
        known = _CATALOGUES[language] = _loaded()
    return known


def _loaded() -> Any:
    import flask_babel

    if "babel" not in current_app.extensions:
        flask_babel.Babel(
            current_app._get_current_object(),  # type: ignore[attr-defined]
            configure_jinja=False,
            locale_selector=page_language,
            default_translation_directories=str(TRANSLATIONS),
        )
    return flask_babel.get_translations()


def _varies(response: Response) -> Response:
    vary(response, "Accept-Language")
    return response
