"""/staff/carrier: what a telephone carrier has to do now, its registers, its notice to customers, and each year."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent.carrier import failing, letters, queries, rules, service, waiting, year
from consent.dashboard.carrier import words
from consent.dashboard.carrier.status_pages import of_a_carrier
from consent.dashboard.incidents.reading import NO_DAY
from consent.dashboard.requests import naming, refusing
from consent.dashboard.seats import Seat
from consent.db import Database, Tx
from consent.errors import BadInput, Conflict, NotFound
from consent.incidents.service import Desk
from consent.ledger.keys import Keyring
from consent.notices import carriers
from consent.policies.answers.silence import Outage
from consent.policies.governing import Governing, InForce
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act, may
from consent.subjects import service as subjects
from consent.subjects.addresses import masked
from consent.web.i18n import to
from consent.web.messages import N_

HOME = "/staff/carrier"
ONE = f"{HOME}/<uuid:matter>"
YEAR = f"{HOME}/years/<int:number>"
NO_PAGE = N_("This page does not exist. Go back to the list.")
NOBODY_LEFT = N_("There is nobody left to whom a letter must go.")
DONE = {
    "entered": N_("It is on record."),
    "closed": N_("It is closed, and on record."),
    "letters": N_("It is on record that the letters were sent."),
    "filed": N_("It is on record that the certificate was filed."),
}
FIRST = UUID(int=0)
FIELDS = {**words.WORDS, "kind": N_("What is it?"), "happened_on": N_("Happened"), "closed_on": N_("Done on"),
          "sent_on": N_("The letters were sent on"), "broken_from": words.BROKEN_FROM,
          "works_again_on": words.WORKS_AGAIN}  # fmt: skip
Page = str | tuple[str, int] | Response
Work = Callable[[Tx, Desk, Seat, date], str]


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/carrier, for the staff of carriers alone."""
    pages = Blueprint("staff_carrier", __name__, template_folder="../templates")

    @pages.get(HOME)
    @require(Act.CARRIER_SEE)
    def board() -> Page:
        return _board(of_a_carrier(governing), {}, {})

    @pages.post(HOME)
    @require(Act.CARRIER_WORK)
    def enter() -> Page:
        kind, said = request.form.get("kind", ""), _words(request.form)
        if kind not in rules.BY_HAND:
            return _board(of_a_carrier(governing), {"kind": rules.NO_KIND}, request.form), 422
        try:
            outage = _outage() if kind == rules.FAILURE else None
        except BadInput as error:
            return _board(of_a_carrier(governing), refusing.wrong(error), request.form), error.status

        def work(tx: Tx, desk: Desk, here: Seat, day: date) -> str:
            made = service.enter(tx, desk, kind, day, said, here.now, outage)
            return f"{HOME}/{made}?done=entered"

        return _act(work, lambda here, wrong: _board(here, wrong, request.form), day="happened_on")

    @pages.post(f"{HOME}/notices")
    @require(Act.NOTICES_PREPARE)
    def ask() -> Page:
        use = request.form.get("use", "")

        def work(tx: Tx, _desk: Desk, here: Seat, _day: date) -> str:
            return f"/staff/notices/{carriers.open_for(tx, here.organization_id, here.rulebook, use, here.now)}"

        return _act(work, lambda here, wrong: _board(here, wrong, {}))

    @pages.get(f"{HOME}/letters")
    @require(Act.CARRIER_SEE)
    def post() -> Page:
        return _letters(of_a_carrier(governing), {})

    @pages.post(f"{HOME}/letters")
    @require(Act.CARRIER_WORK, fresh=True, several=("shown",))
    def posted() -> Page:
        """Those whom the page showed got their letters; whoever came on the list since is not among them."""
        ticked = set(request.form.getlist("shown"))

        def work(tx: Tx, desk: Desk, here: Seat, day: date) -> str:
            current = _current(tx, here)
            shown = queries.unreached(tx, here.organization_id, current, FIRST) if current is not None else []
            people = [one.contact_point_id for one in shown if str(one.contact_point_id) in ticked]
            if not people:
                raise Conflict(NOBODY_LEFT)
            letters.sent(tx, desk, people, day, here.now)
            return f"{HOME}/letters?done=letters"

        return _act(work, _letters, day="sent_on")

    @pages.get(ONE)
    @require(Act.CARRIER_SEE)
    def show(matter: UUID) -> Page:
        return _one(of_a_carrier(governing), matter, {}, {})

    @pages.post(f"{ONE}/words")
    @require(Act.CARRIER_WORK)
    def change(matter: UUID) -> Page:
        said, version = _words(request.form), _version()

        def work(tx: Tx, desk: Desk, here: Seat, _day: date) -> str:
            service.change(tx, desk, matter, said, here.now, version=version)
            return f"{HOME}/{matter}?done=entered"

        return _act(work, lambda here, wrong: _one(here, matter, wrong, request.form))

    @pages.post(f"{ONE}/days")
    @require(Act.CARRIER_WORK, fresh=True)
    def lasted(matter: UUID) -> Page:
        version = _version()
        try:
            outage = _outage()
        except BadInput as error:
            return _one(of_a_carrier(governing), matter, refusing.wrong(error), request.form), error.status

        def work(tx: Tx, desk: Desk, here: Seat, _day: date) -> str:
            service.lasted(tx, desk, matter, outage, here.now, version=version)
            return f"{HOME}/{matter}?done=entered"

        return _act(work, lambda here, wrong: _one(here, matter, wrong, request.form))

    @pages.post(f"{ONE}/close")
    @require(Act.CARRIER_WORK, fresh=True)
    def close(matter: UUID) -> Page:
        end = _text(rules.END)

        def work(tx: Tx, desk: Desk, here: Seat, day: date) -> str:
            service.close(tx, desk, matter, day, end, here.now)
            return f"{HOME}/{matter}?done=closed"

        return _act(work, lambda here, wrong: _one(here, matter, wrong, request.form), day="closed_on")

    @pages.get(YEAR)
    @require(Act.CARRIER_SEE)
    def one_year(number: int) -> Page:
        return _year(of_a_carrier(governing), number, {}, {})

    @pages.post(YEAR)
    @require(Act.CARRIER_WORK, fresh=True)
    def file(number: int) -> Page:
        said = {name: _text(name) for name in (*rules.REGISTERS[rules.CERTIFICATE].words, rules.END)}

        def work(tx: Tx, desk: Desk, here: Seat, day: date) -> str:
            service.file_certificate(tx, desk, _known(here, number), day, said, here.now)
            return f"{HOME}/years/{number}?done=filed"

        return _act(work, lambda here, wrong: _year(here, number, wrong, request.form), day="closed_on")

    def _act(work: Work, again: Callable[[Seat, dict[str, str]], str], day: str = "") -> Page:
        """It is on record, and the next page is shown; or the page says what stands against it.

        `day` names the field whose day the work is given, where it needs one.
        """
        here = of_a_carrier(governing)
        desk = Desk(keyring, InForce(here.log, here.rulebook), str(here.member.id), "staff")
        try:
            on = _day(day) if day else here.today
            then = db.write(lambda tx: work(tx, desk, here, on), here.organization_id)
        except (BadInput, Conflict) as error:
            return again(here, refusing.wrong(error)), error.status
        return redirect(to(then), 303)

    def _board(here: Seat, wrong: Mapping[str, str], sent: Mapping[str, str]) -> str:
        with db.read(here.organization_id) as tx:
            open_ones = queries.in_state(tx, keyring, here.organization_id, "open")
            closed = queries.in_state(tx, keyring, here.organization_id, "closed")
            rounds = queries.rounds(tx, here.organization_id)
            waits = waiting.of(tx, keyring, here.organization_id, here.rulebook, here.today)
        return _render(
            here, "carrier", wrong, sent, open=open_ones, closed=closed, rounds=rounds, waits=waits,
            registers={kind: rules.REGISTERS[kind] for kind in rules.BY_HAND}, soon=here.today + timedelta(days=60),
            prepares=may(here.member.role, Act.NOTICES_PREPARE),
        )  # fmt: skip

    def _letters(here: Seat, wrong: Mapping[str, str]) -> str:
        with db.read(here.organization_id) as tx:
            current = _current(tx, here)
            found = queries.unreached(tx, here.organization_id, current, FIRST) if current is not None else []
            stands = failing.against_asking(tx, here.organization_id, here.rulebook)
            all_of_them = queries.count_unreached(tx, here.organization_id, current) if current is not None else 0
            known = subjects.addresses(tx, keyring, here.organization_id, [one.contact_point_id for one in found])
            channels = {one.contact_point_id: subjects.place_of(tx, here.organization_id, one.contact_point_id)
                        for one in found}  # fmt: skip
        shown = [
            (one, masked(place[0], known[one.contact_point_id]))
            for one in found
            if (place := channels[one.contact_point_id]) is not None and one.contact_point_id in known
        ]
        return _render(here, "carrier_letters", wrong, request.form, shown=shown, count=all_of_them, stands=stands)

    def _one(here: Seat, matter: UUID, wrong: Mapping[str, str], sent: Mapping[str, str]) -> str:
        with db.read(here.organization_id) as tx:
            found = queries.one(tx, keyring, here.organization_id, matter)
        if found is None:
            raise NotFound(service.NO_MATTER)
        points = rules.letter(here.rulebook.carrier, here.pack, found.words) if found.kind == rules.FAILURE else ()
        desk = Desk(keyring, InForce(here.log, here.rulebook), str(here.member.id), "staff")
        due = service.due_of(desk, found.kind, found.happened_on)
        return _render(
            here, "carrier_matter", wrong, sent, matter=found, register=rules.REGISTERS[found.kind], points=points,
            lacks=rules.lacks(points), due=due,
        )  # fmt: skip

    def _year(here: Seat, number: int, wrong: Mapping[str, str], sent: Mapping[str, str]) -> str:
        with db.read(here.organization_id) as tx:
            found = year.gather(tx, keyring, here.organization_id, here.rulebook, _known(here, number), here.today)
        return _render(here, "carrier_year", wrong, sent, found=found, over=here.today.year > number)

    def _render(here: Seat, page: str, wrong: Mapping[str, str], sent: Mapping[str, str], **more: object) -> str:
        fields = {name: naming.said(title) for name, title in FIELDS.items()}
        done = DONE.get(request.args.get("done", ""), "") if not wrong else ""
        works = may(here.member.role, Act.CARRIER_WORK)
        return doors.render(
            f"dashboard/{page}.html", here=here, wrong=wrong, sent=sent, fields=fields, done=done, works=works,
            words=words, **more,
        )  # fmt: skip

    return pages


def _current(tx: Tx, here: Seat) -> queries.Round | None:
    """The newest notice that went out."""
    found = queries.rounds(tx, here.organization_id)
    return next((one for one in found if one.state in waiting.OUT), None)


def _known(here: Seat, number: int) -> int:
    """The year, unless it is one that nobody certifies. Raises NotFound."""
    if not 2007 < number <= here.today.year:
        raise NotFound(NO_PAGE)
    return number


def _text(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def _words(sent: Mapping[str, str]) -> dict[str, str]:
    """Every word that any register knows, as it was sent."""
    known = {name for one in rules.REGISTERS.values() for name in one.words} | {rules.TITLE}
    return {name: _text(name) for name in sorted(known & sent.keys())}


def _version() -> int | None:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _outage() -> Outage:
    """The days on which nobody could say no, as they were sent. Raises BadInput."""
    return Outage(_day("broken_from"), _day("works_again_on") if _text("works_again_on") else None)


def _day(name: str) -> date:
    """The day in this field. Raises BadInput."""
    try:
        found = date.fromisoformat(request.form.get(name, "").strip())
    except ValueError:
        raise BadInput(NO_DAY, field=name) from None
    if not 1990 <= found.year <= 2199:
        raise BadInput(NO_DAY, field=name)
    return found
