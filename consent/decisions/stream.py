"""Questions that come one a line, answered some at a time in bounded memory: a bad line never harms another."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import marshmallow as ma

from consent import clock
from consent.db import Database, Tx
from consent.decisions import plain_lines, service
from consent.decisions.many import AT_ONCE, Asker, groups
from consent.decisions.service import Asked
from consent.errors import ConsentError
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.policies.questions import NO_FACTS
from consent.policies.rulebook import Facts
from consent.preferences.api import REACHABLE
from consent.subjects import service as subjects
from consent.web import metrics
from consent.web.bodies import encode, parse_object
from consent.web.lines import lines_of
from consent.web.logs import log, traced
from consent.web.problems import fields_at_fault

LONGEST_LINE = 64 * 1024  # bytes; a question with a text is far shorter


class Line(NamedTuple):
    """A line: its number, and the question it holds or, as an answer, what is wrong with it."""

    at: int
    plain: tuple[str, str, str] | None = None  # program, class and channel, where nothing else is named …
    address: str = ""  # … but the address, in its one spelling
    asked: Asked | None = None
    stored: bool = False
    wrong: bytes = b""


class Questions:
    """The gate for a stream of questions of one organization; `reader` is the schema of a single question.

    `nothing_waits` is asked before each group, as it is before each single question: a stream outlives an outage.
    """

    def __init__(
        self,
        db: Database,
        keyring: Keyring,
        governing: Governing,
        organization_id: uuid.UUID,
        reader: ma.Schema,
        nothing_waits: Callable[[], None],
    ) -> None:
        self._db, self._keyring, self._governing = db, keyring, governing
        self._organization_id, self._reader, self._nothing_waits = organization_id, reader, nothing_waits

    def answers(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """A line for each line that is not empty, in their order. The last one says so where it had to end early."""
        at = 0
        try:
            for some in groups(numbered(pieces), AT_ONCE):
                yield self._answered(some)
                at = some[-1][0]
        except ConsentError as away:
            yield encode({"line": at + 1, "error": f"{away.detail} Ask again from this line on."}) + b"\n"
        except Exception as error:  # 200 went out long ago: whoever reads must still learn that this is not all
            log.error("decision_stream_broken", **traced(error))
            yield encode({"line": at + 1, "error": "Something broke here. Ask again from this line on."}) + b"\n"

    def _answered(self, some: list[tuple[int, bytes | None]]) -> bytes:
        self._nothing_waits()
        now = clock.now()
        present = self._asker(now, now)
        with self._db.read(self._organization_id) as tx:
            plain = _understood(present, [raw for _, raw in some])
            known = {place for mine in plain.values() for place in mine.places}
            lines = [self._line(tx, present, *one, now) for place, one in enumerate(some) if place not in known]
            said = {one.at: one.wrong for one in lines if one.wrong} | _plain(tx, present, lines)
            for about, mine in plain.items():
                answers = present.plain(tx, *about, mine.addresses)
                said |= zip([some[place][0] for place in mine.places], answers, strict=True)
        for one in lines:
            if one.asked is not None:
                said[one.at] = self._apart(present, one.asked, one.stored, now)
        metrics.DECISION_ALLOW.inc(present.allowed)
        metrics.DECISION_DENY.inc(present.denied)
        return b"\n".join([*[said[at] for at, _ in some], b""])

    def _asker(self, about: datetime, now: datetime) -> Asker:
        """The gate as it stands at `about`."""
        organization_id = self._organization_id
        return Asker(self._keyring, organization_id, self._governing.asked_about(organization_id, about, now), now)

    def _apart(self, present: Asker, asked: Asked, stored: bool, now: datetime) -> bytes:
        """The answer to a question that says more, is about a later instant or wants to be stored."""
        # What governs then may be another version.
        asker = present if asked.at <= now else self._asker(asked.at, now)
        if stored:
            return self._db.write(lambda tx: asker.stored(tx, [asked])[0], self._organization_id)
        with self._db.read(self._organization_id, single=True) as tx:
            return asker.whole(tx, asked)

    def _line(self, tx: Tx, asker: Asker, at: int, raw: bytes | None, now: datetime) -> Line:
        try:
            if raw is None:
                return _wrong(at, f"A line has at most {LONGEST_LINE} bytes.")
            said = parse_object(raw)
            if _is_plain(said):  # the usual question needs no schema to be understood
                about = said["program"], said["message_class"], said["channel"]
                return Line(at, about, asker.canonical(said["channel"], said["address"]))
            given: dict[str, Any] = self._reader.load(said)
            return Line(at, asked=self._asked(tx, asker, given, now), stored=bool(given.get("store", False)))
        except ma.ValidationError as problem:
            first = fields_at_fault(problem.normalized_messages())[0]  # type: ignore[no-untyped-call]
            return _wrong(at, first["message"], first["field"])
        except ConsentError as problem:
            if problem.status >= 500:
                raise
            return _wrong(at, problem.detail, problem.field)

    def _asked(self, tx: Tx, asker: Asker, given: dict[str, Any], now: datetime) -> Asked:
        about = given.get("at") or now
        if about is not now:
            service.check_time(about, now)
        person_id = None
        if "person" in given:
            found = subjects.find_person(tx, self._keyring, self._organization_id, given["person"])
            person_id = found or service.STRANGER
        tagged = asker.tagged(given["channel"], given["address"])
        facts = Facts(**given["facts"]) if "facts" in given else NO_FACTS
        return Asked(given["program"], given["message_class"], tagged, about, given.get("content"), person_id, facts)


def numbered(pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """Number and content of each line that is not empty; None in place of one that is too long."""
    for at, line in enumerate(lines_of(pieces, LONGEST_LINE), 1):
        if line is None or (line and not line.isspace()):
            yield at, line


def _understood(asker: Asker, lines: Sequence[bytes | None]) -> dict[plain_lines.About, plain_lines.Plain]:
    """The plain questions, addresses in their one spelling; what is wrong with others is said line by line."""
    found: dict[plain_lines.About, plain_lines.Plain] = {}
    for about, mine in plain_lines.read(lines).items():
        if about[2] in REACHABLE:
            spelled, wrong = asker.spelled(about[2], mine.addresses)
            places = [place for nth, place in enumerate(mine.places) if nth not in wrong]
            found[about] = plain_lines.Plain(places, spelled)
    return found


def _plain(tx: Tx, asker: Asker, lines: list[Line]) -> dict[int, bytes]:
    """The answers to the plain questions, by their lines; those that differ in the address only are asked together."""
    by_question: dict[tuple[str, str, str], list[Line]] = {}
    for one in lines:
        if one.plain is not None:
            by_question.setdefault(one.plain, []).append(one)
    said: dict[int, bytes] = {}
    for about, mine in by_question.items():
        said |= zip([one.at for one in mine], asker.plain(tx, *about, [one.address for one in mine]), strict=True)
    return said


def _is_plain(said: dict[str, Any]) -> bool:
    """Whether a question is made of nothing but a few short words, on a channel there is."""
    if said.keys() != plain_lines.PLAIN:
        return False
    if not all(type(value) is str and 0 < len(value) <= plain_lines.LONGEST for value in said.values()):
        return False
    return said["channel"] in REACHABLE


def _wrong(at: int, why: str, field: str | None = None) -> Line:
    said: dict[str, Any] = {"line": at, "error": why}
    return Line(at, wrong=encode(said | ({"field": field} if field else {})))
