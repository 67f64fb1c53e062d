"""Whoever redeems what a mail said shows that mails arrive: a mailbox taken for dead is open again, and no other."""

import pytest

from consent import clock
from consent.house import House
from consent.numbers import mail as mail_facts
from consent.numbers import service as numbers
from consent.preferences import service as preferences
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from tests.support.systems import Systems, codes
from tests.support.valley import PERSON, Tenant
from tests.support.visiting import Visitor

MAIL = {"channel": "email", "address": "ana@customer.example"}
PROMOTION = {"program": "marketing-email", "message_class": "promotion", **MAIL}


@pytest.fixture
def dead(house: House, valley: Tenant, systems: Systems) -> Systems:
    """Ana agreed to mail, and a mail to her came back."""
    contact = systems.consent(**MAIL, program="marketing-email") and systems.lookup(MAIL["address"], "email")
    in_force = house.governing.now(valley.id, clock.now())
    returned = mail_facts.Returned(subjects.uuid.UUID(contact), subjects.uuid.uuid4(), clock.now(), "550")
    house.db.write(
        lambda tx: mail_facts.bounced(
            tx, house.keyring, in_force.log, in_force.rulebook, returned, "system", clock.now()
        ),
        valley.id,
    )
    return systems


def reports(systems: Systems) -> list[str]:
    return [
        one["data"]["kind"] for one in systems.history(MAIL["address"], "email") if one["type"] == "number.reported"
    ]


def test_a_mailbox_whose_code_is_typed_is_no_longer_taken_for_dead(visitor: Visitor, dead: Systems) -> None:
    assert not dead.may(**PROMOTION)
    assert visitor.come_in(MAIL["address"]).status_code == 303
    assert reports(dead) == ["reached", "bounced"]
    assert dead.may(**PROMOTION)
    assert visitor.come_in(MAIL["address"]).status_code == 303
    assert reports(dead) == ["reached", "bounced"]  # once is enough


def test_a_code_opens_the_mailbox_and_says_nothing_of_whose_it_is_by_now(
    visitor: Visitor, dead: Systems, house: House, valley: Tenant
) -> None:
    in_force = house.governing.now(valley.id, clock.now())
    places = (subjects.tagged(house.keyring, valley.id, of_person("email", MAIL["address"])),)
    told = numbers.Told("changed", places, None, "staff")
    house.db.write(
        lambda tx: numbers.report(tx, house.keyring, in_force.log, in_force.rulebook, told, "api", clock.now()),
        valley.id,
    )
    assert visitor.come_in(MAIL["address"]).status_code == 303
    assert reports(dead)[0] == "reached"
    became = dead.preferences(MAIL["address"], "email")["number"]
    assert became["holder"]["kind"] == "changed"
    assert "number-changed-hands" in codes(dead.decide(**PROMOTION))


def test_asking_for_a_code_or_typing_a_wrong_one_opens_nothing(visitor: Visitor, dead: Systems) -> None:
    visitor.ask(MAIL["address"])
    wrong = "000000" if visitor.code() != "000000" else "000001"
    assert visitor.post("/enter", code=wrong).status_code == 422
    assert reports(dead) == ["bounced"]
    assert not dead.may(**PROMOTION)


def test_a_code_by_text_says_nothing_of_a_mailbox_and_a_living_one_needs_no_word(
    visitor: Visitor, systems: Systems, house: House, valley: Tenant
) -> None:
    systems.consent(**MAIL, program="marketing-email")
    for contact in (PERSON, MAIL["address"]):
        assert visitor.come_in(contact).status_code == 303
    assert reports(systems) == []
    tagged = subjects.tagged(house.keyring, valley.id, of_person("sms", PERSON))
    with house.db.read(valley.id) as tx:
        assert preferences.read(tx, valley.id, "sms", tagged.tag64) == {}
