"""Time zones from the tzdata package, never from the operating system, which may not know the newest laws yet."""

from datetime import UTC, date, datetime, time, tzinfo
from difflib import get_close_matches
from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from zoneinfo import ZoneInfo

from consent.errors import BadInput

VERSION: str = import_module("tzdata").IANA_VERSION

# The release that knows of permanent time in British Columbia, Alberta and Manitoba from November 2026 on.
OLDEST_VERSION = "2026f"


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """The zone of that name as the tzdata package has it; refused with the nearest spelling where there is none."""
    if name not in names():
        near = get_close_matches(name, names(), n=1, cutoff=0.6)
        hint = f'did you mean "{near[0]}"?' if near else "write it like America/Los_Angeles"
        raise BadInput(f'"{name}" is not a time zone; {hint}', field="timezone")
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Every zone name of the package."""
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """Every country that has a zone, as ISO 3166-1 writes it: GB, not UK."""
    return frozenset(_countries().values())


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    rows = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines()
    cells = (row.split("\t") for row in rows if not row.startswith("#"))
    return {cell[2]: cell[0] for cell in cells}


def country_of(name: str) -> str | None:
    """The country (ISO 3166-1) a zone belongs to, or nothing for zones such as UTC."""
    return _countries().get(name)


@lru_cache(maxsize=256)
def of_country(country: str) -> tuple[str, ...]:
    """Every zone of a country (ISO 3166-1); none for what is no country."""
    return tuple(sorted(name for name, where in _countries().items() if where == country))


def aware(moment: datetime, field: str = "received_at") -> datetime:
    """The moment on the UTC line; refused where it does not say its offset."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise BadInput(
            f'"{field}" is a time without an offset; write it with one, such as 2026-11-20T09:00:00-08:00, or with Z',
            field=field,
        )
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise BadInput(f'"{field}" lies outside the calendar', field=field) from None


def local_date(moment: datetime | date, where: ZoneInfo, field: str = "received_at") -> date:
    """The calendar date in `where`; a plain date is one already."""
    if not isinstance(moment, datetime):
        return moment
    try:
        return aware(moment, field).astimezone(where).date()
    except OverflowError:
        raise BadInput(f'"{field}" lies outside the calendar', field=field) from None


def midnight(day: date, where: tzinfo) -> datetime:
    """The instant at which this day begins there, in UTC."""
    return datetime.combine(day, time(), where).astimezone(UTC)
