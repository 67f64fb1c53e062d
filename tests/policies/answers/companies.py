"""The shipped packs as the answers see them: an organization, its promises and the law of a day."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from consent.policies.kinds import Promise
from consent.policies.organization import OrganizationPack
from consent.policies.packs import load_law, load_organization, load_versions
from consent.policies.version import Commitment
from tests.policies.house import POLICIES

DAY = date(2026, 11, 21)
FOLDERS = {"VSH": "valley-smart-homes", "1V": "1valet", "VAL": "valtt", "VOX": "voxvalley", "SMT": "smartt"}


@cache
def organization(prefix: str) -> OrganizationPack:
    """The organization as shipped."""
    return load_organization(POLICIES / FOLDERS[prefix])


@cache
def promises(prefix: str) -> tuple[Promise, ...]:
    """What it promises, without the law."""
    return tuple(one for version in load_versions(POLICIES / FOLDERS[prefix]) for one in version.commitments)


@cache
def with_law(prefix: str) -> tuple[Promise, ...]:
    """What it promises, and the law that binds it on the day."""
    places = organization(prefix).jurisdictions
    return (*promises(prefix), *(one for one in load_law(POLICIES / "law") if one.binds(DAY, places)))


def without(prefix: str, *ids: str) -> tuple[Promise, ...]:
    """What it promises less these commitments."""
    return tuple(one for one in promises(prefix) if one.id not in ids)


def changed(prefix: str, identity: str, *, decided: bool = False, **values: Any) -> tuple[Promise, ...]:
    """What it promises with other parameters (or other settled values) in one commitment."""
    return tuple(
        _other(one, decided, values) if isinstance(one, Commitment) and one.id == identity else one
        for one in promises(prefix)
    )


def _other(one: Commitment, decided: bool, values: dict[str, Any]) -> Commitment:
    if decided:
        return replace(one, decided={**one.decided, **values})
    return replace(one, parameters={**one.parameters, **values})


def at(year: int, month: int, day: int, hour: int = 18) -> datetime:
    """An instant; 18:00 UTC is the same date in every zone of the five."""
    return datetime(year, month, day, hour, tzinfo=UTC)
