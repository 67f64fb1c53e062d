"""What is gone through for a request, and how far that is: the list of its type beside its timeline. Pure.

A line is ticked by the fact that does it, where there is one; by hand only where nothing else could tell.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from consent.errors import Filled
from consent.policies.answers.fees import FEE_STEPS
from consent.policies.answers.refusals import NO_AUTHORITY, UNVERIFIED
from consent.policies.rulebook import Rulebook
from consent.privacy_requests import types
from consent.privacy_requests.casework import letters
from consent.privacy_requests.casework.cases import Case
from consent.privacy_requests.moves import APPROVED, DENIED, EXPIRED, FULFILLED, REVOKED, NotNow
from consent.privacy_requests.steps import Step
from consent.privacy_requests.types import Item
from consent.web.messages import N_

# Items that a verb does by itself, by the kind of its step.
_BY_VERB = frozenset(("acknowledged", "verified", "decided", "approved"))
_CLOSED = (FULFILLED, DENIED)
# Items that no tick does: a verb does them, or the receipts of the systems.
BY_ITSELF = _BY_VERB | {"done", "certified"}
# Items that somebody may tick, and that a fact ticks where it comes first.
BY_FACT = frozenset(("looked-up", "told", "answer-offered"))
REOPENED = "reopened"
_UNDONE = frozenset(("sent_back", REOPENED))  # after one of these it is decided and approved anew
_TOLD_BY = "told"
# Lines of carrying out; of a refusal nothing is carried out.
_CARRIED = frozenset(("done", "answer-offered", "use-halted", "not-a-cancellation", "emergency-location"))
_UNPROVEN = frozenset((UNVERIFIED, NO_AUTHORITY))
# Why a line need not be done.
NOT_ASKED = N_("no promise or law asks for it here")
ANSWERED = N_("the answer came before the day by which it is confirmed")
REFUSED = N_("it was refused, so nothing is carried out")
NOT_SHOWN = N_("it was refused because nobody could show who asks")
TAKEN_BACK = N_("the person took the request back")
OVER = N_("the request expired")
# What ticked a line that nobody did by itself.
LISTED = N_("looked up when it was decided: what is held was listed on this page")

NO_STEP, FIRST = N_("This is no step of such a request."), N_("First: %(item)s.")
NO_TICK = N_("A tick does not do this step: it is done with what belongs to it.")
LAST = N_("An officer approves it first; then this is the last step.")


@dataclass(frozen=True, slots=True)
class End:
    """What the receipts say of a closed request: when the person was told, and when the last of it was carried out.

    Both are None while it is not so. `closed_on` is the day by the calendar of the organization.
    """

    told_at: datetime | None
    done_at: datetime | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list, and since when it is done; `spared` says why it need not be.

    `fact` says what ticked it, where no act of its own did.
    """

    item: Item
    done_at: datetime | None
    spared: str = ""
    fact: str = ""

    @property
    def done(self) -> bool:
        """Is it done?"""
        return self.done_at is not None

    @property
    def open(self) -> bool:
        """Is it still to be done?"""
        return not self.done and not self.spared

    @property
    def ticked(self) -> bool:
        """Is it done by the press of a button, with nothing to be written down?"""
        return self.item.key not in BY_ITSELF and not self.item.facts


def of(case: Case, timeline: Iterable[Step], end: End | None = None) -> tuple[Line, ...]:
    """The list of this type of request, each line with the fact that did it; `end` is what is known of a closed one."""
    done: dict[str, datetime] = {}
    facts: dict[str, str] = {}
    kind = types.of(case.request_type)
    lines = kind.checklist
    undone = ["decided", "approved", "done", "certified", *(one.key for one in lines if one.last)]
    written = [one.key for one in lines if one.facts]  # what was written down was of the answer that went
    if case.acknowledged_at is not None:
        done["acknowledged"] = case.acknowledged_at
    if case.verified_at is not None:
        done["verified"] = case.verified_at
    for step in timeline:
        if step.kind in _UNDONE:
            for key in undone + ([*written, _TOLD_BY] if step.kind == REOPENED else []):
                done.pop(key, None)
        elif step.kind == "checked":
            done.setdefault(str(step.facts.get("item", "")), step.at)
        elif step.kind == "written" and step.facts.get("letter") in letters.TELL:
            done.setdefault(_TOLD_BY, step.at)
        elif step.kind in _CLOSED:  # with a certificate where systems did it, or where all of it was refused
            if step.kind == _CLOSED[0]:
                done |= {"done": step.at} | ({"answer-offered": step.at} if step.facts.get("certificate") else {})
            if step.facts.get("certificate"):
                done["certified"] = step.at
        elif step.kind in _BY_VERB:
            done[step.kind] = step.at
    if kind.by_category and "decided" in done:  # it names every class that is held, which was looked up for it
        if "looked-up" not in done:
            facts["looked-up"] = LISTED
        done.setdefault("looked-up", done["decided"])
    if end is not None and not case.under_way:
        _by_receipts(done, end)
    return tuple(
        Line(one, done.get(one.key), "" if one.key in done else _spared(case, one.key, end), facts.get(one.key, ""))
        for one in lines
    )


def _by_receipts(done: dict[str, datetime], end: End) -> None:
    """What the closing says to be done is done when its receipt is there."""
    for key, at in (("done", end.done_at), ("certified", end.told_at)):
        if key in done and at is None:
            del done[key]
        elif at is not None and key in done:
            done[key] = at
    if end.told_at is not None:
        done.setdefault(_TOLD_BY, end.told_at)


def _spared(case: Case, key: str, end: End | None) -> str:
    """Why this line need not be done; empty where it is to be."""
    if case.state in (REVOKED, EXPIRED):
        return TAKEN_BACK if case.state == REVOKED else OVER
    if key == "acknowledged":
        if case.acknowledge_by is None:
            return NOT_ASKED
        closed = end.closed_on if end is not None else None
        return ANSWERED if closed is not None and closed <= case.acknowledge_by else ""
    if case.state != DENIED:
        return ""
    if key == "verified" and case.denied_ground in _UNPROVEN:
        return NOT_SHOWN
    return REFUSED if key in _CARRIED else ""


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
    before = [one.item for one in lines[:at] if one.open]
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
            if one.open and not (approving and one.item.last):
                raise NotNow(Filled(FIRST, item=one.item.title))
