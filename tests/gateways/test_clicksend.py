"""What is ClickSend's own: a secret in the address, field names that may differ, a list of what is unread."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from consent.errors import SetupProblem
from consent.gateways.sms import HttpRequest, Malformed, Unauthenticated, load
from tests.gateways.cases.clicksend import CASE, Rest
from tests.support.sending_api import standing

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
SECRET = CASE.settings["url_secret"]
URL = f"https://consent.example/webhooks/sms/k?secret={SECRET}"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def post(fields: dict[str, str], url: str = URL) -> HttpRequest:
    return HttpRequest("POST", url, FORM, urlencode(fields).encode())


def receive(request: HttpRequest, **settings: Any) -> Any:
    return load("clicksend", {**CASE.settings, **settings}).receive(request, NOW)


@pytest.mark.parametrize(
    "query", ["", "?secret=", f"?secret={SECRET}&secret={SECRET}", f"?Secret={SECRET}", "?secret=0"]
)
def test_the_address_needs_its_secret_once(query: str) -> None:
    with pytest.raises(Unauthenticated):
        receive(post({"message_id": "1", "from": "+15095550142", "body": "Stop"}, URL.partition("?")[0] + query))


def test_other_field_names_can_be_given() -> None:
    request = post({"MessageId": "m", "sender": "15095550142", "content": "Stop"})
    names = {"id": "MessageId", "from": "sender", "text": "content"}
    (message,) = receive(request, field_names=names).events
    assert (message.message_id, message.sender, message.text) == ("m", "+15095550142", "Stop")


def test_a_field_that_is_not_ours_to_name_is_refused() -> None:
    with pytest.raises(SetupProblem) as problem:
        load("clicksend", {"url_secret": SECRET, "field_names": {"color": "x"}})
    assert problem.value.field is not None
    assert problem.value.field.startswith("field_names")


def test_a_message_without_an_id_is_malformed() -> None:
    with pytest.raises(Malformed):
        receive(post({"from": "+15095550142", "body": "Stop"}))


def test_a_stop_counts_without_a_readable_time() -> None:
    (message,) = receive(post({"message_id": "1", "from": "+15095550142", "body": "Stop", "timestamp": "soon"})).events
    assert message.received_at is None


def test_older_messages_of_the_list_are_left_out() -> None:
    api = Rest()
    api.inbound = [
        {"id": f"m{i}", "from": "+15095550142", "to": "+15095550100", "text": "Stop", "at": NOW - timedelta(hours=i)}
        for i in range(4)
    ]
    with standing(api) as running:
        gateway = load("clicksend", CASE.settings)
        found = list(gateway.list_inbound(NOW - timedelta(hours=2), running.session()))
    assert [one.message_id for one in found] == ["m0", "m1", "m2"]
