"""Two at the same moment: one event, one confirmation, one contact point, and the withdrawal wins."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest

from consent.db import Sql
from consent.gateways.sms.base import InboundMessage
from consent.house import House
from consent.organizations import service as organizations
from consent.preferences import rules
from consent.preferences import service as preferences
from consent.sms import service
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.support.valley import NUMBER, Tenant

ROUNDS = 20
_COUNTS = Sql(
    "SELECT (SELECT count(*) FROM inbound WHERE organization_id = :org),"
    " (SELECT count(*) FROM contact_point WHERE organization_id = :org AND channel = 'sms'),"
    " (SELECT count(*) FROM job WHERE organization_id = :org AND kind = 'reply.stop'),"
    " (SELECT count(*) FROM ledger_event e JOIN contact_point c ON c.organization_id = e.organization_id"
    " AND c.id = e.stream_id WHERE e.organization_id = :org)"
)


class Door:
    """Where texts arrive, as the webhook hands them on."""

    def __init__(self, house: House, valley: Tenant, now: datetime) -> None:
        self.house, self.valley, self.now = house, valley, now
        in_force = house.governing.at(valley.id, now)
        self.log, self.rulebook = in_force.log, in_force.rulebook
        with house.db.read(valley.id) as tx:
            (account,) = organizations.accounts(tx, house.keyring, valley.id)
        self.account = service.Account(valley.id, account.id, account.gateway, can_send=True)

    def text(self, sid: str, words: str, sender: str, at: datetime | None = None) -> Callable[[], service.Handled]:
        """A text, ready to arrive."""
        message = InboundMessage("sinch", sid, sid, sender, NUMBER, words, received_at=at)
        prepared = service.prepare(self.house.keyring, self.account, self.rulebook, message)

        def arrive() -> service.Handled:
            return self.house.db.write(
                lambda tx: service.receive(
                    tx, self.house.keyring, self.log, self.rulebook, self.account, prepared, self.now
                ),
                self.valley.id,
            )

        return arrive

    def counts(self) -> tuple[int, ...]:
        """Stored texts, contact points, confirmations and events of contact points."""
        with self.house.db.read(self.valley.id) as tx:
            row = tx.one(_COUNTS, {"org": self.valley.id})
        assert row is not None
        return tuple(int(value) for value in row)

    def stopped(self, number: str) -> bool:
        """Whether this number is silenced."""
        tag64 = subjects.tagged(self.house.keyring, self.valley.id, canonical("sms", number)).tag64
        with self.house.db.read(self.valley.id) as tx:
            return preferences.read(tx, self.valley.id, "sms", tag64)[rules.NUMBER].state == "withdrawn"


@pytest.fixture
def door(house: House, valley: Tenant, now: datetime) -> Door:
    return Door(house, valley, now)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """All of them begin at the same moment."""
    start = threading.Barrier(len(acts))

    def begin(act: Callable[[], Any]) -> Any:
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [done.result() for done in [threads.submit(begin, act) for act in acts]]


def sender(number: int) -> str:
    return f"+1509555{100 + number:04d}"


def test_two_deliveries_of_one_message_are_one_event_and_one_confirmation(door: Door) -> None:
    for number in range(ROUNDS):
        arrive = door.text(f"SM{number}", "STOP", sender(number))
        first, second = at_once(arrive, arrive)
        assert (first.event_id, first.outcome) == (second.event_id, second.outcome)
        assert sorted([first.repeated, second.repeated]) == [False, True]
    assert door.counts() == (ROUNDS, ROUNDS, ROUNDS, ROUNDS)


def test_two_deliveries_to_a_known_number_are_one_event_too(door: Door) -> None:
    known = "+15095550142"
    for number in range(ROUNDS):
        arrive = door.text(f"SM{number}", "STOP" if number % 2 else "START", known)
        assert len({receipt.event_id for receipt in at_once(arrive, arrive)}) == 1
    assert (door.counts()[0], door.counts()[3]) == (ROUNDS, ROUNDS)


def test_first_stops_of_an_unknown_number_make_one_contact_point(door: Door) -> None:
    for number in range(ROUNDS):
        at_once(*(door.text(f"SM{number}-{copy}", "STOP", sender(number)) for copy in range(4)))
    assert door.counts() == (4 * ROUNDS, ROUNDS, ROUNDS, 4 * ROUNDS)


def test_stop_and_start_of_the_same_instant_end_in_silence(door: Door, now: datetime) -> None:
    for number in range(ROUNDS):
        stop = door.text(f"SM{number}-stop", "STOP", sender(number), now)
        start = door.text(f"SM{number}-start", "START", sender(number), now)
        at_once(stop, start)
        assert door.stopped(sender(number))


@pytest.mark.parametrize("words", [("STOP", "START"), ("START", "STOP")])
def test_in_either_order_the_withdrawal_of_the_same_instant_wins(
    door: Door, now: datetime, words: tuple[str, str]
) -> None:
    for copy, word in enumerate(words):
        door.text(f"SM{copy}", word, sender(0), now)()
    assert door.stopped(sender(0))
