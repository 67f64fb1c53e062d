"""A stand-in for the sending APIs of gateways: a real HTTP server on this machine, well or badly behaved at will."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import requests


class Asked(NamedTuple):
    """A call as the API sees it."""

    method: str
    host: str  # the host our side meant to call
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes


class Said(NamedTuple):
    """The API's answer."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


class Api:
    """What one provider's API does with a call; each provider's case says more.

    `known_id` is the id that an accepted message gets; numbers in `opted_out` are refused as the provider refuses
    them, where its API can; `inbound` and `blocked` are what its lists show.
    """

    known_id = "out-1"

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.opted_out: set[str] = set()
        self.inbound: list[dict[str, Any]] = []
        self.blocked: list[str] = []

    def answer(self, asked: Asked) -> Said:
        """A faithful answer, also to wrong credentials or a missing field; each case says how. Here: nothing."""
        return Said(404, b"{}")


Behaviour = Callable[[Asked, Callable[[Asked], Said]], Said | None]


def well(asked: Asked, api: Callable[[Asked], Said]) -> Said | None:
    """As the provider on a good day."""
    return api(asked)


def busy(_asked: Asked, _api: Callable[[Asked], Said]) -> Said | None:
    """Too many calls: come back in seven seconds."""
    return Said(429, b"{}", (("Retry-After", "7"), ("Content-Type", "application/json")))


def broken(_asked: Asked, _api: Callable[[Asked], Said]) -> Said | None:
    """A failure of the provider's own."""
    return Said(503, b"<html>oops</html>", (("Content-Type", "text/html"),))


def garbled(_asked: Asked, _api: Callable[[Asked], Said]) -> Said | None:
    """Success without a readable word."""
    return Said(200, b'{"half": [')


def hangs_up(_asked: Asked, _api: Callable[[Asked], Said]) -> Said | None:
    """The line goes dead after the call arrived."""
    return None


def slow(seconds: float) -> Behaviour:
    """The answer takes this long."""

    def late(asked: Asked, api: Callable[[Asked], Said]) -> Said | None:
        threading.Event().wait(seconds)
        return api(asked)

    return late


class Session:
    """A way out that leads every https call to the stand-in and tells it whom we meant."""

    def __init__(self, port: int, timeout: float | None = None) -> None:
        self._port, self._timeout = port, timeout
        self._session = requests.Session()
        self._session.trust_env = False

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """The call, over real HTTP."""
        meant = urlsplit(url)
        target = f"http://127.0.0.1:{self._port}{meant.path}{'?' + meant.query if meant.query else ''}"
        headers = {**(options.pop("headers", None) or {}), "X-Meant-Host": meant.netloc, "X-Meant-Scheme": meant.scheme}
        if self._timeout is not None:
            options["timeout"] = self._timeout
        return self._session.request(method, target, headers=headers, **options)

    def close(self) -> None:
        """No connection stays open."""
        self._session.close()


class Standing:
    """The running stand-in."""

    def __init__(self, api: Api) -> None:
        self.api, self.behaviour = api, well
        standing = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                parts = urlsplit(self.path)
                headers = {name.lower(): value for name, value in self.headers.items()}
                query = dict(parse_qsl(parts.query, keep_blank_values=True))
                host = headers.pop("x-meant-host", "")
                asked = Asked(self.command, host, parts.path, query, headers, body)
                standing.api.asked.append(asked)
                said = standing.behaviour(asked, standing.api.answer)
                if said is None:
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response(said.status)
                for name, value in said.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(said.body)))
                with suppress(OSError):  # who asked may have gone
                    self.end_headers()
                    self.wfile.write(said.body)

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing is written."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def session(self, timeout: float | None = None) -> Session:
        """A way to it."""
        return Session(self.port, timeout)

    def stop(self) -> None:
        """Nothing listens any more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def standing(api: Api) -> Iterator[Standing]:
    """The stand-in, for a while."""
    running = Standing(api)
    try:
        yield running
    finally:
        running.stop()
