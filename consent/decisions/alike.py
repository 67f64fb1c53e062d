"""One question about many addresses: whoever stands alike gets the same answer, worked out and written once."""

import re
import uuid
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from consent.db.types import as_id, as_instant
from consent.policies.rulebook import Question, Verdict
from consent.preferences import numbers
from consent.preferences.asking import standing_of
from consent.preferences.brief import NO_EVENT, Brief, What
from consent.preferences.models import NOBODY
from consent.preferences.rules import Standing, State

Key = tuple[Any, ...]
Row = tuple[bytes, str, What]  # event, time, what it says

# A number in its one spelling, as almost every list holds them: no more has to be looked at.
_NUMBER = r"\+(?:1[2-9]\d\d[2-9]\d{6}|[2-9]\d{7,14})"
_CANONICAL = re.compile(_NUMBER, re.ASCII).fullmatch
_ALL_CANONICAL = re.compile(f"{_NUMBER}(?:,{_NUMBER})*+", re.ASCII).fullmatch
_MARK = uuid.UUID(int=0xEE << 120)  # stands for the entry while an answer is worked out; no entry has it
_PLACE = str(_MARK).encode()
_MOST_SPANS = 8  # of one month: more there are only where an answer names a time, and then sharing gains nothing
_MONTH = len("2026-11")
_DASHES = (8, 13, 18, 23)  # where they stand in an id as it is written (RFC 9562)
_DIGITS = tuple(place for place in range(36) if place not in _DASHES)


class Shared(NamedTuple):
    """An answer that many get: what is written around the entry it rests on, wherever that is named."""

    parts: list[bytes]
    allows: bool


Answered = tuple[Shared, bytes]  # and the entry it rests on


class _Span:
    """From when to when people said what this is the answer to."""

    __slots__ = ("first", "last", "shared")

    def __init__(self, at: str, shared: Shared) -> None:
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

    def answers(self, rows: Brief) -> tuple[dict[int, Answered], set[int]]:
        """The answers by short tag; second, the tags of those whose answer rests on more than these rows."""
        answered: dict[int, Answered] = {}
        apart: set[int] = set()
        spans, before = self._spans, list[Row]()  # the rows of this tag so far, all but the last
        for tag, following, event, at, what in zip(  # of the last row nothing follows
            rows.tags, [*rows.tags[1:], None], rows.events, rows.times, rows.what, strict=False
        ):
            if tag == following:
                before.append((event, at, what))
                continue
            shared: Shared | None
            if not before:
                # It matters whether a person is named, not who: there is nobody else to be compared with.
                key: Key | None = (at[:_MONTH], (what[0], "somebody", *what[2:]) if what[1] else what)
            elif len(before) == 1 and before[0][0] == event and before[0][1] == at:
                key = (at[:_MONTH], before[0][2], what)  # what a STOP leaves mostly
            else:
                key = _of_one_event([*before, (event, at, what)])
            for span in spans.get(key, ()):
                if span.first <= at <= span.last:
                    shared = span.shared
                    break
            else:
                mine = [*before, (event, at, what)]
                shared = self._worked_out(mine, marked=False) if key is None else self._learnt(key, mine)
            if shared is None:
                apart.add(tag)
            else:
                answered[tag] = shared, event
            if before:
                before = []
        return answered, apart

    def _learnt(self, key: Key, mine: list[Row]) -> Shared | None:
        """The answer, shared from now on with everybody between this moment and those that gave the same one."""
        shared, at = self._worked_out(mine, marked=True), mine[0][1]
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

    def _worked_out(self, mine: Sequence[Row], *, marked: bool) -> Shared | None:
        """The answer to whoever has these rows; None where it rests on more. `marked`: their one entry is left open."""
        if self._counted in [what[0] for _, _, what in mine]:
            return None  # somebody chose how often the program may write: what was sent has to be counted
        state: State = {
            (program, uuid.UUID(person) if person else NOBODY): Standing(
                said, as_instant(at), _MARK if marked else as_id(event), "", version, "", False, detail
            )
            for event, at, (program, person, said, version, detail) in mine
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


def entry_texts(events: Sequence[bytes]) -> list[bytes]:
    """Ids as they are written: 8-4-4-4-12 digits."""
    # All at once, digit by digit: a third of the time of writing each by itself.
    digits, size = b"".join(events).hex().encode(), 36 * len(events)
    text = bytearray(b"-") * size
    for nth, place in enumerate(_DIGITS):
        text[place::36] = digits[nth::32]
    whole = bytes(text)
    return [whole[start : start + 36] for start in range(0, size, 36)]


def newest_of(rows: Brief) -> dict[int, bytes]:
    """The newest entry at each place that has one, by short tag."""
    newest: dict[int, tuple[str, bytes]] = {}
    for tag, event, at in zip(rows.tags, rows.events, rows.times, strict=True):
        if event != NO_EVENT and (tag not in newest or newest[tag] < (at, event)):
            newest[tag] = at, event
    return {tag: event for tag, (_, event) in newest.items()}


def is_canonical(number: str) -> bool:
    """Whether a telephone number is in its one spelling already (E.164, North American numbers checked)."""
    return _CANONICAL(number) is not None


def are_canonical(numbers: Sequence[str]) -> bool:
    """Whether each of them is; asked of all at once, at half the cost. False of none."""
    joined = ",".join(numbers)  # who has a comma inside makes more commas than there are places between
    return joined.count(",") == len(numbers) - 1 and _ALL_CANONICAL(joined) is not None


def _of_one_event(rows: list[Row]) -> Key | None:
    """What is alike in rows that one event left, which age as one does; None where several events did."""
    event, at, _ = rows[0]
    if any(one[0] != event or one[1] != at for one in rows):
        return None
    return at[:_MONTH], *[one[2] for one in rows]
