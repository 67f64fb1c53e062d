"""Which letters there are, when each is offered first, and their texts by language."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from consent.web.i18n import ENGLISH, LANGUAGES
from consent.web.messages import N_

_TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: how staff call it, and when it is the one to send."""

    key: str
    title: str
    when: str


@dataclass(frozen=True, slots=True)
class Text:
    """What stands in a letter of one language, its places open."""

    subject: str
    text: str


LETTERS = (
    Letter("received", N_("We have your request"), N_("Once, soon after it arrived.")),
    Letter("proof", N_("We have to know that it is you"), N_("Before anything is handed out or deleted.")),
    Letter("details", N_("We need to know more"), N_("When nobody could tell what is meant.")),
    Letter("extension", N_("It takes longer"), N_("With the reason, before the first date has passed.")),
    Letter("passed-on", N_("We have passed it on"), N_("When somebody else decides about this data.")),
    Letter("fee", N_("What it costs"), N_("Before work begins that is charged for.")),
    Letter("later", N_("Part of it follows later"), N_("When some data is still needed for a while.")),
    Letter("refused", N_("We do not do this, and why"), N_("With the reason, and how to object.")),
    Letter("done", N_("It is done"), N_("When everything that was decided is done.")),
    Letter("marketing", N_("Who got it for their marketing"), N_("When the register was read and trackers weighed.")),
    Letter("other", N_("Something else"), N_("In your own words.")),
)
BY_KEY = {one.key: one for one in LETTERS}
# A letter that tells an outcome, with the ends of a request that it tells.
TELLS = {"later": ("fulfilled",), "refused": ("fulfilled", "denied"), "done": ("fulfilled",),
         "marketing": ("fulfilled",)}  # fmt: skip
TOO_EARLY = N_("This letter tells how the request ended: it can be written once the request is closed.")


NOT_YET_DONE = "done-but-last"  # the text of "done" while the last of the data still goes
ANSWER_DATE = "answer_date"  # the place that says by when we answer, or that we are late


@cache
def text_of(key: str, language: str, *, late: bool = False, last: bool = False) -> Text:
    """The letter in that language, in English where we do not write it; `late`: it says so wherever it begins.

    `last`: some of the data is still there and goes once this is told, so that no letter says that it is done.
    """
    name = NOT_YET_DONE if last and key == "done" else BY_KEY[key].key
    spoken = language if language in LANGUAGES else ENGLISH
    subject, _, text = (_TEXTS / f"{name}.{spoken}.txt").read_text(encoding="utf-8").partition("\n\n")
    place = f"{{{{{ANSWER_DATE}}}}}"
    if late and place not in text:
        greeting, about, rest = text.strip().split("\n\n", 2)
        text = "\n\n".join((greeting, about, place, rest))
    return Text(subject.strip(), text.strip())


def too_early(key: str, state: str, *, in_words: bool) -> bool:
    """Would the letter tell an outcome that there is not (yet)? `in_words`: the letter is what carries it out."""
    return key in TELLS and state not in TELLS[key] and not (in_words and state == "approved")
