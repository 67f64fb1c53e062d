"""A policy version as a command names it: a folder of a pack, or organization/policy[/version] of a published one."""

from datetime import datetime
from pathlib import Path

from consent.db import Database
from consent.errors import NotFound
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.policies import queries, rules
from consent.policies.packs import PolicyVersionPack, load_organization, parse_version


def in_folder(named: str) -> Path | None:
    """The folder of that name, if it holds a version."""
    place = Path(named)
    return place.resolve() if (place / "commitments.toml").is_file() else None


def organization_of(place: Path) -> str:
    """The slug of the organization whose pack this version folder lies in."""
    return load_organization(place.parent.parent).slug


def version(db: Database, named: str, now: datetime) -> PolicyVersionPack:
    """The published version named organization/policy/version, or the one in force of organization/policy."""
    slug, _, rest = named.strip("/").partition("/")
    policy, _, number = rest.partition("/")
    if not slug or not policy:
        raise NotFound(
            f'"{named}" is neither a folder with commitments.toml nor organization/policy or'
            " organization/policy/version of a published one."
        )
    with db.read() as tx:
        tenant = organizations.find(tx, slug)
    return published(db, tenant, policy, number or None, now)


def published(db: Database, tenant: Tenant, policy: str, number: str | None, now: datetime) -> PolicyVersionPack:
    """A published version, or the one in force where no number is given."""
    with db.read(tenant.id) as tx:
        mine = [one for one in queries.published(tx, tenant.id) if one.policy == policy]
        if number is not None:
            gone = [one for one in queries.withdrawn(tx, tenant.id) if one.policy == policy]
            mine = [one for one in [*mine, *gone] if one.version == number]
        elif mine:
            mine = [mine[rules.in_force_at([one.effective_at for one in mine], now)]]
        if not mine:
            what = f"{policy}/{number}" if number else policy
            raise NotFound(f"{tenant.slug} has published no {what}. See: consent policies list")
        text, commitments = queries.sources(tx, tenant.id, mine[0].id)
    return parse_version(policy, mine[0].version, text, commitments)
