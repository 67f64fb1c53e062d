"""/staff/notices: what people are told and asked, from the draft to the last mail, and what became of each."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent.carrier import failing
from consent.dashboard.carrier.words import NOTICE_SAYS
from consent.dashboard.notices import letters, showing, words
from consent.dashboard.seats import Seat, seat
from consent.db import Database, Tx
from consent.deadlines import zone
from consent.deadlines.zones import local_date
from consent.errors import BadInput, ConsentError, Malformed
from consent.ledger.keys import Keyring
from consent.notices import queries, refresh, returned, service
from consent.notices.wording import LANGUAGES, PLACES, Words
from consent.policies.governing import Governing
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act, may
from consent.web.i18n import LANGUAGES as NAMES
from consent.web.i18n import to
from consent.web.messages import N_

LIST = "/staff/notices"
DONE = {
    "ways": N_("The ways are noted. The list of people is being made anew."),
    "words": N_("The words are noted."),
    "posted": N_("It is on record that the notice stands there."),
    "approved": N_("It goes out now, at the pace that was set."),
    "cancelled": N_("Nothing more of it goes out. What was sent stays on record."),
    "opened": N_("A draft is made. Its list of people follows."),
}
NO_DAY = N_("Choose a day that is still to come.")
NO_PROGRAM = N_("Choose a program whose consents run out.")
Page = str | tuple[str, int] | Response
NOWHERE = UUID(int=0)


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/notices."""
    pages = Blueprint("staff_notices", __name__, template_folder="../templates")

    @pages.get(LIST)
    @require(Act.NOTICES_SEE)
    def listing() -> Page:
        return _list(seat(governing), {})

    @pages.post(LIST)
    @require(Act.NOTICES_PREPARE)
    def ask() -> Page:
        """A draft that asks those whose consent runs out; it is asked once."""
        here, program = seat(governing), request.form.get("program", "")
        wrong: dict[str, str] = {}
        if program not in {one.key for one, _ in refresh.running_out(here.pack)}:
            wrong["program"] = NO_PROGRAM
        try:
            until = date.fromisoformat(request.form.get("until", ""))
        except ValueError:
            until = date.min
        if until <= local_date(here.now, zone(here.pack.zone)):
            wrong["until"] = NO_DAY
        if wrong:
            return _list(here, wrong), 422
        made = db.write(
            lambda tx: refresh.open_for(tx, here.organization_id, here.pack, program, until, here.now),
            here.organization_id,
        )
        return redirect(to(f"{LIST}/{made}?done=opened" if made is not None else LIST), 303)

    @pages.get(f"{LIST}/<uuid:notice>")
    @require(Act.NOTICES_SEE)
    def one(notice: UUID) -> Page:
        return _one(seat(governing), notice, {})

    @pages.get(f"{LIST}/<uuid:notice>/people/<state>")
    @require(Act.NOTICES_SEE)
    def people(notice: UUID, state: str) -> Page:
        here = seat(governing)
        try:
            after = UUID(request.args.get("after", str(NOWHERE)))
        except ValueError:
            raise Malformed(N_("This page does not exist. Go back to the list.")) from None
        with db.read(here.organization_id) as tx:
            shown = showing.line(tx, here, queries.one(tx, here.organization_id, notice))
            found = queries.people(tx, here.organization_id, notice, state, after)
        more = found[-1].contact_point_id if len(found) == queries.PAGE else None
        given = {"shown": shown, "found": found, "state": state, "more": more, "words": words, "names": NAMES}
        return doors.render("dashboard/notice_people.html", here=here, **given)

    @pages.post(f"{LIST}/<uuid:notice>/ways")
    @require(Act.NOTICES_PREPARE, several=("ways", "collected_for"))
    def ways(notice: UUID) -> Page:
        chosen, stated = request.form.getlist("ways"), request.form.getlist("collected_for")
        return _act(notice, "ways", lambda tx, here: service.choose(
            tx, here.organization_id, notice, chosen, stated, here.now))  # fmt: skip

    @pages.post(f"{LIST}/<uuid:notice>/words/<part>")
    @require(Act.NOTICES_PREPARE)
    def write(notice: UUID, part: str) -> Page:
        sent = request.form
        said = {one: (sent.get(f"{part}-subject-{one}", ""), sent.get(f"{part}-text-{one}", "")) for one in LANGUAGES}
        typed = {part: {one: Words(*both) for one, both in said.items()}}
        return _act(
            notice, "words", lambda tx, here: service.write(tx, here.organization_id, notice, part, said), typed
        )

    @pages.post(f"{LIST}/<uuid:notice>/posted")
    @require(Act.NOTICES_PREPARE)
    def posted(notice: UUID) -> Page:
        way = request.form.get("way", "")
        return _act(notice, "posted", lambda tx, here: service.mark_posted(
            tx, keyring, here.organization_id, notice, way, here.member.id, here.now))  # fmt: skip

    @pages.post(f"{LIST}/<uuid:notice>/approve")
    @require(Act.NOTICES_APPROVE, fresh=True)
    def approve(notice: UUID) -> Page:
        seen = request.form.get("seen", "")
        return _act(notice, "approved", lambda tx, here: service.approve(
            tx, keyring, here.organization_id, notice, here.member.id, seen, failing.against_sending,
            here.now))  # fmt: skip

    @pages.post(f"{LIST}/<uuid:notice>/cancel")
    @require(Act.NOTICES_APPROVE, fresh=True)
    def cancel(notice: UUID) -> Page:
        return _act(notice, "cancelled", lambda tx, here: service.cancel(
            tx, keyring, here.organization_id, notice, here.now))  # fmt: skip

    pages.register_blueprint(letters.blueprint(db, keyring, governing))

    def _act(
        notice: UUID,
        done: str,
        work: Callable[[Tx, Seat], None],
        typed: Mapping[str, Mapping[str, Words]] | None = None,
    ) -> Page:
        here = seat(governing)
        try:
            db.write(lambda tx: work(tx, here), here.organization_id)
        except BadInput as error:
            place = "-".join((*(typed or ()), error.field)) if error.field else ""  # a page may hold several mails
            return _one(here, notice, {place: error.detail}, typed), 422
        except ConsentError as error:
            if error.status == 404:
                raise
            return _one(here, notice, {"": error.detail}), error.status
        return redirect(to(f"{LIST}/{notice}?done={done}"), 303)

    def _list(here: Seat, wrong: dict[str, str]) -> str:
        with db.read(here.organization_id) as tx:
            found = [showing.line(tx, here, one) for one in queries.every(tx, here.organization_id)]
        programs = [one for one, _ in refresh.running_out(here.pack)]
        given = {"found": found, "programs": programs, "wrong": wrong, "words": words, "typed": request.form}
        may_prepare = may(here.member.role, Act.NOTICES_PREPARE)
        return doors.render("dashboard/notices.html", here=here, may_prepare=may_prepare, **given)

    def _one(
        here: Seat, notice: UUID, wrong: dict[str, str], typed: Mapping[str, Mapping[str, Words]] | None = None
    ) -> str:
        with db.read(here.organization_id) as tx:
            campaign = queries.one(tx, here.organization_id, notice)
            found = showing.shown(tx, here, campaign)
            _, letters_due = returned.waiting(tx, here.organization_id, campaign)
        done = DONE.get(request.args.get("done", ""), "") if not wrong else ""
        role = here.member.role
        return doors.render(
            "dashboard/notice.html", here=here, shown=found, wrong=wrong, done=done, words=words, places=PLACES,
            languages={one: NAMES[one] for one in LANGUAGES}, wording={**found.campaign.wording, **(typed or {})},
            may_prepare=may(role, Act.NOTICES_PREPARE), may_approve=may(role, Act.NOTICES_APPROVE),
            by_letter=letters_due, must_say=[NOTICE_SAYS.get(one, one) for one in found.must_say],
        )  # fmt: skip

    return pages
