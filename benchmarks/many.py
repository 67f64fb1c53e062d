"""Many questions over HTTP: ten thousand addresses in one call beside a bare join, and a long stream of lines."""

import json
import random
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import psycopg

from benchmarks.figures import Figure
from benchmarks.floors.serve import PROGRAM as FLOORS_PROGRAM
from benchmarks.ledger import Pair
from benchmarks.service import HOST, MESSAGE_CLASS, PROGRAM, Service

ADDRESSES = 10_000
REACH = 0.25  # at most four times the time of the join
MOST_MICROSECONDS = 25.0  # of the server's processor for an address of a stream: 40,000 a second on one core
MOST_MEMORY = 50.0  # MiB above what the process took before
_LINES_AT_ONCE = 2_000
_ON_SQLITE = (
    "SELECT c.number, s.state, s.since FROM json_each(?) j CROSS JOIN contact c CROSS JOIN state s"
    " WHERE c.number = j.value AND s.contact_id = c.id AND s.program = ?"
)
_ON_POSTGRESQL = (
    "SELECT c.number, s.state, s.since FROM contact c JOIN state s ON s.contact_id = c.id"
    " WHERE c.number = ANY(%s) AND s.program = %s"
)


def batch(service: Service, database: str, floor_at: str | Path, numbers: Sequence[str], rounds: int) -> Pair:
    """Addresses a second: one call over HTTP with reasons, and the join of the same numbers by the raw driver."""
    asked = random.Random(7).sample(list(numbers), min(ADDRESSES, len(numbers)))
    pair = Pair(f"batch of {len(asked):,} addresses", database, REACH)
    join = _join(database, floor_at, asked)
    body = json.dumps({**_question(), "addresses": asked}).encode()
    call = _head(service, "application/json", f"Content-Length: {len(body)}\r\n") + body
    service.server.resume()
    try:
        for round_ in range(rounds + 1):
            floor = _timed(join)
            ours = _timed(lambda: _one_batch(service, call, len(asked)))
            if round_:  # the first warms both up
                pair.floor.append(len(asked) / floor)
                pair.ours.append(len(asked) / ours)
    finally:
        service.server.pause()
    return pair


def stream(service: Service, database: str, numbers: Sequence[str], lines: int) -> list[Figure]:
    """A stream of so many questions: what one costs the server's processor, and how much memory it all takes."""
    server = service.server
    server.resume()
    try:
        _streamed(service, numbers, _LINES_AT_ONCE)  # what is loaded once is loaded
        idle, before = server.memory_mib(), server.cpu_seconds()
        peak = _watched(server.memory_mib, lambda: _streamed(service, numbers, lines))
        cost = (server.cpu_seconds() - before) / lines * 1e6
    finally:
        server.pause()
    name = f"stream of {lines:,} questions"
    return [
        Figure(f"{name}: processor", database, cost, "us", MOST_MICROSECONDS),
        Figure(f"{name}: memory above idle", database, max(0.0, peak - idle), "MiB", MOST_MEMORY),
    ]


def _question() -> dict[str, str]:
    return {"program": PROGRAM, "message_class": MESSAGE_CLASS, "channel": "sms"}


def _head(service: Service, media: str, more: str) -> bytes:
    return (
        f"POST /api/v1/decisions/batch HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {service.ready.api_key}\r\n"
        f"Content-Type: {media}\r\nConnection: close\r\n{more}\r\n"
    ).encode()


def _join(database: str, floor_at: str | Path, asked: Sequence[str]) -> Callable[[], None]:
    if database == "sqlite":

        def on_sqlite() -> None:
            with closing(sqlite3.connect(floor_at)) as connection:
                found = connection.execute(_ON_SQLITE, (json.dumps(list(asked)), FLOORS_PROGRAM)).fetchall()
            _expect(len(found), len(asked))

        return on_sqlite

    def on_postgresql() -> None:
        with psycopg.connect(str(floor_at)) as connection:
            _expect(len(connection.execute(_ON_POSTGRESQL, (list(asked), FLOORS_PROGRAM)).fetchall()), len(asked))

    return on_postgresql


def _one_batch(service: Service, call: bytes, count: int) -> None:
    with socket.create_connection(service.server.address) as connection:
        connection.sendall(call)
        answer = b"".join(iter(lambda: connection.recv(1 << 20), b""))
    _expect(answer.count(b'"answer":"'), count, answer)


def _streamed(service: Service, numbers: Sequence[str], lines: int) -> None:
    """The questions go out while the answers come back; all of them must."""
    with socket.create_connection(service.server.address) as connection:
        writer = threading.Thread(target=_write, args=(connection, service, numbers, lines), daemon=True)
        writer.start()
        found, rest = 0, b""
        for piece in iter(lambda: connection.recv(1 << 20), b""):
            found += (rest + piece).count(b'"answer":"') - rest.count(b'"answer":"')
            rest = piece[-9:]
        writer.join()
    _expect(found, lines, rest)


def _write(connection: socket.socket, service: Service, numbers: Sequence[str], lines: int) -> None:
    connection.sendall(_head(service, "application/x-ndjson", "Transfer-Encoding: chunked\r\n"))
    for start in range(0, lines, _LINES_AT_ONCE):
        count = min(_LINES_AT_ONCE, lines - start)
        asked = [{**_question(), "address": numbers[(start + one) % len(numbers)]} for one in range(count)]
        piece = b"".join([json.dumps(one).encode() + b"\n" for one in asked])
        connection.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    connection.sendall(b"0\r\n\r\n")


def _watched(measure: Callable[[], float], work: Callable[[], None]) -> float:
    """The largest value while the work is done."""
    done, peak = threading.Event(), [measure()]

    def watch() -> None:
        while not done.wait(0.05):
            peak.append(measure())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        work()
    finally:
        done.set()
        watcher.join()
    return max(peak)


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _expect(found: int, wanted: int, said: bytes = b"") -> None:
    if found != wanted:
        body = said.partition(b"\r\n\r\n")[2] or said
        raise SystemExit(f"{found} answers instead of {wanted}; the figures would mean nothing. {body[:500]!r}")
