"""Reasons of an answer: one sentence each, with the commitment or law and the clause it rests on."""

from collections.abc import Iterable, Sequence

from consent.policies.kinds import Promise
from consent.policies.law import LawRule
from consent.policies.questions import Reason, Verdict
from consent.policies.version import Commitment


def because(code: str, text: str, promise: Promise | None = None) -> Reason:
    """The reason of that code, resting on this promise."""
    if isinstance(promise, Commitment):
        return Reason(code, text, commitment=promise.id, clause=promise.clause.heading)
    if isinstance(promise, LawRule):
        return Reason(code, text, law=promise.id)
    return Reason(code, text)


def allowed(*reasons: Reason) -> Verdict:
    """It may be done, for these reasons."""
    return Verdict("allow", reasons)


def denied(reasons: Iterable[Reason]) -> Verdict:
    """It may not be done, for each of these reasons."""
    return Verdict("deny", tuple(dict.fromkeys(reasons)))


def of_kind(promises: Sequence[Promise], *kinds: str) -> tuple[Promise, ...]:
    """The promises of these kinds, in their order."""
    return tuple(one for one in promises if one.kind in kinds)
