"""What a text message asks of us: keywords first, then sentences. Pure: no database, no request, no clock.

`classify` is the one door; the words and rules behind it lie in `consent.sms.wording`.
"""

import re
from dataclasses import replace

from consent.sms.wording import sentences
from consent.sms.wording.folding import folded, own_words, strip_symbols
from consent.sms.wording.glued import unglued
from consent.sms.wording.keywords import KEYWORDS, LONGEST, SHARED_WORDS, WORDS, keyword
from consent.sms.wording.machine import network_refusal, why_not_a_person
from consent.sms.wording.markup import without_markup
from consent.sms.wording.meaning import Classified, Intent
from consent.sms.wording.welcome import plain_wish
from consent.sms.wording.wishes import with_wishes
from consent.sms.wording.words import tokens

__all__ = ["WORDS", "Classified", "Intent", "classify"]

_EMPTY = Classified(Intent.OTHER, "The message has no words.")
_SIGN = Classified(Intent.STOP, "The message is a sign that means stop.")
_GESTURE = Classified(Intent.AMBIGUOUS, "The message is a hostile sign.")
_DOUBTFUL_START = Classified(Intent.AMBIGUOUS, "The message asks to start, and a sign in it says the opposite.")
_ABOUT_A_START = Classified(Intent.OTHER, "The message speaks of a start and asks for none.")
_MORE_THAN_A_START = Classified(
    Intent.AMBIGUOUS, "The message asks to start, and words beside it may say the opposite."
)
_UNREAD_STOP = Classified(
    Intent.AMBIGUOUS, "No rule reads the message, and it begins or ends with a word for stopping."
)
_GATEWAY_STOP = Classified(Intent.STOP, "The gateway read the message as an opt-out and blocks this number.")
_GATEWAY_HELP = Classified(Intent.HELP, "The gateway read the message as a request for help.")
# Far beyond any text a phone sends; of what is longer still, the end is read too.
_MOST_READ, _LAST_READ = 100_000, 4_000
# Unicode's stop sign, raised hand, no entry, prohibited; and signs of anger.
_STOP_SIGNS = "\U0001f6d1\u270b\u26d4\U0001f6ab"
_ANGRY_SIGNS = "\U0001f595\U0001f92c\U0001f621"
# With a START, so do a cross, and lines drawn through the letters.
_REFUSING_SIGNS = frozenset(_STOP_SIGNS + _ANGRY_SIGNS + "\u274c\u274e\u2716\u0335\u0336\u0337\u0338\U0001f44e")
# A sentence that begins so speaks of a start and asks for none.
_ABOUT = frozenset(("did", "who", "why", "when", "what", "if", "pourquoi", "qui", "quand", "si", "quien", "cuando"))
# The clearest words for an end: said first in capitals, or last in a few words, they are not passed over unread.
_CLEAR = frozenset(("stop", "unsubscribe"))
_FEW = 5
# Beside STOP these are commands out of order, and no work that shall end.
_OTHER_FORMS = frozenset((("starting",), ("started",), ("restart",), ("stopping",), ("ending",), ("unsubscribing",)))
_CAPITALS = re.compile(r"\s*(?:STOP|UNSUBSCRIBE)(?![^\W_])")


def classify(text: str, lang: str | None = None, provider: str | None = None) -> Classified:
    """Read the whole message, whatever its case, spacing, look-alike letters or closing punctuation.

    `provider` is the gateway's own reading (Twilio's OptOutType). It can only add a STOP or a HELP: the word
    on which a gateway lifts its block is not by itself a consent.
    """
    found = KEYWORDS.get(text.strip().lower()) or _read(text)
    if found.intent is Intent.START and not _REFUSING_SIGNS.isdisjoint(text):
        found = _DOUBTFUL_START
    if provider is not None:
        found = _with_provider(found, provider.upper())
    if lang is not None and (found.keyword in SHARED_WORDS or found.language is None):
        return replace(found, language=lang)
    return found


def _with_provider(found: Classified, provider: str) -> Classified:
    """The gateway's STOP beats whatever we read; its HELP counts where we read nothing."""
    if provider == "STOP" and found.intent is not Intent.STOP:
        return _GATEWAY_STOP
    if provider == "HELP" and found.intent is Intent.OTHER:
        return _GATEWAY_HELP
    return found


def _read(text: str) -> Classified:
    """The slow road: undo what phones and people put around and into words, then look again."""
    if len(text) > _MOST_READ:
        text = f"{text[:_MOST_READ]}\n{text[-_LAST_READ:]}"
    text = without_markup(text)
    plain = folded(text).strip()
    head = strip_symbols(plain[:400])
    if (refused := network_refusal(head)) is not None:
        return Classified(Intent.STOP, refused)
    if (why := why_not_a_person(head)) is not None:
        return Classified(Intent.OTHER, why)
    mine = unglued(own_words(plain))
    said = strip_symbols(mine)
    if not said:
        return _without_words(text)
    if len(said) <= 4 * LONGEST:
        bare, whole = " ".join(said.split()), mine.strip()
        found = keyword(bare)
        if found is None and whole != bare and len(mine) <= LONGEST:
            found = keyword(whole)
        if found is not None:
            return found
    return with_wishes(_doubted(sentences.read(text, mine), text, said), mine)


def _doubted(found: Classified, text: str, said: str) -> Classified:
    """A sentence is no START that speaks of one, and no word for stopping stands at its edge unread."""
    words = said.split(maxsplit=_FEW + 1)
    if found.intent is Intent.START and words[0] in _ABOUT:
        return _ABOUT_A_START
    if found.intent is Intent.START and not plain_wish(tokens(said)):
        return replace(_MORE_THAN_A_START, language=found.language)
    if found.why == sentences.UNREAD.why:
        mixed = any(one.islower() for one in text)
        bare = [strip_symbols(one) for one in words]
        if (mixed or len(bare) < _FEW) and _CAPITALS.match(text):
            return replace(_UNREAD_STOP, language=found.language)
        if len(bare) <= _FEW and bare[-1] in _CLEAR and bare[0] != "un" and said.isascii():
            return replace(_UNREAD_STOP, language=found.language)
        if bare[0] == "stop" and tuple(bare[1:]) in _OTHER_FORMS:
            return replace(_UNREAD_STOP, language=found.language)
    return found


def _without_words(text: str) -> Classified:
    if any(sign in text for sign in _STOP_SIGNS):
        return _SIGN
    return _GESTURE if any(sign in text for sign in _ANGRY_SIGNS) else _EMPTY
