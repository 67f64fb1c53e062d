"""On which grounds data may stay or a request may be refused: a closed list, each with whose ground it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from consent.policies.answers.asking import Asker
from consent.policies.answers.openings import OF_CHILDREN
from consent.policies.answers.reasons import of_kind
from consent.policies.jurisdictions import same_place
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.kinds.requests import types_of
from consent.policies.law import LawRule

REFUSE, KEEP, DEFER, ISOLATE = "refuse", "keep", "defer", "isolate"
# What the check of who asks, its authority, a fee or a cap leaves as a ground; the promise says whether there is one.
UNVERIFIED, NO_AUTHORITY, NOT_OPEN = "identity-not-verified", "authority-not-shown", "not-open-to-this-person"
UNPAID, MIXED, TOO_OFTEN, ELSEWHERE = "fee-not-paid", "shared-log-files", "answered-often-enough", "from-other-sources"
CONTROLLER = "another-company-decides"


@dataclass(frozen=True)
class Ground:
    """One ground: its word, the commitment or law it rests on, and which outcomes it can carry."""

    code: str
    source: str
    carries: frozenset[str]
    recheck: str | None = None  # what a deferral waits for


class Refusals:
    """The grounds that one organization's promises and the law of its places know."""

    def __init__(self, promises: Sequence[Promise]) -> None:
        self._mine = [one for one in promises if not isinstance(one, LawRule)]
        self._law = [one for one in promises if isinstance(one, LawRule)]

    def of(self, request_type: str, asker: Asker, rights: Sequence[Promise]) -> tuple[Ground, ...]:
        """The closed list for this request of this person; `rights` are the promises that grant it."""
        lawful = [
            one for one in self._law if same_place(one.jurisdictions, asker.jurisdiction) or asker.jurisdiction is None
        ]
        found: list[Ground] = []
        if request_type in ("deletion", OF_CHILDREN):
            found += self._of_deletion(rights, lawful, of_a_child=request_type == OF_CHILDREN)
        granting = [
            *rights,
            *(one for one in of_kind(lawful, "request-right") if request_type in types_of(one.parameters)),
        ]
        for one in granting:
            for code in s.as_list(one.parameters.get("exceptions")):
                if not any(each.id == code for each in self._mine):  # an id points to a promise that is read itself
                    found.append(Ground(code, one.id, frozenset((REFUSE,))))
            if one.parameters.get("data_scope") == "collected-from-person":
                found.append(Ground(ELSEWHERE, one.id, frozenset((REFUSE, KEEP))))
        found += self._of_the_check(request_type, granting)
        return tuple({one.code: one for one in reversed(found)}.values())[::-1]

    def _of_deletion(
        self, rights: Sequence[Promise], lawful: Sequence[Promise], *, of_a_child: bool
    ) -> Iterable[Ground]:
        """Its own exceptions where it promises to delete, else those of the law; some yield to a child."""
        special = {
            one.id
            for one in of_kind(self._mine, "deadline")
            if of_a_child and "remove-data" in s.as_list(one.parameters.get("actions"))
        }
        for one in of_kind(self._mine if rights else lawful, "deletion-exception"):
            if special & set(s.as_list(one.decided.get("yields_to"))):
                continue
            recheck = one.parameters.get("recheck_trigger")
            carries = frozenset((KEEP, ISOLATE, DEFER) if recheck else (KEEP, ISOLATE))
            for code in one.parameters["exceptions"]:
                if code != "backups":  # no ground to keep: a date on which the last copy is gone
                    yield Ground(code, one.id, carries, str(recheck) if recheck else None)
        for one in of_kind(self._mine, "purpose-limit"):
            if "gate" in one.parameters:
                gate = str(one.parameters["gate"])
                yield Ground(gate, one.id, frozenset((DEFER,)), f"end-of-{gate}")
        for one in of_kind(self._mine, "suppression-record"):
            if "deletion-request" in s.as_list(one.parameters.get("survives")):
                yield Ground("suppression-list", one.id, frozenset((KEEP,)))

    def _of_the_check(self, request_type: str, granting: Sequence[Promise]) -> Iterable[Ground]:
        refuse = frozenset((REFUSE,))
        checks = [
            one for one in of_kind(self._mine, "identity-verification") if request_type in types_of(one.parameters)
        ]
        checks += [one for one in granting if one.parameters.get("verification") not in (None, "none")]
        for one in (*checks, *(one for one in granting if isinstance(one, LawRule)))[:1]:
            yield Ground(UNVERIFIED, one.id, refuse)
        for one in _about(request_type, of_kind(self._mine, "authorized-agent")):
            yield Ground(NO_AUTHORITY, one.id, refuse)
        for one in granting:
            if one.parameters.get("grounds") or set(s.as_list(one.parameters.get("persons"))) - {"anyone"}:
                yield Ground(NOT_OPEN, one.id, refuse)
        for kind, code in (("request-frequency", TOO_OFTEN), ("request-fee", UNPAID)):
            for one in _about(request_type, of_kind(self._mine, kind)):
                yield Ground(code, one.id, refuse)
        if request_type == "usage-log-file":
            for one in of_kind(self._mine, "share-ban"):
                if any(each.endswith("-logs") for each in s.as_list(one.parameters.get("banned"))):
                    yield Ground(MIXED, one.id, refuse)
        for one in of_kind(self._mine, "role-allocation"):
            if "controller" in one.parameters:
                yield Ground(CONTROLLER, one.id, refuse)


def _about(request_type: str, promises: Iterable[Promise]) -> list[Promise]:
    return [one for one in promises if request_type in types_of(one.parameters)]
