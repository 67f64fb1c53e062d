"""The first steps: receipt confirmed, who asks made sure of, somebody in charge, passed on to who decides first."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from consent.db import Tx
from consent.errors import BadInput
from consent.outbox.mail import Mail
from consent.policies.answers.fees import FEE_STEPS
from consent.policies.questions import Reason
from consent.privacy_requests import steps
from consent.privacy_requests.casework import checklist, clocks, corrections, identity, letters
from consent.privacy_requests.casework.cases import Case, Desk, Hand, move, take
from consent.privacy_requests.moves import NotNow
from consent.web.messages import N_

MOST_METHODS = 8


def acknowledge(
    tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, *, told: str = letters.MAIL,
    letter: Mail | None = None, version: int | None = None,
) -> Case:  # fmt: skip
    """The person knows that the request has arrived, how it goes on and by when it is answered."""
    case = take(tx, desk, request_id, version)
    letters.send(tx, desk, case, told, letter, "acknowledge", now)
    return move(
        tx, desk, case, "acknowledge", by, now, values={"acknowledged_at": case.acknowledged_at or now},
        data={"told": told},
    )  # fmt: skip


def verify(
    tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, methods: Sequence[str], *,
    shown: Sequence[str] = (), version: int | None = None,
) -> Case:  # fmt: skip
    """It is made sure who asks, by these methods; evidence taken for it is gone with this step.

    `shown` is what a representative showed of their authority and of who they ask for: both, or BadInput (T-59).
    """
    case = take(tx, desk, request_id, version)
    if not methods or len(methods) > MOST_METHODS:
        raise BadInput(N_("Say by what it was made sure who asks."), field="methods")
    data: dict[str, object] = {"methods": sorted(set(methods))}
    if case.representative is not None:
        asker = clocks.asker(desk.rulebook, case)
        verdict = desk.rulebook.requests.may_represent(case.request_type, asker, frozenset(shown))
        missing = [one.text for one in verdict.reasons] if verdict.answer != "allow" else []
        unsaid = bool(missing) and all(one.code == "not-stated" for one in verdict.reasons)
        if missing and not (unsaid and {"authority", "principal-identity"} <= set(shown)):
            raise BadInput(" ".join(missing), field="shown")
        data |= {"shown": sorted(set(shown)), "rests_on": named(verdict.reasons)}
    data["evidence_deleted"] = identity.delete_all(tx, case.organization_id, case.id)
    values: dict[str, object] = {"verified_at": case.verified_at or now}
    values |= clocks.answer_by(desk.rulebook, case, verified_at=case.verified_at or now, pauses=case.pauses)
    return move(tx, desk, case, "verify", by, now, values=values, data=data)


def assign(
    tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, member_id: uuid.UUID | None, *,
    version: int | None = None,
) -> Case:  # fmt: skip
    """This member is in charge; nobody, where it is None."""
    case = take(tx, desk, request_id, version)
    told = {"to": str(member_id) if member_id else ""}
    return move(tx, desk, case, "assign", by, now, values={"assigned_to": member_id}, data=told)


def route(
    tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, *, told: str = letters.MAIL,
    letter: Mail | None = None, version: int | None = None,
) -> Case:  # fmt: skip
    """It is passed on to who decides first, by the promise that says so; the day on which we step in is set."""
    case = take(tx, desk, request_id, version)
    found = desk.rulebook.requests.route(case.request_type, case.counts_from, clocks.asker(desk.rulebook, case))
    if found is None:
        raise NotNow(N_("Nobody else decides first about such a request of such a person: it is answered here."))
    letters.send(tx, desk, case, told, letter, "route", now)
    data: dict[str, object] = {"to": found.to, "told": told}
    data["rests_on"] = ", ".join(named(found.reasons))
    if found.fallback_on is not None:
        data |= {"fallback": found.fallback or "", "fallback_on": found.fallback_on.isoformat()}
    values: dict[str, object] = {"routed_to": found.to, "fallback_on": found.fallback_on}
    return move(tx, desk, case, "route", by, now, values=values, data=data)


def check(
    tx: Tx, desk: Desk, request_id: uuid.UUID, by: Hand, now: datetime, item: str, *, note: str | None = None,
    version: int | None = None, facts: Mapping[str, object] | None = None,
) -> Case:  # fmt: skip
    """A step of the type's list is done: it stands in the timeline with its facts, none of which is personal.

    `note` is sealed with its entry.
    """
    case = take(tx, desk, request_id, version)
    told = steps.timeline(tx, case.organization_id, case.id)
    checklist.refuse_too_early(desk.rulebook, case, told, item, told=facts is not None)
    if item == corrections.ITEM and not corrections.written(tx, case):
        raise NotNow(corrections.UNWRITTEN)
    data = {"item": item} | dict(facts or {})
    if item in FEE_STEPS and (
        paid := named(desk.rulebook.requests.may_do(item, case.request_type, frozenset()).reasons)
    ):
        data["rests_on"] = paid
    return move(tx, desk, case, "check", by, now, data=data, words=note)


def named(reasons: Iterable[Reason]) -> list[str]:
    """The promises that these reasons name, sorted, for the entry of the step that rests on them."""
    return sorted({one.commitment for one in reasons if one.commitment})
