"""Card numbers, security codes and bank accounts blotted out of texts before they are written. Pure, linear.

What is kept is the kind and the place of what was blotted out, never a digit of it.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal
from urllib.parse import quote_plus, unquote_to_bytes

from consent.policies import bank_accounts, card_numbers
from consent.policies.card_numbers import Span

Kind = Literal["card", "cvv", "bank_account", "unread"]
BLOT = "•"


@dataclass(frozen=True, slots=True)
class Found:
    """Something was blotted out here."""

    kind: Kind
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Masked:
    """The text that may be kept, and what stood in it."""

    text: str = field(repr=False)
    found: tuple[Found, ...] = ()


# Nothing we look for has fewer than three digits, and most messages have none.
_THREE_DIGITS = re.compile("[0-9][^0-9]*[0-9][^0-9]*[0-9]")
# The longest text a phone sends holds fewer digits; what comes after so many is blotted out unread.
_MOST_DIGITS = 2000


def mask(text: str) -> Masked:
    """The text with card numbers, security codes and bank accounts replaced digit by digit."""
    plain = text if text.isascii() else _with_plain_digits(text)
    if not _THREE_DIGITS.search(plain):
        return Masked(text)
    end = len(plain) if len(plain) <= _MOST_DIGITS else _end_of_reading(plain)
    found = _found(plain[:end])
    if end < len(plain):
        found.append(Found("unread", end, len(plain) - end))
    if not found:
        return Masked(text)
    return Masked(_blotted(text, plain, found), tuple(found))


def blotted(text: str, found: Iterable[Found]) -> str:
    """The text with these alone blotted out: some of what `mask` found in it."""
    return _blotted(text, text if text.isascii() else _with_plain_digits(text), found)


def _found(plain: str) -> list[Found]:
    accounts = list(bank_accounts.ibans(plain))
    named, coded = bank_accounts.may_be_named(plain), card_numbers.may_hold_code(plain)
    if not (accounts or named or coded or card_numbers.may_hold_card(plain)):
        return []
    runs = card_numbers.runs(plain)
    cards = card_numbers.cards(plain, runs)
    accounts += bank_accounts.named(plain, runs) if named else ()
    codes = card_numbers.codes(plain, runs, cards) if cards or coded else []
    return _joined([("card", cards), ("bank_account", accounts), ("cvv", codes)])


_LETTERS_AND_DIGITS = re.compile(r"[^\W_]")


def _blotted(text: str, plain: str, found: Iterable[Found]) -> str:
    characters = list(text)
    for one in found:
        # An IBAN's letters name the bank; its country may stay.
        letters_from = one.start + 2 if one.kind == "bank_account" else len(plain)
        for match in _LETTERS_AND_DIGITS.finditer(plain, one.start, one.start + one.length):
            i = match.start()
            if plain[i] in "0123456789" or i >= letters_from:
                characters[i] = BLOT
    return "".join(characters)


def _end_of_reading(plain: str) -> int:
    """Where the digits that are read end."""
    digits = re.finditer("[0-9]", plain)
    last = next(islice(digits, _MOST_DIGITS, None), None)
    return len(plain) if last is None else last.start()


def _with_plain_digits(text: str) -> str:
    """The text, character for character, with the digits of all scripts, raised ones too, as 0 to 9."""
    digits = {ord(c): unicodedata.digit(c, None) for c in set(text) if not c.isascii()}
    table = {code: str(digit) for code, digit in digits.items() if digit is not None}
    return text.translate(table) if table else text


def _joined(kinds: Iterable[tuple[Kind, Iterable[Span]]]) -> list[Found]:
    """What was found in the order of the text; where two overlap they are one, of the earlier kind named."""
    ranked = [(rank, kind, span) for rank, (kind, spans) in enumerate(kinds) for span in spans]
    spans = sorted((start, -end, rank, kind) for rank, kind, (start, end) in ranked)
    found: list[Found] = []
    for start, minus_end, _, kind in spans:
        end = -minus_end
        if found and start < found[-1].start + found[-1].length:
            last = found[-1]
            found[-1] = Found(last.kind, last.start, max(last.length, end - last.start))
        else:
            found.append(Found(kind, start, end - start))
    return found


# Ids are needed to find a message again, and their digits are nobody's card: a word for an id as the last of the name,
# and one word for a value. `paid` and `void` end in the same letters.
_ID = re.compile(
    "(?:\\A|[^A-Za-z])(?i:sid|uuid|id|sha256|signature)\\Z"
    "|[a-z0-9](?:SID|UUID|ID|SHA256)\\Z|[A-Za-z0-9](?:Sid|Uuid|Id|Sha256|Signature)\\Z"
    "|(?i:(?:message|msg|sms|sender|account|request)id)\\Z"
)


def mask_bytes_for_evidence(body: bytes, content_type: str) -> bytes:
    """The raw body as it may be kept: the same bytes where nothing is blotted out, still a form or JSON."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return b"&".join([_masked_field(part) for part in body.split(b"&")])
    if kind == "application/json" or kind.endswith("+json"):
        return _masked_json(body)
    return _masked_text(body)


def _masked_field(part: bytes) -> bytes:
    name, equals, value = part.partition(b"=")
    kept = _masked_word(name) + equals
    return kept + (value if _is_id(name.decode("latin-1"), _read(value)) else _masked_word(value))


def _masked_word(raw: bytes) -> bytes:
    if raw.isalpha():  # as nearly every name
        return raw
    masked = mask(_read(raw))
    return quote_plus(masked.text).encode("ascii") if masked.found else raw


def _read(raw: bytes) -> str:
    return unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8", "replace")


def _is_id(name: str, value: str) -> bool:
    return _ID.search(name) is not None and len(value.split()) == 1


def _masked_json(body: bytes) -> bytes:
    reading = _Json()
    try:
        kept = reading.kept(body)
    except (ValueError, RecursionError):
        return _masked_text(body)
    return json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace") if reading.changed else body


class _Json:
    """Reads JSON as it may be kept; `changed` where something in it was blotted out."""

    def __init__(self) -> None:
        self.changed = False

    def kept(self, source: str | bytes) -> Any:
        return self._walk(json.loads(source, object_pairs_hook=self._members))

    def _members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Of a member that comes twice the last one stays once something is blotted out, be it in an earlier one."""
        members = dict(pairs)
        if len(members) < len(pairs):
            for name, value in pairs:
                self._member(name, value)
        return members

    def _member(self, name: str, value: Any) -> Any:
        return value if isinstance(value, str) and _is_id(name, value) else self._walk(value)

    def _walk(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self._walk(item) for item in value]
        if isinstance(value, dict):
            return {self._text(name): self._member(name, item) for name, item in value.items()}
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            said = str(int(value) if isinstance(value, float) and value.is_integer() else value)
            text = self._text(said)
            return value if text == said else text
        return value

    def _text(self, text: str) -> str:
        """A text, which may be JSON itself, as what SNS brings is: an escape in it hides nothing either."""
        if text.lstrip()[:1] in ("{", "["):
            inside = _Json()
            try:
                kept = inside.kept(text)
            except (ValueError, RecursionError):
                inside.changed = False
            if inside.changed:
                self.changed = True
                text = json.dumps(kept, ensure_ascii=False)
        masked = mask(text)
        self.changed = self.changed or bool(masked.found)
        return masked.text


def _masked_text(body: bytes) -> bytes:
    masked = mask(body.decode("utf-8", "surrogateescape"))
    return masked.text.encode("utf-8", "surrogateescape") if masked.found else body
