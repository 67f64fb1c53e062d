"""Consents that end or begin in our own ledger start and stop the clocks that a promise ties to them (1V-28, 1V-30)."""

import json
import uuid
from datetime import UTC, datetime

from consent.db import Database, Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ids import oldest_id
from consent.ledger.keys import Keyring
from consent.policies.answers.reasons import of_kind
from consent.policies.governing import Governing, InForce
from consent.policies.kinds import shapes as s
from consent.policies.rulebook import Rulebook
from consent.preferences.models import NOBODY
from consent.retention import clocks, hold_rows
from consent.retention.clocks import Happened

AT_ONCE = 200  # changes of consents in one transaction
STARTS_CLOCK = "start-clock-"
ENDS, BEGINS = "consent-withdrawal", "new-consent"
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)

_SINCE = Sql("SELECT consents_through FROM retention_walk WHERE organization_id = :organization_id")
_CHANGED = Sql(
    "SELECT person_id, state, occurred_at, event_id FROM preference WHERE organization_id = :organization_id"
    " AND program IN (SELECT value FROM json_each(:features)) AND event_id > :since AND person_id <> :nobody"
    " ORDER BY event_id LIMIT :most",
    postgresql="SELECT person_id, state, occurred_at, event_id FROM preference"
    " WHERE organization_id = :organization_id"
    " AND program IN (SELECT json_array_elements_text(CAST(:features AS json))) AND event_id > :since"
    " AND person_id <> :nobody ORDER BY event_id LIMIT :most",
)
_THROUGH = Sql(
    "INSERT INTO retention_walk (organization_id, rules, through, changed, consents_through)"
    " VALUES (:organization_id, '', :first, 0, :at) ON CONFLICT (organization_id)"
    " DO UPDATE SET consents_through = excluded.consents_through"
)


def follow_consents(
    db: Database, keyring: Keyring, governing: Governing, organization_id: uuid.UUID, now: datetime
) -> int:
    """Every change of a consent that starts or stops a clock is in the dates; returns how many records moved."""
    in_force = governing.now(organization_id, now)
    tied = features(in_force.rulebook)
    if not tied:
        return 0
    moved, after = 0, None
    while True:
        count, then = db.write(
            lambda tx, after=after: _follow(tx, keyring, in_force, tied, after, now),  # type: ignore[misc]
            organization_id,
        )
        moved += count
        if then is None:
            return moved
        after = then


def features(rulebook: Rulebook) -> tuple[str, ...]:
    """The features whose withdrawn consent starts a clock, as promises say."""
    found = {
        feature
        for one in of_kind(rulebook.promises, "consent-withdrawal")
        if any(effect.startswith(STARTS_CLOCK) for effect in s.as_list(one.parameters.get("effect")))
        for feature in s.as_list(one.parameters.get("feature"))
    }
    return tuple(sorted(found))


def _follow(
    tx: Tx, keyring: Keyring, in_force: InForce, tied: tuple[str, ...], after: uuid.UUID | None, now: datetime
) -> tuple[int, uuid.UUID | None]:
    """Some more changes; how many records moved, and where the next ones begin if there may be more."""
    organization_id = in_force.log.organization_id
    row = tx.one(_SINCE, {"organization_id": organization_id})
    since = after or oldest_id(EARLIEST if row is None or row[0] is None else as_instant(row[0]))
    asked = {"organization_id": organization_id, "features": json.dumps(tied), "since": since, "nobody": NOBODY}
    rows = tx.all(_CHANGED, asked | {"most": AT_ONCE})
    reckoner, moved = hold_rows.reckoner(tx, in_force.rulebook, now), 0
    for person, state, at, _event in rows:
        event = Happened(BEGINS if state == "given" else ENDS, as_instant(at), person_id=as_id(person))
        moved += len(clocks.start(tx, keyring, in_force.log, reckoner, event, "system", now))
    if not rows:
        return 0, None
    last = as_id(rows[-1][3])
    read = datetime.fromtimestamp((last.int >> 80) / 1000, UTC)  # of a UUIDv7; what is read twice changes nothing
    tx.run(_THROUGH, {"organization_id": organization_id, "first": uuid.UUID(int=0), "at": read})
    return moved, last if len(rows) == AT_ONCE else None
