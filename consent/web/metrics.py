"""What the operator can count, and the private page a monitoring system reads it from.

Ages are asked at the moment of reading, by whichever process is read: a value that a dead job wrote last would
look healthy for ever.
"""

import hmac
import os
from collections.abc import Callable, Iterator
from ipaddress import ip_address

from flask import Blueprint, Request, Response, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from consent.errors import NotFound, Unavailable

REGISTRY = CollectorRegistry()


class Age(Collector):
    """Seconds since something, or how much there is, worked out when it is read: no counter of one process knows it.

    What cannot be asked now is left out: the other figures are wanted most while the database is away.
    """

    def __init__(self, name: str, about: str) -> None:
        self._name, self._about = name, about
        self._ask: Callable[[], float] = lambda: 0.0

    def set_function(self, ask: Callable[[], float]) -> None:
        """From here on `ask` tells the age."""
        self._ask = ask

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The age now."""
        try:
            yield GaugeMetricFamily(self._name, self._about, value=self._ask())
        except Unavailable:
            return


WEBHOOKS = Counter(
    "consent_webhooks_total",
    "Gateway calls by gateway and outcome.",
    ["gateway", "outcome"],
    registry=REGISTRY,
)
DECISIONS = Counter("consent_decisions_total", "Decisions by answer.", ["answer"], registry=REGISTRY)
DECISION_ALLOW = DECISIONS.labels("allow")
DECISION_DENY = DECISIONS.labels("deny")
STOP_TO_BLOCK_SECONDS = Histogram(
    "consent_stop_to_block_seconds",
    "From the arrival of a STOP to the commit that blocks the number.",
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60),
    registry=REGISTRY,
)
SENT_AFTER_REVOCATION = Counter(
    "consent_sent_after_revocation_total",
    "Messages that left although a withdrawal stood; every one is an incident.",
    registry=REGISTRY,
)
SPOOLED = Counter(
    "consent_spooled_total", "Webhooks kept in the local spool while the database was away.", registry=REGISTRY
)
SPOOL_REFUSED = Counter(
    "consent_spool_refused_total", "Webhooks answered 503: neither database nor spool took them.", registry=REGISTRY
)
DRAINED = Counter("consent_spool_drained_total", "Webhooks from the spool put on record.", registry=REGISTRY)
SPOOL_DROPPED = Counter(
    "consent_spool_dropped_total", "Webhooks from the spool that proved to be no gateway's.", registry=REGISTRY
)
RECONCILED_MISSING = Counter(
    "consent_reconciled_missing_total", "Texts that a gateway never brought and its list showed.", registry=REGISTRY
)
RECONCILED_OPT_OUTS = Counter(
    "consent_reconciled_opt_outs_total", "Numbers blocked at a gateway and silenced here for that.", registry=REGISTRY
)
RECONCILE_FAILED = Counter(
    "consent_reconcile_failed_total",
    "Looks at a gateway's lists that did not work out.",
    ["gateway"],
    registry=REGISTRY,
)
UNSEALED_AGE_SECONDS = Age("consent_unsealed_age_seconds", "Age of the oldest ledger entry not yet under a checkpoint.")
SPOOL_AGE_SECONDS = Age("consent_spool_age_seconds", "Age of the oldest webhook in the local spool.")
OUTBOX_AGE_SECONDS = Age("consent_outbox_age_seconds", "How long the oldest message that is due waits to be sent.")
SPOOL_WAITING = Age("consent_spool_waiting", "Webhooks in the local spool that are not on record yet.")
SPOOL_ASIDE = Age("consent_spool_set_aside", "Webhooks in the local spool that could not be understood; see doctor.")
AGES = (UNSEALED_AGE_SECONDS, SPOOL_AGE_SECONDS, OUTBOX_AGE_SECONDS, SPOOL_WAITING, SPOOL_ASIDE)
for _age in AGES:
    REGISTRY.register(_age)

# A proxy on the same machine makes every caller look local; it also adds one of these.
PROXY_HEADERS = ("X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via")


def blueprint(token: str | None) -> Blueprint:
    """The page /metrics: with the bearer token where one is set, else for direct callers on this machine."""
    pages = Blueprint("metrics", __name__)

    @pages.get("/metrics")
    def metrics() -> Response:
        if not may_read(request, token):
            raise NotFound("There is nothing here.")  # a stranger does not learn that it exists
        return Response(exposition(), content_type=CONTENT_TYPE_LATEST)

    return pages


def may_read(asked: Request, token: str | None) -> bool:
    """Whether this caller may see the figures."""
    if token:
        sent = asked.headers.get("Authorization", "").encode("utf-8", "replace")
        return hmac.compare_digest(sent, f"Bearer {token}".encode())
    if any(name in asked.headers for name in PROXY_HEADERS):
        return False
    try:
        return ip_address(asked.remote_addr or "").is_loopback
    except ValueError:
        return False


def exposition() -> bytes:
    """All figures in the text format; of all processes where they share PROMETHEUS_MULTIPROC_DIR."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    for age in AGES:
        together.register(age)
    return generate_latest(together)
