"""No no is lost: the page says what the gate says, a stop reaches whoever is sent to, an undo revives nothing else."""

import pytest

from consent import clock
from tests.preferences.page.acting import Somebody
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import TEXTS

ON, OFF = {"sms__account_service_notifications": "on"}, {"sms__account_service_notifications": "off"}
TEXT = f"sms:{TEXTS}"


@pytest.mark.parametrize("whose", [None, "customer-1"])
def test_a_consent_after_a_stop_is_shown_and_stopped_again(
    whose: str | None, somebody: Somebody, systems: Systems, time: Time
) -> None:
    systems.consent(person="customer-2")
    somebody.stop()
    time.go(minutes=5)
    systems.consent(occurred_at=clock.now().isoformat(), person=whose)
    page = somebody.page()
    assert systems.may()
    assert (somebody.values()[TEXT], page.sends) == ("on", True)
    time.go(minutes=5)
    assert somebody.stop() is not None
    assert not systems.may()
    assert not somebody.page().sends


@pytest.mark.parametrize("all_of_it", [True, False])
def test_an_undo_revives_nothing_that_a_text_stopped_since(
    all_of_it: bool, somebody: Somebody, systems: Systems, twilio: Twilio, time: Time
) -> None:
    somebody.save(**ON)
    time.go(minutes=1)
    mark = "u" * 22
    if all_of_it:
        somebody.stop(mark=mark)
    else:
        somebody.save(mark=mark, **OFF)
    time.go(minutes=3)
    twilio.text("STOP")
    time.go(minutes=3)
    somebody.undo(mark)
    assert not systems.may()
    assert systems.preferences()["stopped"]


@pytest.mark.parametrize("whose", [None, "customer-2"])
def test_an_undo_revives_nothing_that_anybody_at_the_number_refused_since(
    whose: str | None, somebody: Somebody, systems: Systems, time: Time
) -> None:
    systems.consent(person="customer-1")
    mark = somebody.stop()
    assert mark is not None
    time.go(minutes=3)
    systems.consent(state="withdrawn", occurred_at=clock.now().isoformat(), person=whose)
    time.go(minutes=3)
    somebody.undo(mark)
    for person in (None, "customer-1", "customer-2"):
        assert not systems.may(person=person), person


def test_an_undo_leaves_an_earlier_stop_by_text_as_it_was(
    somebody: Somebody, systems: Systems, twilio: Twilio, time: Time
) -> None:
    twilio.text("STOP")
    time.go(minutes=3)
    somebody.save(**ON)
    time.go(minutes=3)
    mark = somebody.stop()
    assert mark is not None
    time.go(minutes=3)
    assert somebody.undo(mark)
    assert systems.may()
    assert systems.preferences()["stopped"]


def test_a_stop_that_arrives_late_takes_the_undo_back(somebody: Somebody, systems: Systems, time: Time) -> None:
    systems.consent()
    mark = somebody.stop()
    assert mark is not None
    time.go(minutes=3)
    meanwhile = clock.now()
    time.go(minutes=3)
    assert somebody.undo(mark)
    assert systems.may()
    systems.consent(state="withdrawn", occurred_at=meanwhile.isoformat())
    assert not systems.may()


def test_start_by_text_gives_back_what_was_stopped_on_the_page(
    somebody: Somebody, systems: Systems, twilio: Twilio, time: Time
) -> None:
    systems.consent()
    somebody.stop()
    time.go(minutes=3)
    assert not systems.may()
    twilio.text("START")
    assert systems.may()
    assert not systems.preferences()["stopped"]
    assert systems.history()[0]["type"] == "consent.renewed"


def test_a_tab_opened_before_a_stop_by_text_switches_nothing_on(
    somebody: Somebody, systems: Systems, twilio: Twilio, time: Time
) -> None:
    systems.consent(state="withdrawn")
    tab = somebody.page()
    time.go(minutes=3)
    twilio.text("STOP")
    time.go(minutes=3)
    done = somebody.save(tab, **ON)
    assert (done.wrote, done.stale) == (False, True)
    assert not systems.may()
