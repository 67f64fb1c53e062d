"""While the database is away: texts are kept and acknowledged, the gate is silent, and afterwards all is as if not."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient

from consent.app import nothing_waits
from consent.db import Sql
from consent.decisions import stream
from consent.decisions.api import DecisionIn
from consent.errors import Unavailable
from consent.house import House
from consent.sms import doors, spooling
from consent.timed import arriving, sending
from consent.web import metrics
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import FORM, SIGNATURE, Twilio, sign
from tests.support.valley import PERSON, TOKEN, Tenant, make_account, question

OTHER = "+15095550143"
COUNT = Sql("SELECT count(*) FROM inbound WHERE organization_id = :org")


class Away:
    """The database of a house, as long as `begin` was called and `end` was not."""

    def __init__(self, house: House, patch: pytest.MonkeyPatch) -> None:
        self.house, self.patch = house, patch

    @contextmanager
    def __call__(self, *, reads: bool = True) -> Iterator[None]:
        db = self.house.db
        away = psycopg.OperationalError("away") if db.is_postgresql else sqlite3.OperationalError("disk is full")

        def fail(*_: object) -> None:
            raise away

        with self.patch.context() as patch:
            patch.setattr(db, "_write", fail)
            if reads:
                patch.setattr(db._pool, "take", fail)
            yield
        db.writing.worked()
        db.reading.worked()


@pytest.fixture
def away(house: House, monkeypatch: pytest.MonkeyPatch) -> Away:
    return Away(house, monkeypatch)


@pytest.fixture
def known(systems: Systems, twilio: Twilio) -> None:
    """There is a consent, and the account and the rulebook were asked for lately."""
    systems.consent()
    assert twilio.text("hello", "+15095550177").status_code == 200


def stored(house: House, valley: Tenant) -> int:
    with house.db.read(valley.id) as tx:
        row = tx.one(COUNT, {"org": valley.id})
    assert row is not None
    return int(row[0])


def value(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


def test_a_stop_is_kept_and_acknowledged_the_gate_is_silent_and_then_it_holds(
    known: None, house: House, systems: Systems, twilio: Twilio, away: Away
) -> None:
    spool = house.spooling.spool
    with away():
        answer = twilio.text("STOP")
        assert (answer.status_code, answer.content_type) == (200, "text/xml")
        assert systems.post("decisions", question()).status_code == 503
        assert spool.waiting()
    refused = systems.post("decisions", question())  # the database is back, the STOP is not on record yet
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert systems.post("decisions", question(store=False)).status_code == 503
    arriving.drain(house)
    assert not spool.waiting()
    assert not systems.may()


@pytest.mark.parametrize("content_type", ["application/json", "application/x-ndjson"])
def test_no_batch_is_answered_past_a_stop_that_waits(
    known: None, house: House, systems: Systems, client: FlaskClient, twilio: Twilio, away: Away, content_type: str
) -> None:
    one = question(store=False)
    many = {name: one[name] for name in ("program", "message_class", "channel")} | {"addresses": [one["address"]]}
    body = json.dumps(many if content_type == "application/json" else one)
    headers = {**systems.headers, "Content-Type": content_type}
    with away(reads=False):
        assert b'"allow"' in client.post("/api/v1/decisions/batch", data=body, headers=headers).data
        assert twilio.text("STOP").status_code == 200
        refused = client.post("/api/v1/decisions/batch", data=body, headers=headers)
        assert (refused.status_code, b'"allow"' in refused.data) == (503, False)
    arriving.drain(house)
    assert b'"deny"' in client.post("/api/v1/decisions/batch", data=body, headers=headers).data


def test_a_stream_that_began_before_the_outage_answers_nothing_past_a_stop_that_waits(
    known: None, house: House, valley: Tenant, twilio: Twilio, away: Away, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "AT_ONCE", 1)
    line = json.dumps(question(store=False)).encode() + b"\n"

    def pieces() -> Iterator[bytes]:
        yield line
        with away(reads=False):
            assert twilio.text("STOP").status_code == 200
        yield line

    questions = stream.Questions(
        house.db, house.keyring, house.governing, valley.id, DecisionIn(), nothing_waits(house)
    )
    first, second = [json.loads(one) for one in questions.answers(pieces())]
    assert first["answer"] == "allow"
    assert (second["line"], "Ask again from this line on" in second["error"]) == (2, True)


def test_where_only_writing_fails_the_gate_does_not_read_past_the_spool(
    known: None, systems: Systems, twilio: Twilio, away: Away
) -> None:
    with away(reads=False):
        assert systems.post("decisions", question(store=False)).json["answer"] == "allow"
        assert twilio.text("STOP").status_code == 200
        assert systems.post("decisions", question(store=False)).status_code == 503


def test_what_comes_after_the_first_waits_behind_it_and_the_order_stays(
    known: None, house: House, valley: Tenant, systems: Systems, twilio: Twilio, away: Away
) -> None:
    with away():
        twilio.text("STOP")
        twilio.text("START")
        twilio.text("STOP", OTHER)
    before = stored(house, valley)
    twilio.text("START", OTHER)  # the database would take it
    assert stored(house, valley) == before
    twilio.text("STOP", "+15095550199")  # nothing of this number waits
    assert stored(house, valley) == before + 1
    arriving.drain(house)
    assert systems.may()
    assert [one["type"] for one in systems.history()[:2]] == ["consent.renewed", "consent.withdrawn"]


def test_it_counts_from_its_arrival_so_a_later_consent_by_another_way_is_the_later_word(
    known: None, house: House, systems: Systems, twilio: Twilio, away: Away, time: Time
) -> None:
    with away():
        twilio.text("STOP")
    arrived = time.at
    time.go(minutes=10)
    systems.consent(occurred_at=time.at.isoformat())
    time.go(minutes=10)
    arriving.drain(house)
    assert systems.may()
    stop = next(one for one in systems.history() if one["type"] == "consent.withdrawn")
    assert abs(datetime.fromisoformat(stop["occurred_at"]) - arrived) < timedelta(seconds=1)


def test_worked_off_twice_it_counts_once(
    known: None, house: House, valley: Tenant, twilio: Twilio, away: Away, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored(house, valley)
    with away():
        for copy in range(3):
            assert twilio.text("STOP", sid=f"SM{copy % 2}").status_code == 200
    with monkeypatch.context() as patch:  # killed after the commit and before the row was forgotten
        patch.setattr(house.spooling.spool, "done", lambda rows: (_ for _ in ()).throw(Unavailable("killed")))
        with pytest.raises(Unavailable):
            house.spooling.drain()
    assert house.spooling.spool.figures().waiting == 3
    arriving.drain(house)
    assert stored(house, valley) == before + 2


def test_the_one_confirmation_goes_out_if_it_is_still_in_time(
    known: None, house: House, twilio: Twilio, away: Away, time: Time, deliver: Callable[[], list[str]]
) -> None:
    with away():
        twilio.text("STOP")
        twilio.text("STOP")
    time.go(minutes=2)
    arriving.drain(house)
    assert len(deliver()) == 1


def test_a_confirmation_that_would_be_late_is_not_sent(
    known: None, house: House, twilio: Twilio, away: Away, time: Time, deliver: Callable[[], list[str]]
) -> None:
    with away():
        twilio.text("STOP")
    time.go(minutes=6)
    arriving.drain(house)
    assert deliver() == []


def test_nothing_is_sent_while_a_stop_may_still_wait(
    known: None, house: House, twilio: Twilio, away: Away, monkeypatch: pytest.MonkeyPatch
) -> None:
    with away():
        twilio.text("STOP")
    asked: list[int] = []
    monkeypatch.setattr(sending.outbox_jobs, "deliver", lambda *_: asked.append(1) or 0)
    sending.deliver(house)
    assert asked == []
    arriving.drain(house)
    sending.deliver(house)
    assert asked


def test_a_wrong_signature_is_refused_while_the_database_is_away(
    known: None, house: House, twilio: Twilio, away: Away
) -> None:
    with away():
        assert twilio.post(twilio.message("STOP"), signature="x").status_code == 403
    assert not house.spooling.spool.waiting()


def test_an_account_is_remembered_for_a_day(
    known: None, house: House, twilio: Twilio, away: Away, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "FRESH_FOR", -1.0)
    with away():
        assert twilio.post(twilio.message("STOP"), signature="x").status_code == 403
        monkeypatch.setattr(doors, "REMEMBERED_FOR", -1.0)
        assert twilio.post(twilio.message("STOP"), signature="x").status_code == 200
        assert [row.proved for row in house.spooling.spool.next(9)] == [False]


def test_a_call_to_an_address_nobody_remembers_is_kept_and_proved_later(
    known: None, house: House, valley: Tenant, systems: Systems, client: FlaskClient, now: datetime, away: Away
) -> None:
    gateway = valley.gateway(client)
    gateway.path = f"/webhooks/sms/{make_account(house, valley.id, now)}"
    dropped = value("consent_spool_dropped_total")
    before = stored(house, valley)
    with away():
        assert gateway.text("STOP").status_code == 200
        assert gateway.post(gateway.message("STOP"), signature="forged").status_code == 200
        gateway.path = "/webhooks/sms/" + "A" * 32
        assert gateway.text("STOP").status_code == 200
        gateway.path = "/webhooks/sms/x"
        assert gateway.text("STOP").status_code == 404
    arriving.drain(house)
    assert not house.spooling.spool.waiting()
    assert stored(house, valley) == before + 1
    assert value("consent_spool_dropped_total") == dropped + 2
    assert not systems.may()


def test_a_call_that_is_not_understood_is_set_aside_and_keeps_nobody(
    known: None,
    house: House,
    valley: Tenant,
    systems: Systems,
    twilio: Twilio,
    away: Away,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spool, before = house.spooling.spool, stored(house, valley)
    with away():
        twilio.text("poison", OTHER)
        twilio.text("STOP")
    prepare: Any = spooling.Intake.take

    def fails(self: Any, door: Any, called: Any, received: Any, *rest: Any, **more: Any) -> Any:
        if received.events[0].text == "poison":
            raise ZeroDivisionError
        return prepare(self, door, called, received, *rest, **more)

    with monkeypatch.context() as patch:
        patch.setattr(spooling.Intake, "take", fails)
        arriving.drain(house)
        assert stored(house, valley) == before + 1
        for _ in range(spooling.TRIES):
            arriving.drain(house)
    assert not systems.may()
    assert (spool.figures().waiting, spool.figures().aside) == (0, 1)
    assert b"consent_spool_set_aside 1.0" in metrics.exposition()
    spool.bring_back()
    arriving.drain(house)
    assert stored(house, valley) == before + 2
    assert spool.figures().aside == 0


def test_a_proved_call_whose_secret_was_changed_meanwhile_does_not_vanish(
    known: None, house: House, valley: Tenant, twilio: Twilio, away: Away
) -> None:
    close = Sql("UPDATE gateway_account SET closed_at = created_at WHERE organization_id = :organization_id")
    with away():
        twilio.text("STOP")
    house.db.write(lambda tx: tx.run(close, {"organization_id": valley.id}), valley.id)
    house.spooling.doors._known.clear()
    for _ in range(spooling.TRIES):
        arriving.drain(house)
    assert house.spooling.spool.figures().aside == 1


def test_where_nothing_can_be_kept_the_gateway_is_asked_to_come_again(
    known: None, house: House, twilio: Twilio, away: Away, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise Unavailable("full")

    monkeypatch.setattr(house.spooling.spool, "append", full)
    with away():
        answer = twilio.text("STOP")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_headers_and_body_come_out_as_they_went_in(
    known: None, house: House, twilio: Twilio, client: FlaskClient, away: Away
) -> None:
    message = twilio.message("détails: 🦄 STOP?")
    with away():
        headers = {SIGNATURE: sign(TOKEN, twilio.public_url + twilio.path + "?a=%20b&c=", message), "X-Odd": "é"}
        answer = client.post(twilio.path + "?a=%20b&c=", data=message, content_type=FORM, headers=headers)
        assert answer.status_code == 200
    arriving.drain(house)
    assert not house.spooling.spool.waiting()
    assert house.spooling.spool.figures().aside == 0


def test_the_time_from_a_stop_to_its_block_holds_the_time_in_the_spool(
    known: None, house: House, twilio: Twilio, away: Away, time: Time
) -> None:
    with away():
        twilio.text("STOP", PERSON)
    time.go(seconds=30)
    assert b"consent_spool_waiting 1.0" in metrics.exposition()
    before = value("consent_stop_to_block_seconds_sum")
    arriving.drain(house)
    assert value("consent_stop_to_block_seconds_sum") - before >= 30
