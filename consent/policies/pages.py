"""The public door: the wording in force with what it means, every other version, and what changed between any two."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, render_template, request

from consent import clock
from consent.db import Database, Tx
from consent.deadlines import zones
from consent.errors import NotFound
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.policies import queries, service
from consent.policies import shown as shown_texts
from consent.policies.diff import compare
from consent.policies.kinds import KINDS, sentence
from consent.policies.models import Status
from consent.policies.places import placed
from consent.policies.rulebook import Rulebook
from consent.policies.version import Commitment, PolicyVersionPack, parse_version
from consent.web import i18n, markdown
from consent.web.messages import N_


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


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a commitment means, in one plain sentence, and what was settled where the wording leaves it open."""

    id: str
    sentence: str
    settled: str | None


def blueprint(db: Database) -> Blueprint:
    """/<organization>/privacy, …/<version>, …/<version>/changes; ?policy= names another policy, ?lang= a language."""
    pages = Blueprint("policies", __name__, template_folder="templates")

    @pages.get("/<organization>/privacy")
    def in_force(organization: str) -> Response:
        return _version_page(db, organization, None, clock.now())

    @pages.get("/<organization>/privacy/<version>")
    def version(organization: str, version: str) -> Response:
        return _version_page(db, organization, version, clock.now())

    @pages.get("/<organization>/privacy/<version>/changes")
    def changes(organization: str, version: str) -> Response:
        return _changes_page(db, organization, version, clock.now())

    return pages


def _version_page(db: Database, slug: str, version: str | None, now: datetime) -> Response:
    tenant, read = _open(db, slug, now)
    with db.read(tenant.id) as tx:
        kept = read(tx, version)
        binds = kept.current is not None and queries.settings(tx, tenant.id)
        rulebook = service.rulebook_at(tx, tenant.id, now) if binds else None
    language = _language_of_wording(kept.translations)
    wording = markdown.render(kept.translations.get(language or "", kept.text))
    return _public(
        _rendered(
            rulebook,
            organization=tenant,
            shown=kept.shown,
            wording=wording,
            meanings=_meanings(kept.pack, [one.path for one in markdown.render(kept.text).sections]),
            language=language,
            languages=sorted(kept.translations),
            names=i18n.LANGUAGES,
            versions=kept.versions,
            others=kept.others,
            current=kept.current,
            before=kept.before,
            Status=Status,
        )
    )


def _rendered(rulebook: Rulebook | None, **context: Any) -> str:
    """The page with what must be said on it by the promises of today; before any is in force nothing is owed."""
    if rulebook is None:
        return render_template("policies/version.html", statements=(), **context)
    return shown_texts.render("policies/version.html", rulebook, "privacy-page", **context)


def _language_of_wording(translations: Collection[str]) -> str | None:
    """The translation to show: the one the address names, else that of the page's language; None is the original."""
    wanted = request.args.get("lang"), i18n.page_language()
    return next((one for one in wanted if one is not None and one in translations), None)


def _changes_page(db: Database, slug: str, version: str, now: datetime) -> Response:
    tenant, read = _open(db, slug, now)
    with db.read(tenant.id) as tx:
        kept = read(tx, version)
        since = request.args.get("since") or (kept.before.version if kept.before else None)
        earlier = read(tx, since) if since is not None else None
    difference = compare(earlier.pack, kept.pack) if earlier else None
    return _public(
        render_template(
            "policies/changes.html",
            organization=tenant,
            shown=kept.shown,
            earlier=earlier.shown if earlier else None,
            difference=difference,
            change=kept.pack.change,
            versions=kept.versions,
            others=kept.others,
        )
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    """One version with its place among the others, newest first."""

    shown: Shown
    text: str
    pack: PolicyVersionPack
    translations: dict[str, str]
    versions: list[Shown]
    others: list[Shown]
    current: Shown | None
    before: Shown | None


def _open(db: Database, slug: str, now: datetime) -> tuple[Tenant, Callable[[Tx, str | None], _Kept]]:
    """The organization, and how to read one version of the policy that the address names."""
    with db.read() as tx:
        tenant = next((one for one in organizations.every(tx) if one.slug == slug), None)
    if tenant is None:
        raise NotFound(N_("No organization of this name is served here."))
    zone, policy = zones.zone(tenant.zone), request.args.get("policy")

    def read(tx: Tx, version: str | None) -> _Kept:
        versions = [Shown.of(one, zone) for one in queries.listed(tx, tenant.id, now)]
        if not versions:
            raise NotFound(N_("There is no such version."))
        wanted = policy or service.main_policy(tx, tenant.id, now)
        line, identity = queries.version_of(tx, tenant.id, now, wanted, version)
        text, toml = queries.sources(tx, tenant.id, identity)
        mine = [one for one in reversed(versions) if one.policy == line.policy]
        place = next((at for at, one in enumerate(mine) if one.version == line.version), None)
        return _Kept(
            Shown.of(line, zone),
            text,
            parse_version(line.policy, line.version, text, toml),
            queries.translations(tx, tenant.id, identity),
            mine,
            [one for one in versions if one.policy != line.policy and one.status == Status.IN_FORCE],
            next((one for one in mine if one.status == Status.IN_FORCE), None),
            mine[place + 1] if place is not None and place + 1 < len(mine) else None,
        )

    return tenant, read


def _meanings(pack: PolicyVersionPack, paths: list[tuple[str, ...]]) -> list[list[Meaning]]:
    """What stands beside each section of the page, in the order of its sections (translations have the same)."""
    by_path = {section.path: section.commitments for section in placed(pack)}
    known = {one.id: one for one in pack.commitments}
    return [[_meaning(known[identity]) for identity in by_path.get(path, ())] for path in paths]


def _meaning(one: Commitment) -> Meaning:
    said = sentence(one) if one.kind in KINDS else one.kind
    return Meaning(one.id, said, one.open.value if one.open is not None else None)


def _public(page: str) -> Response:
    response = make_response(page)
    response.cache_control.public, response.cache_control.max_age = True, 60
    return response
