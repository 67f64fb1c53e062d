"""Where a number may be: every zone it can mean, and nowhere where nobody knows."""

import subprocess
import sys

import pytest

from consent.deadlines import zones
from consent.policies.findings import BadPack
from consent.policies.jurisdictions import exists
from consent.policies.numbering import parse_areas, shipped
from consent.policies.packs import packs_root, read
from consent.policies.whereabouts import NOWHERE, Area

AREAS = parse_areas(read(packs_root() / "numbers" / "north-america.toml"))
E, C, M, P = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"

# The codes that the fact sheet on the law says are wrong in the usual tables, or span zones.
SPANNING = {
    "850": {E, C}, "689": {E}, "219": {C}, "812": {E, C}, "930": {E, C}, "574": {E, C}, "270": {E, C}, "364": {E, C},
    "423": {E, C}, "931": {E, C}, "906": {E, C}, "701": {C, M}, "605": {C, M}, "308": {C, M}, "620": {C, M},
    "785": {C, M}, "208": {"America/Boise", P}, "986": {"America/Boise", P}, "541": {"America/Boise", P},
    "458": {"America/Boise", P}, "775": {M, P}, "928": {"America/Phoenix", M},
    "907": {"America/Anchorage", "America/Adak"}, "915": {M}, "684": {"Pacific/Pago_Pago"},
}  # fmt: skip


@pytest.mark.parametrize("code", SPANNING)
def test_a_code_that_spans_zones_means_all_of_them(code: str) -> None:
    assert set(AREAS[code].zones) == SPANNING[code]


@pytest.mark.parametrize(
    ("code", "some"),
    [
        ("867", {"America/Whitehorse", "America/Edmonton", "America/Rankin_Inlet", "America/Iqaluit"}),
        ("807", {"America/Toronto", "America/Winnipeg"}),
        ("250", {"America/Vancouver", "America/Edmonton"}),
        ("236", {"America/Vancouver", "America/Edmonton"}),
        ("709", {"America/St_Johns", "America/Goose_Bay"}),
        ("306", {"America/Regina", "America/Edmonton"}),
        ("418", {"America/Toronto", "America/Halifax"}),
    ],
)
def test_canadian_codes_that_span_zones_mean_all_of_them(code: str, some: set[str]) -> None:
    assert some <= set(AREAS[code].zones)


def test_the_three_territories_share_one_code() -> None:
    assert set(AREAS["867"].places) == {"CA-NT", "CA-NU", "CA-YT"}


def test_every_place_and_zone_of_the_table_exists_and_every_state_has_a_code() -> None:
    assert all(exists(place) for area in AREAS.values() for place in area.places)
    assert all(name in zones.names() for area in AREAS.values() for name in area.zones)
    states = {place for area in AREAS.values() for place in area.places if place.startswith("US-")}
    assert len(states) == 56  # fifty, the District of Columbia and five territories
    assert len({place for area in AREAS.values() for place in area.places if place.startswith("CA-")}) == 13


@pytest.mark.parametrize(
    "number",
    [
        "+18005550142", "+18885550142", "+18335550142", "+19005550142", "+17005550142", "+17105550142",
        "+15005550142", "+16005550142", "+881612345678", "+870773111632", "+80012345678", "+448081570123",
        "+1509555014", "+999123456789", "12345", "+1",
    ],
)  # fmt: skip
def test_what_is_free_of_charge_far_away_or_no_number_is_nowhere(number: str) -> None:
    assert shipped().of(number) == NOWHERE
    assert shipped().of(number, "US-WA") == NOWHERE  # a known place does not make up for it


def test_numbers_abroad_have_the_zones_of_their_prefix_or_country() -> None:
    assert shipped().of("+442079460123")[0].zones == ("Europe/London",)
    assert "GB" in shipped().of("+442079460123")[0].places
    assert shipped().of("+33199001234") == (Area(("FR",), ("Europe/Paris",)),)
    mobile = shipped().of("+61491570156")[0].zones  # an Australian mobile can be anywhere in Australia
    assert {"Australia/Sydney", "Australia/Perth"} <= set(mobile)


def test_a_known_place_adds_its_zones_and_takes_none_away() -> None:
    moved = shipped().of("+15095550142", "US-FL")
    assert moved[0] == Area(("US-WA",), (P,))
    assert {name for area in moved[1:] for name in area.zones} == {E, C}
    assert shipped().of("+15095550142", "US-WA") == shipped().of("+15095550142")
    assert shipped().of("+15095550142", "US") == shipped().of("+15095550142")
    assert shipped().of("+18505550142", "US-FL")[0].zones == (E, C)  # not narrowed to one of them
    assert shipped().of("+15095550142", "FR")[1] == Area(("FR",), ("Europe/Paris",))
    assert shipped().of("+15095550142", "EU") == NOWHERE  # somewhere in a union of many zones


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ('places = ["US-XX"]\nzones = ["America/Denver"]\ncodes = ["303"]', 'there is no "US-XX"'),
        ('places = ["US-CO"]\nzones = ["America/Denvr"]\ncodes = ["303"]', 'did you mean "America/Denver"'),
        ('places = ["US-CO"]\nzones = ["America/Denver"]\ncodes = ["33"]', '"33" is no area code'),
        ('places = ["US-CO"]\nzones = []\ncodes = ["303"]', '"zones" is empty'),
        ('places = ["US-CO"]\nzones = ["America/Denver"]\ncodes = ["303"]\nnote = "x"', '"note" is not known'),
    ],
)
def test_a_wrong_row_is_named(row: str, wrong: str) -> None:
    with pytest.raises(BadPack, match=wrong):
        parse_areas(f'checked_on = 2026-11-21\ntag = "M"\n[[area]]\n{row}\n')


def test_a_code_in_two_rows_is_named() -> None:
    row = '[[area]]\nplaces = ["US-CO"]\nzones = ["America/Denver"]\ncodes = ["303"]\n'
    with pytest.raises(BadPack, match='"303" stands in two rows'):
        parse_areas(f'checked_on = 2026-11-21\ntag = "M"\n{row}{row}')


def test_the_prefix_tables_are_loaded_only_for_numbers_outside_north_america() -> None:
    code = (
        "import sys; from consent.policies.numbering import shipped; n = shipped();"
        "n.of('+15095550142'); assert 'phonenumbers.tzdata' not in sys.modules;"
        "n.of('+442079460123'); assert 'phonenumbers.tzdata' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
