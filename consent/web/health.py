"""Is the process alive, and may it be given work? Answers hold codes that tell nothing of the inside."""

from collections.abc import Callable, Mapping
from typing import Protocol

from flask import Blueprint, Response

from consent.db import Database, Sql
from consent.web import logs
from consent.web.bodies import json_response

Check = Callable[[], None]
IN_THE_DATABASE = frozenset(
    {"database", "migrations"}
)  # what the spool stands in for while it takes what gateways bring

_ONE = Sql("SELECT 1")


class StandIn(Protocol):
    """Where webhooks are kept while the database is away."""

    def waiting(self) -> bool:
        """Whether something is kept there."""
        ...

    def usable(self) -> bool:
        """Whether something could be."""
        ...


def blueprint(checks: Mapping[str, Check], spool: StandIn | None = None) -> Blueprint:
    """/healthz: the process answers. /readyz: every check passed, else the names of those that raised.

    Degraded is ready: a load balancer that took this process away would lose the texts that the spool still takes.
    """
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    def healthz() -> Response:
        return json_response({"status": "alive"})

    @pages.get("/readyz")
    def readyz() -> Response:
        reasons = [name for name, check in checks.items() if not _passes(name, check)]
        kept = spool is not None and spool.waiting()
        if spool is not None and IN_THE_DATABASE.issuperset(reasons) and (kept or (reasons and spool.usable())):
            return json_response({"status": "degraded", "reasons": [*reasons, "spool"]})
        if reasons:
            return json_response({"status": "not ready", "reasons": reasons}, 503, [("Retry-After", "5")])
        return json_response({"status": "ready"})

    return pages


def database_reachable(db: Database) -> Check:
    """The check that one read comes back."""

    def check() -> None:
        with db.read() as tx:
            tx.one(_ONE, {})

    return check


def _passes(name: str, check: Check) -> bool:
    try:
        check()
    except Exception as error:  # whatever it is, this process must not be given work
        logs.log.warning("not ready", check=name, **logs.traced(error))
        return False
    return True
