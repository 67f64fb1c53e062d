"""Before a second try a gateway is asked whether it has the message already."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from pytest_httpserver import HTTPServer

from consent.gateways.sms import Gateway, HttpSession, OutboundMessage, SendFailed, load

ACCOUNT = "AC" + "0b" * 16
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
SINCE = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
MESSAGE = OutboundMessage("+15095550100", "+15095550142", "You\u2019re out: no more texts.", client_ref="job 1")


@pytest.fixture
def http() -> Iterator[HttpSession]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def twilio(httpserver: HTTPServer) -> Gateway:
    return load("twilio", {"auth_token": "secret", "account_sid": ACCOUNT, "api_url": httpserver.url_for("/")})


def sent(sid: str, **others: object) -> dict[str, object]:
    """An entry of the list for MESSAGE."""
    entry: dict[str, object] = {
        "sid": sid,
        "direction": "outbound-api",
        "from": MESSAGE.sender,
        "to": MESSAGE.recipient,
        "body": MESSAGE.text,
        "status": "queued",
        "date_sent": None,
        "date_created": "Sat, 21 Nov 2026 20:00:59 +0000",
    }
    return entry | others


def found(twilio: Gateway, httpserver: HTTPServer, http: HttpSession, *entries: Any) -> list[str | None]:
    httpserver.expect_request(MESSAGES, method="GET").respond_with_json({"messages": entries})
    return [result.provider_id for result in twilio.find_sent(MESSAGE, SINCE, http)]


def test_twilio_is_asked_for_this_person_and_number(twilio: Gateway, httpserver: HTTPServer, http: HttpSession) -> None:
    assert found(twilio, httpserver, http) == []
    asked = httpserver.log[-1][0].args
    assert (asked["To"], asked["From"]) == (MESSAGE.recipient, MESSAGE.sender)


def test_twilio_has_it_when_the_text_reads_the_same(twilio: Gateway, httpserver: HTTPServer, http: HttpSession) -> None:
    entries = (sent("SM2"), sent("SM1", body="Another text."))
    assert found(twilio, httpserver, http, *entries) == ["SM2"]


@pytest.mark.parametrize(
    "body", ["You're out: no more texts.", "Sent from your Twilio trial account - You're out: no more texts. "]
)
def test_what_twilio_changes_about_a_text_does_not_hide_it(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession, body: str
) -> None:
    assert found(twilio, httpserver, http, sent("SM1", body=body)) == ["SM1"]


@pytest.mark.parametrize(
    "other",
    [
        {"direction": "inbound"},
        {"direction": "outbound-reply"},
        {"date_created": "Sat, 21 Nov 2026 19:59:59 +0000"},
        {"body": None},
        {"direction": None},
    ],
)
def test_what_was_not_sent_by_us_since_then_is_not_it(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession, other: dict[str, object]
) -> None:
    assert found(twilio, httpserver, http, sent("SM1", **other)) == []


def test_an_entry_nobody_can_read_does_not_hide_the_message(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession
) -> None:
    assert found(twilio, httpserver, http, None, 7, {}, sent("SM1", date_created="soon")) == ["SM1"]


@pytest.mark.parametrize(("status", "retryable"), [(503, True), (401, False)])
def test_a_list_that_cannot_be_read_is_an_error_not_a_no(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession, status: int, retryable: bool
) -> None:
    httpserver.expect_request(MESSAGES).respond_with_data("", status)
    with pytest.raises(SendFailed) as failed:
        list(twilio.find_sent(MESSAGE, SINCE, http))
    assert failed.value.retryable is retryable


def test_a_text_of_signs_alone_is_compared_as_it_is(twilio: Gateway, httpserver: HTTPServer, http: HttpSession) -> None:
    httpserver.expect_request(MESSAGES).respond_with_json({"messages": [sent("SM2", body="!!"), sent("SM1", body="?")]})
    message = OutboundMessage(MESSAGE.sender, MESSAGE.recipient, "?")
    assert [result.provider_id for result in twilio.find_sent(message, SINCE, http)] == ["SM1"]


def test_the_console_finds_a_text_by_our_reference(tmp_path: Path) -> None:
    console = load("console", {"path": str(tmp_path / "outbox.jsonl")}, env="development")
    assert list(console.find_sent(MESSAGE, SINCE)) == []
    console.send(OutboundMessage(MESSAGE.sender, MESSAGE.recipient, MESSAGE.text, client_ref="job 2"))
    assert list(console.find_sent(MESSAGE, SINCE)) == []
    result = console.send(MESSAGE)
    assert [one.provider_id for one in console.find_sent(MESSAGE, SINCE)] == [result.provider_id]
