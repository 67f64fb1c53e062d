"""The steps of a request for log files, each with what it has to show: the fee, its payment, whose rows, the file."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal, InvalidOperation

from flask import Blueprint, redirect, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from consent import clock
from consent.dashboard.requests import desk, naming, refusing
from consent.dashboard.requests.case_pages import Shows
from consent.dashboard.requests.filters import LIST
from consent.dashboard.requests.letters import filling
from consent.db import Database
from consent.deadlines import Window
from consent.errors import BadInput, Conflict, NotFound, SetupProblem
from consent.ledger.keys import Keyring
from consent.policies.governing import Governing
from consent.privacy_requests import casework, steps, types
from consent.privacy_requests.answers import log_files, rates
from consent.privacy_requests.answers.giving import Here
from consent.privacy_requests.answers.log_files import FEE, ISOLATION, RELEASE, STEPS, Shown
from consent.privacy_requests.answers.rates import Card, Fee
from consent.privacy_requests.casework import Case, Changed, checklist
from consent.resources import folder
from consent.staff import doors
from consent.staff.roles import Act
from consent.web.i18n import to
from consent.web.logs import log
from consent.web.messages import N_

NO_STEP = N_("There is no such step for this request.")
NO_AMOUNT = N_("Enter an amount, as 150.00.")
NO_COUNT = N_("Enter how many customers have rows in the file, as a number.")
NO_FILE = N_("Choose the file with the log, of at most 64 MiB.")
WITH_FILE = (ISOLATION, RELEASE)
LARGEST = 64 * 1024 * 1024  # bytes of one file
AROUND = 64 * 1024  # bytes of the form beside it
PIECE = 64 * 1024

Page = str | tuple[str, int] | Response


def add(
    pages: Blueprint, db: Database, keyring: Keyring, governing: Governing, show: Shows, public_url: str,
    lasts: timedelta,
) -> None:  # fmt: skip
    """/staff/requests/<id>/steps/<step>."""

    @pages.before_request
    def room_for_a_log() -> None:
        """The forms with a file may be larger than others."""
        if request.endpoint == f"{pages.name}.take_step" and (request.view_args or {}).get("step") in WITH_FILE:
            request.max_content_length = LARGEST + AROUND

    @pages.get(f"{LIST}/<uuid:request_id>/steps/<step>")
    @doors.require(Act.REQUESTS_DECIDE)
    def step_form(request_id: uuid.UUID, step: str) -> Page:
        return _form(_case(request_id, step), step, {})

    @pages.post(f"{LIST}/<uuid:request_id>/steps/<step>")
    @doors.require(Act.REQUESTS_DECIDE)
    def take_step(request_id: uuid.UUID, step: str) -> Page:
        case = _case(request_id, step)
        shown, wrong = _shown(request.form, step)
        if step in WITH_FILE and not request.files.get("file"):
            wrong["file"] = NO_FILE
        elif step == ISOLATION:
            shown = replace(shown, file=_fingerprint(request.files["file"]))
        if wrong:
            return _form(case, step, wrong), 422
        try:
            _take(case, step, shown)
        except Changed:
            return show(request_id, {}, since=desk.seen(request.form)), 409
        except (BadInput, Conflict) as error:
            return _form(case, step, refusing.wrong(error)), error.status
        return redirect(to(f"{LIST}/{request_id}?done={'released' if step == RELEASE else 'check'}"), 303)

    def _take(case: Case, step: str, shown: Shown) -> None:
        work, by, now = desk.of(governing, keyring, case), desk.hand(doors.current()), clock.now()
        version = desk.seen(request.form).version
        if step != RELEASE:
            cards = _cards(work.rulebook.organization.slug)
            db.write(
                lambda tx: log_files.take(tx, work, case.id, by, now, step, shown, cards, version=version),
                case.organization_id,
            )
            return
        here = Here(db, keyring, case.organization_id, work.rulebook, public_url)
        with request.files["file"].stream as file:
            log_files.release(
                here, work, case, by, iter(lambda: file.read(PIECE), b""), shown, lasts, now, version=version
            )

    def _case(request_id: uuid.UUID, step: str) -> Case:
        organization_id = doors.current().organization_id
        with db.read(organization_id) as tx:
            case = casework.load(tx, organization_id, request_id)
        if step not in STEPS or types.of(case.request_type).name != log_files.TYPE:
            raise NotFound(NO_STEP)
        return case

    def _form(case: Case, step: str, wrong: Mapping[str, str]) -> str:
        rulebook = governing.at(case.organization_id, case.counts_from).rulebook
        with db.read(case.organization_id) as tx:
            told = steps.timeline(tx, case.organization_id, case.id)
        facts = log_files.told_of(told)
        lines = checklist.of(case, told)
        line = next(one for one in lines if one.item.key == step)
        asker = casework.clocks.asker(rulebook, case)
        return doors.render(
            "requests_desk/step.html", case=case, step=step, line=line, wrong=wrong, naming=naming,
            sent=request.form, seen=told[-1].number if told else 0, quoted=log_files.quoted(facts),
            free=FEE in facts and not log_files.quoted(facts), window=_window(case, step),
            fee=log_files.card_fee(rulebook, case, _cards(rulebook.organization.slug)),
            before=next((one.item for one in lines if one.open), line.item),
            at_discretion=log_files.at_discretion(rulebook, case),
            open_to=rulebook.requests.may_ask(log_files.TYPE, asker, case.ground),
        )  # fmt: skip

    def _window(case: Case, step: str) -> Window | None:
        if step != log_files.TABULATION:
            return None
        rulebook = governing.at(case.organization_id, case.counts_from).rulebook
        return rulebook.requests.window(log_files.TYPE, case.received_at)


def _fingerprint(file: FileStorage) -> str:
    """The SHA-256 of a file that was sent along, in hex; nothing of it is kept."""
    digest = hashlib.sha256()
    for piece in iter(lambda: file.stream.read(PIECE), b""):
        digest.update(piece)
    return digest.hexdigest()


def _cards(slug: str) -> tuple[Card, ...]:
    """The rate cards on file; a file that cannot be read counts as none, and the operator finds it in the log."""
    try:
        return rates.of(folder("policies"), slug)
    except SetupProblem as problem:
        log.warning("rate_cards_unreadable", why=type(problem).__name__)
        return ()


def _shown(form: Mapping[str, str], step: str) -> tuple[Shown, dict[str, str]]:
    """What the form says of the step, and what is wrong with it by field."""
    wrong: dict[str, str] = {}
    own, fee, owners = form.get("own_data") == "yes", None, None
    if step == FEE and not own and form.get("amount", "").strip():
        try:
            amount = Decimal(form["amount"].strip().replace(",", "."))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or amount < 0:
            wrong["amount"] = NO_AMOUNT
        else:
            fee = Fee(amount, _short(form.get("currency", "")).upper(), _short(form.get("card", "")))
    if step == ISOLATION:
        said = form.get("owners", "").strip()
        if said.isascii() and said.isdigit() and len(said) < 7:
            owners = int(said)
        else:
            wrong["owners"] = NO_COUNT
    reasons = filling.plain(form.get("reasons", ""))[:2000]
    payment = _short(form.get("payment", ""))
    return Shown(form.get("on_file") == "yes", own, fee, payment, owners, reasons), wrong


def _short(text: str) -> str:
    return filling.subject_line(text)[: log_files.LONGEST]
