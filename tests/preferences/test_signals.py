"""Global Privacy Control, recorded once for each person and seen wherever the person is reached."""

from collections.abc import Callable

import pytest

from consent.db import Tx
from consent.house import House
from consent.preferences import queries, settings, signals
from consent.preferences import service as preferences
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.web import signals as browser_signals
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant

MAIL = "ana@mail.example"
Visits = Callable[..., int]


@pytest.mark.parametrize(
    ("header", "refuses"), [("1", True), (" 1 ", True), (None, False), ("0", False), ("true", False), ("11", False)]
)
def test_only_the_value_one_refuses(header: str | None, refuses: bool) -> None:
    assert browser_signals.is_sent(header) is refuses


@pytest.fixture
def visits(house: House, valley: Tenant, time: Time) -> Visits:
    """Somebody saves the page of a telephone with a browser that refuses; how many entries that makes."""

    def visit(person: str | None = None) -> int:
        in_force = house.governing.now(valley.id, time.at)
        places = [subjects.tagged(house.keyring, valley.id, of_person(channel, PERSON)) for channel in ("sms", "voice")]

        def act(tx: Tx) -> int:
            named = subjects.person(tx, house.keyring, valley.id, person, time.at) if person else None
            log, rulebook = in_force.log, in_force.rulebook
            return len(signals.honour(tx, house.keyring, log, rulebook, places, named, time.at))

        return house.db.write(act, valley.id)

    return visit


@pytest.fixture
def refused(house: House, valley: Tenant, time: Time) -> Callable[[str, str], bool]:
    """Does a refusal by signal stand for whoever is reached there?"""

    def ask(address: str, channel: str) -> bool:
        tagged = subjects.tagged(house.keyring, valley.id, of_person(channel, address))
        with house.db.read(valley.id) as tx:
            state = preferences.read(tx, valley.id, channel, tagged.tag64)
            whole = queries.wherever(tx, valley.id, state)
        return settings.settings_of(whole, time.at).sale_refused_by_signal

    return ask


Refused = Callable[[str, str], bool]


def test_a_signal_is_recorded_at_every_place_of_the_visit_and_only_once(visits: Visits, refused: Refused) -> None:
    assert visits() == 2
    assert visits() == 0
    assert refused(PERSON, "sms")
    assert refused(PERSON, "voice")


def test_of_the_only_person_known_there_it_is_seen_at_the_persons_other_addresses(
    systems: Systems, visits: Visits, refused: Refused
) -> None:
    systems.consent(person="customer-1")
    systems.consent(program="marketing-email", channel="email", address=MAIL, person="customer-1")
    assert not refused(MAIL, "email")
    assert visits() == 2  # the texts of one person are known, whose calls they are is not
    assert refused(MAIL, "email")


def test_of_several_people_behind_a_number_nobody_is_guessed(
    systems: Systems, visits: Visits, refused: Refused
) -> None:
    systems.consent(person="customer-1")
    systems.consent(person="customer-2")
    systems.consent(program="marketing-email", channel="email", address=MAIL, person="customer-1")
    visits()
    assert refused(PERSON, "sms")
    assert not refused(MAIL, "email")


def test_of_a_named_person_it_is_recorded_once_for_all_addresses(
    systems: Systems, visits: Visits, refused: Refused
) -> None:
    systems.consent(program="marketing-email", channel="email", address=MAIL, person="customer-1")
    assert visits("customer-1") == 1
    assert refused(MAIL, "email")
