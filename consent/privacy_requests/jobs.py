"""What the clock calls for requests: deferrals come back, what nobody verified ends, old files are reduced."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from consent.db import Database, Sql, Tx
from consent.db.types import as_id
from consent.deadlines import Period, zones
from consent.deadlines.zones import local_date
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.privacy_requests import casework, paging, steps, types
from consent.privacy_requests.casework import SYSTEM, Desk
from consent.privacy_requests.moves import NotNow

_DEFERRED = Sql(
    "SELECT id FROM privacy_request WHERE organization_id = :organization_id AND recheck_on <= :today"
    " AND state IN ('fulfilled', 'denied') AND id > :after ORDER BY id LIMIT :most"
)
_UNVERIFIED = Sql(
    "SELECT id FROM privacy_request WHERE organization_id = :organization_id"  # noqa: S608 - fixed words
    " AND state IN ('open', 'in_progress') AND verified_at IS NULL AND received_at < :before"
    f" AND request_type NOT IN {types.words_in_sql(lambda one: not one.proof)} AND id > :after ORDER BY id LIMIT :most"
)
_OLD = Sql(
    "SELECT id FROM privacy_request WHERE organization_id = :organization_id AND closed_at < :before"
    " AND reduced_at IS NULL AND state IN ('fulfilled', 'denied', 'revoked', 'expired') AND id > :after ORDER BY id"
    " LIMIT :most"
)
_REDUCE = Sql(
    "UPDATE privacy_request SET sealed_words = NULL, sealed_representative = NULL, sealed_extension = NULL,"
    " reduced_at = :now WHERE organization_id = :organization_id AND id = :id AND reduced_at IS NULL"
)
_REDUCE_OUTCOMES = Sql(
    "UPDATE request_outcome SET sealed_words = NULL WHERE organization_id = :organization_id AND request_id = :id"
)


def reopen_deferred(
    db: Database, keyring: Keyring, governing: Governing, organization_id: uuid.UUID, now: datetime
) -> int:
    """What was put off until today is under way again (T-53); it waits while another of its sort is."""
    in_force = governing.now(organization_id, now)
    desk = Desk(keyring, in_force.log, in_force.rulebook)
    found = _ids(db, _DEFERRED, organization_id, {"today": _today(in_force.rulebook.organization.zone, now)})

    def work(tx: Tx, request_id: uuid.UUID) -> int:
        try:
            casework.reopen(tx, desk, request_id, SYSTEM, now, "the day of a deferral has come")
        except NotNow:
            return 0
        return 1

    return sum(db.write(lambda tx, one=one: work(tx, one), organization_id) for one in found)  # type: ignore[misc]


def expire_unverified(
    db: Database,
    keyring: Keyring,
    governing: Governing,
    organization_id: uuid.UUID,
    after: Period | None,
    now: datetime,
) -> int:
    """Requests of which nobody showed in the time the company settled that they are theirs are over; else they stay."""
    if after is None:
        return 0
    before = now - after.elapsed
    ended = 0
    for request_id in _ids(db, _UNVERIFIED, organization_id, {"before": before}):
        with db.read(organization_id) as tx:
            case = casework.load(tx, organization_id, request_id)
        judged = governing.at(organization_id, case.counts_from)
        desk = Desk(keyring, judged.log, judged.rulebook)
        try:
            db.write(
                lambda tx, desk=desk, case=case: casework.expire(tx, desk, case.id, SYSTEM, now, after.text),  # type: ignore[misc]
                organization_id,
            )
        except NotNow:  # they have shown it meanwhile
            continue
        ended += 1
    return ended


def reduce_files(db: Database, organization_id: uuid.UUID, kept: Period | None, where: ZoneInfo, now: datetime) -> int:
    """Requests closed longer ago than their record is kept hold nothing but what proves the answer (T-58)."""
    if kept is None:
        return 0
    last = kept.before(local_date(now, where))
    before = datetime(last.year, last.month, last.day, tzinfo=where)
    found = _ids(db, _OLD, organization_id, {"before": before})

    def work(tx: Tx, request_id: uuid.UUID) -> int:
        place = {"organization_id": organization_id, "id": request_id}
        if tx.run(_REDUCE, place | {"now": now}) != 1:
            return 0
        tx.run(_REDUCE_OUTCOMES, place)
        steps.add(tx, organization_id, request_id, "reduced", now, None, None, {"kept_for": kept.text})
        return 1

    return sum(db.write(lambda tx, one=one: work(tx, one), organization_id) for one in found)  # type: ignore[misc]


def _ids(db: Database, sql: Sql, organization_id: uuid.UUID, asked: dict[str, object]) -> Iterator[uuid.UUID]:
    return (as_id(row[0]) for row in paging.each(db, organization_id, sql, asked))


def _today(zone: str, now: datetime) -> date:
    return local_date(now, zones.zone(zone))
