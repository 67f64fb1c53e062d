"""What is Vonage's own: signed parameters by one pinned method, a token that covers the body, parts, records by day."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

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
from consent.gateways.sms import vonage_signature as signing
from consent.gateways.sms.samples import FORM, fill, samples_of, values_of
from tests.gateways.cases.vonage import CASE, KEY, SIGNING, Apis, problem
from tests.gateways.mutated import WRONG, mutated_bodies
from tests.support import sending_api
from tests.support.sending_api import Said, Standing
from tests.support.time import Time

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
URL = "https://consent.example/webhooks/sms/k3y"
PERSON, OURS, TOLL_FREE = "+15095550142", "+15095550100", "+18445550100"
Fields = dict[str, str]


@pytest.fixture
def vonage() -> Gateway:
    return load("vonage", CASE.settings)


# The signed parameters, held against published vectors


PUBLISHED = [(b"a", b"1"), (b"b", b"2"), (b"timestamp", b"1461605396")]


@pytest.mark.parametrize(
    ("method", "sig"),
    [
        ("md5hash", "6af838ef94998832dbfc29020b564830"),
        ("md5", "c15c21ced558c93a226c305f58f902f2"),
        ("sha1", "3e19a4e6880fdc2c1426bfd0587c98b9532f0210"),
        ("sha256", "a321e824b9b816be7c3f28859a31749a098713d39f613c80d455bbaffae1cd24"),
        (
            "sha512",
            "812a18f76680fa0fe1b8bd9ee1625466ceb1bd96242e4d050d2cfd9a7b40166c"
            "63ed26ec9702168781b6edcf1633db8ff95af9341701004eec3fcf9550572ee8",
        ),
    ],
)
def test_a_published_signature_is_ours(method: str, sig: str) -> None:
    """Those of the signature tests of Vonage's Python library (test_signature.py)."""
    assert signing.signature(PUBLISHED, "secret", method) == sig
    at = datetime.fromtimestamp(1461605396, UTC)
    for given in (sig, sig.upper()):
        signing.check_params([*PUBLISHED, (b"sig", given.encode())], "secret", method, at)


def by_the_documentation(fields: Fields, secret: str = SIGNING) -> str:
    """`&name=value` in the order of the names, & and = in values made underscores, HMAC with SHA-256 in hex."""
    said = "".join(f"&{name}={fields[name].replace('&', '_').replace('=', '_')}" for name in sorted(fields))
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()


def text_fields(text: str = "Stop", **others: str) -> Fields:
    fields = {
        "msisdn": PERSON[1:],
        "to": OURS[1:],
        "messageId": "0A1",
        "text": text,
        "type": "text",
        "keyword": "STOP",
        "api-key": KEY,
        "message-timestamp": "2026-11-21 20:00:00",
        "timestamp": "1795291200",
        "nonce": "n1",
    }
    return {**fields, **others}


def receipt_fields(code: str, sender: str = OURS, **others: str) -> Fields:
    fields = {
        "msisdn": PERSON[1:],
        "to": sender[1:],
        "messageId": "0A1",
        "status": "failed",
        "err-code": code,
        "message-timestamp": "2026-11-21 20:00:00",
    }
    return {**fields, **others}


def form(fields: Fields, sig: str | None = None) -> HttpRequest:
    signed = {**fields, "sig": by_the_documentation(fields) if sig is None else sig}
    return HttpRequest("POST", URL, {"Content-Type": f"{FORM}; charset=UTF-8"}, urlencode(signed).encode())


def as_json(value: Any) -> HttpRequest:
    return HttpRequest("POST", URL, {"Content-Type": "application/json"}, json.dumps(value).encode())


def message(gateway: Gateway, request: HttpRequest) -> InboundMessage:
    (event,) = gateway.receive(request, NOW).events
    assert isinstance(event, InboundMessage)
    return event


def report(gateway: Gateway, request: HttpRequest) -> DeliveryReport:
    (event,) = gateway.receive(request, NOW).events
    assert isinstance(event, DeliveryReport)
    return event


@pytest.mark.parametrize("text", ["", " Stop ", "a&b=c", "Arr\u00eat \U0001f6d1", "100%", "a+b"])
def test_any_text_is_signed_as_the_documentation_says(vonage: Gateway, text: str) -> None:
    fields = text_fields(text)
    assert message(vonage, form(fields)).text == text
    assert message(vonage, as_json({**fields, "sig": by_the_documentation(fields)})).text == text
    query = urlencode({**fields, "sig": by_the_documentation(fields).upper()})
    assert message(vonage, HttpRequest("GET", f"{URL}?{query}", {})).text == text


@pytest.mark.parametrize("method", ["md5hash", "md5", "sha1", "sha512"])
def test_no_other_method_than_the_accounts_counts(vonage: Gateway, method: str) -> None:
    fields = text_fields()
    pairs = [(name.encode(), value.encode()) for name, value in fields.items()]
    with pytest.raises(Unauthenticated):
        vonage.receive(form(fields, signing.signature(pairs, SIGNING, method)), NOW)


def test_a_parameter_that_occurs_twice_is_refused_even_signed(vonage: Gateway) -> None:
    pairs = [*text_fields().items(), ("text", "Start")]
    said = "".join(f"&{name}={value}" for name, value in sorted(pairs))
    sig = hmac.new(SIGNING.encode(), said.encode(), hashlib.sha256).hexdigest()
    body = urlencode([*pairs, ("sig", sig)]).encode()
    with pytest.raises(Unauthenticated):
        vonage.receive(HttpRequest("POST", URL, {"Content-Type": FORM}, body), NOW)


def test_a_call_for_another_account_is_refused(vonage: Gateway) -> None:
    with pytest.raises(Unauthenticated):
        vonage.receive(form(text_fields(**{"api-key": "other123"})), NOW)


@pytest.mark.parametrize(
    ("seconds", "accepted"), [(0, True), (86700, True), (86701, False), (-300, True), (-301, False)]
)
def test_a_call_counts_for_a_day_of_repeats(vonage: Gateway, seconds: int, accepted: bool) -> None:
    for fields in (text_fields(), receipt_fields("0")):  # a receipt gives its time in words alone
        at = NOW + timedelta(seconds=seconds)
        if accepted:
            assert vonage.receive(form(fields), at).events
        else:
            with pytest.raises(Unauthenticated):
                vonage.receive(form(fields), at)


def test_parameters_without_a_time_are_refused(vonage: Gateway) -> None:
    fields = {name: value for name, value in text_fields().items() if "timestamp" not in name}
    with pytest.raises(Unauthenticated):
        vonage.receive(form(fields), NOW)


@pytest.mark.parametrize("value", [one for one in WRONG if not isinstance(one, str)])
def test_whatever_stands_in_a_signed_json_body_is_one_of_two_errors(vonage: Gateway, value: Any) -> None:
    for name in text_fields():
        wrong = {**text_fields(), name: value}
        for body in (wrong, {**wrong, "sig": "0" * 64}, [wrong], value):
            with pytest.raises((Unauthenticated, Malformed)):
                vonage.receive(as_json(body), NOW)


@pytest.mark.parametrize("value", ["", " ", "\x00", "\u0661", "x" * 5000, "1" * 400, "-1", "true"])
def test_whatever_is_signed_is_read_or_malformed(vonage: Gateway, value: str) -> None:
    for name in ("msisdn", "to", "messageId", "text", "type", "concat", "status", "err-code", "client-ref"):
        for fields in (text_fields(), receipt_fields("1")):
            try:
                vonage.receive(form({**fields, name: value}), NOW)
            except Malformed:
                continue


def test_a_signed_form_that_is_not_utf8_is_malformed(vonage: Gateway) -> None:
    body = b"messageId=1&msisdn=15095550142&text=%ff&timestamp=1795291200"
    said = b"&messageId=1&msisdn=15095550142&text=\xff&timestamp=1795291200"
    sig = hmac.new(SIGNING.encode(), said, hashlib.sha256).hexdigest()
    with pytest.raises(Malformed):
        vonage.receive(HttpRequest("POST", URL, {"Content-Type": FORM}, body + b"&sig=" + sig.encode()), NOW)


# The token of the Messages API


def claims(body: bytes, **others: Any) -> dict[str, Any]:
    return {
        "iat": int(NOW.timestamp()),
        "jti": "j1",
        "iss": "Vonage",
        "payload_hash": hashlib.sha256(body).hexdigest(),
        "api_key": KEY,
        **others,
    }


def bearer(body: bytes, said: dict[str, Any] | None = None, key: Any = None, alg: str = "HS256") -> HttpRequest:
    """The call with a token of these claims."""
    said = claims(body) if said is None else said
    token = jwt.encode({"alg": alg, "typ": "JWT"}, said, key or OctKey.import_key(SIGNING), algorithms=[alg])
    return HttpRequest("POST", URL, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}, body)


def incoming(**others: Any) -> bytes:
    found = {
        "channel": "sms",
        "message_uuid": "u1",
        "to": OURS[1:],
        "from": PERSON[1:],
        "timestamp": "2026-11-21T20:00:00Z",
        "message_type": "text",
        "text": "Stop",
    }
    return json.dumps({**found, **others}).encode()


def test_a_token_for_this_account_and_body_is_accepted(vonage: Gateway) -> None:
    assert message(vonage, bearer(incoming(text="Arr\u00eat"))).text == "Arr\u00eat"


@pytest.mark.parametrize(
    "others",
    [
        {"iss": "vonage"},
        {"iss": None},
        {"api_key": "other123"},
        {"api_key": None},
        {"payload_hash": "0" * 64},
        {"payload_hash": None},
        {"payload_hash": 7},
        {"iat": None},
        {"iat": True},
        {"iat": "soon"},
        {"iat": 10**30},
        {"iat": int(NOW.timestamp()) - 86701},
        {"iat": int(NOW.timestamp()) + 301},
    ],
)
def test_a_token_that_says_something_else_is_refused(vonage: Gateway, others: dict[str, Any]) -> None:
    body = incoming()
    token = signing.token_for(body, SIGNING, {**claims(body), **others}, NOW)
    with pytest.raises(Unauthenticated):
        vonage.receive(HttpRequest("POST", URL, {"Authorization": f"Bearer {token}"}, body), NOW)


def test_the_application_counts_where_it_is_set() -> None:
    body = incoming()
    gateway = load("vonage", {**CASE.settings, "application_id": "app-1"})
    assert gateway.receive(bearer(body, claims(body, application_id="app-1")), NOW).events
    for other in ({}, {"application_id": "app-2"}):
        with pytest.raises(Unauthenticated):
            gateway.receive(bearer(body, claims(body, **other)), NOW)


def test_a_token_of_another_algorithm_is_refused(vonage: Gateway) -> None:
    body = incoming()
    with pytest.raises(Unauthenticated):
        vonage.receive(bearer(body, key=OctKey.import_key(SIGNING * 2), alg="HS512"), NOW)
    with pytest.raises(Unauthenticated):
        vonage.receive(bearer(body, key=RSAKey.generate_key(2048), alg="RS256"), NOW)


@pytest.mark.parametrize(
    "head", [{"alg": "none"}, {"alg": "HS512"}, {"alg": "RS256"}, {}, {"alg": "HS256", "crit": []}]
)
def test_a_head_that_says_another_algorithm_is_refused_even_well_made(vonage: Gateway, head: dict[str, Any]) -> None:
    def part(value: Any) -> bytes:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    body = incoming()
    signed = part(head) + b"." + part(claims(body))
    for sig in (part_of(signed), b""):
        token = (signed + b"." + sig).decode()
        with pytest.raises(Unauthenticated):
            vonage.receive(HttpRequest("POST", URL, {"Authorization": f"Bearer {token}"}, body), NOW)


def part_of(signed: bytes) -> bytes:
    return base64.urlsafe_b64encode(hmac.digest(SIGNING.encode(), signed, "sha256")).rstrip(b"=")


@pytest.mark.parametrize(
    "settings",
    [{"webhooks": "sms"}, {"webhooks": "messages"}, {"signature_secret": "another-secret-of-another-account"}],
)
def test_an_account_takes_only_the_calls_it_is_set_to(settings: dict[str, str]) -> None:
    gateway = load("vonage", {**CASE.settings, **settings})
    refused = [form(text_fields())] if settings.get("webhooks") != "sms" else []
    refused += [bearer(incoming())] if settings.get("webhooks") != "messages" else []
    for request in refused:
        with pytest.raises(Unauthenticated):
            gateway.receive(request, NOW)


@pytest.mark.parametrize("name", ["inbound-messages", "inbound-mms", "delivered-messages", "opted-out-messages"])
def test_whatever_is_wrong_in_a_proved_body_is_malformed_and_nothing_else(vonage: Gateway, name: str) -> None:
    values = values_of(CASE.settings, message_id="u1", sender=PERSON, recipient=OURS, text="Stop", at=NOW)
    for body in mutated_bodies(fill(samples_of("vonage")[name], URL, values).body):
        token = signing.token_for(body, SIGNING, {"api_key": KEY}, NOW)
        try:
            vonage.receive(HttpRequest("POST", URL, {"Authorization": f"Bearer {token}"}, body), NOW)
        except Malformed:
            continue


# What they say


def test_a_part_of_a_longer_text_agrees_to_nothing_and_may_still_stop(vonage: Gateway) -> None:
    found = message(vonage, form(text_fields("START", concat="true", **{"concat-part": "2", "concat-total": "2"})))
    assert (found.text, found.is_text, found.bearer) == ("START", True, "other")
    assert message(vonage, form(text_fields("START", concat="false"))).bearer == "sms"


def test_a_binary_message_is_never_text(vonage: Gateway) -> None:
    found = message(vonage, form(text_fields("STOP", type="binary", data="53544f50")))
    assert (found.is_text, found.text) == (False, "")


@pytest.mark.parametrize(
    ("sender", "code", "opted_out", "problem_"),
    [
        (TOLL_FREE, "9", True, None),
        (OURS, "9", False, "invalid"),
        (OURS, "0", False, None),
        (OURS, "3", False, "invalid"),
        (OURS, "4", False, "blocked"),
        (OURS, "14", False, "blocked"),
        (OURS, "53", False, None),
        (TOLL_FREE, "1", False, None),
    ],
)
def test_an_error_code_tells_about_the_person(
    vonage: Gateway, sender: str, code: str, opted_out: bool, problem_: str | None
) -> None:
    found = report(vonage, form(receipt_fields(code, sender)))
    assert (found.recipient, found.sender) == (PERSON, sender)
    assert (found.recipient_opted_out, found.recipient_problem) == (opted_out, problem_)
    assert found.error_code == (None if code == "0" else code)


def test_which_codes_mean_a_stop_can_be_set() -> None:
    gateway = load("vonage", {**CASE.settings, "toll_free_stop_codes": "53"})
    assert report(gateway, form(receipt_fields("53", TOLL_FREE))).recipient_opted_out
    assert not report(gateway, form(receipt_fields("9", TOLL_FREE))).recipient_opted_out


@pytest.mark.parametrize(
    ("others", "text", "bearer_"),
    [
        ({"message_type": "reply", "text": None, "reply": {"id": "1", "title": "Stop"}}, "Stop", "sms"),
        ({"channel": "rcs", "message_type": "button", "text": None, "button": {"text": "Stop"}}, "Stop", "rcs"),
        ({"channel": "whatsapp", "message_type": "audio", "text": None, "audio": {"url": "u"}}, "", "whatsapp"),
        ({"channel": "viber_service"}, "Stop", "other"),
    ],
)
def test_the_text_is_found_in_each_kind_of_message(
    vonage: Gateway, others: dict[str, Any], text: str, bearer_: str
) -> None:
    found = message(vonage, bearer(incoming(**others)))
    assert (found.text, found.bearer) == (text, bearer_)


@pytest.mark.parametrize("channel", ["messenger", "instagram", "", None])
def test_a_channel_without_numbers_is_received_and_nothing_more(vonage: Gateway, channel: str | None) -> None:
    body = incoming(channel=channel, **{"from": "123456789012345"})
    assert vonage.receive(bearer(body), NOW).events == ()


def test_a_code_is_found_in_title_or_type(vonage: Gateway) -> None:
    kinds = ({"title": "1280"}, {"title": 1280}, {"type": "https://developer.vonage.com/x#1280", "title": "Blocked"})
    for error in kinds:
        body = incoming(status="undeliverable", to=PERSON[1:], error=error, **{"from": OURS[1:]})
        found = report(vonage, bearer(body))
        assert (found.error_code, found.recipient_problem) == ("1280", "blocked")


# What we call


@pytest.fixture
def api() -> Iterator[Standing]:
    with sending_api.standing(Apis()) as running:
        yield running


TEXT = OutboundMessage(OURS, PERSON, "Outage over.", client_ref="ours-1")


def test_a_text_by_the_messages_api(api: Standing) -> None:
    gateway = load("vonage", {**CASE.settings, "send_by": "messages", "status_callback": URL})
    assert gateway.send(TEXT, api.session()).provider_id == Apis.known_id
    assert json.loads(api.api.asked[0].body) == {
        "to": PERSON[1:],
        "from": OURS[1:],
        "channel": "sms",
        "message_type": "text",
        "text": "Outage over.",
        "client_ref": "ours-1",
        "webhook_url": URL,
    }


def test_a_text_by_the_sms_api_keeps_its_login_in_the_body(vonage: Gateway, api: Standing) -> None:
    vonage.send(OutboundMessage(OURS, PERSON, "D\u00e9tente", client_ref="ours-1"), api.session())
    asked = api.api.asked[0]
    assert asked.query == {}
    assert b"type=unicode" in asked.body and b"client-ref=ours-1" in asked.body


@pytest.mark.parametrize(("status", "problem_"), [("6", "invalid"), ("7", "blocked"), ("33", "invalid"), ("15", None)])
def test_a_refusal_of_the_sms_api_tells_about_the_person(
    vonage: Gateway, api: Standing, status: str, problem_: str | None
) -> None:
    api.behaviour = lambda asked, good: Apis().sms(status)
    result = vonage.send(TEXT, api.session())
    assert (result.status, result.code, result.recipient_problem) == ("refused", status, problem_)


@pytest.mark.parametrize(("status", "retryable"), [("1", True), ("5", True), ("13", True), ("4", False), ("9", False)])
def test_trouble_of_the_account_or_of_vonage_is_no_refusal(
    vonage: Gateway, api: Standing, status: str, retryable: bool
) -> None:
    api.behaviour = lambda asked, good: Apis().sms(status)
    with pytest.raises(SendFailed) as failed:
        vonage.send(TEXT, api.session())
    assert (failed.value.retryable, failed.value.maybe_sent) == (retryable, False)


@pytest.mark.parametrize("answer", [b"{}", b'{"messages": []}', b'{"messages": [{"status": "0"}]}', b'{"messages": 7}'])
def test_an_answer_nobody_understands_may_have_sent_the_text(vonage: Gateway, api: Standing, answer: bytes) -> None:
    api.behaviour = lambda asked, good: Said(200, answer)
    with pytest.raises(SendFailed) as failed:
        vonage.send(TEXT, api.session())
    assert (failed.value.retryable, failed.value.maybe_sent) == (False, True)


def test_a_refusal_of_the_messages_api_tells_about_the_person(api: Standing) -> None:
    gateway = load("vonage", {**CASE.settings, "send_by": "messages"})
    api.behaviour = lambda asked, good: problem(422, "1240")
    result = gateway.send(TEXT, api.session())
    assert (result.status, result.code, result.recipient_problem) == ("refused", "1240", "invalid")
    for status, retryable in ((401, False), (402, False), (429, True), (500, True)):
        api.behaviour = lambda asked, good, status=status: problem(status, "1000")
        with pytest.raises(SendFailed) as failed:
            gateway.send(TEXT, api.session())
        assert failed.value.retryable is retryable


def test_a_picture_goes_by_the_messages_api_alone(vonage: Gateway, api: Standing) -> None:
    picture = OutboundMessage(OURS, PERSON, "See", media_urls=("https://media.example/1",))
    with pytest.raises(SendFailed):
        vonage.send(picture, api.session())
    load("vonage", {**CASE.settings, "send_by": "messages"}).send(picture, api.session())
    assert json.loads(api.api.asked[-1].body)["image"] == {"url": "https://media.example/1", "caption": "See"}


def test_the_records_are_read_a_day_at_a_time_from_each_api(vonage: Gateway, api: Standing, time: Time) -> None:
    time.at = NOW + timedelta(hours=30)
    late = {"id": "0A2", "from": PERSON, "to": OURS, "text": "Stop", "at": NOW + timedelta(hours=25)}
    api.api.inbound = [late]
    (found,) = vonage.list_inbound(NOW, api.session())
    assert (found.message_id, found.received_at) == ("0A2", late["at"])
    spans = [(one.query["product"], one.query["date_start"], one.query["date_end"]) for one in api.api.asked]
    days = [
        ("2026-11-21T20:00:00Z", "2026-11-22T20:00:00Z"),
        ("2026-11-22T20:00:00Z", "2026-11-23T20:00:00Z"),
    ]
    assert spans == [(product, *day) for product in ("SMS", "MESSAGES") for day in days]


@pytest.mark.parametrize("href", ["https://evil.example/v2/reports/records?a", "https://api.nexmo.com.evil/x", 7])
def test_the_login_follows_no_link_elsewhere(vonage: Gateway, api: Standing, time: Time, href: Any) -> None:
    time.at = NOW + timedelta(hours=1)
    page = json.dumps({"records": [], "_links": {"next": {"href": href}}}).encode()
    api.behaviour = lambda asked, good: Said(200, page)
    with pytest.raises(SendFailed):
        list(vonage.list_inbound(NOW, api.session()))
    assert len(api.api.asked) == 1


def test_a_record_nobody_can_read_does_not_hide_the_others(vonage: Gateway, api: Standing, time: Time) -> None:
    time.at = NOW + timedelta(hours=1)
    good = {"message_id": "0A2", "from": PERSON[1:], "to": OURS[1:], "message_body": "Stop", "date_received": "soon"}
    bad = [None, 7, {}, {**good, "message_id": None}, {**good, "from": ""}, {**good, "provider": "messenger"}]
    page = json.dumps({"records": [*bad, good]}).encode()
    api.behaviour = lambda asked, _: Said(200, page)
    found = list(vonage.list_inbound(NOW, api.session()))
    assert [(one.message_id, one.received_at) for one in found] == [("0A2", None)] * 2


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"signature_secret": "x"}, "api_key"),
        ({"api_key": "abcd1234"}, "signature_secret"),
        ({"api_key": "abcd1234", "signature_secret": "x", "signature_method": "none"}, "signature_method"),
        ({"api_key": "abcd1234", "signature_secret": "x", "webhooks": "all"}, "webhooks"),
        ({"api_key": "ab cd", "signature_secret": "x"}, "api_key"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, str], field: str) -> None:
    with pytest.raises(SetupProblem) as found:
        load("vonage", settings)
    assert found.value.field == field
