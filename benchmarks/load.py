"""A closed-loop HTTP load generator: each connection sends its next request when the answer is there.

It runs in a process of its own (`python -m benchmarks.load`), reads ready-made requests from standard input
and writes one JSON object, so that neither building nor signing requests costs anything while the clock runs.
"""

import gc
import json
import select
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import BinaryIO

SILENCE = 30.0  # seconds without any answer after which the rest counts as failed
_LENGTH = struct.Struct("!I")


@dataclass(frozen=True)
class Load:
    """What one run of the generator saw."""

    seconds: float
    answered: int  # with a status that was asked for
    failed: int  # other statuses, closed connections, silence
    p50_ms: float
    p99_ms: float
    max_ms: float
    client_cpu_seconds: float

    @property
    def rate(self) -> float:
        """Good answers per second."""
        return self.answered / self.seconds if self.seconds else 0.0


class _Connection:
    __slots__ = ("got", "socket", "started")

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.started = 0.0
        self.got = b""


def drive(address: tuple[str, int], connections: int, requests: Sequence[bytes], ok: frozenset[int]) -> Load:
    """Send every request once over `connections` kept-alive connections and time each answer."""
    poll = select.epoll()
    open_ones = {}
    for _ in range(min(connections, len(requests))):
        connection = _Connection(address)
        open_ones[connection.socket.fileno()] = connection
        poll.register(connection.socket, select.EPOLLIN)
    good = {b"%d" % status for status in ok}
    waiting = iter(requests)
    latencies: list[float] = []
    answered = 0
    clock = time.perf_counter
    gc.disable()
    cpu = time.process_time()
    start = clock()
    idle = {fileno for fileno, one in open_ones.items() if not _send_next(one, waiting)}
    while len(idle) < len(open_ones):
        ready = poll.poll(SILENCE)
        if not ready:
            break
        for fileno, _ in ready:
            connection = open_ones[fileno]
            try:
                data = connection.socket.recv(262144)
            except OSError:
                data = b""
            if data:
                answer = connection.got + data if connection.got else data
                if not _complete(answer):
                    connection.got = answer
                    continue
                connection.got = b""
                latencies.append(clock() - connection.started)
                answered += answer[9:12] in good
            else:  # the server hung up on us: this request is lost, the next one gets a new connection
                del open_ones[fileno]
                connection.socket.close()
                connection = _Connection(address)
                fileno = connection.socket.fileno()
                open_ones[fileno] = connection
                poll.register(connection.socket, select.EPOLLIN)
            if not _send_next(connection, waiting):
                idle.add(fileno)
    seconds = clock() - start
    cpu = time.process_time() - cpu
    gc.enable()
    for connection in open_ones.values():
        connection.socket.close()
    poll.close()
    latencies.sort()
    return Load(
        seconds=seconds,
        answered=answered,
        failed=len(requests) - answered,
        p50_ms=_quantile(latencies, 0.50) * 1000,
        p99_ms=_quantile(latencies, 0.99) * 1000,
        max_ms=(latencies[-1] if latencies else 0.0) * 1000,
        client_cpu_seconds=cpu,
    )


def drive_apart(address: tuple[str, int], connections: int, requests: Sequence[bytes], ok: frozenset[int]) -> Load:
    """`drive` in a process of its own."""
    head = json.dumps({"address": address, "connections": connections, "ok": sorted(ok)}).encode()
    packed = b"".join(_LENGTH.pack(len(part)) + part for part in (head, *requests))
    done = subprocess.run([sys.executable, "-m", "benchmarks.load"], input=packed, stdout=subprocess.PIPE, check=True)
    return Load(**json.loads(done.stdout))


def main() -> None:
    """Read the order and the requests, drive, and print what was seen."""
    parts = _unpack(sys.stdin.buffer)
    order = json.loads(next(parts))
    host, port = order["address"]
    load = drive((host, port), order["connections"], list(parts), frozenset(order["ok"]))
    json.dump(asdict(load), sys.stdout)


def _send_next(connection: _Connection, waiting: Iterator[bytes]) -> bool:
    """The next request is on its way; False when there is none left."""
    request = next(waiting, None)
    if request is None:
        return False
    connection.started = time.perf_counter()
    sent = connection.socket.send(request)
    while sent < len(request):  # a full socket buffer: requests are small, so this hardly happens
        select.select((), (connection.socket,), ())
        sent += connection.socket.send(request[sent:])
    return True


def _complete(answer: bytes) -> bool:
    head = answer.find(b"\r\n\r\n")
    if head < 0:
        return False
    at = answer.find(b"content-length: ", 0, head)
    if at >= 0:
        return len(answer) - head - 4 >= int(answer[at + 16 : answer.find(b"\r\n", at)])
    headers = answer[: head + 2].lower()
    at = headers.find(b"content-length:")
    if at >= 0:
        return len(answer) - head - 4 >= int(headers[at + 15 : headers.find(b"\r\n", at)])
    if b"transfer-encoding: chunked" in headers:
        return answer.endswith(b"0\r\n\r\n")
    return True  # 204 and 304 have no body


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _unpack(stream: BinaryIO) -> Iterator[bytes]:
    while size := stream.read(_LENGTH.size):
        yield stream.read(_LENGTH.unpack(size)[0])


if __name__ == "__main__":
    main()
