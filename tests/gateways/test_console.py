"""The gateway for development: what it would send stands in a file, newest first when read."""

import json
import stat
from pathlib import Path

import pytest

from consent.errors import SetupProblem
from consent.gateways.sms import Gateway, OutboundMessage, SendFailed, Unauthenticated, load
from consent.gateways.sms.console import recent
from tests.gateways.twilio_calls import NOW, TOKEN, inbound, post


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    return tmp_path / "var" / "dev-outbox.jsonl"


@pytest.fixture
def console(outbox: Path) -> Gateway:
    return load("console", {"path": str(outbox), "auth_token": TOKEN}, env="development")


def text(words: str) -> OutboundMessage:
    return OutboundMessage("+15095550100", "+15095550142", words, client_ref="out-1")


def test_a_sent_text_is_one_line_of_json(console: Gateway, outbox: Path) -> None:
    result = console.send(text("Line one\nline two \u2028 \u00e9"))
    (line,) = outbox.read_bytes().splitlines()
    found = json.loads(line)
    assert (found["text"], found["recipient"]) == ("Line one\nline two \u2028 \u00e9", "+15095550142")
    assert (found["provider_id"], found["client_ref"]) == (result.provider_id, "out-1")
    assert result.status == "accepted"


def test_the_latest_texts_come_first(console: Gateway, outbox: Path) -> None:
    for words in ("one", "two", "three"):
        console.send(text(words))
    assert [found["text"] for found in recent(outbox, 2)] == ["three", "two"]


def test_before_the_first_text_there_is_nothing(outbox: Path) -> None:
    assert recent(outbox) == []


def test_a_torn_line_is_left_out(console: Gateway, outbox: Path) -> None:
    console.send(text("whole"))
    with outbox.open("ab") as file:
        file.write(b'{"text": "to')
    assert [found["text"] for found in recent(outbox)] == ["whole"]


def test_only_its_owner_may_read_the_file(console: Gateway, outbox: Path) -> None:
    console.send(text("private"))
    assert stat.S_IMODE(outbox.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    console = load("console", {"path": str(tmp_path / "folder")}, env="development")
    with pytest.raises(SendFailed) as failed:
        console.send(text("lost"))
    assert failed.value.retryable


def test_production_refuses_it(outbox: Path) -> None:
    with pytest.raises(SetupProblem, match="development only"):
        load("console", {"path": str(outbox)}, env="production")
    with pytest.raises(SetupProblem, match="development only"):
        load("console", {"path": str(outbox)})


def test_a_webhook_is_signed_as_twilio_signs(console: Gateway) -> None:
    assert console.receive(post(inbound()), NOW).events
    with pytest.raises(Unauthenticated):
        console.receive(post(inbound(), token="another"), NOW)


def test_without_a_token_no_webhook_is_believed(outbox: Path) -> None:
    console = load("console", {"path": str(outbox)}, env="development")
    with pytest.raises(Unauthenticated):
        console.receive(post(inbound(), token=""), NOW)


def test_a_sent_text_is_found_by_its_reference(console: Gateway) -> None:
    result = console.send(text("once"))
    assert list(console.find_sent(text("once"), NOW)) == [result]
    other = OutboundMessage("+15095550100", "+15095550142", "once", client_ref="out-2")
    assert list(console.find_sent(other, NOW)) == []


def test_it_has_nothing_to_look_back_at(console: Gateway) -> None:
    assert list(console.list_inbound(NOW)) == []
