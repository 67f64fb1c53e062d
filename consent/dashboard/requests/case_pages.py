"""The page of one request: what is next, its clock, who asks, what was decided and done, and how it came to that."""

import uuid
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from consent import clock
from consent.dashboard.requests import case_view, entry, naming
from consent.dashboard.requests.filters import LIST
from consent.dashboard.requests.queue_pages import due_in
from consent.dashboard.requests.risk import SHAPES, WORDS, risk_of
from consent.db import Database
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.ledger.keys import Keyring
from consent.policies.answers.openings import wish_of
from consent.policies.governing import Governing
from consent.privacy_requests.casework import cases
from consent.privacy_requests.sorts import ROLES, sort_of
from consent.staff import accounts, doors
from consent.staff.roles import Act
from consent.web.i18n import at_in_words
from consent.web.messages import N_

Page = str | tuple[str, int] | Response
# What a form that was sent says on the page that comes next; the address names it by its key.
DONE = {
    "assign": N_("You are in charge of it."),
}


def add(pages: Blueprint, db: Database, keyring: Keyring, governing: Governing) -> None:
    """/staff/requests/<id>."""

    @pages.get(f"{LIST}/<uuid:request_id>")
    @doors.require(Act.REQUESTS_SEE)
    def case(request_id: uuid.UUID) -> Page:
        return shown(request_id, {})

    def shown(request_id: uuid.UUID, wrong: dict[str, str], **more: Any) -> str:
        member, now = doors.current(), clock.now()
        with db.read(member.organization_id) as tx:
            one = cases.load(tx, member.organization_id, request_id)
            names = {account.id: account.name for account in accounts.every(tx, keyring, member.organization_id)}
            person = case_view.person(tx, keyring, one)
            lines = case_view.lines(tx, one, names)
        in_force = governing.at(one.organization_id, one.received_at)
        zone = zones.zone(in_force.rulebook.organization.zone)
        today = local_date(now, zone)
        sort = sort_of(wish_of(one.request_type))
        return doors.render(
            "requests_desk/case.html", case=one, names=names, person=person, lines=lines, naming=naming, wrong=wrong,
            risk=risk_of(one.answer_by, today, over=not one.under_way), shapes=SHAPES, risks=WORDS,
            due_in=lambda due: due_in(due, today), at=lambda moment: at_in_words(moment, zone),
            done=naming.said(DONE[key]) if (key := request.args.get("done", "")) in DONE else "",
            needs_proof=sort is None or sort.proof, role_name=_role, authority_name=_authority,
            **({"shown_address": ""} | more),
        )  # fmt: skip


def _role(role: str) -> str:
    return naming.said(ROLES[role]) if role in ROLES else role.replace("-", " ")


def _authority(kind: str) -> str:
    return naming.said(entry.AUTHORITIES[kind]) if kind in entry.AUTHORITIES else kind.replace("-", " ")
