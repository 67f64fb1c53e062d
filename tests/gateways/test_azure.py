"""What is Azure's own: handshakes, two shapes of events, a reference that keeps a repeat from doubling."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from consent.errors import SetupProblem
from consent.gateways.sms import HttpRequest, Malformed, OutboundMessage, Unauthenticated, load
from consent.house import House
from consent.organizations import service as organizations
from tests.gateways.cases.azure import CASE, Resource
from tests.support.sending_api import standing
from tests.support.valley import Tenant

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
SECRET = CASE.settings["url_secret"]
URL = f"https://consent.example/webhooks/sms/k?secret={SECRET}"
RECEIVED = {
    "id": "e1",
    "eventType": "Microsoft.Communication.SMSReceived",
    "data": {"messageId": "Incoming_1", "from": "15095550142", "to": "15095550100", "message": "Stop"},
}


def receive(body: Any, url: str = URL, method: str = "POST", headers: dict[str, str] | None = None) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return load("azure", CASE.settings).receive(HttpRequest(method, url, headers or {}, raw), NOW)


def test_the_validation_code_goes_back_and_nothing_else() -> None:
    received = receive(
        [{"id": "v", "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": {"validationCode": "abc"}}]
    )
    assert received.answer.status == 200
    assert json.loads(received.answer.body) == {"validationResponse": "abc"}


def test_a_handshake_needs_the_secret() -> None:
    with pytest.raises(Unauthenticated):
        receive([{"eventType": "Microsoft.EventGrid.SubscriptionValidationEvent"}], URL.partition("?")[0])


def test_a_cloud_handshake_names_the_origin() -> None:
    received = receive(b"", method="OPTIONS", headers={"WebHook-Request-Origin": "eventgrid.azure.net"})
    assert ("WebHook-Allowed-Origin", "eventgrid.azure.net") in received.answer.headers
    with pytest.raises(Malformed):
        receive(b"", method="OPTIONS")


def test_the_handshakes_pass_the_door(client: FlaskClient, house: House, valley: Tenant, now: datetime) -> None:
    endpoint = house.db.write(
        lambda tx: organizations.create_account(
            tx,
            house.keyring,
            valley.id,
            gateway="azure",
            can_send=False,
            name="azure",
            settings=dict(CASE.settings),
            numbers={},
            now=now,
        ),
        valley.id,
    )
    path = f"/webhooks/sms/{endpoint}?secret={SECRET}"
    asked = client.options(path, headers={"WebHook-Request-Origin": "eventgrid.azure.net"})
    assert (asked.status_code, asked.headers["WebHook-Allowed-Origin"]) == (200, "eventgrid.azure.net")
    body = [
        {"id": "v", "eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": {"validationCode": "x"}}
    ]
    assert client.post(path, json=body).get_json() == {"validationResponse": "x"}
    assert client.options(f"/webhooks/sms/{endpoint}").status_code == 403


def test_events_of_other_kinds_are_left() -> None:
    assert receive([{"id": "1", "eventType": "Microsoft.Communication.ChatMessageReceived", "data": {}}]).events == ()


def test_a_stop_counts_without_a_readable_time() -> None:
    broken = {**RECEIVED, "data": {**RECEIVED["data"], "receivedTimestamp": "soon"}}  # type: ignore[dict-item]
    (message,) = receive([broken]).events
    assert message.received_at is None


def test_one_unreadable_event_does_not_take_a_stop_with_it() -> None:
    received = receive([{**RECEIVED, "data": 7}, RECEIVED])
    assert [one.text for one in received.events] == ["Stop"]


@pytest.mark.parametrize("tag", ["tag", "Tag"])
def test_the_reference_comes_back_in_either_spelling(tag: str) -> None:
    data = {"messageId": "o1", "from": "1509", "to": "15095550142", "deliveryStatus": "Failed", tag: "ours"}
    entry = {"id": "d", "eventType": "Microsoft.Communication.SMSDeliveryReportReceived", "data": data}
    (report,) = receive([entry]).events
    assert (report.client_ref, report.recipient_opted_out) == ("ours", False)


def test_the_same_reference_is_the_same_message_to_azure() -> None:
    reference = "0195a2f0-0000-7000-8000-000000000001"
    with standing(Resource()) as api:
        message = OutboundMessage("+15095550100", "+15095550142", "x", client_ref=reference)
        load("azure", CASE.settings).send(message, api.session())
    (to,) = json.loads(api.api.asked[0].body)["smsRecipients"]
    assert to["repeatabilityRequestId"] == reference
    assert to["repeatabilityFirstSent"].endswith("GMT")


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({}, "url_secret"),
        ({"url_secret": "x", "endpoint": "https://a.example"}, "access_key"),
        ({"url_secret": "x", "endpoint": "https://a.example", "access_key": "not base64!"}, "access_key"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, Any], field: str) -> None:
    with pytest.raises(SetupProblem) as problem:
        load("azure", settings)
    assert problem.value.field == field
