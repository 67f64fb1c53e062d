"""The protocol's words and ours, both ways; and what a signed message must be."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from consent.drp import claims, signed, words
from consent.drp.signed import Message, Refused
from consent.drp.words import BACK, DETAILS, TABLE, Said, said_of
from tests.support.agent import combined

NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
# Section 3.02 of the protocol: every state that a covered business can be asked for.
SPECIFIED = {
    Said("open"),
    Said("in_progress"),
    Said("in_progress", "need_user_verification"),
    Said("fulfilled"),
    Said("revoked"),
    Said("expired"),
    *(
        Said("denied", reason)
        for reason in (
            "suspected_fraud",
            "insuf_verification",
            "no_match",
            "claim_not_covered",
            "outside_jurisdiction",
            "too_many_requests",
            "other",
        )
    ),
}


def test_the_table_of_states_holds_each_of_theirs_once_and_reads_both_ways() -> None:
    assert set(TABLE.values()) == SPECIFIED
    assert len(BACK) == len(TABLE)
    assert {ours: TABLE[ours] for ours in BACK.values()} == TABLE
    assert set(DETAILS) == SPECIFIED
    for state in ("open", "in_progress", "approved", "fulfilled", "denied", "revoked", "expired"):
        assert said_of(state).status in {one.status for one in SPECIFIED}, state
    assert said_of("approved") == Said("in_progress")
    assert said_of("denied", "never-heard-of") == Said("denied", "other")
    assert set(words.GROUNDS.values()) <= {qualifier for state, qualifier in TABLE if state == "denied"}


def test_rights_are_known_in_both_spellings_and_a_yes_is_never_one_of_them() -> None:
    assert words.right_of("sale:opt-out") == words.right_of("sale:opt_out") == "sale:opt_out"
    assert words.right_of("sale:opt-in") == words.NEVER
    assert words.NEVER not in words.RIGHTS
    assert words.right_of("DELETION") is None
    assert words.regime_of("ccpa") == "ccpa"
    assert words.regime_of(None) == words.regime_of("gdpr") == "voluntary"


def test_a_signature_is_checked_over_the_raw_bytes_before_anything_is_read() -> None:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    body = combined(key, b'{"a":  1}')
    buffer = signed.decoded(body + b"\r\n")
    assert signed.is_signed_by(buffer, public)
    assert signed.message_of(buffer).raw == b'{"a":  1}'
    assert not signed.is_signed_by(buffer[:-1] + b"]", public)
    assert not signed.is_signed_by(bytes([buffer[0] ^ 1]) + buffer[1:], public)
    assert not signed.is_signed_by(buffer, bytes(32))
    for bad in (b"", b"%%%", base64.b64encode(b"x" * 64), base64.urlsafe_b64encode(b"\xff" * 90), body[:-3]):
        with pytest.raises(Refused):
            signed.decoded(bad)
    for bad in (b"[]", b"{", b'{"a":1,"a":2}', b'{"a":NaN}', b"\xff\xfe", b"[" * 5000, b'{"a":"\\ud800"}'):
        with pytest.raises(Refused):
            signed.message_of(b"s" * 64 + bad)


def said(**changes: Any) -> Message:
    """A message whose first group is right, but for the changes."""
    group = {
        "agent-id": "AA",
        "business-id": "CB",
        "issued-at": (NOW - timedelta(seconds=1)).isoformat(),
        "expires-at": (NOW + timedelta(minutes=10)).isoformat(),
    }
    return Message(b"", group | changes)


@pytest.mark.parametrize(
    ("changes", "status", "fatal"),
    [
        ({"agent-id": "BB"}, 403, True),
        ({"agent-id": ["AA"]}, 403, True),
        ({"business-id": "OTHER"}, 403, True),
        ({"agent-id": "BB", "expires-at": "2020-01-01T00:00:00Z"}, 403, True),
        ({"issued-at": "2026-11-21T17:00:01+00:00"}, 400, False),
        ({"expires-at": "2026-11-21T17:00:00+00:00"}, 400, True),
        ({"expires-at": "soon"}, 400, True),
        ({"issued-at": None}, 400, True),
        ({"issued-at": "0001-01-01T00:00:00+23:59"}, 400, True),
        ({"issued-at": 1}, 400, True),
    ],
)
def test_what_is_not_from_this_agent_for_this_company_and_for_now_is_refused(
    changes: dict[str, Any], status: int, fatal: bool
) -> None:
    with pytest.raises(Refused) as refused:
        signed.check(said(**changes), "AA", "CB", NOW)
    assert (refused.value.status, refused.value.fatal) == (status, fatal)


def test_the_right_message_says_when_it_was_issued_and_no_offset_is_utc() -> None:
    assert signed.check(said(**{"issued-at": "2026-11-21T16:59:59"}), "AA", "CB", NOW) == NOW - timedelta(seconds=1)


def test_claims_are_read_and_what_cannot_be_is_left_out() -> None:
    def of(**says: Any) -> claims.Claims:
        return claims.claims_of(Message(b"", says))

    both = of(email="Ada@People.example", phone_number="+15095550142", phone_number_verified=True)
    assert [one.kind for one in both.reached] == ["phone", "email"]
    assert both.is_verified
    assert not of(email="ada@people.example", email_verified="true").is_verified
    assert [one.kind for one in of(email="nobody", phone_number="+15095550142").reached] == ["phone"]
    for region, place in (("CA", "US-CA"), ("California", "US-CA"), ("Somewhere", "US"), (None, "US")):
        assert of(email="a@b.example", address={"country": "US", "region": region}).place == place
    assert of(email="a@b.example", address={"country": 7, "region": "CA"}).place is None
    assert of(email="a@b.example", address="1 Main Street").lines == ("1 Main Street",)
    for nothing in ({}, {"email": ""}, {"email": 5}, {"phone_number": "12"}, {"email": "a@b.example\r\nBcc: x"}):
        with pytest.raises(Refused):
            of(**nothing)
