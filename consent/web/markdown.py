"""Policy wording as safe HTML: Markdown without raw HTML, then everything but plain text structure removed.

This is the only place that marks text from outside as safe; two independent layers stand before it.
"""

import re
import unicodedata
from collections.abc import Sequence
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
class Section:
    """A heading (None before the first) with what stands under it, as HTML; `path` names it from the title down."""

    heading: Heading | None
    path: tuple[str, ...]
    html: Markup


@dataclass(frozen=True, slots=True)
class Wording:
    """A text ready for a page: title and opening comment apart, headings for a table of contents, the rest as HTML."""

    title: str | None
    notice: str | None
    headings: tuple[Heading, ...]
    sections: tuple[Section, ...]

    @property
    def html(self) -> Markup:
        """All of it."""
        return Markup("").join(one.html for one in self.sections)


@dataclass(frozen=True, slots=True)
class Clause:
    """A paragraph, a point of a list or a cell: the smallest piece of wording that may promise something."""

    path: tuple[str, ...]
    text: str
    listed: bool  # a point of a list, which goes on with what the paragraph before the list began


def render(text: str) -> Wording:
    """The wording for a page whose h1 is the title; each heading can be linked to.

    A comment that opens the text is a notice of whoever wrote the file; the page shows it apart from the wording.
    """
    opening = _OPENING_COMMENT.match(text)
    notice = " ".join(opening[1].split()) if opening else None
    tokens = _MARKDOWN.parse(text[opening.end() :] if opening else text)
    title = _take_title(tokens)
    headings: list[Heading] = []
    taken: dict[str, int] = {}
    starts = [0]
    for place, (token, inline) in enumerate(pairwise(tokens)):
        if token.type not in ("heading_open", "heading_close"):
            continue
        token.tag = f"h{max(2, int(token.tag[1]))}"
        if token.type == "heading_open":
            words = plain(inline)
            anchor = _anchor(words, taken)
            token.attrSet("id", anchor)
            headings.append(Heading(int(token.tag[1]), anchor, words))
            starts.append(place)
    if tokens and tokens[-1].type == "heading_close":
        tokens[-1].tag = f"h{max(2, int(tokens[-1].tag[1]))}"
    sections = []
    path: list[Heading] = []
    for heading, start, end in zip([None, *headings], starts, [*starts[1:], len(tokens)], strict=True):
        if heading is not None:
            path = [*(one for one in path if one.level < heading.level), heading]
        if end > start:
            sections.append(Section(heading, tuple(one.text for one in path), _html(tokens[start:end])))
    return Wording(title, notice, tuple(headings), tuple(sections))


def clauses(text: str) -> tuple[Clause, ...]:
    """Every clause of the wording in its order, with the headings it stands under (the title is none of them)."""
    opening = _OPENING_COMMENT.match(text)
    tokens = _MARKDOWN.parse(text[opening.end() :] if opening else text)
    _take_title(tokens)
    found = []
    path: list[tuple[int, str]] = []
    depth = 0
    for before, token in pairwise([Token("", "", 0), *tokens]):
        depth += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        if token.type != "inline":
            continue
        if before.type == "heading_open":
            level = max(2, int(before.tag[1]))
            path = [*((above, words) for above, words in path if above < level), (level, plain(token))]
        elif words := " ".join(_words(token).split()):
            found.append(Clause(tuple(heading for _level, heading in path), words, depth > 0))
    return tuple(found)


def _words(inline: Token) -> str:
    return "".join(" " if child.type.endswith("break") else child.content for child in inline.children or ())


def _html(tokens: Sequence[Token]) -> Markup:
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "mailto", "tel"},
        link_rel="noreferrer",
    )
    return Markup(cleaned)  # noqa: S704  (cleaned on the line above)


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
