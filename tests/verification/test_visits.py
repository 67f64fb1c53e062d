"""What a browser holds afterwards: how long, of whom, and how it ends."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from consent.db import Sql
from consent.house import House
from consent.verification import jobs, links, rules
from consent.verification.links import Link
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, Tenant
from tests.support.visiting import Visitor

MAIL = "ana@mail.example"
New = Callable[[], Visitor]


def who(visitor: Visitor) -> Any:
    return visitor.get("/who").get_json()


def token_for(house: House, valley: Tenant, time: Time, contact: UUID, **more: Any) -> str:
    link = Link(valley.id, contact, links.PREFERENCES, None, None, None, time.now())
    return links.make(house.keyring, replace(link, **more))


def test_a_visit_ends_after_half_an_hour_without_a_look(visitor: Visitor, time: Time) -> None:
    visitor.come_in(MAIL)
    for _ in range(3):
        time.go(minutes=29)
        assert who(visitor)
    time.go(minutes=31)
    assert who(visitor) is None


def test_a_visit_ends_after_four_hours_whatever_happens(visitor: Visitor, time: Time) -> None:
    visitor.come_in(MAIL)
    for _ in range(8):
        time.go(minutes=29)
        assert who(visitor)
    time.go(minutes=9)
    assert who(visitor) is None


def test_leaving_ends_the_visit_in_every_copy_of_its_cookie(visitor: Visitor, new_visitor: New) -> None:
    visitor.come_in(MAIL)
    copy = new_visitor()
    for cookie in visitor.client._cookies.values():  # type: ignore[union-attr]
        copy.client.set_cookie(cookie.key, cookie.value, domain="consent.example", secure=cookie.secure)
    assert who(copy)
    answer = visitor.post("/leave")
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (303, '"cache", "storage"')
    assert who(visitor) is None
    assert who(copy) is None
    assert "You have left" in visitor.client.get(answer.headers["Location"]).get_data(as_text=True)


def test_getting_in_anew_ends_the_other_visits_of_the_address(visitor: Visitor, new_visitor: New) -> None:
    visitor.come_in(MAIL)
    other, third = new_visitor(), new_visitor()
    third.come_in("ben@mail.example")
    other.come_in(MAIL)
    assert who(visitor) is None
    assert who(other)["id"] and who(third)["id"]


def test_getting_in_anew_gives_a_new_cookie_and_ends_what_this_browser_held(
    visitor: Visitor, house: House, valley: Tenant
) -> None:
    visitor.come_in(MAIL)
    first = who(visitor)["id"]
    visitor.come_in(PERSON)
    assert who(visitor)["id"] != first
    with house.db.read(valley.id) as tx:
        assert tx.all(Sql("SELECT count(*) FROM visit WHERE organization_id = :org"), {"org": valley.id}) == [(1,)]


def test_a_changed_cookie_opens_nothing(visitor: Visitor) -> None:
    visitor.come_in(MAIL)
    (cookie,) = [one for one in visitor.client._cookies.values() if "visit-" in one.key]  # type: ignore[union-attr]
    other = "B" if cookie.value[0] == "A" else "A"
    for value in ("", "x", cookie.value[:-4], other + cookie.value[1:], "é", "A" * 3000):
        visitor.client.set_cookie(cookie.key, value, domain="consent.example", secure=True)
        assert who(visitor) is None


def test_a_link_of_a_message_opens_the_masked_choices_of_its_contact_point(
    visitor: Visitor, systems: Systems, house: House, valley: Tenant, time: Time
) -> None:
    contact, person = UUID(str(systems.consent()["contact_point"])), uuid4()
    answer = visitor.get(f"/for/{token_for(house, valley, time, contact, person_id=person)}?lang=fr")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/valley-smart-homes/preferences?lang=fr")
    seen = who(visitor)
    assert (seen["level"], seen["masked"], seen["channels"], seen["known"]) == ("link", "•••• 0142", ["sms"], [True])
    assert (seen["person"], seen["language"]) == (str(person), "fr")
    time.go(minutes=31)
    assert who(visitor) is None


def test_a_link_takes_nothing_from_a_visit_by_code_of_the_same_address(
    visitor: Visitor, systems: Systems, house: House, valley: Tenant, time: Time
) -> None:
    contact = UUID(str(systems.consent()["contact_point"]))
    visitor.come_in(PERSON)
    visitor.get(f"/for/{token_for(house, valley, time, contact)}")
    assert who(visitor)["level"] == "code"
    visitor.come_in(MAIL)
    visitor.get(f"/for/{token_for(house, valley, time, contact)}")
    assert who(visitor)["level"] == "code"


def test_a_link_of_an_unknown_contact_point_opens_nothing(
    visitor: Visitor, house: House, valley: Tenant, time: Time
) -> None:
    visitor.get(f"/for/{token_for(house, valley, time, uuid4())}")
    assert who(visitor) is None


def test_a_link_of_another_organization_opens_nothing(
    visitor: Visitor, systems: Systems, house: House, valley: Tenant, time: Time
) -> None:
    contact = UUID(str(systems.consent()["contact_point"]))
    token = token_for(house, valley, time, contact, organization_id=uuid4())
    assert visitor.get(f"/for/{token}").status_code == 404
    assert visitor.client.get(f"/nobody/preferences/for/{token}").status_code == 404


def test_a_household_says_which_of_them_it_is(visitor: Visitor, systems: Systems) -> None:
    systems.consent(person="customer-1")
    systems.consent(person="customer-2", address="+15095550155")
    visitor.come_in(PERSON)
    unknown, elsewhere = (visitor.post("/person", reference=one) for one in ("customer-9", "customer-2"))
    assert unknown.status_code == elsewhere.status_code == 422
    assert without_token(unknown) == without_token(elsewhere)
    assert who(visitor)["person"] is None
    assert visitor.post("/person", reference=" customer-1 ").status_code == 303
    assert who(visitor)["person"]


def test_account_numbers_are_tried_five_times_a_visit(visitor: Visitor, systems: Systems) -> None:
    systems.consent(person="customer-1")
    visitor.come_in(PERSON)
    for number in range(rules.TRIES):
        assert visitor.post("/person", reference=f"guess-{number}").status_code == 422
    answer = visitor.post("/person", reference="customer-1")
    assert (answer.status_code, "Too many" in answer.get_data(as_text=True)) == (422, True)


def test_who_one_is_can_be_said_after_a_code_alone(
    visitor: Visitor, systems: Systems, house: House, valley: Tenant, time: Time
) -> None:
    contact = UUID(str(systems.consent(person="customer-1")["contact_point"]))
    assert visitor.get("/person").headers["Location"].endswith("/preferences/code")
    visitor.get(f"/for/{token_for(house, valley, time, contact)}")
    assert visitor.post("/person", reference="customer-1").headers["Location"].endswith("/preferences/code")
    assert visitor.come_in(PERSON).headers["Location"].endswith("/preferences/person")


@pytest.mark.parametrize("reference", ["", " ", "x" * 201])
def test_an_account_number_that_cannot_be_one_costs_no_try(visitor: Visitor, reference: str) -> None:
    visitor.come_in(PERSON)
    for _ in range(rules.TRIES + 1):
        answer = visitor.post("/person", reference=reference)
        assert (answer.status_code, "Too many" in answer.get_data(as_text=True)) == (422, False)


def test_what_is_over_is_forgotten(visitor: Visitor, house: House, valley: Tenant, time: Time) -> None:
    visitor.come_in(MAIL)
    assert jobs.forget(house.db, valley.id, time.now()) == 0
    time.go(minutes=61)
    assert jobs.forget(house.db, valley.id, time.now()) == 1  # the code; the visit may still be seen
    time.go(hours=3)
    assert jobs.forget(house.db, valley.id, time.now()) == 1


def test_the_message_with_a_code_is_forgotten_once_it_was_sent(
    visitor: Visitor, house: House, valley: Tenant, time: Time, deliver: Callable[[], list[str]]
) -> None:
    visitor.ask(PERSON)
    time.go(minutes=1)
    visitor.ask(PERSON)
    assert len(deliver()) == 2
    visitor.ask("unsent@mail.example")
    time.go(minutes=61)
    assert jobs.forget(house.db, valley.id, time.now()) == 5  # three codes, and the two messages that left
    assert visitor.sent()["queue"] == "email"


def without_token(answer: Any) -> str:
    return re.sub(r'(name="csrf" value=)"[^"]*"', r"\1", answer.get_data(as_text=True))
