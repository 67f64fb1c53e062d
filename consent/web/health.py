"""Is the process alive, and may it be given work? Answers hold codes that tell nothing of the inside."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response

from consent.db import Database, Sql
from consent.web import logs
from consent.web.bodies import json_response

Check = Callable[[], None]

_ONE = Sql("SELECT 1")


def blueprint(checks: Mapping[str, Check]) -> Blueprint:
    """/healthz: the process answers. /readyz: every check passed, else the names of those that raised."""
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    def healthz() -> Response:
        return json_response({"status": "alive"})

    @pages.get("/readyz")
    def readyz() -> Response:
        reasons = [name for name, check in checks.items() if not _passes(name, check)]
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
