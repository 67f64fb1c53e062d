"""Every measure that protects data by a promise, and how rarely it may be reviewed. Pure."""

from collections.abc import Iterator
from datetime import datetime

from consent.dashboard.contacts.register import SAFEGUARD, Place, review_days
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.rulebook import Rulebook

SCAN = "vulnerability-scanning"


def places(rulebook: Rulebook, now: datetime) -> list[Place]:
    """Each measure once for each promise that names it, in the order of the policies (VSH-03, VAL-16, SMT-30)."""
    return [
        Place(SAFEGUARD, f"{promise.id}:{measure}", (promise.id,), _most(promise, measure, rulebook, now))
        for version in rulebook.versions
        for promise in version.commitments
        if promise.kind == "security-measure"
        for measure in _measures(promise)
    ]


def _measures(promise: Promise) -> Iterator[str]:
    yield from s.as_list(promise.parameters.get("measures"))
    for key in ("storage", "security"):
        if key in promise.parameters:
            yield f"{key}-{promise.parameters[key]}"


def _most(promise: Promise, measure: str, rulebook: Rulebook, now: datetime) -> int:
    """How many days may lie between two looks, as the organization settled it."""
    return review_days(str(promise.decided["scan_every" if measure == SCAN else "review_every"]), rulebook, now)
