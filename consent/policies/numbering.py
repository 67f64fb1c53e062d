"""Where a telephone number may be: the places and clocks it can mean. Numbers move with their owners, so all count.

Area codes of +1 stand in policies/numbers/; other countries are read from the prefix tables of phonenumbers, which
are loaded when the first such number is asked about.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any

from consent.deadlines import zones as clocks
from consent.policies.findings import nearest
from consent.policies.jurisdictions import exists, holds
from consent.policies.packs import packs_root, read
from consent.policies.reading import Source, Table
from consent.policies.whereabouts import NOWHERE, Area, Whereabouts

_LONGEST_PREFIX = 9  # digits by which a number is looked up outside +1
_UNKNOWN = "Etc/Unknown"


class Numbering:
    """The areas of +1 by their codes, and what can be known of the rest of the world."""

    def __init__(self, areas: Mapping[str, Area]) -> None:
        self._codes: dict[str, Whereabouts] = {code: (area,) for code, area in areas.items()}
        self._areas = tuple(dict.fromkeys(areas.values()))
        self._widened: dict[tuple[Whereabouts, str], Whereabouts] = {}

    def of(self, number: str, place: str | None = None) -> Whereabouts:
        """The areas this E.164 number can mean, and the place its owner is known to be in.

        A known place only ever adds zones: a clock that the number speaks for is never left out. A number without
        any zone stays nowhere, whatever else is known.
        """
        found = self._of_number(number)
        return found if place is None or not found else self.widened(found, place)

    def known(self, place: str | None) -> Whereabouts:
        """The areas of a place alone, where there is no number that tells more."""
        return NOWHERE if place is None else self._of_place(place)

    def widened(self, found: Whereabouts, place: str) -> Whereabouts:
        """`found` and the areas of `place`, unless it holds one of them already; nowhere where it has no known zone."""
        key = (found, place)
        known = self._widened.get(key)
        if known is None:
            if len(self._widened) > 4096:
                self._widened.clear()
            inside = any(holds(place, one) or holds(one, place) for area in found for one in area.places)
            added = () if inside else self._of_place(place)
            known = self._widened[key] = found if inside else ((*found, *added) if added else NOWHERE)
        return known

    def _of_number(self, number: str) -> Whereabouts:
        if number[:2] == "+1" and len(number) == 12:
            return self._codes.get(number[2:5], NOWHERE)
        if number[:1] != "+" or not number[1:].isdigit():
            return NOWHERE
        return _abroad(number) if number[1] != "1" else NOWHERE

    def _of_place(self, place: str) -> Whereabouts:
        """The areas of a place: by area code where we have them, else the zones of its country."""
        inside = tuple(
            area for area in self._areas if any(holds(place, one) or holds(one, place) for one in area.places)
        )
        if inside:
            return inside
        country = place.partition("-")[0]
        found = clocks.of_country(country)
        return (Area((place,), found),) if found else NOWHERE


def _abroad(number: str) -> Whereabouts:
    """The areas of a number outside +1; nowhere for what is free of charge, satellite, or no number of any country."""
    package: Any = import_module("phonenumbers")
    try:
        parsed = package.parse(number, None)
    except package.NumberParseException:
        return NOWHERE
    kind, regions = package.number_type(parsed), _regions(parsed.country_code)
    if not regions or not package.is_possible_number(parsed) or kind in _far_from_anybody():
        return NOWHERE
    # Only some numbers tell a part of the country; all others can be anywhere in it, also those of a new range.
    local = package.phonenumberutil.is_number_type_geographical(kind, parsed.country_code)
    digits = number[1 : 1 + _LONGEST_PREFIX] if local else str(parsed.country_code)
    found = _zones_of_prefix(digits)
    return (Area(regions, found),) if found else NOWHERE


@lru_cache(maxsize=1)
def _far_from_anybody() -> frozenset[int]:
    """The types of number that nobody carries or has at home."""
    types: Any = import_module("phonenumbers").PhoneNumberType
    return frozenset({types.TOLL_FREE, types.PREMIUM_RATE, types.SHARED_COST, types.UAN, types.VOICEMAIL})


@lru_cache(maxsize=512)
def _regions(country_code: int) -> tuple[str, ...]:
    """The countries of a calling code; none for satellite and other networks, which belong to no country ("001")."""
    regions = import_module("phonenumbers").region_codes_for_country_code(country_code)
    return tuple(one for one in regions if one != "001")


@lru_cache(maxsize=4096)
def _zones_of_prefix(digits: str) -> tuple[str, ...]:
    """The zones of the longest prefix that the tables know; none where they name one that is no zone."""
    table: Mapping[str, tuple[str, ...]] = import_module("phonenumbers.tzdata").TIMEZONE_DATA
    for length in range(len(digits), 0, -1):
        named = table.get(digits[:length])
        if named is not None:
            return () if _UNKNOWN in named or not clocks.names().issuperset(named) else tuple(named)
    return ()


@lru_cache(maxsize=1)
def shipped() -> Numbering:
    """The numbering that came with the program, read when it is first asked for."""
    file = packs_root() / "numbers" / "north-america.toml"
    return Numbering(parse_areas(read(file), str(file)))


def parse_areas(text: str, file: str = "north-america.toml") -> dict[str, Area]:
    """The areas by their codes; refused with every mistake found."""
    source = Source(text, file)
    root = source.root
    root.day("checked_on")
    root.text("tag")
    found: dict[str, Area] = {}
    for table in root.tables("area"):
        area = Area(table.words("places"), table.words("zones"))
        _exist(table, "places", area.places, [one for one in area.places if not exists(one)])
        _exist(table, "zones", area.zones, [one for one in area.zones if one not in clocks.names()])
        for code in table.words("codes"):
            if len(code) != 3 or not code.isdigit() or code[0] in "01":
                table.wrong("codes", f'"{code}" is no area code; it has three digits and begins with 2 to 9')
            elif code in found:
                table.wrong("codes", f'"{code}" stands in two rows; name all its zones in one')
            found[code] = area
        table.done()
    root.done()
    source.refuse_if_wrong()
    return found


def _exist(table: Table, key: str, named: tuple[str, ...], strangers: Iterable[str]) -> None:
    if not named:
        table.wrong(key, f'"{key}" is empty: a code without any stands in no row')
    for one in strangers:
        near = f"; {nearest(one, clocks.names())}" if key == "zones" else ""
        table.wrong(key, f'there is no "{one}"{near}')
