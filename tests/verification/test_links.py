"""Links in messages: what was put in comes out, and nothing else opens."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from consent.ledger.keys import Keyring
from consent.verification import links
from consent.verification.links import Link
from tests.support import valley as at_valley

NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
ORGANIZATION, CONTACT = uuid4(), uuid4()
LINK = Link(ORGANIZATION, CONTACT, links.PREFERENCES, None, None, None, NOW)


@pytest.fixture(scope="module")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return Keyring(at_valley.new_data_dir(tmp_path_factory.mktemp("links")))


@pytest.mark.parametrize(
    "link",
    [
        LINK,
        replace(LINK, person_id=uuid4()),
        replace(LINK, program="outage-alerts", reference="mail-2026-11"),
        replace(LINK, purpose=links.UNSUBSCRIBE, person_id=uuid4(), program="p" * 64, reference="é" * 32),
    ],
)
def test_a_link_says_what_was_put_into_it(keyring: Keyring, link: Link) -> None:
    token = links.make(keyring, link)
    assert links.read(keyring, ORGANIZATION, token, link.purpose) == link
    assert len(token) <= links.LONGEST_TOKEN


def test_a_link_is_short_enough_for_a_text_and_tells_a_reader_nothing(keyring: Keyring) -> None:
    token = links.make(keyring, LINK)
    assert len(token) <= 54
    assert CONTACT.hex not in token
    assert token == links.make(keyring, LINK)


def test_a_link_opens_for_its_own_organization_and_purpose_alone(keyring: Keyring) -> None:
    token = links.make(keyring, LINK)
    assert links.read(keyring, uuid4(), token, links.PREFERENCES) is None
    assert links.read(keyring, ORGANIZATION, token, links.UNSUBSCRIBE) is None


def test_no_changed_or_shortened_link_opens(keyring: Keyring) -> None:
    token = links.make(keyring, LINK)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for place, letter in enumerate(token):
        other = letters[(letters.index(letter) + 1) % 64]
        changed = token[:place] + other + token[place + 1 :]
        assert links.read(keyring, ORGANIZATION, changed, links.PREFERENCES) is None, place
    for length in range(len(token)):
        assert links.read(keyring, ORGANIZATION, token[:length], links.PREFERENCES) is None, length


@pytest.mark.parametrize("token", ["", "A", "é" * 54, "A" * 100_000, "=" * 54, "../../etc", "\u202e" * 20, "A" * 54])
def test_what_is_no_link_opens_nothing(keyring: Keyring, token: str) -> None:
    assert links.read(keyring, ORGANIZATION, token, links.PREFERENCES) is None


def test_a_part_that_is_too_long_is_refused_where_the_link_is_made(keyring: Keyring) -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        links.make(keyring, replace(LINK, program="p" * 65))


def test_two_organizations_never_share_a_key_for_links(keyring: Keyring) -> None:
    assert keyring.key_for(ORGANIZATION, "links", 64) != keyring.key_for(UUID(int=1), "links", 64)
    assert keyring.key_for(ORGANIZATION, "links", 64) != keyring.key_for(ORGANIZATION, "codes", 64)
