"""What is MessageBird's own: a token over the address and the body that lives for a minute."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from consent.gateways.sms import HttpRequest, Malformed, Unauthenticated, load
from tests.gateways.cases.messagebird import CASE
from tests.gateways.mutated import mutated_bodies

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
URL = "https://consent.example/webhooks/sms/k?b=2&a=1"
KEY = CASE.settings["signing_key"]
BODY = urlencode({"id": "m1", "originator": "15095550142", "recipient": "15095550100", "body": "Stop"}).encode()


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def token(body: bytes = BODY, url: str = URL, key: str = KEY, alg: str = "HS256", **changes: Any) -> str:
    """A token made by the recipe of RFC 7515, sharing nothing with ours; a claim of None is left out."""
    claims = {"iss": "MessageBird", "nbf": int(NOW.timestamp()), "exp": int(NOW.timestamp()) + 60, "jti": "j"}
    claims |= {"url_hash": hashlib.sha256(url.encode()).hexdigest()}
    claims |= {"payload_hash": hashlib.sha256(body).hexdigest()} if body else {}
    said = {name: value for name, value in (claims | changes).items() if value is not None}
    signed = f"{part({'alg': alg, 'typ': 'JWT'})}.{part(said)}"
    digest = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}.get(alg, "sha256")
    signature = hmac.new(key.encode(), signed.encode(), digest).digest()
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode() if alg != 'none' else ''}"


def receive(
    given: str,
    body: bytes = BODY,
    url: str = URL,
    method: str = "POST",
    kind: str = "application/x-www-form-urlencoded",
) -> Any:
    request = HttpRequest(method, url, {"Content-Type": kind, "MessageBird-Signature-JWT": given}, body)
    return load("messagebird", CASE.settings).receive(request, NOW)


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
def test_each_of_the_three_algorithms_proves(alg: str) -> None:
    assert len(receive(token(alg=alg)).events) == 1


@pytest.mark.parametrize(
    "given",
    [
        token(alg="none"),
        token(alg="RS256"),
        token(key="another key"),
        token(iss="Messagebird"),
        token(iss=None),
        token(nbf=None),
        token(exp=None),
        token(nbf="soon"),
        token(exp=int(NOW.timestamp()) + 3600),
        token(nbf=int(NOW.timestamp()) - 3600),
        token(url_hash=None),
        token(url_hash=7),
        token(url=URL.replace("b=2&a=1", "a=1&b=2")),
        token(payload_hash=None),
        token(body=BODY + b"x"),
        token() + ".x",
        f"{part({'alg': 'HS256'})}.{part([1])}.x",
    ],
)
def test_any_other_token_is_refused(given: str) -> None:
    with pytest.raises(Unauthenticated):
        receive(given)


def test_a_hash_of_a_body_that_is_not_there_is_refused() -> None:
    url = f"https://consent.example/webhooks/sms/k?{BODY.decode()}"
    assert len(receive(token(b"", url), b"", url, "GET").events) == 1
    for claimed in (hashlib.sha256(b"").hexdigest(), ""):
        with pytest.raises(Unauthenticated):
            receive(token(b"", url, payload_hash=claimed), b"", url, "GET")


def test_json_is_read_as_well_and_never_fails_otherwise() -> None:
    whole = {"id": "m1", "originator": "15095550142", "recipient": 15095550100, "body": "Stop", "createdDatetime": "x"}
    body = json.dumps(whole).encode()
    (message,) = receive(token(body), body, kind="application/json").events
    assert (message.recipient, message.received_at) == ("+15095550100", None)
    for changed in mutated_bodies(body):
        try:
            receive(token(changed), changed, kind="application/json")
        except Malformed:
            continue


def test_binary_content_is_never_read_as_words() -> None:
    body = BODY + b"&type=binary"
    assert receive(token(body), body).events[0].is_text is False
