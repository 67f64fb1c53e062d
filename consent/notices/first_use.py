"""The first use of the services under each version, which some documents take as acceptance; never as a consent."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import BadInput, NotFound
from consent.ledger import service as ledger
from consent.ledger.bodies import CLOCK_SKEW
from consent.ledger.keys import Keyring
from consent.policies import queries
from consent.policies.governing import InForce
from consent.policies.rulebook import Rulebook
from consent.policies.version import PolicyVersionPack, main_version
from consent.subjects import service as subjects

_KNOWN = Sql(
    "SELECT used_at, event_id FROM policy_first_use WHERE organization_id = :organization_id"
    " AND person_id = :person_id AND version_id = :version_id"
)
_KEEP = Sql(
    "INSERT INTO policy_first_use (organization_id, person_id, version_id, used_at, event_id)"
    " VALUES (:organization_id, :person_id, :version_id, :used_at, :event_id)"
    " ON CONFLICT (organization_id, person_id, version_id)"
    " DO UPDATE SET used_at = excluded.used_at, event_id = excluded.event_id"
)
ACCEPTANCE = "acceptance"


@dataclass(frozen=True, slots=True)
class Use:
    """What is on record of a person's first use under one version; `first` where this one is it."""

    policy: str
    policy_version: str
    commitment: str | None
    used_at: datetime
    entry: uuid.UUID
    first: bool


def record(tx: Tx, keyring: Keyring, in_force: InForce, person: str, used_at: datetime, now: datetime) -> list[Use]:
    """One for each version that takes use as acceptance, else for the main one; `in_force` is that of `used_at`.

    Told again, or of a later use, it changes nothing; an earlier use that is told late takes the place of the other.
    """
    if used_at > now + CLOCK_SKEW:
        raise BadInput("This time lies ahead. Send the instant of the use.", field="used_at")
    organization_id = in_force.log.organization_id
    person_id = subjects.person(tx, keyring, organization_id, person, now)
    stream = ledger.stream(tx, keyring, organization_id, organization_id)  # locked: the same use told twice at once
    published = {(one.policy, one.version): one.id for one in queries.published(tx, organization_id)}
    found = []
    for version, commitment in _accepting(in_force.rulebook):
        version_id = published.get((version.policy, version.version))
        if version_id is None:
            raise NotFound("There is no such version.")
        place: dict[str, object] = {
            "organization_id": organization_id,
            "person_id": person_id,
            "version_id": version_id,
        }
        row = tx.one(_KNOWN, place)
        if row is not None and as_instant(row[0]) <= used_at:
            found.append(Use(version.policy, version.version, commitment, as_instant(row[0]), as_id(row[1]), False))
            continue
        data: dict[str, object] = {
            "person": str(person_id),
            "policy": version.policy,
            "policy_version": version.version,
        }
        if commitment is not None:
            data["commitment"] = commitment
        event = ledger.Event("policy.first_used", "api", data=data, occurred_at=used_at)
        entry = ledger.append(tx, in_force.log, stream, event, now)
        tx.run(_KEEP, place | {"used_at": used_at, "event_id": entry.event_id})
        found.append(Use(version.policy, version.version, commitment, used_at, entry.event_id, True))
    return found


def _accepting(rulebook: Rulebook) -> list[tuple[PolicyVersionPack, str | None]]:
    """The versions that speak of acceptance by use, each with the promise that does."""
    found: list[tuple[PolicyVersionPack, str | None]] = []
    for version in rulebook.versions:
        speaking = next((one.id for one in version.commitments if one.kind == ACCEPTANCE), None)
        if speaking is not None:
            found.append((version, speaking))
    return found or [(main_version(rulebook.versions), None)]
