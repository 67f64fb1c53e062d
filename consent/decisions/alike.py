"""One question about many addresses: whoever stands alike gets the same answer, worked out and written once."""

import re
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from consent.db.types import as_id, as_instant
from consent.policies.rulebook import Question, Verdict
from consent.preferences.asking import standing_of
from consent.preferences.models import NOBODY
from consent.preferences.rules import State
from consent.preferences.service import state_from

Row = tuple[Any, ...]

# A number in its one spelling, as almost every list holds them: no more has to be looked at.
_CANONICAL = re.compile(r"\+(?:1[2-9]\d\d[2-9]\d{6}|[2-9]\d{7,14})", re.ASCII).fullmatch
_HOUR = timedelta(minutes=59, seconds=59, microseconds=999_999)
_MARK = uuid.UUID(int=0xEE << 120)  # stands for the entry while an answer is worked out; no entry has it
_PLACE, _NOBODY = str(_MARK), str(NOBODY)


class Alike:
    """The answers to one question, by what stands behind each address.

    Most people have said one thing about one program, many of them in the same hour: where the first and the last
    minute of that hour give the same answer, all between get it, each with an entry of its own.
    """

    def __init__(
        self, question: Question, decide: Callable[[Question, Any], Verdict], write: Callable[[Verdict], str]
    ) -> None:
        self._question, self._decide, self._write = question, decide, write
        self._pieces: dict[Row, list[str] | None] = {}
        self._unknown = ""

    def answer(self, rows: Sequence[Row] | None) -> str:
        """Answer and reasons for an address with these rows of state."""
        if not rows:
            self._unknown = self._unknown or self._worked_out({})
            return self._unknown
        if len(rows) == 1:
            program, person, state, at, event, *others = rows[0]
            key = (program, person, state, str(at)[:13], *others)
            if key not in self._pieces:
                self._pieces[key] = self._of_an_hour(rows[0])
            pieces = self._pieces[key]
            if pieces is not None:
                return _text_of(event).join(pieces)
        return self._worked_out(state_from(rows))

    def _of_an_hour(self, row: Row) -> list[str] | None:
        """The answer around its entries, if every minute of that hour gives the same one; of one person only."""
        if as_id(row[1]) != NOBODY:
            return None
        first = as_instant(row[3]).replace(minute=0, second=0, microsecond=0)
        at_the_edges = {
            self._worked_out(state_from([(*row[:3], at, _MARK, *row[5:])])) for at in (first, first + _HOUR)
        }
        return at_the_edges.pop().split(_PLACE) if len(at_the_edges) == 1 else None

    def _worked_out(self, state: State) -> str:
        return self._write(self._decide(self._question, standing_of(state, self._question.program, None)))


def is_canonical(number: str) -> bool:
    """Whether a telephone number is in its one spelling already (E.164, North American numbers checked)."""
    return _CANONICAL(number) is not None


def newest_of(rows: Sequence[Row]) -> str:
    """The newest entry among these rows, as text; empty where none has one."""
    if len(rows) == 1:
        said = _text_of(rows[0][4])
        return said if said != _NOBODY else ""
    told = [(one[3], one[4]) for one in rows if as_id(one[4]) != NOBODY]
    return _text_of(max(told)[1]) if told else ""


def _text_of(event: bytes | uuid.UUID) -> str:
    """The id as it is written; quicker than by way of a UUID where the driver gave bytes."""
    if not isinstance(event, bytes):
        return str(event)
    said = event.hex()
    return f"{said[:8]}-{said[8:12]}-{said[12:16]}-{said[16:20]}-{said[20:]}"
