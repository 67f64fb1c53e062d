"""A look at the page asks once, and finds what asking one by one finds."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consent import clock
from consent.db import Sql, Tx
from consent.house import House
from consent.preferences.page import looking
from consent.preferences.unsubscribe import queries
from consent.verification.visits import Ticket
from tests.preferences.unsubscribe.test_pages import ADA, burst
from tests.support import visits
from tests.support.databases import ON_SQLITE
from tests.support.plans import plan
from tests.support.systems import Systems
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant

ADDRESSES = [("phone", PERSON), ("email", ADA)]


def look(app: Flask, house: House, tenant: Tenant, ticket: Ticket) -> looking.Look | None:
    """What the browser that holds this visit finds."""
    name, value = visits.cookie(house, tenant.id, ticket)
    with app.test_request_context(headers={"Cookie": f"{name}={value}"}):
        return looking.look(house.db, house.keyring, tenant.id, clock.now())


@pytest.mark.parametrize(("kind", "address"), ADDRESSES)
def test_it_finds_what_asking_one_by_one_finds(
    app: Flask, house: House, valley: Tenant, client: FlaskClient, systems: Systems, twilio: Twilio, kind: str,
    address: str,
) -> None:  # fmt: skip
    channel = {"channel": "email", "address": ADA}
    systems.consent(person="customer-1")
    systems.consent(TEXTS, person="customer-2", method="paper", ip=None, ip_absent_reason="on paper")
    systems.consent("voicemail", channel="voice")
    systems.consent("marketing-email", **channel)
    twilio.text("maybe not any more?")
    burst(house, valley, client)
    found = look(app, house, valley, visits.by_code(house, valley.id, kind, address))
    assert found is not None and found.found is not None
    with house.db.read(valley.id, single=True) as tx:
        again = looking.look_again(tx, found.visit, clock.now())
    assert found.found == again
    assert len(again.states) == len(found.visit.places)
    assert again.pressed == (kind == "email")
    assert set(again.methods.values()) >= ({"web-form", "paper"} if kind == "phone" else {"unsubscribe"})


def test_who_is_not_known_finds_nothing_and_who_has_left_neither(app: Flask, house: House, valley: Tenant) -> None:
    ticket = visits.by_code(house, valley.id, "phone", PERSON)
    found = look(app, house, valley, ticket)
    assert found is not None and found.found is not None
    assert (found.found.states, found.found.methods, found.found.pressed) == ({"sms": {}, "voice": {}}, {}, False)
    ended = Sql("DELETE FROM visit WHERE organization_id = :organization_id")
    house.db.write(lambda tx: tx.run(ended, {"organization_id": valley.id}), valley.id)
    assert look(app, house, valley, ticket) is None


def test_it_asks_once(
    app: Flask, house: House, valley: Tenant, systems: Systems, monkeypatch: pytest.MonkeyPatch
) -> None:
    systems.consent()
    ticket = visits.by_code(house, valley.id, "phone", PERSON)
    asked: list[int] = []
    for name, real in (("gather", Tx.gather), ("one", Tx.one), ("all", Tx.all)):

        def counted(tx: Tx, *questions: Any, real: Any = real) -> Any:
            asked.append(len(questions))
            return real(tx, *questions)

        monkeypatch.setattr(Tx, name, counted)
    assert look(app, house, valley, ticket) is not None
    assert asked == [2 if house.db.is_postgresql else 1]


@ON_SQLITE  # the planner of PostgreSQL knows the table by then
def test_it_goes_by_keys(house: House, valley: Tenant) -> None:
    place = {"organization_id": valley.id, "id": UUID(int=1), "contact_point_id": UUID(int=1), "since": "2026"}
    told = house.db.write(lambda tx: [plan(tx, one, place) for one in (looking._LOOK, queries._OF_CONTACT)], valley.id)
    for one in told:
        assert "SCAN" not in one
        assert "ix_unsubscription_contact" in one
