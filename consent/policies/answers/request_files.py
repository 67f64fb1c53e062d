"""How long the record of a request is kept after it was answered."""

from collections.abc import Iterable

from consent.deadlines import Period
from consent.policies.answers.reasons import of_kind
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s

RECORD = "privacy-requests"


def kept_for(promises: Iterable[Promise], settled: Period | None) -> Period | None:
    """The longest time that a promise, a law or the company asks for; None where none does: no machine reduces it."""
    periods = [settled] if settled is not None else []
    periods += [
        Period.parse(str(one.parameters["period"]))
        for one in of_kind(list(promises), "retention-limit")
        if RECORD in s.as_list(one.parameters.get("data")) and "period" in one.parameters
    ]
    return max(periods, key=lambda one: one.months * 31 + one.days, default=None)
