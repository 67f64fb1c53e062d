"""What a text message asks of us, read from whole-message keywords. Pure: no database, no request, no clock.

Free wording ("take me off your list") is not read here: it is `other`, stored and shown to a person.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum


class Intent(StrEnum):
    """What the person wants; `ambiguous` waits for a person with sending suspended."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    OTHER = "other"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Classified:
    """The intent, why, the keyword as the table spells it, the language to answer in (None: not known).

    `everything`: the words speak of every channel or of all contact. `erasure`: they ask that data be deleted, which
    alone is no stop. `wrong_number`: who holds this number is not whom we meant.
    """

    intent: Intent
    why: str
    keyword: str | None = None
    language: str | None = None
    everything: bool = False
    erasure: bool = False
    wrong_number: bool = False


_FCC = "47 CFR 64.1200(a)(10)"
_CARRIERS = "US carriers and gateways"
# intent, language, who says that the word has this meaning, the words (folded: lower case, no accents).
# YES, Y, 1 and C are no keywords: they answer a question, and only whoever asked it knows which.
WORDS: tuple[tuple[Intent, str | None, str, tuple[str, ...]], ...] = (
    (Intent.STOP, "en", _FCC, ("stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe")),
    (Intent.STOP, "en", _CARRIERS, ("stopall", "stop all", "optout", "unsub", "remove", "td")),
    (Intent.STOP, "fr", "Canadian common short codes", ("arret",)),
    (Intent.STOP, "fr", "gateways in French", ("arreter", "desabonner")),
    (Intent.STOP, "es", "gateways in Spanish", ("alto", "parar", "pare", "cancelar", "baja")),
    (Intent.STOP, None, "gateways in Portuguese", ("sair",)),
    (Intent.START, "en", _CARRIERS, ("start", "unstop")),
    (Intent.START, "fr", "gateways in French", ("debut",)),
    (Intent.START, "es", "gateways in Spanish", ("iniciar", "alta")),
    (Intent.HELP, "en", "CTIA Short Code Monitoring Handbook", ("help", "info")),
    (Intent.HELP, "fr", "Canadian common short codes", ("aide",)),
    (Intent.HELP, "es", "gateways in Spanish", ("ayuda",)),
)
# Words that French and Spanish speakers use too: the language the caller knows decides the answer's.
SHARED_WORDS = frozenset({"stop", "info"})

_KEYWORDS: dict[str, Classified] = {
    word: Classified(intent, f'The whole message is the keyword "{word}" ({source}).', word, language)
    for intent, language, source, words in WORDS
    for word in words
}
_EMPTY = Classified(Intent.OTHER, "The message has no words.")
_OTHER = Classified(Intent.OTHER, "The message is not a keyword; a person reads it.")
_NETWORK = Classified(Intent.OTHER, "The text comes from the phone network, not from a person.")
_QUOTE = Classified(Intent.OTHER, "The message is a reaction that quotes an earlier text.")
_GATEWAY_STOP = Classified(Intent.STOP, "The gateway read the message as an opt-out and blocks this number.")
_GATEWAY_HELP = Classified(Intent.HELP, "The gateway read the message as a request for help.")


def classify(text: str, lang: str | None = None, provider: str | None = None) -> Classified:
    """Read the whole message, whatever its case, spacing, look-alike letters or closing punctuation.

    `provider` is the gateway's own reading (Twilio's OptOutType). It can only add a STOP or a HELP: the word
    on which a gateway lifts its block is not by itself a consent.
    """
    found = _KEYWORDS.get(text.strip().lower()) or _read(text)
    if provider is not None:
        found = _with_provider(found, provider.upper())
    if lang is not None and found.keyword in SHARED_WORDS:
        return replace(found, language=lang)
    return found


def _with_provider(found: Classified, provider: str) -> Classified:
    """The gateway's STOP beats whatever we read; its HELP counts where we read nothing."""
    if provider == "STOP" and found.intent is not Intent.STOP:
        return _GATEWAY_STOP
    if provider == "HELP" and found.intent is Intent.OTHER:
        return _GATEWAY_HELP
    return found


# Folding and sorting accents take more than linear time on hostile text, so they see no more than this.
_LONGEST_FOLDED = 400
# No keyword, however spelled out or repeated, is longer than this once folded.
_LONGEST = 64

_SYMBOLS = "".join(c for c in map(chr, range(128)) if not c.isalnum())
_GAPS = str.maketrans(dict.fromkeys(_SYMBOLS, " "))
_WORDY = re.compile(r"[^\W_]")


def _read(text: str) -> Classified:
    """The slow road: undo what phones and people put around and into a keyword, then look again."""
    if len(text) > _LONGEST_FOLDED:
        text = _strip_symbols(" ".join(text.split()))
        if len(text) > _LONGEST_FOLDED:
            return _no_keyword(_folded(text[:_LONGEST]))
    said = _folded(text)
    if not said:
        return _EMPTY
    found = _KEYWORDS.get(said)
    if found is not None:
        return found
    if len(said) > _LONGEST:
        return _no_keyword(said)
    gaps = said.translate(_GAPS) if said.isascii() else "".join([c if c.isalnum() else " " for c in said])
    words = gaps.split()
    return (
        _KEYWORDS.get(" ".join(words))
        or _spelled_out(words)
        or _several(words)
        or _stretched(words)
        or _no_keyword(said)
    )


def _no_keyword(said: str) -> Classified:
    """Why this is no keyword: the network or a reaction speaks, or a person in words of their own."""
    if said.startswith("network msg"):
        return _NETWORK
    return _QUOTE if said.startswith(_QUOTING) else _OTHER


def _folded(text: str) -> str:
    """Lower case without accents, tricks, signature and surrounding symbols; single blanks."""
    said = text
    if not text.isascii():
        said = unicodedata.normalize("NFKC", text.translate(_SIGNS)).casefold()
        said = unicodedata.normalize("NFD", said).translate(_LOOK_ALIKES)
    said = said.strip(_SYMBOLS).lower() if said.isascii() else _strip_symbols(said)
    if "\n" in said:
        said = _without_signature(said)
    return " ".join(said.split())


def _strip_symbols(text: str) -> str:
    """The text from its first letter or digit to its last."""
    first = _WORDY.search(text)
    last = _WORDY.search(text[::-1])
    return text[first.start() : len(text) - last.start()] if first and last else ""


def _without_signature(said: str) -> str:
    """The lines above what a phone or mail program adds by itself."""
    lines = said.split("\n")
    end = next((i for i, line in enumerate(lines) if i and line.strip().startswith(_SIGNATURES)), len(lines))
    return "\n".join(lines[:end]).rstrip(_SYMBOLS)


def _spelled_out(words: list[str]) -> Classified | None:
    """`s t o p`, `s.t.o.p`: a START is not guessed from letters, stopping and asking may be."""
    if len(words) > 1 and all(len(word) == 1 for word in words):
        found = _KEYWORDS.get("".join(words))
        if found is not None and found.intent is not Intent.START:
            return found
    return None


def _several(words: list[str]) -> Classified | None:
    """`stop stop`, `stop, help`: nothing but keywords; stopping beats starting and asking."""
    found = [_KEYWORDS.get(word) for word in words]
    if not found or None in found:
        return None
    stops = [one for one in found if one is not None and one.intent is Intent.STOP]
    if stops:
        return stops[0]
    same = {one.intent for one in found if one is not None}
    return found[0] if len(same) == 1 else None


def _stretched(words: list[str]) -> Classified | None:
    """`stoppp`, `STOOOP`: one word for stopping with a letter held down."""
    if len(words) != 1 or not _has_held_letter(words[0]):
        return None
    return _SQUEEZED.get(_squeeze(words[0]))


def _has_held_letter(word: str) -> bool:
    """Three of a letter in a row, or its last letter twice: `stoop` is a word of its own."""
    if word[-1:] == word[-2:-1]:
        return True
    return any(a == b == c for a, b, c in zip(word, word[1:], word[2:], strict=False))


def _squeeze(word: str) -> str:
    return "".join([c for i, c in enumerate(word) if not i or word[i - 1] != c])


_SQUEEZED = {
    _squeeze(word): found for word, found in _KEYWORDS.items() if found.intent is Intent.STOP and len(word) > 2
}

# How phones write a reaction to a text as a text (iOS and Android, English, French, Spanish), folded.
_QUOTING = (
    *("reacted ", "removed a ", "a reagi ", "reacciono "),
    *(
        f"{verb} {quote}"
        for verb in (
            *("liked", "loved", "disliked", "laughed at", "emphasized", "emphasised", "questioned", "to"),
            *("a aime", "a adore", "n'a pas aime", "le gusto", "le encanto", "no le gusto"),
        )
        for quote in ('"', "\u201c", "\u2018", "'", "«", "an image", "une image", "una imagen")
    ),
)

# Lines that phones and mail programs add under a text, folded.
_SIGNATURES = ("--", "sent from", "get outlook for", "envoye de mon", "envoye depuis", "enviado desde")

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
            *range(0xE0000, 0xE0080),
        ]
    ),
    **{first + i: chr(ord("a") + i) for first in (0x1F150, 0x1F170, 0x1F1E6) for i in range(26)},
}
# After folding: accents are dropped; Cyrillic, Greek and small-capital letters become their Latin doubles.
_LOOK_ALIKES: dict[int, int | None] = {
    **dict.fromkeys(c for c in range(0x300, 0x20F1) if unicodedata.category(chr(c)).startswith("M")),
    **str.maketrans(
        "\u0430\u0432\u0435\u0456\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0501\u051b\u0575"
        "\u03b1\u03b2\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
        "\u1d00\u0299\u1d04\u1d05\u1d07\u026a\u1d0b\u029f\u1d0d\u0274\u1d0f\u1d18\u0280\ua731\u1d1b\u1d1c\u1d20\u028f\u0131",
        "abeikmhopctyxsdqjabeiknoptuxabcdeiklmnoprstuvyi",
    ),
}
