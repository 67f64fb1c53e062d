"""What gateways report about our texts: kept once, and an opt-out they know becomes one here."""

from collections.abc import Callable

from consent.db import Sql
from consent.gateways.sms.base import SendResult
from consent.house import House
from consent.outbox import service as outbox
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.support.sending import SendingGateway
from tests.support.statements import seen
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant

STATUSES = Sql(
    "SELECT status, error_code FROM delivery_status WHERE organization_id = :organization_id ORDER BY status"
)


def statuses(house: House, valley: Tenant) -> list[tuple[str, str]]:
    with house.db.read(valley.id) as tx:
        return [(row[0], row[1]) for row in tx.all(STATUSES, {"organization_id": valley.id})]


def test_each_status_of_a_message_is_kept_once(house: House, valley: Tenant, twilio: Twilio) -> None:
    for status in ("sent", "delivered", "sent", "delivered"):
        assert twilio.status("SM1", status).status_code == 200
    assert statuses(house, valley) == [("delivered", ""), ("sent", "")]


def test_a_repeated_report_writes_nothing(house: House, systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    twilio.status("SM1", "undelivered", ErrorCode="21610")
    before = systems.history()
    with seen(house.db) as statements:
        twilio.status("SM1", "undelivered", ErrorCode="21610")
    assert statements.commits == 1
    assert systems.history() == before


def test_t13_a_number_the_gateway_blocks_has_said_stop(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    twilio.status("SM1", "failed", ErrorCode="21610")
    decision = systems.decide()
    assert (decision["answer"], codes(decision)[0]) == ("deny", "suppressed")
    newest = systems.history()[0]
    assert newest["type"] == "suppression.set"
    assert newest["data"]["reason"] == "gateway-opt-out"
    assert decision["reasons"][0]["entry"] == newest["entry"]


def test_a_block_counts_from_its_report_whatever_minute_the_carrier_names(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    twilio.status("SM1", "failed", ErrorCode="21610", RawDlrDoneDate="2401010000")
    assert not systems.may()


def test_a_blocked_number_nobody_knows_is_silenced_too(systems: Systems, twilio: Twilio) -> None:
    twilio.status("SM1", "failed", "+15095550177", ErrorCode="21610")
    assert systems.preferences("+15095550177")["stopped"] is True


def test_other_failures_silence_nobody(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    for code in ("30003", "30007", "30008", ""):
        twilio.status(f"SM{code}", "undelivered", ErrorCode=code)
    assert systems.may()


def test_t13_what_waited_for_a_blocked_number_is_taken_back(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Callable[[], list[str]], time: Time
) -> None:
    systems.consent()
    wait_to_send(house, valley, time)
    twilio.status("SM1", "failed", ErrorCode="21610")
    assert deliver() == []


def test_t13_a_text_refused_because_the_person_opted_out_there_silences_the_number(
    systems: Systems, twilio: Twilio, sending: SendingGateway, deliver: Callable[[], list[str]]
) -> None:
    systems.consent()
    twilio.text("HELP")
    sending.planned.append(SendResult("refused", code="21610", recipient_opted_out=True))
    deliver()
    assert codes(systems.decide())[0] == "suppressed"
    kinds = {event["type"]: event["data"].get("code") for event in systems.history()[:2]}
    assert kinds == {"message.refused": "21610", "suppression.set": "21610"}


def test_start_after_a_block_is_a_new_consent(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    twilio.status("SM1", "failed", ErrorCode="21610")
    twilio.text("START")
    assert systems.may()


def wait_to_send(house: House, valley: Tenant, time: Time) -> None:
    """An outage text for the person stands in the outbox."""
    tagged = subjects.tagged(house.keyring, valley.id, canonical("sms", PERSON))
    with house.db.read(valley.id) as tx:
        contact_point = subjects.find(tx, valley.id, tagged)
        assert contact_point is not None
        contact = subjects.by_id(tx, house.keyring, valley.id, contact_point)
    assert contact is not None
    assert contact.key is not None
    key = contact.key
    payload = {"account": "none", "from": valley.number, "to": PERSON, "text": "The power is out."}
    draft = outbox.Draft(outbox.SMS, "notice.outage", "outage-1", payload, contact.id, TEXTS, "outage")
    house.db.write(lambda tx: outbox.enqueue(tx, valley.id, key, draft, time.now()), valley.id)
