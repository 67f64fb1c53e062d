"""Reads of published policies: for pages, lists and the rulebook."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from consent.db import Sql, Tx
from consent.db.transaction import Row
from consent.db.types import as_id, as_instant
from consent.errors import NotFound
from consent.policies import rules
from consent.policies.models import Status
from consent.web.messages import N_

_VERSIONS = Sql(
    "SELECT id, policy, version, title, text_sha256, commitments_sha256, announced_at, effective_at, stream_id"
    " FROM policy_version WHERE organization_id = :organization_id AND status <> 'draft'"
    " AND withdrawn_event_id IS NULL"
    " ORDER BY policy, effective_at, version"
)
_WITHDRAWN = Sql(
    "SELECT id, policy, version, title, text_sha256, commitments_sha256, announced_at, effective_at, stream_id"
    " FROM policy_version WHERE organization_id = :organization_id AND withdrawn_event_id IS NOT NULL"
    " ORDER BY policy, effective_at, version"
)
_TRANSLATIONS = Sql(
    "SELECT language, text FROM policy_translation WHERE organization_id = :organization_id"
    " AND version_id = :id ORDER BY language"
)
_SOURCES = Sql(
    "SELECT text, commitments_toml FROM policy_version WHERE organization_id = :organization_id AND id = :id"
)
_SETTINGS = Sql(
    "SELECT id, sha256, applied_at, stream_id FROM organization_settings"
    " WHERE organization_id = :organization_id ORDER BY applied_at, id"
)
_TOML = Sql("SELECT toml FROM organization_settings WHERE organization_id = :organization_id AND id = :id")


@dataclass(frozen=True, slots=True)
class Version:
    """A published version without its texts."""

    id: uuid.UUID
    policy: str
    version: str
    title: str
    text_sha256: bytes
    commitments_sha256: bytes
    announced_at: datetime
    effective_at: datetime
    stream_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Settings:
    """An organization.toml as applied, without its text."""

    id: uuid.UUID
    sha256: bytes
    applied_at: datetime
    stream_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Listed:
    """A version as lists show it."""

    policy: str
    version: str
    title: str
    status: str
    announced_at: datetime
    effective_at: datetime
    text_sha256: bytes


def published(tx: Tx, organization_id: uuid.UUID) -> list[Version]:
    """Every published version that binds at some time, policy by policy, oldest first."""
    return [_version(row) for row in tx.all(_VERSIONS, {"organization_id": organization_id})]


def withdrawn(tx: Tx, organization_id: uuid.UUID) -> list[Version]:
    """Every version that was announced and replaced before its day; it binds nothing."""
    return [_version(row) for row in tx.all(_WITHDRAWN, {"organization_id": organization_id})]


def settings(tx: Tx, organization_id: uuid.UUID) -> list[Settings]:
    """Every organization.toml ever applied, oldest first."""
    return [_setting(row) for row in tx.all(_SETTINGS, {"organization_id": organization_id})]


def both(tx: Tx, organization_id: uuid.UUID) -> tuple[list[Settings], list[Version]]:
    """What was applied and what was published, in one round trip."""
    place = {"organization_id": organization_id}
    applied, versions = tx.gather((_SETTINGS, place), (_VERSIONS, place))
    return [_setting(row) for row in applied], [_version(row) for row in versions]


def settings_toml(tx: Tx, organization_id: uuid.UUID, identity: uuid.UUID) -> str:
    """The text of one organization.toml as applied."""
    row = tx.one(_TOML, {"organization_id": organization_id, "id": identity})
    if row is None:
        raise NotFound("There are no such settings.")
    return str(row[0])


def sources(tx: Tx, organization_id: uuid.UUID, identity: uuid.UUID) -> tuple[str, str]:
    """Wording and commitments of one version."""
    row = tx.one(_SOURCES, {"organization_id": organization_id, "id": identity})
    if row is None:
        raise NotFound(N_("There is no such version."))
    return str(row[0]), str(row[1])


def translations(tx: Tx, organization_id: uuid.UUID, identity: uuid.UUID) -> dict[str, str]:
    """The wording of one version in other languages."""
    return {row[0]: str(row[1]) for row in tx.all(_TRANSLATIONS, {"organization_id": organization_id, "id": identity})}


def listed(tx: Tx, organization_id: uuid.UUID, now: datetime) -> list[Listed]:
    """Every published version with where it stands now."""
    versions = published(tx, organization_id)
    lines = []
    for number, one in enumerate(versions):
        after = versions[number + 1] if number + 1 < len(versions) else None
        successor = after.effective_at if after is not None and after.policy == one.policy else None
        status = rules.status_at(one.effective_at, successor, now)
        lines.append(_listed(one, status))
    return lines


def version_of(
    tx: Tx, organization_id: uuid.UUID, now: datetime, policy: str, version: str | None = None
) -> tuple[Listed, uuid.UUID]:
    """A version of the policy and its id: the named one, else the one in force now."""
    lines = list(zip(listed(tx, organization_id, now), published(tx, organization_id), strict=True))
    mine = [(one, stored.id) for one, stored in lines if one.policy == policy]
    if version is not None:
        gone = [one for one in withdrawn(tx, organization_id) if one.policy == policy]
        mine += [(_listed(one, Status.SUPERSEDED), one.id) for one in gone]
        mine = [pair for pair in mine if pair[0].version == version]
    elif mine:
        mine = [mine[rules.in_force_at([one.effective_at for one, _ in mine], now)]]
    if not mine:
        raise NotFound(N_("There is no such version."))
    return mine[0]


def _version(row: Row) -> Version:
    identity, policy, version, title, text, commitments, announced, effective, stream = row
    return Version(
        as_id(identity),
        policy,
        version,
        title,
        bytes(text),
        bytes(commitments),
        as_instant(announced),
        as_instant(effective),
        as_id(stream),
    )


def _listed(one: Version, status: Status) -> Listed:
    return Listed(one.policy, one.version, one.title, status, one.announced_at, one.effective_at, one.text_sha256)


def _setting(row: Row) -> Settings:
    identity, sha256, applied, stream = row
    return Settings(as_id(identity), bytes(sha256), as_instant(applied), as_id(stream))
