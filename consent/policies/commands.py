"""`consent policies`: check packs, publish a version, list what is published."""

import json
from datetime import datetime
from pathlib import Path

import click

from consent import clock
from consent.command_line import as_json, says_what_is_wrong
from consent.db import Tx
from consent.ledger.keys import Keyring
from consent.ledger.opened import opened
from consent.organizations import service as organizations
from consent.policies import queries, rules, service
from consent.policies.check import check as check_packs
from consent.policies.commands_law import law
from consent.policies.findings import Finding
from consent.policies.packs import load_organization, load_version, version_folders
from consent.web import as_of as times


@click.group()
def policies() -> None:
    """Packs: what was promised, as files that are checked and published.

    \b
    Example:
      consent policies check policies
    """


policies.add_command(law)


@policies.command("check")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--published", is_flag=True, help="Compare with what this service has published, too.")
@as_json
@says_what_is_wrong
def check(path: Path, published: bool, as_json: bool) -> None:
    """Say what is wrong with the packs in PATH: a folder of packs, one pack, one version, or the law.

    Exit status 1 when anything is wrong.

    \b
    Example:
      consent policies check policies/valley-smart-homes
    """
    known = _published_hashes() if published else None
    _report(check_packs(path, known), as_json, nothing=f"{path}: nothing to mend.")


@policies.command("publish")
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--effective",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day on which one version begins, at midnight of the organization's zone. Default: as its header says.",
)
@as_json
@says_what_is_wrong
def publish(path: Path, effective: datetime | None, as_json: bool) -> None:
    """Apply organization.toml and publish the versions in PATH: a pack, or one version folder of it.

    The organization must exist. What is published already and unchanged is left alone. A version that would begin
    sooner than the policy in force promises is refused, and the first possible day named.

    \b
    Example:
      consent policies publish policies/valley-smart-homes
      consent policies publish policies/valtt/privacy-policy/2026-12-01 --effective 2027-01-15
    """
    single = (path / "commitments.toml").is_file()
    folder = path.resolve().parent.parent if single else path
    if findings := check_packs(path):
        _report(findings, as_json, nothing="")
    if effective is not None and not single:
        raise click.UsageError("--effective is for one version: name its folder.")
    organization = load_organization(folder)
    wanted = rules.midnight(effective.date(), organization.zone) if effective is not None else None
    beside = [load_version(one) for one in version_folders(folder)]
    versions = [load_version(path)] if single else beside
    now = clock.now()

    def work(tx: Tx, keyring: Keyring) -> list[dict[str, str]]:
        tenant = organizations.find(tx, organization.slug)
        tx.enter(tenant.id)
        done = []
        if service.apply_organization(tx, keyring, tenant.id, organization, now, beside) is not None:
            done.append({"applied": "organization.toml"})
        for version in versions:
            row = service.publish(tx, keyring, tenant.id, version, now, wanted, beside)
            if row is not None:
                begins = row.effective_at.isoformat()
                done.append(
                    {"policy": row.policy, "version": row.version, "status": row.status, "effective_at": begins}
                )
        return done

    with opened() as house:
        done = house.db.write(lambda tx: work(tx, house.keyring))
    if as_json:
        click.echo(json.dumps({"organization": organization.slug, "done": done}))
        return
    for one in done:
        click.echo(" ".join(f"{name}: {value}" for name, value in one.items()))
    if not done:
        click.echo(f"{organization.slug}: everything was published already, unchanged.")


@policies.command("list")
@click.option("--organization", "slug", help="Only this organization.")
@times.option
@as_json
@says_what_is_wrong
def list_versions(slug: str | None, as_of: str | None, as_json: bool) -> None:
    """List published versions and where each stands in its life, or stood at an earlier time.

    \b
    Example:
      consent policies list --organization valley-smart-homes
    """
    now = clock.now()
    now = times.past(as_of, now, "--as-of") or now
    lines: list[dict[str, str]] = []
    with opened() as house:
        with house.db.read() as tx:
            tenants = [organizations.find(tx, slug)] if slug else organizations.every(tx)
        for tenant in tenants:
            with house.db.read(tenant.id) as tx:
                for one in queries.listed(tx, tenant.id, now):
                    if one.announced_at > now:
                        continue
                    lines.append(
                        {
                            "organization": tenant.slug,
                            "policy": one.policy,
                            "version": one.version,
                            "status": str(one.status),
                            "effective_at": one.effective_at.isoformat(),
                            "text_sha256": one.text_sha256.hex(),
                        }
                    )
    for line in lines:
        click.echo(json.dumps(line) if as_json else "  ".join(line[key] for key in list(line)[:5]))


def _report(findings: list[Finding], as_json: bool, nothing: str) -> None:
    """Print the findings and end with status 1; or say that there are none."""
    for one in findings:
        click.echo(json.dumps(vars(one), ensure_ascii=False) if as_json else str(one))
    if findings:
        raise SystemExit(1)
    if not as_json:
        click.echo(nothing)


def _published_hashes() -> dict[tuple[str, str, str], tuple[bytes, bytes]]:
    found: dict[tuple[str, str, str], tuple[bytes, bytes]] = {}
    with opened() as house:
        with house.db.read() as tx:
            tenants = organizations.every(tx)
        for tenant in tenants:
            with house.db.read(tenant.id) as tx:
                for one in queries.published(tx, tenant.id):
                    found[tenant.slug, one.policy, one.version] = one.text_sha256, one.commitments_sha256
    return found
