"""Reasons of an answer: one sentence each, with the commitment or law and the clause it rests on."""

from collections.abc import Iterable, Sequence

from consent.policies.kinds import Promise
from consent.policies.law import LawRule
from consent.policies.organization import OrganizationPack
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


class Groups:
    """Which words a promise may use for a class of data: its own key, the service it belongs to, or all of it."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise]) -> None:
        self.services = {one.key: one.service for one in organization.data_categories}
        self.declared = {
            category
            for one in of_kind(promises, "data-category-collected")
            for category in one.parameters["data_categories"]
        }

    def of(self, data: str) -> frozenset[str]:
        """Every word that reaches this class of data."""
        service = self.services.get(data)
        return frozenset((data, service, f"{service}-data", "all") if service else (data, "all"))

    def reaches(self, named: Iterable[str], data: str) -> bool:
        """Does a promise about `named` speak of this class of data?"""
        return not self.of(data).isdisjoint(named)

    def known(self, data: str) -> bool:
        """Is it in the inventory: declared by a commitment, or listed by the operator?"""
        return data in self.declared or data in self.services or data in self.services.values()
