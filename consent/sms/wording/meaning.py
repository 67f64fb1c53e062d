"""The words of an answer: what a text asks of us, and why we think so."""

from dataclasses import dataclass
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
    alone is no stop. `wrong_number`: who holds this number is not whom we meant. `asks`: what
    else is asked about the person's data (access, correction).
    """

    intent: Intent
    why: str
    keyword: str | None = None
    language: str | None = None
    everything: bool = False
    erasure: bool = False
    wrong_number: bool = False
    asks: tuple[str, ...] = ()
