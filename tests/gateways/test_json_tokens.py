"""Signed JSON tokens: a published one, and tokens made by hand, with no library at all."""

import base64
import hmac
import json
from typing import Any

import pytest

from consent.gateways.sms import json_tokens
from consent.gateways.sms.base import Unauthenticated

SECRET = "a-secret-of-forty-characters-0123456789ab"
# The example of jwt.io.
PUBLISHED = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ."
    "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
)


def by_hand(head: Any, payload: bytes = b'{"iss": "us"}') -> str:
    """A token that is signed by HMAC with SHA-256, whatever its head says."""
    parts = b".".join(encoded(one) for one in (json.dumps(head).encode(), payload))
    return (parts + b"." + encoded(hmac.digest(SECRET.encode(), parts, "sha256"))).decode()


def encoded(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def read(token: str | None) -> dict[str, Any]:
    return json_tokens.claims_of(token, SECRET, ["HS256"])


def test_a_published_token_is_read_with_its_secret_and_no_other() -> None:
    assert json_tokens.claims_of(PUBLISHED, "your-256-bit-secret", ["HS256"])["sub"] == "1234567890"
    with pytest.raises(Unauthenticated):
        json_tokens.claims_of(PUBLISHED, "another-256-bit-secret", ["HS256"])


@pytest.mark.parametrize("head", [{"alg": "HS256"}, {"alg": "HS256", "typ": "JWT", "kid": "1", "region": "eu"}])
def test_what_a_head_says_besides_costs_no_message(head: dict[str, Any]) -> None:
    assert read(by_hand(head)) == {"iss": "us"}


@pytest.mark.parametrize(
    "head",
    [
        {},
        [],
        None,
        {"alg": "none"},
        {"alg": "HS512"},
        {"alg": ["HS256"]},
        {"alg": "HS256", "crit": ["region"], "region": "eu"},
        {"alg": "HS256", "crit": ["b64"], "b64": False},
        {"alg": "HS256", "crit": []},
    ],
)
def test_a_head_with_another_algorithm_or_with_what_must_be_understood_is_refused(head: Any) -> None:
    with pytest.raises(Unauthenticated):
        read(by_hand(head))


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 3000])
def test_a_token_that_holds_no_claims_is_refused(payload: bytes) -> None:
    with pytest.raises(Unauthenticated):
        read(by_hand({"alg": "HS256"}, payload))


@pytest.mark.parametrize("token", [None, "", ".", "..", "a.b", "a.b.c.d", "é.é.é", "x" * 5000])
def test_what_is_no_token_is_refused(token: str | None) -> None:
    with pytest.raises(Unauthenticated):
        read(token)


def test_what_we_make_is_signed_as_by_hand() -> None:
    signed, _, signature = json_tokens.make({"iss": "us"}, SECRET).rpartition(".")
    assert signature.encode() == encoded(hmac.digest(SECRET.encode(), signed.encode(), "sha256"))
    assert read(f"{signed}.{signature}") == {"iss": "us"}
