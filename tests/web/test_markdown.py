"""Policy wording becomes a page without letting anything through but words."""

from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from consent.web import markdown
from consent.web.markdown import Heading, render

XSS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:x)",
    "<a href='https://x.example' onclick=x>a</a>",
    "![a](https://x.example/pixel.png)",
    "<svg/onload=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<style>body{}</style>",
    "# <script>alert(1)</script>",
    '[a](https://x.example "\\" onmouseover=alert(1) \\"")',
    "<iframe src=https://x.example></iframe>",
    "`<script>`",
]


class Reader(HTMLParser):
    """Collects what a browser would see as elements and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}


@pytest.mark.parametrize("text", XSS)
def test_nothing_active_passes(text: str) -> None:
    seen = Reader(str(render(f"# Policy\n\n{text}\n").html))
    assert seen.elements <= {"p", "a", "h2", "code"}
    for name, value in seen.attributes:
        assert name in ("href", "title", "rel", "id")
        assert name != "href" or value.startswith("https://")


@pytest.mark.parametrize("text", XSS)
def test_nothing_active_passes_the_second_layer_alone(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "_MARKDOWN", MarkdownIt("commonmark", {"html": True}))
    test_nothing_active_passes(text)


def test_raw_html_is_shown_as_the_text_it_is() -> None:
    assert "&lt;em&gt;x&lt;/em&gt;" in render("Some <em>x</em>.").html


def test_the_first_heading_names_the_page_and_leaves_the_text() -> None:
    wording = render("# Privacy policy\n\nWe keep little.\n")
    assert wording.title == "Privacy policy"
    assert "<h" not in wording.html
    assert "<p>We keep little.</p>" in wording.html


def test_every_heading_can_be_linked_to_and_is_listed() -> None:
    wording = render("# P\n\n## Data we keep\n\nx\n\n### Data we keep\n\n# Last *part*\n")
    assert wording.headings == (
        Heading(2, "data-we-keep", "Data we keep"),
        Heading(3, "data-we-keep-2", "Data we keep"),
        Heading(2, "last-part", "Last part"),
    )
    assert '<h3 id="data-we-keep-2">' in wording.html
    assert "<h1" not in wording.html
    assert wording.html.count("</h2>") == 2


def test_a_comment_that_opens_the_text_is_shown_apart() -> None:
    wording = render("<!-- Our own\nrestatement. -->\n\n# Policy\n\nText. <!-- inner -->\n")
    assert (wording.notice, wording.title) == ("Our own restatement.", "Policy")
    assert "restatement" not in wording.html
    assert render("Text.").notice is None


def test_links_lists_and_tables_stay() -> None:
    html = render("[us](https://x.example), [mail](mailto:a@x.example)\n\n3. a\n4. b\n\n|a|b|\n|-|-|\n|1|2|\n").html
    assert 'href="https://x.example"' in html
    assert 'href="mailto:a@x.example"' in html
    assert '<ol start="3">' in html
    assert "<td>1</td>" in html


def test_an_empty_text_is_an_empty_page() -> None:
    assert render("") == render("\n")
    assert render("").title is None
