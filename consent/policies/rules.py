"""When a version may take effect, and which one binds at an instant. Pure."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from consent.policies.kinds.documents import effective_day, lead_time
from consent.policies.models import Status
from consent.policies.version import PolicyVersionPack

# A promised lead time is "at least": parts of it that have no fixed length are taken at their longest.
_LONGEST_DAYS = {"Y": 366, "M": 31, "W": 7, "D": 1}


def midnight(day: date, zone: str) -> datetime:
    """The instant at which `day` begins in the zone."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def effective_by_header(pack: PolicyVersionPack, zone: str) -> datetime:
    """The instant from which the version binds by its own header."""
    days = [day for one in pack.commitments if (day := effective_day(one)) is not None]
    return midnight(days[0] if days else pack.last_updated, zone)


def first_possible(in_force: PolicyVersionPack, announced_at: datetime, zone: str) -> datetime:
    """The earliest instant at which a successor may take effect, by the lead time that is promised today.

    Promised days are full days: the day of the announcement does not count. Without a promise it may be at once.
    """
    promised = [period for one in in_force.commitments if (period := lead_time(one)) is not None]
    if not promised:
        return announced_at
    days = max(sum(int(n) * _LONGEST_DAYS[unit] for n, unit in re.findall(r"(\d+)([YMWD])", one)) for one in promised)
    return midnight(announced_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=days + 1), zone)


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
