"""Saving and stopping: one transaction, only differences, every no at once, a yes only to what was really shown."""

from dataclasses import replace
from uuid import UUID

import pytest

from consent.house import House
from consent.preferences.page import saving
from tests.preferences.page.acting import Somebody
from tests.support.organizations import SMARTT, found_shipped
from tests.support.statements import seen
from tests.support.systems import Systems, codes
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant

MAIL = {"channel": "email", "address": "ana@customer.example"}
SWITCH = {"sms__account_service_notifications": "on"}
NO = {"sms__account_service_notifications": "off"}
TEXT = f"sms:{TEXTS}"


def test_a_yes_is_kept_with_the_exact_text_beside_the_switch(somebody: Somebody, systems: Systems) -> None:
    assert somebody.values()[TEXT] == "off"
    assert somebody.save(**SWITCH).wrote
    assert somebody.values()[TEXT] == "on"
    assert systems.may()
    [entry] = systems.history()
    assert (entry["type"], entry["source"], entry["programs"]) == ("consent.given", "page", [TEXTS])
    assert entry["data"]["method"] == "preference page"
    assert entry["facts"]["ip"] == "203.0.113.9"
    shown = next(one for one in somebody.page() if one.field == TEXT)
    assert entry["wording"] == {"text": "\n".join(line.text for line in shown.text), "language": "en"}


def test_what_is_as_it_was_leaves_no_entry(somebody: Somebody, systems: Systems) -> None:
    page = somebody.page()
    assert somebody.save(page, **SWITCH).wrote
    again = somebody.save(page, **SWITCH)
    assert (again.wrote, again.stale) == (False, False)
    assert len(systems.history()) == 1


def test_a_no_counts_from_a_page_that_is_no_longer_true_and_a_yes_does_not(by_mail: Somebody, systems: Systems) -> None:
    old = by_mail.page()
    by_mail.save(old, email__marketing_email="off")
    stale = by_mail.save(old, email__marketing_email="on")
    assert (stale.wrote, stale.stale) == (False, True)
    assert by_mail.values()["email:marketing-email"] == "off"
    by_mail.save(email__marketing_email="on")
    assert by_mail.save(replace(old, digest="0" * 64), email__marketing_email="off").wrote
    assert not systems.may(program="marketing-email", message_class="promotion", **MAIL)


def test_from_a_link_alone_nothing_is_switched_on_and_everything_off(somebody: Somebody, systems: Systems) -> None:
    by_link = replace(somebody, full=False)
    refused = by_link.save(**SWITCH)
    assert (refused.wrote, refused.needs_code) == (False, True)
    somebody.save(**SWITCH)
    assert by_link.save(**NO).wrote
    assert not systems.may()


def test_stop_everything_is_a_stop_by_text_to_each_of_our_numbers(somebody: Somebody, systems: Systems) -> None:
    somebody.save(**SWITCH)
    assert somebody.stop()
    assert codes(systems.decide())[0] == "suppressed"
    newest = systems.history()[0]
    assert (newest["data"]["scope"], newest["programs"]) == ("channel", [TEXTS])
    voice = systems.preferences(channel="voice")
    assert voice["number"]["do_not_call"]
    assert voice["stopped"]


def test_a_second_press_of_stop_writes_nothing(house: House, somebody: Somebody) -> None:
    somebody.stop()
    with seen(house.db) as statements:
        assert somebody.stop() is None
    assert statements.changes == []


def test_stop_all_marketing_leaves_the_rest(by_mail: Somebody, systems: Systems) -> None:
    assert by_mail.stop(saving.MARKETING)
    assert not systems.may(program="marketing-email", message_class="promotion", **MAIL)
    assert systems.may(program="service-email", message_class="outage", **MAIL)
    assert not systems.preferences(MAIL["address"], "email")["stopped"]


def test_a_stop_ends_it_for_everybody_at_the_number(somebody: Somebody, systems: Systems) -> None:
    systems.consent(person="customer-1")
    systems.consent(person="customer-2")
    assert somebody.values()[TEXT] == "on"
    assert somebody.save(**NO).wrote
    for person in ("customer-1", "customer-2"):
        assert not systems.may(person=person), person


def test_a_text_waiting_to_go_is_taken_back(somebody: Somebody, house: House) -> None:
    somebody.save(**SWITCH)
    with seen(house.db) as statements:
        somebody.stop()
    assert any("UPDATE job" in one and "cancelled" in one for one in statements)


def test_undoing_gives_back_what_that_stop_took_and_nothing_else(somebody: Somebody, systems: Systems) -> None:
    somebody.save(**SWITCH)
    mark = somebody.stop()
    assert mark is not None
    assert somebody.undo(mark)
    assert systems.may()
    assert not systems.preferences()["stopped"]
    assert not somebody.undo(mark)


def test_undoing_revives_nothing_that_was_refused_elsewhere(
    somebody: Somebody, systems: Systems, twilio: Twilio
) -> None:
    somebody.save(**SWITCH)
    twilio.text("STOP")
    mark = somebody.stop()  # ends the calls, too
    assert mark is not None
    somebody.undo(mark)
    assert not systems.may()


def test_undoing_a_yes_ends_it(somebody: Somebody, systems: Systems) -> None:
    mark = "a" * 22
    somebody.save(mark=mark, **SWITCH)
    assert somebody.undo(mark)
    assert not systems.may()


def test_half_an_hour_later_the_switches_say_it(somebody: Somebody, time: Time) -> None:
    mark = somebody.stop()
    assert mark is not None
    time.go(minutes=31)
    assert not somebody.undo(mark)


@pytest.mark.parametrize("program", ["service-calls", "marketing-calls"])
def test_what_is_no_switch_cannot_be_moved(somebody: Somebody, program: str) -> None:
    assert not somebody.save(**{f"voice__{program.replace('-', '_')}": "on"}).wrote


def test_a_feature_that_somebody_else_allows_is_not_switched_on_here(somebody: Somebody) -> None:
    refused = somebody.save(sms__managed_networking="on")
    assert not refused.wrote
    feature = next(one for one in somebody.page() if one.key == "managed-networking")
    assert (feature.is_switch, feature.not_here) == (False, "others")


def test_a_feature_is_allowed_and_ended_here_with_its_consequence_said_before(somebody: Somebody) -> None:
    feature = next(one for one in somebody.page() if one.key == "voicemail")
    assert any("30 days" in line.text for line in feature.lines)
    assert somebody.save(sms__voicemail="on").wrote
    somebody.stop()
    assert somebody.values()["sms:voicemail"] == "on"
    assert somebody.save(sms__voicemail="off").wrote
    assert somebody.values()["sms:voicemail"] == "off"


def test_a_feature_ends_for_the_visitor_wherever_it_is_on_and_for_nobody_else(
    house: House, valley: Tenant, systems: Systems
) -> None:
    for person, channel in (("ana", "sms"), ("ana", "voice"), ("ben", "sms")):
        systems.consent("voicemail", person=person, channel=channel)
    given = {one["data"]["person"]: one["entry"] for one in systems.history()}
    ana, ben = (UUID(one) for one in reversed(given))
    places = (("sms", PERSON), ("voice", PERSON))
    before = Somebody(house, valley, places, ben).values()
    assert Somebody(house, valley, places, ana).save(sms__voicemail="off").wrote
    assert Somebody(house, valley, places, ana).values()["sms:voicemail"] == "off"
    assert Somebody(house, valley, places, ben).values() == before == before | {"sms:voicemail": "on"}
    for channel in ("sms", "voice"):
        ended = systems.history(channel=channel)[0]
        assert (ended["type"], ended["programs"], ended["data"]["person"]) == (
            "consent.withdrawn",
            ["voicemail"],
            str(ana),
        )


def test_one_save_is_one_commit_and_one_entry_for_each_channel_and_state(
    house: House, somebody: Somebody, systems: Systems
) -> None:
    page = somebody.page()
    with seen(house.db) as statements:
        somebody.save(page, sms__account_service_notifications="on", sms__voicemail="on")
    assert statements.commits == 1
    [entry] = systems.history(PERSON)
    assert entry["programs"] == [TEXTS, "voicemail"]


def test_saving_every_switch_of_a_channel_takes_one_commit_and_no_more_statements_than_one(
    house: House, time: Time
) -> None:
    by_mail = Somebody(house, found_shipped(house, SMARTT, time.at), (("email", MAIL["address"]),))
    page = by_mail.page()
    switches = [one.field.replace(":", "__").replace("-", "_") for one in page.switches.values() if not one.feature]
    assert len(switches) > 5
    by_mail.save(page, **dict.fromkeys(switches, "on"))
    page = by_mail.page()
    with seen(house.db) as one:
        by_mail.save(page, **{switches[0]: "off"})
    by_mail.save(**{switches[0]: "on"})
    page = by_mail.page()
    with seen(house.db) as every:
        by_mail.save(page, **dict.fromkeys(switches, "off"))
    assert (one.commits, every.commits) == (1, 1)
    assert (len(every), len(every.changes)) == (len(one), len(one.changes))
    assert {one.value for one in by_mail.page().switches.values() if not one.feature} == {"off"}
