"""Which days are no working days where: federal United States, Canada, the United Kingdom by nation, the EU by state.

The data is that of the `holidays` package, its version said in every answer; where a law's list is another, the
difference stands here with its source.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

from consent.deadlines.zones import country_of
from consent.errors import BadInput

SATURDAY, SUNDAY = 5, 6
WEEKEND = frozenset({SATURDAY, SUNDAY})

# Member states, and the three others that the GDPR binds through the EEA agreement.
EU_STATES = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO".split()  # noqa: SIM905
)
NATIONS = {"ENG": "England", "WLS": "Wales", "SCT": "Scotland", "NIR": "Northern Ireland"}
_NATION_WORDS = {
    "ENGLAND": "ENG",
    "ENGLAND AND WALES": "ENG",
    "EAW": "ENG",
    "WALES": "WLS",
    "SCOTLAND": "SCT",
    "NORTHERN IRELAND": "NIR",
}


@dataclass(frozen=True)
class Calendar:
    """The days off of one place: its weekly ones and its holidays."""

    name: str
    weekly: frozenset[int]
    holidays: Callable[[int], Mapping[date, str]]

    @property
    def source(self) -> str:
        """Whose data this is, for the record of an answer."""
        return f"{self.name}, data of holidays {package_version()}"

    def why_off(self, day: date) -> str | None:
        """Why nothing is done on `day`: the holiday's name or the weekday; nothing on a working day."""
        named = self.holidays(day.year).get(day)
        return named or (f"{day:%A}" if day.weekday() in self.weekly else None)

    def next_open(self, day: date) -> date:
        """`day` itself, or the first later day that is not off."""
        while self.why_off(day):
            day += timedelta(days=1)
        return day


@lru_cache(maxsize=1)
def package_version() -> str:
    """The version of the holiday data."""
    return version("holidays")


@lru_cache(maxsize=512)
def _listed(country: str, subdivision: str | None, year: int, category: str, observed: bool) -> Mapping[date, str]:
    # Imported when first needed: it costs a tenth of a second and 11 MiB that most processes never use.
    package: Any = import_module("holidays")
    made = package.country_holidays(
        country, subdiv=subdivision, years=year, categories=(category,), observed=observed, language="en_US"
    )
    return dict(made.items())


def us_federal() -> Calendar:
    """Federal public holidays with their observed days (5 U.S.C. 6103(a) and (b)), and weekends."""
    return Calendar(
        "United States federal holidays (5 U.S.C. 6103)",
        WEEKEND,
        lambda year: _listed("US", None, year, "public", True),
    )


def us_state(part: str) -> Calendar:
    """Public holidays of one state of the United States, with the days on which they are observed."""
    return Calendar(
        f"public holidays of US-{part}", frozenset(), lambda year: _listed("US", part, year, "public", True)
    )


@lru_cache(maxsize=256)
def _section_35(year: int) -> Mapping[date, str]:
    """The days of section 35 of the Interpretation Act, R.S.C. 1985, c. I-21.

    The package lists Boxing Day and Thanksgiving, which the section does not name, and leaves out Easter Monday,
    which it does. No day is moved off a weekend, but Canada Day from a Sunday (Holidays Act, s. 2).
    """
    days = dict(_listed("CA", None, year, "government", False))
    kept = {day: name for day, name in days.items() if name not in ("Boxing Day", "Thanksgiving Day")}
    friday = next((day for day, name in kept.items() if name == "Good Friday"), None)
    if friday:
        kept[friday + timedelta(days=3)] = "Easter Monday"
    if date(year, 7, 1).weekday() == SUNDAY:
        kept[date(year, 7, 2)] = "Canada Day, as 1 July is a Sunday"
    return kept


@lru_cache(maxsize=256)
def _section_35_and_thanksgiving(year: int) -> Mapping[date, str]:
    days = dict(_section_35(year))
    listed = _listed("CA", None, year, "government", False)
    days |= {day: name for day, name in listed.items() if name == "Thanksgiving Day"}
    return days


def canada() -> Calendar:
    """Holidays of the Interpretation Act: Sundays and the listed days; Saturday is a day like others."""
    return Calendar("Canada, Interpretation Act s. 35", frozenset({SUNDAY}), _section_35)


def canada_business() -> Calendar:
    """Days that are no business days for CASL: weekends, the listed days and Thanksgiving."""
    return Calendar("Canada, Interpretation Act s. 35 and Thanksgiving", WEEKEND, _section_35_and_thanksgiving)


def united_kingdom(region: str | None) -> Calendar:
    """Bank holidays of one nation; of England and Wales where none is named."""
    nation = nation_of(region) if region else "ENG"
    return Calendar(
        f"bank holidays of {NATIONS[nation] if nation not in ('ENG', 'WLS') else 'England and Wales'}",
        WEEKEND,
        lambda year: _listed("GB", nation, year, "public", True),
    )


def nation_of(region: str) -> str:
    """ENG, WLS, SCT or NIR from a region such as "GB-SCT", "SCT" or "Scotland"."""
    word = region.strip().upper().removeprefix("GB-").removeprefix("UK-")
    if word in ("GB", "UK"):
        return "ENG"
    nation = _NATION_WORDS.get(word, word)
    if nation not in NATIONS:
        raise BadInput(
            f'"{region}" is not a nation of the United Kingdom; write GB-ENG, GB-WLS, GB-SCT or GB-NIR', field="region"
        )
    return nation


def european(region: str | None, zone_name: str = "") -> Calendar:
    """Public holidays of a member state: the named one, or that of the zone; weekends alone where neither says."""
    country = state_of(region)[0] if region and region.upper() not in ("EU", "EEA") else country_of(zone_name)
    part = state_of(region)[1] if region and region.upper() not in ("EU", "EEA") else None
    if country not in EU_STATES:
        # Fewer days off give the earlier date, which is always safe.
        return Calendar("weekends alone, as no member state is named", WEEKEND, lambda year: {})
    where = f"{country}-{part}" if part else str(country)
    return Calendar(
        f"public holidays of {where}", WEEKEND, lambda year: _listed(str(country), part, year, "public", True)
    )


def state_of(region: str) -> tuple[str, str | None]:
    """Member state and, where it is named, its part: ("DE", "BY") from "DE-BY" or "EU-DE-BY"."""
    country, _, part = region.strip().upper().removeprefix("EU-").partition("-")
    if country not in EU_STATES:
        raise BadInput(f'"{region}" is not a member state; write it like DE, FR or DE-BY', field="region")
    if part and part not in import_module("holidays").country_holidays(country).subdivisions:
        raise BadInput(f'"{region}": {country} has no part "{part}" with holidays of its own', field="region")
    return country, part or None


def common(calendars: list[Calendar]) -> Calendar:
    """Off only where every one of these calendars is off: no place is kept waiting for another's holiday."""

    def shared(year: int) -> Mapping[date, str]:
        lists = [one.holidays(year) for one in calendars]
        days = set(lists[0]).intersection(*lists[1:]) if lists else set()
        return {day: lists[0][day] for day in days}

    weekly = frozenset.intersection(*(one.weekly for one in calendars)) if calendars else WEEKEND
    return Calendar("holidays common to " + " and ".join(one.name for one in calendars), weekly, shared)


def subdivisions(country: str) -> frozenset[str]:
    """The states and provinces of the United States or Canada, as ISO 3166-2 codes."""
    package: Any = import_module("holidays")
    return frozenset(f"{country}-{part}" for part in package.country_holidays(country).subdivisions)
