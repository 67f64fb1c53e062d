"""The queue: what binds first stands first, each view has an address, and a search never puts a number into one."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent import clock
from consent.dashboard.requests import bulk, choosing, counting, filters, lines, queue, searching
from consent.dashboard.requests.filters import LIST, Filters
from consent.dashboard.requests.queue import Place
from consent.db import Database
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.staff import accounts, doors
from consent.staff.doors import Member
from consent.staff.roles import Act, may
from consent.web import forms
from consent.web.i18n import ngettext, to
from consent.web.messages import N_
from consent.web.paging import cursor, place_of

PAGE = 50
NOT_FOUND = N_(
    "Nothing is on record for this. Look at it again: the whole number or address, or the number of the request."
)

Page = str | tuple[str, int] | Response


def add(pages: Blueprint, db: Database, keyring: Keyring, governing: Governing) -> None:
    """/staff/requests, and the search."""

    @pages.get(LIST)
    @doors.require(Act.REQUESTS_SEE)
    def listing() -> Page:
        chosen, unknown = filters.read(request.args)
        return _page(chosen, unknown)

    @pages.post(f"{LIST}/search")
    @doors.require(Act.REQUESTS_SEE)
    def search() -> Page:
        member, text = doors.current(), forms.typed("sought", searching.LONGEST)
        with db.read(member.organization_id) as tx:
            found = searching.find(tx, keyring, member.organization_id, text or "", _region(member))
        if found is None:
            return _page(Filters(), (), wrong={"sought": NOT_FOUND}), 422
        return redirect(to(found), 303)

    def _page(chosen: Filters, unknown: tuple[str, ...], wrong: dict[str, str] | None = None) -> str:
        member, now = doors.current(), clock.now()
        today = _today(member, now)
        after = place_of(request.args["after"], _place) if request.args.get("after") else None
        with db.read(member.organization_id) as tx:
            rows, then = queue.page(
                tx, keyring, member.organization_id, chosen, member.id, today, after=after, most=PAGE
            )
            groups = counting.groups(tx, member.organization_id, today)
            by_hand = counting.by_hand(tx, member.organization_id)
            names = {one.id: one.name for one in accounts.every(tx, keyring, member.organization_id)}
        counts = counting.count(groups, chosen, member.id)
        onward = chosen.address(after=cursor(then.phase, then.day.replace(" ", "T"), then.after)) if then else None
        shown = lines.of(rows, names, member.id, today)
        picks = may(member.role, Act.REQUESTS_DECIDE) and any(one.pick for one in shown)
        return doors.render(
            "requests_desk/queue.html", rows=shown, filters=chosen, unknown=unknown,
            counts=counts, onward=onward, wrong=wrong or {}, by_due=choosing.due(chosen, counts),
            by_next=choosing.next_up(chosen, counts, by_hand),
            by_others=choosing.others(chosen, counts, names, member.id),
            acts=bulk.ACTS if picks else {},
            done=_done(request.args), first=after is None,
            may_enter=may(member.role, Act.REQUESTS_ENTER),
        )  # fmt: skip

    def _today(member: Member, now: datetime) -> date:
        return local_date(now, zones.zone(governing.now(member.organization_id, now).rulebook.organization.zone))

    def _region(member: Member) -> str | None:
        places = governing.now(member.organization_id, clock.now()).rulebook.organization.jurisdictions
        return places[0][:2] if places else None


def _done(asked: Mapping[str, str]) -> str:
    """What a step for several has come to: how many changed, and how many were left out; empty after none."""
    if asked.get("done") not in bulk.ACTS:
        return ""
    changed, left = (_number(asked.get(name, "")) for name in ("changed", "left"))
    said = [ngettext("%(num)s changed", "%(num)s changed", changed) % {"num": changed}]
    if left:
        said.append(ngettext("%(num)s left out", "%(num)s left out", left) % {"num": left})
    return f"{', '.join(said)}."


def _number(text: str) -> int:
    """A count of an address, no greater than there can be in one go; 0 for what is none."""
    return min(int(text), bulk.MOST) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _place(phase: str, day: str, after: str) -> Place:
    """Where a page goes on; ValueError for what is none."""
    if phase not in ("dated", "undated", "answered", "closed"):
        raise ValueError(phase)
    if phase == "dated":
        date.fromisoformat(day)
    elif phase == "closed":
        datetime.fromisoformat(day)
    return Place(phase, day.replace("T", " "), uuid.UUID(after))
