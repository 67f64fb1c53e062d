"""Records that come one a line, registered some at a time in bounded memory: a bad line never harms another."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import marshmallow as ma

from consent import clock
from consent.db import Database
from consent.errors import ConsentError
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.retention import hold_rows, registering
from consent.retention.registering import Checker, Draft
from consent.retention.schemas import RecordIn
from consent.web.bodies import encode, parse_object
from consent.web.lines import lines_of
from consent.web.logs import log, traced
from consent.web.problems import fields_at_fault

LONGEST_LINE = 16 * 1024  # bytes
AT_ONCE = 500  # lines of one transaction


def draft_of(data: dict[str, Any]) -> Draft:
    """The record as it was told."""
    return Draft(
        data["category"],
        data["store"],
        data["reference"],
        data["collected_at"],
        data["purpose"],
        data.get("person"),
        data.get("role"),
        data.get("jurisdiction"),
        data.get("site"),
        data.get("use"),
        data.get("source"),
    )


class Reader:
    """The list of one organization, for a stream of records."""

    def __init__(self, db: Database, keyring: Keyring, governing: Governing, organization_id: uuid.UUID) -> None:
        self._db, self._keyring, self._governing, self._organization_id = db, keyring, governing, organization_id
        self._schema = RecordIn()

    def answers(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """A line for each line that is not empty, in their order; the last one says so where it had to end early."""
        at, some = 0, list[tuple[int, bytes | None]]()
        try:
            for at, line in enumerate(lines_of(pieces, LONGEST_LINE), 1):
                if line is None or (line and not line.isspace()):
                    some.append((at, line))
                if len(some) == AT_ONCE:
                    yield self._registered(some)
                    some = []
            if some:
                yield self._registered(some)
        except ConsentError as away:
            yield (
                encode({"line": some[0][0] if some else at, "error": f"{away.detail} Send again from this line on."})
                + b"\n"
            )
        except Exception as error:  # 200 went out long ago: whoever reads must still learn that this is not all
            log.error("record_stream_broken", **traced(error))
            first = some[0][0] if some else at
            yield encode({"line": first, "error": "Something broke here. Send again from this line on."}) + b"\n"

    def _registered(self, some: list[tuple[int, bytes | None]]) -> bytes:
        now = clock.now()
        in_force = self._governing.now(self._organization_id, now)
        with self._db.read(self._organization_id) as tx:
            checker = Checker(in_force.rulebook, registering.stores(tx, self._keyring, self._organization_id), now)
        said: dict[int, dict[str, Any]] = {}
        drafts: dict[int, Draft] = {}
        for at, line in some:
            read = self._read(checker, at, line)
            if isinstance(read, Draft):
                drafts[at] = read
            else:
                said[at] = read
        if drafts:
            made = self._db.write(
                lambda tx: self._write(tx, in_force, list(drafts.values()), now), self._organization_id
            )
            said |= {
                at: {"id": str(one.id), "new": one.terms is not None} for at, one in zip(drafts, made, strict=True)
            }
        return b"".join(encode(said[at]) + b"\n" for at, _ in some)

    def _write(self, tx: Any, in_force: Any, drafts: list[Draft], now: datetime) -> list[registering.Registered]:
        reckoner = hold_rows.reckoner(tx, in_force.rulebook, now)
        return registering.register(tx, self._keyring, in_force.log, reckoner, drafts, "api", now)

    def _read(self, checker: Checker, at: int, line: bytes | None) -> Draft | dict[str, Any]:
        try:
            if line is None:
                return {"line": at, "error": f"A line has at most {LONGEST_LINE} bytes."}
            draft = draft_of(self._schema.load(parse_object(line)))
            checker.check(draft)
        except ma.ValidationError as problem:
            first = fields_at_fault(problem.normalized_messages())[0]  # type: ignore[no-untyped-call]
            return {"line": at, "error": first["message"], "field": first["field"]}
        except ConsentError as problem:
            if problem.status >= 500:
                raise
            return {"line": at, "error": problem.detail} | ({"field": problem.field} if problem.field else {})
        return draft
