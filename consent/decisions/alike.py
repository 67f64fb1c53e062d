"""One question about many addresses: whoever stands alike gets the same answer, worked out and written once."""

import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from consent.db.types import as_id, as_instant
from consent.policies.rulebook import Question, Verdict
from consent.preferences import numbers
from consent.preferences.asking import standing_of
from consent.preferences.models import NOBODY
from consent.preferences.rules import Standing, State
from consent.preferences.service import Brief

Event = bytes | str  # as the driver gave it
Moment = str | datetime  # likewise
Key = tuple[Any, ...]

# A number in its one spelling, as almost every list holds them: no more has to be looked at.
_NUMBER = r"\+(?:1[2-9]\d\d[2-9]\d{6}|[2-9]\d{7,14})"
_CANONICAL = re.compile(_NUMBER, re.ASCII).fullmatch
_ALL_CANONICAL = re.compile(f"{_NUMBER}(?:,{_NUMBER})*+", re.ASCII).fullmatch
_MARK = uuid.UUID(int=0xEE << 120)  # stands for the entry while an answer is worked out; no entry has it
_PLACE = str(_MARK).encode()
_NOBODY = frozenset((NOBODY.bytes, str(NOBODY)))  # as either driver gives it
_MOST_SPANS = 8  # of one month: more there are only where an answer names a time, and then sharing gains nothing
_DASHES = (8, 13, 18, 23)  # where they stand in an id as it is written (RFC 9562)
_DIGITS = tuple(place for place in range(36) if place not in _DASHES)


class Shared(NamedTuple):
    """An answer that many get: what is written around the entry it rests on, wherever that is named."""

    parts: list[bytes]
    allows: bool


Answered = tuple[Shared, Event]


class _Span:
    """From when to when people said what this is the answer to."""

    __slots__ = ("first", "last", "shared")

    def __init__(self, at: Any, shared: Shared) -> None:
        self.first, self.last, self.shared = at, at, shared


class Alike:
    """The answers to one question, by what stands behind each address.

    Most people have said one thing about one program, or said STOP to it. Rules ask how old that is, never more than
    one turn in the answer as it ages (a test holds that): between two moments of a month that have the same answer,
    everybody gets it, each with an entry of their own.
    """

    def __init__(
        self, question: Question, decide: Callable[[Question, Any], Verdict], write: Callable[[Verdict], str]
    ) -> None:
        self._question, self._decide, self._write = question, decide, write
        self._spans: dict[Key | None, list[_Span]] = {}  # nothing at None
        self._counted = numbers.within(numbers.FREQUENCY, question.program)
        self._unknown: Shared | None = None

    @property
    def unknown(self) -> Shared:
        """The answer for whom nothing is on record."""
        if self._unknown is None:
            self._unknown = self._shared({}, marked=False)
        return self._unknown

    def answers(self, rows: list[Brief]) -> tuple[dict[int, Answered], set[int]]:
        """The answers by short tag; second, the tags of those whose answer rests on more than these rows."""
        rows.sort(key=itemgetter(0))  # SQLite gives them so, and then it is quickly done
        answered: dict[int, Answered] = {}
        apart: set[int] = set()
        spans, mine = self._spans, list[Brief]()
        for row, following in zip(rows, [*rows[1:], (None,)], strict=False):  # of no rows nothing follows
            if row[0] == following[0]:
                mine.append(row)
                continue
            tag, event, at, program, person, state, version, detail = row
            month = at[:7] if type(at) is str else (at.year, at.month)
            shared: Shared | None
            if not mine:
                # It matters whether a person is named, not who: there is nobody else to be compared with.
                key: Key | None = (program, state, version, detail, person in _NOBODY, month)
            elif len(mine) == 1 and mine[0][1] == event and mine[0][2] == at:
                key = (month, mine[0][3:], row[3:])  # what a STOP leaves mostly
            else:
                key = _of_one_event(month, [*mine, row])
            for span in spans.get(key, ()):
                if span.first <= at <= span.last:
                    shared = span.shared
                    break
            else:
                mine.append(row)
                shared = self._worked_out(mine, marked=False) if key is None else self._learnt(key, mine)
            if shared is None:
                apart.add(tag)
            else:
                answered[tag] = shared, event
            if mine:
                mine = []
        return answered, apart

    def _learnt(self, key: Key, mine: list[Brief]) -> Shared | None:
        """The answer, shared from now on with everybody between this moment and those that gave the same one."""
        shared, at = self._worked_out(mine, marked=True), mine[0][2]
        if shared is None:
            return None
        spans = self._spans.setdefault(key, [])
        for span in spans:
            if span.shared == shared:
                first, last = min(span.first, at), max(span.last, at)
                if all(one is span or one.last < first or last < one.first for one in spans):
                    span.first, span.last = first, last
                    return span.shared
        if len(spans) < _MOST_SPANS:
            spans.append(_Span(at, shared))
        return shared

    def _worked_out(self, mine: Sequence[Brief], *, marked: bool) -> Shared | None:
        """The answer to whoever has these rows; None where it rests on more. `marked`: their one entry is left open."""
        if self._counted in [one[3] for one in mine]:
            return None  # somebody chose how often the program may write: what was sent has to be counted
        state: State = {
            (program, _id(person)): Standing(
                said, as_instant(at), _MARK if marked else _id(event), "", version, "", False, detail
            )
            for _, event, at, program, person, said, version, detail in mine
        }
        return self._shared(state, marked=marked)

    def _shared(self, state: State, *, marked: bool) -> Shared:
        verdict = self._decide(self._question, standing_of(state, self._question.program, None))
        text = self._write(verdict).encode()
        return Shared(text.split(_PLACE) if marked else [text], verdict.answer == "allow")


def written(answered: Sequence[Answered]) -> list[bytes]:
    """The answers as they are given, each with its entry."""
    texts = entry_texts([event for _, event in answered])
    return [text.join(shared.parts) for text, (shared, _) in zip(texts, answered, strict=True)]


def entry_texts(events: Sequence[Event]) -> list[bytes]:
    """Ids as they are written: 8-4-4-4-12 digits."""
    if set(map(type, events)) != {bytes}:
        return [one.encode() if isinstance(one, str) else str(as_id(one)).encode() for one in events]
    # All at once, digit by digit: a third of the time of writing each by itself.
    digits, size = b"".join(events).hex().encode(), 36 * len(events)  # type: ignore[arg-type]
    text = bytearray(b"-") * size
    for nth, place in enumerate(_DIGITS):
        text[place::36] = digits[nth::32]
    whole = bytes(text)
    return [whole[start : start + 36] for start in range(0, size, 36)]


def newest_of(rows: Iterable[Brief]) -> dict[int, Event]:
    """The newest entry at each place that has one, by short tag."""
    newest: dict[int, tuple[Moment, Event]] = {}
    for row in rows:
        tag, event, at = row[:3]
        if event not in _NOBODY and (tag not in newest or newest[tag] < (at, event)):
            newest[tag] = at, event
    return {tag: event for tag, (_, event) in newest.items()}


def is_canonical(number: str) -> bool:
    """Whether a telephone number is in its one spelling already (E.164, North American numbers checked)."""
    return _CANONICAL(number) is not None


def are_canonical(numbers: Sequence[str]) -> bool:
    """Whether each of them is; asked of all at once, at half the cost. False of none."""
    joined = ",".join(numbers)  # who has a comma inside makes more commas than there are places between
    return joined.count(",") == len(numbers) - 1 and _ALL_CANONICAL(joined) is not None


def _of_one_event(month: Any, rows: list[Brief]) -> Key | None:
    """What is alike in rows that one event left, which age as one does; None where several events did."""
    _, event, at = rows[0][:3]
    if any(one[1] != event or one[2] != at for one in rows):
        return None
    return month, *[one[3:] for one in rows]


def _id(value: Event) -> uuid.UUID:
    return uuid.UUID(value) if isinstance(value, str) else as_id(value)
