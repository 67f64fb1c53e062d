"""The case of a version: what it changes against the one before, what is promised about that, and how it is told."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from consent.db import Sql, Tx
from consent.db.types import as_id, as_instant
from consent.errors import NotFound
from consent.notices.rules import Case, change_of, new_purposes, usual_ways
from consent.policies import changes
from consent.policies import service as policies
from consent.policies.answers.notices import Change
from consent.policies.diff import compare
from consent.policies.rulebook import Rulebook
from consent.policies.version import PolicyVersionPack

_BEFORE = timedelta(milliseconds=1)
_VERSION = Sql(
    "SELECT id, policy, version, title, announced_at, effective_at, withdrawn_event_id, stream_id FROM policy_version"
    " WHERE organization_id = :organization_id AND id = :id AND status <> 'draft'"
)
_PUBLISHED = Sql(
    "SELECT p.id FROM policy_version p LEFT JOIN notice_campaign c"
    " ON c.organization_id = p.organization_id AND c.version_id = p.id"
    " WHERE p.organization_id = :organization_id AND p.status <> 'draft' AND p.withdrawn_event_id IS NULL"
    " AND c.id IS NULL AND p.announced_at >= :since AND p.announced_at <= :now ORDER BY p.announced_at, p.id"
)


@dataclass(frozen=True, slots=True)
class Version:
    """A published version as notices need it; `replaced` says that it never binds."""

    id: uuid.UUID
    policy: str
    version: str
    title: str
    announced_at: datetime
    effective_at: datetime
    replaced: bool
    stream_id: uuid.UUID

    @property
    def about(self) -> str:
        """What its campaign is called: there is one of each."""
        return f"version:{self.policy}/{self.version}"


@dataclass(frozen=True)
class Turn:
    """From one version to the next, and the promises that speak of it: those of the day it was announced."""

    version: Version
    before: PolicyVersionPack
    after: PolicyVersionPack
    change: Change
    promised: Rulebook
    purposes: tuple[str, ...]

    @property
    def usual_ways(self) -> frozenset[str]:
        """The promised ways that the house takes by itself."""
        return usual_ways(self.promised.notices, self.change)

    def case(
        self, today: Rulebook, ways: frozenset[str], purposes: tuple[str, ...], collected_for: frozenset[str]
    ) -> Case:
        """The change as it is to be told by these ways, asked by the gate as it stands today."""
        notices = self.promised.notices
        return Case(self.change, notices, today, today.organization.notices, ways, purposes, collected_for)


def version_of(tx: Tx, organization_id: uuid.UUID, version_id: uuid.UUID) -> Version:
    """The published version of that id."""
    row = tx.one(_VERSION, {"organization_id": organization_id, "id": version_id})
    if row is None:
        raise NotFound("There is no such version.")
    identity, policy, version, title, announced, effective, withdrawn, stream = row
    return Version(
        as_id(identity), policy, version, title, as_instant(announced), as_instant(effective), withdrawn is not None,
        as_id(stream),
    )  # fmt: skip


def untold(tx: Tx, organization_id: uuid.UUID, since: datetime, now: datetime) -> list[uuid.UUID]:
    """The versions published since then, by now, that have no campaign yet, oldest first."""
    rows = tx.all(_PUBLISHED, {"organization_id": organization_id, "since": since, "now": now})
    return [as_id(row[0]) for row in rows]


def turn_of(tx: Tx, organization_id: uuid.UUID, version: Version) -> Turn | None:
    """What the version changes; None for the first of its policy, which changes nothing for anybody."""
    earlier = policies.rulebook_at(tx, organization_id, version.effective_at - _BEFORE)
    later = policies.rulebook_at(tx, organization_id, version.effective_at)
    before = next((one for one in earlier.versions if one.policy == version.policy), None)
    after = next((one for one in later.versions if one.policy == version.policy), None)
    if before is None or after is None or after.version != version.version or before.version == after.version:
        return None
    promised = policies.rulebook_at(tx, organization_id, min(version.announced_at, version.effective_at) - _BEFORE)
    nature = changes.nature_of(before, after, promised.promises)
    difference = compare(before, after)
    return Turn(version, before, after, change_of(difference, nature), promised, new_purposes(difference))
