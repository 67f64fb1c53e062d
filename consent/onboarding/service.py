"""A customer is taken on once it has said, under the version in force, that it decides about its users' data."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import BadInput, Conflict
from consent.ledger import service as ledger
from consent.ledger.bodies import CLOCK_SKEW, instant
from consent.ledger.keys import Keyring
from consent.policies.answers.roles import PROCESSOR
from consent.policies.governing import InForce
from consent.policies.kinds import sentence
from consent.policies.rulebook import Rulebook
from consent.policies.version import Commitment
from consent.subjects import service as subjects

TAKEN_ON = "customer.taken_on"
NOBODY_DECIDES = "The policy in force names no data about which customers decide; there is nothing to acknowledge."

_KNOWN = Sql(
    "SELECT acknowledged_at, entry_id FROM customer_taken_on WHERE organization_id = :organization_id"
    " AND person_id = :person_id AND policy = :policy AND policy_version = :policy_version"
)
_KEEP = Sql(
    "INSERT INTO customer_taken_on (organization_id, person_id, policy, policy_version, acknowledged_at, entry_id)"
    " VALUES (:organization_id, :person_id, :policy, :policy_version, :acknowledged_at, :entry_id)"
)
_LIST = Sql(
    "SELECT person_id, policy, policy_version, acknowledged_at, entry_id FROM customer_taken_on"
    " WHERE organization_id = :organization_id AND entry_id > :after ORDER BY entry_id LIMIT :most"
)
FIRST = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Said:
    """What a customer said when it was taken on, and who entered it."""

    customer: str = field(repr=False)
    acknowledged: bool
    acknowledged_at: datetime
    entered_by: str | None = field(default=None, repr=False)


def take_on(
    tx: Tx, keyring: Keyring, in_force: InForce, said: Said, source: str, now: datetime
) -> tuple[dict[str, Any], bool]:
    """The customer as it is on record, and whether that is new. Told again under the same version it is the same.

    Conflict where the policy has nothing that a customer decides about; BadInput without the acknowledgement.
    """
    rulebook = in_force.rulebook
    promises = rulebook.roles.acknowledging()
    if not promises:
        raise Conflict(NOBODY_DECIDES)
    if not said.acknowledged:
        raise BadInput(
            f"A customer is taken on once it has acknowledged this: {sentence(promises[0])} ({promises[0].id})",
            field="acknowledged",
        )
    if said.acknowledged_at > now + CLOCK_SKEW:
        raise BadInput("This time lies ahead. Send the instant of the acknowledgement.", field="acknowledged_at")
    organization_id, version = in_force.log.organization_id, rulebook.policy_version
    person_id = subjects.person(tx, keyring, organization_id, said.customer, now)
    stream = ledger.stream(tx, keyring, organization_id, organization_id)  # locked: the same told twice at once
    place: dict[str, object] = {
        "organization_id": organization_id, "person_id": person_id, "policy": version.policy,
        "policy_version": version.version,
    }  # fmt: skip
    row = tx.one(_KNOWN, place)
    if row is not None:
        return shown(rulebook, person_id, as_instant(row[0]), as_id(row[1])), False
    resting = dict.fromkeys([*(one.id for one in promises), *(one.rests_on for one in rulebook.roles.every())])
    data: dict[str, object] = {
        "person": str(person_id),
        "processor_of": [one.category for one in rulebook.roles.every() if one.role == PROCESSOR],
        "duties": list(rulebook.roles.duties()),
        "rests_on": [one for one in resting if one is not None],
        **version.cited(),
    }
    event = ledger.Event(
        TAKEN_ON, source, data=data, occurred_at=said.acknowledged_at, facts={"staff": said.entered_by}
    )
    entry = ledger.append(tx, in_force.log, stream, event, now)
    tx.run(_KEEP, place | {"acknowledged_at": entry.occurred_at, "entry_id": entry.event_id})
    return shown(rulebook, person_id, entry.occurred_at, entry.event_id), True


def shown(rulebook: Rulebook, customer: uuid.UUID, acknowledged_at: datetime, entry: uuid.UUID) -> dict[str, Any]:
    """The customer as the API gives it: under which version it acknowledged what, and what it is reminded of."""
    version = rulebook.policy_version
    return {
        "id": str(customer),
        "acknowledged_at": instant(acknowledged_at),
        "entry": str(entry),
        "policy": version.policy,
        "policy_version": version.version,
        **allocation(rulebook),
    }


def allocation(rulebook: Rulebook) -> dict[str, Any]:
    """What the company is for each class of data at each service, what a customer acknowledges, and its duties."""
    return {
        "roles": [one._asdict() for one in rulebook.roles.every()],
        "acknowledges": [
            {"commitment": one.id, "text": sentence(one), "clause": one.clause.heading}
            for one in rulebook.roles.acknowledging()
            if isinstance(one, Commitment)
        ],
        "reminders": list(rulebook.roles.duties()),
    }


def listed(tx: Tx, organization_id: uuid.UUID, after: uuid.UUID, most: int) -> list[dict[str, Any]]:
    """Who was taken on, in that order: once for each version that a customer acknowledged."""
    rows = tx.all(_LIST, {"organization_id": organization_id, "after": after, "most": most})
    return [
        {
            "id": str(as_id(row[0])),
            "policy": row[1],
            "policy_version": row[2],
            "acknowledged_at": instant(as_instant(row[3])),
            "entry": str(as_id(row[4])),
        }
        for row in rows
    ]
