"""Companies make links for their own messages."""

from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from consent.house import House
from consent.verification import links
from tests.support.systems import Systems
from tests.support.valley import PUBLIC_URL, TEXTS, Tenant
from tests.support.visiting import Visitor

FOR = f"{PUBLIC_URL}/valley-smart-homes/preferences/for/"


def make(systems: Systems, contact: object, **asked: str) -> TestResponse:
    return systems.post(f"contact-points/{contact}/links", asked)


def test_a_link_made_by_the_company_opens_the_choices_of_its_contact_point(systems: Systems, visitor: Visitor) -> None:
    consent = systems.consent(person="customer-1")
    answer = make(systems, consent["contact_point"], person="customer-1")
    assert answer.status_code == 201
    url = answer.get_json()["url"]
    assert url.startswith(FOR)
    assert visitor.get(url.removeprefix(PUBLIC_URL + visitor.base)).status_code == 303
    seen = visitor.get("/who").get_json()
    assert (seen["level"], seen["masked"], bool(seen["person"])) == ("link", "•••• 0142", True)


def test_a_link_to_unsubscribe_names_its_program_and_message(systems: Systems, house: House, valley: Tenant) -> None:
    contact = systems.consent()["contact_point"]
    asked = {"purpose": "unsubscribe", "program": TEXTS, "reference": "batch-7"}
    url: str = make(systems, contact, **asked).get_json()["url"]
    assert url.startswith(f"{PUBLIC_URL}/valley-smart-homes/unsubscribe/")
    link = links.read(house.keyring, valley.id, url.rpartition("/")[2], links.UNSUBSCRIBE)
    assert link is not None
    assert (str(link.contact_point_id), link.program, link.reference) == (contact, TEXTS, "batch-7")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"purpose": "unsubscribe"}, "program"),
        ({"purpose": "login"}, "purpose"),
        ({"program": "nothing"}, "program"),
        ({"person": "nobody"}, "person"),
        ({"reference": "x" * 65}, "reference"),
        ({"reference": "é" * 64}, "reference"),
        ({"address": "+15095550142"}, "address"),
    ],
)
def test_what_no_link_can_say_is_refused_by_its_field(systems: Systems, asked: dict[str, str], field: str) -> None:
    answer = make(systems, systems.consent()["contact_point"], **asked)
    assert (answer.status_code, answer.get_json()["field"]) == (422, field)


def test_nobody_makes_a_link_for_a_contact_point_that_is_not_there(systems: Systems) -> None:
    assert make(systems, uuid4()).status_code == 404


def test_the_same_idempotency_key_makes_the_same_link(systems: Systems) -> None:
    contact = systems.consent()["contact_point"]
    first, second = (
        systems.post(f"contact-points/{contact}/links", {}, Idempotency_Key="one").get_json() for _ in range(2)
    )
    assert first == second
