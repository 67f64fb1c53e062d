"""The public page of who gets data: the list of subprocessors where one is promised, and whom the policy names."""

from flask import Blueprint, Response, make_response, render_template

from consent import clock
from consent.db import Database
from consent.deadlines import zones
from consent.deadlines.zones import local_date
from consent.disclosures import listing
from consent.disclosures.register import line
from consent.errors import NotFound
from consent.policies import codes
from consent.policies.frames import Frames
from consent.policies.governing import Governing
from consent.web import i18n
from consent.web.messages import N_


def blueprint(db: Database, governing: Governing, frames: Frames) -> Blueprint:
    """/<organization>/sub-processors."""
    pages = Blueprint("recipients", __name__, template_folder="templates")

    @pages.get("/<organization>/sub-processors")
    def every(organization: str) -> Response:
        """Who works with data for the company, where, for what, since when; and whom clauses let data go to."""
        now = clock.now()
        known = frames.known(organization, now)
        if known is None:
            raise NotFound(N_("No organization of this name is served here."))
        rulebook = governing.now(known.tenant.id, now).rulebook
        pack = rulebook.organization
        with db.read(known.tenant.id) as tx:
            history = listing.history(tx, known.tenant.id, pack.zone, now)
        by_name = {one.legal_name: one for one in pack.recipients if one.legal_name}
        lines = [line(rulebook, one, local_date(now, zones.zone(pack.zone))) for one in pack.recipients]
        entries = rulebook.sharing.register()
        registered = {str(entry["name"]) for entry in entries}
        page = render_template(
            "disclosures/sub_processors.html",
            organization=pack,
            read=codes.Reader(pack, i18n.page_language()),
            entries=[(entry, by_name.get(str(entry["name"]))) for entry in entries],
            history=history,
            named=[one for one in lines if one.listed and one.recipient.legal_name not in registered],
            registers=[one.id for one in rulebook.promises if one.kind == "recipient-register"],
            country=i18n.country,
        )
        response = make_response(page)
        response.cache_control.public, response.cache_control.max_age = True, 60
        return response

    return pages
