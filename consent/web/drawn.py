"""Pages and parts of pages that many readers get alike: drawn once for all they show, and kept for the next reader.

A page of thirty choices takes ten times as long to draw as to look up. What is kept is no reader's own: its template
knows the values it is given, of which each is part of the key it is kept under, the language of the page, and for a
whole page its frame. What is one reader's alone (an address, a token) is put into holes that are left for it. That a
template asks for nothing else, such as the session, is held by tests/web/test_drawn.py.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from typing import Any, NamedTuple

from flask import current_app, request
from markupsafe import Markup, escape

from consent.web import frame
from consent.web.i18n import chosen, page_language

MOST = 64  # of one part or page at the most: some 2 MiB


class Drawn:
    """One template, drawn anew only for values that it was not given lately."""

    def __init__(self, template: str) -> None:
        self._template = template
        self._kept: dict[tuple[Hashable, ...], Markup] = {}

    def __call__(self, **shown: Any) -> Markup:
        """The part for these values, all of them hashable; links of it keep the language the address names."""
        key = (page_language(), chosen(), *shown.items())
        known = self._kept.get(key)
        if known is None:
            known = self.anew(**shown)
            _keep(self._kept, key, known)
        return known

    def anew(self, **shown: Any) -> Markup:
        """The part for values that are one reader's alone, such as what was typed: it is not kept."""
        return Markup(_text(self._template, shown))  # noqa: S704 - our own template has escaped every value


class Asked(NamedTuple):
    """What a page that is kept knows of the request."""

    path: str
    method: str


class Whole:
    """A page, frame and all, drawn anew only for values that it was not given lately; `holes` name what is left out."""

    def __init__(self, template: str, holes: tuple[str, ...]) -> None:
        self._template, self._holes = template, holes
        self._kept: dict[tuple[Hashable, ...], tuple[bytes, ...]] = {}

    def __call__(self, filled: Mapping[str, str], look: Callable[[str], None], **shown: Any) -> bytes:
        """The page for these values in UTF-8, all of them hashable, each hole filled with the text of its name.

        `look` sees each page once, when it is drawn, and raises where something is missing on it.
        """
        asked = Asked(request.path, request.method)
        key = (page_language(), chosen(), frame.current(), frame.asks_privacy(), asked, *shown.items())
        parts = self._kept.get(key)
        if parts is None:
            parts = self._drawn(look, {"request": asked, **shown})
            # The address of a page in another language repeats the query: such a page is this reader's alone.
            if not request.args.keys() - {"lang"}:
                _keep(self._kept, key, parts)
        written = {name.encode(): escape(filled[name]).encode() for name in self._holes}
        # Texts and names of holes in turns, as they were cut.
        return b"".join([written[part] if at % 2 else part for at, part in enumerate(parts)])

    def _drawn(self, look: Callable[[str], None], shown: Mapping[str, Any]) -> tuple[bytes, ...]:
        # Drawn by nobody before and by nobody after: no text of a page can be taken for a hole.
        marks = {name: f"hole-{secrets.token_hex(16)}" for name in self._holes}
        page = _text(self._template, {**shown, **marks})
        look(page)
        names = {mark: name for name, mark in marks.items()}
        # Encoded once: that took a twentieth of what a look costs.
        return tuple(names.get(part, part).encode() for part in re.split(f"({'|'.join(names)})", page))


def _text(template: str, shown: Mapping[str, Any]) -> str:
    """Without what Flask gives to each template besides: request, session and `g`."""
    return current_app.jinja_env.get_template(template).render(shown)


def _keep(kept: dict[tuple[Hashable, ...], Any], key: tuple[Hashable, ...], value: Any) -> None:
    if len(kept) >= MOST:
        kept.clear()
    kept[key] = value
