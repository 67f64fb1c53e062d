"""`consent retention`."""

import json
from datetime import date, datetime
from itertools import islice

import click

from consent import clock
from consent import config as configuration
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.db import revision
from consent.deadlines.zones import local_date, zone
from consent.house import House
from consent.incidents import missed as files
from consent.organizations import service as organizations
from consent.organizations.commands import organization_option
from consent.organizations.service import Tenant
from consent.retention import deliveries, disposing, jobs, planning, texts
from consent.timed.retention import runner


@click.group()
def retention() -> None:
    """What shall go, and why; dispose of what is due.

    \b
    Example:
      consent retention plan --organization 1valet --as-of 2026-12-31
    """


@retention.command()
@organization_option
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), default=None, help="What shall go by that day; today.")
@click.option("--each", is_flag=True, help="A line of JSON for each record, in the order in which they go.")
@as_json
@says_what_is_wrong
def plan(organization: str, as_of: datetime | None, each: bool, as_json: bool) -> None:
    """Say what shall go by a day, how, and which promises and laws say so; nothing is changed.

    \b
    Example:
      consent retention plan --organization 1valet --as-of 2026-12-31
      consent retention plan --organization 1valet --each
    """
    house = _open()
    try:
        tenant, today = _tenant(house, organization)
        until = as_of.date() if as_of is not None else today
        rulebook = house.governing.now(tenant.id, clock.now()).rulebook
        if each:
            lines = planning.planned(house.db, tenant.id, rulebook, until)
            while some := list(islice(lines, 1000)):
                click.echo("\n".join(json.dumps(one.shown(), ensure_ascii=False) for one in some))
            return
        counted = sorted(planning.summary(house.db, tenant.id, rulebook, until).items())
    finally:
        house.close()
    if as_json:
        said = [{**line._asdict(), "because": line.because.split(), "records": count} for line, count in counted]
        print_json({"organization": organization, "until": until, "records": sum(c for _, c in counted), "lines": said})
        return
    rows = [(*line, count) for line, count in counted]
    print_table(rows, ("class", "store", "how", "because", "records"), f"Nothing shall go by {until}.")


@retention.command()
@organization_option
@as_json
@says_what_is_wrong
def run(organization: str, as_json: bool) -> None:
    """Dispose of everything that is due, in batches through the stores; stopped anywhere, it goes on where it was.

    \b
    Example:
      consent retention run --organization 1valet
    """
    house = _open()
    try:
        tenant, _today = _tenant(house, organization)
        jobs.look_again(house.db, house.keyring, house.governing, tenant.id, clock.now())
        done = disposing.run(runner(house), tenant.id, clock.now)
        gone = texts.forget(house.db, house.keyring, house.governing, tenant.id, clock.now())
        sent = deliveries.forget(house.db, house.keyring, house.governing, tenant.id, clock.now())
        missed = jobs.notice_missed(house.db, house.keyring, house.governing, tenant.id, clock.now())
        files.open_files(house.db, house.keyring, house.governing, tenant.id, clock.now())
    finally:
        house.close()
    said = {"disposed": done.disposed, "waiting": done.waiting, "by_hand": done.by_hand, "missed": missed}
    said |= {"texts": gone, "deliveries": sent}
    if as_json:
        print_json(said)
    else:
        click.echo(
            f"{done.disposed} records are gone. {done.waiting} batches wait for their store,"
            f" {done.by_hand} for a person. {gone} texts of messages are gone,"
            f" and {sent} records of what was sent when."
        )
    if done.failed:
        raise click.ClickException(f"A store did not do it: {', '.join(sorted(set(done.failed)))}.")


def _open() -> House:
    config = configuration.load()
    house = House.open(config)
    revision.check(house.db)
    return house


def _tenant(house: House, slug: str) -> tuple[Tenant, date]:
    with house.db.read() as tx:
        tenant = organizations.find(tx, slug)
    return tenant, local_date(clock.now(), zone(tenant.zone))
