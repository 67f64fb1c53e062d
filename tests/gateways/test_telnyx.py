"""What is Telnyx's own: Ed25519 over time and body, five minutes either way, groups, RCS, its codes and its lists."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consent.errors import SetupProblem
from consent.gateways.sms import (
    DeliveryReport,
    Gateway,
    HttpRequest,
    InboundMessage,
    Malformed,
    OutboundMessage,
    SendFailed,
    Unauthenticated,
    load,
)
from consent.gateways.sms.registry import adapter
from consent.gateways.sms.samples import Call, fill, samples_of, values_of
from tests.gateways.cases.telnyx import API_KEY, CASE, PRIVATE_KEY, PUBLIC_KEY, V2, errors
from tests.gateways.mutated import mutated_bodies
from tests.support import sending_api
from tests.support.sending_api import Standing

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
URL = "https://consent.example/webhooks/sms/k3y"
PERSON, OURS = "+15095550142", "+15095550100"
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")


@pytest.fixture
def telnyx() -> Gateway:
    return load("telnyx", CASE.settings)


def signed(body: bytes, at: datetime = NOW, stamp: str | None = None) -> HttpRequest:
    """As Telnyx's documentation describes its signature: base64(Ed25519(time + "|" + body))."""
    stamp = stamp if stamp is not None else str(int(at.timestamp()))
    made = Ed25519PrivateKey.from_private_bytes(SEED).sign(stamp.encode() + b"|" + body)
    headers = {"telnyx-signature-ed25519": base64.b64encode(made).decode(), "telnyx-timestamp": stamp}
    return HttpRequest("POST", URL, headers, body)


def received(**payload: Any) -> HttpRequest:
    """A message.received with these members in the payload."""
    whole = {
        "id": "m-1",
        "type": "SMS",
        "from": {"phone_number": PERSON},
        "to": [{"phone_number": OURS, "status": "webhook_delivered"}],
        "text": "Stop",
        **payload,
    }
    return signed(json.dumps({"data": {"event_type": "message.received", "id": "e-1", "payload": whole}}).encode())


def finalized(status: str, *codes: Any) -> HttpRequest:
    payload = {
        "id": "m-1",
        "from": {"phone_number": OURS},
        "to": [{"phone_number": PERSON, "status": status}],
        "errors": [{"code": code} for code in codes],
    }
    return signed(json.dumps({"data": {"event_type": "message.finalized", "payload": payload}}).encode())


def message(telnyx: Gateway, request: HttpRequest) -> InboundMessage:
    (event,) = telnyx.receive(request, NOW).events
    assert isinstance(event, InboundMessage)
    return event


def report(telnyx: Gateway, request: HttpRequest) -> DeliveryReport:
    (event,) = telnyx.receive(request, NOW).events
    assert isinstance(event, DeliveryReport)
    return event


# The signature

BODY = (
    '{"data": {"event_type": "message.received", "id": "e1", "payload": {"id": "m1", "from": {"phone_number": '
    '"+15095550142"}, "to": [{"phone_number": "+15095550100", "status": "webhook_delivered"}], "text": "Arr\u00eat"}}}'
).encode()
# Made with `openssl pkeyutl -sign -rawin` over 1795291200|BODY and the private key of RFC 8032, section 7.1, test 1.
BY_OPENSSL = "FzZi0HseE/gzBENwj2g7jzMbcWufcR1vo/sgKeHTmnc/JL+HmcA4DEKb1QbAfrzRD7ChgTDEwLwnyJmt/+MqAw=="


def test_a_signature_made_by_openssl_is_accepted(telnyx: Gateway) -> None:
    headers = {"Telnyx-Signature-Ed25519": BY_OPENSSL, "Telnyx-Timestamp": "1795291200"}
    assert message(telnyx, HttpRequest("POST", URL, headers, BODY)).text == "Arr\u00eat"


def test_our_own_signer_agrees_with_openssl() -> None:
    call = adapter("telnyx").as_sent(Call("POST", URL, {}, BODY), CASE.settings, NOW, PRIVATE_KEY)
    assert call.headers["Telnyx-Signature-Ed25519"] == BY_OPENSSL


def test_the_time_is_signed(telnyx: Gateway) -> None:
    headers = {"Telnyx-Signature-Ed25519": BY_OPENSSL, "Telnyx-Timestamp": "1795291201"}
    with pytest.raises(Unauthenticated):
        telnyx.receive(HttpRequest("POST", URL, headers, BODY), NOW)


@pytest.mark.parametrize(("seconds", "accepted"), [(300, True), (301, False), (-300, True), (-301, False)])
def test_a_call_counts_for_five_minutes_either_way(telnyx: Gateway, seconds: int, accepted: bool) -> None:
    request = signed(BODY)
    at = NOW + timedelta(seconds=seconds)
    if accepted:
        assert telnyx.receive(request, at).events
    else:
        with pytest.raises(Unauthenticated):
            telnyx.receive(request, at)


@pytest.mark.parametrize("stamp", ["", "now", "1795291200.0", "-1", "\u0661" * 10, "9" * 11, "9" * 400, " 1795291200"])
def test_a_time_nobody_can_read_is_refused_even_signed(telnyx: Gateway, stamp: str) -> None:
    with pytest.raises(Unauthenticated):
        telnyx.receive(signed(BODY, stamp=stamp), NOW)


def test_a_get_is_refused(telnyx: Gateway) -> None:
    request = signed(BODY)
    request.method = "GET"
    with pytest.raises(Unauthenticated):
        telnyx.receive(request, NOW)


@pytest.mark.parametrize("key", ["", "abc", "\u00e9", base64.b64encode(b"x" * 31).decode(), "x" * 44])
def test_a_public_key_that_is_none_is_named(key: str) -> None:
    with pytest.raises(SetupProblem) as problem:
        load("telnyx", {"public_key": key})
    assert problem.value.field == "public_key"


def test_nothing_is_signed_without_the_made_up_private_key() -> None:
    with pytest.raises(SetupProblem):
        adapter("telnyx").as_sent(Call("POST", URL, {}, BODY), CASE.settings, NOW)


# What arrives


def test_in_a_group_our_number_is_the_one_the_call_is_for(telnyx: Gateway) -> None:
    others = [{"phone_number": "+15095550177", "status": "delivered"}, {"phone_number": "+15095550178"}]
    request = received(to=[*others, {"phone_number": OURS, "status": "webhook_delivered"}])
    assert message(telnyx, request).recipient == OURS


@pytest.mark.parametrize("to", [OURS, {"phone_number": OURS}, [OURS], [{"phone_number": OURS}]])
def test_our_number_is_found_however_it_is_written(telnyx: Gateway, to: Any) -> None:
    assert message(telnyx, received(to=to)).recipient == OURS


@pytest.mark.parametrize(
    ("payload", "text", "bearer"),
    [
        ({"text": None}, "", "sms"),
        ({"text": ""}, "", "sms"),
        ({"type": "RCS", "text": None, "body": {"text": "Stop"}}, "Stop", "rcs"),
        ({"type": "RCS", "text": None, "body": {"suggestion_response": {"text": "Stop"}}}, "Stop", "rcs"),
        ({"type": "WhatsApp", "text": None, "body": {"type": "text", "text": {"body": "Stop"}}}, "Stop", "whatsapp"),
        ({"type": "FAX"}, "Stop", "other"),
        ({"type": None}, "Stop", "sms"),
    ],
)
def test_the_text_is_found_in_each_kind_of_message(
    telnyx: Gateway, payload: dict[str, Any], text: str, bearer: str
) -> None:
    found = message(telnyx, received(**payload))
    assert (found.text, found.bearer) == (text, bearer)


@pytest.mark.parametrize("word", ["STOP", "START", "HELP"])
def test_a_word_that_telnyx_answered_is_marked(telnyx: Gateway, word: str) -> None:
    assert message(telnyx, received(autoresponse_type=word)).provider_opt_out_type == word


@pytest.mark.parametrize("word", [None, "", "custom"])
def test_any_other_answer_of_telnyx_is_no_opt_out(telnyx: Gateway, word: str | None) -> None:
    assert message(telnyx, received(autoresponse_type=word)).provider_opt_out_type is None


def test_a_stop_counts_without_a_readable_time(telnyx: Gateway) -> None:
    assert message(telnyx, received(received_at="yesterday")).received_at is None


@pytest.mark.parametrize("to", [None, []])
def test_a_stop_counts_without_our_number(telnyx: Gateway, to: Any) -> None:
    found = message(telnyx, received(to=to))
    assert (found.sender, found.recipient, found.text) == (PERSON, "", "Stop")


@pytest.mark.parametrize("payload", [{"direction": "outbound"}, {"from": {"phone_number": OURS}}])
def test_our_own_text_coming_back_is_an_echo(telnyx: Gateway, payload: dict[str, Any]) -> None:
    assert message(telnyx, received(**payload)).echo


def test_an_event_nobody_knows_is_received_and_nothing_more(telnyx: Gateway) -> None:
    for kind in ("10dlc.brand.update", 7, None, ["message.received"]):
        body = json.dumps({"data": {"event_type": kind, "payload": 7}}).encode()
        assert telnyx.receive(signed(body), NOW).events == ()


# Delivery reports


@pytest.mark.parametrize(
    ("code", "opted_out", "problem"),
    [
        ("40300", True, None),
        (40300, True, None),
        ("40001", False, "not_textable"),
        ("40012", False, "invalid"),
        ("40310", False, "invalid"),
        ("40004", False, "blocked"),
        ("40002", False, None),
        ("40008", False, None),
    ],
)
def test_an_error_code_tells_about_the_person(telnyx: Gateway, code: Any, opted_out: bool, problem: str | None) -> None:
    found = report(telnyx, finalized("sending_failed", code))
    assert (found.error_code, found.recipient_opted_out, found.recipient_problem) == (str(code), opted_out, problem)


def test_an_error_is_not_that_of_a_number_it_did_reach(telnyx: Gateway) -> None:
    payload = {
        "id": "m-1",
        "from": {"phone_number": OURS},
        "to": [
            {"phone_number": PERSON, "status": "delivered"},
            {"phone_number": "+15095550143", "status": "sending_failed"},
        ],
        "errors": [{"code": "40300"}],
    }
    body = json.dumps({"data": {"event_type": "message.finalized", "payload": payload}}).encode()
    reached, not_reached = telnyx.receive(signed(body), NOW).events
    assert isinstance(reached, DeliveryReport) and isinstance(not_reached, DeliveryReport)
    assert (reached.recipient_opted_out, not_reached.recipient_opted_out) == (False, True)
    assert reached.event_id != not_reached.event_id


# Whatever else is signed


@pytest.mark.parametrize("name", ["inbound", "inbound-mms", "inbound-rcs", "opted-out"])
def test_whatever_is_wrong_in_a_signed_body_is_malformed_and_nothing_else(telnyx: Gateway, name: str) -> None:
    values = values_of(CASE.settings, message_id="m-1", sender=PERSON, recipient=OURS, text="Stop", at=NOW)
    for body in mutated_bodies(fill(samples_of("telnyx")[name], URL, values).body):
        try:
            telnyx.receive(signed(body), NOW)
        except Malformed:
            continue


# What we call


@pytest.fixture
def api() -> Iterator[Standing]:
    with sending_api.standing(V2()) as running:
        yield running


TEXT = OutboundMessage(OURS, PERSON, "Outage over.", media_urls=("https://media.example/1",))


def test_a_text_goes_out_with_its_profile_and_where_to_report(api: Standing) -> None:
    more = {"messaging_profile_id": "40000000-0000-4000-8000-000000000001", "status_callback": URL}
    load("telnyx", {**CASE.settings, **more}).send(TEXT, api.session())
    assert json.loads(api.api.asked[0].body) == {
        "from": OURS,
        "to": PERSON,
        "text": "Outage over.",
        "media_urls": ["https://media.example/1"],
        "messaging_profile_id": "40000000-0000-4000-8000-000000000001",
        "webhook_url": URL,
        "use_profile_webhooks": False,
    }


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (400, "40300", (True, None)),
        (403, "40300", (True, None)),
        (400, "40310", (False, "invalid")),
        (422, "40305", (False, None)),
    ],
)
def test_a_refusal_tells_about_the_person(
    telnyx: Gateway, api: Standing, status: int, code: str, outcome: tuple[bool, str | None]
) -> None:
    api.behaviour = lambda asked, good: errors(status, code)
    result = telnyx.send(TEXT, api.session())
    assert (result.status, result.code) == ("refused", code)
    assert (result.recipient_opted_out, result.recipient_problem) == outcome


@pytest.mark.parametrize(("status", "code"), [(401, "10009"), (403, "10010"), (404, "10005")])
def test_a_wrong_login_is_our_fault_and_not_the_persons(telnyx: Gateway, api: Standing, status: int, code: str) -> None:
    api.behaviour = lambda asked, good: errors(status, code)
    with pytest.raises(SendFailed) as failed:
        telnyx.send(TEXT, api.session())
    assert (failed.value.code, failed.value.retryable) == (code, False)


def test_without_an_api_key_the_account_only_receives() -> None:
    gateway = load("telnyx", {"public_key": PUBLIC_KEY})
    assert (gateway.can_send, gateway.lists_opt_outs) == (False, False)
    with pytest.raises(SendFailed):
        gateway.send(TEXT)


def test_opt_outs_since_a_time_are_asked_for_and_name_our_number(telnyx: Gateway, api: Standing) -> None:
    api.api.blocked = [PERSON]
    (found,) = telnyx.list_opt_outs(NOW, api.session())
    assert (found.number, found.sender) == (PERSON, OURS)
    assert found.since == datetime(2026, 11, 21, 12, 0, 38, 631252, tzinfo=UTC)
    assert api.api.asked[0].query["created_at[gte]"] == "2026-11-21T20:00:00Z"
    assert api.api.asked[0].query["redaction_enabled"] == "false"


def test_a_list_with_hidden_numbers_is_not_taken_for_the_list(telnyx: Gateway, api: Standing) -> None:
    api.api.blocked = ["+1509555****", PERSON]
    with pytest.raises(SendFailed):
        list(telnyx.list_opt_outs(None, api.session()))


@pytest.mark.parametrize("number", [None, 7, ""])
def test_an_entry_nobody_can_read_does_not_hide_the_others(telnyx: Gateway, api: Standing, number: Any) -> None:
    api.api.blocked = [number, PERSON]
    assert [one.number for one in telnyx.list_opt_outs(None, api.session())] == [PERSON]


def test_nothing_is_sent_to_another_host(telnyx: Gateway, api: Standing) -> None:
    api.api.blocked = [PERSON, "+15095550143"]
    list(telnyx.list_opt_outs(None, api.session()))
    telnyx.send(TEXT, api.session())
    assert {one.host for one in api.api.asked} == {"api.telnyx.com"}
    assert all(one.headers["authorization"] == f"Bearer {API_KEY}" for one in api.api.asked)
