"""The public list of subprocessors through all versions: what stands there, since when, and what is next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from consent.db import Tx
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.policies import queries
from consent.policies.models import Status
from consent.policies.version import parse_version

Entry = Mapping[str, Any]
_REGISTER = "recipient-register"


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which the list became another one, or will."""

    on: date
    policy: str
    version: str
    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What has changed, the newest first, and what is announced; `changed_on` is the day of the list of today."""

    past: tuple[Change, ...]
    to_come: tuple[Change, ...]

    @property
    def changed_on(self) -> date | None:
        """Since when the list is as it is; None where there has never been one."""
        return self.past[0].on if self.past else None


def history(tx: Tx, organization_id: UUID, zone: str, now: datetime) -> History:
    """Every change of the list, as the published versions have it."""
    where, past, to_come = zones.zone(zone), list[Change](), list[Change]()
    stood: dict[str, tuple[Entry, ...]] = {}
    for one in sorted(queries.listed(tx, organization_id, now), key=lambda one: one.effective_at):
        before, after = stood.get(one.policy, ()), _of(tx, organization_id, now, one)
        stood[one.policy] = after
        if before == after:
            continue
        change = Change(
            local_date(one.effective_at, where),
            one.policy,
            one.version,
            tuple(entry for entry in after if entry not in before),
            tuple(entry for entry in before if entry not in after),
        )
        (to_come if one.status == Status.ANNOUNCED else past).append(change)
    return History(tuple(reversed(past)), tuple(to_come))


def _of(tx: Tx, organization_id: UUID, now: datetime, one: queries.Listed) -> tuple[Entry, ...]:
    _line, identity = queries.version_of(tx, organization_id, now, one.policy, one.version)
    return _entries(one.policy, one.version, *queries.sources(tx, organization_id, identity))


@lru_cache(maxsize=64)  # a version is read once: its text never changes, and the page is open to all
def _entries(policy: str, version: str, text: str, toml: str) -> tuple[Entry, ...]:
    registers = [one for one in parse_version(policy, version, text, toml).commitments if one.kind == _REGISTER]
    return tuple(entry for one in registers for entry in one.parameters["entries"])
