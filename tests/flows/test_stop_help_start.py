"""The main job over HTTP: STOP is silence from that commit on, HELP is answered, START agrees anew."""

from collections.abc import Callable

from consent.house import House
from tests.support.statements import seen
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, WORDING

Deliver = Callable[[], list[str]]
NOTHING = b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
SPELLINGS = ("STOP", "stop", "  Stop. ", "sToP", "STOP!", "stop\n", "\tStop.\r\n", '"stop"', "ｓｔｏｐ")


def test_an_opted_in_number_is_silent_from_the_commit_of_its_stop_on(
    systems: Systems, twilio: Twilio, deliver: Deliver
) -> None:
    consent = systems.consent()
    before = systems.decide()
    assert (before["answer"], codes(before)[0]) == ("allow", "consent-given")
    assert before["reasons"][0]["entry"] == consent["entry"]
    answer = twilio.text("stop.")
    assert (answer.status_code, answer.data, answer.content_type) == (200, NOTHING, "text/xml")
    after = systems.decide()
    assert (after["answer"], codes(after)[0]) == ("deny", "suppressed")
    newest = systems.history()[0]
    assert (newest["type"], newest["data"]["intent"]) == ("consent.withdrawn", "stop")
    assert after["reasons"][0]["entry"] == newest["entry"] == after["position"]["entry"]
    assert after["reasons"][0]["commitment"].startswith("VSH-")
    assert systems.preferences()["stopped"] is True
    assert len(deliver()) == 1


def test_stop_is_understood_however_it_is_written(systems: Systems, twilio: Twilio) -> None:
    for place, said in enumerate(SPELLINGS):
        somebody = f"+1509555011{place}"
        systems.consent(address=somebody)
        assert systems.may(address=somebody)
        twilio.text(said, somebody)
        assert not systems.may(address=somebody), said


def test_each_message_class_of_the_program_is_silent(systems: Systems, twilio: Twilio) -> None:
    classes = ("outage", "appointment-reminder", "technician-update", "invoice", "billing-notice")
    systems.consent()
    assert all(systems.may(message_class=one) for one in classes)
    twilio.text("STOP")
    assert not any(systems.may(message_class=one) for one in classes)


def test_help_is_answered_although_stopped_and_changes_nothing(
    systems: Systems, twilio: Twilio, deliver: Deliver
) -> None:
    systems.consent()
    twilio.text("STOP")
    stopped = systems.preferences()
    twilio.text("help")
    texts = deliver()
    assert len(texts) == 2
    assert "509-557-0508" in texts[1]
    assert "STOP" in texts[1]
    assert systems.preferences() == stopped
    assert not systems.may()


def test_help_neither_opts_in_nor_out(systems: Systems, twilio: Twilio, deliver: Deliver) -> None:
    twilio.text("HELP")
    assert not systems.may()
    systems.consent()
    twilio.text("HELP")
    assert systems.may()
    assert len(deliver()) == 2


def test_a_second_stop_sends_no_second_confirmation(systems: Systems, twilio: Twilio, deliver: Deliver) -> None:
    systems.consent()
    twilio.text("STOP")
    assert len(deliver()) == 1
    twilio.text("STOP")
    twilio.text("Stop now", OptOutType="STOP")
    assert len(deliver()) == 1
    assert "unsubscribed" in deliver()[0]


def test_each_stop_after_a_start_is_confirmed_once(systems: Systems, twilio: Twilio, deliver: Deliver) -> None:
    systems.consent()
    for said in ("STOP", "START", "STOP", "STOP", "START", "STOP"):
        twilio.text(said)
    texts = deliver()
    assert sum("unsubscribed" in one for one in texts) == 3
    assert sum("signed up again" in one for one in texts) == 2


def test_start_is_a_new_consent_bound_to_the_version_in_force_with_its_own_wording(
    systems: Systems, twilio: Twilio, deliver: Deliver
) -> None:
    old = systems.consent()
    twilio.text("STOP")
    twilio.text("start")
    decision = systems.decide()
    assert decision["answer"] == "allow"
    renewed = systems.history()[0]
    assert renewed["type"] == "consent.renewed"
    assert decision["reasons"][0]["entry"] == renewed["entry"] != old["entry"]
    assert renewed["data"]["policy_version"] == old["policy_version"] == "2025-01-02"
    [[program, language, digest]] = renewed["data"]["wordings"]
    assert (program, language, len(digest)) == (TEXTS, "en", 43)
    assert renewed["facts"]["ip_absent_reason"]
    assert "ip" not in renewed["facts"]
    assert WORDING not in str(renewed)
    given = [event for event in systems.history() if event["type"] == "consent.given"]
    assert [event["entry"] for event in given] == [old["entry"]]  # the old record stands as it was
    assert "signed up again" in deliver()[1]


def test_start_from_somebody_who_never_agreed_signs_up_for_nothing(
    systems: Systems, twilio: Twilio, deliver: Deliver
) -> None:
    twilio.text("START")
    assert not systems.may()
    assert systems.history()[0]["type"] == "message.received"
    assert "not signed up" in deliver()[0]


def test_start_does_not_renew_what_was_withdrawn_in_another_way(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    said = {"ip": None, "ip_absent_reason": "said at the counter", "method": "staff", "entered_by": "clerk-7"}
    systems.consent(state="withdrawn", occurred_at="2026-11-21T08:00:00-08:00", **said)
    twilio.text("STOP")
    twilio.text("START")
    assert not systems.may()


def test_start_confirms_what_already_holds(systems: Systems, twilio: Twilio, deliver: Deliver) -> None:
    systems.consent()
    twilio.text("START")
    assert systems.may()
    assert len(deliver()) == 1


def test_a_replayed_message_changes_nothing_and_writes_nothing(
    house: House, systems: Systems, twilio: Twilio, deliver: Deliver
) -> None:
    systems.consent()
    message = twilio.message("STOP", sid="SM77")
    with seen(house.db) as first:
        assert twilio.post(message).data == NOTHING
    before = systems.history()
    deliver()
    with seen(house.db) as again:
        assert twilio.post(message).data == NOTHING
    assert (first.commits, again.commits) == (1, 1)
    assert first.changes
    assert again.changes == []
    assert systems.history()[1:] == before  # only the confirmation that went out is new
    assert len(deliver()) == 1


def test_a_stop_replayed_after_start_does_not_stop_again(systems: Systems, twilio: Twilio, deliver: Deliver) -> None:
    systems.consent()
    twilio.text("STOP", sid="SM1")
    twilio.text("START", sid="SM2")
    twilio.text("STOP", sid="SM1")
    assert systems.may()
    assert len(deliver()) == 2


def test_the_answers_carry_no_promotion_and_go_to_the_person_from_the_number_they_wrote_to(
    systems: Systems, twilio: Twilio, deliver: Deliver, sending: object, time: Time
) -> None:
    systems.consent()
    for said in ("STOP", "HELP", "START"):
        twilio.text(said)
    deliver()
    sent = sending.sent  # type: ignore[attr-defined]
    assert [(one.sender, one.recipient) for one in sent] == [(twilio.number, PERSON)] * 3
    assert all(word not in one.text.lower() for one in sent for word in ("offer", "discount", "% off", "save"))


def test_a_confirmation_that_is_late_is_not_sent(
    systems: Systems, twilio: Twilio, deliver: Deliver, time: Time
) -> None:
    systems.consent()
    twilio.text("STOP")
    time.go(minutes=6)  # 47 CFR 64.1200(a)(12): within five minutes
    assert deliver() == []
    assert not systems.may()


def test_every_step_stays_readable_in_order(systems: Systems, twilio: Twilio, deliver: Deliver) -> None:
    systems.consent()
    for said in ("STOP", "HELP", "START", "What is my bill?"):
        twilio.text(said)
        deliver()
    types = [event["type"] for event in systems.history()][::-1]
    assert types == [
        "consent.given",
        "consent.withdrawn",
        "message.sent",
        "message.received",
        "message.sent",
        "consent.renewed",
        "message.sent",
        "message.received",
    ]
    assert systems.history()[0]["facts"]["msg_text"] == "What is my bill?"
