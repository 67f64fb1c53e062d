"""What organization.toml says of a recipient is read, and what it cannot mean is refused with its line."""

from datetime import date

import pytest

from consent.policies.findings import BadPack
from consent.policies.organization import OrganizationPack, parse_organization
from tests.policies.house import POLICIES

TEXT = (POLICIES / "voxvalley" / "organization.toml").read_text("utf-8")
AMAZON = 'contract = { terms = ["contract",'


def pack(old: str = "", new: str = "") -> OrganizationPack:
    assert old in TEXT
    return parse_organization(TEXT.replace(old, new, 1) if old else TEXT)


def test_a_contract_settles_its_terms_while_it_lasts() -> None:
    amazon = pack().recipient("amazon-web-services")
    assert amazon is not None
    assert "written-contract" in amazon.terms(date(2026, 11, 21))
    assert amazon.terms(date(2026, 1, 18)) == frozenset()
    ended = pack("since = 2026-01-19,", "since = 2026-01-19, until = 2026-06-30,").recipient("amazon-web-services")
    assert ended is not None
    assert ended.terms(date(2026, 6, 30)) and not ended.terms(date(2026, 7, 1))
    assert not amazon.review_overdue(date(2027, 1, 19)) and amazon.review_overdue(date(2027, 1, 20))


def test_what_a_recipient_cannot_be_is_refused() -> None:
    for old, new, said in (
        ('is = ["contractor"]', 'is = ["friend"]', '"friend" is nothing a recipient can be'),
        ("since = 2026-01-19,", "", '"since" is missing'),
        ("review_on = 2027-01-19", 'review_on = "soon"', '"review_on" must be a date'),
        ('location = "US"', 'place = "US"', '"place" is not known here'),
    ):
        with pytest.raises(BadPack) as refused:
            pack(old, new)
        assert said in str(refused.value), old
    free = f'{TEXT}\n[free_text]\npeople = "perhaps"\n'
    with pytest.raises(BadPack, match="mask or refuse"):
        parse_organization(free)
