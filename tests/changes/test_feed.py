"""The feed: in order, nothing twice, nothing lost, nothing personal."""

import re
import threading
import uuid

import pytest
from flask.testing import FlaskClient

from consent import clock
from consent.changes import cursors, queries
from consent.changes.cursors import BEGINNING, Position
from consent.db import Sql, Tx
from consent.house import House
from consent.ledger import queries as stored
from consent.ledger import service as ledger
from tests.changes.conftest import Feed, Json
from tests.support import statements
from tests.support.databases import ON_POSTGRESQL, ON_SQLITE
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import PERSON, TEXTS, Tenant, make_key

OTHER = "+15095550143"
_ONE = Sql("SELECT 1")


def types(page: Json) -> list[str]:
    return [one["type"] for one in page["changes"]]


def test_what_happened_comes_in_order_and_each_once(feed: Feed, systems: Systems, twilio: Twilio, time: Time) -> None:
    start = feed(after="latest")["cursor"]
    given = systems.consent()
    time.go(minutes=1)
    twilio.text("hello there")
    twilio.text("STOP")
    time.go(minutes=1)
    twilio.text("START")
    page = feed(after=start)
    assert types(page) == ["consent.given", "consent.withdrawn", "consent.renewed"]
    first, stopped, started = page["changes"]
    assert first["entry"] == first["id"] == given["entry"]
    assert first["contact_point"] == given["contact_point"] == stopped["contact_point"]
    assert (first["programs"], first["state"], first["channel"]) == ([TEXTS], "given", "sms")
    assert first["policy_version"] == given["policy_version"]
    assert (stopped["state"], stopped["scope"]) == ("withdrawn", "channel")
    assert (started["state"], started["programs"]) == ("given", [])
    assert TEXTS in started["renews"]
    assert not page["more"]
    assert feed(after=page["cursor"])["changes"] == []


def test_a_page_goes_on_where_the_one_before_ended(feed: Feed, systems: Systems, twilio: Twilio, time: Time) -> None:
    start = feed(after="latest")["cursor"]
    for number in range(5):
        systems.consent(address=f"+1509555010{number}")
        twilio.text("hello")
    whole = feed(after=start)["changes"]
    one_by_one, cursor = [], start
    while (page := feed(after=cursor, limit=2))["changes"]:
        assert page["more"] == (len(one_by_one) < 4)
        one_by_one += page["changes"]
        cursor = page["cursor"]
    assert one_by_one == whole
    assert len({one["id"] for one in whole}) == 5
    assert feed(after=whole[2]["cursor"])["changes"] == whole[3:]


def test_while_nothing_comes_the_cursor_stays(feed: Feed, systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    cursor = feed()["cursor"]
    assert feed(after=cursor)["cursor"] == cursor
    twilio.text("no change in this")
    again = feed(after=cursor)
    assert (again["cursor"], again["changes"], again["more"]) == (cursor, [], False)


def test_from_the_beginning_everything_is_told(feed: Feed) -> None:
    assert set(types(feed())) >= {"settings.applied", "policy.published"}


def test_what_is_not_sealed_yet_is_not_told_yet(feed: Feed, systems: Systems) -> None:
    start = feed(after="latest")["cursor"]
    systems.consent()
    assert systems.get(f"changes?after={start}").get_json()["changes"] == []
    assert types(feed(after=start)) == ["consent.given"]


def test_a_long_stretch_without_changes_is_passed_without_reading_it_again(
    feed: Feed, systems: Systems, twilio: Twilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "BATCH", 2)
    monkeypatch.setattr(queries, "MOST_READ", 4)
    start = feed(after="latest")["cursor"]
    for _ in range(9):
        twilio.text("nothing new")
    systems.consent()
    found, cursor, asked = [], start, 0
    while asked < 10:
        page = feed(after=cursor)
        asked, cursor = asked + 1, page["cursor"]
        found += types(page)
        if not page["more"]:
            break
    assert (found, asked) == (["consent.given"], 3)


@ON_POSTGRESQL
def test_what_is_committed_late_is_not_skipped(house: House, valley: Tenant, feed: Feed, systems: Systems) -> None:
    """An entry begun first and committed last: its id is smaller than one that was already read."""
    start = feed(after="latest")["cursor"]
    late, begun, go_on = systems.consent()["contact_point"], threading.Event(), threading.Event()
    start = feed(after=start)["cursor"]
    entries: list[ledger.Entry] = []

    def slow(tx: Tx) -> None:
        log = ledger.log_of(tx, valley.id)
        assert log is not None
        stream = ledger.stream(tx, house.keyring, valley.id, uuid.UUID(late))
        event = ledger.Event("consent.refused", "api", "sms", (TEXTS,))
        entries.append(ledger.append(tx, log, stream, event, clock.now()))
        tx.one(_ONE, {})  # what was put off is sent now
        begun.set()
        assert go_on.wait(20)

    thread = threading.Thread(target=lambda: house.db.write(slow, valley.id))
    thread.start()
    assert begun.wait(20)
    quick = systems.consent(address=OTHER)["entry"]
    assert uuid.UUID(quick).int > entries[0].event_id.int
    first = feed(after=start)
    go_on.set()
    thread.join(20)
    assert [one["entry"] for one in first["changes"]] == [quick]
    second = feed(after=first["cursor"])
    assert [one["entry"] for one in second["changes"]] == [str(entries[0].event_id)]
    both = [one["entry"] for one in feed(after=start)["changes"]]
    assert both == [quick, str(entries[0].event_id)]


def test_a_cursor_of_another_organization_or_of_nobody_is_refused(
    house: House, systems: Systems, feed: Feed, valley: Tenant
) -> None:
    mine = feed()["cursor"]
    stranger = cursors.write(house.keyring, uuid.uuid4(), Position(1, 3))
    for cursor in (stranger, "x", "0", mine + "A", mine[:-1], mine[::-1], "é", "A" * 27, "A" * 100):
        answer = systems.get(f"changes?after={cursor}")
        assert answer.status_code == 400, cursor
        problem = answer.get_json()
        assert (problem["type"], problem["field"]) == ("/problems/malformed-request", "after")
        assert "start again" in problem["detail"]
    assert systems.get("changes?after=").status_code == systems.get("changes?after=%00").status_code == 422
    assert systems.get("changes?after=" + "A" * 101).status_code == 422


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "show=everything", "before=1"])
def test_a_query_that_makes_no_sense_is_refused_and_named(systems: Systems, query: str) -> None:
    answer = systems.get(f"changes?{query}")
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["parameter"] == query.partition("=")[0]


def test_addresses_are_shown_only_when_asked_for_and_only_to_a_key_that_may_read_them(
    house: House, systems: Systems, client: FlaskClient, feed: Feed, valley: Tenant, time: Time
) -> None:
    systems.consent()
    systems.consent(address=OTHER)
    page = feed()
    assert PERSON not in str(page)
    assert [one.get("address") for one in feed(show="address")["changes"]][-2:] == [PERSON, OTHER]
    weak = Systems(client, valley, make_key(house, valley.id, time.now(), "changes:read"))
    assert weak.get("changes").status_code == 200
    refused = weak.get("changes?show=address")
    assert (refused.status_code, refused.get_json()["scope"]) == (403, "contact-points:read")


def test_nothing_personal_stands_in_the_feed(feed: Feed, systems: Systems, twilio: Twilio) -> None:
    systems.consent(person="Oriel", entered_by="clerk@mail.example")
    twilio.text("STOP please, says Oriel")
    page = str(feed())
    for personal in (PERSON, "5550142", "Oriel", "clerk", "203.0.113.7", "please"):
        assert personal not in page


@ON_POSTGRESQL
def test_a_page_is_one_statement(house: House, systems: Systems, feed: Feed) -> None:
    for number in range(5):
        systems.consent(address=f"+1509555010{number}")
    cursor = feed(limit=2)["cursor"]
    with statements.seen(house.db) as asked:
        assert len(systems.get(f"changes?after={cursor}&limit=2").get_json()["changes"]) == 2
    assert len([one for one in asked if "ledger_leaf" in one]) == 1
    assert [one for one in asked if one.startswith(("SELECT l.", "SELECT c."))] == [
        one for one in asked if "ledger_leaf" in one
    ]


@ON_SQLITE
def test_however_long_the_history_a_page_is_found_by_its_key(house: House, valley: Tenant) -> None:
    parameters = {"organization_id": valley.id.bytes, "log_id": 1, "leaf_index": 5, "most": 10}
    with house.db.read(valley.id) as tx:
        plan = [
            row[-1]
            for row in tx.connection.connection.driver_connection.execute(  # type: ignore[union-attr]
                "EXPLAIN QUERY PLAN " + stored.SEALED.sqlite, parameters
            )
        ]
    assert plan[0].startswith("SEARCH l USING PRIMARY KEY (organization_id=? AND (log_id,leaf_index)>(?,?))")
    assert plan[1].startswith("SEARCH e USING")
    assert len(plan) == 2, plan  # and nothing is sorted


@ON_POSTGRESQL
def test_on_postgresql_too(house: House, valley: Tenant) -> None:
    parameters = {"organization_id": valley.id, "log_id": 1, "leaf_index": 5, "most": 10}
    with house.db.read(valley.id) as tx:
        for other in ("seqscan", "bitmapscan", "sort"):  # which an almost empty table makes look cheap
            tx.run(Sql(f"SET LOCAL enable_{other} = off"), {})
        explain = Sql("EXPLAIN " + re.sub(r"%\((\w+)\)s", r":\1", stored.SEALED.postgresql))
        plan = "\n".join(row[0] for row in tx.all(explain, parameters))
    assert "Index Scan using pk_ledger_leaf" in plan
    assert "ROW(log_id, leaf_index) > ROW(" in plan.partition("ledger_leaf")[2].partition("->")[0]
    assert "Sort" not in plan


def test_before_anything_was_sealed_there_is_a_cursor_all_the_same(house: House) -> None:
    empty = uuid.uuid4()
    with house.db.read(empty) as tx:
        assert queries.end(tx, empty) == BEGINNING
        assert queries.page(tx, empty, BEGINNING, 10) == queries.Page((), BEGINNING, False)
