"""The page of cookies and browser signals, the same as JSON for a site's own banner, and what is said of GPC."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request

from consent import clock
from consent.db import Database, Tx
from consent.errors import NotFound
from consent.ledger.keys import Keyring
from consent.policies.answers.trackers import Signal, Told
from consent.policies.frames import Frames
from consent.policies.governing import Governing, InForce
from consent.policies.organization import OrganizationPack
from consent.preferences import signals
from consent.preferences.cookies import choices, words
from consent.preferences.cookies.choices import Choices
from consent.verification import visits
from consent.web.bodies import json_response
from consent.web.forms import check_form
from consent.web.frame import asks_privacy
from consent.web.i18n import ngettext, to
from consent.web.messages import N_

# Global Privacy Control, section 6: the day from which these pages have answered the signal.
SINCE = "2026-11-22"
YES, NO = "yes", "no"


def blueprint(db: Database, keyring: Keyring, governing: Governing, frames: Frames, public_url: str) -> Blueprint:
    """/<organization>/cookies, /<organization>/cookies.json, /.well-known/gpc.json."""
    pages = Blueprint("cookies", __name__, template_folder="templates")

    def in_force(slug: str) -> InForce:
        known = frames.known(slug, clock.now())
        if known is None:
            raise NotFound(N_("No organization of this name is served here."))
        return governing.now(known.tenant.id, clock.now())

    @pages.get("/<organization>/cookies")
    def show(organization: str) -> Response:
        """What is promised of cookies, and the choices there are."""
        found = in_force(organization)
        trackers, version = found.rulebook.trackers, found.rulebook.policy_version.version
        mine = choices.kept(found.log.organization_id, trackers, clock.now())
        return make_response(
            render_template(
                "cookies/page.html",
                organization=found.rulebook.organization,
                told=trackers.told(),
                controls=trackers.controls(),
                offered=[(one, mine.consent(one, version) if mine is not None else None) for one in trackers.choices()],
                kept=mine,
                saved="saved" in request.args and mine is not None,
                signals={one.name: one for one in trackers.signals()},
                words=words,
                in_days=_in_days,
            )
        )

    @pages.post("/<organization>/cookies")
    def choose(organization: str) -> Response:
        """Keep the choices in this browser; a refusal that the browser sends is recorded for a visit that is known."""
        check_form(public_url)
        found, now = in_force(organization), clock.now()
        trackers, version = found.rulebook.trackers, found.rulebook.policy_version.version
        said = {one: request.form.get(f"for-{one}") for one in trackers.choices()}
        everything = request.form.get("all")
        allowed = {one: (everything or answer) == YES for one, answer in said.items() if everything or answer}
        if asks_privacy():
            _honour(db, keyring, found)
        response = make_response(redirect(to(f"/{organization}/cookies?saved=1"), 303))
        if allowed:
            choices.keep(response, found.log.organization_id, trackers, Choices(allowed, version, now))
        return response

    @pages.get("/<organization>/cookies.json")
    def rule(organization: str) -> Response:
        """The rule for the organization's own sites: what waits for a choice, where, and which signals count."""
        rulebook = in_force(organization).rulebook
        trackers, controls = rulebook.trackers, rulebook.trackers.controls()
        response = json_response(
            {
                "organization": rulebook.organization.slug,
                "policy_version": rulebook.policy_version.version,
                "ask_before": list(trackers.choices()),
                "surfaces": list(trackers.surfaces()),
                "site_switch": controls.on_site,
                "browser_controls": list(controls.browser),
                "opt_out_urls": list(controls.opt_out_urls),
                "signals": [_signal_json(one) for one in trackers.signals()],
                "rules": [_told_json(one, rulebook.organization) for one in trackers.told()],
                "page": f"{public_url}/{organization}/cookies",
            }
        )
        response.cache_control.public, response.cache_control.max_age = True, 60
        return response

    @pages.get("/.well-known/gpc.json")
    def supported() -> Response:
        """These pages answer the Global Privacy Control."""
        response = json_response({"gpc": True, "lastUpdate": SINCE})
        response.cache_control.public, response.cache_control.max_age = True, 3600
        return response

    return pages


def _honour(db: Database, keyring: Keyring, found: InForce) -> None:
    """The refusal stands in the ledger of whoever is visiting; nothing where nobody is known."""
    organization_id, now = found.log.organization_id, clock.now()
    visit = visits.current(db, keyring, organization_id, now)
    if visit is None:
        return
    places, person_id = [one.tagged for one in visit.places if one.contact_point_id is not None], visit.person_id

    def act(tx: Tx) -> None:
        signals.honour(tx, keyring, found.log, found.rulebook, places, person_id, now)

    db.write(act, organization_id)


def _in_days(period: str) -> str:
    """A period of days as people write it; another one as it was written."""
    days = period.removeprefix("P").removesuffix("D")
    return ngettext("%(num)s day", "%(num)s days", int(days)) % {"num": days} if days.isdigit() else period


def _signal_json(one: Signal) -> dict[str, Any]:
    return {"name": one.name, "honoured": one.honoured, "surfaces": list(one.surfaces), "commitment": one.commitment}


def _told_json(one: Told, organization: OrganizationPack) -> dict[str, Any]:
    said = {name: list(value) if isinstance(value, tuple) else value for name, value in one._asdict().items()}
    names = {known.key: dict(known.said["name"]) for known in organization.recipients if known.key in one.recipients}
    return said | {"recipients": names}
