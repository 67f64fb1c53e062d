"""`consent email`: what a mail server hands us."""

import sys
from datetime import datetime

import click

from consent import clock
from consent.db import Tx
from consent.gateways.email.reports import MOST_BYTES, Kind, Report, read
from consent.ledger.opened import Opened, opened
from consent.numbers import mail
from consent.policies.governing import Governing

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the message and comes again


@click.group()
def email() -> None:
    """Mail that comes back.

    \b
    Example:
      consent email receive < report.eml
    """


@email.command()
@click.option("--to", "to", default="", help="The address it came back to, as the mail server knows it.")
def receive(to: str) -> None:
    """Read one message from standard input; a bounce or a complaint about a mail of ours closes the address for mail.

    Everything else is left alone. The exit status is 0 for whatever could be read, 75 while the database is away.

    \b
    Example:
      consent email receive --to bounces+…@mail.example < report.eml
    """
    report = read(sys.stdin.buffer.read(MOST_BYTES))
    if report.kind is Kind.NOTHING:
        click.echo("Neither a bounce nor a complaint.")
        return
    try:
        with opened() as house:
            recorded = _record(house, report, to, clock.now())
    except Exception as error:  # whatever is wrong here is ours to mend, and the report must not be lost
        click.echo(f"It could not be recorded ({type(error).__name__}).", err=True)
        raise SystemExit(TRY_AGAIN) from None
    click.echo(f"A {report.kind}, on record." if recorded else f"A {report.kind} that changes nothing.")


def _record(house: Opened, report: Report, to: str, now: datetime) -> bool:
    found = mail.of_report(house.db, house.keyring, f"{to}\n{report.named}", report.code)
    if found is None:
        return False
    organization_id, returned = found
    in_force = Governing(house.db).now(organization_id, now)
    verb = mail.bounced if report.kind is Kind.BOUNCE else mail.complained

    def work(tx: Tx) -> bool:
        return verb(tx, house.keyring, in_force.log, in_force.rulebook, returned, "webhook", now)

    return house.db.write(work, organization_id)
