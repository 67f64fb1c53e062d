"""When a version may take effect, and which one binds at an instant. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from consent.deadlines import zones
from consent.policies.kinds import Promise
from consent.policies.kinds.documents import effective_day
from consent.policies.models import Status
from consent.policies.version import PolicyVersionPack

# A promised lead time is "at least": parts of it that have no fixed length are taken at their longest.
_LONGEST_DAYS = {"Y": 366, "M": 31, "W": 7, "D": 1}


def midnight(day: date, zone: str) -> datetime:
    """The instant at which `day` begins in the zone."""
    return datetime.combine(day, time(), zones.zone(zone))


def effective_by_header(pack: PolicyVersionPack, zone: str) -> datetime:
    """The instant from which the version binds by its own header."""
    days = [day for one in pack.commitments if (day := effective_day(one)) is not None]
    return midnight(days[0] if days else pack.last_updated, zone)


@dataclass(frozen=True, slots=True)
class Nature:
    """What sort of change a new version is, as far as promises of notice tell them apart."""

    material: bool
    purposes: bool


def first_possible(promises: Iterable[Promise], announced_at: datetime, zone: str, nature: Nature) -> datetime:
    """The earliest instant at which a successor may take effect, by the notice that is promised today (VAL-24, SMT-35).

    Promised days are full days: the day of the announcement does not count. Without a promise it may be at once.
    """
    promised = [period for one in promises if (period := notice_period(one, nature)) is not None]
    if not promised:
        return announced_at
    days = max(sum(int(n) * _LONGEST_DAYS[unit] for n, unit in re.findall(r"(\d+)([YMWD])", one)) for one in promised)
    return midnight(announced_at.astimezone(zones.zone(zone)).date() + timedelta(days=days + 1), zone)


def notice_period(promise: Promise, nature: Nature) -> str | None:
    """How long before it takes effect such a change must be announced by this promise, if it asks for any time."""
    if promise.kind != "notice-of-change":
        return None
    stated = promise.parameters
    if stated.get("applies_to") == "material-change" and not nature.material:
        return None
    if stated.get("trigger") == "purpose-differs-from-collection" and not nature.purposes:
        return None
    for period in (stated.get("period"), stated.get("lead_time"), promise.decided.get("lead_time")):
        if period not in (None, "none", "unset"):
            return str(period)
    return None


def must_be_classified(promises: Iterable[Promise]) -> Promise | None:
    """The promise that makes the company say of every change whether it is material (VAL-23, VOX-03, SMT-36)."""
    told = ("any-change", "material-change")
    asks = (one for one in promises if one.kind == "notice-of-change" and one.parameters.get("applies_to") in told)
    return next(asks, None)


def material_aspects(promises: Iterable[Promise]) -> frozenset[str]:
    """The sides of a policy whose change is material, as the company settled it; empty where nothing was settled."""
    settled = (one.decided.get("material", ()) for one in promises if one.kind == "notice-of-change")
    return frozenset(aspect for aspects in settled for aspect in aspects)


def in_force_at(effective: Iterable[datetime], at: datetime) -> int:
    """Which of the versions, oldest first, binds at `at`: the last to have begun.

    An event older than the first version is held to the first: there is nothing else to hold it to.
    """
    return max((number for number, begins in enumerate(effective) if begins <= at), default=0)


def status_at(effective_at: datetime, successor_at: datetime | None, now: datetime) -> Status:
    """Where a published version stands in its life."""
    if now < effective_at:
        return Status.ANNOUNCED
    return Status.SUPERSEDED if successor_at is not None and successor_at <= now else Status.IN_FORCE
