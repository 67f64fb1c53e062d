"""Words with one slip of the finger: a letter too many, too few, wrong, or two in the wrong order.

No ordinary word falls in: what stands in ORDINARY is left alone, an ending (-s, -d, -r) is no slip, and the first
letter must be right.
"""

import re
from collections.abc import Iterable

_SHORTEST, _LONGEST = 6, 16
# Digits and signs drawn as letters.
_DRAWN = str.maketrans("013457$@", "oieastsa")

# Real words one slip away from a word of the tables.
_ORDINARY = (
    "interest interests interesting mandatory slamming spanning scamming coming "
    "testing tasting massage massages massaging contract contracts contacts cancer cancels remote remotes"
    " recede sensing seeding sealing counting contracting calming caking curling billing boiling reading"
    " wedding stoops stopper stoppage recover reveres revolve revoked evoke removal remodel moving proving"
    " numbed lumber member members slumber deletes deleted depleted unsubscribed resubscribe subscribe alters"
    " alerted writhing waiting wiring whiting person persons parson prison permit friend fiend trying taxing"
    " toting texture lasts lists liste alarm alarms averts adverse annoyed another blacked locked service"
    " services serious sister sitter letter latter offers officer officers office coffee reminded remainder"
    " remained minder update updated noticed notices notified receipt receipts recipe relieve believe achieve"
    " consents content contents contact compact contract lawyers lawful mailed mauvaise mandate manager"
    " messaged carrier career cancela cancelo arrets stopped stopper stopping annuls mandado manta mensual"
    " candado candados menage menages estaba estado estada estados"
    " sacaron quitaron borraron eliminaron dejaron pararon mandaron"
    " enviaron mensuales messieurs quieto quitar quitan nombre numeros"
)
ORDINARY = frozenset(_ORDINARY.split())


def plain_letters(said: str) -> str:
    """Digits and signs that stand for letters become these letters."""
    return said.translate(_DRAWN)


_HELD = re.compile(r"(.)\1{2,}")


def let_go(word: str) -> str:
    """The word with letters that are held down (three or more in a row) written once."""
    return _HELD.sub(r"\1", word)


class Misspellings:
    """The long words of the tables, found again with one slip in them."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(word for word in words if len(word) >= _SHORTEST)
        self.shorter: dict[str, str] = {}
        for word in sorted(self.words):
            for cut in _without_one(word):
                self.shorter.setdefault(cut, word)

    def meant(self, word: str) -> str | None:
        """The word of the tables that this one is a slip away from; None for every other word."""
        if not len(word) + 1 >= _SHORTEST or len(word) > _LONGEST or word in ORDINARY or not word.isalpha():
            return None
        near = self.shorter.get(word)
        if near is None:
            for cut in _without_one(word):
                near = cut if cut in self.words else self.shorter.get(cut)
                if near is not None and one_slip(word, near):
                    break
            else:
                return None
        return None if _differ_in_ending(word, near) else near


def _without_one(word: str) -> list[str]:
    """The word with each letter but the first left out."""
    return [word[:at] + word[at + 1 :] for at in range(1, len(word))]


def _differ_in_ending(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return longer[:-1] == shorter and longer[-1] in "sdr"


def one_slip(one: str, other: str) -> bool:
    """Is one the other with at most one letter added, left out, changed, or exchanged with its neighbour?"""
    if abs(len(one) - len(other)) > 1:
        return False
    at = 0
    most = min(len(one), len(other))
    while at < most and one[at] == other[at]:
        at += 1
    return (
        one[at + 1 :] == other[at:]
        or one[at:] == other[at + 1 :]
        or one[at + 1 :] == other[at + 1 :]
        or (one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :])
    )
