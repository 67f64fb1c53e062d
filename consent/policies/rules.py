"""When a version may take effect, and which one binds at an instant. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from consent.deadlines import zones
from consent.policies.answers.notices import holds_from
from consent.policies.kinds import Promise
from consent.policies.kinds.documents import effective_day
from consent.policies.kinds.notices import concerns, lead_of, tells_material_apart
from consent.policies.models import Status
from consent.policies.version import PolicyVersionPack


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


def first_possible(
    promises: Iterable[Promise], announced_at: datetime, zone: str, nature: Nature, jurisdictions: Iterable[str] = ()
) -> datetime:
    """The earliest instant at which a successor may take effect, by the notice that is promised today (VAL-24, SMT-35).

    Promised days are full days: the day of the announcement does not count. Without a promise it may be at once.
    """
    places = tuple(jurisdictions)
    firsts = [
        holds_from(one, period, announced_at, zones.zone(zone), places)[0]
        for one in promises
        if (period := notice_period(one, nature)) is not None
    ]
    return max(firsts, default=announced_at)


def notice_period(promise: Promise, nature: Nature) -> str | None:
    """How long before it takes effect such a change must be announced by this promise, if it asks for any time."""
    if promise.kind != "notice-of-change":
        return None
    if not concerns(promise, material=nature.material, new_purpose=nature.purposes):
        return None
    return lead_of(promise.parameters, promise.decided)


def must_be_classified(promises: Iterable[Promise]) -> Promise | None:
    """The promise that makes the company say of every change whether it is material, if there is one."""
    return next(filter(tells_material_apart, promises), None)


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
