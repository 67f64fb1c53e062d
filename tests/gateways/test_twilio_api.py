"""Sending through Twilio and looking back at what it received, against a server of our own."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from consent.gateways.sms import Gateway, HttpSession, OutboundMessage, SendFailed, calls, load

ACCOUNT = "AC" + "0b" * 16
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
MESSAGE = OutboundMessage("+15095550100", "+15095550142", "Outage over. \u00e9", client_ref="out 42")
SINCE = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


@pytest.fixture
def http() -> Iterator[HttpSession]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def account(api_url: str, **others: Any) -> Gateway:
    return load("twilio", {"auth_token": "secret", "account_sid": ACCOUNT, "api_url": api_url, **others})


@pytest.fixture
def twilio(httpserver: HTTPServer) -> Gateway:
    return account(httpserver.url_for("/"))


def sent_form(httpserver: HTTPServer) -> dict[str, str]:
    (request, _) = httpserver.log[-1]
    return dict(parse_qsl(request.get_data(as_text=True)))


# Sending


def test_an_accepted_text_has_the_gateways_id(twilio: Gateway, httpserver: HTTPServer, http: HttpSession) -> None:
    httpserver.expect_request(MESSAGES, method="POST").respond_with_json({"sid": "SM1", "status": "queued"}, 201)
    result = twilio.send(MESSAGE, http)
    assert (result.status, result.provider_id, result.provider_status) == ("accepted", "SM1", "queued")
    assert sent_form(httpserver) == {"To": "+15095550142", "From": "+15095550100", "Body": "Outage over. \u00e9"}


def test_the_account_signs_in_with_its_token(twilio: Gateway, httpserver: HTTPServer, http: HttpSession) -> None:
    httpserver.expect_request(MESSAGES).respond_with_json({"sid": "SM1"}, 201)
    twilio.send(MESSAGE, http)
    login = httpserver.log[-1][0].authorization
    assert login is not None and (login.username, login.password) == (ACCOUNT, "secret")


def test_an_api_key_is_preferred_to_the_token(httpserver: HTTPServer, http: HttpSession) -> None:
    httpserver.expect_request(MESSAGES).respond_with_json({"sid": "SM1"}, 201)
    account(httpserver.url_for("/"), api_key="SK1", api_key_secret="key secret").send(MESSAGE, http)
    login = httpserver.log[-1][0].authorization
    assert login is not None and (login.username, login.password) == ("SK1", "key secret")


def test_the_service_and_a_callback_with_our_reference_go_along(httpserver: HTTPServer, http: HttpSession) -> None:
    httpserver.expect_request(MESSAGES).respond_with_json({"sid": "SM1"}, 201)
    callback = "https://consent.example/webhooks/sms/key"
    account(httpserver.url_for("/"), messaging_service_sid="MG1", status_callback=callback).send(MESSAGE, http)
    form = sent_form(httpserver)
    assert (form["MessagingServiceSid"], form["StatusCallback"]) == ("MG1", callback + "?ref=out%2042")


def test_a_person_who_opted_out_at_the_gateway_is_told_apart(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession
) -> None:
    problem = {"code": 21610, "message": "not sent to +15095550142", "status": 400}
    httpserver.expect_request(MESSAGES).respond_with_json(problem, 400)
    result = twilio.send(MESSAGE, http)
    assert (result.status, result.code, result.recipient_opted_out) == ("refused", "21610", True)
    assert "5550142" not in repr(result)


@pytest.mark.parametrize(("code", "problem"), [(21211, "invalid"), (21614, "not_textable"), (21408, None)])
def test_a_number_that_cannot_be_texted_is_refused_for_good(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession, code: int, problem: str | None
) -> None:
    httpserver.expect_request(MESSAGES).respond_with_json({"code": code, "status": 400}, 400)
    result = twilio.send(MESSAGE, http)
    assert (result.status, result.recipient_problem, result.recipient_opted_out) == ("refused", problem, False)


@pytest.mark.parametrize(
    ("status", "retryable"),
    [(429, True), (500, True), (503, True), (401, False), (403, False), (404, False), (302, False)],
)
def test_only_trouble_that_passes_is_tried_again(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession, status: int, retryable: bool
) -> None:
    httpserver.expect_request(MESSAGES).respond_with_data("no", status, {"Retry-After": "7", "Location": "/elsewhere"})
    with pytest.raises(SendFailed) as failed:
        twilio.send(MESSAGE, http)
    assert (failed.value.retryable, failed.value.maybe_sent, failed.value.retry_after) == (retryable, False, 7.0)
    assert len(httpserver.log) == 1


def test_a_wait_given_as_a_date_is_left_to_us(twilio: Gateway, httpserver: HTTPServer, http: HttpSession) -> None:
    httpserver.expect_request(MESSAGES).respond_with_data("", 503, {"Retry-After": "Sat, 21 Nov 2026 20:00:00 GMT"})
    with pytest.raises(SendFailed) as failed:
        twilio.send(MESSAGE, http)
    assert failed.value.retry_after is None


@pytest.mark.parametrize("body", ["", "<html>", "[]", "{}", '{"sid": 7}'])
def test_an_unreadable_acceptance_may_have_sent(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession, body: str
) -> None:
    httpserver.expect_request(MESSAGES).respond_with_data(body, 201)
    with pytest.raises(SendFailed) as failed:
        twilio.send(MESSAGE, http)
    assert (failed.value.retryable, failed.value.maybe_sent) == (False, True)


def test_nobody_at_the_other_end_means_nothing_was_sent(http: HttpSession) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        gateway = account(f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(SendFailed) as failed:
            gateway.send(MESSAGE, http)
    assert (failed.value.retryable, failed.value.maybe_sent) == (True, False)


def test_no_answer_in_time_may_have_sent(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setattr(calls, "TIMEOUT", (1.0, 0.05))
        with pytest.raises(SendFailed) as failed:
            account(f"http://127.0.0.1:{silent.getsockname()[1]}").send(MESSAGE, http)
    assert (failed.value.retryable, failed.value.maybe_sent) == (False, True)


def test_a_failure_tells_no_number(http: HttpSession) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(SendFailed) as failed:
            account(f"http://127.0.0.1:{taken.getsockname()[1]}").send(MESSAGE, http)
    assert "5550142" not in str(failed.value) + repr(failed.value)
    assert failed.value.__suppress_context__


def test_without_an_account_nothing_can_be_sent() -> None:
    gateway = load("twilio", {"auth_token": "secret"})
    assert not gateway.can_send
    with pytest.raises(SendFailed):
        gateway.send(MESSAGE)


def test_with_account_and_token_it_can_send(twilio: Gateway) -> None:
    assert twilio.can_send


# Was it sent?


def listed(sid: str, **others: object) -> dict[str, object]:
    return {
        "sid": sid,
        "direction": "inbound",
        "from": "+15095550142",
        "to": "+15095550100",
        "body": "Stop",
        "account_sid": ACCOUNT,
        "num_media": "0",
        "date_sent": "Sat, 21 Nov 2026 20:01:00 +0000",
        "date_created": "Sat, 21 Nov 2026 20:00:59 +0000",
        "error_code": None,
        **others,
    }


def sent(sid: str, **others: object) -> dict[str, object]:
    return listed(sid, **{"direction": "outbound-api", "body": MESSAGE.text, "status": "sent", **others})


def found_sent(gateway: Gateway, httpserver: HTTPServer, http: HttpSession, *items: object) -> list[str | None]:
    httpserver.expect_request(MESSAGES, method="GET").respond_with_json({"messages": items})
    return [result.provider_id for result in gateway.find_sent(MESSAGE, SINCE, http)]


def test_a_text_that_went_out_is_found_again(twilio: Gateway, httpserver: HTTPServer, http: HttpSession) -> None:
    assert found_sent(twilio, httpserver, http, sent("SM1")) == ["SM1"]
    assert dict(httpserver.log[-1][0].args) == {"To": "+15095550142", "From": "+15095550100", "PageSize": "50"}


@pytest.mark.parametrize(
    "body", ["OUTAGE OVER. \u00e9", "Sent from your Twilio trial account - Outage over. \u00e9", "Outage over? \u00e9"]
)
def test_what_twilio_changed_on_the_way_still_reads_the_same(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession, body: str
) -> None:
    assert found_sent(twilio, httpserver, http, sent("SM1", body=body)) == ["SM1"]


@pytest.mark.parametrize(
    "item",
    [
        sent("SM1", body="Outage at noon."),
        sent("SM1", body=None),
        sent("SM1", direction="inbound"),
        sent("SM1", direction="outbound-reply"),
        sent("SM1", date_created="Sat, 21 Nov 2026 19:59:59 +0000"),
        None,
    ],
)
def test_another_text_is_not_taken_for_it(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession, item: object
) -> None:
    assert found_sent(twilio, httpserver, http, item) == []


def test_a_service_may_have_sent_from_any_of_its_numbers(httpserver: HTTPServer, http: HttpSession) -> None:
    gateway = account(httpserver.url_for("/"), messaging_service_sid="MG1")
    assert found_sent(gateway, httpserver, http, sent("SM1")) == ["SM1"]
    assert "From" not in httpserver.log[-1][0].args


# Looking back


def test_the_list_is_read_page_by_page_and_only_what_came_in(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession
) -> None:
    pages = {
        "": {
            "messages": [listed("SM1"), listed("SM2", direction="outbound-api")],
            "next_page_uri": MESSAGES + "?Page=1",
        },
        "1": {"messages": [listed("SM3", body="Arr\u00eat", num_media="1")], "next_page_uri": None},
    }

    def answer(request: Request) -> Response:
        return Response(json.dumps(pages[request.args.get("Page", "")]), content_type="application/json")

    httpserver.expect_request(MESSAGES, method="GET").respond_with_handler(answer)
    first, second = twilio.list_inbound(SINCE, http)
    assert (first.message_id, first.sender, first.text, first.bearer) == ("SM1", "+15095550142", "Stop", "sms")
    assert (second.message_id, second.text, second.bearer) == ("SM3", "Arr\u00eat", "mms")
    assert first.received_at == datetime(2026, 11, 21, 20, 1, tzinfo=UTC)


def test_a_listed_message_has_the_id_it_had_by_webhook(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession
) -> None:
    httpserver.expect_request(MESSAGES).respond_with_json({"messages": [listed("SM1")]})
    (message,) = twilio.list_inbound(SINCE, http)
    assert message.event_id == "SM1"


def test_the_list_is_asked_for_in_utc(twilio: Gateway, httpserver: HTTPServer, http: HttpSession) -> None:
    httpserver.expect_request(MESSAGES).respond_with_json({"messages": []})
    pacific = SINCE.astimezone(timezone(timedelta(hours=-8)))
    assert list(twilio.list_inbound(pacific, http)) == []
    assert httpserver.log[-1][0].args["DateSent>"] == "2026-11-21T20:00:00Z"


@pytest.mark.parametrize("uri", ["https://evil.example/x", "//", "/elsewhere", 7])
def test_the_next_page_is_never_sought_elsewhere(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession, uri: object
) -> None:
    httpserver.expect_request(MESSAGES).respond_with_json({"messages": [listed("SM1")], "next_page_uri": uri})
    with pytest.raises(SendFailed):
        list(twilio.list_inbound(SINCE, http))
    assert len(httpserver.log) == 1


@pytest.mark.parametrize("page", ["", "[]", "{}", '{"messages": null}'])
def test_a_page_without_a_list_is_an_error_not_the_end(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession, page: str
) -> None:
    httpserver.expect_request(MESSAGES).respond_with_data(page)
    with pytest.raises(SendFailed):
        list(twilio.list_inbound(SINCE, http))


@pytest.mark.parametrize("item", [None, 7, {}, {"direction": "inbound"}, {"direction": "inbound", "sid": "SM2"}])
def test_an_entry_nobody_can_read_does_not_hide_the_others(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession, item: object
) -> None:
    httpserver.expect_request(MESSAGES).respond_with_json({"messages": [item, listed("SM1")]})
    assert [message.message_id for message in twilio.list_inbound(SINCE, http)] == ["SM1"]


def test_a_page_that_names_itself_next_ends_the_list(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession
) -> None:
    page = {"messages": [listed("SM1")], "next_page_uri": MESSAGES + "?Page=1"}
    httpserver.expect_request(MESSAGES).respond_with_json(page)
    assert len(list(twilio.list_inbound(SINCE, http))) == 2


@pytest.mark.parametrize("status", [401, 500])
def test_a_list_we_cannot_read_is_an_error_not_an_empty_list(
    twilio: Gateway, httpserver: HTTPServer, http: HttpSession, status: int
) -> None:
    httpserver.expect_request(MESSAGES).respond_with_data("", status)
    with pytest.raises(SendFailed):
        list(twilio.list_inbound(SINCE, http))


def test_looking_back_may_be_tried_again_after_any_trouble_on_the_way(
    http: HttpSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setattr(calls, "TIMEOUT", (1.0, 0.05))
        with pytest.raises(SendFailed) as failed:
            list(account(f"http://127.0.0.1:{silent.getsockname()[1]}").list_inbound(SINCE, http))
    assert (failed.value.retryable, failed.value.maybe_sent) == (True, False)
