"""The letter about an incident: as everybody gets it, the hash by which each proof names it, and what it must be."""

import hashlib
from dataclasses import replace
from html import escape

from consent.errors import BadInput
from consent.gateways.email.base import refuse_what_no_header_holds
from consent.incidents.queries import Words
from consent.outbox.mail import Mail
from consent.web.messages import N_

NO_SUBJECT = N_("A subject is one line of at most 250 characters, and every one of them can be read.")
NO_TEXT = N_("The letter holds a character that no text holds, or it is too long.")
NEEDED = N_("People are being told by this letter: it needs a subject and a text.")


def letter_of(words: Words) -> Mail:
    """The letter as everybody gets it."""
    paragraphs = ("<br>".join(map(escape, part.split("\n"))) for part in words.letter.split("\n\n"))
    return Mail(words.subject, words.letter, "".join(f"<p>{one}</p>" for one in paragraphs))


def letter_hash(words: Words) -> bytes:
    """The hash of the letter as it stands, by which each proof names it."""
    return hashlib.sha256(f"{words.subject}\n{words.letter}".encode()).digest()


def check(words: Words, *, telling: bool) -> None:
    """Raises BadInput for a letter that no mail can carry, and while people are told by it, for one that is empty."""
    for name in ("subject", "letter"):
        if telling and not getattr(words, name).strip():
            raise BadInput(NEEDED, field=name)
    try:
        # What is not written yet is no fault: a draft may begin with either.
        refuse_what_no_header_holds(letter_of(replace(words, subject=words.subject if words.subject.strip() else "-")))
    except BadInput as fault:
        about_subject = fault.field == "subject"
        wrong, field = (NO_SUBJECT, "subject") if about_subject else (NO_TEXT, "letter")
        raise BadInput(wrong, field=field) from None
