"""Consents that end or begin in our own ledger start and stop the clocks that a promise ties to them (1V-28, 1V-30).

The ledger is followed leaf by leaf: an entry gets its place there only once it is committed, so none is passed by.
"""

import json
import uuid
from datetime import datetime

from consent.db import Database, Sql, Tx
from consent.db.types import as_id, as_instant
from consent.ledger import bodies
from consent.ledger import queries as leaves
from consent.ledger.keys import Keyring
from consent.policies.answers.reasons import of_kind
from consent.policies.governing import Governing, InForce
from consent.policies.kinds import shapes as s
from consent.policies.rulebook import Rulebook
from consent.preferences.facts import effect_of
from consent.preferences.models import NOBODY
from consent.retention import clocks, hold_rows
from consent.retention.clocks import Happened
from consent.subjects import service as subjects

PAGE = 512  # leaves read at once
AT_ONCE = 50  # contact points whose consents one transaction looks at
STARTS_CLOCK = "start-clock-"
ENDS, BEGINS = "consent-withdrawal", "new-consent"

Place = tuple[int, int]  # log and leaf

_REACHED = Sql("SELECT consents_log, consents_leaf FROM retention_walk WHERE organization_id = :organization_id")
_OF_CONTACT = (
    "SELECT person_id, state, occurred_at FROM preference WHERE organization_id = :organization_id"
    " AND channel = :channel AND tag64 = :tag64 AND person_id <> :nobody AND program IN (SELECT {feature})"
)
_CONSENTS = Sql(
    _OF_CONTACT.format(feature="value FROM json_each(:features)"),
    postgresql=_OF_CONTACT.format(feature="json_array_elements_text(CAST(:features AS json))"),
)
_WENT_ON = Sql(
    "INSERT INTO retention_walk (organization_id, rules, through, changed, consents_log, consents_leaf)"
    " VALUES (:organization_id, '', :first, 0, :log, :leaf) ON CONFLICT (organization_id)"
    " DO UPDATE SET consents_log = excluded.consents_log, consents_leaf = excluded.consents_leaf"
)


def follow_consents(
    db: Database, keyring: Keyring, governing: Governing, organization_id: uuid.UUID, now: datetime
) -> int:
    """Every sealed change of a consent that starts or stops a clock is in the dates; returns how many records moved."""
    in_force = governing.now(organization_id, now)
    tied = features(in_force.rulebook)
    if not tied:
        return 0
    with db.read(organization_id, single=True) as tx:
        row = tx.one(_REACHED, {"organization_id": organization_id})
    place: Place = (0, -1) if row is None else (row[0], row[1])
    moved = 0
    while True:
        contacts, then = _changed(db, organization_id, place)
        if then == place:
            return moved
        moved += db.write(
            lambda tx, some=contacts, then=then: _follow(tx, keyring, in_force, tied, some, then, now),  # type: ignore[misc]
            organization_id,
        )
        place = then


def features(rulebook: Rulebook) -> tuple[str, ...]:
    """The features whose withdrawn consent starts a clock, as promises say."""
    found = {
        feature
        for one in of_kind(rulebook.promises, "consent-withdrawal")
        if any(effect.startswith(STARTS_CLOCK) for effect in s.as_list(one.parameters.get("effect")))
        for feature in s.as_list(one.parameters.get("feature"))
    }
    return tuple(sorted(found))


def _changed(db: Database, organization_id: uuid.UUID, after: Place) -> tuple[list[uuid.UUID], Place]:
    """Contact points of which something was said behind that place, and up to which place this is all."""
    contacts, place = dict[uuid.UUID, None](), after
    while True:
        with db.read(organization_id, single=True) as tx:
            rows = leaves.sealed_after(tx, organization_id, *place, PAGE)
        for log_id, leaf_index, body in rows:
            if effect_of(bodies.type_of(bytes(body)), {}) is not None:
                contacts[bodies.parse(bytes(body)).stream] = None
            place = (log_id, leaf_index)
            if len(contacts) == AT_ONCE:
                return list(contacts), place
        if len(rows) < PAGE:
            return list(contacts), place


def _follow(
    tx: Tx, keyring: Keyring, in_force: InForce, tied: tuple[str, ...], contacts: list[uuid.UUID], then: Place,
    now: datetime,
) -> int:  # fmt: skip
    """What holds of these contact points now has started and stopped clocks; how many records moved."""
    organization_id = in_force.log.organization_id
    asked = {"organization_id": organization_id, "features": json.dumps(tied), "nobody": NOBODY}
    reckoner, moved = hold_rows.reckoner(tx, in_force.rulebook, now), 0
    for contact in contacts:
        known = subjects.tag_of(tx, organization_id, contact)
        rows = [] if known is None else tx.all(_CONSENTS, asked | {"channel": known[0], "tag64": known[1]})
        for person, state, at in rows:
            event = Happened(BEGINS if state == "given" else ENDS, as_instant(at), person_id=as_id(person))
            moved += len(clocks.start(tx, keyring, in_force.log, reckoner, event, "system", now))
    went = {"organization_id": organization_id, "first": uuid.UUID(int=0), "log": then[0], "leaf": then[1]}
    tx.run(_WENT_ON, went)
    return moved
