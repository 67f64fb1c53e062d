"""The page of a person's choices and its timeline as they are shown: looking at them writes nothing."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from consent.db import Database, Tx
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.errors import NotFound
from consent.organizations.service import Tenant
from consent.policies import shown as shown_texts
from consent.policies.governing import InForce
from consent.policies.queries import Version
from consent.policies.rulebook import Rulebook
from consent.preferences import queries
from consent.preferences import service as preferences
from consent.preferences.page import (
    choices,
    drawing,
    history,
    kept,
    looking,
    offered,
    rights,
    standing,
    summary,
    told,
    tuning,
    wishes,
)
from consent.preferences.page.looking import Found
from consent.preferences.page.messages import ReadDisposed, ReadMessages
from consent.preferences.unsubscribe import pages as unsubscribe
from consent.preferences.unsubscribe.queries import Questioned
from consent.subjects import service as subjects
from consent.verification.rules import for_people
from consent.verification.visits import Level, Visit
from consent.web import answers, forms, i18n
from consent.web import signals as browser_signals
from consent.web.i18n import page_language
from consent.web.messages import N_

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
    found: Found | None = None  # what was read with the visit

    @property
    def full(self) -> bool:
        """Have they shown that the address is theirs?"""
        return self.visit.level is Level.CODE

    @property
    def address(self) -> str:
        """The page of this organization."""
        return f"/{self.tenant.slug}/preferences"


def show_history(db: Database, at: Door, read_messages: ReadMessages, read_disposed: ReadDisposed) -> Response:
    """The timeline of the addresses of the visit; looking at it writes nothing."""
    places = history.places_from(request.args.get("before", ""), keys_of(at.visit))
    if places is None:
        raise NotFound(N_("There are no earlier entries."))
    rulebook, say, language = at.in_force.rulebook, i18n.speaker(), page_language()
    with db.read(at.tenant.id) as tx:
        seen = standing.sight(states_of(tx, at).values(), at.visit.person_id)
        found = history.read(tx, at.tenant.id, rulebook, places, seen, language, say, read_messages, read_disposed)
    where = zones.zone(rulebook.organization.zone)
    shown = {"tenant": at.tenant, "visit": at.visit, "seen": seen, "timeline": found}
    return make_response(
        render_template("preferences/history.html", moment=lambda when: i18n.at_in_words(when, where), **shown)
    )


def show_page(db: Database, at: Door, wrong: dict[str, str] | None = None, status: int = 200) -> Response:
    """The page as things are now; looking at it writes nothing."""
    csrf = forms.csrf_token()
    tenant, rulebook, language, say = at.tenant, at.in_force.rulebook, page_language(), i18n.speaker()
    found = at.found
    if found is None:
        with db.read(tenant.id, single=True) as tx:
            found = looking.look_again(tx, at.visit, at.now)
    states, visitor = found.states, at.visit.person_id
    page = choices.page_of(rulebook, states, visitor, language, say, at.now, full=at.full)
    person = page.seen.person
    mark = request.args.get("act", "")
    own_act = bool(wishes.MARK.fullmatch(mark)) and kept.is_own(at.visit, mark)
    said: dict[Any, Any] = {}
    asked_about: list[Questioned] = []
    done: told.Told | None = None
    if person is not None or found.pressed or own_act:  # which is not how it mostly is
        with db.read(tenant.id) as tx:
            said = queries.wherever(tx, tenant.id, {}, person) if person is not None else {}
            asked_about = unsubscribe.questions(tx, rulebook.organization, at.visit, at.now)
            if own_act:
                done = told.of_act(told.newest(tx, tenant.id, keys_of(at.visit)), mark, at.now)
    by_browser = browser_signals.refuses_sale()
    mine = rights.shown(rulebook, states, said, person, full=at.full, by_browser=by_browser)
    settings_now = tuning.shown(rulebook, states, language, at.now)
    again, day_of = request.args.get("again", ""), _day_of(at)
    wanted = kept.wanted(at.visit, at.now) & page.switches.keys() if at.full else frozenset[str]()
    own = {"csrf": csrf, "act": secrets.token_urlsafe(16), "shown": page.digest, "masked": at.visit.masked}
    shown: dict[str, Any] = {
        "tenant": tenant,
        "company": rulebook.organization.name,
        "announced": tuple(
            (one, local_date(one.effective_at, zones.zone(tenant.zone))) for one in at.in_force.announced
        ),
        "full": at.full,
        "shared": page.seen.shared,
        "known": page.seen.person is not None,
        "sends": page.sends,
        "sells": page.sells,
        "switches": bool(page.switches),
        "was": wishes.shown_by(page),
        "tuned": tuning.shown_by(settings_now),
        "choices": drawing.choices(tenant, rulebook.organization, page, wanted, _how(found.methods), day_of),
        "settings": drawing.settings(
            settings_now,
            mine,
            day_of,
            full=at.full,
            typed_pause=request.form.get("pause") if wrong else None,
            wrong=wrong,
        ),
        "cookies": offered.cookies(rulebook),
        "wanted": bool(wanted),
        "again": AGAIN.get(again or ("" if done is not None or not mark else "nothing")),
        "start_at": _start_at(rulebook) if page.takes_no_code and not at.full else "",
    }
    if done is None and not wrong and not asked_about:
        return answers.page(drawing.page(rulebook, own, shown), status)
    alone: dict[str, Any] = {
        "wrong": wrong or {},
        "often": settings_now.often,
        "asked_about": asked_about,
        "done": done,
        "done_act": mark,
        "changes": summary.changes(rulebook.organization, done.leaves, language) if done is not None else [],
        "everywhere": _everywhere(at, done),
    }
    return answers.page(shown_texts.render(drawing.PAGE, rulebook, drawing.SURFACE, **own, **shown, **alone), status)


def states_of(tx: Tx, at: Door) -> dict[str, Any]:
    """What holds at each place of the visit, in one round trip."""
    places = [place.tagged for place in at.visit.places]
    asked = [(preferences.SELECT_AS_JSON, subjects.find_parameters(at.tenant.id, one)) for one in places]
    found = tx.gather(*asked)
    return {
        one.address.channel: preferences.state_from_json(rows[0][0]) for one, rows in zip(places, found, strict=True)
    }


def rights_of(tx: Tx, at: Door, states: dict[str, Any]) -> rights.Rights:
    """What of their data the visitor refuses, here or wherever else they are reached."""
    person = rights.whose(states, at.visit.person_id)
    said = queries.wherever(tx, at.tenant.id, {}, person) if person is not None else {}
    by_browser = browser_signals.refuses_sale()
    return rights.shown(at.in_force.rulebook, states, said, person, full=at.full, by_browser=by_browser)


def places_of(visit: Visit) -> list[subjects.Tagged]:
    return [one.tagged for one in visit.places]


def keys_of(visit: Visit) -> list[tuple[str, int]]:
    return [(one.tagged.address.channel, one.tagged.tag64) for one in visit.places]


def _start_at(rulebook: Rulebook) -> str:
    """The number to which START gives texts back, and with them codes; empty where no number of ours takes texts."""
    ours = [one for one in rulebook.organization.senders if one.channel == "sms"]
    best = max(ours, key=lambda one: len(rulebook.renewable_by_start(one.id)), default=None)
    return for_people(best.number) if best is not None else ""


def _how(methods: dict[UUID, str]) -> Callable[[UUID], str]:
    said = {entry: summary.how_of(method, i18n.gettext) for entry, method in methods.items()}
    return lambda entry: said.get(entry, "")


def _announced(at: Door) -> tuple[tuple[Version, date], ...]:
    where = zones.zone(at.tenant.zone)
    return tuple((one, local_date(one.effective_at, where)) for one in at.in_force.announced)


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
