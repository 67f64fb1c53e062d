"""The gateways' door: what is let in, what is refused, and what a refusal leaves behind."""

import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from consent import clock
from consent.db import Sql
from consent.gateways.sms.base import InboundMessage
from consent.house import House
from consent.sms import doors
from consent.web import logs, metrics
from tests.support.organizations import VOX, found_shipped
from tests.support.statements import seen
from tests.support.systems import Systems
from tests.support.time import Time
from tests.support.twilio import FORM, SIGNATURE, Twilio, sign
from tests.support.valley import NUMBER, PERSON, TOKEN, Tenant, make_account

ENTRIES = Sql("SELECT count(*) FROM ledger_event WHERE organization_id = :organization_id")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything this process logs."""
    stream = io.StringIO()
    logs.configure("INFO", stream)
    logs.security_event._written.clear()
    yield stream
    logs.configure("WARNING")


def entries(house: House, valley: Tenant) -> int:
    """How many things are on record."""
    with house.db.read(valley.id) as tx:
        row = tx.one(ENTRIES, {"organization_id": valley.id})
    assert row is not None
    return int(row[0])


def refusals(outcome: str) -> float:
    gateway = "unknown" if outcome == "unknown-endpoint" else "twilio"
    return metrics.REGISTRY.get_sample_value("consent_webhooks_total", {"gateway": gateway, "outcome": outcome}) or 0.0


def test_a_wrong_signature_gets_403_and_leaves_a_counter_and_a_line_without_content(
    house: House,
    valley: Tenant,
    systems: Systems,
    twilio: Twilio,
    lines: io.StringIO,
    capfd: pytest.CaptureFixture[str],
) -> None:
    systems.consent()
    before, counted = entries(house, valley), refusals("unauthenticated")
    with seen(house.db) as statements:
        answer = twilio.post(
            twilio.message("STOP everything, Canary"), signature=sign("f" * 32, "https://consent.example/")
        )
    assert (answer.status_code, answer.data) == (403, b"")
    assert statements.changes == []
    assert entries(house, valley) == before
    assert refusals("unauthenticated") == counted + 1
    assert systems.may()
    said = [json.loads(line) for line in lines.getvalue().splitlines()]
    [line] = [one for one in said if one["event"] == "security"]
    assert {"kind": "webhook_refused", "gateway": "twilio", "outcome": "unauthenticated"}.items() <= line.items()
    everything = lines.getvalue() + "".join(capfd.readouterr())
    for content in ("Canary", "STOP", PERSON, PERSON[1:], "5550142", twilio.number[1:], valley.endpoint, "SM0"):
        assert content not in everything


@pytest.mark.parametrize("signature", ["", "x", "é" * 10, "A" * 5000, "=" * 28])
def test_a_signature_that_is_none_is_refused(twilio: Twilio, signature: str) -> None:
    assert twilio.post(twilio.message("STOP"), signature=signature).status_code == 403


def test_a_request_without_a_signature_is_refused(twilio: Twilio, client: FlaskClient) -> None:
    assert client.post(twilio.path, data=twilio.message("STOP")).status_code == 403


def test_a_signature_over_another_host_is_refused_whatever_the_headers_say(twilio: Twilio) -> None:
    message = twilio.message("STOP")
    elsewhere = sign(TOKEN, "https://evil.example" + twilio.path, message)
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    assert twilio.post(message, signature=elsewhere, headers=headers).status_code == 403
    assert twilio.post(message, headers=headers).status_code == 200


def test_a_changed_field_is_refused(twilio: Twilio) -> None:
    message = twilio.message("STOP")
    signature = sign(TOKEN, twilio.public_url + twilio.path, message)
    assert twilio.post(message | {"From": "+15095550143"}, signature=signature).status_code == 403
    assert twilio.post(message | {"Extra": "1"}, signature=signature).status_code == 403


def test_an_unknown_endpoint_is_404_and_counted_and_looks_like_nothing(
    house: House, client: FlaskClient, twilio: Twilio, lines: io.StringIO
) -> None:
    counted = refusals("unknown-endpoint")
    for endpoint in ("x", "A" * 32, "A" * 500, "%00", "…"):
        answer = client.post(f"/webhooks/sms/{endpoint}", data=twilio.message("STOP"))
        assert (answer.status_code, answer.data) == (404, b""), endpoint
    assert refusals("unknown-endpoint") == counted + 5
    assert PERSON[1:] not in lines.getvalue()


def test_strangers_cannot_fill_the_log(twilio: Twilio, lines: io.StringIO) -> None:
    for _ in range(30):
        twilio.post(twilio.message("STOP"), signature="x")
    assert sum('"security"' in line for line in lines.getvalue().splitlines()) == 10


def test_twilio_may_call_by_get(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    assert twilio.get(twilio.message("STOP")).status_code == 200
    assert not systems.may()


def test_twilio_may_send_json_whose_hash_is_signed(systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    assert twilio.post_json(twilio.message("STOP")).status_code == 200
    assert not systems.may()


def test_json_whose_hash_is_another_is_refused(client: FlaskClient, systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    target = f"{twilio.path}?bodySHA256={'0' * 64}"
    headers = {SIGNATURE: sign(TOKEN, twilio.public_url + target)}
    assert client.post(target, json=twilio.message("STOP"), headers=headers).status_code == 403
    assert systems.may()


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x", "", "\x7f"])
def test_a_form_of_another_type_is_refused(twilio: Twilio, kind: str) -> None:
    assert twilio.post(twilio.message("STOP"), content_type=kind).status_code in (400, 403)


@pytest.mark.parametrize("verb", ["put", "delete", "patch", "options", "head"])
def test_other_verbs_change_nothing(
    house: House, valley: Tenant, twilio: Twilio, client: FlaskClient, verb: str
) -> None:
    before = entries(house, valley)
    assert getattr(client, verb)(twilio.path).status_code in (200, 403, 405)
    assert entries(house, valley) == before


def test_a_body_of_five_megabytes_is_refused_before_it_is_read(
    house: House, valley: Tenant, twilio: Twilio, client: FlaskClient
) -> None:
    before = entries(house, valley)
    answer = client.post(twilio.path, data=b"Body=" + b"A" * 5_000_000, content_type=FORM)
    assert (answer.status_code, answer.data) == (413, b"")
    assert entries(house, valley) == before


@pytest.mark.parametrize("garbage", ["\xff\xfe\x00", "\x80" * 300, "🦄", "a\tb"])
def test_binary_garbage_in_a_header_does_no_harm(systems: Systems, twilio: Twilio, garbage: str) -> None:
    systems.consent()
    environ = {
        "HTTP_X_TWILIO_SIGNATURE": garbage,
        "HTTP_USER_AGENT": garbage,
        "HTTP_I_TWILIO_IDEMPOTENCY_TOKEN": garbage,
        "HTTP_X_REQUEST_ID": garbage,
    }
    refused = twilio.post(twilio.message("STOP"), headers={}, environ_overrides=environ)
    assert refused.status_code == 403
    del environ["HTTP_X_TWILIO_SIGNATURE"]
    assert twilio.post(twilio.message("STOP"), environ_overrides=environ).status_code == 200
    assert not systems.may()


@pytest.mark.parametrize("missing", ["From", "MessageSid"])
def test_a_signed_message_without_what_it_needs_is_malformed(
    house: House, valley: Tenant, twilio: Twilio, missing: str
) -> None:
    message = twilio.message("STOP")
    for name in [missing] + (["SmsSid", "SmsMessageSid"] if missing == "MessageSid" else []):
        del message[name]
    before = entries(house, valley)
    assert twilio.post(message).status_code == 400
    assert entries(house, valley) == before


def test_either_of_two_tokens_opens_while_one_is_replaced(
    house: House, valley: Tenant, client: FlaskClient, now: datetime
) -> None:
    old, new = "a1" * 16, "b2" * 16
    endpoint = make_account(house, valley.id, now, auth_token=new, auth_tokens=[old])
    gateway = valley.gateway(client)
    gateway.path = f"/webhooks/sms/{endpoint}"
    for token, status in ((old, 200), (new, 200), (TOKEN, 403)):
        gateway.token = token
        assert gateway.text("HELP").status_code == status


def test_a_webhook_costs_one_commit_and_a_repeat_writes_nothing(house: House, systems: Systems, twilio: Twilio) -> None:
    systems.consent()
    twilio.text("hello", "+15095550177")  # the account and the rulebook are known from here on
    for said in ("STOP", "HELP", "START", "hello"):
        message = twilio.message(said)
        with seen(house.db) as first:
            assert twilio.post(message).status_code == 200
        with seen(house.db) as again:
            assert twilio.post(message).status_code == 200
        assert first.commits == 1, said
        assert first.changes, said
        assert again.changes == [], said


def test_the_time_from_stop_to_block_is_measured_once_per_stop(systems: Systems, twilio: Twilio) -> None:
    def measured() -> float:
        return metrics.REGISTRY.get_sample_value("consent_stop_to_block_seconds_count") or 0.0

    systems.consent()
    before = measured()
    twilio.text("STOP", sid="SM9")
    twilio.text("STOP", sid="SM9")
    twilio.text("HELP")
    assert measured() == before + 1


def test_a_closed_account_is_no_door(house: House, valley: Tenant, twilio: Twilio, now: datetime) -> None:
    close = Sql("UPDATE gateway_account SET closed_at = :now WHERE organization_id = :organization_id")
    assert twilio.text("HELP").status_code == 200
    house.db.write(lambda tx: tx.run(close, {"now": now, "organization_id": valley.id}), valley.id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("consent.sms.doors.FRESH_FOR", -1.0)  # as if the two seconds were over
        assert twilio.text("HELP").status_code == 404


def test_nothing_is_answered_that_was_not_committed(
    systems: Systems, house: House, twilio: Twilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    systems.consent()

    def lost(*_: object, **__: object) -> None:
        raise RuntimeError("commit lost")

    with monkeypatch.context() as patch:
        patch.setattr(house.db, "write", lost)
        assert twilio.text("STOP").status_code == 500
    assert systems.may()


def test_the_keys_of_the_door_live_for_two_seconds_only() -> None:
    assert timedelta(seconds=doors.FRESH_FOR) <= timedelta(seconds=2)


@pytest.mark.parametrize("waited", [False, True])
@pytest.mark.parametrize("said", ["0001-01-01", "1899-12-30", "1970-01-01"])
def test_a_stop_with_a_time_that_is_none_holds_from_its_arrival(
    house: House, valley: Tenant, systems: Systems, now: datetime, said: str, waited: bool
) -> None:
    systems.consent()
    door = house.spooling.doors.find(valley.endpoint)
    assert door is not None
    at = datetime.fromisoformat(f"{said}T00:00:00+00:00")
    text = InboundMessage("sinch", "1", "1", PERSON, NUMBER, "STOP", received_at=at)
    handled = house.spooling.intake.message(door, text, now, waited=waited)
    assert (handled.outcome, handled.repeated) == ("stop", False)
    assert not systems.may()


@pytest.mark.parametrize(
    ("said", "outcome"), [("STOP", "stop"), ("HELP", "help"), ("START", "start"), ("take me off this list", "stop")]
)
def test_an_organization_without_words_for_texts_takes_them_in_silence(
    house: House, client: FlaskClient, now: datetime, said: str, outcome: str
) -> None:
    vox = found_shipped(house, VOX, now)
    endpoint = make_account(house, vox.id, now, number="+15095550177")
    path = f"/webhooks/sms/{endpoint}"
    answer = Twilio(client, house.config.public_url, path, TOKEN, "+15095550177").text(said)
    assert (answer.status_code, answer.text.count("<Message>")) == (200, 0)
    with house.db.read(vox.id) as tx:
        assert tx.one(Sql("SELECT outcome FROM inbound WHERE organization_id = :org"), {"org": vox.id}) == (outcome,)


def test_a_stop_told_to_the_second_is_later_than_a_consent_within_that_second(
    house: House, valley: Tenant, systems: Systems, now: datetime, time: Time
) -> None:
    time.go(seconds=0.4)
    systems.consent(occurred_at="2026-11-21T17:00:00.400Z")
    assert systems.may()
    time.go(seconds=0.4)
    door = house.spooling.doors.find(valley.endpoint)
    assert door is not None
    text = InboundMessage("sinch", "1", "1", PERSON, NUMBER, "STOP", received_at=now)
    house.spooling.intake.message(door, text, clock.now(), waited=False)
    assert not systems.may()
