"""The letter about an incident: as it goes out in each language, the hash by which proofs name it, what it must be."""

import hashlib
from dataclasses import replace
from html import escape

from consent.errors import BadInput
from consent.gateways.email.base import refuse_what_no_header_holds
from consent.incidents.queries import Words
from consent.outbox.mail import Mail
from consent.web.i18n import LANGUAGES
from consent.web.messages import N_

NO_SUBJECT = N_("A subject is one line of at most 250 characters, and every one of them can be read.")
NO_TEXT = N_("The letter holds a character that no text holds, or it is too long.")
NEEDED = N_("People are being told by this letter: it needs a subject and a text.")
HALF = N_("This version has a text and no subject, or a subject and no text. Write both, or empty both.")


def version(words: Words, language: str | None) -> Words:
    """The words with the letter for somebody of that language: theirs where it is written, else everybody's."""
    if language not in LANGUAGES:
        return words
    subject, letter = said_in(words, language)
    return replace(words, subject=subject, letter=letter) if subject.strip() and letter.strip() else words


def said_in(words: Words, language: str) -> tuple[str, str]:
    """Subject and text as they are written in that language; each may be empty."""
    return getattr(words, f"subject_{language}"), getattr(words, f"letter_{language}")


def written(words: Words) -> tuple[str, ...]:
    """The languages in which the letter is written beside that of everybody."""
    return tuple(one for one in LANGUAGES if version(words, one) is not words)


def letter_of(words: Words) -> Mail:
    """The letter that these words make."""
    paragraphs = ("<br>".join(map(escape, part.split("\n"))) for part in words.letter.split("\n\n"))
    return Mail(words.subject, words.letter, "".join(f"<p>{one}</p>" for one in paragraphs))


def letter_hash(words: Words) -> bytes:
    """The hash of that letter, by which each proof names it."""
    return hashlib.sha256(f"{words.subject}\n{words.letter}".encode()).digest()


def check(words: Words, *, telling: bool) -> None:
    """Raises BadInput for a letter that no mail can carry, and while people are told by it, for one that is not whole.

    What is written in further languages may be left out, but not by half.
    """
    _check(words.subject, words.letter, "", NEEDED if telling else None)
    for language in LANGUAGES:
        subject, letter = said_in(words, language)
        if subject.strip() or letter.strip():
            _check(subject, letter, f"_{language}", HALF if telling else None)


def _check(subject: str, letter: str, version: str, needed: str | None) -> None:
    """One version, its fields named by it; `needed` says that it must be whole."""
    if needed is not None:
        for name, text in (("subject", subject), ("letter", letter)):
            if not text.strip():
                raise BadInput(needed, field=name + version)
    try:
        # What is not written yet is no fault: a draft may begin with either.
        refuse_what_no_header_holds(letter_of(Words("", subject=subject if subject.strip() else "-", letter=letter)))
    except BadInput as fault:
        wrong, field = (NO_SUBJECT, "subject") if fault.field == "subject" else (NO_TEXT, "letter")
        raise BadInput(wrong, field=field + version) from None
