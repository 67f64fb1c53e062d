"""Policy wording as safe HTML: Markdown without raw HTML, then everything but plain text structure removed.

This is the only place that marks text from outside as safe; two independent layers stand before it.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")

_OPENING_COMMENT = re.compile(r"\s*<!--((?:(?!-->).)*)-->", re.DOTALL)

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}} | {f"h{level}": {"id"} for level in range(2, 7)}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the wording and where it stands on the page."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A text ready for a page: title and opening comment apart, headings for a table of contents, the rest as HTML."""

    title: str | None
    notice: str | None
    headings: tuple[Heading, ...]
    html: Markup


def render(text: str) -> Wording:
    """The wording for a page whose h1 is the title; each heading can be linked to.

    A comment that opens the text is a notice of whoever wrote the file; the page shows it apart from the wording.
    """
    opening = _OPENING_COMMENT.match(text)
    notice = " ".join(opening[1].split()) if opening else None
    tokens = _MARKDOWN.parse(text[opening.end() :] if opening else text)
    title = _take_title(tokens)
    headings = []
    taken: dict[str, int] = {}
    for token, inline in pairwise(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        token.tag = f"h{max(2, int(token.tag[1]))}"
        if token.type == "heading_open":
            words = plain(inline)
            anchor = _anchor(words, taken)
            token.attrSet("id", anchor)
            headings.append(Heading(int(token.tag[1]), anchor, words))
    if tokens and tokens[-1].type == "heading_close":
        tokens[-1].tag = f"h{max(2, int(tokens[-1].tag[1]))}"
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "mailto", "tel"},
        link_rel="noreferrer",
    )
    return Wording(title, notice, tuple(headings), Markup(cleaned))  # noqa: S704  (cleaned on the line above)


def plain(inline: Token) -> str:
    """What a reader sees of a heading."""
    return "".join(child.content for child in inline.children or ()).strip()


def _take_title(tokens: list[Token]) -> str | None:
    """A first-level heading at the very beginning names the page and leaves the text."""
    if len(tokens) < 3 or tokens[0].type != "heading_open" or tokens[0].tag != "h1":
        return None
    title = plain(tokens[1])
    del tokens[:3]
    return title


def _anchor(words: str, taken: dict[str, int]) -> str:
    folded = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:60] or "section"
    taken[base] = taken.get(base, 0) + 1
    return base if taken[base] == 1 else f"{base}-{taken[base]}"
