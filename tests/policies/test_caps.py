"""How many sales messages an organization allows itself, in organization.toml."""

import pytest

from consent.policies.findings import BadPack
from consent.policies.organization import OrganizationPack, parse_organization
from consent.policies.packs import read
from tests.policies.house import POLICIES

TEXT = read(POLICIES / "valtt" / "organization.toml")


def with_cap(row: str) -> OrganizationPack:
    return parse_organization(f"{TEXT}\n[[caps]]\n{row}\n")


def test_a_cap_is_read_with_the_programs_it_counts() -> None:
    (cap,) = with_cap('max = 4\nper = "P7D"\nprograms = ["offers"]').caps
    assert (cap.most, cap.per.text, cap.programs) == (4, "P7D", ("offers",))


def test_without_any_there_are_none() -> None:
    assert parse_organization(TEXT).caps == ()


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ('max = 0\nper = "P7D"', '"max" must be'),
        ('max = true\nper = "P7D"', '"max" must be'),
        ('per = "P7D"', '"max" must be'),
        ("max = 4", '"per" is missing'),
        ('max = 4\nper = "a week"', "not a period"),
        ('max = 4\nper = "P1M"', "elapsed hours"),
        ('max = 4\nper = "P400D"', "elapsed hours"),
        ('max = 4\nper = "P7D"\nprograms = ["mystery"]', 'no program "mystery"'),
        ('max = 4\nper = "P7D"\nsubject = "x"', '"subject" is not known'),
    ],
)
def test_a_cap_that_cannot_be_meant_is_named(row: str, wrong: str) -> None:
    with pytest.raises(BadPack, match=wrong):
        with_cap(row)
