"""From which age something is allowed, by act, and what follows below it."""

from collections.abc import Sequence
from typing import NamedTuple

from consent.policies.answers.reasons import allowed, because, denied
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.kinds.persons import minimum_age
from consent.policies.organization import OrganizationPack
from consent.policies.questions import Reason, Verdict
from consent.policies.reasons import told
from consent.web.messages import N_

UNDATED = N_("The promise sets an age. No promise sets a time by which data of somebody younger goes.")

# The words of promises that speak of each act; giving consent is always among what a minimum age is for.
_WORDS = {
    "opt-in": None,
    "register": frozenset({"register", "collect", "engage"}),
    "purchase": frozenset({"purchase"}),
    "collect": frozenset({"collect"}),
    "marketing": frozenset({"solicit", "targeting", "engage"}),
    "targeting": frozenset({"targeting", "solicit"}),
    "engage": frozenset({"engage"}),
}


class Minimum(NamedTuple):
    """The youngest age that is let in; None where nothing is said, which is not the same as zero (T-90)."""

    age: int | None
    commitments: tuple[str, ...]


class Ages:
    """The promises about age, ready to be asked."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise]) -> None:
        self._limits = tuple(one for one in promises if one.kind == "age-limit")

    def minimum(self, act: str = "opt-in") -> Minimum:
        """The age from which the act is allowed; the highest of several."""
        about = [one for one in self._limits if _speaks_of(one, act)]
        if not about:
            return Minimum(None, ())
        return Minimum(max(minimum_age(one) for one in about), tuple(one.id for one in about))

    def undated(self) -> tuple[Reason, ...]:
        """Where an age is promised, and no promise says when data of somebody younger goes: each that sets an age."""
        return tuple(because("undated", UNDATED, one) for one in self._limits)

    def may(self, act: str, age: int | None = None, *, minor: bool | None = None) -> Verdict:
        """May a person of this declared age do that, or be dealt with in that way?"""
        about = [one for one in self._limits if _speaks_of(one, act)]
        least = self.minimum(act).age
        if minor and (least is None or age is None):
            return denied(
                [told("too-young", "The person is known to be a minor, and no age is stated for this.", about)]
            )
        if least is not None and age is not None and age < least:
            text = f"The person is {age}, and this is allowed from {least} years on."
            return denied([told("too-young", text, about)])
        return allowed(told("old-enough", "Nothing known of the person's age speaks against it.", about))


def _speaks_of(promise: Promise, act: str) -> bool:
    parameters = promise.parameters
    words = _WORDS.get(act)
    if words is None:
        return True
    named = set(s.as_list(parameters.get("applies_to"))) | set(s.as_list(parameters.get("banned")))
    if parameters.get("knowing_collection") == "banned":
        named |= {"collect", "register"}
    if parameters.get("marketing_to_under") == "banned":
        named |= {"targeting", "solicit"}
    return not named.isdisjoint(words)
