"""Times that could not be counted are found when the pack is checked, not on the day somebody asks for the date."""

import shutil
from pathlib import Path

import pytest

from consent.policies.check import check
from tests.policies.house import POLICIES, copy_of_valley, replace

VALLEY = "privacy-policy/2025-01-02/commitments.toml"


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ('mobile-number = { for = "P5Y",', 'mobile-number = { for = "PT5H",', "PT5H holds hours"),
        (
            'mobile-number = { for = "P5Y",',
            'mobile-number = { for = "P5Y", basis = "business-day",',
            "P5Y cannot be counted in business days",
        ),
        (
            'mobile-number = { for = "P5Y",',
            'mobile-number = { for = "P5Y", basis = "elapsed",',
            "P5Y holds months, which elapsed time does not know",
        ),
    ],
)
def test_a_period_that_its_basis_cannot_count_is_found(tmp_path: Path, old: str, new: str, wrong: str) -> None:
    pack = copy_of_valley(tmp_path)
    replace(pack / VALLEY, old, new)
    (only,) = check(pack)
    assert only.key == "commitment.decided.periods.mobile-number"
    assert wrong in only.message


def test_business_days_of_a_place_without_known_days_off_are_found(tmp_path: Path) -> None:
    """Voxvalley counts an answer in business days; nobody knows the days off of a place that does not exist."""
    pack = tmp_path / "voxvalley"
    shutil.copytree(POLICIES / "voxvalley", pack)
    replace(pack / "organization.toml", 'jurisdictions = ["US", "EU"]', 'jurisdictions = ["US", "XX"]')
    found = {one.key: one.message for one in check(pack)}
    assert '"XX" is not a member state' in found["commitment.decided.deadline"]


@pytest.mark.parametrize(("period", "fits"), [("P31D", False), ("P32D", True), ("P1M", False), ("P2M", True)])
def test_a_cap_that_counts_messages_longer_than_they_stay_is_found(tmp_path: Path, period: str, fits: bool) -> None:
    """Valley lets people choose one message in 30 days; what was sent goes the day before the last lawful one."""
    pack = copy_of_valley(tmp_path)
    replace(pack / VALLEY, 'delivery-metadata = { for = "P24M"', f'delivery-metadata = {{ for = "{period}"')
    found = {one.key: one.message for one in check(pack)}
    assert found == {} if fits else "30 days back" in found["commitment.decided.periods.delivery-metadata"]
