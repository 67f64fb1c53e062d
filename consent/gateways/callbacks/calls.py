"""One POST to somebody else's address: resolved once, checked, and sent to the very address that was checked.

No library stands between the check and the connection: one that resolves again could be led elsewhere by a name that
answers differently the second time. No redirect is followed, no proxy is asked for, and every step has an end.
"""

import io
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any

from consent.gateways.callbacks.addresses import is_outside
from consent.gateways.callbacks.targets import Target

SECONDS = 10.0  # for one call, from connecting to the answer's head
MOST_READ = 64 * 1024  # bytes of the answer; its body is read only by whoever asks for it
AGENT = "Consent-Webhooks/1"

Resolve = Callable[[str, int], list[str]]
Connect = Callable[[str, int, float], socket.socket]


class CallFailed(Exception):
    """The call brought no answer; `code` says why in a word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """The status somebody answered with, how many seconds they ask us to wait, and the rest where it was read."""

    status: int
    retry_after: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


def resolve(host: str, port: int) -> list[str]:
    """Every address of the name, as the system resolves it."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """A connection to this address and to no other."""
    return socket.create_connection((address, port), timeout=seconds)


@dataclass(frozen=True, slots=True)
class Caller:
    """How calls are made; tests put their own resolver and connection here."""

    resolve: Resolve = resolve
    connect: Connect = connect
    tls: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context)
    seconds: float = SECONDS
    monotonic: Callable[[], float] = time.monotonic

    def ask(self, target: Target, headers: Mapping[str, str], body: bytes) -> Answer:
        """As `post`, and what stands in the answer is read too, up to 64 KiB."""
        return self._post(target, headers, body, whole=True)

    def post(self, target: Target, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer to a POST of `body`; CallFailed when there is none."""
        return self._post(target, headers, body, whole=False)

    def _post(self, target: Target, headers: Mapping[str, str], body: bytes, *, whole: bool) -> Answer:
        address = self._address(target)
        end = self.monotonic() + self.seconds
        try:
            with self.connect(address, target.port, self.seconds) as raw:
                if not target.tls:
                    return self._exchange(raw, target, headers, body, end, whole)
                raw.settimeout(self._left(end))
                with self.tls().wrap_socket(raw, server_hostname=target.host) as secured:
                    return self._exchange(secured, target, headers, body, end, whole)
        except TimeoutError:
            raise CallFailed("timeout") from None
        except ssl.SSLError:
            raise CallFailed("tls") from None
        except OSError:
            raise CallFailed("connection") from None
        except (HTTPException, ValueError):
            raise CallFailed("answer") from None

    def _address(self, target: Target) -> str:
        """The one address that is called; refused if any address of the name lies inside."""
        if target.local is not None:
            return target.local
        try:
            found = self.resolve(target.host, target.port)
        except (OSError, UnicodeError):
            raise CallFailed("name") from None
        if not found:
            raise CallFailed("name")
        if not all(is_outside(one) for one in found):
            raise CallFailed("inside-address")
        return found[0]

    def _exchange(
        self,
        connection: socket.socket,
        target: Target,
        headers: Mapping[str, str],
        body: bytes,
        end: float,
        whole: bool,
    ) -> Answer:
        given = {"Host": target.authority, "User-Agent": AGENT, "Content-Length": str(len(body)), "Connection": "close"}
        lines = [
            f"POST {target.path} HTTP/1.1",
            *(f"{name}: {value}" for name, value in (given | dict(headers)).items()),
        ]
        connection.settimeout(self._left(end))
        connection.sendall("\r\n".join([*lines, "", ""]).encode("ascii") + body)
        reader: Any = _Head(connection, lambda: self._left(end))
        answer = HTTPResponse(reader, method="POST")
        answer.begin()
        seconds = _seconds(answer.headers.get("Retry-After", ""))
        return (
            Answer(answer.status, seconds, dict(answer.headers), answer.read())
            if whole
            else Answer(answer.status, seconds)
        )

    def _left(self, end: float) -> float:
        left = end - self.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Head(io.RawIOBase):
    """Reads from a connection until a moment and up to a number of bytes, however slowly they come."""

    def __init__(self, connection: socket.socket, left: Callable[[], float]) -> None:
        self._connection, self._left, self._room = connection, left, MOST_READ

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What an HTTPResponse reads from."""
        return io.BufferedReader(self, 1024)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(self._left())
        got = self._connection.recv_into(buffer)
        self._room -= got
        if self._room < 0:
            raise HTTPException("the answer is too long")
        return got


def _seconds(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None
