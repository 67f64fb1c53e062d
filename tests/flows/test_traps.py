"""Traps of the Valley policy, sprung over HTTP (T-01 to T-14, where they concern texts)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from consent.house import House
from consent.organizations import service as organizations
from consent.outbox import service as outbox
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.support.sending import SendingGateway
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant, consent_of

Deliver = Callable[[], list[str]]
MAIL = "ana@customer.example"
COUNTER: dict[str, Any] = {"ip": None, "ip_absent_reason": "said at the counter", "method": "staff"}


def wait_to_send(house: House, valley: Tenant, time: Time) -> None:
    """An outage text for the person stands in the outbox."""
    tagged = subjects.tagged(house.keyring, valley.id, canonical("sms", PERSON))
    with house.db.read(valley.id) as tx:
        account = organizations.accounts(tx, house.keyring, valley.id)[0]
        found = subjects.find(tx, valley.id, tagged)
        assert found is not None
        contact = subjects.by_id(tx, house.keyring, valley.id, found)
    assert contact is not None
    key = contact.key
    assert key is not None
    payload = {"account": str(account.id), "from": valley.number, "to": PERSON, "text": "The power is out."}
    draft = outbox.Draft(outbox.SMS, "notice.outage", f"outage-{time.at}", payload, contact.id, TEXTS, "outage")
    house.db.write(lambda tx: outbox.enqueue(tx, valley.id, key, draft, time.now()), valley.id)


@pytest.mark.parametrize("said", ["given", "refused"])
def test_t_01_a_marketing_consent_on_file_never_unlocks_promotion_by_text(systems: Systems, said: str) -> None:
    systems.consent()
    systems.consent("marketing-email", channel="email", address=MAIL, state=said, person="customer-1")
    for program in (TEXTS, "marketing-email"):
        decision = systems.decide(program=program, message_class="promotion")
        assert decision["answer"] == "deny"
        assert "marketing-banned" in codes(decision)
        assert "VSH-26" in {reason.get("commitment") for reason in decision["reasons"]}


def test_t_01_a_marketing_consent_for_the_number_cannot_even_be_recorded(systems: Systems) -> None:
    assert systems.refused(program="marketing-email")["commitment"] == "VSH-26"


@pytest.mark.parametrize(
    "content", ["Your bill is ready. 20% off with code SAVE20!", "Invoice 7. Special offer: half price."]
)
def test_t_02_an_offer_inside_an_invoice_text_is_held_back(systems: Systems, content: str) -> None:
    systems.consent()
    assert not systems.may(message_class="invoice", content=content)
    assert systems.may(message_class="invoice", content="Invoice 7 over 45.00 is due on 1 December.")


def test_t_03_a_number_alone_is_no_consent(systems: Systems) -> None:
    systems.post("contact-points/lookup", {"channel": "sms", "address": PERSON})
    systems.consent("marketing-email", channel="email", address=MAIL, person="customer-1")
    assert not systems.may(person="customer-1")


def test_t_04_a_single_text_needs_the_opt_in_and_only_a_direct_answer_does_not(
    systems: Systems, twilio: Twilio, deliver: Deliver
) -> None:
    assert not systems.may(message_class="appointment-reminder")
    assert not systems.may(message_class="keyword-reply")
    twilio.text("HELP")
    assert len(deliver()) == 1


def test_t_05_a_stopped_number_gets_help_every_time(systems: Systems, twilio: Twilio, deliver: Deliver) -> None:
    systems.consent()
    for said in ("STOP", "HELP", "info", "HELP"):
        twilio.text(said)
    assert len(deliver()) == 4
    assert not systems.may()


def test_t_06_a_stop_between_queueing_and_sending_holds_the_text_back(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Deliver, time: Time
) -> None:
    systems.consent()
    wait_to_send(house, valley, time)
    twilio.text("STOP")
    assert [text for text in deliver() if "power" in text] == []


def test_t_06_what_was_queued_after_the_stop_is_held_back_at_the_door_too(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Deliver, time: Time
) -> None:
    systems.consent()
    twilio.text("STOP")
    wait_to_send(house, valley, time)
    assert [text for text in deliver() if "power" in text] == []


def test_t_06_without_a_stop_the_text_goes_out(
    house: House, valley: Tenant, systems: Systems, deliver: Deliver, sending: SendingGateway, time: Time
) -> None:
    systems.consent()
    wait_to_send(house, valley, time)
    assert deliver() == ["The power is out."]
    newest = systems.history()[0]
    assert (newest["type"], newest["facts"]["msg_text"]) == ("message.sent", "The power is out.")


def test_t_07_stop_silences_the_number_for_everybody_who_uses_it(systems: Systems, twilio: Twilio) -> None:
    for person in ("customer-1", "customer-2"):
        systems.consent(person=person)
    twilio.text("STOP")
    assert not any(systems.may(person=person) for person in ("customer-1", "customer-2"))
    assert not systems.may()


def test_t_07_a_new_number_inherits_no_consent(systems: Systems) -> None:
    systems.consent(person="customer-1")
    assert not systems.may(address="+15095550143", person="customer-1")


def test_t_08_stop_by_text_leaves_mail_and_calls_alone_and_the_other_way_round(
    systems: Systems, twilio: Twilio
) -> None:
    systems.consent()
    systems.consent("marketing-email", channel="email", address=MAIL)
    twilio.text("STOP")
    assert systems.may(program="service-email", channel="email", address=MAIL)
    assert systems.may(program="service-calls", channel="voice")
    assert systems.may(program="marketing-email", channel="email", address=MAIL, message_class="promotion")


def test_t_08_unsubscribing_from_mail_leaves_texts_alone(systems: Systems) -> None:
    systems.consent()
    systems.consent("marketing-email", channel="email", address=MAIL, state="withdrawn")
    assert not systems.may(program="marketing-email", channel="email", address=MAIL, message_class="promotion")
    assert systems.may()


def test_t_09_after_stop_an_outage_may_be_called_in_but_an_offer_may_not(systems: Systems, twilio: Twilio) -> None:
    twilio.text("STOP")
    assert systems.may(program="service-calls", channel="voice", message_class="outage")
    assert not systems.may(program="marketing-calls", channel="voice", message_class="promotion")


def test_t_10_start_is_a_consent_of_its_own(systems: Systems, twilio: Twilio) -> None:
    old = systems.consent()
    twilio.text("STOP")
    twilio.text("START")
    decision = systems.decide()
    renewed = systems.history()[0]
    assert decision["reasons"][0]["entry"] == renewed["entry"] != old["entry"]
    assert renewed["data"]["method"] == "keyword"
    assert renewed["occurred_at"] > "2026-11-21T17"
    receipt = systems.get(f"receipts/{renewed['entry']}").get_json()["receipt"]
    assert receipt.count(".") == 2


def test_t_11_no_keyword_consent_carries_the_gateways_address(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    twilio.text("STOP")
    twilio.post(twilio.message("START"), environ_overrides={"REMOTE_ADDR": "198.51.100.9"})
    facts = systems.history()[0]["facts"]
    assert "ip" not in facts
    assert facts["ip_absent_reason"]
    assert "198.51.100.9" not in str(systems.history())


def test_t_12_repeats_late_and_doubled_change_nothing(systems: Systems, twilio: Twilio, deliver: Deliver) -> None:
    systems.consent()
    stop, start = twilio.message("STOP"), twilio.message("START")
    for message in (stop, stop, start, stop, start, stop):
        twilio.post(message)
    assert systems.may()  # the newest message, first seen, was START
    words = [event["type"] for event in systems.history() if event["type"].startswith("consent.")]
    assert words == ["consent.renewed", "consent.withdrawn", "consent.given"]
    assert len(deliver()) == 2


def test_t_12_on_doubt_the_opt_out_wins(systems: Systems, twilio: Twilio, time: Time) -> None:
    systems.consent()
    time.freeze()
    twilio.text("STOP")
    twilio.text("START")
    assert not systems.may()


def test_t_14_an_older_consent_entered_again_never_lifts_a_stop(systems: Systems, twilio: Twilio, time: Time) -> None:
    systems.consent()
    twilio.text("STOP")
    time.go(days=30)
    for _ in range(3):
        systems.post("consents", consent_of())
        systems.consent(occurred_at="2026-11-21T16:59:00Z", **COUNTER)
    assert not systems.may()


def test_t_14_a_stop_does_not_fade(systems: Systems, twilio: Twilio, time: Time) -> None:
    twilio.text("STOP")
    time.at += timedelta(days=3650)
    assert codes(systems.decide())[0] == "suppressed"
