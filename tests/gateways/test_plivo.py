"""What is Plivo's own: two signatures, comma lists, and a nonce that belongs to one body."""

import hashlib
import hmac
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from consent.gateways.sms import Gateway, HttpRequest, InboundMessage, Unauthenticated, load
from consent.gateways.sms import plivo_signature as signature

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
URL = "https://consent.example:8443/webhooks/sms/k?b=2&a=x%20y"
TOKEN, MAIN = "a-token-of-the-account", "a-token-of-the-main-account"
BODY = b"From=15095550142&To=15095550100&MessageUUID=u-1&Text=Stop&Type=sms"
SIGNED_POST = (
    "https://consent.example:8443/webhooks/sms/k?a=x y&b=2.From15095550142MessageUUIDu-1TextStopTo15095550100Typesms.n1"
)


def plivo(**settings: Any) -> Gateway:
    return load("plivo", {"auth_token": TOKEN, **settings})


def value(key: str, signed: str) -> str:
    return b64encode(hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest()).decode()


def post(headers: dict[str, str], body: bytes = BODY, url: str = URL) -> HttpRequest:
    return HttpRequest("POST", url, {"Content-Type": "application/x-www-form-urlencoded", **headers}, body)


def test_the_string_of_a_post_is_built_as_documented() -> None:
    assert signature.signed_v3("POST", URL, BODY, "n1").decode() == SIGNED_POST


@pytest.mark.parametrize(
    ("method", "url", "body", "signed"),
    [
        ("GET", "https://h.example/p?To=1&From=2&Text=", b"", "https://h.example/p?From=2&Text=&To=1.n"),
        ("GET", "https://h.example/p", b"", "https://h.example/p.n"),
        ("POST", "https://h.example/p", b"b=2&a=1&a=0", "https://h.example/p?a0a1b2.n"),
        ("POST", "https://h.example/p", b"", "https://h.example/p.n"),
        ("POST", "https://h.example/p?q=1", b"", "https://h.example/p?q=1.n"),
        ("POST", "https://h.example/p?q=1", b"a=%C3%A9", "https://h.example/p?q=1.a\u00e9.n"),
    ],
)
def test_each_shape_of_call_has_its_string(method: str, url: str, body: bytes, signed: str) -> None:
    # The byte strings of a form are Latin-1 here: what is signed are the bytes that were sent.
    assert signature.signed_v3(method, url, body, "n") == signed.encode()


@pytest.mark.parametrize("header", ["X-Plivo-Signature-V3", "X-Plivo-Signature-Ma-V3"])
@pytest.mark.parametrize("key", [TOKEN, MAIN])
def test_either_header_and_either_token_proves(header: str, key: str) -> None:
    given = f"bm90aGluZw==, {value(key, SIGNED_POST)}"
    request = post({header: given, "X-Plivo-Signature-V3-Nonce": "n1"})
    assert len(plivo(main_auth_token=MAIN).receive(request, NOW).events) == 1


def v2(body: bytes = BODY, nonce: str = "n2") -> HttpRequest:
    signed = value(TOKEN, "https://consent.example:8443/webhooks/sms/k" + nonce)
    return post({"X-Plivo-Signature-V2": signed, "X-Plivo-Signature-V2-Nonce": nonce}, body)


def test_v2_counts_only_where_it_is_switched_on() -> None:
    with pytest.raises(Unauthenticated):
        plivo().receive(v2(), NOW)
    assert len(plivo(accept_v2=True).receive(v2(nonce="n3"), NOW).events) == 1


def test_a_nonce_of_v2_belongs_to_one_body() -> None:
    gateway = plivo(accept_v2=True)
    assert len(gateway.receive(v2(nonce="n4"), NOW).events) == 1
    assert len(gateway.receive(v2(nonce="n4"), NOW).events) == 1, "Plivo itself repeats a call"
    with pytest.raises(Unauthenticated):
        gateway.receive(v2(BODY.replace(b"Stop", b"Start"), "n4"), NOW)


def test_a_wrong_v3_is_not_saved_by_a_right_v2() -> None:
    right = v2(nonce="n5")
    headers = {"X-Plivo-Signature-V3": "x", "X-Plivo-Signature-V3-Nonce": "n5"}
    for name in ("X-Plivo-Signature-V2", "X-Plivo-Signature-V2-Nonce"):
        headers[name] = right.headers.get(name) or ""
    with pytest.raises(Unauthenticated):
        plivo(accept_v2=True).receive(post(headers), NOW)


def test_an_inline_reply_goes_back_to_the_person() -> None:
    message = InboundMessage("plivo", "u-1", "u-1", "+15095550142", "+15095550100", "help")
    body = plivo().answer('Call 800 & ask for "us" <now>', message).body.decode()
    text = 'Call 800 &amp; ask for "us" &lt;now&gt;'
    assert body == f'<Response><Message src="15095550100" dst="15095550142">{text}</Message></Response>'
    assert plivo().answer(None).body.endswith(b"<Response/>")


def test_a_relayed_reference_comes_back() -> None:
    url = "https://consent.example/webhooks/sms/k?ref=abc"
    body = b"MessageUUID=u-2&Status=undelivered&ErrorCode=50&From=15095550100&To=15095550142"
    nonce = "n6"
    signed = value(
        TOKEN,
        "https://consent.example/webhooks/sms/k?ref=abc."
        "ErrorCode50From15095550100MessageUUIDu-2StatusundeliveredTo15095550142.n6",
    )
    request = post({"X-Plivo-Signature-V3": signed, "X-Plivo-Signature-V3-Nonce": nonce}, body, url)
    (report,) = plivo().receive(request, NOW).events
    assert report.type == "status"
    assert (report.client_ref, report.recipient_problem) == ("abc", "invalid")
