"""What people may ask for because a policy grants it, and by when they are answered.

Each arrived on Friday 20 November 2026: five days end on the 25th, ten on the 30th, thirty days and a month on
20 December, forty-five days on 4 January 2027; five business days, Thanksgiving among them, on Friday the 27th.
"""

from typing import Any

import pytest

from tests.promises.conftest import Reader
from tests.support.organizations import SMARTT, VALET, VALLEY, VALTT, VOX
from tests.support.systems import Json, Systems

ARRIVED = "2026-11-20T17:00:00Z"
# Promise, what is asked, where somebody lives, who they are to the company, when the answer is due.
RIGHTS: list[tuple[str, str, str, str, str | None, str]] = [
    (VALLEY, "VSH-16", "platform-policy-copy", "US-WA", None, "2026-11-30"),
    (VALLEY, "VSH-58", "access", "US-WA", None, "2026-12-20"),
    (VALLEY, "VSH-58", "correction", "US-WA", None, "2026-12-20"),
    (VALLEY, "VSH-58", "deletion", "US-WA", None, "2026-12-20"),
    (VALET, "1V-35", "minor-report", "US-WA", None, "2026-11-25"),
    (VALET, "1V-44", "correction", "US-WA", None, "2026-12-20"),
    (VALET, "1V-45", "access", "CA-ON", None, "2026-12-20"),
    (VALET, "1V-46", "specific-pieces", "US-CA", None, "2027-01-04"),
    (VALET, "1V-49", "direct-marketing-disclosure", "US-CA", None, "2026-12-20"),
    (VALET, "1V-50", "deletion", "US-CA", None, "2027-01-04"),
    (VALTT, "VAL-19", "access", "US-WA", None, "2026-11-20"),
    (VALTT, "VAL-19", "correction", "US-WA", None, "2026-11-20"),
    (VALTT, "VAL-19", "deletion", "US-WA", None, "2026-11-20"),
    (VALTT, "VAL-19", "portability", "US-WA", None, "2026-11-20"),
    (VALTT, "VAL-22", "minor-report", "US-WA", None, "2026-11-25"),
    (VOX, "VOX-11", "technical-documentation-copy", "US-WA", "end-user", "2026-11-30"),
    (VOX, "VOX-14", "logging-off", "US-WA", "customer", "2026-11-27"),
    (VOX, "VOX-25", "deletion", "US-WA", "enrolled-user", "2026-12-20"),
    (VOX, "VOX-38", "minor-report", "US-WA", None, "2026-11-23"),
    (SMARTT, "SMT-27", "correction", "US-WA", "individual-user", "2026-12-20"),
]


def entered(systems: Systems, status: int = 201, **asked: Any) -> Json:
    """The request as its door shows it, or why there is none."""
    said = {
        "channel": "email", "address": "ana@home.example", "how": "letter", "received_at": ARRIVED, "entered_by": "Bo",
    } | {name: value for name, value in asked.items() if value is not None}  # fmt: skip
    answer = systems.post("privacy-requests", said)
    assert answer.status_code == status, answer.get_data(as_text=True)
    found: Json = answer.get_json()
    return found


@pytest.mark.parametrize(("slug", "promise", "kind", "place", "role", "due"), RIGHTS)
def test_what_is_granted_is_due_by_the_promise(
    systems: Systems, slug: str, promise: str, kind: str, place: str, role: str | None, due: str
) -> None:
    request = entered(systems, type=kind, place=place, role=role)
    assert (request["type"], request["binding"], request["due"]) == (kind, promise, due)


# Promise, what is asked, where, who asks: granted, by no clock of the company's own.
UNTIMED: list[tuple[str, str, str, str, str | None]] = [
    (VALET, "1V-43", "access-account", "US-WA", None),
    (VOX, "VOX-24", "access", "US-WA", "enrolled-user"),
    (VOX, "VOX-24", "correction", "US-WA", "enrolled-user"),
    (SMARTT, "SMT-26", "correction", "US-WA", "super-user"),
    (SMARTT, "SMT-40", "usage-log-file", "US-WA", "administrator"),
    (SMARTT, "SMT-40", "usage-log-file", "US-WA", "director"),
]


@pytest.mark.parametrize(("slug", "promise", "kind", "place", "role"), UNTIMED)
def test_what_is_granted_without_a_day_is_taken_all_the_same(
    systems: Systems, slug: str, promise: str, kind: str, place: str, role: str | None
) -> None:
    ground = "internal-audit" if promise == "SMT-40" else None
    request = entered(systems, type=kind, place=place, role=role, ground=ground)
    assert request["type"] == kind
    others = {"SMT-40": "customer", "VOX-24": "customer", "SMT-26": "visitor"}
    if promise in others:
        entered(systems, 422, type=kind, place=place, role=others[promise], address="bob@home.example")


# Promise, wish, and what the list of wishes says of it.
PAGES: list[tuple[str, str, str]] = [
    (VALET, "1V-35", "A question about a child's data"),
    (VALET, "1V-45", "It may depend on where you live: Canada, California."),
    (VALET, "1V-49", "Who got my data for their marketing"),
    (VALTT, "VAL-19", "You can also do this yourself, in your account."),
    (VALTT, "VAL-22", "A question about a child's data"),
    (VOX, "VOX-11", "A copy of the technical documentation"),
    (VOX, "VOX-24", "You can also do this yourself, in your account."),
    (VOX, "VOX-38", "A question about a child's data"),
    (SMARTT, "SMT-39", "See how much was used"),
    (SMARTT, "SMT-40", "Get usage log files"),
    (VALLEY, "VSH-16", "Copies of the platforms' policies"),
]


@pytest.mark.parametrize(("slug", "promise", "words"), PAGES)
def test_the_list_of_wishes_offers_what_is_granted(reads: Reader, slug: str, promise: str, words: str) -> None:
    assert words in reads("/requests")


# Promise, request, place and role, and the grounds that the form of its decision lists by that promise.
GROUNDS: list[tuple[str, str, str, str, str | None, tuple[str, ...]]] = [
    (VALLEY, "VSH-59", "deletion", "US-WA", None, (
        "Kept: bills are still open", "Kept: a dispute is not settled yet", "Kept: security needs it",
        "Kept: rules that bind us ask for it",
    )),
    (VALLEY, "VSH-46", "deletion", "US-WA", None, ("Put off: telephone service needs it for emergency calls",)),
    (VALLEY, "VSH-23", "deletion", "US-WA", None, ("Kept: so that nobody writes to you again",)),
    (VALET, "1V-51", "deletion", "US-CA", None, (
        "Kept: something ordered is not finished yet", "Kept: a contract still runs",
        "Kept: the contract with the property manager still runs", "Kept: it serves to repair errors",
        "Kept: it serves to prevent fraud", "Kept: a law asks for it",
    )),
    (VALET, "1V-52", "deletion", "US-CA", None, ("Not done: nobody could show who asks",)),
    (VALET, "1V-52", "specific-pieces", "US-CA", None, ("Not done: nobody could show who asks",)),
    (VALET, "1V-53", "deletion", "US-CA", None, ("Not done: nobody could show that they may ask for this person",)),
    (VALET, "1V-53", "specific-pieces", "US-CA", None,
     ("Not done: nobody could show that they may ask for this person",)),
    (VALET, "1V-47", "specific-pieces", "US-CA", None, ("Not done: it was answered as often as is promised",)),
    (VALTT, "VAL-20", "deletion", "US-WA", None, (
        "Kept: a service that was bought still needs it", "Kept: legitimate business purpose",
        "Kept: records that law or contract ask for", "Put off: a service that was bought still needs it",
    )),
    (VOX, "VOX-26", "deletion", "US-WA", "enrolled-user", ("Kept: records of past transactions",)),
    (VOX, "VOX-05", "deletion", "US-WA", "enrolled-user", ("Not done: another company decides about this data",)),
    (SMARTT, "SMT-41", "usage-log-file", "US-WA", "director", ("Not done: nobody could show who asks",)),
    (SMARTT, "SMT-42", "usage-log-file", "US-WA", "director", ("Not done: the files hold data of others as well",)),
    (SMARTT, "SMT-44", "usage-log-file", "US-WA", "director", ("Not done: the fee was not paid",)),
]  # fmt: skip


@pytest.mark.parametrize(("slug", "promise", "kind", "place", "role", "grounds"), GROUNDS)
def test_the_form_of_a_decision_lists_the_grounds_of_the_promise(
    systems: Systems, desk: Reader, slug: str, promise: str, kind: str, place: str, role: str | None,
    grounds: tuple[str, ...],
) -> None:  # fmt: skip
    asked = entered(systems, type=kind, place=place, role=role, verified_at="2026-11-21T10:00:00Z")
    form = desk(f"requests/{asked['id']}/decision")
    for ground in grounds:
        assert f"{ground} ({promise})" in form


@pytest.mark.parametrize("slug", [VALET])
def test_1v_47_how_often_it_is_asked_in_a_year_is_counted_for_staff(systems: Systems, desk: Reader, slug: str) -> None:
    asked = entered(systems, type="specific-pieces", place="US-CA", verified_at="2026-11-21T10:00:00Z")
    assert "Nothing limits how often this is asked" not in desk(f"requests/{asked['id']}")
