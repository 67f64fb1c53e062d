"""Undoes what phones and people do to letters: case, accents, look-alikes, invisible signs, signatures,"
" quotations."""

import re
import unicodedata

# Sorting accents takes more than linear time on hostile text, so it sees no more than this at once.
_CHUNK = 400
_SYMBOLS = "".join(c for c in map(chr, range(128)) if not c.isalnum())
_WORDY = re.compile(r"[^\W_]")


def folded(text: str) -> str:
    """Lower case, no accents, plain letters and quotation marks; lines are kept."""
    if text.isascii():
        return text.lower()
    if len(text) <= _CHUNK:
        return _folded(text)
    return "".join([_folded(text[at : at + _CHUNK]) for at in range(0, len(text), _CHUNK)])


def _folded(text: str) -> str:
    said = unicodedata.normalize("NFKC", text.translate(_SIGNS)).casefold()
    return unicodedata.normalize("NFD", said).translate(_LOOK_ALIKES)


def strip_symbols(text: str) -> str:
    """The text from its first letter or digit to its last."""
    if text.isascii():
        return text.strip(_SYMBOLS)
    first = _WORDY.search(text)
    if first is None:
        return ""
    end = len(text)
    while not text[end - 1].isalnum():
        end -= 1
    return text[first.start() : end]


def own_words(said: str) -> str:
    """Without what a phone or mail program adds by itself, and without the lines of an earlier message."""
    if "\n" not in said and not said.startswith(_FORWARDED):
        return said
    kept: list[str] = []
    for line in said.split("\n"):
        start = line.strip()
        if start.startswith(_HEADS) and start.endswith(":"):
            break
        if start.startswith(_ORIGINAL) or (kept and start.startswith(_SIGNATURES)):
            break
        if not start.startswith((">", *_FORWARDED)):
            kept.append(line)
    return "\n".join(kept)


# Lines that phones and mail programs add under a text, folded.
_SIGNATURES = ("--", "sent from", "get outlook", "envoye de", "envoye depuis", "enviado desde", "__")
# Heads of a quoted message ("On Tue, … wrote:"), and of one that is passed on.
_HEADS = ("on ", "el ", "le ")
_ORIGINAL = ("-----original", "--- original", "begin forwarded", "----- mensaje original", "----- message d'origine")
_FORWARDED = ("fwd:", "fw:", "tr:", "rv:")

# Characters that show nothing or only turn the direction (soft hyphen, zero-width, bidi, variation, tags,
# fillers) are dropped; letters drawn as signs that NFKC leaves alone (negative, flags) become letters.
_SIGNS: dict[int, str | None] = {
    **dict.fromkeys(
        [
            *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x3164, 0xFEFF, 0xFFA0, 0x20E3),
            *range(0x180B, 0x180F),
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x2070),
            *range(0xFE00, 0xFE10),
            *range(0xFDF0, 0xFDFE),  # Arabic words in one sign: eighteen letters each, and none that we read
            *range(0xE0000, 0xE0080),
        ]
    ),
    0xB4: "'",  # an accent that stands alone is meant as an apostrophe
    **{first + i: chr(ord("a") + i) for first in (0x1F150, 0x1F170, 0x1F1E6) for i in range(26)},
}
# After folding: accents are dropped; Cyrillic, Greek and small-capital letters become their Latin doubles;
# quotation marks of all countries become the plain ones.
_LOOK_ALIKES: dict[int, str | int | None] = {
    **dict.fromkeys(c for c in range(0x300, 0x20F1) if unicodedata.category(chr(c)).startswith("M")),
    **str.maketrans(
        "\u0430\u0432\u0435\u0456\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0501\u051b\u0575"
        "\u03b1\u03b2\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
        "\u1d00\u0299\u1d04\u1d05\u1d07\u026a\u1d0b\u029f\u1d0d\u0274\u1d0f\u1d18\u0280\ua731\u1d1b\u1d1c\u1d20\u028f\u0131",
        "abeikmhopctyxsdqjabeiknoptuxabcdeiklmnoprstuvyi",
    ),
    **str.maketrans("\u2018\u2019\u02bc`\u201c\u201d\u201e\u00ab\u00bb\u2013\u2014", '\'\'\'\'"""""--'),
}
