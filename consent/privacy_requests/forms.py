"""What a form of a request asks, and what was written into it. A form asks no more than the answer needs."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from consent.policies.answers.openings import ELSEWHERE, Asks
from consent.privacy_requests.rules import LONGEST_WORDS
from consent.privacy_requests.sorts import Sort
from consent.web.forms import UNSEEN
from consent.web.messages import N_

CHOOSE = N_("Choose one of these.")
EMPTY = N_("Write a few words.")
TOO_LONG = N_("This is too long; 4,000 characters are read.")
LONGEST_CONTACT = 320


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of the form of one sort, as they are shown."""

    contact: bool
    places: tuple[str, ...]
    roles: tuple[str, ...]
    grounds: tuple[str, ...]
    words: str

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields, in their order."""
        asked = {
            "place": self.places,
            "role": self.roles,
            "ground": self.grounds,
            "contact": self.contact,
            "words": self.words,
        }
        return tuple(name for name, one in asked.items() if one)


@dataclass(frozen=True, slots=True)
class Filled:
    """What was chosen and written; None for what was not asked."""

    place: str | None
    role: str | None
    ground: str | None
    words: str | None


def form_of(sort: Sort, asks: Asks, *, known: bool) -> Form:
    """The form; whose address is proven already (`known`) need not write it again."""
    return Form(
        not known,
        (*asks.places, ELSEWHERE) if asks.places else (),
        (*asks.roles, "") if asks.roles else (),
        asks.grounds,
        sort.words,
    )


def read(form: Form, sent: Mapping[str, str]) -> tuple[Filled, dict[str, str]]:
    """What was sent, and what is wrong with it by field; a value that the form did not offer is none."""
    wrong: dict[str, str] = {}
    chosen: dict[str, str | None] = {}
    for name, offered in (("place", form.places), ("role", form.roles), ("ground", form.grounds)):
        chosen[name] = sent.get(name) if offered else None
        if offered and chosen[name] not in offered:
            wrong[name] = CHOOSE
    words = lines(sent.get("words", "")) if form.words else None
    if form.words and not words:
        wrong["words"] = EMPTY
    elif words is not None and len(words) > LONGEST_WORDS:
        wrong["words"] = TOO_LONG
    return Filled(chosen["place"], chosen["role"], chosen["ground"], words), wrong


def lines(value: str) -> str:
    """Several lines as somebody wrote them, without what nobody sees and what turns the direction of writing."""
    told = value[: LONGEST_WORDS * 4].replace("\r\n", "\n")
    kept = "".join(one for one in told if one == "\n" or unicodedata.category(one) not in UNSEEN)
    return unicodedata.normalize("NFC", kept).strip()
