"""The public door: the wording in force, and every version before and after it."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, render_template, request

from consent import clock
from consent.db import Database
from consent.errors import NotFound
from consent.organizations import service as organizations
from consent.policies import queries
from consent.policies.models import Status
from consent.web import markdown


@dataclass(frozen=True, slots=True)
class Shown:
    """A version as the page speaks of it: its days are those of the organization's zone."""

    policy: str
    version: str
    title: str
    status: str
    effective_on: date
    sha256: str

    @classmethod
    def of(cls, listed: queries.Listed, zone: ZoneInfo) -> "Shown":
        """The listed version with its day in `zone`."""
        day = listed.effective_at.astimezone(zone).date()
        return cls(listed.policy, listed.version, listed.title, listed.status, day, listed.text_sha256.hex())


def blueprint(db: Database) -> Blueprint:
    """/<organization>/privacy, and /<organization>/privacy/<version>; ?policy= names another policy."""
    pages = Blueprint("policies", __name__, template_folder="templates")

    @pages.get("/<organization>/privacy")
    def in_force(organization: str) -> Response:
        return _page(db, organization, None, clock.now())

    @pages.get("/<organization>/privacy/<version>")
    def version(organization: str, version: str) -> Response:
        return _page(db, organization, version, clock.now())

    return pages


def _page(db: Database, slug: str, version: str | None, now: datetime) -> Response:
    policy = request.args.get("policy")
    with db.read() as tx:
        tenant = next((one for one in organizations.every(tx) if one.slug == slug), None)
    if tenant is None:
        raise NotFound("No organization of this name is served here.")
    zone = ZoneInfo(tenant.zone)
    with db.read(tenant.id) as tx:
        line, text = queries.version_text(tx, tenant.id, now, version, policy)
        versions = [Shown.of(one, zone) for one in queries.listed(tx, tenant.id, now)]
    page = render_template(
        "policies/version.html",
        organization=tenant,
        shown=Shown.of(line, zone),
        wording=markdown.render(text),
        versions=[one for one in reversed(versions) if one.policy == line.policy],
        others=[one for one in versions if one.policy != line.policy and one.status == Status.IN_FORCE],
        current=next((one for one in versions if (one.policy, one.status) == (line.policy, Status.IN_FORCE)), None),
        Status=Status,
    )
    response = make_response(page)
    response.cache_control.public, response.cache_control.max_age = True, 60
    return response
