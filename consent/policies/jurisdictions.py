"""Places as ISO 3166-2 writes them, and which of them lie within which."""

from collections.abc import Iterable
from functools import lru_cache

from consent.deadlines import zones
from consent.deadlines.calendars import EU_STATES, subdivisions

EVERYWHERE = "*"  # of a rule that holds wherever the company is
# The territories have codes of their own, beside US-PR and the like.
_UNIONS = {
    "EU": EU_STATES,
    "EEA": EU_STATES,
    "US": frozenset({"PR", "GU", "VI", "AS", "MP", "UM"}),
}


def holds(place: str, somebody: str) -> bool:
    """Is somebody surely within the place? "US" holds "US-WA", "EU" holds its member states."""
    if place == EVERYWHERE or somebody == place or somebody.startswith(f"{place}-"):
        return True
    return somebody.partition("-")[0] in _UNIONS.get(place, ())


def any_holds(places: Iterable[str], somebody: str) -> bool:
    """Is somebody surely within one of these places?"""
    return any(holds(place, somebody) for place in places)


def any_may_hold(places: Iterable[str], somebody: str) -> bool:
    """Might somebody be within one of them? One who is only known to be in a country may be in any part of it."""
    return any(holds(place, somebody) or holds(somebody, place) for place in places)


def same_place(places: Iterable[str], somebody: str | None) -> bool:
    """Do words about these places speak of somebody? Of everybody where none is named, or "any"; of nobody unplaced."""
    named = list(places)
    if not named or "any" in named:
        return True
    return somebody is not None and any_holds(named, somebody)


@lru_cache(maxsize=1024)
def exists(place: str) -> bool:
    """Is there such a place? Of the United States and Canada the parts are known, too; "UK" is written GB."""
    country, _, part = place.partition("-")
    if not all(one.isascii() and one.isalnum() and one == one.upper() and len(one) <= 3 for one in place.split("-")):
        return False
    if country not in zones.countries() and country not in _UNIONS:
        return False
    return not part or country not in ("US", "CA") or f"{country}-{part.split('-')[0]}" in subdivisions(country)
