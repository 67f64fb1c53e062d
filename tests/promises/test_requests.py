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
