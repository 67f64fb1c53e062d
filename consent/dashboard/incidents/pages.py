"""/staff/incidents: the list with what is due first, one incident with its duties, and everything done about it."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from consent.dashboard.incidents import finding_pages, letter_pages, reading, words
from consent.dashboard.requests import naming, refusing
from consent.dashboard.seats import Seat, seat
from consent.db import Database, Tx
from consent.deadlines import zone
from consent.errors import BadInput, Conflict, Filled, Malformed, NotFound
from consent.incidents import another_way, finding, queries, rules, schemas, service
from consent.incidents.queries import Words
from consent.ledger.bodies import instant
from consent.ledger.keys import Keyring
from consent.policies import codes
from consent.policies.governing import Governing, InForce
from consent.staff import doors
from consent.staff.doors import require
from consent.staff.roles import Act, may
from consent.subjects import service as subjects
from consent.subjects.addresses import masked, of_person
from consent.web.i18n import page_language, to
from consent.web.messages import N_
from consent.web.paging import cursor, place_of

LIST = "/staff/incidents"
ONE = f"{LIST}/<uuid:incident>"
MOST, MOST_WITHOUT_MAIL, MOST_NAMED = 50, 50, 500
NO_PAGE = N_("This page does not exist. Go back to the list.")
NOBODY = N_("Give at least one address.")
TOO_MANY = N_("Give at most 500 addresses at once.")
NO_ADDRESS = N_("Line %(line)s is no number and no e-mail address.")
NOT_ON_LIST = N_("This person is not on the list of this incident.")
NOT_SEEN = N_("Count them first: nobody is put on the list before you have seen how many.")
NO_KIND = N_("Choose what it is.")
FIELDS = {
    "title": N_("Name"),
    "kind": N_("What is it?"),
    "detected_at": N_("Noticed"),
    "occurred_at": N_("Happened"),
    "confirmed_at": N_("Confirmed"),
    "believed_at": N_("Reasonably believed"),
    "authorities_told_at": N_("Authorities told"),
    "people_notified_at": N_("Telling the people began"),
    "places": N_("Where the people live"),
    "law_requires": N_("Does a law require that people are told?"),
    "delay_ground": N_("Ground to wait"),
    "delay_body": N_("Who asks to wait"),
    "delay_review_on": N_("Next look on"),
    "assessment": N_("Reasons of the assessment"),
    "people": N_("Addresses"),
    **finding_pages.FIELDS,
    "subject": N_("Subject"),
    "letter": N_("Letter"),
    **letter_pages.FIELDS,
    "report": N_("Closing report"),
    "how": N_("How it was done"),
    "ban_lifted_at": N_("The ban ended"),
    "disclosed_at": N_("Handed over"),
}
Page = str | tuple[str, int] | Response
Work = Callable[[Tx, service.Desk, Seat], object]


def blueprint(db: Database, keyring: Keyring, governing: Governing) -> Blueprint:
    """/staff/incidents."""
    pages = Blueprint("staff_incidents", __name__, template_folder="../templates")

    @pages.get(LIST)
    @require(Act.INCIDENTS_SEE)
    def listing() -> Page:
        return every(seat(governing), {}, {})

    @pages.post(LIST)
    @require(Act.INCIDENTS_WORK)
    def begin() -> Page:
        here, sent = seat(governing), request.form.to_dict()
        known, wrong = reading.facts(sent, here.pack.zone)
        said, unsaid = reading.words(sent, ("title", "what"))
        wrong |= unsaid
        if sent.get("kind") not in rules.KINDS:
            wrong["kind"] = NO_KIND
        if known.get("detected_at") is None:
            wrong.setdefault("detected_at", reading.NO_TIME)
        if wrong:
            return every(here, wrong, sent), 422
        facts = rules.changed(rules.Facts(known.pop("detected_at")), known)
        try:
            identity = db.write(
                lambda tx: service.open_incident(tx, desk(here), sent["kind"], facts, Words(**said), here.now),
                here.organization_id,
            )
        except BadInput as error:
            return every(here, refusing.wrong(error), sent), 422
        return redirect(to(f"{LIST}/{identity}"), 303)

    @pages.get(ONE)
    @require(Act.INCIDENTS_SEE)
    def show(incident: UUID) -> Page:
        return one(seat(governing), incident, {}, {}, request.args.to_dict() if "find" in request.args else None)

    @pages.post(f"{ONE}/facts")
    @require(Act.INCIDENTS_WORK)
    def change(incident: UUID) -> Page:
        here, sent = seat(governing), request.form.to_dict()
        known, wrong = reading.facts(sent, here.pack.zone)
        said, unsaid = reading.words(sent, ("title", "what", "assessment"))
        written, unwritten = reading.letters(sent)
        said, wrong = said | written, wrong | unsaid | unwritten
        if wrong:
            return one(here, incident, wrong, sent), 422
        text = sent.get("version", "")
        version = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
        return act(
            incident,
            lambda tx, at, here: service.change(tx, at, incident, known, said, here.now, version=version),
        )

    @pages.post(f"{ONE}/people")
    @require(Act.INCIDENTS_WORK)
    def people(incident: UUID) -> Page:
        here, sent = seat(governing), request.form.to_dict()
        typed = enumerate(sent.get("people", "").splitlines(), 1)
        lines = [(number, line.strip()) for number, line in typed if line.strip()]
        if not lines or len(lines) > MOST_NAMED:
            return one(here, incident, {"people": NOBODY if not lines else TOO_MANY}, sent), 422
        places = []
        for number, line in lines:
            try:
                address = of_person("email" if "@" in line else "sms", line)
            except BadInput:
                no_address = BadInput(Filled(NO_ADDRESS, line=number), field="people")
                return one(here, incident, refusing.wrong(no_address), sent), 422
            places.append((number, subjects.tagged(keyring, here.organization_id, address)))

        def work(tx: Tx, at: service.Desk, _: Seat) -> str:
            ids = [(number, subjects.find(tx, here.organization_id, place)) for number, place in places]
            known = [subjects.by_id(tx, keyring, here.organization_id, found) for _, found in ids if found is not None]
            service.affect(tx, at, incident, [contact for contact in known if contact is not None], here.now)
            unknown = ",".join(str(number) for number, found in ids if found is None)
            return f"?unknown={unknown}" if unknown else ""

        return act(incident, work)

    @pages.post(f"{ONE}/people/query")
    @require(Act.INCIDENTS_WORK)
    def people_found(incident: UUID) -> Page:
        here, sent = seat(governing), request.form.to_dict()
        query, wrong = reading.query(sent, here.pack.zone)
        text = sent.get("seen", "")
        seen = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
        if seen is None:
            wrong["program"] = NOT_SEEN
        if wrong or seen is None:
            return one(here, incident, wrong, {}, sent), 422
        try:
            finding.put_on_list(db, desk(here), incident, query, seen, here.now)
        except (BadInput, Conflict) as error:
            return one(here, incident, refusing.wrong(error, "program"), {}, sent), error.status
        return redirect(to(f"{LIST}/{incident}") + "#whose", 303)

    @pages.post(f"{ONE}/telling")
    @require(Act.INCIDENTS_WORK, fresh=True)
    def telling(incident: UUID) -> Page:
        return act(incident, lambda tx, at, here: service.begin_telling(tx, at, incident, here.now))

    @pages.post(f"{ONE}/told")
    @require(Act.INCIDENTS_WORK)
    def told(incident: UUID) -> Page:
        how, is_former = request.form.get("how", ""), bool(request.form.get("former"))
        try:
            asked = UUID(request.form.get("contact", ""))
        except ValueError:
            raise NotFound(NOT_ON_LIST) from None

        def work(tx: Tx, at: service.Desk, here: Seat) -> str:
            contact = subjects.by_id(tx, keyring, here.organization_id, asked)
            if contact is None:
                raise NotFound(NOT_ON_LIST)
            tell = another_way.told if is_former else service.told
            tell(tx, at, incident, contact, how, here.now)
            return ""

        return act(incident, work)

    @pages.post(f"{ONE}/duty")
    @require(Act.INCIDENTS_WORK)
    def duty(incident: UUID) -> Page:
        sent = request.form.to_dict()
        said, unsaid = reading.words(sent, ("how",))
        if unsaid:
            return one(seat(governing), incident, unsaid, sent), 422
        key, how = sent.get("duty", ""), said.get("how", "")
        return act(incident, lambda tx, at, here: service.do_duty(tx, at, incident, key, how, here.now))

    @pages.post(f"{ONE}/close")
    @require(Act.INCIDENTS_WORK, fresh=True)
    def close(incident: UUID) -> Page:
        sent = request.form.to_dict()
        said, unsaid = reading.words(sent, ("report",))
        if unsaid:
            return one(seat(governing), incident, unsaid, sent), 422
        return act(incident, lambda tx, at, here: service.close(tx, at, incident, said.get("report", ""), here.now))

    def desk(here: Seat) -> service.Desk:
        return service.Desk(keyring, InForce(here.log, here.rulebook), str(here.member.id), "staff")

    def act(incident: UUID, work: Work) -> Page:
        """It is on record, or the page says what stands against it; words from `work` say what to show beside it."""
        here = seat(governing)
        try:
            said = db.write(lambda tx: work(tx, desk(here), here), here.organization_id)
        except (BadInput, Conflict) as error:
            return one(here, incident, refusing.wrong(error), request.form.to_dict()), error.status
        return redirect(to(f"{LIST}/{incident}{said if isinstance(said, str) else ''}"), 303)

    def every(here: Seat, wrong: dict[str, str], sent: dict[str, str]) -> str:
        found, more = {}, {}
        with db.read(here.organization_id) as tx:
            for state in ("open", "closed"):
                before = place_of(request.args[state], schemas.place) if state in request.args else queries.NEWEST
                found[state], then = queries.page(tx, keyring, here.organization_id, state, before, MOST)
                more[state] = cursor(instant(then[0]), then[1]) if then is not None else None
            duties = {
                incident.id: queries.duties(tx, here.rulebook, here.organization_id, incident)
                for incident in found["open"]
            }
        where = zone(here.pack.zone)
        found["open"].sort(key=lambda one: rules.first_end(duties[one.id], where))
        return doors.render(
            "dashboard/incidents.html", here=here, found=found, more=more, duties=duties, kinds=words.KINDS,
            titles=words.TITLES, wrong=wrong, sent=sent, fields=labels(),
            works=may(here.member.role, Act.INCIDENTS_WORK), zone=where,
        )  # fmt: skip

    def one(
        here: Seat, incident: UUID, wrong: dict[str, str], sent: dict[str, str], asked: dict[str, str] | None = None
    ) -> str:
        with db.read(here.organization_id) as tx:
            counted, unasked = finding_pages.counted(tx, here, incident, asked)
            wrong = unasked | wrong
            found = queries.one(tx, keyring, here.organization_id, incident)
            if found is None:
                raise NotFound(N_("There is no such incident."))
            people = queries.people(tx, here.organization_id, incident)
            duties = queries.duties(tx, here.rulebook, here.organization_id, found, people)
            before = had_it_before(tx, here, incident) if people.former else []
            waiting, more = without_mail(tx, here, incident) if people.without_mail else ([], None)
            why = queries.against_telling(tx, here.rulebook, here.organization_id, found, here.now)
            history = queries.history(tx, here.organization_id, incident)
            how = queries.how_done(tx, here.organization_id, found)
            chose = queries.languages(tx, here.organization_id, incident)
        content = next((duty.content for duty in duties if duty.content), ())
        return doors.render(
            "dashboard/incident.html", here=here, incident=found, facts=found.facts, duties=duties, people=people,
            how=how, waiting=waiting, former=before, history=history, words=words, wrong=wrong, sent=sent,
            versions=letter_pages.versions(found.words, content, here.pack, chose), fields=labels(),
            works=found.state == "open" and may(here.member.role, Act.INCIDENTS_WORK),
            more=more, unknown=unknown_lines(), asked=asked or {}, counted=counted,
            kept={name: (asked or {}).get(name, "") for name in finding_pages.FIELDS},
            choices=finding_pages.choices(here),
            questions=finding_pages.questions(here, history),
            stands=refusing.said(Conflict(why)) if why is not None else "",
            instants=rules.INSTANTS, zone=zone(here.pack.zone), read=codes.Reader(here.pack, page_language()),
            local=lambda at: here.local(at).strftime("%Y-%m-%dT%H:%M"),
        )  # fmt: skip

    def had_it_before(tx: Tx, here: Seat, incident: UUID) -> list[tuple[UUID, str]]:
        """The addresses that are somebody else's by now, masked: whoever had them was not told yet."""
        found = queries.former(tx, here.organization_id, incident, MOST_WITHOUT_MAIL)
        addresses = subjects.addresses(tx, keyring, here.organization_id, [contact for contact, _ in found])
        return [(contact, masked(channel, addresses[contact])) for contact, channel in found if contact in addresses]

    def without_mail(tx: Tx, here: Seat, incident: UUID) -> tuple[list[tuple[UUID, str]], UUID | None]:
        """Whom a person must tell, with their addresses masked, and behind whom the next page begins."""
        try:
            after = UUID(request.args.get("after", str(UUID(int=0))))
        except ValueError:
            raise Malformed(NO_PAGE) from None
        found = queries.without_mail(tx, here.organization_id, incident, after, MOST_WITHOUT_MAIL)
        addresses = subjects.addresses(tx, keyring, here.organization_id, [contact for contact, _ in found])
        shown = [(contact, masked(channel, addresses[contact])) for contact, channel in found if contact in addresses]
        return shown, found[-1][0] if len(found) == MOST_WITHOUT_MAIL else None

    return pages


def unknown_lines() -> list[int]:
    """The lines of the list just sent whose addresses nobody here knows."""
    told = request.args.get("unknown", "").split(",")[:MOST_NAMED]
    return [int(one) for one in told if one.isascii() and one.isdigit() and len(one) < 6]


def labels() -> dict[str, str]:
    """What the fields are called, in the language of the page."""
    return {name: naming.said(title) for name, title in FIELDS.items()}
