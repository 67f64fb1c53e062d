"""The one way a page that owes statements is rendered: with them, or not at all."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from markupsafe import escape

from consent.policies.answers.statements import Statement, StatementMissing
from consent.policies.rulebook import Rulebook
from consent.web import i18n
from consent.web.drawn import Whole

MARKED = 'class="field-mark"'
# A place where a person types or chooses; boxes, hidden fields and buttons collect nothing of themselves.
_FIELD = re.compile(r'<(?:select|textarea)\b|<input\b(?![^>]*type="(?:hidden|checkbox|radio|submit)")')


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement as this page makes it."""

    key: str
    text: str
    language: str
    rests_on: tuple[str, ...]


def shown_on(
    rulebook: Rulebook, surface: str, channels: Sequence[str | None] = (None,), where: str | None = None
) -> tuple[Shown, ...]:
    """What this surface owes to people who are asked on these channels, in the language of the page."""
    language = i18n.page_language()
    found = dict.fromkeys(one for channel in channels for one in _required(rulebook, surface, channel, where))
    return tuple(Shown(key, *_said(rulebook, surface, key, language)) for key in found)


def render(
    template: str,
    rulebook: Rulebook,
    surface: str,
    *,
    channels: Sequence[str | None] = (None,),
    where: str | None = None,
    **context: Any,
) -> str:
    """The page; it finds what it must say as `statements`. StatementMissing where it came out without one of them."""
    statements = shown_on(rulebook, surface, channels, where)
    page = render_template(template, statements=statements, **context)
    owed = [one for channel in channels for one in rulebook.statements.required(surface, channel, where)]
    check(page, surface, statements, owed)
    return page


def kept(page: Whole, rulebook: Rulebook, surface: str, filled: Mapping[str, str], **shown: Any) -> bytes:
    """As `render`, of a page that is kept for whoever is shown the same; it is looked at when it is drawn."""
    statements, owed = shown_on(rulebook, surface), rulebook.statements.required(surface)
    return page(filled, lambda drawn: check(drawn, surface, statements, owed), statements=statements, **shown)


def check(page: str, surface: str, statements: Sequence[Shown], owed: Sequence[Statement]) -> None:
    """The finished page says everything, and marks its fields where a promise wants them marked (VOX-07)."""
    for one in statements:
        if str(escape(one.text)) not in page:
            raise StatementMissing(f'A page ("{surface}") came out without "{one.key}", which must be said there.')
    if any(one.marks for one in owed) and len(_FIELD.findall(page)) > page.count(MARKED):
        raise StatementMissing(f'A page ("{surface}") has a field that says neither required nor voluntary.')


def _required(rulebook: Rulebook, surface: str, channel: str | None, where: str | None) -> list[str]:
    return [one.key for one in rulebook.statements.required(surface, channel, where)]


def _said(rulebook: Rulebook, surface: str, key: str, language: str) -> tuple[str, str, tuple[str, ...]]:
    one = next(one for one in rulebook.statements.required(surface) if one.key == key)
    return (*one.said(language), one.rests_on)
