"""What left is logged once, and what was last sent to a number is found again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from consent.db import Sql
from consent.house import House
from consent.ids import new_id
from consent.outbox import message_log
from consent.outbox.message_log import Flag, LastSent, Sent
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant

Deliver = Callable[[], list[str]]
ROWS = Sql("SELECT program, sender, flags FROM message_log WHERE organization_id = :org")


def tag_of(house: House, valley: Tenant, number: str = PERSON) -> int:
    return subjects.tagged(house.keyring, valley.id, of_person("sms", number)).tag64


def send(house: House, valley: Tenant, sent_at: datetime, **more: object) -> UUID:
    """A message of that time stands in the log."""
    said: dict[str, object] = {
        "id": new_id(sent_at),
        "channel": "sms",
        "tag64": tag_of(house, valley),
        "sent_at": sent_at,
        "program": TEXTS,
        "message_class": "outage",
    }
    sent = Sent(**(said | more))  # type: ignore[arg-type]
    house.db.write(lambda tx: message_log.record(tx, valley.id, sent), valley.id)
    return sent.id


def last(house: House, valley: Tenant, before: datetime, sender: str | None = None) -> LastSent | None:
    with house.db.read(valley.id) as tx:
        return message_log.last_sent(tx, valley.id, "sms", tag_of(house, valley), before, sender)


def rows(house: House, valley: Tenant) -> list[tuple[object, ...]]:
    with house.db.read(valley.id) as tx:
        return tx.all(ROWS, {"org": valley.id})


def test_the_last_message_before_an_instant_is_found(house: House, valley: Tenant, now: datetime) -> None:
    assert last(house, valley, now) is None
    send(house, valley, now - timedelta(hours=3))
    newer = send(house, valley, now - timedelta(hours=1), message_class="maintenance", decision_id=uuid4())
    send(house, valley, now + timedelta(seconds=1))
    found = last(house, valley, now)
    assert found is not None
    assert (found.id, found.sent_at, found.message_class) == (newer, now - timedelta(hours=1), "maintenance")
    assert found.decision_id is not None


def test_another_number_and_another_organization_sent_nothing(house: House, valley: Tenant, now: datetime) -> None:
    send(house, valley, now, tag64=tag_of(house, valley, "+15095550143"))
    assert last(house, valley, now) is None


def test_the_answer_to_a_keyword_causes_no_stop(house: House, valley: Tenant, now: datetime) -> None:
    earlier = send(house, valley, now - timedelta(hours=1))
    send(house, valley, now, program=None, message_class=None)
    found = last(house, valley, now)
    assert found is not None
    assert found.id == earlier


def test_a_sender_is_asked_for_with_those_that_nobody_named(house: House, valley: Tenant, now: datetime) -> None:
    mine = send(house, valley, now - timedelta(hours=3), sender="main")
    send(house, valley, now - timedelta(hours=2), sender="other")
    found = last(house, valley, now, "main")
    assert found is not None
    assert found.id == mine
    unnamed = send(house, valley, now - timedelta(hours=1))
    found = last(house, valley, now, "main")
    assert found is not None
    assert found.id == unnamed


def test_a_message_is_logged_once_for_its_providers_id(house: House, valley: Tenant, now: datetime) -> None:
    tag = message_log.provider_tag(house.keyring, valley.id, "OUT1")
    first = send(house, valley, now, provider_tag=tag, flags=Flag.NO_DECISION)
    send(house, valley, now + timedelta(seconds=5), provider_tag=tag)
    assert len(rows(house, valley)) == 1
    with house.db.read(valley.id) as tx:
        assert message_log.by_provider(tx, valley.id, tag) == (first, Flag.NO_DECISION)
        assert message_log.by_provider(tx, valley.id, b"another") is None


def test_flags_are_words() -> None:
    assert (Flag.NO_DECISION | Flag.AFTER_REVOCATION).words() == ["no-decision", "after-revocation"]
    assert message_log.SOUND.words() == []


def test_what_the_outbox_sent_is_logged_with_its_sender(
    house: House, valley: Tenant, twilio: Twilio, deliver: Deliver
) -> None:
    twilio.text("STOP")
    deliver()
    assert [(program, flags) for program, _, flags in rows(house, valley)] == [(None, 0)]
    assert rows(house, valley)[0][1] == "main"
