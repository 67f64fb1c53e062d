"""Parts of pages that many readers get alike: drawn once for all that they show, and kept for the next reader.

A page of thirty choices takes ten times as long to draw as to look up. Such a part is no reader's own: its template
knows the values it is given, of which each is part of the key it is kept under, and the language of the page. That it
asks for nothing else, such as the request, is held by tests/web/test_drawn.py.
"""

from collections.abc import Hashable
from typing import Any

from flask import current_app
from markupsafe import Markup

from consent.web.i18n import chosen, page_language

MOST = 64  # of one part at the most: some 2 MiB


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
            if len(self._kept) >= MOST:
                self._kept.clear()
            known = self._kept[key] = self.anew(**shown)
        return known

    def anew(self, **shown: Any) -> Markup:
        """The part for values that are one reader's alone, such as what was typed: it is not kept."""
        drawn = current_app.jinja_env.get_template(self._template).render(shown)
        return Markup(drawn)  # noqa: S704 - our own template has escaped every value
