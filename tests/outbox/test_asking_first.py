"""A text goes out once, also when a worker dies between the gateway's word and ours, or takes too long."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from consent import clock
from consent.db import Sql
from consent.gateways.sms.base import OutboundMessage, SendFailed, SendResult
from consent.house import House
from consent.outbox import jobs, queries
from consent.outbox import service as outbox
from consent.outbox.leave import GO
from tests.support.sending import SendingGateway
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import Tenant

Deliver = Callable[[], list[str]]


class Killed(BaseException):
    """The worker is gone, without a word."""


class Dying(SendingGateway):
    """Takes a message, and then its caller dies."""

    def __init__(self) -> None:
        super().__init__()
        self.kill = False
        self.asked = 0
        self.cannot_tell: SendFailed | None = None

    def send(self, message: OutboundMessage, http: object = None) -> SendResult:
        """Accepted, whatever becomes of the caller."""
        result = super().send(message, http)
        if self.kill:
            self.kill = False
            raise Killed
        return result

    def find_sent(self, message: OutboundMessage, since: datetime, http: object = None) -> Iterator[SendResult]:
        """What was taken, unless the list cannot be read."""
        self.asked += 1
        if self.cannot_tell is not None:
            raise self.cannot_tell
        return super().find_sent(message, since, http)


@pytest.fixture
def sending() -> Dying:
    return Dying()


def outcomes(house: House, valley: Tenant) -> list[tuple[str, str | None]]:
    """How each job stands, with its last error."""
    names = ("waiting", "sent", "expired", "refused", "dead", "cancelled")
    with house.db.read(valley.id) as tx:
        return [(str(job["outcome"]), job["last_error"]) for job in queries.jobs(tx, valley.id, names)]


def event_types(house: House, valley: Tenant) -> list[str]:
    """What stands in the ledger about texts that were sent."""
    rows: list[Any] = []
    with house.db.read(valley.id) as tx:
        rows = tx.all(Sql("SELECT body FROM ledger_event WHERE organization_id = :org"), {"org": valley.id})
    return [kind for kind in ("message.sent", "message.refused") for row in rows if kind.encode() in bytes(row[0])]


def later(time: Time, seconds: float) -> None:
    """So much time has passed."""
    time.at += timedelta(seconds=seconds)


def test_a_worker_killed_after_the_gateways_word_texts_nobody_twice(
    house: House, valley: Tenant, twilio: Twilio, sending: Dying, deliver: Deliver, time: Time
) -> None:
    twilio.text("STOP")
    sending.kill = True
    with pytest.raises(Killed):
        deliver()
    later(time, 61)
    assert len(deliver()) == 1
    assert outcomes(house, valley) == [("sent", None)]
    assert event_types(house, valley) == ["message.sent"]


def test_what_the_gateway_took_is_on_record_even_when_it_is_found_late(
    house: House, valley: Tenant, twilio: Twilio, sending: Dying, deliver: Deliver, time: Time
) -> None:
    twilio.text("STOP")
    sending.kill = True
    with pytest.raises(Killed):
        deliver()
    later(time, 3600)
    deliver()
    assert outcomes(house, valley) == [("sent", None)]


def test_the_first_attempt_asks_nothing(twilio: Twilio, sending: Dying, deliver: Deliver) -> None:
    twilio.text("STOP")
    deliver()
    assert sending.asked == 0


def test_a_text_without_an_answer_is_asked_for_and_not_sent_again(
    house: House, valley: Tenant, twilio: Twilio, sending: Dying, deliver: Deliver, time: Time
) -> None:
    twilio.text("STOP")
    sending.planned = [SendFailed("timeout", retryable=False, maybe_sent=True)]
    deliver()
    assert outcomes(house, valley) == [("waiting", "timeout: may have been sent")]
    with house.db.read(valley.id) as tx:
        (job,) = queries.jobs(tx, valley.id, ["waiting"])
    sending.sent = [OutboundMessage("+15095550100", "+15095550142", "…", client_ref=str(job["id"]))]
    later(time, 31)
    assert deliver() == ["…"]
    assert outcomes(house, valley) == [("sent", None)]


def test_a_text_the_gateway_never_took_is_sent_by_the_second_attempt(
    house: House, valley: Tenant, twilio: Twilio, sending: Dying, deliver: Deliver, time: Time
) -> None:
    twilio.text("STOP")
    sending.planned = [SendFailed("timeout", retryable=False, maybe_sent=True)]
    deliver()
    later(time, 31)
    assert len(deliver()) == 1
    assert outcomes(house, valley) == [("sent", None)]


def test_a_gateway_that_cannot_tell_leaves_it_to_a_person(
    house: House, valley: Tenant, twilio: Twilio, sending: Dying, deliver: Deliver, time: Time
) -> None:
    twilio.text("STOP")
    sending.planned = [SendFailed("timeout", retryable=False, maybe_sent=True)]
    deliver()
    sending.cannot_tell = SendFailed("cannot-tell", retryable=False)
    later(time, 31)
    assert deliver() == []
    assert outcomes(house, valley) == [("dead", "cannot-tell: may have been sent")]


def test_a_gateway_that_cannot_tell_now_is_asked_again_until_it_is_too_late(
    house: House, valley: Tenant, twilio: Twilio, sending: Dying, deliver: Deliver, time: Time
) -> None:
    twilio.text("STOP")
    sending.planned = [SendFailed("timeout", retryable=False, maybe_sent=True)]
    deliver()
    sending.cannot_tell = SendFailed("http-503", retryable=True)
    later(time, 31)
    assert deliver() == []
    assert outcomes(house, valley) == [("waiting", "http-503")]
    later(time, 300)
    assert deliver() == []
    assert outcomes(house, valley) == [("expired", "too late to be sent again; may have been sent")]


def test_two_answers_that_read_the_same_are_two_messages(
    house: House,
    valley: Tenant,
    twilio: Twilio,
    sending: Dying,
    deliver: Deliver,
    time: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def by_text(message: OutboundMessage, since: datetime, http: object = None) -> Iterator[SendResult]:
        for number, taken in enumerate(sending.sent):
            if taken.text == message.text:
                yield SendResult("accepted", f"OUT{number}", "queued")

    monkeypatch.setattr(sending, "find_sent", by_text)
    twilio.text("HELP")
    deliver()
    twilio.text("HELP")
    sending.planned = [SendFailed("http-503", retryable=True)]
    deliver()
    later(time, 3)
    assert len(deliver()) == 2
    assert outcomes(house, valley) == [("sent", None), ("sent", None)]


def test_a_revived_text_is_asked_for_first(
    house: House, valley: Tenant, twilio: Twilio, sending: Dying, deliver: Deliver
) -> None:
    twilio.text("STOP")
    sending.planned = [SendFailed("http-401", retryable=False)]
    deliver()
    with house.db.read(valley.id) as tx:
        (job,) = queries.jobs(tx, valley.id, ["dead"])
    house.db.write(lambda tx: outbox.revive(tx, valley.id, UUID(str(job["id"])), clock.now()), valley.id)
    deliver()
    assert (sending.asked, len(sending.sent)) == (1, 1)


def carrier_of(house: House, sending: SendingGateway, me: str) -> jobs.Carrier:
    """A worker of this name."""
    return jobs.Carrier(
        house.db,
        house.keyring,
        None,  # type: ignore[arg-type]  # the fake gateway makes no calls
        lambda tx, job, whither, now: GO,
        lambda *told: None,
        sending.load,
        me,
    )


def test_a_slow_worker_loses_what_another_has_taken_over(
    house: House, valley: Tenant, twilio: Twilio, sending: Dying, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    for sender in ("+15095550142", "+15095550143"):
        twilio.text("STOP", sender)
    other = SendingGateway()
    send = sending.send

    def slowly(message: OutboundMessage, http: object = None) -> SendResult:
        result = send(message, http)
        later(time, 61)
        jobs.deliver(carrier_of(house, other, "other"), valley.id, clock.now)
        return result

    monkeypatch.setattr(sending, "send", slowly)
    jobs.deliver(carrier_of(house, sending, "slow"), valley.id, clock.now)
    assert (len(sending.sent), sorted(one.recipient for one in other.sent)[1:]) == (1, ["+15095550143"])


def test_a_slow_worker_and_another_send_each_text_once(
    house: House, valley: Tenant, twilio: Twilio, sending: Dying, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(142, 146):
        twilio.text("STOP", f"+15095550{number}")
    other = SendingGateway()
    send = sending.send

    def slowly(message: OutboundMessage, http: object = None) -> SendResult:
        result = send(message, http)
        later(time, 20)
        jobs.deliver(carrier_of(house, other, "other"), valley.id, clock.now)
        return result

    monkeypatch.setattr(sending, "send", slowly)
    jobs.deliver(carrier_of(house, sending, "slow"), valley.id, clock.now)
    recipients = [one.recipient for one in sending.sent + other.sent]
    assert sorted(recipients) == [f"+15095550{number}" for number in range(142, 146)]


def test_a_text_taken_back_while_the_worker_was_slow_is_not_sent(
    house: House, valley: Tenant, twilio: Twilio, sending: Dying, time: Time
) -> None:
    twilio.text("STOP")
    now = clock.now()
    (job,) = house.db.write(lambda tx: outbox.claim(tx, valley.id, outbox.SMS, "slow", now), valley.id)
    assert house.db.write(lambda tx: outbox.hold(tx, job, now), valley.id)
    house.db.write(lambda tx: outbox.settle(tx, job, "cancelled", now), valley.id)
    assert not house.db.write(lambda tx: outbox.hold(tx, job, now), valley.id)
