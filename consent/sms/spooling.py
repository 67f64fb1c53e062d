"""Webhooks that wait while the database is away: kept as they came, worked off in order, each counted once."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from consent.db import patience
from consent.db.spool import Spool, Spooled
from consent.errors import ConsentError, Malformed, TooLarge, Unavailable
from consent.gateways.sms.base import (
    DeliveryReport,
    Event,
    Headers,
    HttpRequest,
    InboundMessage,
    Unauthenticated,
)
from consent.ledger.keys import Keyring
from consent.sms.doors import Door, Doors
from consent.sms.intake import Intake
from consent.sms.service import SMS
from consent.subjects import service as subjects
from consent.subjects.addresses import as_received
from consent.web import metrics
from consent.web.logs import log, security_event, traced

BATCH = 256  # rows read at once
LANES = 8  # numbers worked on at once: their commits go together
TRIES = 5  # of one row before it is set aside for a person
ROW_SECONDS = 5.0  # one row waits no longer for the database
LARGEST_HEADERS = 32 * 1024
ALONE = 0  # the lane of what concerns several numbers, or nobody knows whom


@dataclass(slots=True)
class Drained:
    """What one round did."""

    recorded: int = 0
    dropped: int = 0  # never proved, and refused when somebody could be asked
    failed: int = 0
    aside: int = 0
    empty: bool = True  # nothing waits any more


class CannotBeTaken(ConsentError):
    """A call that was proved when it came is not understood now."""


class Spooling:
    """Between the door and the spool, and between the spool and the record."""

    def __init__(self, spool: Spool, doors: Doors, intake: Intake, keyring: Keyring) -> None:
        self.spool, self.doors, self.intake = spool, doors, intake
        self._keyring = keyring

    def goes_straight(self, door: Door, events: Iterable[Event]) -> bool:
        """Whether this call may go on record now: nothing of the same number waits, and the database is not away."""
        if not self.spool.waiting():
            return True
        if self.intake.away:
            return False
        lane = self._lane(door, events)
        return lane != ALONE and not self.spool.holds(lane)

    def keep(
        self, endpoint: str, called: HttpRequest, arrived: datetime, door: Door | None, events: Iterable[Event] = ()
    ) -> None:
        """The call is on stable storage of this machine; Unavailable when it is not. No door: nobody proved it yet."""
        lane = ALONE if door is None else self._lane(door, events)
        try:
            self.spool.append(pack(endpoint, called), arrived, lane=lane, proved=door is not None)
        except Unavailable:
            metrics.SPOOL_REFUSED.inc()
            raise
        metrics.SPOOLED.inc()

    def drain(self) -> Drained:
        """What waits was put on record, in order for each number, or the database is still away."""
        done = Drained()
        with self.spool.held() as mine:
            if not mine:
                done.empty = False
                return done
            after = 0
            with ThreadPoolExecutor(LANES, thread_name_prefix="drain") as threads:
                while rows := self.spool.next(BATCH, after):
                    after = rows[-1].seq
                    for group in _groups(rows):
                        if not self._work_off(group, threads, done):
                            done.empty = False
                            return done
        if done.failed == done.aside:
            self.spool.done(())  # the mark: nothing waits
        done.empty = not self.spool.waiting()
        return done

    def _work_off(self, group: list[list[Spooled]], threads: ThreadPoolExecutor, done: Drained) -> bool:
        """Each lane in its order, the lanes at once; False when the database is away."""
        lanes = list(threads.map(self._work_off_lane, group)) if len(group) > 1 else [self._work_off_lane(group[0])]
        finished = [seq for lane in lanes for seq in lane.finished]
        if finished:
            self.spool.done(finished)
        for lane in lanes:
            done.recorded += lane.recorded
            done.dropped += lane.dropped
            done.failed += lane.failed
            done.aside += lane.aside
        metrics.DRAINED.inc(sum(lane.recorded for lane in lanes))
        metrics.SPOOL_DROPPED.inc(sum(lane.dropped for lane in lanes))
        return not any(lane.away for lane in lanes)

    def _work_off_lane(self, rows: list[Spooled]) -> "_Lane":
        lane = _Lane()
        for row in rows:
            try:
                with patience.bounded(ROW_SECONDS):
                    recorded = self._record(row)
            except Unavailable:
                lane.away = True
                return lane
            except Exception as error:  # whatever is wrong with one call must not keep the others
                self._note(row, error, lane)
                continue
            lane.finished.append(row.seq)
            if recorded:
                lane.recorded += 1
            else:
                lane.dropped += 1
        return lane

    def _record(self, row: Spooled) -> bool:
        """It is on record; False when it was never proved and is refused now that somebody can be asked."""
        if row.content is None:
            raise CannotBeTaken("The row does not open with the key of this installation.")
        endpoint, called = unpack(row.content)
        door = self.doors.find(endpoint)
        if door is None:
            return self._refused(row, "unknown", "unknown-endpoint")
        try:
            received = door.gateway.receive(called, row.arrived_at)
        except Unauthenticated:
            return self._refused(row, door.gateway.name, "unauthenticated")
        except (Malformed, TooLarge):
            return self._refused(row, door.gateway.name, "malformed")
        self.intake.take(door, called, received, row.arrived_at, waited=True)
        if not row.proved:
            door.accepted.inc()
        return True

    def _refused(self, row: Spooled, gateway: str, outcome: str) -> bool:
        if row.proved:
            raise CannotBeTaken(f"Proved when it came, now refused ({outcome}): was a secret changed, or the account?")
        metrics.WEBHOOKS.labels(gateway, outcome).inc()
        security_event("webhook_refused", gateway=gateway, outcome=outcome)
        return False

    def _note(self, row: Spooled, error: Exception, lane: "_Lane") -> None:
        aside = row.tries + 1 >= TRIES
        what = error.detail if isinstance(error, CannotBeTaken) else type(error).__name__
        self.spool.failed(row.seq, what, aside=aside)
        lane.failed += 1
        lane.aside += aside
        log.error("spooled_call_failed", row=row.seq, aside=aside, **traced(error))

    def _lane(self, door: Door, events: Iterable[Event]) -> int:
        numbers = {
            event.sender if isinstance(event, InboundMessage) else event.recipient
            for event in events
            if isinstance(event, InboundMessage | DeliveryReport)
        }
        if len(numbers) != 1:
            return ALONE
        (number,) = numbers
        return subjects.tagged(self._keyring, door.account.organization_id, as_received(SMS, number)).tag64


class _Lane:
    """What became of the rows of one number."""

    __slots__ = ("aside", "away", "dropped", "failed", "finished", "recorded")

    def __init__(self) -> None:
        self.finished: list[int] = []
        self.recorded = self.dropped = self.failed = self.aside = 0
        self.away = False


def _groups(rows: list[Spooled]) -> Iterable[list[list[Spooled]]]:
    """Rows that may go at once, by lane; what has no lane of its own goes alone, after all before it."""
    lanes: dict[int, list[Spooled]] = {}
    for row in rows:
        if row.lane != ALONE:
            lanes.setdefault(row.lane, []).append(row)
            continue
        if lanes:
            yield list(lanes.values())
            lanes = {}
        yield [[row]]
    if lanes:
        yield list(lanes.values())


def pack(endpoint: str, called: HttpRequest) -> bytes:
    """The call with everything that its proof rests on."""
    pairs = called.headers.items() if hasattr(called.headers, "items") else ()
    headers = [[str(name), str(value)] for name, value in pairs]
    if sum(len(name) + len(value) for name, value in headers) > LARGEST_HEADERS:
        raise TooLarge("The headers are too large.")
    kept = {
        "endpoint": endpoint,
        "method": called.method,
        "url": called.url,
        "headers": headers,
        "body": b64encode(called.body).decode(),
    }
    return json.dumps(kept).encode()


def unpack(content: bytes) -> tuple[str, HttpRequest]:
    """The address that was called, and the call."""
    kept = json.loads(content)
    headers = Headers([(name, value) for name, value in kept["headers"]])
    return kept["endpoint"], HttpRequest(kept["method"], kept["url"], headers, b64decode(kept["body"]))
