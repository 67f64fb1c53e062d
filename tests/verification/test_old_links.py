"""Links of messages that are old, that are from before a number changed hands, or that meet a visit of another."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from consent import clock
from consent.house import House
from consent.verification import following, links
from consent.verification.following import Opens
from consent.verification.links import Link
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.valley import PERSON, PUBLIC_URL, TEXTS, Tenant
from tests.support.visiting import Visitor

OTHER = "+15095550177"
ISSUED = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
YEAR = timedelta(days=400)


def link_to(house: House, valley: Tenant, contact_point: str) -> str:
    """The path of a link that stands in a message of now."""
    made = Link(valley.id, UUID(contact_point), links.PREFERENCES, None, None, None, clock.now())
    return f"/for/{links.make(house.keyring, made)}"


@pytest.mark.parametrize(
    ("given_up_at", "now", "leads_to"),
    [
        (None, ISSUED + YEAR, Opens.CHOICES),
        (None, ISSUED + YEAR + timedelta(seconds=1), Opens.NOTHING),
        (ISSUED - timedelta(seconds=1), ISSUED + timedelta(days=1), Opens.CHOICES),
        (ISSUED, ISSUED + timedelta(days=1), Opens.NOTHING),
        (ISSUED + timedelta(hours=1), ISSUED + timedelta(days=1), Opens.NOTHING),
    ],
)
def test_a_link_ends_with_its_time_and_with_a_change_of_holder(
    given_up_at: datetime | None, now: datetime, leads_to: Opens
) -> None:
    link = Link(uuid4(), uuid4(), links.PREFERENCES, None, None, None, ISSUED)
    assert following.opens(link, None, given_up_at, YEAR, now) is leads_to


@pytest.mark.parametrize("kind", ["changed", "reassigned"])
def test_a_link_from_before_the_number_changed_hands_shows_nothing_and_still_stops(
    visitor: Visitor, systems: Systems, house: House, valley: Tenant, time: Time, kind: str
) -> None:
    systems.consent()
    path = link_to(house, valley, systems.lookup())
    time.go(days=1)
    told = {"channel": "sms", "address": PERSON, "kind": kind, "occurred_at": clock.now().isoformat()}
    assert systems.post("contact-points/lifecycle", told | {"source": "staff"}).status_code < 300
    time.go(days=1)
    page = visitor.get(path).get_data(as_text=True)
    assert "This link shows nothing any more" in page
    assert "•••• 0142" not in page
    assert visitor.get("/who").get_json() is None
    assert visitor.post(path).headers["Location"].endswith(path)
    assert visitor.get("/who").get_json() is None
    stop = re.search(r'href="(/valley-smart-homes/unsubscribe/[^"]+)"', page)
    assert stop is not None
    assert "Stop the messages" in visitor.client.get(stop[1], base_url=PUBLIC_URL).get_data(as_text=True)
    assert visitor.client.post(stop[1], base_url=PUBLIC_URL, data={"unsubscribe": "1"}).status_code == 200
    newest = systems.history()[0]
    assert (newest["type"], TEXTS in newest["programs"]) == ("consent.withdrawn", True)


def test_a_link_after_the_change_opens_as_ever(
    visitor: Visitor, systems: Systems, house: House, valley: Tenant, time: Time
) -> None:
    systems.consent()
    told = {"channel": "sms", "address": PERSON, "kind": "changed", "occurred_at": clock.now().isoformat()}
    assert systems.post("contact-points/lifecycle", told | {"source": "staff"}).status_code < 300
    time.go(days=1)
    assert visitor.get(link_to(house, valley, systems.lookup())).status_code == 303


def test_a_link_for_another_address_replaces_a_proven_visit_only_when_the_person_says_so(
    visitor: Visitor, systems: Systems, house: House, valley: Tenant
) -> None:
    systems.consent()
    systems.consent(address=OTHER)
    path = link_to(house, valley, systems.lookup(OTHER))
    visitor.come_in(PERSON)
    before = visitor.get("/who").get_json()
    page = visitor.get(path)
    assert page.status_code == 200
    assert "Whose choices do you want to see?" in page.get_data(as_text=True)
    assert "0177" not in page.get_data(as_text=True)
    assert visitor.get("/who").get_json() == before
    assert visitor.post(path).status_code == 303
    now = visitor.get("/who").get_json()
    assert (now["level"], now["masked"] != before["masked"]) == ("link", True)


def test_leaving_leaves_nothing_of_the_visit_in_the_browser(
    visitor: Visitor, client: FlaskClient, systems: Systems
) -> None:
    systems.consent()
    visitor.come_in(PERSON)
    with client.session_transaction(base_url=PUBLIC_URL) as session:
        session["request"] = {"at": "x"}
    assert visitor.post("/leave").status_code == 303
    with client.session_transaction(base_url=PUBLIC_URL) as session:
        assert dict(session) == {}
