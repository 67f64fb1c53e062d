"""What a gateway never brought is found on its list and put on record, towards less contact only."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from consent import clock
from consent.db import Sql
from consent.gateways.sms.base import OptOut, SendFailed
from consent.house import House
from consent.organizations import service as organizations
from consent.sms.reconcile import EVERY, SETTLED, Looked, Reconciler
from consent.timed import arriving
from tests.support.listing import Provider
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import Twilio
from tests.support.valley import NUMBER, PERSON, Tenant

OTHER = "+15095550143"
REVIEW = Sql("SELECT count(*) FROM inbound WHERE organization_id = :org AND review = 'open'")
PROGRESS = Sql("SELECT next_at, error, found FROM gateway_progress WHERE organization_id = :org")


@pytest.fixture
def provider() -> Provider:
    return Provider(NUMBER)


@pytest.fixture
def reconciler(house: House, provider: Provider) -> Reconciler:
    return arriving.reconciler_of(house, provider)


@pytest.fixture
def account(house: House, valley: Tenant) -> organizations.Account:
    with house.db.read(valley.id) as tx:
        (found,) = organizations.accounts(tx, house.keyring, valley.id)
    return found


def look(reconciler: Reconciler, valley: Tenant, account: organizations.Account, **options: bool) -> Looked:
    found = reconciler.look(valley.id, account, **options)
    assert found is not None
    assert found.error == ""
    return found


def ago(time: Time, **span: float) -> datetime:
    return (time.at - timedelta(**span)).replace(microsecond=0)


def test_a_stop_that_never_arrived_is_found_and_counts_from_its_own_time(
    reconciler: Reconciler, provider: Provider, valley: Tenant, account: Any, systems: Systems, time: Time
) -> None:
    systems.consent()
    at = ago(time, minutes=7)
    provider.received("SM1", "STOP", PERSON, at)
    assert look(reconciler, valley, account).missing == {"stop": 1}
    assert not systems.may()
    stop = systems.history()[0]
    end_of_second = at + timedelta(milliseconds=999)
    assert (stop["type"], datetime.fromisoformat(stop["occurred_at"])) == ("consent.withdrawn", end_of_second)


def test_what_arrived_is_not_missing_and_a_second_look_finds_nothing(
    reconciler: Reconciler, provider: Provider, valley: Tenant, account: Any, twilio: Twilio, time: Time
) -> None:
    for number in range(8):
        provider.received(f"SM{number}", "hello", PERSON, ago(time, minutes=9))
        if number % 2:
            twilio.text("hello", sid=f"SM{number}")
    assert look(reconciler, valley, account).missing == {"other": 4}
    time.go(minutes=6)
    again = look(reconciler, valley, account)
    assert (again.listed, again.missing) == (8, {})


def test_a_start_that_was_missed_gives_nothing_back_and_a_person_reads_it(
    reconciler: Reconciler,
    provider: Provider,
    house: House,
    valley: Tenant,
    account: Any,
    systems: Systems,
    twilio: Twilio,
    time: Time,
) -> None:
    systems.consent()
    twilio.text("STOP")
    time.go(minutes=30)
    provider.received("SM77", "START", PERSON, ago(time, minutes=9))
    assert look(reconciler, valley, account).missing == {"other": 1}
    assert not systems.may()
    with house.db.read(valley.id) as tx:
        assert tx.one(REVIEW, {"org": valley.id}) == (1,)
    twilio.text("START", sid="SM77")  # the gateway brings it after all: known already
    assert not systems.may()


def test_a_start_whose_webhook_may_be_on_its_way_keeps_its_effect(
    reconciler: Reconciler,
    provider: Provider,
    valley: Tenant,
    account: Any,
    systems: Systems,
    twilio: Twilio,
    time: Time,
) -> None:
    systems.consent()
    twilio.text("STOP")
    time.go(minutes=1)
    provider.received("SM77", "START", PERSON, ago(time, seconds=2))
    provider.received("SM78", "STOP", OTHER, ago(time, seconds=2))
    assert look(reconciler, valley, account).missing == {"stop": 1}
    twilio.text("START", sid="SM77")
    assert systems.may()


def test_a_later_consent_by_another_way_outlives_an_older_stop_that_is_found(
    reconciler: Reconciler, provider: Provider, valley: Tenant, account: Any, systems: Systems, time: Time
) -> None:
    provider.received("SM1", "STOP", PERSON, ago(time, minutes=30))
    systems.consent(occurred_at=ago(time, minutes=5).isoformat())
    look(reconciler, valley, account)
    assert systems.may()


def test_each_account_is_looked_at_every_five_minutes_by_one_process_and_at_once_after_an_outage(
    house: House, reconciler: Reconciler, valley: Tenant, account: Any, time: Time
) -> None:
    time.freeze()
    assert [one.id for one in reconciler.due(valley.id, clock.now())] == [account.id]
    look(reconciler, valley, account)
    assert reconciler.due(valley.id, clock.now()) == []
    assert reconciler.look(valley.id, account) is None
    time.at += EVERY
    assert len(reconciler.due(valley.id, clock.now())) == 1
    look(reconciler, valley, account)
    house.db.write(lambda tx: arriving.reconcile.soon(tx, valley.id, clock.now()), valley.id)
    assert len(reconciler.due(valley.id, clock.now())) == 1


def test_a_list_that_failed_is_read_from_the_same_place_later_and_not_sooner_than_the_gateway_asks(
    house: House, reconciler: Reconciler, provider: Provider, valley: Tenant, account: Any, time: Time
) -> None:
    look(reconciler, valley, account)
    time.go(minutes=20)
    provider.received("SM1", "STOP", PERSON, ago(time, minutes=10))
    provider.failing = 429
    failed = reconciler.look(valley.id, account)
    assert failed is not None
    assert failed.error == "http-429"
    time.go(minutes=9)
    assert reconciler.due(valley.id, clock.now()) == []
    time.go(minutes=2)
    provider.failing = None
    assert look(reconciler, valley, account).missing == {"stop": 1}
    with house.db.read(valley.id) as tx:
        row = tx.one(PROGRESS, {"org": valley.id})
    assert row is not None
    assert row[1:] == ("", 1)


def test_a_number_blocked_there_is_silenced_here_once_and_nothing_is_lifted(
    reconciler: Reconciler,
    valley: Tenant,
    account: Any,
    systems: Systems,
    twilio: Twilio,
    monkeypatch: pytest.MonkeyPatch,
    time: Time,
) -> None:
    systems.consent()
    twilio.text("STOP", OTHER)
    opt_outs = [OptOut(PERSON, None, NUMBER)]
    monkeypatch.setattr("consent.gateways.sms.twilio.Twilio.lists_opt_outs", True)

    def listed(self: Any, since: datetime | None, http: Any = None) -> Iterator[OptOut]:
        return iter(opt_outs)

    monkeypatch.setattr("consent.gateways.sms.twilio.Twilio.list_opt_outs", listed)
    first = look(reconciler, valley, account)
    assert (first.opt_outs, first.silenced, first.not_blocked_there) == (1, 1, 1)
    assert not systems.may()
    assert systems.history()[0]["type"] == "suppression.set"
    events = len(systems.history())
    time.go(minutes=6)
    assert look(reconciler, valley, account).silenced == 0
    assert len(systems.history()) == events
    opt_outs.clear()
    time.go(minutes=6)
    whole = look(reconciler, valley, account, whole=True)
    assert whole.not_blocked_there == 2
    assert not systems.may()


def test_one_gateway_that_fails_keeps_no_other_and_the_job_goes_on(
    house: House, valley: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Iterator[Any]:
        raise SendFailed("timeout", retryable=True)

    monkeypatch.setattr("consent.gateways.sms.twilio.Twilio.list_inbound", fails)
    arriving.reconcile_gateways(house)
    with house.db.read(valley.id) as tx:
        rows = tx.all(PROGRESS, {"org": valley.id})
    assert [row[1] for row in rows] == ["timeout"]


def test_what_was_done_can_be_read_by_programs_and_names_nobody(
    reconciler: Reconciler, provider: Provider, valley: Tenant, account: Any, time: Time
) -> None:
    provider.received("SM1", "STOP", PERSON, ago(time, minutes=7))
    said = json.dumps(look(reconciler, valley, account, whole=True).as_json())
    assert json.loads(said)["missing"] == {"stop": 1}
    assert PERSON[1:] not in said
    assert SETTLED < EVERY
