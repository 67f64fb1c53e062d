"""People of an incident by what is known of them: counted first, then on the list, with the question kept beside it."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from consent import clock
from consent.db import Sql
from consent.db.types import as_id
from consent.errors import Conflict
from consent.house import House
from consent.incidents import finding, service
from consent.incidents import queries as incidents
from consent.numbers.mail import Returned, bounced
from consent.subjects import service as subjects
from tests.conftest import FOUNDED
from tests.flows.test_incidents import opened, step
from tests.support.organizations import VALET, consent_to, found_shipped
from tests.support.plans import plan
from tests.support.systems import Systems
from tests.support.twilio import Twilio
from tests.support.valley import TEXTS, Tenant, make_key

_LISTED = Sql("SELECT channel, told FROM incident_person WHERE organization_id = :organization_id ORDER BY channel")
FIRST, SECOND, THIRD = "+15095550142", "+15095550143", "+15095550144"
MAILBOX = "ann@home.example"


def record(systems: Systems, person: str, number: int = 1, **said: Any) -> None:
    """Something about this person that is kept."""
    kept = {
        "category": "support-notes", "store": "own", "reference": f"{person}-{number}", "purpose": "support",
        "collected_at": "2026-11-01T12:00:00-08:00", "source": "automatic", "person": person, "site": "building-1",
        "jurisdiction": "US-WA",
    }  # fmt: skip
    answer = systems.post("records", kept | said)
    assert answer.status_code == 201, answer.text


@pytest.fixture
def lived(systems: Systems) -> dict[str, Any]:
    """Two people with a record each, one of them with a mailbox too; one who only agreed; one without any address."""
    systems.consent(address=FIRST, person="ann")
    agreed = consent_to("marketing-email", "email", MAILBOX, person="ann")
    assert systems.post("consents", agreed).status_code == 201
    systems.consent(address=SECOND, person="bob")
    systems.consent(address=THIRD)
    record(systems, "ann")
    record(systems, "bob", collected_at="2026-10-01T12:00:00-07:00", jurisdiction="US-OR", site="building-2")
    record(systems, "nowhere-known")
    return opened(systems)


def found(systems: Systems, incident: dict[str, Any], **asked: Any) -> tuple[int, int, int, int]:
    """How many, on the list already, with a mailbox, and without any address."""
    said = step(systems, incident, "people/lookup", **asked)["found"]
    return said["all"], said["on_list"], said["by_mail"], said["nowhere"]


def test_whoever_has_a_mailbox_is_found_by_it_alone(systems: Systems, lived: dict[str, Any]) -> None:
    assert found(systems, lived, category="support-notes") == (2, 0, 1, 1)
    assert found(systems, lived, program=TEXTS) == (3, 0, 1, 0)
    assert found(systems, lived, everybody=True) == (3, 0, 1, 0)


BROWSER = {"visitor": "9c1f4e7a-2b36-4d58-8a0e-5f7d13c2b694", "surface": "website", "policy_version": "2025-01-02"}


@pytest.mark.parametrize("who", [{}, {"person": "nowhere-known"}], ids=["nobody", "by-name"])
def test_a_browser_is_nobody_to_tell(systems: Systems, lived: dict[str, Any], who: dict[str, str]) -> None:
    said = systems.post("trackers/choices", BROWSER | {"choices": {"analytics": False}, "gpc": True} | who)
    assert said.status_code == 201
    assert found(systems, lived, everybody=True) == (3, 0, 1, 0)
    assert found(systems, lived, category="support-notes") == (2, 0, 1, 1)


def mailbox(systems: Systems, house: House, valley: Tenant) -> str:
    """At which everybody with one is put on the list of a new incident."""
    incident = UUID(opened(systems)["id"])
    with house.db.read(valley.id) as tx:
        asked = finding._asked(tx, valley.id, incident, finding.Query(everybody=True))
        (one,) = [as_id(row[0]) for row in tx.all(finding._MISSING["everybody"], asked) if row[1] == "email"]
        known = subjects.by_id(tx, house.keyring, valley.id, one)
    assert known is not None and known.address is not None
    return known.address


def test_whoever_has_two_mailboxes_is_one_and_found_by_one_of_them(
    systems: Systems, house: House, valley: Tenant, lived: dict[str, Any]
) -> None:
    other = "ann@work.example"
    put = step(systems, lived, "people/query", everybody=True, seen=3)
    assert put["people"]["all"] == 3
    newer = (clock.now() - timedelta(hours=1)).isoformat()
    agreed = consent_to("marketing-email", "email", other, person="ann", occurred_at=newer)
    assert systems.post("consents", agreed).status_code == 201
    assert found(systems, lived, everybody=True) == (3, 3, 1, 0)  # by that at which they are on the list
    assert found(systems, opened(systems), everybody=True) == (3, 0, 1, 0)
    assert mailbox(systems, house, valley) == other  # where they spoke last
    in_force = house.governing.now(valley.id, clock.now())
    back = Returned(UUID(systems.lookup(other, "email")), uuid4(), clock.now(), "5.1.1")
    house.db.write(
        lambda tx: bounced(tx, house.keyring, in_force.log, in_force.rulebook, back, "system", clock.now()), valley.id
    )
    assert mailbox(systems, house, valley) == MAILBOX  # the other one brings nothing


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"site": "building-1"}, 1), ({"place": "US-OR"}, 1), ({"place": "US"}, 2), ({"place": "US-WV"}, 0),
        ({"store": "own", "since": "2026-11-01T00:00:00Z"}, 1), ({"store": "own", "until": "2026-11-01T00:00:00Z"}, 1),
        ({"category": "support-notes", "program": TEXTS}, 2), ({"category": "call-detail"}, 0),
        ({"program": TEXTS, "until": "2020-01-01T00:00:00Z"}, 0),
    ],
)  # fmt: skip
def test_each_thing_that_is_asked_narrows(
    systems: Systems, lived: dict[str, Any], asked: dict[str, Any], count: int
) -> None:
    assert found(systems, lived, **asked)[0] == count


def test_whoever_said_something_in_the_period_is_found_whatever_they_said_later(
    systems: Systems, lived: dict[str, Any], twilio: Twilio
) -> None:
    """Bob withdrew by name, the third by STOP; of two who share a number only the one who spoke in the period."""
    systems.consent(address=SECOND, person="bob", occurred_at="2026-01-10T12:00:00-08:00")
    systems.consent(address="+15095550150", occurred_at="2026-01-15T12:00:00-08:00")
    twilio.text("STOP", "+15095550150")
    systems.consent(address="+15095550151", person="dan", occurred_at="2026-01-20T12:00:00-08:00")
    systems.consent(address="+15095550151", person="eve", occurred_at="2026-03-20T12:00:00-08:00")
    january = {"program": TEXTS, "since": "2026-01-01T00:00:00-08:00", "until": "2026-02-01T00:00:00-08:00"}
    assert found(systems, lived, **january)[0] == 3
    assert found(systems, lived, **january | {"until": "2026-01-15T12:00:00-08:00"})[0] == 1  # the end is no part of it
    assert found(systems, lived, **january | {"since": "2026-01-15T12:00:00-08:00"})[0] == 2
    assert found(systems, lived, **january | {"program": "marketing-email"})[0] == 0
    february = {"since": "2026-02-01T00:00:00-08:00", "until": "2026-03-01T00:00:00-08:00"}
    assert found(systems, lived, **january | february)[0] == 0


def test_what_was_said_earlier_is_looked_up_by_the_index_of_streams(
    house: House, valley: Tenant, lived: dict[str, Any]
) -> None:
    query = finding.Query(program=TEXTS, until=clock.now())
    with house.db.read(valley.id) as tx:
        said = plan(tx, finding._COUNT["program"], finding._asked(tx, valley.id, UUID(lived["id"]), query))
    assert re.search(r"SEARCH e USING INDEX \S+ \(organization_id=\? AND log_id=\? AND stream_id=\?\)"
                     r"|Index Scan using \S*stream\S* on ledger_event e", said), said  # fmt: skip


def test_counting_puts_nobody_on_the_list_and_putting_them_there_is_done_once(
    house: House, valley: Tenant, systems: Systems, lived: dict[str, Any]
) -> None:
    asked = {"category": "support-notes"}
    assert step(systems, lived, "people/lookup", **asked)["people"]["all"] == 0
    put = step(systems, lived, "people/query", seen=2, **asked)
    assert (put["people"]["all"], put["people"]["without_mail"]) == (2, 1)
    again = step(systems, lived, "people/query", seen=2, **asked)
    assert again["people"]["all"] == 2 and again["found"]["on_list"] == 2
    with house.db.read(valley.id) as tx:
        assert [row[0] for row in tx.all(_LISTED, {"organization_id": valley.id})] == ["email", "sms"]
    systems.consent(address="+15095550150", person="cleo")
    record(systems, "cleo")  # known later: on the list only when somebody asks anew
    assert step(systems, lived, "people/lookup", **asked)["people"]["all"] == 2


def test_what_was_asked_stands_in_the_history(
    house: House, valley: Tenant, systems: Systems, lived: dict[str, Any]
) -> None:
    step(systems, lived, "people/query", seen=1, category="support-notes", since="2026-10-15T00:00:00-07:00")
    body = Sql("SELECT body FROM ledger_event WHERE organization_id = :organization_id ORDER BY event_id DESC LIMIT 1")
    with house.db.read(valley.id) as tx:
        stored = bytes(tx.all(body, {"organization_id": valley.id})[0][0]).decode()
    assert '"query":{"category":"support-notes","since":"2026-10-15T07:00:00.000Z"}' in stored
    assert '"added":1,' in stored and '"nowhere":1,' in stored


def test_a_figure_that_changed_since_it_was_seen_puts_nobody_on_the_list(
    systems: Systems, lived: dict[str, Any]
) -> None:
    answer = systems.post(f"incidents/{lived['id']}/people/query", {"seen": 5, "program": TEXTS})
    assert answer.status_code == 409 and "Found now: 3, and not 5 as before" in answer.get_json()["detail"]
    assert step(systems, lived, "people/lookup", program=TEXTS)["people"]["all"] == 0


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "program"), ({"since": "2026-10-15T00:00:00Z"}, "program"), ({"category": "unheard-of"}, "category"),
        ({"program": "unheard-of"}, "program"), ({"everybody": True, "store": "own"}, "everybody"),
        ({"store": "own", "since": "2026-10-15T00:00:00Z", "until": "2026-10-15T00:00:00Z"}, "until"),
        ({"place": "U%"}, "place"), ({"place": "US-W"}, "place"), ({"place": "ZZ-Q"}, "place"),
        ({"store": "cellar"}, "store"),
    ],
)  # fmt: skip
def test_a_question_that_means_nothing_is_refused_with_its_field(
    systems: Systems, lived: dict[str, Any], asked: dict[str, Any], field: str
) -> None:
    for door, more in (("lookup", {}), ("query", {"seen": 1})):
        answer = systems.post(f"incidents/{lived['id']}/people/{door}", asked | more)
        assert (answer.status_code, answer.get_json()["field"]) == (422, field)


@pytest.mark.parametrize(
    ("asked", "field"), [({"category": "call-detail", "seen": 0}, "program"), ({"program": TEXTS}, "seen")]
)
def test_nobody_is_put_on_the_list_unseen(
    systems: Systems, lived: dict[str, Any], asked: dict[str, Any], field: str
) -> None:
    answer = systems.post(f"incidents/{lived['id']}/people/query", asked)
    assert (answer.status_code, answer.get_json()["field"]) == (422, field)


def test_counting_is_reading_and_needs_no_right_to_write(
    house: House, valley: Tenant, systems: Systems, lived: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Systems(systems.client, valley, make_key(house, valley.id, clock.now(), "incidents:read"))
    monkeypatch.setattr(house.db, "write", lambda *_: pytest.fail("a count is no write"))
    assert found(reader, lived, program=TEXTS)[0] == 3
    assert reader.post(f"incidents/{lived['id']}/people/query", {"program": TEXTS, "seen": 3}).status_code == 403
    assert systems.post(f"incidents/{UUID(int=1)}/people/lookup", {"program": TEXTS}).status_code == 404


def test_people_are_put_on_the_list_a_few_at_a_time_behind_the_question(
    house: House, valley: Tenant, systems: Systems, lived: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in between, the list has some of them; asked again, it has all of them, each once."""
    monkeypatch.setattr(finding, "BATCH", 2)
    put, written = service.list_people, list[int]()

    def killed(tx: Any, desk: Any, incident_id: Any, people: Any, now: Any) -> None:
        if written:
            raise Conflict("killed")
        written.append(len(people))
        put(tx, desk, incident_id, people, now)

    asked = {"everybody": True, "seen": 3}
    with monkeypatch.context() as dying:
        dying.setattr(service, "list_people", killed)
        answer = systems.post(f"incidents/{lived['id']}/people/query", asked, Idempotency_Key="once")
        assert answer.status_code == 409 and written == [2]
    assert found(systems, lived, everybody=True)[:2] == (3, 2)
    for _ in range(2):
        again = systems.post(f"incidents/{lived['id']}/people/query", asked, Idempotency_Key="once")
        assert (again.status_code, again.get_json()["people"]["all"]) == (200, 3)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = systems.post(f"incidents/{lived['id']}/people/query", asked | {"seen": 4}, Idempotency_Key="once")
    assert other.status_code == 422
    with house.db.read(valley.id) as tx:
        history = incidents.history(tx, valley.id, UUID(lived["id"]))
    assert [one.data["added"] for one in history if one.type == "incident.people"] == [3, 1]


def test_a_strangers_people_are_never_found(
    client: FlaskClient, house: House, systems: Systems, lived: dict[str, Any]
) -> None:
    other = Systems(client, found_shipped(house, VALET, FOUNDED))
    assert found(other, opened(other), everybody=True)[0] == 0
