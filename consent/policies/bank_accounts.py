"""Bank account numbers: IBANs by their check digits, North American ones where they are called by name.

Sources: ISO 13616 and the SWIFT IBAN registry (lengths), ISO 7064 (mod 97-10), the ABA routing number policy
(ranges and check digit), Payments Canada (transit and institution numbers).
"""

import re
from bisect import bisect_left
from collections.abc import Iterator

from consent.policies.card_numbers import Run, Span

_LENGTHS: dict[str, int] = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}
_IBAN = re.compile(rf"(?<![A-Z0-9])(?:{'|'.join(_LENGTHS)})[ \-]?[0-9]{{2}}(?:[ \-]?[A-Z0-9]){{11,30}}", re.IGNORECASE)
# More than a message can hold; the rest of a hostile text is not tried.
_MOST_IBANS = 200

_ROUTING = re.compile(r"\b(?:routing|aba|rtn)\b", re.IGNORECASE)
_TRANSIT = re.compile(r"\b(?:transit|institution)\b", re.IGNORECASE)
_ACCOUNT = re.compile(r"\b(?:account|acct|compte|cuenta)\b(?: ?(?:no|num|number|num[eé]ro|#))?", re.IGNORECASE)
_BANK = re.compile(
    r"\b(?:bank|checking|chequing|savings)(?: account| acct)\b|"
    r"\bcompte (?:bancaire|ch[eè]que|courant)|\bcuenta (?:bancaria|corriente|de ahorros)",
    re.IGNORECASE,
)
# How far behind its name a number stands.
_NEAR = 24


def ibans(plain: str) -> Iterator[Span]:
    """Where IBANs stand."""
    position = 0
    for _ in range(_MOST_IBANS):
        match = _IBAN.search(plain, position)
        if match is None:
            return
        end = _end_of(plain, match.start(), _LENGTHS[plain[match.start() : match.start() + 2].upper()])
        if end is not None and end <= match.end() and _is_iban(plain[match.start() : end]):
            yield match.start(), end
            position = end
        else:
            position = match.start() + 4


def _end_of(plain: str, start: int, length: int) -> int | None:
    """Where the letters and digits from `start` on number `length`, if a word ends there."""
    for position in range(start, min(start + 2 * length, len(plain))):
        length -= plain[position].isalnum()
        if not length:
            end = position + 1
            return None if end < len(plain) and plain[end].isalnum() else end
    return None


def _is_iban(text: str) -> bool:
    characters = [c for c in text.upper() if c.isalnum()]
    return int("".join([str(int(c, 36)) for c in characters[4:] + characters[:4]])) % 97 == 1


def may_be_named(plain: str) -> bool:
    """Whether the text speaks of a bank account."""
    return any(name.search(plain) for name in (_BANK, _ROUTING, _TRANSIT))


def named(plain: str, found: list[Run]) -> Iterator[Span]:
    """Where routing, transit and account numbers stand that the text calls so."""
    if not may_be_named(plain):
        return
    alone = [run[0] for run in found if len(run) == 1]
    routing = [group for group in alone if group.size == 9 and is_routing(plain[group.start : group.end])]
    if not (routing and _ROUTING.search(plain)):
        routing = []
    transit = {match.group().lower() for match in _TRANSIT.finditer(plain)} == {"transit", "institution"}
    yield from routing
    names = [_BANK, *([_ACCOUNT] if routing or transit else []), *([_TRANSIT] if transit else [])]
    starts = [group.start for group in alone]
    for name in names:
        for match in name.finditer(plain):
            after = bisect_left(starts, match.end())
            if after < len(alone) and starts[after] <= match.end() + _NEAR and 3 <= alone[after].size <= 17:
                yield alone[after]


def is_routing(digits: str) -> bool:
    """Whether nine digits are a routing number of the US: a range in use and a right check digit."""
    first = int(digits[:2])
    in_use = first <= 12 or 21 <= first <= 32 or 61 <= first <= 72 or first == 80
    weights = (3, 7, 1, 3, 7, 1, 3, 7, 1)
    return in_use and sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 10 == 0
