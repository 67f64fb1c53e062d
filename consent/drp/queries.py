"""What an agent is told of what it asked: the status object of section 3.03."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.drp import words
from consent.drp.words import Said
from consent.ledger import keys
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring

SEALED = "drp"  # the purpose of the key, and the place in the sealed part's authenticated data

COLUMNS = (
    "d.id, d.agent_id, d.privacy_request_id, d.opened, d.exercise, d.received_at, d.refused, d.confirmed_at,"
    " d.disowned_at, d.revoked_at, d.sealed, d.told, d.attempts, d.failing_since, p.request_type, p.state,"
    " p.verified_at, p.answer_by, p.acted_at, p.contact_point_id, p.denied_ground, p.extended_due_on,"
    " p.version"
)
FROM = (
    f"SELECT {COLUMNS} FROM drp_request d LEFT JOIN privacy_request p"  # noqa: S608 - fixed columns
    " ON p.organization_id = d.organization_id AND p.id = d.privacy_request_id"
    " WHERE d.organization_id = :organization_id"
)
_ONE = Sql(f"{FROM} AND d.id = :id")
_OF_MESSAGE = Sql("SELECT id FROM drp_request WHERE organization_id = :organization_id AND message_tag = :tag")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of an agent as it stands; what is of our own request is None where none came of it."""

    id: uuid.UUID
    agent_id: uuid.UUID
    privacy_request_id: uuid.UUID | None
    opened: bool
    exercise: str
    received_at: datetime
    refused: str
    confirmed_at: datetime | None
    disowned_at: datetime | None
    revoked_at: datetime | None
    agent_request_id: str | None
    callback: str | None = field(repr=False)
    told: str
    attempts: int
    failing_since: datetime | None
    request_type: str | None
    state: str | None
    verified_at: datetime | None
    due: date | None
    acted_at: datetime | None
    contact_point_id: uuid.UUID | None
    denied_ground: str
    is_extended: bool
    version: int

    @property
    def said(self) -> Said:
        """Where it stands, in the protocol's words."""
        if self.refused:
            return words.TABLE["denied", self.refused]
        if self.revoked_at is not None:
            return words.said_of("revoked")
        if self.disowned_at is not None:
            return words.TABLE["denied", "suspected-fraud"]
        assert self.request_type is not None and self.state is not None
        sure = self.confirmed_at is not None or not words.needs_confirming(self.request_type)
        # Who else has shown to be this person says nothing of whether they asked this agent.
        return words.said_of(self.state, self.denied_ground, unconfirmed=not sure)

    @property
    def mark(self) -> str:
        """What an agent is told, and of which version of our request."""
        due = self.due.isoformat() if self.due else ""
        return "|".join((self.said.status, self.said.reason, due, f"v{self.version}"))


def one(tx: Tx, keyring: Keyring, organization_id: uuid.UUID, identity: uuid.UUID) -> Asked | None:
    """One of them, or None."""
    row = tx.one(_ONE, {"organization_id": organization_id, "id": identity})
    return None if row is None else asked_of(keyring, organization_id, row)


def of_message(tx: Tx, organization_id: uuid.UUID, tag: bytes) -> uuid.UUID | None:
    """What came of this very message before, if it came before."""
    row = tx.one(_OF_MESSAGE, {"organization_id": organization_id, "tag": tag})
    return None if row is None else as_id(row[0])


def status(asked: Asked, pages: str) -> dict[str, Any]:
    """The status object; `pages` is where the organization's pages of requests begin."""
    said = asked.said
    shown: dict[str, Any] = {
        "request_id": str(asked.id),
        "received_at": instant(asked.received_at),
        "status": said.status,
        "processing_details": _details(asked, said),
    }
    if said.reason:
        shown["reason"] = said.reason
    if asked.agent_request_id is not None:
        shown["agent_request_id"] = asked.agent_request_id
    if asked.due is not None and not said.is_final:
        shown["expected_by"] = asked.due.isoformat()
    if said.reason == words.NEED_VERIFICATION:
        shown["user_verification_url"] = f"{pages}/agents/{asked.id}"
    if said.status == "fulfilled":
        shown["results_url"] = f"{pages}/status"
    return shown


def _details(asked: Asked, said: Said) -> str:
    if asked.exercise == words.NEVER:
        return words.OPT_IN_DETAILS
    if asked.acted_at is not None and not said.is_final:
        return words.HOLDS_ALREADY
    if asked.is_extended and not said.is_final:
        return f"{words.EXTENDED}: {asked.due}. {words.DETAILS[said]}"
    return words.DETAILS[said]


def sealed(
    keyring: Keyring,
    organization_id: uuid.UUID,
    identity: uuid.UUID,
    agent_request_id: str | None,
    callback: str | None,
) -> bytes:
    """What only the agent and we know of it, sealed."""
    plain = json.dumps({"agent_request_id": agent_request_id, "callback": callback}).encode()
    return keys.seal_facts(keyring.key_for(organization_id, SEALED), plain, organization_id, identity, SEALED)


def asked_of(keyring: Keyring, organization_id: uuid.UUID, row: tuple[Any, ...]) -> Asked:
    """The request behind a row of COLUMNS."""
    identity = as_id(row[0])
    kept = json.loads(
        keys.open_facts(keyring.key_for(organization_id, SEALED), bytes(row[10]), organization_id, identity, SEALED)
    )
    moments = [None if value is None else as_instant(value) for value in (*row[7:10], row[13], row[16], row[18])]
    return Asked(
        identity,
        as_id(row[1]),
        None if row[2] is None else as_id(row[2]),
        bool(row[3]),
        row[4],
        as_instant(row[5]),
        row[6],
        moments[0],
        moments[1],
        moments[2],
        kept["agent_request_id"],
        kept["callback"],
        row[11],
        row[12],
        moments[3],
        row[14],
        row[15],
        moments[4],
        None if row[17] is None else date.fromisoformat(str(row[17])),
        moments[5],
        None if row[19] is None else as_id(row[19]),
        row[20] or "",
        row[21] is not None,
        row[22] or 0,
    )
