"""The same step for several requests: a preview that names what happens to each, then one transaction for each."""

import uuid
from datetime import datetime

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent import clock
from consent.dashboard.requests import bulk, desk, naming
from consent.dashboard.requests.bulk import ACTS, Line
from consent.dashboard.requests.filters import LIST
from consent.dashboard.requests.letters import catalogue, dates, filling, writing
from consent.dashboard.requests.letters.dates import Late
from consent.dashboard.requests.letters.writing import Draft, Ready
from consent.db import Database, Tx
from consent.deadlines import zones
from consent.errors import ConsentError, NotFound
from consent.ledger.keys import Keyring
from consent.outbox.mail import Mail
from consent.policies.governing import Governing
from consent.privacy_requests import casework
from consent.privacy_requests.casework import Case, Clock, Desk, Hand
from consent.privacy_requests.casework.timing import LONGEST_REASON, SHORTEST_REASON
from consent.staff import doors
from consent.staff.doors import Member
from consent.staff.roles import Act
from consent.subjects import service as subjects
from consent.web.i18n import LANGUAGES, in_words, to
from consent.web.messages import N_
from consent.web.spoken import language_of

NOTHING = N_("Pick at least one request of the list first.")
REASON = N_("Give the reason in a sentence that the persons will read, of up to 1,000 characters.")
LETTER_OF = {"acknowledge": "received", "extend": "extension"}

Page = str | tuple[str, int] | Response


def add(pages: Blueprint, db: Database, keyring: Keyring, governing: Governing, public_url: str) -> None:
    """/staff/requests/bulk."""

    @pages.post(f"{LIST}/bulk")
    @doors.require(Act.REQUESTS_DECIDE, several=("request",))
    def several() -> Page:
        member, act, now = doors.current(), request.form.get("act", ""), clock.now()
        lines = _lines(member, act, now) if act in ACTS else ()
        if not lines:
            return _page((), act, {"": NOTHING}), 422
        reason, wrong = filling.plain(request.form.get("reason", "")), dict[str, str]()
        if act == "extend" and not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
            wrong["reason"] = REASON
        if request.form.get("step") != "do":
            return _page(lines, act, {}, reason)
        if wrong:
            return _page(lines, act, wrong, reason), 422
        tried = {one.case.id: one.goes and _does(member, act, one, reason, now) for one in lines}
        left = [one for one in lines if one.said == bulk.CHANGED or (one.goes and not tried[one.case.id])]
        if not left:
            spared = sum(not one.goes for one in lines) + len(request.form.getlist("spared"))
            return redirect(to(f"{LIST}?done={act}&changed={sum(tried.values())}&left={spared}"), 303)
        # What the preview left out for a reason was known; this here was changed by somebody since.
        ids = {one.case.id for one in left}
        again = tuple(one for one in _lines(member, act, now) if one.case.id in ids)
        return _page(again, act, {"": bulk.CHANGED}, reason), 409

    def _lines(member: Member, act: str, now: datetime) -> tuple[Line, ...]:
        found = []
        with db.read(member.organization_id) as tx:
            for text in dict.fromkeys(request.form.getlist("request")[: bulk.MOST]):
                request_id, version = _picked(text)
                try:
                    case = casework.load(tx, member.organization_id, request_id)
                except NotFound:
                    continue
                contact = subjects.by_id(tx, keyring, member.organization_id, case.contact_point_id)
                by_mail = contact is not None and contact.channel == "email" and contact.address is not None
                found.append((case, version, by_mail))
        made = []
        for case, version, by_mail in found:
            late, times = _timing(case, act, now)
            made.append(bulk.line(act, case, times, version, member.id, by_mail=by_mail, late=bool(late)))
        return tuple(made)

    def _timing(case: Case, act: str, now: datetime) -> tuple[Late, Clock]:
        """Whether the letter of this step would be late, and the dates of the request."""
        rulebook = governing.at(case.organization_id, case.counts_from).rulebook
        times, where = casework.clock(rulebook, case, now), zones.zone(rulebook.organization.zone)
        return dates.lateness(case, LETTER_OF.get(act, ""), times.answer_by, where, now), times

    def _does(member: Member, act: str, line: Line, reason: str, now: datetime) -> bool:
        """Whether the step was taken: somebody else may have been quicker."""
        work, by = desk.of(governing, keyring, line.case), desk.hand(member)
        letter = _letter(act, line, reason, now) if act in LETTER_OF else None
        try:
            db.write(lambda tx: _take(tx, work, by, act, line.case, letter, reason, now), member.organization_id)
        except ConsentError:
            return False
        return True

    def _as_they_arrive(act: str, lines: tuple[Line, ...]) -> tuple[tuple[str, Ready], ...]:
        """One letter of each type and language, with the name of its type; of an extension the reason is to come."""
        if act != "acknowledge":
            return ()
        now, found = clock.now(), dict[tuple[str, str, str], Ready]()
        for one in lines:
            key = (one.case.request_type, language_of(one.case.language), one.said)
            if one.goes and key not in found:
                ready = _ready(act, one, "", now)
                if ready is not None:
                    found[key] = ready
        return tuple((naming.type_name(kind), ready) for (kind, _, _), ready in found.items())

    def _letter(act: str, line: Line, reason: str, now: datetime) -> Mail | None:
        ready = _ready(act, line, reason, now)
        return writing.mail(ready) if ready is not None else None

    def _ready(act: str, line: Line, reason: str, now: datetime) -> Ready | None:
        """The letter of this step as this person reads it."""
        late, times = _timing(line.case, act, now)
        organization = governing.at(line.case.organization_id, line.case.counts_from).rulebook.organization
        language = language_of(line.case.language)
        start = catalogue.text_of(LETTER_OF[act], language, late=bool(late))
        known = writing.facts(
            line.case, organization, public_url, language, extended_due=line.day, answer_by=times.answer_by, late=late
        )
        return writing.ready(Draft(language, start.subject, start.text, reason), known, late=bool(late))[0]

    def _page(lines: tuple[Line, ...], act: str, wrong: dict[str, str], reason: str = "") -> str:
        return doors.render(
            "requests_desk/bulk.html", lines=lines, act=act, title=ACTS.get(act, ""), wrong=wrong, reason=reason,
            naming=naming, languages=LANGUAGES, said_of=_said,
            goes=sum(one.goes for one in lines), letters=_as_they_arrive(act, lines),
        )  # fmt: skip


def _take(
    tx: Tx, work: Desk, by: Hand, act: str, case: Case, letter: Mail | None, reason: str, now: datetime
) -> object:
    if act == "assign":
        return casework.assign(tx, work, case.id, by, now, by.member_id, version=case.version)
    if act == "acknowledge":
        return casework.acknowledge(tx, work, case.id, by, now, letter=letter, version=case.version)
    return casework.extend(tx, work, case.id, by, now, reason, letter=letter, version=case.version)


def _said(line: Line) -> str:
    said = naming.said(line.said)
    return said % {"day": in_words(line.day)} if line.day is not None else said


def _picked(text: str) -> tuple[uuid.UUID, int]:
    """The request and the version that the list showed; an id that nobody has for what is neither."""
    name, _, version = text.partition(":")
    try:
        return uuid.UUID(name), int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    except ValueError:
        return uuid.UUID(int=0), 0
