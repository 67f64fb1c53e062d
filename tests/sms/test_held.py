"""A text that may mean stop holds everything back until somebody has read it; what is stopped stops what is queued."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest

from consent.db import Tx
from consent.house import House
from consent.organizations import service as organizations
from consent.outbox import service as outbox
from consent.preferences import rebuild
from consent.sms import arrivals
from consent.sms.rules import Classified, Intent
from consent.subjects import service as subjects
from consent.subjects.addresses import canonical
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import NUMBER, PERSON, TEXTS, Tenant, make_account

Deliver = Callable[[], list[str]]
QUEUED = "The line is down in your street."
MEANS = {
    "leave me be": Classified(Intent.STOP, "The person asks us to cease writing.", language="en"),
    "ugh not again": Classified(Intent.AMBIGUOUS, "The person is annoyed; whether it is a refusal is not clear."),
}


@pytest.fixture(autouse=True)
def wording(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two wordings with a settled meaning, whatever the rules for sentences say today."""
    known = arrivals.classify
    monkeypatch.setattr(arrivals, "classify", lambda text, *more: MEANS.get(text) or known(text, *more))


def queue(house: House, valley: Tenant, now: datetime) -> None:
    """An outage text waits for the person."""
    tagged = subjects.tagged(house.keyring, valley.id, canonical("sms", PERSON))

    def work(tx: Tx) -> None:
        account = organizations.accounts(tx, house.keyring, valley.id)[0]
        contact = subjects.contact(tx, house.keyring, valley.id, tagged, now)
        payload = {"account": str(account.id), "from": NUMBER, "to": PERSON, "text": QUEUED, "sender": "main"}
        draft = outbox.Draft(outbox.SMS, "text", None, payload, contact.id, TEXTS, "outage")
        outbox.enqueue(tx, valley.id, contact.stream.key, draft, now)

    house.db.write(work, valley.id)


def test_an_unclear_refusal_suppresses_although_a_consent_stands(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    assert twilio.text("ugh not again").status_code == 200
    decision = systems.decide()
    assert (decision["answer"], codes(decision)) == ("deny", ["held-for-review"])
    newest = systems.history()[0]
    assert (newest["type"], newest["data"]["intent"]) == ("suppression.held", "ambiguous")
    assert newest["data"]["why"].startswith("The person is annoyed")
    shown = systems.preferences()
    assert (shown["stopped"], shown["held_for_review"], shown["held_entry"]) == (False, True, newest["entry"])
    assert decision["reasons"][0]["entry"] == newest["entry"]
    assert shown["programs"][0]["on_record"][0]["state"] == "given"  # nothing is taken away yet


def test_neither_start_nor_a_new_consent_says_what_the_unclear_text_meant(
    systems: Systems, twilio: Twilio, time: Time
) -> None:
    twilio.text("ugh not again")
    time.go(hours=1)
    systems.consent(occurred_at=time.at.isoformat())
    twilio.text("START")
    assert codes(systems.decide()) == ["held-for-review"]


def test_what_is_held_is_the_same_when_it_is_told_anew(house: House, valley: Tenant, twilio: Twilio) -> None:
    for said in ("ugh not again", "STOP", "ugh not again"):
        twilio.text(said)
    with house.db.read(valley.id) as tx:
        assert list(rebuild.check(tx, valley.id)) == []


def test_an_unclear_refusal_is_not_confirmed(systems: Systems, twilio: Twilio, deliver: Deliver) -> None:
    systems.consent()
    twilio.text("ugh not again")
    assert deliver() == []


@pytest.mark.parametrize("said", ["leave me be", "ugh not again"])
def test_a_text_queued_before_a_stop_in_words_is_not_sent(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Deliver, time: Time, said: str
) -> None:
    """T-06, for sentences and for what nobody has understood yet."""
    systems.consent()
    queue(house, valley, time.now())
    twilio.text(said)
    assert QUEUED not in deliver()


def test_a_text_queued_before_a_block_at_the_gateway_is_not_sent(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Deliver, time: Time
) -> None:
    """T-06 and T-13: the gateway's own block counts as soon as it is known."""
    systems.consent()
    queue(house, valley, time.now())
    twilio.status("SM9", "undelivered", ErrorCode="21610")
    assert deliver() == []


def test_a_queued_text_goes_where_nobody_said_stop(
    house: House, valley: Tenant, systems: Systems, deliver: Deliver, time: Time
) -> None:
    systems.consent()
    queue(house, valley, time.now())
    assert deliver() == [QUEUED]


def test_a_stop_in_words_is_confirmed_once_and_by_us_even_where_the_gateway_confirms_keywords(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Deliver, time: Time
) -> None:
    twilio.path = f"/webhooks/sms/{make_account(house, valley.id, time.now(), stop_reply='gateway')}"
    systems.consent()
    for _ in range(2):
        twilio.text("leave me be")
    assert len(deliver()) == 1
    newest = next(one for one in systems.history() if one["type"] == "consent.withdrawn")
    assert (newest["data"]["method"], newest["data"]["reach"]) == ("sentence", "everything")


def test_a_confirmation_that_is_five_minutes_late_is_not_sent(
    systems: Systems, twilio: Twilio, deliver: Deliver, time: Time
) -> None:
    systems.consent()
    twilio.text("leave me be")
    time.go(minutes=5, seconds=1)
    assert deliver() == []


def test_a_stop_keeps_which_text_it_probably_answers_and_why_it_reaches_so_far(
    house: House, valley: Tenant, systems: Systems, twilio: Twilio, deliver: Deliver, time: Time
) -> None:
    systems.consent()
    queue(house, valley, time.now())
    deliver()
    twilio.text("STOP")
    newest = next(one for one in systems.history() if one["type"] == "consent.withdrawn")
    answers = newest["data"]["answers"]
    assert UUID(answers["message"])
    assert (answers["program"], answers["class"], answers["rule"]) == (TEXTS, "outage", "last-from-this-number")
    assert newest["data"]["method"] == "keyword"
    assert newest["data"]["reach_why"]


def test_a_stop_that_answers_nothing_we_know_of_says_so_by_silence(systems: Systems, twilio: Twilio) -> None:
    twilio.text("STOP")
    assert "answers" not in systems.history()[0]["data"]
