"""What is Bandwidth's own: arrays, Basic credentials, receipts that look like messages."""

import json
import random
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest

from consent.gateways.sms import BasicUnauthenticated, HttpRequest, Malformed, load
from tests.gateways.cases.bandwidth import CASE

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
MESSAGE: dict[str, Any] = {
    "id": "m1",
    "owner": "+15095550100",
    "direction": "in",
    "to": ["+15095550177", "+15095550100"],
    "from": "+15095550142",
    "text": "Stop",
}


def basic(credentials: str) -> str:
    return "Basic " + b64encode(credentials.encode()).decode()


RIGHT = basic("consent:a password: with colon")


def receive(body: Any, authorization: str = RIGHT) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = HttpRequest("POST", "https://consent.example/x", {"Authorization": authorization}, raw)
    return load("bandwidth", CASE.settings).receive(request, NOW)


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
def test_the_scheme_has_any_case_and_a_password_may_hold_colons(scheme: str) -> None:
    assert receive([], scheme + RIGHT[5:]).events == ()


@pytest.mark.parametrize(
    "given",
    ["consent:a password", "consent:", ":a password: with colon", "consent", "Consent:a password: with colon", ""],
)
def test_wrong_credentials_are_refused(given: str) -> None:
    with pytest.raises(BasicUnauthenticated):
        receive([], basic(given))


def test_credentials_are_no_substring_of_each_other() -> None:
    for part in ("c", "onsent:a password: with colo", "consent:a password: with colonx"):
        with pytest.raises(BasicUnauthenticated):
            receive([], basic(part))


def test_our_number_is_the_owner_not_the_first_of_a_group() -> None:
    (message,) = receive([{"type": "message-received", "message": MESSAGE}]).events
    assert message.recipient == "+15095550100"


def test_an_outbound_message_is_never_taken_for_a_persons() -> None:
    assert receive([{"type": "message-received", "message": MESSAGE | {"direction": "out"}}]).events == ()


def test_a_stop_counts_without_a_readable_time() -> None:
    (message,) = receive([{"type": "message-received", "time": 7, "message": MESSAGE | {"time": "soon"}}]).events
    assert message.received_at is None


@pytest.mark.parametrize(
    ("code", "problem"), [(4721, "invalid"), (4720, "not_textable"), (4770, "blocked"), (9902, None)]
)
def test_codes_tell_of_the_number(code: int, problem: str | None) -> None:
    entry = {
        "type": "message-failed",
        "to": "+15095550142",
        "errorCode": code,
        "message": MESSAGE | {"direction": "out"},
    }
    (report,) = receive([entry]).events
    assert (report.recipient_problem, report.recipient_opted_out) == (problem, False)


def test_an_unreadable_entry_does_not_take_a_stop_with_it() -> None:
    received = receive([{"type": "message-received", "message": 7}, {"type": "message-received", "message": MESSAGE}])
    assert [one.text for one in received.events] == ["Stop"]
    assert received.unread == 1


def test_a_list_of_nothing_readable_is_malformed() -> None:
    with pytest.raises(Malformed):
        receive([7, {"type": "message-received"}])


def test_whatever_stands_in_a_field_is_read_or_malformed() -> None:
    chance = random.Random(7)
    odd: list[Any] = [None, 7, -1.5, True, "", "x" * 5000, [], {}, [1], {"a": 1}, "\ud83d", "\x00", 10**400]
    for _ in range(400):
        entry: dict[str, Any] = {"type": chance.choice(["message-received", "message-failed", "message-delivered"])}
        entry |= {"time": "2026-11-21T20:00:00Z", "to": "+15095550100", "errorCode": 4775}
        message = MESSAGE | {"direction": chance.choice(["in", "out"]), "media": []}
        part = chance.choice([entry, message])
        part[chance.choice(sorted(part))] = chance.choice(odd)
        entry.setdefault("message", message)
        try:
            receive([entry])
        except Malformed:
            continue
