"""What is Sinch's own: body, nonce and time signed, a day of repeats, Basic for older plans, two APIs, its lists."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consent.errors import SetupProblem
from consent.gateways.sms import (
    BasicUnauthenticated,
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
from consent.gateways.sms import sinch_signature as signing
from consent.gateways.sms.base import Headers
from consent.gateways.sms.samples import fill, samples_of, values_of
from tests.gateways.cases.sinch import APP, CASE, CONVERSATION, SMS, Apis, said
from tests.gateways.mutated import mutated_bodies
from tests.support import sending_api
from tests.support.sending_api import Standing

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
URL = "https://consent.example/webhooks/sms/k3y"
PERSON, OURS = "+15095550142", "+15095550100"
SECRET = CASE.settings["webhook_secret"]


@pytest.fixture
def sinch() -> Gateway:
    return load("sinch", CASE.settings)


# The signature, held against published vectors

PYTHON_BODY = (
    b'{"app_id":"01EB37HMH1M6SV18BSNS3G135H","accepted_time":"2020-11-17T15:09:11.659Z",'
    b'"project_id":"c36f3d3d-1513-2edd-ae42-11995557ff61",'
    b'"message_delivery_report":{"message_id":"01EQBC1A3BEK731GY4YXEN0C2R",'
    b'"conversation_id":"01EPYATA64TMNZ1FV02JKF12JF","status":"QUEUED_ON_CHANNEL",'
    b'"contact_id":"01EXA07N79THJ20WSN6AS30TMW"}}'
)
NET_BODY = (
    b'{"app_id":"","accepted_time":"2021-10-18T17:49:13.813615Z","project_id":"e2df3a34-a71b-4448-9db5-a8d2baad28e4",'
    b'"contact_create_notification":{"contact":{"id":"01FJA8B466Y0R2GNXD78MD9SM1","channel_identities":[{"channel":"SMS",'
    b'"identity":"48123456789","app_id":""}],"display_name":"New Test Contact","email":"new.contact@email.com",'
    b'"external_id":"","metadata":"","language":"EN_US"}},"message_metadata":""}'
)


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        pytest.param(PYTHON_BODY, "Yc+3R1pIS78xLASybulhs8BsSo9BPB3Pr92QCUoczfk=", id="Python library"),
        pytest.param(NET_BODY, "6bpJoRmFoXVjfJIVglMoJzYXxnoxRujzR4k2GOXewOE=", id=".NET library"),
    ],
)
def test_a_published_signature_is_accepted(body: bytes, signature: str) -> None:
    """Those of the webhook tests of Sinch's libraries, secret foo_secret1234."""
    assert signing.sign(body, "01FJA8B4A7BM43YGWSG9GBV067", "1634579353", "foo_secret1234") == signature
    headers = Headers(
        {
            "x-sinch-webhook-signature": signature,
            "x-sinch-webhook-signature-nonce": "01FJA8B4A7BM43YGWSG9GBV067",
            "x-sinch-webhook-signature-timestamp": "1634579353",
        }
    )
    signing.check(headers, body, ["foo_secret1234"], datetime.fromtimestamp(1634579353, UTC))
    with pytest.raises(Unauthenticated):
        signing.check(headers, body + b" ", ["foo_secret1234"], datetime.fromtimestamp(1634579353, UTC))


def signed(
    value: Any, secret: str = SECRET, stamp: str = "1795291200", algorithm: str | None = "HmacSHA256"
) -> HttpRequest:
    """As the documentation says: base64(HMAC-SHA256(secret, body + "." + nonce + "." + timestamp))."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    made = hmac.new(secret.encode(), body + b".n-1." + stamp.encode(), hashlib.sha256).digest()
    headers = {
        "x-sinch-webhook-signature": base64.b64encode(made).decode(),
        "x-sinch-webhook-signature-nonce": "n-1",
        "x-sinch-webhook-signature-timestamp": stamp,
    }
    if algorithm is not None:
        headers["x-sinch-webhook-signature-algorithm"] = algorithm
    return HttpRequest("POST", URL, headers, body)


def text(**others: Any) -> dict[str, Any]:
    found = {
        "type": "mo_text",
        "id": "m-1",
        "from": PERSON[1:],
        "to": OURS[1:],
        "body": "Stop",
        "received_at": "2026-11-21T19:59:59.1234567",
    }
    return {**found, **others}


def conversation(**others: Any) -> dict[str, Any]:
    found = {
        "id": "m-1",
        "direction": "TO_APP",
        "contact_message": {"text_message": {"text": "Stop"}},
        "channel_identity": {"channel": "SMS", "identity": PERSON[1:]},
        "accept_time": "2026-11-21T20:00:00Z",
        "sender_id": OURS[1:],
    }
    return {"app_id": APP, "message": {**found, **others}}


def message(sinch: Gateway, request: HttpRequest) -> InboundMessage:
    (event,) = sinch.receive(request, NOW).events
    assert isinstance(event, InboundMessage)
    return event


def report(sinch: Gateway, request: HttpRequest) -> DeliveryReport:
    (event,) = sinch.receive(request, NOW).events
    assert isinstance(event, DeliveryReport)
    return event


@pytest.mark.parametrize("algorithm", ["HmacSHA256", "hmacsha256", None])
def test_the_one_algorithm_is_accepted_however_it_is_named(sinch: Gateway, algorithm: str | None) -> None:
    assert message(sinch, signed(text(), algorithm=algorithm)).text == "Stop"


@pytest.mark.parametrize("algorithm", ["", "HmacSHA1", "none", "HmacSHA256 ", "\u0441", "x" * 10_000])
def test_any_other_algorithm_is_refused(sinch: Gateway, algorithm: str) -> None:
    with pytest.raises(Unauthenticated):
        sinch.receive(signed(text(), algorithm=algorithm), NOW)


@pytest.mark.parametrize(("seconds", "accepted"), [(86700, True), (86701, False), (-300, True), (-301, False)])
def test_a_call_counts_for_a_day_of_repeats(sinch: Gateway, seconds: int, accepted: bool) -> None:
    request, at = signed(text()), NOW + timedelta(seconds=seconds)
    if accepted:
        assert sinch.receive(request, at).events
    else:
        with pytest.raises(Unauthenticated):
            sinch.receive(request, at)


@pytest.mark.parametrize("stamp", ["", "now", "2026-11-21T20:00:00Z", "-1", "9" * 11, "9" * 5000])
def test_a_time_nobody_can_read_is_refused_even_signed(sinch: Gateway, stamp: str) -> None:
    with pytest.raises(Unauthenticated):
        sinch.receive(signed(text(), stamp=stamp), NOW)


def test_each_api_may_have_a_secret_of_its_own() -> None:
    gateway = load("sinch", {"webhook_secret": "one", "conversation_secret": "two"})
    for secret in ("one", "two"):
        assert gateway.receive(signed(text(), secret), NOW).events
    with pytest.raises(Unauthenticated):
        gateway.receive(signed(text(), "three"), NOW)


def basic(credentials: str, **headers: str) -> HttpRequest:
    encoded = base64.b64encode(credentials.encode()).decode()
    return HttpRequest("POST", URL, {"Authorization": f"Basic {encoded}", **headers}, json.dumps(text()).encode())


def test_a_plan_without_a_secret_signs_in_with_basic() -> None:
    gateway = load("sinch", {"basic_user": "sinch", "basic_password": "a:b \u00e9"})
    assert message(gateway, basic("sinch:a:b \u00e9")).text == "Stop"
    for credentials in ("sinch:a", "other:a:b \u00e9", "sinch", ""):
        with pytest.raises(BasicUnauthenticated):
            gateway.receive(basic(credentials), NOW)
    with pytest.raises(Unauthenticated):
        gateway.receive(signed(text(), "any"), NOW)


def test_where_a_secret_is_set_basic_alone_is_no_proof(sinch: Gateway) -> None:
    with pytest.raises(Unauthenticated) as refused:
        sinch.receive(basic("sinch:a-password"), NOW)
    assert refused.value.status == 403


def test_a_wrong_signature_is_not_made_good_by_basic() -> None:
    gateway = load("sinch", {"webhook_secret": "one", "basic_user": "sinch", "basic_password": "pass"})
    assert gateway.receive(basic("sinch:pass"), NOW).events
    with pytest.raises(Unauthenticated):
        gateway.receive(basic("sinch:pass", **{"x-sinch-webhook-signature": "AAAA"}), NOW)


# What arrives


def test_a_time_without_zone_and_with_seven_decimals_is_utc(sinch: Gateway) -> None:
    at = message(sinch, signed(text())).received_at
    assert at == datetime(2026, 11, 21, 19, 59, 59, 123456, tzinfo=UTC)


def test_a_stop_counts_without_a_readable_time(sinch: Gateway) -> None:
    assert message(sinch, signed(text(received_at="yesterday"))).received_at is None


def test_binary_content_is_never_text(sinch: Gateway) -> None:
    found = message(sinch, signed(text(type="mo_binary", body="U1RPUA==", udh="00")))
    assert (found.is_text, found.text) == (False, "")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"subject": "A picture", "message": "Stop"}, "Stop"),
        ({"subject": "Stop"}, "Stop"),
        ({"subject": "Stop", "message": None, "media": None}, "Stop"),
        ({"media": [{"url": "u", "content_type": "image/png"}]}, ""),
    ],
)
def test_the_words_of_a_file_are_its_text(sinch: Gateway, body: dict[str, Any], words: str) -> None:
    found = message(sinch, signed(text(type="mo_media", body=body)))
    assert (found.text, found.bearer) == (words, "mms")


@pytest.mark.parametrize(
    ("said_", "words", "bearer"),
    [
        ({"text_message": {"text": "Stop"}}, "Stop", "sms"),
        ({"media_message": {"url": "https://media.example/1"}}, "", "mms"),
        ({"media_card_message": {"url": "https://media.example/1", "caption": "Stop"}}, "Stop", "mms"),
        ({"choice_response_message": {"postback_data": "1"}}, "", "sms"),
    ],
)
def test_the_text_is_found_in_each_kind_of_message(
    sinch: Gateway, said_: dict[str, Any], words: str, bearer: str
) -> None:
    found = message(sinch, signed(conversation(contact_message=said_)))
    assert (found.text, found.bearer) == (words, bearer)


@pytest.mark.parametrize(("channel", "bearer"), [("RCS", "rcs"), ("WHATSAPP", "whatsapp"), ("VIBERBM", "other")])
def test_the_channel_is_what_carried_the_text(sinch: Gateway, channel: str, bearer: str) -> None:
    request = signed(conversation(channel_identity={"channel": channel, "identity": PERSON[1:]}))
    assert message(sinch, request).bearer == bearer


@pytest.mark.parametrize("channel", ["MESSENGER", "INSTAGRAM", "TELEGRAM", "", None])
def test_a_channel_without_numbers_is_received_and_nothing_more(sinch: Gateway, channel: str | None) -> None:
    request = signed(conversation(channel_identity={"channel": channel, "identity": "123456789012345"}))
    assert sinch.receive(request, NOW).events == ()


@pytest.mark.parametrize(
    "request_",
    [signed(text(**{"from": OURS[1:]})), signed(conversation(direction="TO_CONTACT"))],
)
def test_our_own_text_coming_back_is_an_echo(sinch: Gateway, request_: HttpRequest) -> None:
    assert message(sinch, request_).echo


@pytest.mark.parametrize("value", [{"type": "another"}, {"type": ""}, {}, {"capability_notification": {}}])
def test_a_kind_nobody_knows_is_received_and_nothing_more(sinch: Gateway, value: dict[str, Any]) -> None:
    assert sinch.receive(signed(value), NOW).events == ()


# Delivery reports


def recipient_report(status: str, code: int) -> HttpRequest:
    found = {"batch_id": "b-1", "recipient": PERSON[1:], "code": code, "status": status, "at": "2026-11-21T20:00:00Z"}
    return signed({"type": "recipient_delivery_report_sms", **found})


@pytest.mark.parametrize(
    ("status", "code", "wanted"),
    [
        ("Delivered", 0, (None, False, None)),
        ("DELETED", 407, ("407", False, "blocked")),
        ("Rejected", 402, ("402", False, "not_textable")),
        ("Expired", 406, ("406", False, None)),
    ],
)
def test_a_code_tells_about_the_person(sinch: Gateway, status: str, code: int, wanted: Any) -> None:
    found = report(sinch, recipient_report(status, code))
    assert (found.error_code, found.recipient_opted_out, found.recipient_problem) == wanted
    assert (found.status, found.recipient, found.event_id) == (status.lower(), PERSON, f"b-1:{status.lower()}")


def test_that_deleted_means_an_opt_out_can_be_set() -> None:
    gateway = load("sinch", {**CASE.settings, "deleted_is_opt_out": "true"})
    assert report(gateway, recipient_report("Deleted", 407)).recipient_opted_out
    assert not report(gateway, recipient_report("Rejected", 407)).recipient_opted_out


def test_a_report_of_sums_names_nobody(sinch: Gateway) -> None:
    value = {
        "type": "delivery_report_sms",
        "batch_id": "b-1",
        "statuses": [{"code": 0, "status": "Delivered", "count": 2}],
    }
    assert sinch.receive(signed(value), NOW).events == ()


def test_each_person_of_a_batch_has_a_report(sinch: Gateway) -> None:
    statuses = [{"code": 0, "status": "Delivered", "recipients": [PERSON[1:], "15095550143"]}]
    value = {"type": "delivery_report_mms", "batch_id": "b-1", "statuses": statuses}
    events = sinch.receive(signed(value), NOW).events
    assert len({one.event_id for one in events}) == 2


@pytest.mark.parametrize(
    ("reason", "opted_out", "problem"),
    [
        ("RECIPIENT_NOT_OPTED_IN", True, None),
        ("RECIPIENT_INVALID_CHANNEL_IDENTITY", False, "invalid"),
        ("RECIPIENT_NOT_REACHABLE", False, None),
    ],
)
def test_a_reason_tells_about_the_person(sinch: Gateway, reason: str, opted_out: bool, problem: str | None) -> None:
    found = {
        "message_id": "m-1",
        "status": "FAILED",
        "channel_identity": {"channel": "SMS", "identity": PERSON[1:]},
        "reason": {"code": reason},
    }
    event = report(sinch, signed({"app_id": APP, "message_delivery_report": found}))
    assert (event.recipient_opted_out, event.recipient_problem) == (opted_out, problem)


def test_an_opt_out_that_failed_at_sinch_is_none(sinch: Gateway) -> None:
    found = {"request_id": "r-1", "channel": "SMS", "identity": PERSON[1:], "status": "OPT_OUT_FAILED"}
    assert sinch.receive(signed({"app_id": APP, "opt_out_notification": found}), NOW).events == ()


# Whatever else is signed


@pytest.mark.parametrize("name", sorted(samples_of("sinch")))
def test_whatever_is_wrong_in_a_signed_body_is_malformed_and_nothing_else(sinch: Gateway, name: str) -> None:
    values = values_of(CASE.settings, message_id="m-1", sender=PERSON, recipient=OURS, text="Stop", at=NOW)
    for body in mutated_bodies(fill(samples_of("sinch")[name], URL, values).body):
        try:
            sinch.receive(signed(body), NOW)
        except Malformed:
            continue


# What we call


@pytest.fixture
def apis() -> Apis:
    return Apis()


@pytest.fixture
def api(apis: Apis) -> Iterator[Standing]:
    with sending_api.standing(apis) as running:
        yield running


TEXT = OutboundMessage(OURS, PERSON, "Outage over.", client_ref="ours-1")


def test_a_text_by_the_sms_api_asks_for_a_report_of_each_person(sinch: Gateway, api: Standing) -> None:
    sinch.send(TEXT, api.session())
    assert json.loads(api.api.asked[0].body) == {
        "type": "mt_text",
        "from": OURS,
        "to": [PERSON],
        "body": "Outage over.",
        "delivery_report": "per_recipient",
        "client_reference": "ours-1",
    }


def test_a_text_by_the_conversation_api(api: Standing) -> None:
    gateway = load("sinch", {**CASE.settings, "send_by": "conversation", "status_callback": URL})
    assert gateway.send(TEXT, api.session()).provider_id == Apis.known_id
    assert api.api.asked[0].host == CONVERSATION
    body = json.loads(api.api.asked[0].body)
    (who,) = body["recipient"]["identified_by"]["channel_identities"]
    assert who == {"channel": "SMS", "identity": PERSON[1:]}
    assert body["message"] == {"text_message": {"text": "Outage over."}}
    assert body["channel_properties"] == {"SMS_SENDER": OURS[1:]}
    assert (body["message_metadata"], body["callback_url"]) == ("ours-1", URL)


def test_one_file_goes_by_the_sms_api_alone(sinch: Gateway, api: Standing) -> None:
    one = OutboundMessage(OURS, PERSON, "See", media_urls=("https://media.example/1",))
    two = OutboundMessage(OURS, PERSON, "See", media_urls=("https://media.example/1", "https://media.example/2"))
    sinch.send(one, api.session())
    body = json.loads(api.api.asked[0].body)
    assert (body["type"], body["body"]) == ("mt_media", {"url": "https://media.example/1", "message": "See"})
    by_conversation = load("sinch", {**CASE.settings, "send_by": "conversation"})
    for gateway, message_ in ((sinch, two), (by_conversation, one)):
        with pytest.raises(SendFailed):
            gateway.send(message_, api.session())
    assert len(api.api.asked) == 1


@pytest.mark.parametrize("send_by", ["sms", "conversation"])
def test_a_refused_text_is_refused_for_good(api: Standing, send_by: str) -> None:
    gateway = load("sinch", {**CASE.settings, "send_by": send_by})
    value = {"code": "syntax_constraint_violation"} if send_by == "sms" else {"error": {"status": "INVALID_ARGUMENT"}}
    api.behaviour = lambda asked, good: said(400, value)
    result = gateway.send(TEXT, api.session())
    assert (result.status, result.code) == ("refused", value.get("code") or "INVALID_ARGUMENT")
    for status, retryable in ((401, False), (403, False), (429, True), (500, True)):
        api.behaviour = lambda asked, good, status=status: said(status, value)
        with pytest.raises(SendFailed) as failed:
            gateway.send(TEXT, api.session())
        assert failed.value.retryable is retryable


def test_a_text_is_found_by_our_reference(sinch: Gateway, apis: Apis, api: Standing) -> None:
    other = {"id": "b-1", "client_reference": "ours-2"}
    apis.batches = [other, None, {"id": 7, "client_reference": "ours-1"}, {"id": "b-2", "client_reference": "ours-1"}]  # type: ignore[list-item]
    assert [one.provider_id for one in sinch.find_sent(TEXT, NOW, api.session())] == ["b-2"]
    assert api.api.asked[0].query["client_reference"] == "ours-1"
    assert api.api.asked[0].query["start_date"] == "2026-11-21T20:00:00.000Z"


def test_a_text_that_cannot_be_found_is_an_error_not_a_no(sinch: Gateway, api: Standing) -> None:
    by_conversation = load("sinch", {**CASE.settings, "send_by": "conversation"})
    without = OutboundMessage(OURS, PERSON, "Outage over.")
    for gateway, message_ in ((by_conversation, TEXT), (sinch, without)):
        with pytest.raises(SendFailed) as failed:
            list(gateway.find_sent(message_, NOW, api.session()))
        assert not failed.value.retryable


def test_what_came_in_is_asked_of_both_apis(sinch: Gateway, api: Standing) -> None:
    entry = conversation()["message"]

    def answer(asked: sending_api.Asked, good: Any) -> sending_api.Said:
        if asked.host == SMS:
            return said(200, {"count": 3, "inbounds": [text(id="m-2"), None, {}]})
        token = asked.query.get("page_token")
        return said(200, {"messages": [entry, {"id": "x"}] if token else [7], "next_page_token": "" if token else "t"})

    api.behaviour = answer
    found = [(one.message_id, one.sender, one.text) for one in sinch.list_inbound(NOW, api.session())]
    assert found == [("m-2", PERSON, "Stop"), ("m-1", PERSON, "Stop")]
    assert api.api.asked[-1].query["start_time"] == "2026-11-21T20:00:00.000Z"


def test_in_dispatch_mode_its_messages_are_asked_for(api: Standing) -> None:
    gateway = load("sinch", {**CASE.settings, "processing_mode": "dispatch"})
    api.behaviour = lambda asked, good: said(200, {"messages": [], "inbounds": [], "count": 0})
    list(gateway.list_inbound(NOW, api.session()))
    assert api.api.asked[-1].query["messages_source"] == "DISPATCH_SOURCE"


def test_nobody_has_opted_out_where_there_is_no_list_yet(sinch: Gateway, api: Standing) -> None:
    assert list(sinch.list_opt_outs(None, api.session())) == []
    api.behaviour = lambda asked, good: said(403, {})
    with pytest.raises(SendFailed):
        list(sinch.list_opt_outs(None, api.session()))


def test_a_list_without_end_is_left(sinch: Gateway, api: Standing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consent.gateways.sms.sinch_api.MOST_PAGES", 3)
    api.behaviour = lambda asked, good: said(
        200, {"identities": [], "next_page_token": "t", "inbounds": [text()], "count": 10**9}
    )
    for asked in (sinch.list_opt_outs(None, api.session()), sinch.list_inbound(NOW, api.session())):
        with pytest.raises(SendFailed):
            list(asked)
    assert len(api.api.asked) == 6


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({}, "webhook_secret"),
        ({"basic_user": "sinch"}, "basic_password"),
        ({"basic_user": "a:b", "basic_password": "x"}, "basic_user"),
        ({"webhook_secret": "x", "service_plan_id": "p"}, "api_token"),
        ({"webhook_secret": "x", "app_id": "a", "access_key": "k", "access_secret": "s"}, "project_id"),
        ({"webhook_secret": "x", "service_plan_id": "../p", "api_token": "t"}, "service_plan_id"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, str], field: str) -> None:
    with pytest.raises(SetupProblem) as found:
        load("sinch", settings)
    assert found.value.field == field


def test_without_a_login_the_account_only_receives() -> None:
    gateway = load("sinch", {"webhook_secret": "x"})
    assert (gateway.can_send, gateway.lists_inbound, gateway.lists_opt_outs) == (False, False, False)
    for send in (
        lambda: gateway.send(TEXT),
        lambda: list(gateway.list_inbound(NOW)),
        lambda: list(gateway.list_opt_outs(None)),
    ):
        with pytest.raises(SendFailed):
            send()
