"""`consent demo campaigns`: the changes of policies of the demo, told day by day, and how each went."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click

from consent import (
    clock,
    tables,  # noqa: F401  (the complete metadata)
)
from consent import config as configuration
from consent.command_line import says_what_is_wrong
from consent.commands.demo import campaigns
from consent.commands.demo.standing import Standing
from consent.config import Config
from consent.deadlines import zone
from consent.deadlines.zones import local_date
from consent.errors import SetupProblem
from consent.house import House
from consent.organizations import service as organizations
from consent.resources import folder

NOTES = "demo.json"
CLOCK = "demo-clock.json"  # the last day that went by, so that the clock is never set back
OWN_GATEWAY = "console"
NO_DEMO = (
    "This runs in the data folder of a demo alone, and {folder} is none: prepare one with consent demo --prepare-only,"
    " and name its folder in CONSENT_DATA_DIR."
)
NOT_WHOLE = "This demo is not whole: start consent demo once, without --brief, and let it come to its end."
OTHER_DATABASE = "The database that is configured is not that of the demo in {folder}."
REAL_GATEWAY = "{name} sends by a gateway or a mail account of its own: a demo that writes to real people is none."


@click.command("campaigns")
@says_what_is_wrong
def command() -> None:
    """Run a change of each policy from its draft to the last notice, a day in a moment, and say how it went.

    The clock begins at tomorrow's hour and goes on day by day until every change is in force; the jobs of notices, of
    mail and of texts run on each day. Mails lie in dev-mails.jsonl, texts in dev-outbox.jsonl. A demo that is served
    meanwhile keeps the true time: to it these versions are announced, and begin on their day. A second run goes on
    where the first ended, and nobody is told twice.

    \b
    Example:
      consent demo campaigns
    """
    config = configuration.load()
    refuse_elsewhere(config)
    wanted = campaigns.plans(folder("seeds") / "campaigns")
    house = House.open(config)
    try:
        refuse_another_house(config, house)
        zones = _zones(house)
        before: Mapping[str, Standing] = {}
        quiet = True
        for day in campaigns.run(house, wanted, begins(config, clock.now())):
            _keep(config, day.now)
            for slug, stands in day.stands.items():
                for line in _news(before.get(slug, stands), stands, zones[slug]):
                    quiet = False
                    click.echo(f"{_day(day.now, zones[slug])}  {slug}: {line}")
            before = day.stands
        if quiet:
            click.echo("Nothing was left to be told.")
        for plan in wanted:
            click.echo()
            for line in _summary(plan, before[plan.organization], zones[plan.organization]):
                click.echo(line)
    finally:
        house.close()


def begins(config: Config, now: datetime) -> datetime:
    """Where the clock of the demo stands: at the present, or where an earlier run left it."""
    path = config.data_dir / CLOCK
    left = datetime.fromisoformat(json.loads(path.read_text())["at"]) if path.exists() else now
    return max(left, now)


def refuse_elsewhere(config: Config) -> None:
    """Raises SetupProblem but for a data folder in which a whole demo was prepared."""
    if config.production:
        raise SetupProblem("The demo is for development; unset CONSENT_ENV.")
    notes = _notes(config.data_dir)
    if not notes:
        raise SetupProblem(NO_DEMO.format(folder=config.data_dir))
    if any("counted" not in one for one in notes.values()):
        raise SetupProblem(NOT_WHOLE)


def refuse_another_house(config: Config, house: House) -> None:
    """Raises SetupProblem where the database is not the demo's, or where a message would leave this machine."""
    for slug, noted in _notes(config.data_dir).items():
        with house.db.read() as tx:
            at_door = organizations.key_at_door(tx, noted["key"])
            tenant = next((one for one in organizations.every(tx) if one.slug == slug), None)
        if tenant is None or at_door is None or at_door.organization_id != tenant.id:
            raise SetupProblem(OTHER_DATABASE.format(folder=config.data_dir))
        with house.db.read(tenant.id) as tx:
            texting = organizations.accounts(tx, house.keyring, tenant.id)
            mailing = organizations.mail_accounts(tx, house.keyring, tenant.id)
        if mailing or any(one.gateway != OWN_GATEWAY for one in texting):
            raise SetupProblem(REAL_GATEWAY.format(name=tenant.name))


def _notes(data_dir: Path) -> dict[str, dict[str, str]]:
    path = data_dir / NOTES
    found: dict[str, dict[str, str]] = json.loads(path.read_text()) if path.exists() else {}
    return found


def _zones(house: House) -> dict[str, str]:
    with house.db.read() as tx:
        return {one.slug: one.zone for one in organizations.every(tx)}


def _keep(config: Config, now: datetime) -> None:
    (config.data_dir / CLOCK).write_text(json.dumps({"at": now.isoformat()}))


def _day(at: datetime | None, where: str) -> str:
    return "-" if at is None else local_date(at, zone(where)).isoformat()


def _news(before: Standing, after: Standing, where: str) -> list[str]:
    """What is new since the day before, the first thing first."""
    found = []
    if before.published_at is None and after.published_at is not None:
        found.append(f"published, it begins on {_day(after.begins, where)}")
    if after.drafted_at is not None and before.drafted_at is None:
        found.append(f"draft: {after.in_state('listed')} get it, {after.in_state('left_out')} do not")
    if after.approved_at is not None and before.approved_at is None:
        found.append("approved" + (f", and put up: {', '.join(after.posted)}" if after.posted else ""))
    if new := after.in_state("sent") - before.in_state("sent"):
        found.append(f"mails sent: {new}")
    if before.begins is not None and before.begins != after.begins:
        found.append(f"put off, it begins on {_day(after.begins, where)}")
    if after.state == "done" and before.state != "done":
        found.append("everybody was told who is to be told")
    if after.in_force and not before.in_force:
        found.append("in force")
    if new := after.again - before.again:
        found.append(f"agreed again: {new}")
    return found


def _summary(plan: campaigns.Plan, stands: Standing, where: str) -> list[str]:
    """How one change went."""
    first, last = (_day(one, where) for one in stands.told or (None, None))
    audience = [
        f"    {one.count:3}  {one.part or one.reason}, {one.promise or 'no promise'}: {one.state.replace('_', ' ')}"
        for one in stands.counts
    ]
    return [
        f"{plan.organization}, {plan.policy} {plan.version}",
        f"  published       {_day(stands.published_at, where)}",
        f"  draft           {_day(stands.drafted_at, where)}",
        f"  approved        {_day(stands.approved_at, where)}",
        "  audience" + ("" if audience else "        nobody: the page is all that is promised"),
        *audience,
        f"  mails sent      {stands.in_state('sent')}, the first {first}, the last {last}",
        f"  in force from   {_day(stands.begins, where)}",
        f"  agreed again    {stands.again}",
    ]
