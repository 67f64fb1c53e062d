"""The usual case of a deletion, class by class, as each company's promises have it."""

from datetime import UTC, date, datetime

import pytest

from consent.errors import BadInput
from consent.policies.answers.asking import Asker, Item
from consent.policies.answers.refusals import Refusals
from consent.privacy_requests import types
from consent.privacy_requests.casework import Outcome, clocks, left_over, outcomes, proposed
from tests.casework.cases import case, rules

DAY, NOW = date(2026, 11, 20), datetime(2026, 11, 20, 18, tzinfo=UTC)


def proposal(prefix: str, *items: Item, place: str | None = None, role: str | None = None, kind: str = "deletion"):  # type: ignore[no-untyped-def]
    rulebook = rules(prefix, DAY, *((place,) if place else ()))
    asked = case(rulebook, kind, "2026-11-20T09:00", place, role=role)
    found = proposed(rulebook, asked, items, NOW)
    grounds = rulebook.requests.grounds(kind, clocks.asker(rulebook, asked))
    # What is proposed is always something that may be decided.
    outcomes.checked(found, [one.category for one in found], grounds, types.of(kind).outcomes, DAY)
    return {one.category: one for one in found}, left_over(found, items)


def test_opt_in_records_texts_and_names_each_have_an_outcome_and_the_list_of_refusals_stays() -> None:
    found, left = proposal(
        "VSH", Item("opt-in-records"), Item("message-texts"), Item("names"), Item("suppression-list")
    )
    assert {name: one.what for name, one in found.items()} == {
        "opt-in-records": "do", "message-texts": "do", "names": "do", "suppression-list": "keep",
    }  # fmt: skip
    assert found["suppression-list"].source == "VSH-23" and not left


def test_t_15_records_of_consent_stay_until_their_proof_is_needed_no_more_and_texts_and_names_go() -> None:
    kept = ("consent-records", "opt-status-preferences", "mobile-number")
    gone = ("message-text-in-out", "name-or-account-id", "delivery-metadata")
    found, left = proposal("VSH", *(Item(one, "person") for one in (*kept, *gone)))
    told = {(found[one].what, found[one].ground, found[one].source, found[one].keep_until) for one in kept}
    assert told == {("keep", "compliance", "VSH-59", date(2031, 11, 20))}
    assert {found[one].what for one in gone} == {"do"} and not left
    alone, _ = proposal("VSH", Item("mobile-number"))  # nothing was agreed to: a number proves nothing alone
    assert alone["mobile-number"].what == "do"
    elsewhere, _ = proposal("VOX", Item("consent-records"), Item("consents"), role="enrolled-user")
    assert {one.what for one in elsewhere.values()} == {"do"}  # no promise of theirs asks for it


def test_the_emergency_location_waits_for_the_end_of_the_telephone_and_a_bill_needs_its_end() -> None:
    billed = Item("billing", grounds=frozenset(("billing",)), ground_until=date(2033, 12, 31))
    found, left = proposal(
        "VSH", Item("registered-location", open_gates=frozenset(("active-voip",))), billed,
        Item("diagnostics", grounds=frozenset(("we-like-it",))),
    )  # fmt: skip
    assert (found["registered-location"].what, found["registered-location"].source) == ("defer", "VSH-46")
    assert found["registered-location"].recheck_on is not None
    assert (found["billing"].what, found["billing"].ground, found["billing"].keep_until) == (
        "keep", "billing", date(2033, 12, 31),
    )  # fmt: skip
    assert left == ("diagnostics",)  # no ground of the list: a person weighs it
    gone, _ = proposal("VSH", Item("registered-location"))
    assert gone["registered-location"].what == "do"


def test_what_came_from_the_manager_lies_outside_californias_right_item_by_item() -> None:
    mixed = (Item("identifiers", source="person"), Item("identifiers", source="property-manager"))
    found, _ = proposal("1V", *mixed, Item("technical", source="person"), place="US-CA", role="resident")
    assert found["identifiers/property-manager"].what == "refuse"
    assert found["identifiers/property-manager"].source == "1V-50"
    assert found["identifiers/person"].what != "refuse" and found["technical"].what != "refuse"


def test_what_a_purchased_service_needs_is_deferred_and_comes_back_at_its_end() -> None:
    needed = Item("email", grounds=frozenset(("purchased-service-necessity",)))
    found, _ = proposal("VAL", needed, Item("phone"))
    assert (found["email"].what, found["email"].source, found["email"].recheck) == ("defer", "VAL-20", "service-end")
    assert found["phone"].what == "do"


def test_past_transactions_stay_and_backups_follow_but_nothing_of_a_child_does() -> None:
    bought = Item("identity-contact", grounds=frozenset(("past-transactions",)), recorded=date(2026, 1, 5))
    found, _ = proposal("VOX", bought, Item("call-history"), role="enrolled-user")
    assert (found["identity-contact"].what, found["identity-contact"].keep_until) == ("keep", date(2033, 1, 5))
    assert (found["call-history"].what, found["call-history"].backup_until) == ("do", date(2027, 2, 18))
    child = Item("identity-contact", grounds=frozenset(("past-transactions",)), minor=True)
    gone, _ = proposal("VOX", child, role="enrolled-user")
    assert (gone["identity-contact"].what, gone["identity-contact"].backup_until) == ("do", None)


def test_no_ground_of_the_list_keeps_what_is_a_childs() -> None:
    promised = rules("VOX", DAY).promises
    rights = [one for one in promised if one.id == "VOX-25"]
    for kind, kept in (("deletion", True), ("minor-report", False)):
        codes = {one.code for one in Refusals(promised).of(kind, Asker(frozenset(("enrolled-user",))), rights)}
        assert ("past-transactions" in codes) is kept


def test_an_exception_of_the_law_makes_no_promise_smaller_and_serves_where_only_the_law_gives_the_right() -> None:
    for prefix, kept in (("VSH", False), ("SMT", True)):
        rulebook = rules(prefix, DAY, "US-CA")
        asked = case(rulebook, "deletion", "2026-11-20T09:00", "US-CA")
        codes = {one.code for one in rulebook.requests.grounds("deletion", clocks.asker(rulebook, asked))}
        assert ("free-speech" in codes) is kept
        assert "unfounded-or-excessive" in codes
        answer = rulebook.requests.delete([Item("names", grounds=frozenset(("security", "free-speech")))], NOW,
                                          clocks.asker(rulebook, asked))[0]  # fmt: skip
        assert {one.commitment or one.law for one in answer.reasons} == {"US-CA-DELETE-EXCEPT" if kept else "VSH-59"}
        only = rulebook.requests.delete([Item("names", grounds=frozenset(("free-speech",)))], NOW,
                                        clocks.asker(rulebook, asked))[0]  # fmt: skip
        assert only.outcome == ("kept" if kept else "for-a-person")


def test_a_log_file_is_refused_on_the_grounds_of_its_own_promises() -> None:
    rulebook = rules("SMT", DAY)
    asked = case(rulebook, "usage-log-file", "2026-11-20T09:00", role="officer")
    codes = {one.code: one.source for one in rulebook.requests.grounds("usage-log-file", clocks.asker(rulebook, asked))}
    assert codes["shared-log-files"] == "SMT-42" and codes["fee-not-paid"] == "SMT-44"
    assert codes["identity-not-verified"] == "SMT-41" and codes["not-open-to-this-person"] == "SMT-40"


def test_two_outcomes_for_one_class_or_none_at_all_are_refused() -> None:
    for decided in ([], [Outcome("names", "do"), Outcome("names", "do")]):
        with pytest.raises(BadInput):
            outcomes.checked(decided, [], (), types.of("deletion").outcomes, DAY)
