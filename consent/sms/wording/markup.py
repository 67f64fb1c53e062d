"""Takes off what programs put around words when they pass a text on as a page: tags and signs written as names."""

import html
import re

_INLINE = re.compile(r"</?(?:b|i|u|em|strong|span|font|small|big|a)(?: [^<>]{0,200})?/?>", re.IGNORECASE)
_BLOCK = re.compile(
    r"</?(?:p|div|br|h[1-6]|html|body|head|center|blockquote|pre|li|ul|ol|td|tr|table)(?: [^<>]{0,200})?/?>",
    re.IGNORECASE,
)
_NAMED = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#39|#x27);")


def without_markup(text: str) -> str:
    """The text as a reader of the page sees it; what is no tag stays."""
    if "&" in text:
        text = _NAMED.sub(lambda found: html.unescape(found[0]), text)
    if "<" in text:
        text = _BLOCK.sub("\n", _INLINE.sub("", text)).strip()
    return text
