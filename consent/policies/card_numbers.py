"""Payment card numbers and their security codes, found in text whose digits are plain ASCII.

Sources: ISO/IEC 7812-1 (structure, check digit by Luhn); the issuer ranges the card networks publish.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple


class Group(NamedTuple):
    """Digits without anything between them."""

    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start


Run = list[Group]
Span = tuple[int, int]

_DIGITS = re.compile("[0-9]+")
# What people and keyboards put between the groups of a number: blanks, dashes, dots, invisible marks.
_SEPARATOR = "[ \\-./_\u00a0\u00ad\u00b7\u2000-\u2015\u2022\u202f\u2060\u20e3\u2212\ufe0f\ufeff]"
_GAP = re.compile(_SEPARATOR + "{1,3}")
_LONG_RUN = re.compile("[0-9](?:" + _SEPARATOR + "{0,3}[0-9]){12}")

# First digits, lengths, and whether the range is narrow enough to trust in any grouping.
_RANGES: tuple[tuple[range, tuple[int, ...], bool], ...] = (
    (range(4000, 5000), (13, 16, 19), True),  # Visa
    (range(5100, 5600), (16,), True),  # Mastercard
    (range(2221, 2721), (16,), True),  # Mastercard
    (range(3400, 3500), (15,), True),  # American Express
    (range(3700, 3800), (15,), True),  # American Express
    (range(6011, 6012), (16, 17, 18, 19), True),  # Discover
    (range(6440, 6600), (16, 17, 18, 19), True),  # Discover
    (range(3000, 3060), (14, 16, 17, 18, 19), True),  # Diners Club
    (range(3600, 3700), (14, 16, 17, 18, 19), True),  # Diners Club
    (range(3800, 4000), (14, 16, 17, 18, 19), True),  # Diners Club
    (range(3528, 3590), (16, 17, 18, 19), True),  # JCB
    (range(6200, 6300), (16, 17, 18, 19), True),  # UnionPay
    (range(2200, 2205), (16, 17, 18, 19), True),  # Mir
    (range(8100, 8300), (16, 17, 18, 19), False),  # UnionPay, RuPay
    (range(9792, 9793), (16,), True),  # Troy
    (range(5000, 5100), (13, 14, 15, 16, 17, 18, 19), False),  # Maestro, Verve, Elo
    (range(5600, 5900), (13, 14, 15, 16, 17, 18, 19), False),  # Maestro
    (range(6000, 7000), (13, 14, 15, 16, 17, 18, 19), False),  # Maestro, RuPay, Hipercard
)
_ISSUERS: dict[bytes, tuple[tuple[int, ...], bool]] = {}
for _prefixes, _lengths, _narrow in _RANGES:
    for _prefix in _prefixes:
        _ISSUERS.setdefault(b"%04d" % _prefix, (_lengths, _narrow))

# The sum of the digits of twice a digit, for the byte that spells it.
_DOUBLED = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))

# Said of a payment card, these words make any grouping of its digits one.
_CARD_WORDS = re.compile(r"\b(?:card|visa|master ?card|amex|discover|debit|credit|carte|tarjeta)\b", re.IGNORECASE)
# The digits read in any grouping: a person's message holds far fewer.
_MOST_LOOSE_DIGITS = 400


def runs(plain: str) -> list[Run]:
    """The groups of digits of a text, those together that only separators part."""
    found: list[Run] = []
    end = -1
    for match in _DIGITS.finditer(plain):
        group = Group(match.start(), match.end())
        if found and group.start - end <= 3 and _GAP.fullmatch(plain, end, group.start):
            found[-1].append(group)
        else:
            found.append([group])
        end = group.end
    return found


def may_hold_card(plain: str) -> bool:
    """Whether enough digits stand together."""
    return _LONG_RUN.search(plain) is not None


def cards(plain: str, found: list[Run]) -> list[Span]:
    """Where card numbers stand, first digit to last."""
    if not may_hold_card(plain):
        return []
    spans: list[Span] = []
    loose_left = _MOST_LOOSE_DIGITS if _CARD_WORDS.search(plain) else 0
    for run in found:
        size = sum(group.size for group in run)
        if size < 13:
            continue
        loose = size <= loose_left
        loose_left -= size if loose else 0
        spans += _cards_of(plain, run, loose)
    return spans


def _cards_of(plain: str, run: Run, loose: bool) -> Iterator[Span]:
    digits = "".join([plain[start:end] for start, end in run]).encode("ascii")
    at = 0
    for i, group in enumerate(run):
        issuer = _ISSUERS.get(digits[at : at + 4])
        if issuer is not None:
            lengths, narrow = issuer
            signed = group.start > 0 and plain[group.start - 1] == "+"
            for last, length in _windows(run, i, loose, narrow):
                # ITU-T E.164: a telephone number has up to 15 digits, and this one says that it is one.
                if length in lengths and not (signed and length <= 15) and is_luhn(digits[at : at + length]):
                    yield group.start, run[last].end
            if group.size > 19:
                yield from _at_the_front(digits[at : at + 19], group, lengths)
        at += group.size


def _windows(run: Run, i: int, loose: bool, narrow: bool) -> Iterator[tuple[int, int]]:
    """The last group and the length of every way to read a card number from group `i` on.

    Card numbers are written in one piece, in equal groups with a shorter last one, or as 4-6-5 and 4-6-4; other
    groupings are dates and telephone numbers standing side by side.
    """
    size = run[i].size
    if size >= 13:
        if size <= 19:
            yield i, size
        return
    if size == 4 and i + 2 < len(run) and run[i + 1].size == 6 and run[i + 2].size in (4, 5):
        yield i + 2, 10 + run[i + 2].size
    # Groups of four are read from each of them on, all others only from the first of their size.
    if not loose and (size > 8 or (size != 4 and (not narrow or (i > 0 and run[i - 1].size == size)))):
        return
    total = 0
    for j in range(i, min(i + 19, len(run))):
        total += run[j].size
        if total > 19 or (not loose and run[j].size > size):
            return
        if total >= 13:
            yield j, total
        if not loose and run[j].size < size:
            return


def _at_the_front(digits: bytes, group: Group, lengths: tuple[int, ...]) -> Iterator[Span]:
    """A card number that runs into its expiry date and code without a gap: the whole is taken."""
    if group.size <= 30 and any(is_luhn(digits[:length]) for length in lengths):
        yield group.start, group.end


def is_luhn(digits: bytes) -> bool:
    """Whether the last digit is the check digit of the others."""
    odd = digits[-1::-2]
    return (sum(odd) - 48 * len(odd) + sum(digits[-2::-2].translate(_DOUBLED))) % 10 == 0


_CODE_WORDS = re.compile(
    r"\b(?:cvv2?|cvc2?|cvn|csc|cid|cvd|(?:card )?(?:security|verification) (?:code|value|number)|"
    r"code de s[eé]curit[eé]|cryptogramme|c[oó]digo de seguridad)\b",
    re.IGNORECASE,
)
# How far from its word a code stands: "cvv is: 123", "123 is the code on the back, cvv".
_NEAR = 24


def may_hold_code(plain: str) -> bool:
    """Whether the text speaks of a security code."""
    return _CODE_WORDS.search(plain) is not None


def codes(plain: str, found: list[Run], known: list[Span]) -> list[Span]:
    """Where security codes stand: beside a word for them, or in the wake of a card number."""
    spans = list(_codes_by_word(plain, found))
    groups = [group for run in found for group in run]
    starts = [group.start for group in groups]
    last_of_run = {run[-1].start for run in found}
    for _, end in known:
        for group in groups[bisect_left(starts, end) : bisect_right(starts, end + _NEAR)]:
            # Only the last of its run: "call 509-555-0142" after a card number begins with three digits too.
            if group.size == 3 and group.start in last_of_run:
                spans.append((group.start, group.end))
                break
    return spans


def _codes_by_word(plain: str, found: list[Run]) -> Iterator[Span]:
    candidates = [
        (run[0].start, run[-1].end)
        for run in found
        if 3 <= sum(group.size for group in run) <= 4 and (len(run) == 1 or len(run) >= 3)
    ]
    starts, ends = [start for start, _ in candidates], [end for _, end in candidates]
    for word in _CODE_WORDS.finditer(plain):
        after = bisect_left(starts, word.end())
        before = bisect_right(ends, word.start()) - 1
        if after < len(starts) and _is_near(plain, word.end(), starts[after]):
            yield candidates[after]
        elif before >= 0 and _is_near(plain, ends[before], word.start()):
            yield candidates[before]


def _is_near(plain: str, start: int, end: int) -> bool:
    return end - start <= _NEAR and not _DIGITS.search(plain, start, end)
