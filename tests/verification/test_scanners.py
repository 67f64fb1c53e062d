"""Mail scanners open, look at and press everything in a mail: nothing changes, and nothing is used up."""

from collections.abc import Callable
from uuid import UUID

import pytest

from consent import clock
from consent.house import House
from consent.verification import links
from consent.verification.links import Link
from tests.support import snapshot
from tests.support.systems import Systems
from tests.support.valley import PERSON, PUBLIC_URL, TEXTS, Tenant
from tests.support.visiting import Visitor

MAIL = "ana@mail.example"
VERBS = ("GET", "HEAD", "OPTIONS")
New = Callable[[], Visitor]


@pytest.fixture
def every_link(visitor: Visitor, systems: Systems, house: House, valley: Tenant) -> dict[str, str]:
    """Each kind of link, by kind: the one that was asked for is the newest of this browser."""
    contact = UUID(str(systems.consent(person="customer-1")["contact_point"]))
    visitor.ask(MAIL)

    def made(purpose: str) -> str:
        link = Link(valley.id, contact, purpose, None, TEXTS, "batch-7", clock.now())
        return links.address_of(house.keyring, link, PUBLIC_URL, valley.slug).removeprefix(PUBLIC_URL)

    return {
        "asked": visitor.base + visitor.link(),
        "preferences": made(links.PREFERENCES),
        "unsubscribe": made(links.UNSUBSCRIBE),
        "code": f"{visitor.base}/code",
        "enter": f"{visitor.base}/enter",
    }


def test_ninety_looks_at_each_kind_of_link_change_nothing_and_use_nothing_up(
    visitor: Visitor, new_visitor: New, every_link: dict[str, str], house: House, valley: Tenant
) -> None:
    before = snapshot.rows(house, valley.id)
    scanner = new_visitor().client
    for path in every_link.values():
        for verb in VERBS:
            for _ in range(30):
                assert scanner.open(path, method=verb, base_url=PUBLIC_URL).status_code < 400, (verb, path)
        visitor.client.get(path, base_url=PUBLIC_URL)  # the person, too, before pressing the button
    assert snapshot.rows(house, valley.id) == before
    assert visitor.client.get(every_link["preferences"], base_url=PUBLIC_URL).status_code == 303
    assert visitor.post(visitor.link()).status_code == 303
    assert visitor.get("/who").get_json()["level"] == "code"


def test_a_scanner_that_presses_every_button_redeems_nothing(
    visitor: Visitor, new_visitor: New, every_link: dict[str, str], house: House, valley: Tenant
) -> None:
    before = snapshot.rows(house, valley.id)
    for _ in range(30):
        scanner = new_visitor()
        scanner.client.get(every_link["asked"], base_url=PUBLIC_URL)
        assert scanner.post(visitor.link()).status_code == 422
        assert scanner.get("/who").get_json() is None
    assert snapshot.rows(house, valley.id) == before
    assert visitor.post(visitor.link()).status_code == 303


def test_a_code_is_not_used_up_by_looks_at_the_pages(visitor: Visitor) -> None:
    visitor.ask(PERSON)
    for _ in range(10):
        for verb in VERBS:
            assert visitor.client.open(f"{visitor.base}/enter", method=verb, base_url=PUBLIC_URL).status_code == 200
    assert visitor.post("/enter", code=visitor.code()).status_code == 303
