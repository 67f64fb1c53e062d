"""The unsubscribe of a mail, as RFC 8058 wants it: a look changes nothing, a POST acts at once and asks for nothing.

No cookie, no token of a session, no redirect: mail programs press for their readers. The address holds a token that
nobody can guess, so a page shown here tells no other where it came from (S16, S29).
"""

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from consent import clock
from consent.db import Database, Sql, Tx
from consent.errors import NotFound
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.policies import shown as shown_texts
from consent.policies.governing import Governing, InForce
from consent.policies.organization import OrganizationPack, Program
from consent.policies.rulebook import Rulebook
from consent.preferences import service as preferences
from consent.preferences.unsubscribe import figures, queries, service
from consent.preferences.unsubscribe.rules import FORM, ONE_CLICK, network_of
from consent.subjects import service as subjects
from consent.subjects.addresses import masked
from consent.verification import links, onward, visits
from consent.verification.links import UNSUBSCRIBE, Link
from consent.verification.visits import Level, Visit
from consent.web import forms, peer
from consent.web.i18n import gettext, page_language, to
from consent.web.messages import N_

# RFC 8058 section 3.1: what a mail program sends. Our own form has a button of this name.
ONE_CLICK_FIELD, ONE_CLICK_VALUE, BUTTON = "List-Unsubscribe", "One-Click", "unsubscribe"
NOT_SERVED = N_("No organization of this name is served here.")


class _Reached(NamedTuple):
    """Where the messages of a link go; no address where it was erased."""

    channel: str
    masked: str | None

    @property
    def by_mail(self) -> bool:
        return self.channel == "email"


def blueprint(db: Database, keyring: Keyring, governing: Governing, public_url: str) -> Blueprint:
    """/<organization>/unsubscribe/<token>, …/undo."""
    pages = Blueprint("unsubscribe", __name__, template_folder="templates")

    def opened(organization: str, token: str) -> tuple[Tenant, Link | None]:
        with db.read() as tx:
            tenant = next((one for one in organizations.every(tx) if one.slug == organization), None)
        if tenant is None:
            raise NotFound(NOT_SERVED)
        return tenant, links.read(keyring, tenant.id, token, UNSUBSCRIBE)

    @pages.get("/<organization>/unsubscribe/<token>")
    def form(organization: str, token: str) -> Response:
        tenant, link = opened(organization, token)
        if link is None:
            return _unknown(tenant, governing.now(tenant.id, clock.now()))
        return _form(tenant, governing.now(tenant.id, clock.now()), link, _reached(db, keyring, link))

    @pages.post("/<organization>/unsubscribe/<token>")
    def press(organization: str, token: str) -> Response:
        tenant, link = opened(organization, token)
        now = clock.now()
        in_force = governing.now(tenant.id, now)
        if link is None:
            return _unknown(tenant, in_force)
        pressed = _pressed()
        if pressed is None:
            return _form(tenant, in_force, link, _reached(db, keyring, link), status=422)
        known: Link = link
        at = _reached(db, keyring, link)
        if pressed.how == FORM:  # whoever pressed in a mail program has seen no page
            said = shown_texts.shown_on(in_force.rulebook, service.SURFACE, (at.channel,))
            pressed = replace(pressed, statements=said)
        done = db.write(
            lambda tx: service.press(
                tx, keyring, in_force.log, in_force.rulebook, known, pressed, figures.shipped(), now
            ),
            tenant.id,
        )
        return _ended(tenant, in_force, done, at)

    @pages.post("/<organization>/unsubscribe/undo")
    def undo(organization: str) -> AnyResponse:
        forms.check_form(public_url)
        tenant, _ = opened(organization, "")
        now, home = clock.now(), f"/{tenant.slug}/preferences"
        visit = visits.current(db, keyring, tenant.id, now)
        if visit is None or visit.level is not Level.CODE:
            return onward.ask_first(tenant, home)
        in_force = governing.now(tenant.id, now)
        with db.read(tenant.id) as tx:
            asked = questions(tx, in_force.rulebook.organization, visit, now)
        one = next((each for each in asked if str(each.id) == request.form.get("press")), None)
        if one is None:
            return redirect(to(f"{home}?again=late"), 303)
        said = service.Undoing(one.sentence, page_language(), peer.caller_address())
        done = db.write(
            lambda tx: service.undo(
                tx, keyring, in_force.log, in_force.rulebook, one.contact_point_id, one.id, said, figures.shipped(), now
            ),
            tenant.id,
        )
        return redirect(to(home if done else f"{home}?again=late"), 303)

    return pages


def presses(visit: Visit, now: datetime) -> list[tuple[Sql, dict[str, object]]]:
    """What to ask in order to learn whether `questions` may ask this visitor anything: a row says that it may."""
    known = [place.contact_point_id for place in visit.places] if visit.level is Level.CODE else []
    return [queries.about(visit.organization_id, one, figures.shipped(), now) for one in known if one is not None]


def questions(tx: Tx, pack: OrganizationPack, visit: Visit, now: datetime) -> list[queries.Questioned]:
    """What the preference page asks this visitor about, each with the sentence that taking it back agrees to."""
    if visit.level is not Level.CODE:
        return []
    places = {place.contact_point_id: place.tagged for place in visit.places}
    asked = []
    for one in queries.questioned(tx, visit.organization_id, places, figures.shipped(), now):
        tagged = places[one.contact_point_id]
        state = preferences.read(tx, visit.organization_id, tagged.address.channel, tagged.tag64)
        _, programs = service.taken(tx, visit.organization_id, one.contact_point_id, state, one.id, now)
        if programs:  # what was refused in another way since, nobody is asked about
            asked.append(replace(one, programs=programs, sentence=_agreed(pack, programs)))
    return asked


def _agreed(pack: OrganizationPack, programs: tuple[str, ...]) -> str:
    names = ", ".join(one.name_in(page_language()) for one in _named(pack, programs))
    sentence = N_("Yes, %(organization)s may send me these e-mails again: %(programs)s. I can end them at any time.")
    return gettext(sentence) % {"organization": pack.name, "programs": names}


def _pressed() -> service.Pressed | None:
    """How it was pressed; None for a POST that is neither a mail program's nor our form's."""
    if request.form.get(ONE_CLICK_FIELD) == ONE_CLICK_VALUE:
        how = ONE_CLICK
    elif BUTTON in request.form:
        how = FORM
    else:
        return None
    caller = peer.caller_address()
    return service.Pressed(how, caller, network_of(caller))


def _reached(db: Database, keyring: Keyring, link: Link) -> _Reached:
    with db.read(link.organization_id, single=True) as tx:
        contact = subjects.by_id(tx, keyring, link.organization_id, link.contact_point_id)
    if contact is None or contact.address is None:
        return _Reached("email", None)
    return _Reached(contact.channel, masked(contact.channel, contact.address))


def _form(tenant: Tenant, in_force: InForce, link: Link, at: _Reached, status: int = 200) -> Response:
    rulebook = in_force.rulebook
    reach = rulebook.stopping.unsubscribe(at.channel, link.program)
    ending, sent_for = _named(rulebook.organization, reach.programs), rulebook.program(link.program or "")
    return _saying("form", tenant, rulebook, at, status, ending=ending, sent_for=sent_for)


def _ended(tenant: Tenant, in_force: InForce, done: service.Ended, at: _Reached) -> Response:
    rulebook = in_force.rulebook
    goes_on = rulebook.stopping.goes_on(done.channel, done.reach.programs)
    ended = _named(rulebook.organization, done.reach.programs)
    return _saying("ended", tenant, rulebook, at, ended=ended, goes_on=goes_on)


def _saying(name: str, tenant: Tenant, rulebook: Rulebook, at: _Reached, status: int = 200, **more: Any) -> Response:
    """A page that says what must be said to those who unsubscribe there, or is not shown."""
    page = shown_texts.render(
        f"unsubscribe/{name}.html",
        rulebook,
        service.SURFACE,
        channels=(at.channel,),
        organization=tenant,
        address=at.masked,
        by_mail=at.by_mail,
        **more,
    )
    return _kept_apart(page, status)


def _unknown(tenant: Tenant, in_force: InForce) -> Response:
    contact = in_force.rulebook.organization.privacy_contact
    return _kept_apart(render_template("unsubscribe/unknown.html", organization=tenant, contact=contact), 404)


def _named(pack: OrganizationPack, keys: tuple[str, ...]) -> list[Program]:
    return [one for one in pack.programs if one.key in keys]


def _kept_apart(page: str, status: int) -> Response:
    response = make_response(page, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
