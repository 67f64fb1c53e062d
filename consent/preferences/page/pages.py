"""The page of a person's choices: see them, save them, stop everything, undo it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, session
from werkzeug.wrappers import Response

from consent import clock
from consent.db import Database, Tx
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.errors import NotFound
from consent.ledger.bodies import Leaf
from consent.ledger.keys import Keyring
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.policies.governing import Governing, InForce
from consent.preferences import service as preferences
from consent.preferences import signals
from consent.preferences.page import acts, choices, history, saving, standing, summary, told, tuning, undoing, wishes
from consent.preferences.unsubscribe import pages as unsubscribe
from consent.subjects import service as subjects
from consent.subjects.addresses import of_person
from consent.verification import onward, visits
from consent.verification.visits import Level, Visit
from consent.web import forms, i18n, peer
from consent.web import signals as browser_signals
from consent.web.i18n import page_language, to
from consent.web.messages import N_

WANTED = "wanted"  # what this browser chose before it had a code: names of switches, nothing personal
NOT_OURS = N_(
    "This form was not complete, or it was changed on its way. Nothing was saved: look again, and save again."
)
NO_ACT = N_("Choose one of the buttons of the page.")
# Why the page is shown again, by the word in its address.
AGAIN = {
    "stale": N_(
        "Something on this page changed since you opened it. What you switched off is off. Nothing was switched on:"
        " look again, and save again."
    ),
    "refused": N_("Not everything could be switched on. What is still off below says why, or the company tells you."),
    "nothing": N_("Nothing was changed: everything is as you chose it."),
    "late": N_("This can no longer be undone by one press. The switches below do the same."),
}


@dataclass(frozen=True, slots=True)
class Door:
    """Who stands before the page, and what governs them."""

    tenant: Tenant
    visit: Visit
    in_force: InForce
    now: datetime

    @property
    def full(self) -> bool:
        """Have they shown that the address is theirs?"""
        return self.visit.level is Level.CODE

    @property
    def address(self) -> str:
        """The page of this organization."""
        return f"/{self.tenant.slug}/preferences"


def blueprint(db: Database, keyring: Keyring, governing: Governing, public_url: str) -> Blueprint:
    """/<organization>/preferences, /stop, /undo, /settings, /history."""
    pages = Blueprint("preferences", __name__, template_folder="../templates")

    def door(slug: str) -> Door | Response:
        """Who stands here, or the way to the form that asks for a code."""
        now = clock.now()
        with db.read() as tx:
            tenant = next((one for one in organizations.every(tx) if one.slug == slug), None)
        if tenant is None:
            raise NotFound(N_("No organization of this name is served here."))
        visit = visits.current(db, keyring, tenant.id, now)
        if visit is None:
            return redirect(to(f"/{slug}/preferences/code"), 303)
        return Door(tenant, visit, governing.now(tenant.id, now), now)

    def posted(slug: str) -> Door | Response:
        """The same for a form that was sent."""
        forms.check_form(public_url)
        return door(slug)

    def write(at: Door, mark: str, work: Callable[[acts.Act], Any], places: list[subjects.Tagged]) -> Any:
        refuses = browser_signals.refuses_sale()
        presser = acts.Presser(mark, page_language(), peer.caller_address(), at.visit.person_id)

        def inside(tx: Tx) -> Any:
            log, rulebook = at.in_force.log, at.in_force.rulebook
            done = work(acts.begin(tx, keyring, log, rulebook, places, presser, at.now))
            if refuses:
                theirs = [place.tagged for place in at.visit.places]
                signals.honour(tx, keyring, log, rulebook, theirs, at.visit.person_id, at.now)
            return done

        return db.write(inside, at.tenant.id)

    @pages.get("/<organization>/preferences")
    def show(organization: str) -> Response:
        at = door(organization)
        return at if isinstance(at, Response) else _page(db, at)

    @pages.post("/<organization>/preferences")
    def save(organization: str) -> Response:
        at = posted(organization)
        if isinstance(at, Response):
            return at
        wished = wishes.read(request.form.items(multi=True))
        if wished is None:
            return _page(db, at, {"": NOT_OURS}, 422)
        full, say = at.full, i18n.speaker()
        done: saving.Saved = write(
            at, wished.act, lambda act: saving.save(act, wished, say, full=full), _places(at.visit)
        )
        session.pop(WANTED, None)
        if done.needs_code:
            session[WANTED] = sorted(wished.on)[:50]
            return onward.ask_first(at.tenant, at.address)
        again = "stale" if done.stale else "refused" if done.refused else ""
        return _after(at, wished.act, again)

    @pages.post("/<organization>/preferences/stop")
    def stop(organization: str) -> Response:
        at = posted(organization)
        if isinstance(at, Response):
            return at
        scope, mark = request.form.get("scope", ""), request.form.get("act", "")
        if scope not in (saving.EVERYTHING, saving.MARKETING) or not wishes.MARK.fullmatch(mark):
            return _page(db, at, {"": NO_ACT}, 422)
        say = i18n.speaker()
        write(at, mark, lambda act: saving.stop(act, scope, say), _whole(keyring, at.visit))
        return _after(at, mark, "")

    @pages.post("/<organization>/preferences/undo")
    def undo(organization: str) -> Response:
        at = posted(organization)
        if isinstance(at, Response):
            return at
        if not at.full:  # giving back is agreeing anew
            return onward.ask_first(at.tenant, at.address)
        which, mark = request.form.get("undoes", ""), request.form.get("act", "")
        if not wishes.MARK.fullmatch(which) or not wishes.MARK.fullmatch(mark):
            return _page(db, at, {"": NO_ACT}, 422)

        say = i18n.speaker()

        def work(act: acts.Act) -> bool:
            found = told.of_act(told.newest(act.tx, at.tenant.id, _keys(at.visit)), which, at.now)
            return found is not None and found.can_be_undone and undoing.undo(act, found, say)

        done = write(at, mark, work, _places(at.visit))
        return _after(at, mark, "" if done else "late")

    @pages.post("/<organization>/preferences/settings")
    def tune(organization: str) -> Response:
        at = posted(organization)
        if isinstance(at, Response):
            return at
        mark, pack = request.form.get("act", ""), at.in_force.rulebook.organization
        if not wishes.MARK.fullmatch(mark) or any(len(one) > 100 for one in request.form.values()):
            return _page(db, at, {"": NOT_OURS}, 422)
        with db.read(at.tenant.id) as tx:
            before = tuning.shown(pack, _states(tx, at), page_language(), at.now)
        wanted, wrong = tuning.read(request.form, pack, before, at.now)
        if wrong:
            return _page(db, at, wrong, 422)
        if not at.full and tuning.gives(wanted):
            return onward.ask_first(at.tenant, at.address)
        if wanted:
            write(at, mark, lambda act: tuning.write(act, wanted), _places(at.visit))
        return _after(at, mark, "")

    @pages.get("/<organization>/preferences/history")
    def timeline(organization: str) -> Response:
        at = door(organization)
        if isinstance(at, Response):
            return at
        if not at.full:
            return onward.ask_first(at.tenant, f"{at.address}/history")
        return _history(db, at)

    return pages


def _history(db: Database, at: Door) -> Response:
    """The timeline of the addresses of the visit; looking at it writes nothing."""
    places = history.places_from(request.args.get("before", ""), _keys(at.visit))
    if places is None:
        raise NotFound(N_("There are no earlier entries."))
    pack, say, language = at.in_force.rulebook.organization, i18n.speaker(), page_language()
    with db.read(at.tenant.id) as tx:
        seen = standing.sight(_states(tx, at).values(), at.visit.person_id)
        found = history.read(tx, at.tenant.id, pack, places, seen, language, say)
    where = zones.zone(pack.zone)
    shown = {"tenant": at.tenant, "visit": at.visit, "seen": seen, "timeline": found}
    return make_response(
        render_template("preferences/history.html", moment=lambda when: i18n.at_in_words(when, where), **shown)
    )


def _page(db: Database, at: Door, wrong: dict[str, str] | None = None, status: int = 200) -> Response:
    """The page as things are now; looking at it writes nothing."""
    forms.csrf_token()
    tenant, rulebook, language, say = at.tenant, at.in_force.rulebook, page_language(), i18n.speaker()
    mark = request.args.get("act", "")
    with db.read(tenant.id) as tx:
        states = _states(tx, at)
        page = choices.page_of(rulebook, states, at.visit.person_id, language, say, full=at.full)
        entries = [one.standing.event_id for one in page if one.standing is not None] if at.full else []
        leaves = told.methods(tx, tenant.id, entries)
        asked_about = unsubscribe.questions(tx, rulebook.organization, at.visit, at.now)
        done = None
        if wishes.MARK.fullmatch(mark):
            done = told.of_act(told.newest(tx, tenant.id, _keys(at.visit)), mark, at.now)
    again = request.args.get("again", "")
    wanted = set(session.get(WANTED, ())) & page.switches.keys() if at.full else set()
    return make_response(
        render_template(
            "preferences/page.html",
            at=at,
            tenant=tenant,
            organization=rulebook.organization,
            visit=at.visit,
            page=page,
            asked_about=asked_about,
            tuning=tuning.shown(rulebook.organization, states, language, at.now),
            typed=request.form if wrong else {},
            tongues=i18n.LANGUAGES,
            was=wishes.shown_by(page),
            act=secrets.token_urlsafe(16),
            wanted=wanted,
            wrong=wrong or {},
            again=AGAIN.get(again or ("" if done is not None or not mark else "nothing")),
            done=done,
            done_act=mark,
            changes=summary.changes(rulebook.organization, done.leaves, language) if done is not None else [],
            everywhere=_everywhere(at, done),
            channels=summary.CHANNELS,
            how=_how(leaves),
            day=_day_of(at),
        ),
        status,
    )


def _states(tx: Tx, at: Door) -> dict[str, Any]:
    """What holds at each place of the visit, in one round trip."""
    places = [place.tagged for place in at.visit.places]
    asked = [(preferences.SELECT_STATE, subjects.find_parameters(at.tenant.id, one)) for one in places]
    found = tx.gather(*asked)
    return {one.address.channel: preferences.state_from(rows) for one, rows in zip(places, found, strict=True)}


def _places(visit: Visit) -> list[subjects.Tagged]:
    return [one.tagged for one in visit.places]


def _keys(visit: Visit) -> list[tuple[str, int]]:
    return [(one.tagged.address.channel, one.tagged.tag64) for one in visit.places]


def _whole(keyring: Keyring, visit: Visit) -> list[subjects.Tagged]:
    """Texts and calls of a number together: whoever wants everything to stop means both, however they came in."""
    places = _places(visit)
    known = {one.address.channel for one in places}
    if not known & {"sms", "voice"}:
        return places
    value = places[0].address.value
    missing = [one for one in ("sms", "voice") if one not in known]
    return places + [subjects.tagged(keyring, visit.organization_id, of_person(channel, value)) for channel in missing]


def _after(at: Door, mark: str, again: str) -> Response:
    """To the page, which tells at its top what this act did: a reload of it does nothing."""
    more = f"&again={again}" if again else ""
    return redirect(to(f"{at.address}?act={mark}{more}"), 303)


def _how(leaves: dict[UUID, Leaf]) -> Callable[[UUID], str]:
    def how(entry: UUID) -> str:
        return summary.how_of(leaves[entry], i18n.gettext) if entry in leaves else ""

    return how


def _day_of(at: Door) -> Callable[[datetime], Any]:
    where = zones.zone(at.in_force.rulebook.organization.zone)
    return lambda moment: local_date(moment, where)


def _everywhere(at: Door, done: told.Told | None) -> Any:
    """The last day by which systems of others have to keep to it, too; None where nobody else sends."""
    if done is None:
        return None
    rulebook = at.in_force.rulebook
    ended = {one.channel for one in done.leaves if one.type == "consent.withdrawn"}
    if not any(ended & set(one.channels) for one in rulebook.organization.sender_systems):
        return None
    binding = rulebook.stopping.due(ended, done.leaves[-1].occurred_at)
    return None if binding is None else local_date(binding.due, zones.zone(rulebook.organization.zone))
