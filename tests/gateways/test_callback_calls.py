"""A call to somebody else's address: resolved once, checked, bounded, and sent nowhere else."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from consent.gateways.callbacks.calls import Answer, Caller, CallFailed
from consent.gateways.callbacks.targets import target_of
from tests.support.receiver import HOST, OUTSIDE, Receiver

TARGET = target_of(f"https://{HOST}/in?a=b")
BODY = b'{"type":"consent.given"}'


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    made = Receiver(tmp_path)
    yield made
    made.close()


class Names:
    """A resolver that answers with one list after the other, the last one for ever, and counts."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), 0

    def __call__(self, host: str, port: int) -> list[str]:
        assert (host, port) == (HOST, 443)
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def caller(receiver: Receiver, *, seconds: float = 10.0, names: Names | None = None) -> tuple[Caller, list[str]]:
    called: list[str] = []

    def connect(address: str, port: int, left: float) -> socket.socket:
        called.append(f"{address} {port}")
        return receiver.connect(address, port, left)

    return Caller(names or Names([OUTSIDE]), connect, receiver.context, seconds), called


def failure(made: Caller) -> str:
    with pytest.raises(CallFailed) as failed:
        made.post(TARGET, {}, BODY)
    return failed.value.code


def test_a_call_arrives_with_its_headers_at_the_address_that_was_checked(receiver: Receiver) -> None:
    made, called = caller(receiver)
    assert made.post(TARGET, {"webhook-id": "1"}, BODY) == Answer(200)
    assert called == [f"{OUTSIDE} 443"]
    head, _, body = receiver.requests[0].partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST /in?a=b HTTP/1.1"
    assert {b"Host: hooks.example", b"webhook-id: 1", b"Content-Length: 24", b"Connection: close"} <= set(lines)
    assert body == BODY


def test_a_name_is_resolved_once_so_a_second_answer_leads_nowhere(receiver: Receiver) -> None:
    names = Names([OUTSIDE], ["127.0.0.1"])
    made, called = caller(receiver, names=names)
    made.post(TARGET, {}, BODY)
    assert (names.asked, called) == (1, [f"{OUTSIDE} 443"])
    assert failure(made) == "inside-address"
    assert called == [f"{OUTSIDE} 443"]


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.8"],
        ["169.254.169.254"],
        ["100.64.1.1"],
        ["::1"],
        ["fd00::1"],
        ["::ffff:10.0.0.8"],
        ["64:ff9b::a00:8"],
        [OUTSIDE, "192.168.0.1"],
        ["192.168.0.1", OUTSIDE],
    ],
)
def test_a_name_that_leads_inside_is_not_called(receiver: Receiver, addresses: list[str]) -> None:
    made, called = caller(receiver, names=Names(addresses))
    assert failure(made) == "inside-address"
    assert called == []


def test_a_name_nobody_has_is_said_to_be_none(receiver: Receiver) -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    assert failure(Caller(nobody, receiver.connect, receiver.context)) == "name"
    assert failure(Caller(lambda host, port: [], receiver.connect, receiver.context)) == "name"


def test_a_redirect_is_an_answer_and_is_not_followed(receiver: Receiver) -> None:
    receiver.answer = b"HTTP/1.1 307 Moved\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"
    made, called = caller(receiver)
    assert made.post(TARGET, {}, BODY) == Answer(307)
    assert len(called) == len(receiver.requests) == 1


def test_what_the_answer_asks_us_to_wait_is_read(receiver: Receiver) -> None:
    made, _ = caller(receiver)
    for sent, read in ((b"120", 120.0), (b"Fri, 20 Nov 2026 10:15:00 GMT", None), (b"-1", None), (b"9" * 30, None)):
        receiver.answer = b"HTTP/1.1 503 Busy\r\nRetry-After: " + sent + b"\r\n\r\n"
        assert made.post(TARGET, {}, BODY) == Answer(503, read)


def test_no_proxy_of_the_environment_is_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    made, called = caller(receiver)
    assert made.post(TARGET, {}, BODY) == Answer(200)
    assert called == [f"{OUTSIDE} 443"]


def test_a_certificate_of_another_host_or_of_nobody_is_not_trusted(receiver: Receiver) -> None:
    other = target_of("https://other.example/")
    made = Caller(lambda host, port: [OUTSIDE], receiver.connect, receiver.context)
    with pytest.raises(CallFailed, match="tls"):
        made.post(other, {}, BODY)
    assert failure(Caller(Names([OUTSIDE]), receiver.connect)) == "tls"
    assert receiver.requests == []


def test_an_answer_that_drips_ends_with_the_time_for_the_whole_call(receiver: Receiver) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        for _ in range(200):
            connection.sendall(b"X: y\r\n")
            time.sleep(0.02)

    receiver.answer = drip
    made, _ = caller(receiver, seconds=0.5)
    assert failure(made) == "timeout"


def test_nobody_who_stays_silent_is_waited_for(receiver: Receiver) -> None:
    receiver.answer = lambda connection: time.sleep(1)
    assert failure(caller(receiver, seconds=0.3)[0]) == "timeout"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 two OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 70_000,
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000,
    ],
)
def test_what_is_no_answer_or_too_long_for_one_is_a_failure(receiver: Receiver, answer: bytes) -> None:
    receiver.answer = answer
    assert failure(caller(receiver)[0]) in ("answer", "connection")


def test_a_long_body_is_not_read(receiver: Receiver) -> None:
    receiver.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + b"a" * 100_000
    assert caller(receiver)[0].post(TARGET, {}, BODY) == Answer(200)


def test_nobody_there_is_a_failed_connection() -> None:
    def refused(address: str, port: int, seconds: float) -> socket.socket:
        raise ConnectionRefusedError

    assert failure(Caller(Names([OUTSIDE]), refused)) == "connection"


def test_development_calls_this_machine_without_resolving_it(tmp_path: Path) -> None:
    plain = Receiver(tmp_path, tls=False)
    try:
        target = target_of(f"http://localhost:{plain.port}/in", development=True)
        assert Caller(Names([])).post(target, {}, BODY) == Answer(200)
        assert f"Host: localhost:{plain.port}\r\n".encode() in plain.requests[0]
    finally:
        plain.close()
