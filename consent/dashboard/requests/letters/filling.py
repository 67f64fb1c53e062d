"""A letter with its places filled: `{{name}}` becomes the fact of that name, once, and nothing else happens. Pure.

No template language reads what people wrote (ledger-and-security S05): a value that holds `{{due}}` stays as it is.
"""

import unicodedata
from collections.abc import Mapping

from consent.policies.replies import PLACEHOLDER
from consent.web.forms import UNSEEN
from consent.web.messages import N_

LONGEST_SUBJECT, LONGEST_TEXT = 200, 8000  # characters
# What a letter may name; whoever writes one sees this list beside it.
FIELDS = {
    "organization": N_("the name of the company"),
    "request": N_("what was asked, in a word"),
    "wish": N_("what was asked, after “you asked us”"),
    "reference": N_("the number of the request"),
    "received": N_("the day it arrived"),
    "answer_date": N_("the sentence that says by when it is answered, or that we are late"),
    "due": N_("the day by which it is answered, while it is not past"),
    "extended_due": N_("the later day, after an extension"),
    "reason": N_("the reason you gave"),
    "decisions": N_("what becomes of each kind of data"),
    "recipient": N_("to whom it was passed on"),
    "status_page": N_("the page on which the request can be followed"),
    "contact": N_("where the company is reached about privacy"),
    "complaint": N_("where the person can complain"),
    "fee": N_("what it costs"),
    "handed_over": N_("to whom data went for marketing of their own"),
    "then": N_("what happens if whoever it was passed on to does nothing"),
}


class OpenPlace(Exception):
    """A place of the letter stays open: no letter has such a fact, or (`known`) this request does not have it."""

    def __init__(self, name: str, *, known: bool) -> None:
        super().__init__("a place of the letter stays open")
        self.name, self.known = name[:40], known


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with every place filled; raises OpenPlace for the first one that cannot be."""
    for name in places(text):
        if not facts.get(name) or name not in FIELDS:
            raise OpenPlace(name, known=name in FIELDS)
    return PLACEHOLDER.sub(lambda found: facts[found[1]], text)


def places(text: str) -> tuple[str, ...]:
    """The names in the text, each once, in their order."""
    return tuple(dict.fromkeys(found[1] for found in PLACEHOLDER.finditer(text)))


def subject_line(text: str) -> str:
    """One line that a mail's header holds: no control characters, no line breaks (S07)."""
    kept = "".join(" " if one in "\r\n\t" else one for one in text if one in "\r\n\t" or not _unseen(one))
    return " ".join(unicodedata.normalize("NFC", kept).split())


def plain(text: str) -> str:
    """Several lines as they were typed, without what nobody sees and what turns the direction of writing."""
    kept = "".join(one for one in text.replace("\r\n", "\n") if one == "\n" or not _unseen(one))
    return unicodedata.normalize("NFC", kept).strip()


def _unseen(one: str) -> bool:
    return unicodedata.category(one) in UNSEEN
