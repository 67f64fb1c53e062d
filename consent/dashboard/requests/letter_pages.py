"""Writing to the person: a letter of ours as a start, read as it will arrive, and sent only then.

Some letters are a step of the request as well: sending the one that says it takes longer is the extension.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent import clock
from consent.dashboard.requests import case_view, desk, ending_view, marketing_view, naming, outcomes, refusing
from consent.dashboard.requests.by_hand import WAYS as BY_HAND
from consent.dashboard.requests.desk import Seen
from consent.dashboard.requests.filters import LIST
from consent.dashboard.requests.letters import catalogue, dates, filling, writing
from consent.dashboard.requests.letters.dates import Late
from consent.dashboard.requests.letters.writing import Draft, Ready
from consent.db import Database, Tx
from consent.deadlines import zones
from consent.errors import BadInput, Conflict, NotFound
from consent.ledger.keys import Keyring
from consent.outbox.mail import Mail
from consent.policies.answers.asking import Route
from consent.policies.governing import Governing
from consent.privacy_requests import casework, steps, types
from consent.privacy_requests.answers import log_files
from consent.privacy_requests.answers.words import Speaker
from consent.privacy_requests.casework import Case, Changed, Desk, Hand, classes, letters
from consent.privacy_requests.moves import NotNow
from consent.privacy_requests.tasks import service as tasks
from consent.privacy_requests.tasks.rules import TELLING
from consent.retention import confirming
from consent.staff import accounts, doors
from consent.staff.roles import Act
from consent.subjects import service as subjects
from consent.web import forms, spoken
from consent.web.i18n import LANGUAGES, to
from consent.web.messages import N_
from consent.web.spoken import language_of

LONGEST_REASON = 1000
FIELDS = ("told", "subject", "reason", "text")
IN = "in-"  # before the language in which the letter is to begin anew
CHOOSE = N_("Say how they are told.")
# What is done with the sending; everything else is a letter and no more.
STEPS = {
    "received": N_("With it, receipt is acknowledged."),
    "extension": N_("With it, the date moves. This can be done once."),
    "passed-on": N_("With it, the request is passed on."),
}

STEPS_IN = N_("If nothing has happened by %(day)s, we take care of it ourselves.")
REMINDS = N_("If you hear nothing, write to us, and we remind them: what becomes of this data is theirs to decide.")

Page = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Where a letter about a request goes: by mail where the address is one, else by hand."""

    case: Case
    contact: subjects.KnownContact | None
    line: int

    @property
    def by_mail(self) -> bool:
        """Is there an address that takes mail?"""
        return self.contact is not None and self.contact.channel == "email" and self.contact.address is not None


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter ready to go, with the step that goes with it."""

    key: str
    letter: Mail
    told: str
    reason: str
    pause: bool
    seen: Seen
    language: str


def add(pages: Blueprint, db: Database, keyring: Keyring, governing: Governing, public_url: str) -> None:
    """/staff/requests/<id>/letters/<key>."""

    @pages.get(f"{LIST}/<uuid:request_id>/letters/<key>")
    @doors.require(Act.LETTERS_SEND)
    def letter(request_id: uuid.UUID, key: str) -> Page:
        box = _box(request_id)
        _refuse_early(box.case, _known(key))
        return _form(box, key, _start(box.case, key, request.args.get("language", "")), {})

    @pages.post(f"{LIST}/<uuid:request_id>/letters/<key>")
    @doors.require(Act.LETTERS_SEND)
    def write(request_id: uuid.UUID, key: str) -> Page:
        box = _box(request_id)
        _refuse_early(box.case, _known(key))
        draft, step = _typed(box.case), request.form.get("step", "")
        if step.startswith(IN):
            return _form(box, key, _start(box.case, key, step.removeprefix(IN), draft.reason), {})
        told = letters.MAIL if box.by_mail else request.form.get("told", "")
        late = bool(_timing(box.case, key)[0])
        ready, wrong = writing.ready(draft, _facts(box.case, key, draft.language), late=late)
        if told != letters.MAIL and told not in BY_HAND:
            wrong["told"] = CHOOSE
        if ready is None or wrong:
            return _form(box, key, draft, forms.in_order(wrong, FIELDS)), 422
        if step == "change":
            return _form(box, key, draft, {})
        if step != "send":
            return _form(box, key, draft, {}, ready)
        member, now = doors.current(), clock.now()
        posted = Posted(key, writing.mail(ready), told, draft.reason, request.form.get("pause") == "yes",
                        desk.seen(request.form), ready.language)  # fmt: skip
        work, by = desk.of(governing, keyring, box.case), desk.hand(member)
        try:
            db.write(lambda tx: _send(tx, work, by, box.case, posted, ready.text, now), member.organization_id)
        except Changed:
            return _form(_box(request_id), key, draft, {}, since=posted.seen), 409
        except (Conflict, BadInput) as error:
            field = error.field if error.field in FIELDS else ""
            return _form(box, key, draft, {field or "": refusing.said(error)}), error.status
        done = "letter" if told == letters.MAIL else "told"
        return redirect(to(f"{LIST}/{request_id}?done={done}"), 303)

    def _start(case: Case, key: str, language: str, reason: str = "") -> Draft:
        """Our text in that language, or in the person's; what was typed as the reason stays."""
        language = language_of(language or case.language)
        with db.read(case.organization_id) as tx:
            last = any(one.state == "last" for one in tasks.of_request(tx, case.organization_id, case.id))
        start = catalogue.text_of(key, language, late=bool(_timing(case, key)[0]), last=last)
        return Draft(language, start.subject, start.text, reason)

    def _box(request_id: uuid.UUID) -> Letterbox:
        organization_id = doors.current().organization_id
        with db.read(organization_id) as tx:
            case = casework.load(tx, organization_id, request_id)
            newest = steps.last(tx, organization_id, request_id)
            contact = subjects.by_id(tx, keyring, organization_id, case.contact_point_id)
        return Letterbox(case, contact, newest.number if newest is not None else 0)

    def _timing(case: Case, key: str) -> tuple[Late, casework.Clock]:
        """Whether this letter is late, and the dates of its request."""
        rulebook, now = governing.at(case.organization_id, case.counts_from).rulebook, clock.now()
        times, where = casework.clock(rulebook, case, now), zones.zone(rulebook.organization.zone)
        return dates.lateness(case, key, times.answer_by, where, now), times

    def _facts(case: Case, key: str, language: str) -> dict[str, str]:
        rulebook = governing.at(case.organization_id, case.counts_from).rulebook
        organization = rulebook.organization
        speaker = Speaker(spoken.say(language), language, organization)
        with db.read(case.organization_id) as tx:
            contact = subjects.by_id(tx, keyring, case.organization_id, case.contact_point_id)
            decided = outcomes.of(tx, case, contact.key if contact is not None else None)
            doing = tasks.of_request(tx, case.organization_id, case.id)
            told = marketing_view.of(tx, keyring, rulebook, case) if case.request_type == marketing_view.TYPE else None
            fee = log_files.quoted(log_files.told_of(steps.timeline(tx, case.organization_id, case.id)))
        here = classes.here(organization, contact.channel if contact is not None else None)
        last = ending_view.waits_for_last(doing, [one.outcome for one in decided], here)
        said = [outcomes.sentence(one, case, speaker, last=last(one.outcome)) for one in decided]
        route = rulebook.requests.route(case.request_type, case.counts_from, casework.clocks.asker(rulebook, case))
        late, times = _timing(case, key)
        known = writing.facts(
            case, organization, public_url, language, decisions=said, extended_due=times.may_extend_to, fee=fee,
            answer_by=times.answer_by, late=late,
        )  # fmt: skip
        if case.request_type == marketing_view.TYPE:
            known["handed_over"] = "\n".join(f"- {one}" for one in marketing_view.lines(told, speaker))
        return known | (_passing_on(route, speaker) if route is not None else {})

    def _form(
        box: Letterbox, key: str, draft: Draft, wrong: dict[str, str], ready: Ready | None = None,
        since: Seen | None = None,
    ) -> str:  # fmt: skip
        case, known = box.case, _facts(box.case, key, draft.language)
        late, times = _timing(case, key)
        offered = {name: naming.said(text) for name, text in filling.FIELDS.items() if known.get(name)}
        changed: tuple[case_view.Line, ...] | None = None
        if since is not None:
            with db.read(case.organization_id) as tx:
                names = {one.id: one.name for one in accounts.every(tx, keyring, case.organization_id)}
                changed = case_view.lines(tx, case, names, keyring, since.line)
        return doors.render(
            "requests_desk/letter.html", case=case, by_mail=box.by_mail, letter=catalogue.BY_KEY[key], draft=draft,
            wrong=wrong, ready=ready, offered=offered, languages=LANGUAGES, naming=naming, seen=box.line,
            needs_reason="reason" in filling.places(draft.text), step=STEPS.get(key, ""), ways=BY_HAND,
            told=request.form.get("told", ""), pause=request.form.get("pause") == "yes", changed=changed,
            may_pause=key == "details" and bool(times.may_pause), late=late, answer_by=times.answer_by,
        )  # fmt: skip


def _passing_on(route: Route, speaker: Speaker) -> dict[str, str]:
    """To whom it goes, and what happens if they do nothing: where nobody steps in, nothing of the kind is promised."""
    then = (
        speaker.say(STEPS_IN) % {"day": speaker.day(route.fallback_on)} if route.fallback_on else speaker.say(REMINDS)
    )
    return {"recipient": speaker.recipient(route.to).text, "then": then}


def _typed(case: Case) -> Draft:
    return Draft(
        language_of(request.form.get("language") or case.language),
        filling.subject_line(request.form.get("subject", "")),
        filling.plain(request.form.get("text", "")),
        filling.plain(request.form.get("reason", ""))[:LONGEST_REASON],
    )


def _send(tx: Tx, work: Desk, by: Hand, case: Case, posted: Posted, text: str, now: datetime) -> None:
    """The letter waits in the outbox, and its step is taken: both, or neither."""
    told, letter, version = posted.told, posted.letter, posted.seen.version
    if posted.key == "received" and case.under_way:
        casework.acknowledge(tx, work, case.id, by, now, told=told, letter=letter, version=version)
    elif posted.key == "extension":
        casework.extend(tx, work, case.id, by, now, posted.reason, told=told, letter=letter, version=version)
    elif posted.key == "passed-on":
        casework.route(tx, work, case.id, by, now, told=told, letter=letter, version=version)
    elif posted.key == "details" and posted.pause:
        casework.pause(tx, work, case.id, by, now, posted.reason, told=told, letter=letter, version=version)
    else:
        taken = casework.take(tx, work, case.id, version)
        _refuse_early(taken, posted.key)
        letters.send(tx, work, taken, told, letter, f"letter-{posted.key}", now)
        data = {"letter": posted.key, "language": posted.language, "told": told}
        desk.note(tx, work, taken, "written", by, now, data, text)
        if told != letters.MAIL and posted.key in letters.TELL and not taken.under_way:
            _is_told(tx, work, taken, by, posted, now)


def _is_told(tx: Tx, work: Desk, case: Case, by: Hand, posted: Posted, now: datetime) -> None:
    """Whoever writes by hand how it ended has told the person: nobody has to say so a second time."""
    doing = tasks.of_request(tx, case.organization_id, case.id)
    for one in doing:
        if one.store == TELLING and one.state == "by_hand" and by.member_id is not None:
            words, name = posted.letter.subject, by.name or ""
            confirming.confirm(
                tx, work.keyring, work.rulebook, case, one.id, by.member_id, name, words, 1, now, told=posted.told
            )


def _known(key: str) -> str:
    if key not in catalogue.BY_KEY:
        raise NotFound("There is no such letter.")
    return key


def _refuse_early(case: Case, key: str) -> None:
    """NotNow for a letter that would tell an outcome before it is one."""
    if catalogue.too_early(key, case.state, in_words=types.of(case.request_type).in_words):
        raise NotNow(catalogue.TOO_EARLY)
