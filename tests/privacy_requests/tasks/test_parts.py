"""What an erasure decides, and which tasks follow from what was decided."""

from datetime import datetime

from consent.gateways.stores.base import Action
from consent.house import House
from consent.policies.answers.asking import Item
from consent.privacy_requests.casework import Outcome, classes, load, proposed
from consent.privacy_requests.tasks import parts, rules
from consent.privacy_requests.tasks.rules import EVERYTHING, OWN, Planned
from tests.casework.conftest import Office
from tests.privacy_requests.tasks.test_carrying import Works, works
from tests.support.systems import Systems
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, Tenant

__all__ = ["works"]

HELD = (
    Item("contact-point", "person"),
    Item("consents", "person"),
    Item("settings", "person"),
    Item("messages-received", "person"),
    Item("messages-sent", "person"),
    Item("decisions", "this-service"),
    Item("suppression-list", "person"),
)


def test_classes_are_decided_in_the_words_of_promises_with_what_stores_hold(
    works: Works, house: House, valley: Tenant, systems: Systems, twilio: Twilio, now: datetime
) -> None:
    systems.consent(person="customer-77")
    assert twilio.text("STOP").status_code == 200
    works.stores()
    request_id = Office(house, valley).open("deletion", now, PERSON)
    rulebook = house.governing.now(valley.id, now).rulebook
    with house.db.read(valley.id) as tx:
        case = load(tx, valley.id, request_id)
        items = parts.to_decide(tx, house.keyring, rulebook.organization, case, HELD)
    assert {one.category for one in items} == {
        "mobile-number", "consent-records", "opt-status-preferences", "message-text-in-out", "delivery-metadata",
        "suppression-list", "name-or-account-id", "account-contact", "letters", "invoices", "payment-history",
    }  # fmt: skip
    usual = {one.category: one.what for one in proposed(rulebook, case, items, now)}
    assert usual["message-text-in-out"] == "do" and usual["suppression-list"] == "keep"


def test_each_part_of_our_records_has_the_word_of_the_pack_or_keeps_ours(
    house: House, valley: Tenant, now: datetime
) -> None:
    pack = house.governing.now(valley.id, now).rulebook.organization
    here = classes.here(pack)
    assert here["message-text-in-out"] == "messages" and "messages-received" not in here
    assert classes.in_words_of(pack, "consents") == "consent-records"
    assert classes.in_words_of(pack, "requests") == "requests"


def test_what_was_decided_becomes_tasks_and_a_kept_record_keeps_the_key() -> None:
    stores = {"crm": ["contact", "orders"], "paper": ["letters"]}
    here = {"phone": "addresses", "opt-ins": "consents", "texts": "messages", "sent": "delivery"}

    def planned(**said: str) -> set[Planned]:
        return set(rules.planned([Outcome(one.replace("_", "-"), what) for one, what in said.items()], stores, here))  # type: ignore[arg-type]

    assert planned(contact="do", orders="keep", letters="isolate") == {
        Planned("crm", "contact", Action.ERASE), Planned("paper", "letters", Action.ISOLATE),
    }  # fmt: skip
    last = Planned(OWN, EVERYTHING, Action.ERASE, "last")
    texts = Planned(OWN, "texts", Action.ERASE)
    assert planned(phone="do", opt_ins="anonymize", texts="do", sent="refuse") == {texts, last}
    assert planned(phone="do", opt_ins="keep", texts="do") == {texts}
    assert planned(phone="defer") == set() == planned(phone="refuse", opt_ins="do")
    split = rules.planned([Outcome("contact/person", "do"), Outcome("orders", "refuse")], stores, {})
    assert split == (Planned("crm", "contact", Action.ERASE),)
    assert rules.planned([Outcome("anything", "do")], {}, {}) == (last,)


def test_a_mailbox_is_no_mobile_number_and_stays_as_long_as_what_was_agreed_to_by_it(
    works: Works, house: House, valley: Tenant, now: datetime
) -> None:
    request_id = Office(house, valley).open("deletion", now)
    rulebook = house.governing.now(valley.id, now).rulebook
    with house.db.read(valley.id) as tx:
        case = load(tx, valley.id, request_id)
        items = parts.to_decide(tx, house.keyring, rulebook.organization, case, HELD)
    assert {"contact-point"} == {one.category for one in items} & {"contact-point", "mobile-number"}
    usual = {one.category: (one.what, one.ground, one.keep_until) for one in proposed(rulebook, case, items, now)}
    assert usual["contact-point"] == usual["consent-records"] and usual["contact-point"][0] == "keep"
    assert classes.in_words_of(rulebook.organization, "contact-point", "voice") == "mobile-number"
