"""What is gone through for a request, and how far that is: the list of its type beside its timeline."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from consent.errors import Filled
from consent.policies.answers.fees import FEE_STEPS
from consent.policies.rulebook import Rulebook
from consent.privacy_requests import types
from consent.privacy_requests.casework.cases import Case
from consent.privacy_requests.moves import APPROVED, NotNow
from consent.privacy_requests.steps import Step
from consent.privacy_requests.types import Item
from consent.web.messages import N_

# Items that a verb does by itself, by the kind of its step.
_BY_VERB = frozenset(("acknowledged", "verified", "decided", "approved"))
# Items that no tick does: a verb does them, or the receipts of the systems.
BY_ITSELF = _BY_VERB | {"done", "certified"}
REOPENED = "reopened"
_UNDONE = frozenset(("sent_back", REOPENED))  # after one of these it is decided and approved anew

NO_STEP, FIRST = N_("This is no step of such a request."), N_("First: %(item)s.")
NO_TICK = N_("A tick does not do this step: it is done with what belongs to it.")
LAST = N_("An officer approves it first; then this is the last step.")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list, and since when it is done."""

    item: Item
    done_at: datetime | None

    @property
    def done(self) -> bool:
        """Is it done?"""
        return self.done_at is not None

    @property
    def ticked(self) -> bool:
        """Is it done by the press of a button, with nothing to be written down?"""
        return self.item.key not in BY_ITSELF and not self.item.facts


def of(case: Case, timeline: Iterable[Step]) -> tuple[Line, ...]:
    """The list of this type of request, each line with the step that did it."""
    done: dict[str, datetime] = {}
    lines = types.of(case.request_type).checklist
    undone = ["decided", "approved", "done", "certified", *(one.key for one in lines if one.last)]
    written = [one.key for one in lines if one.facts]  # what was written down was of the answer that went
    if case.acknowledged_at is not None:
        done["acknowledged"] = case.acknowledged_at
    if case.verified_at is not None:
        done["verified"] = case.verified_at
    for step in timeline:
        if step.kind in _UNDONE:
            for key in undone + (written if step.kind == REOPENED else []):
                done.pop(key, None)
        elif step.kind == "checked":
            done.setdefault(str(step.facts.get("item", "")), step.at)
        elif step.kind == "fulfilled":  # closed by its receipts; with a certificate where something was carried out
            done["done"] = step.at
            if step.facts.get("certificate"):
                done["certified"] = step.at
        elif step.kind in _BY_VERB:
            done[step.kind] = step.at
    return tuple(Line(one, done.get(one.key)) for one in lines)


def refuse_too_early(
    rulebook: Rulebook, case: Case, timeline: Iterable[Step], item: str, *, told: bool = False
) -> None:
    """NotNow where something stands before it: in the list of a type that goes in order, or in the promised order.

    `told`: its facts come with it. Without them it is refused where a tick does not do it.
    """
    kind = types.of(case.request_type)
    lines = of(case, timeline)
    keys = [one.item.key for one in lines]
    if item not in keys:
        raise NotNow(NO_STEP)
    at = keys.index(item)
    if not (lines[at].ticked or (told and lines[at].item.facts)):
        raise NotNow(NO_TICK)
    before = [one.item for one in lines[:at] if not one.done]
    if kind.in_order and before:
        raise NotNow(Filled(FIRST, item=before[0].title))
    if lines[at].item.last and case.state != APPROVED:
        raise NotNow(LAST)
    if kind.in_order and item in FEE_STEPS:
        done = frozenset(one.item.key for one in lines if one.done)
        verdict = rulebook.requests.may_do(item, case.request_type, done)
        if verdict.answer != "allow":
            raise NotNow(" ".join(one.text for one in verdict.reasons))


def refuse_unfinished(case: Case, timeline: Iterable[Step], *, approving: bool = False) -> None:
    """NotNow while a line of a list that goes in order is not done; `approving`: what comes last is still to come."""
    if types.of(case.request_type).in_order:
        for one in of(case, timeline):
            if not one.done and not (approving and one.item.last):
                raise NotNow(Filled(FIRST, item=one.item.title))
