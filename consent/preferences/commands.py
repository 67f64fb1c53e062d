"""`consent preferences`."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import click

from consent import clock
from consent.command_line import says_what_is_wrong
from consent.db.types import as_id
from consent.ledger.opened import Opened, opened
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.preferences import numbers, past, queries, rebuild
from consent.preferences.models import EVERY_PROGRAM, NOBODY
from consent.subjects import service as subjects
from consent.web import as_of as times

organization_option = click.option("--organization", metavar="SLUG", help="One organization only; all if left out.")


@click.group()
def preferences() -> None:
    """Current preferences: print or rebuild them.

    \b
    Example:
      consent preferences dump
    """


@preferences.command()
@organization_option
@times.option
@says_what_is_wrong
def dump(organization: str | None, as_of: str | None) -> None:
    """Print the current state, one JSON object a line, sorted, for comparisons.

    With --as-of the state is folded from what the ledger held at that instant.

    Addresses are shown: keep the output where only those may read it who may see them.

    \b
    Example:
      consent preferences dump > before.jsonl
    """
    then = times.past(as_of, clock.now(), "--as-of")
    with opened() as house:
        lines = [line for tenant in _tenants(house, organization) for line in _lines(house, tenant, then)]
    for line in sorted(lines):
        click.echo(line)


@preferences.command("rebuild")
@organization_option
@click.option("--check", is_flag=True, help="Compare only; exit status 1 when something differs.")
@says_what_is_wrong
def rebuild_command(organization: str | None, check: bool) -> None:
    """Make the current state anew from the ledger, or compare the two with --check.

    \b
    Example:
      consent preferences rebuild --check
    """
    with opened() as house:
        for tenant in _tenants(house, organization):
            if check:
                with house.db.read(tenant.id) as tx:
                    findings = list(rebuild.check(tx, tenant.id))
                for finding in findings:
                    click.echo(str(finding))
                if findings:
                    raise click.ClickException(f"{tenant.name}: {len(findings)} rows differ from the ledger.")
                click.echo(f"{tenant.name}: the current state is what the ledger says.")
            else:
                mended = rebuild.rebuild(house.db, tenant.id)
                click.echo(f"{tenant.name}: {mended} contact points mended.")


def _tenants(house: Opened, organization: str | None) -> list[Tenant]:
    with house.db.read() as tx:
        return [organizations.find(tx, organization)] if organization else organizations.every(tx)


def _lines(house: Opened, tenant: Tenant, then: datetime | None) -> Iterator[str]:
    """One line per program and person of each address; a stopped number says so on each of its lines."""
    with house.db.read(tenant.id) as tx:
        found = queries.dump(tx, tenant.id) if then is None else past.dump(tx, tenant.id, then)
        for contact_id, group in groupby(found, key=lambda row: as_id(row[7])):
            rows = list(group)
            contact = subjects.by_id(tx, house.keyring, tenant.id, contact_id)
            stops = [row for row in rows if row[2] == EVERY_PROGRAM and row[4] == "withdrawn"]
            waiting = [row for row in rows if row[2] == numbers.IN_REVIEW]
            suppressions = [{"channel": row[0], "sender": row[10]} for row in stops]
            suppressions += [{"channel": row[0], "sender": row[10], "held": "review"} for row in waiting]
            said: dict[str, Any] = {
                "organization": tenant.slug,
                "channel": rows[0][0],
                "address": contact.address if contact is not None else None,
                "suppressions": suppressions,
            }
            told = [row for row in rows if numbers.of_program(row[2])]
            became = {row[2][1:]: row[11] for row in rows if row[2] in (numbers.HOLDER, numbers.REACH)}
            said |= {"number": became} if became else {}
            wishes = _settings(rows)
            said |= {"settings": wishes} if wishes else {}
            if any(row[2] == numbers.DO_NOT_CALL for row in rows):
                said["suppressions"].append({"channel": rows[0][0], "list": "do-not-call"})
            persons = {as_id(row[3]) for row in told} - {NOBODY}
            names = subjects.references(tx, house.keyring, tenant.id, persons)
            for row in told:
                person = as_id(row[3])
                line = {
                    "program": row[2],
                    "state": row[4],
                    "policy": row[5],
                    "policy_version": row[6],
                } | ({"person": names.get(person)} if person != NOBODY else {})
                yield json.dumps(said | line, ensure_ascii=False, sort_keys=True)
            if not told:
                yield json.dumps(said | {"program": None, "state": None}, ensure_ascii=False, sort_keys=True)


def _settings(rows: Sequence[tuple[Any, ...]]) -> dict[str, str]:
    """What was set besides yes and no; a sale that one of several people refuses is refused."""
    found = {}
    for row in rows:
        name, state, detail = row[2], row[4], row[11]
        if name.partition(".")[0] in (numbers.PAUSE, numbers.LANGUAGE, numbers.FREQUENCY):
            found[name[1:]] = detail
        elif name in (numbers.SALE, numbers.USE) and found.get(name[1:]) != "refused":
            found[name[1:]] = "refused" if state == "withdrawn" else "permitted"
    return found
