"""Tell webhooks what changed: in order for each of them, again after a failure, and never two workers at once.

Where a webhook stands in the feed is written after its answer. A worker that dies in between tells the same change
again under the same webhook-id, which is that of the ledger entry: the receiver knows it has had it.
"""

import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from consent.changes import cursors, deliveries, queries, rules
from consent.changes.service import Endpoint
from consent.db import Database
from consent.errors import BadInput
from consent.gateways.callbacks import retries, signing
from consent.gateways.callbacks.calls import Answer, CallFailed
from consent.gateways.callbacks.retries import Verdict
from consent.gateways.callbacks.targets import Target, target_of
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.web.bodies import encode
from consent.web.logs import log

Post = Callable[[Target, Mapping[str, str], bytes], Answer]

TEST = "webhook.test"
AT_ONCE = 4  # webhooks that are called at the same time by one process: a slow one must not stop the others
PAGE = 50  # changes told in one turn


@dataclass(frozen=True, slots=True)
class Teller:
    """What a worker needs to tell webhooks."""

    db: Database
    keyring: Keyring
    post: Post
    development: bool
    chance: Callable[[], float]
    me: str


def tell(teller: Teller, organizations: list[uuid.UUID], clock: Callable[[], datetime]) -> int:
    """Every webhook that has something new and is due had a turn; returns how many there were."""
    due: list[tuple[uuid.UUID, uuid.UUID]] = []
    for organization_id in organizations:
        with teller.db.read(organization_id) as tx:
            due += [(organization_id, one) for one in deliveries.due(tx, organization_id, clock())]
    if not due:
        return 0
    with ThreadPoolExecutor(AT_ONCE, "webhook") as pool:
        list(pool.map(lambda one: turn(teller, one[0], one[1], clock), due))
    return len(due)


def turn(teller: Teller, organization_id: uuid.UUID, identity: uuid.UUID, clock: Callable[[], datetime]) -> None:
    """This webhook is told what it has not been told, until a failure or the end of the page."""
    claim = deliveries.Claim(organization_id, identity, teller.me)
    endpoint = teller.db.write(lambda tx: deliveries.claim(tx, teller.keyring, claim, clock()), organization_id)
    if endpoint is None:
        return
    try:
        if endpoint.test_id is not None:
            _test(teller, claim, endpoint, endpoint.test_id, clock)
        now = clock()
        if endpoint.disabled_at is None and (endpoint.run_at is None or endpoint.run_at <= now):
            _changes(teller, claim, endpoint, clock)
    except Exception as error:  # a fault with one webhook must not stop the others
        log.error("webhook_fault", webhook=str(identity), error=type(error).__name__)
    finally:
        teller.db.write(lambda tx: deliveries.release(tx, claim), organization_id)


def _changes(teller: Teller, claim: deliveries.Claim, endpoint: Endpoint, clock: Callable[[], datetime]) -> None:
    organization_id, at = claim.organization_id, endpoint.position
    with teller.db.read(organization_id) as tx:
        page = queries.page(tx, organization_id, at, PAGE, endpoint.wants)
    for place, change in page.changes:
        if not teller.db.write(lambda tx: deliveries.hold(tx, claim, clock()), organization_id):
            return
        said = rules.told(change) | {"cursor": cursors.write(teller.keyring, organization_id, place)}
        answer = _post(teller, endpoint, change.id, change.type, instant(change.recorded_at), said, clock())
        outcome = _outcome(teller, endpoint, change.id, answer, clock())
        moved = teller.db.write(
            lambda tx, was=at, to=place, how=outcome: deliveries.record(tx, teller.keyring, claim, was, to, how),  # type: ignore[misc]
            organization_id,
        )
        if moved and outcome.switched_off:
            where = {"organization": str(organization_id), "webhook": str(claim.id)}
            log.error("webhook_disabled", why=outcome.switched_off, **where)
        if not moved or outcome.verdict is not Verdict.DELIVERED:
            return
        at, endpoint = place, replace(endpoint, attempts=0, failing_since=None)
    if page.position != at:
        teller.db.write(lambda tx: deliveries.move(tx, claim, at, page.position), organization_id)


def _test(
    teller: Teller, claim: deliveries.Claim, endpoint: Endpoint, test_id: uuid.UUID, clock: Callable[[], datetime]
) -> None:
    said: dict[str, object] = {"webhook": str(endpoint.id), "note": "Nothing happened: this only tries the way."}
    answer = _post(teller, endpoint, test_id, TEST, instant(clock()), said, clock())
    outcome = _outcome(teller, endpoint, test_id, answer, clock())
    teller.db.write(lambda tx: deliveries.record_test(tx, claim, outcome), claim.organization_id)


def _post(
    teller: Teller, endpoint: Endpoint, identity: uuid.UUID, type: str, at: str, said: dict[str, object], now: datetime
) -> Answer | CallFailed:
    """One signed call; what is signed is what is sent."""
    body = encode({"type": type, "timestamp": at, "data": said})
    headers = signing.headers(str(identity), now, body, endpoint.signing(now))
    try:
        return teller.post(target_of(endpoint.url, development=teller.development), headers, body)
    except CallFailed as failed:
        return failed
    except BadInput:  # an address that was allowed in development
        return CallFailed("address")


def _outcome(
    teller: Teller, endpoint: Endpoint, identity: uuid.UUID, answer: Answer | CallFailed, now: datetime
) -> deliveries.Outcome:
    """What is written down of an attempt."""
    if isinstance(answer, CallFailed):
        verdict, status, error, asked = Verdict.FAILED, None, answer.code, None
    else:
        verdict, status, asked = retries.verdict(answer.status), answer.status, answer.retry_after
        error = "" if verdict is Verdict.DELIVERED else "redirect" if 300 <= answer.status < 400 else "refused"
    failures = endpoint.attempts + 1
    since = endpoint.failing_since or now
    given_up = verdict is Verdict.GONE or (verdict is Verdict.FAILED and retries.is_given_up(since, now))
    return deliveries.Outcome(
        identity,
        verdict,
        now,
        status,
        error,
        failures,
        since,
        retries.next_try(failures, now, teller.chance(), status, asked),
        ("gone" if verdict is Verdict.GONE else "failing") if given_up else "",
    )
