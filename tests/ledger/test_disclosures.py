"""Salted facts: the published example, fresh salts, strict reading."""

import pytest

from consent.errors import BadInput
from consent.ledger import base64url, disclosures

# The example of RFC 9901 sections 4.2.1 and 4.2.3.
MOEBIUS = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
MOEBIUS_DIGEST = "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"


def test_the_digest_is_that_of_the_published_example() -> None:
    assert disclosures.digest(MOEBIUS) == MOEBIUS_DIGEST
    read = disclosures.read(MOEBIUS)
    assert (read.name, read.value, read.digest) == ("family_name", "Möbius", MOEBIUS_DIGEST)


def test_the_same_fact_twice_has_two_digests() -> None:
    one, other = disclosures.disclose({"address": "+15095550142"}), disclosures.disclose({"address": "+15095550142"})
    assert one[0].digest != other[0].digest
    assert len(base64url.decode(one[0].raw.decode().split('"')[1])) == 16


def test_facts_come_back_from_their_stored_row() -> None:
    shown = disclosures.disclose({"address": "+15095550142", "note": 'line\nbreak "quoted" é', "ip": None})
    assert [one.name for one in shown] == ["address", "note"]
    assert disclosures.unpack(disclosures.pack(shown)) == shown
    assert [disclosures.read(one.text) for one in shown] == list(shown)


def test_a_disclosure_is_not_shown_by_its_repr() -> None:
    assert "5550142" not in repr(disclosures.disclose({"address": "+15095550142"}))


@pytest.mark.parametrize("text", ["", "e30", "WyJhIl0", MOEBIUS + "=", MOEBIUS[:-1] + "1", "WyJhIiwiYiIsImMiXQ", "ü"])
def test_what_is_no_salted_triple_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        disclosures.read(text)


@pytest.mark.parametrize("text", ["a", "aa=", "a+b/", "AB", "AAB", " AAA"])
def test_base64url_has_one_text_for_one_value(text: str) -> None:
    with pytest.raises(ValueError, match=r"base64|ncorrect padding|number of data"):
        base64url.decode(text)
