"""The load generator counts what it saw, and nothing else."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.load import drive, drive_apart

OK = frozenset({200})
REQUEST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi"

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def server(answer: Answer) -> Iterator[tuple[str, int]]:
    """A small HTTP server that keeps connections open and answers each POST as told."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

        def log_message(self, format: str, *arguments: object) -> None:
            return

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    thread = threading.Thread(target=running.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield "127.0.0.1", running.server_port
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def say(status: int, body: bytes, length: str = "content-length") -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header(length, str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return answer


def test_every_request_is_sent_once_and_every_good_answer_counted() -> None:
    seen = []
    lock = threading.Lock()

    def answer(request: BaseHTTPRequestHandler) -> None:
        with lock:
            seen.append(request.headers["X-Number"])
        say(200, b"yes")(request)

    requests = [
        b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Number: %d\r\nContent-Length: 0\r\n\r\n" % n for n in range(50)
    ]
    with server(answer) as address:
        load = drive(address, 4, requests, OK)
    assert (load.answered, load.failed) == (50, 0)
    assert sorted(map(int, seen)) == list(range(50))


def test_an_answer_with_another_status_is_a_failure() -> None:
    with server(say(503, b"")) as address:
        load = drive(address, 2, [REQUEST] * 6, OK)
    assert (load.answered, load.failed) == (0, 6)


def test_a_closed_connection_is_a_failure_and_the_rest_goes_on() -> None:
    lock = threading.Lock()
    count = 0

    def answer(request: BaseHTTPRequestHandler) -> None:
        nonlocal count
        with lock:
            count += 1
            first = count == 1
        if first:
            request.close_connection = True
        else:
            say(200, b"")(request)

    with server(answer) as address:
        load = drive(address, 1, [REQUEST] * 5, OK)
    assert (load.answered, load.failed) == (4, 1)


@pytest.mark.parametrize("length", ["content-length", "Content-Length"])
def test_a_large_answer_is_read_to_its_end_before_the_next_request(length: str) -> None:
    with server(say(200, b"x" * 1_000_000, length)) as address:
        load = drive(address, 2, [REQUEST] * 6, OK)
    assert (load.answered, load.failed) == (6, 0)


def test_a_process_of_its_own_sees_the_same() -> None:
    with server(say(200, b"")) as address:
        load = drive_apart(address, 2, [REQUEST] * 10, OK)
    assert (load.answered, load.failed) == (10, 0)
    assert load.p50_ms > 0
