"""What is Infobip's own: batches, routing keywords, two ways of proof, a log without pages."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from consent.errors import SetupProblem
from consent.gateways.sms import (
    BasicUnauthenticated,
    HttpRequest,
    Malformed,
    SendFailed,
    Unauthenticated,
    infobip,
    load,
)
from tests.gateways.cases.infobip import CASE, Sms
from tests.gateways.mutated import mutated
from tests.support.sending_api import standing

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
BASIC = "Basic " + base64.b64encode(b"consent:a-webhook-password").decode()
MESSAGE = {
    "messageId": "m1",
    "from": "15095550142",
    "to": "15095550100",
    "text": "Stop",
    "receivedAt": "2026-11-21T19:59:58.000+0000",
}
HMAC = {"hmac_secret": "s3cret", "hmac_header": "X-Signature"}


def receive(body: Any, headers: dict[str, str] | None = None, settings: Any = None) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = HttpRequest(
        "POST", "https://consent.example/x", {"Authorization": BASIC} if headers is None else headers, raw
    )
    return load("infobip", settings or CASE.settings).receive(request, NOW)


def test_every_message_of_a_batch_counts() -> None:
    received = receive({"results": [MESSAGE, {**MESSAGE, "messageId": "m2", "text": "Help"}], "pendingMessageCount": 3})
    assert [(one.message_id, one.text) for one in received.events] == [("m1", "Stop"), ("m2", "Help")]
    assert received.events[0].received_at == datetime(2026, 11, 21, 19, 59, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "keyword", "cleaned", "read"),
    [
        ("VALLEY stop", "VALLEY", "stop", "stop"),
        ("STOP", "STOP", "", "STOP"),
        ("stop", None, "something else", "stop"),
        ("stop", "", "", "stop"),
    ],
)
def test_a_routing_keyword_is_taken_off_but_never_the_whole_message(
    text: str, keyword: str | None, cleaned: str, read: str
) -> None:
    entry = {**MESSAGE, "text": text, "keyword": keyword, "cleanText": cleaned}
    assert receive({"results": [entry]}).events[0].text == read


@pytest.mark.parametrize("encoding", ["hex", "base64"])
def test_an_hmac_header_proves_the_body(encoding: str) -> None:
    body = json.dumps({"results": [MESSAGE]}).encode()
    digest = hmac.new(b"s3cret", body, hashlib.sha256).digest()
    said = digest.hex() if encoding == "hex" else base64.b64encode(digest).decode()
    settings = {**HMAC, "hmac_encoding": encoding}
    assert len(receive(body, {"X-Signature": said}, settings).events) == 1
    for headers in ({"X-Signature": said[:-1]}, {}, {"Authorization": BASIC}):
        with pytest.raises(Unauthenticated):
            receive(body, headers, settings)
    with pytest.raises(Unauthenticated):
        receive(body + b" ", {"X-Signature": said}, settings)


def test_wrong_credentials_ask_for_the_right_ones() -> None:
    with pytest.raises(BasicUnauthenticated):
        receive({"results": []}, {"Authorization": "Basic " + base64.b64encode(b"consent:other").decode()})


def test_which_error_means_an_opt_out_is_a_setting() -> None:
    entry = {
        "messageId": "o1",
        "to": "15095550142",
        "status": {"groupName": "REJECTED"},
        "error": {"name": "EC_LISTED"},
    }
    assert receive({"results": [entry]}).events[0].recipient_opted_out is False
    settings = {**CASE.settings, "opt_out_errors": ["EC_LISTED"]}
    assert receive({"results": [entry]}, settings=settings).events[0].recipient_opted_out is True


def test_whatever_stands_in_a_field_is_read_or_malformed() -> None:
    report = {"messageId": "o1", "to": "15095550142", "status": {"groupName": "REJECTED"}, "error": {"name": "x"}}
    for body in (*mutated({"results": [MESSAGE]}), *mutated({"results": [report]})):
        try:
            receive(body)
        except Malformed:
            continue


def test_a_log_that_is_full_is_not_taken_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(infobip, "MOST_LISTED", 2)
    api = Sms()
    api.inbound = [
        {"id": str(i), "from": "+15095550142", "to": "+15095550100", "text": "Stop", "at": NOW} for i in range(2)
    ]
    with standing(api) as running, pytest.raises(SendFailed) as failed:
        list(load("infobip", CASE.settings).list_inbound(NOW, running.session()))
    assert failed.value.code == "list-too-long"


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({}, "webhook_user"),
        ({"webhook_user": "u"}, "webhook_password"),
        ({"hmac_secret": "s"}, "hmac_header"),
        ({"webhook_user": "u", "webhook_password": "p", **HMAC}, "webhook_user"),
        ({**HMAC, "hmac_encoding": "rot13"}, "hmac_encoding"),
        ({**HMAC, "base_url": "https://a.example"}, "api_key"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(SetupProblem) as problem:
        load("infobip", settings)
    assert problem.value.field == field
