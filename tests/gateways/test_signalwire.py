"""What is SignalWire's own: its key, its header, and calls that are no texts."""

import hashlib
import hmac
from base64 import b64encode
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from consent.errors import SetupProblem
from consent.gateways.sms import HttpRequest, Unauthenticated, load
from tests.gateways.cases.signalwire import CASE

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
URL = "https://consent.example/webhooks/sms/k"
KEY = CASE.settings["signing_key"]
FIELDS = {"MessageSid": "b7c0c9f4-0000-4000-8000-1", "From": "+15095550142", "To": "+15095550100", "Body": "STOP"}


def form_signed_in(header: str, key: str = KEY) -> HttpRequest:
    said = URL + "".join(name + value for name, value in sorted(FIELDS.items()))
    signature = b64encode(hmac.new(key.encode(), said.encode(), hashlib.sha1).digest()).decode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", header: signature}
    return HttpRequest("POST", URL, headers, urlencode(FIELDS).encode())


@pytest.mark.parametrize("header", ["X-SignalWire-Signature", "X-Twilio-Signature", "x-signalwire-signature"])
def test_either_header_proves_a_form_signed_by_the_documented_recipe(header: str) -> None:
    (message,) = load("signalwire", CASE.settings).receive(form_signed_in(header), NOW).events
    assert (message.gateway, message.message_id) == ("signalwire", FIELDS["MessageSid"])


def test_the_api_token_is_not_the_signing_key() -> None:
    with pytest.raises(Unauthenticated):
        load("signalwire", CASE.settings).receive(
            form_signed_in("X-SignalWire-Signature", CASE.settings["api_token"]), NOW
        )


def test_the_old_key_counts_while_it_is_given() -> None:
    gateway = load("signalwire", {"signing_key": "PSK_new", "old_signing_key": KEY})
    assert len(gateway.receive(form_signed_in("X-SignalWire-Signature"), NOW).events) == 1


def relay(body: bytes, key: str = KEY) -> HttpRequest:
    signature = hmac.new(key.encode(), URL.encode() + body, hashlib.sha1).hexdigest()
    return HttpRequest("POST", URL, {"Content-Type": "application/json", "X-SignalWire-Signature": signature}, body)


def test_a_signed_relay_call_is_no_message() -> None:
    assert load("signalwire", CASE.settings).receive(relay(b'{"call": {}}'), NOW).events == ()


def test_an_unsigned_relay_call_is_refused() -> None:
    with pytest.raises(Unauthenticated):
        load("signalwire", CASE.settings).receive(relay(b"{}", "PSK_other"), NOW)


def test_sending_needs_all_three_settings() -> None:
    with pytest.raises(SetupProblem) as problem:
        load("signalwire", {"signing_key": KEY, "project_id": "p"})
    assert problem.value.field == "api_token"


def test_without_a_login_it_only_receives() -> None:
    gateway = load("signalwire", {"signing_key": KEY})
    assert not gateway.can_send
    assert not gateway.lists_inbound
