"""Zones come from the tzdata package: 2026f or later, whatever the operating system has."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from consent.deadlines import zone
from consent.deadlines.zones import OLDEST_VERSION, VERSION, country_of, local_date, names
from consent.errors import BadInput

CONSENT = Path(__file__).parents[2] / "consent"


@pytest.mark.parametrize(
    ("name", "hours"),
    [("America/Vancouver", -7), ("America/Edmonton", -6), ("America/Yellowknife", -6), ("America/Winnipeg", -5)],
)
@pytest.mark.parametrize("month", [11, 12, 1, 3, 6])
def test_permanent_time_after_the_first_of_november_2026(name: str, hours: int, month: int) -> None:
    # Law of British Columbia, Alberta, the Northwest Territories and Manitoba: no more turning back.
    moment = datetime(2026 if month > 10 else 2027, month, 15, 20, tzinfo=UTC)
    assert moment.astimezone(zone(name)).utcoffset() == timedelta(hours=hours)


def test_the_neighbours_still_turn_their_clocks_back() -> None:
    moment = datetime(2026, 12, 1, 20, tzinfo=UTC)
    assert moment.astimezone(zone("America/Los_Angeles")).utcoffset() == timedelta(hours=-8)
    assert moment.astimezone(zone("America/Toronto")).utcoffset() == timedelta(hours=-5)


def test_the_data_is_new_enough() -> None:
    assert VERSION >= OLDEST_VERSION


def test_an_operating_system_without_zones_or_with_old_ones_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "America").mkdir()
    (tmp_path / "America" / "Vancouver").write_bytes(b"not a zone")
    code = (
        "from datetime import datetime, UTC; from consent.deadlines import zone; "
        "print(datetime(2026, 12, 1, tzinfo=UTC).astimezone(zone('America/Vancouver')).utcoffset())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONTZPATH": str(tmp_path)}
    )
    assert done.stdout.strip() == "-1 day, 17:00:00"


def test_nobody_else_in_the_program_builds_a_zone() -> None:
    called = re.compile(r"\bZoneInfo\(")
    found = [str(file) for file in CONSENT.rglob("*.py") if called.search(file.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize("name", ["Europe/Lundon", "", "/etc/passwd", "../tzdata", "PST", "america/los_angeles"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="is not a time zone"):
        zone(name)


def test_the_nearest_zone_is_named() -> None:
    with pytest.raises(BadInput, match='did you mean "Europe/London"'):
        zone("Europe/Lundon")


def test_every_zone_of_the_package_loads() -> None:
    assert len(names()) > 500
    assert all(zone(name).key == name for name in sorted(names())[::25])


def test_the_local_date_is_that_of_the_zone() -> None:
    late = datetime(2026, 6, 27, 6, 30, tzinfo=UTC)
    assert local_date(late, zone("America/Los_Angeles")) == date(2026, 6, 26)
    assert local_date(late, zone("Europe/Berlin")) == date(2026, 6, 27)
    assert local_date(date(2026, 6, 27), zone("Europe/Berlin")) == date(2026, 6, 27)


def test_a_time_without_offset_is_refused() -> None:
    with pytest.raises(BadInput, match="without an offset"):
        local_date(datetime(2026, 6, 27, 6, 30), zone("UTC"))  # noqa: DTZ001


def test_a_zone_knows_its_country() -> None:
    assert (country_of("Europe/Paris"), country_of("America/New_York"), country_of("UTC")) == ("FR", "US", None)
