"""What a type of request is: how people call it, what is gone through, how it may end, what its doing consists of."""

from dataclasses import dataclass
from enum import StrEnum

from consent.web.messages import N_


class Doing(StrEnum):
    """What carries out an approved request."""

    ANSWER = "answer"  # what is held goes out, behind a fresh code
    ERASE = "erase"  # the stores erase, our own tables last
    CORRECT = "correct"  # the stores correct, each with its receipt
    LETTER = "letter"  # a person answers in words
    SETTING = "setting"  # it held from the moment it was asked; whoever must know is told


# Every outcome there is; a type names those that it can end in.
DO, REFUSE, DEFER, KEEP, ANONYMIZE, ISOLATE = "do", "refuse", "defer", "keep", "anonymize", "isolate"
ANSWERED = frozenset((DO, REFUSE))


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of request as people make it. `proof`: a code shows first that the address is theirs.

    `words`: what a free text answers. `expected`: people look for it, so where it is not owed the page says why.
    """

    wish: str
    title: str
    sentence: str
    proof: bool = True
    words: str = ""
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list that is gone through; `key` is what stands in the timeline when it is done.

    `facts`: it is done by what is written down of it, and not by a tick. `last`: once everything is approved.
    """

    key: str
    title: str
    facts: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True)
class RequestType:
    """A type of request. `words` are those of policies and laws for it; `place` is where it stands on the page.

    `by_category`: each class of data that is held has an outcome of its own. `erases`: what is done cannot be undone.
    `in_order`: no item of the list is done before the ones above it.
    """

    name: str
    words: tuple[str, ...]
    doing: Doing
    checklist: tuple[Item, ...]
    outcomes: frozenset[str] = ANSWERED
    sort: Sort | None = None
    proof: bool = True
    by_category: bool = False
    in_order: bool = False

    @property
    def erases(self) -> bool:
        """Is what it does gone for good?"""
        return self.doing is Doing.ERASE

    @property
    def in_words(self) -> bool:
        """Is it over when a person says so? Everything else closes by receipts."""
        return self.doing in (Doing.LETTER, Doing.SETTING)


# Lines that several lists share.
RECEIVED = Item("acknowledged", N_("Confirm its receipt"))
WHO = Item("verified", N_("Make sure who asks"))
HELD = Item("looked-up", N_("Look up what is held, and from whom each item came"))
DECIDED = Item("decided", N_("Decide each class of data"))
APPROVED = Item("approved", N_("Have an officer approve it"))
DONE = Item("done", N_("Carry it out, with a receipt from each system"))
TOLD = Item("told", N_("Tell the person, and what they can do if they disagree"))
