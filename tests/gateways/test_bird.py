"""What is Bird's own: a signature over time, configured address and the digest of the body."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consent.errors import SetupProblem
from consent.gateways.sms import HttpRequest, Malformed, Unauthenticated, load
from tests.gateways.cases.bird import CASE, Channel
from tests.gateways.mutated import mutated_bodies
from tests.support.sending_api import standing

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
URL = "https://consent.example/webhooks/sms/k"
KEY = CASE.settings["signing_key"]
MESSAGE: dict[str, Any] = {
    "service": "channels",
    "event": "sms.inbound",
    "payload": {
        "id": "m1",
        "createdAt": "2026-11-21T19:59:59.123Z",
        "sender": {"contact": {"identifierValue": "+15095550142"}},
        "receiver": {"connectors": [{"identifierValue": "+15095550100"}]},
        "body": {"type": "text", "text": {"text": "Stop"}},
    },
}


def documented(stamp: str, url: str, body: bytes) -> str:
    """The recipe of Bird's page in a few lines of their own."""
    text = stamp.encode() + b"\n" + url.encode() + b"\n" + hashlib.sha256(body).digest()
    return base64.b64encode(hmac.new(KEY.encode(), text, hashlib.sha256).digest()).decode()


def receive(body: bytes, *, url: str = URL, called: str = URL, at: datetime = NOW, settings: Any = None) -> Any:
    stamp = str(int(at.timestamp()))
    headers = {"MessageBird-Signature": documented(stamp, url, body), "MessageBird-Request-Timestamp": stamp}
    request = HttpRequest("POST", called, headers, body)
    return load("bird", settings or CASE.settings).receive(request, NOW)


def test_the_documented_recipe_proves() -> None:
    (message,) = receive(json.dumps(MESSAGE).encode()).events
    assert (message.text, message.sender, message.recipient) == ("Stop", "+15095550142", "+15095550100")


def test_the_configured_address_counts_where_it_is_given() -> None:
    body, outside = json.dumps(MESSAGE).encode(), "https://elsewhere.example/hook"
    with pytest.raises(Unauthenticated):
        receive(body, url=outside)
    assert receive(body, url=outside, settings={**CASE.settings, "webhook_url": outside}).events


def test_the_digest_is_bytes_and_not_hex() -> None:
    body, stamp = json.dumps(MESSAGE).encode(), str(int(NOW.timestamp()))
    text = f"{stamp}\n{URL}\n{hashlib.sha256(body).hexdigest()}".encode()
    wrong = base64.b64encode(hmac.new(KEY.encode(), text, hashlib.sha256).digest()).decode()
    headers = {"messagebird-signature": wrong, "messagebird-request-timestamp": stamp}
    with pytest.raises(Unauthenticated):
        load("bird", CASE.settings).receive(HttpRequest("POST", URL, headers, body), NOW)


def test_what_is_no_text_is_never_read_as_words() -> None:
    payload = {**MESSAGE["payload"], "body": {"type": "location", "location": {"text": "STOP"}}}
    assert receive(json.dumps({**MESSAGE, "payload": payload}).encode()).events[0].is_text is False


def test_our_own_message_coming_back_is_an_echo() -> None:
    payload = {**MESSAGE["payload"], "direction": "outgoing"}
    assert receive(json.dumps({**MESSAGE, "payload": payload}).encode()).events[0].echo


def test_whatever_stands_in_a_field_is_read_or_malformed() -> None:
    report = {"event": "sms.outbound", "payload": {"id": "o", "status": "sent", "failure": {"code": 1}}}
    report["payload"] |= {"receiver": {"contacts": [{"identifierValue": "+15095550142"}]}}  # type: ignore[operator]
    for whole in (MESSAGE, report):
        for body in mutated_bodies(json.dumps(whole).encode()):
            try:
                receive(body)
            except Malformed:
                continue


def test_the_list_ends_where_it_gets_older() -> None:
    api = Channel()
    api.inbound = [
        {"id": str(i), "from": "+15095550142", "to": "+15095550100", "text": "x", "at": NOW - timedelta(hours=i)}
        for i in range(9)
    ]
    with standing(api) as running:
        found = list(load("bird", CASE.settings).list_inbound(NOW - timedelta(hours=2), running.session()))
        assert [one.message_id for one in found] == ["0", "1", "2"]
        assert len(api.asked) == 2


def test_sending_needs_all_three_settings() -> None:
    with pytest.raises(SetupProblem) as problem:
        load("bird", {"signing_key": KEY, "workspace_id": "w"})
    assert problem.value.field == "channel_id"
