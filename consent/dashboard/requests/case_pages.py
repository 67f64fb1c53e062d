"""The page of one request: what is next, its clock, who asks, what was decided and done, and how it came to that."""

import uuid
from datetime import date
from typing import Any, Protocol

from flask import Blueprint, request
from werkzeug.wrappers import Response

from consent import clock
from consent.dashboard.requests import (
    by_hand,
    case_view,
    clock_view,
    desk,
    ending_view,
    entry,
    holdings,
    marketing_view,
    naming,
    next_up,
    outcomes,
    proposal,
    speaking,
)
from consent.dashboard.requests.desk import Seen
from consent.dashboard.requests.filters import LIST
from consent.dashboard.requests.letters import catalogue
from consent.dashboard.requests.lines import due_in
from consent.dashboard.requests.risk import SHAPES, WORDS, Risk, risk_of
from consent.dashboard.requests.step_facts import METHODS, SHOWN
from consent.db import Database
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.policies.staff_settings import ADDRESSES
from consent.privacy_requests import casework, steps, types
from consent.privacy_requests.answers import certificates
from consent.privacy_requests.casework import checklist, classes, holding, identity, repeated
from consent.privacy_requests.casework.deciding import ERASE, is_for_good
from consent.privacy_requests.moves import APPROVED
from consent.privacy_requests.sorts import ROLES
from consent.privacy_requests.tasks import accounts as stores
from consent.privacy_requests.tasks import ending as endings
from consent.privacy_requests.tasks import service as tasks
from consent.privacy_requests.types import Doing
from consent.staff import accounts, approvals, doors, looking
from consent.staff.roles import Act, Role, may
from consent.web.i18n import at_in_words, page_language
from consent.web.masking import mask
from consent.web.messages import N_

Page = str | tuple[str, int] | Response
# What a form that was sent says on the page that comes next; the address names it by its key.
DONE = {
    "letter": N_("The letter is on its way."),
    "told": N_("It is noted that you told them."),
    "assign": N_("It is noted who is in charge."),
    "verify": N_("It is noted that it was made sure who asks."),
    "check": N_("The step is done."),
    "resume": N_("The clock runs again."),
    "decide": N_("Decided. An officer approves it next; nothing happens before."),
    "approve": N_("Approved. It is being carried out."),
    "fresh": N_("Thank you. Now press Approve."),
    "return": N_("The decision went back."),
    "revoke": N_("Noted that the person took it back."),
    "reopen": N_("It is under way again."),
    "close": N_("The request is closed."),
    "changes": N_("Written down. It is decided next."),
    "task": N_("It is noted that this is done."),
    "again": N_("The system tries once more."),
    "released": N_("The file waits for the person behind a fresh code, and the request is closed."),
    "evidence": N_("The file is kept, sealed, until the check is done."),
}


class Shows(Protocol):
    """Draws the page of a request: with what is wrong by field, and since what the form that was sent knew of it."""

    def __call__(
        self, request_id: uuid.UUID, wrong: dict[str, str], *, since: Seen | None = None, shown_address: str = ""
    ) -> str: ...


def add(pages: Blueprint, db: Database, keyring: Keyring, governing: Governing) -> Shows:
    """/staff/requests/<id>."""

    def show(
        request_id: uuid.UUID, wrong: dict[str, str], *, since: Seen | None = None, shown_address: str = ""
    ) -> str:
        member, now = doors.current(), clock.now()
        organization_id = member.organization_id
        named = speaking.for_staff(governing.now(organization_id, now).rulebook.organization)
        with db.read(organization_id) as tx:
            case = casework.load(tx, organization_id, request_id)
            everybody = accounts.every(tx, keyring, organization_id)
            names = {one.id: one.name for one in everybody}
            person = case_view.person(tx, keyring, case)
            told = steps.timeline(tx, organization_id, request_id)
            files = identity.listed(tx, organization_id, request_id)
            decided = outcomes.of(tx, case, person.key)
            doing = tasks.of_request(tx, organization_id, request_id)
            ending = endings.read(tx, case, doing, told, now)
            waits = case.state == "approved" or ending.left is endings.Left.SECOND
            second = approvals.newest(tx, organization_id, ERASE, request_id) if waits else None
            somebody = any(one.state == "by_hand" for one in doing)
            how = stores.instructions(tx, keyring, organization_id, page_language()) if somebody else {}
            wrote = by_hand.said(tx, keyring, organization_id, doing)
            lines = case_view.lines(tx, case, names, keyring, speaker=named, said=by_hand.by_part(doing, wrote))
            certified = certificates.of_request(tx, keyring, organization_id, request_id)
        in_force = governing.at(organization_id, case.counts_from)
        rulebook = in_force.rulebook
        with db.read(organization_id) as tx:
            about_marketing = case.request_type == marketing_view.TYPE
            told_to = marketing_view.of(tx, keyring, rulebook, case) if about_marketing else None
            counted = repeated.tally(tx, rulebook, case)
            asked_before = len(repeated.others(tx, case))
        times, zone = casework.clock(rulebook, case, now), zones.zone(rulebook.organization.zone)
        today = local_date(now, zone)
        speaker = speaking.for_staff(rulebook.organization)
        usual = proposal.of(db, keyring, case, rulebook, now)
        kind = types.of(case.request_type)
        prepared = kind.doing is not Doing.CORRECT or bool(usual.outcomes)
        at_work = desk.at_work(everybody)
        route = rulebook.requests.route(case.request_type, case.counts_from, casework.clocks.asker(rulebook, case))
        closed_on = local_date(case.closed_at, zone) if case.closed_at is not None else None
        checks = checklist.of(case, told, checklist.End(ending.told_at, ending.done_at, closed_on))
        first = next((one.item for one in checks if one.open), None) if kind.in_order else None
        if case.reopened_at is not None and case.decided_at is None:
            decided = ()  # it is decided anew; what was said before stands in the timeline
        asked_on = next((local_date(one.at, zone) for one in reversed(told) if _asks_for_proof(one)), None)
        end = ending_view.of(ending, case.state)
        here = classes.here(rulebook.organization, "email" if person.by_mail else "sms")
        risk = risk_of(case.answer_by, today, over=not case.under_way) if end.is_over else Risk.LAST
        refused = bool(decided) and all(one.outcome.what == "refuse" for one in decided)
        changed = tuple(one for one in lines if since is not None and one.step.number > since.line)
        return doors.render(
            "requests_desk/case.html", case=case, names=names, person=person, lines=lines, naming=naming, wrong=wrong,
            seen=lines[0].step.number if lines else 0, changed=changed if since is not None else None, kind=kind,
            risk=risk, shapes=SHAPES, risks=WORDS, files=files,
            due_in=_counted(today), at=lambda moment: at_in_words(moment, zone), shown_address=shown_address,
            done="" if wrong or second else _done(case), sent_back=case_view.sent_back(lines),
            colleagues={one.id: one.name for one in everybody if one.id == case.assigned_to or one in at_work},
            words=person.words if shown_address else mask(person.words),
            reasons=looking.offered(governing.now(organization_id, now).rulebook, ADDRESSES),
            role_name=_role, recipient_name=lambda key: speaker.recipient(key).text,
            authority_name=_authority, dated=clock_view.dated(times, rulebook, today, _undone(case)),
            moves=clock_view.moves(times, under_way=case.under_way), times=times, me=member.id,
            mine=_rights(member.role), end=end, wrote=wrote, done_by_hand=by_hand.is_so, ways=by_hand.WAYS, today=today,
            tasks=doing, instructions=how, progress=ending_view.progress(doing),
            goes_last=ending_view.waits_for_last(doing, [one.outcome for one in decided], here),
            open_steps=lambda by_hand: ending_view.open_steps(checks, by_hand=by_hand), asked_on=asked_on,
            certificate=_certificate(rulebook.organization.slug, case) if certified else "",
            next=next_up.of(
                case, kind, member.role, today, prepared=prepared, step=first, refused=refused,
                by_hand=somebody and (case.under_way or ending.left is endings.Left.TELL),
                asked=asked_on is not None, last=not end.is_over,
            ),
            checks=checks, open_item=first, open_step=first.key if first is not None else "", kinds=EVIDENCE,
            verifying=request.args.get("open") == "verify", proves=holdings.PROOF, usual=usual,
            decided=decided, speaker=speaker, holds=usual.holds, class_of=holding.category_of,
            marketing=marketing_view.lines(told_to, speaker) if about_marketing else (),
            tally=counted, asked_before=asked_before,
            alone=rulebook.requests.may_change(case.request_type, casework.clocks.asker(rulebook, case), frozenset()),
            may_reopen=case.state != "revoked" and not (decided and all(for_good(case, one) for one in decided)),
            methods=METHODS, second=second if second is not None and second.waits(now) else None,
            shows=SHOWN, route=route, clause_at=lambda source: clock_view.clause(rulebook, source),
            category_name=lambda key: outcomes.category_name(key, speaker),
            reason_of=lambda one: outcomes.reason(one, speaker),
            letters=_letters(case, times, member.role, passes_on=route is not None),
        )  # fmt: skip

    def _certificate(slug: str, case: casework.Case) -> str:
        word = certificates.pass_of(keyring, case.organization_id, case.id)
        return f"/{slug}/requests/certificates/{case.id}/{word}"

    @pages.get(f"{LIST}/<uuid:request_id>")
    @doors.require(Act.REQUESTS_SEE)
    def case(request_id: uuid.UUID) -> Page:
        return show(request_id, {})

    return show


EVIDENCE = {
    "identity-document": N_("An identity document"),
    "authority": N_("That they may act for the person"),
    "power-of-attorney": N_("A power of attorney"),
    "declaration": N_("A signed declaration"),
    "other": N_("Something else"),
}


def _letters(
    case: casework.Case, times: casework.Clock, role: Role, *, passes_on: bool
) -> tuple[catalogue.Letter, ...]:
    """The letters that can be sent now; one that would be refused is not offered."""
    if not may(role, Act.LETTERS_SEND):
        return ()
    left_out = set()
    if times.may_extend_to is None:
        left_out.add("extension")
    if not passes_on:
        left_out.add("passed-on")
    if types.of(case.request_type).name != "usage-log-file":
        left_out.add("fee")
    if case.request_type != marketing_view.TYPE:
        left_out.add("marketing")
    if case.verified_at is not None:
        left_out.add("proof")
    if case.acknowledged_at is not None:
        left_out.add("received")
    if case.state == APPROVED:  # it is decided: none of these can be a step of it any more
        left_out |= {"received", "proof", "passed-on"}
    if not case.under_way:
        left_out |= {"received", "proof", "details", "passed-on", "extension", "fee"}
    in_words = types.of(case.request_type).in_words
    left_out |= {one for one in catalogue.TELLS if catalogue.too_early(one, case.state, in_words=in_words)}
    return tuple(one for one in catalogue.LETTERS if one.key not in left_out)


def _rights(role: Role) -> dict[str, bool]:
    """What the buttons ask: whether this role may."""
    asked = {"decide": Act.REQUESTS_DECIDE, "approve": Act.REQUESTS_APPROVE, "unmask": Act.PEOPLE_UNMASK,
             "confirm": Act.TASKS_CONFIRM,
             "identity": Act.IDENTITY_SEE}  # fmt: skip
    return {name: may(role, act) for name, act in asked.items()}


def _done(case: casework.Case) -> str:
    """What the form that was sent has done; nothing where it went on since, or the page says so anyway."""
    key = request.args.get("done", "")
    waits = case.state == "in_progress" and case.decided_at is not None
    if (key == "approve" and case.state != "approved") or (key in ("decide", "fresh") and not waits):
        return ""
    return naming.said(DONE[key]) if key in DONE else ""


def _counted(today: date) -> Any:
    return lambda due: due_in(due, today)


def _asks_for_proof(step: steps.Step) -> bool:
    """Was that the letter that asks them to show who they are?"""
    return step.kind == "written" and step.facts.get("letter") == "proof"


def for_good(case: casework.Case, one: outcomes.Decided) -> bool:
    """Did systems carry it out, so that opening the request again leads nowhere?"""
    return is_for_good(case.request_type, one.outcome, one.state)


def _undone(case: casework.Case) -> frozenset[str]:
    """Of the dates of a request under way, those whose act is still to come, be the day past or not."""
    done = {"acknowledge": case.acknowledged_at, "verify": case.verified_at, "suspend": case.acted_at,
            "fallback": case.decided_at}  # fmt: skip
    return frozenset(what for what, at in done.items() if case.under_way and at is None)


def _role(role: str) -> str:
    return naming.said(ROLES[role]) if role in ROLES else role.replace("-", " ")


def _authority(kind: str) -> str:
    return naming.said(entry.AUTHORITIES[kind]) if kind in entry.AUTHORITIES else kind.replace("-", " ")
