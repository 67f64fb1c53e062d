"""Floor servers, ready to be driven."""

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks import servers, twilio
from benchmarks.floors import postgresql, sqlite
from benchmarks.measure import Side

SECRET = b"a secret of the floor, 32 bytes.."
PROGRAM = "notifications"
SENDER = "+15095550100"
SINCE = "2026-01-05T12:00:00+00:00"


@dataclass(frozen=True)
class Floor:
    """The floor's three jobs on one running server."""

    webhook: Side
    decision_stored: Side
    decision_explained: Side
    page_read: Side
    server: servers.Server


@contextmanager
def serving(
    database: str | Path,
    numbers: Sequence[str],
    settings: servers.Settings,
    folder: Path,
    command: Callable[[str, int, servers.Settings], list[str]] = servers.granian,
) -> Iterator[Floor]:
    """A floor server on a database of its own: a file path, or the URL of an empty PostgreSQL database."""
    store = postgresql if isinstance(database, str) else sqlite
    store.prepare(database, numbers, PROGRAM, SINCE)
    port = servers.free_port()
    url = f"https://texts.example/webhook?at={port}"
    environment = {
        "FLOOR_DATABASE": str(database),
        "FLOOR_PUBLIC_URL": url,
        "FLOOR_SECRET": SECRET.decode(),
    }
    log = folder / f"floor-{port}.log"
    server = servers.Server(
        "floor", command("benchmarks.floors.app:application", port, settings), environment, port, log
    )
    with servers.running(server):
        serial, turn = itertools.count(1), itertools.cycle(numbers)
        host = f"{servers.HOST}:{port}"

        def stops(count: int) -> list[bytes]:
            return [
                twilio.inbound(SECRET, url, host, next(turn), f"SM{next(serial):032x}", "STOP", SENDER)
                for _ in range(count)
            ]

        def questions(path: str) -> Callable[[int], list[bytes]]:
            def build(count: int) -> list[bytes]:
                return [twilio.post(path, host, _question(next(turn)), "application/json", {}) for _ in range(count)]

            return build

        def pages(count: int) -> list[bytes]:
            return [twilio.get(f"/page?number={quote(next(turn))}", host, {}) for _ in range(count)]

        def rows(table: str) -> Callable[[], int]:
            return lambda: store.count(database, table)

        yield Floor(
            webhook=Side(server, stops, frozenset({200}), rows("event")),
            decision_stored=Side(server, questions("/decisions"), frozenset({201}), rows("decision")),
            decision_explained=Side(server, questions("/decisions/explained"), frozenset({200})),
            page_read=Side(server, pages, frozenset({200})),
            server=server,
        )


def _question(number: str) -> bytes:
    asked = {"program": PROGRAM, "message_class": "outage", "channel": "sms", "address": number}
    return json.dumps(asked).encode()
