"""`consent email`: what a mail server hands us, and a try of the account by which mail leaves."""

import secrets
import sys
from datetime import datetime

import click

from consent import clock
from consent.command_line import says_what_is_wrong
from consent.db import Tx
from consent.errors import SetupProblem
from consent.gateways.email import Mail, NotSent, load
from consent.gateways.email.composing import compose
from consent.gateways.email.reports import MOST_BYTES, Kind, Report, read
from consent.ledger.opened import Opened, opened
from consent.numbers import mail
from consent.organizations import service as organizations
from consent.organizations.commands import organization_option
from consent.outbox import tokens
from consent.policies.governing import Governing
from consent.subjects.addresses import canonical

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the message and comes again
TEST = Mail(
    "A test of the mail account",
    "This mail account works. Nobody needs to do anything.\n",
    "<p>This mail account works. Nobody needs to do anything.</p>",
)


@click.group()
def email() -> None:
    """Mail that comes back, and a test of the account by which it leaves.

    \b
    Example:
      consent email test --organization valley-smart-homes --to you@example.com
      consent email receive < report.eml
    """


@email.command()
@organization_option
@click.option("--to", "to", required=True, help="An address of your own.")
@says_what_is_wrong
def test(organization: str, to: str) -> None:
    """Send one mail by the organization's account now, past the outbox, and say what the server said.

    \b
    Example:
      consent email test --organization valley-smart-homes --to you@example.com
    """
    address = canonical("email", to)
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        with house.db.read(tenant.id) as tx:
            accounts = organizations.mail_accounts(tx, house.keyring, tenant.id)
        usable = [one for one in accounts if one.closed_at is None]
        if not usable:
            raise SetupProblem("This organization has no mail account. Add one: consent gateways add smtp")
        mailer = load(usable[-1].gateway, usable[-1].settings, house.config.environment)
    parcel = compose(TEST, mailer.sender, address.deliver_to, secrets.token_hex(16), clock.now())
    try:
        mailer.send(parcel)
    except NotSent as problem:
        raise click.ClickException(f"It did not leave: {problem.code}. See docs/gateways/{mailer.name}.md.") from None
    click.echo(f"Taken over, from {mailer.sender.address}. Look whether it arrived, and whether as spam.")


@email.command()
@click.option("--to", "to", default="", help="The address it came back to, as the mail server knows it.")
def receive(to: str) -> None:
    """Read one message from standard input; a bounce or a complaint about a mail of ours closes the address for mail.

    A bounce counts only with the address that it came back to (--to), which the readers of a mail do not see: of a
    mail that was forwarded anybody can write a bounce that quotes it. Everything else is left alone. The exit status is
    0 for whatever could be read, 75 while the database is away.

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
    click.echo(
        f"A {report.kind}, on record." if recorded else f"A {report.kind} that changes nothing.{_why(report, to)}"
    )


def _why(report: Report, to: str) -> str:
    """What is missing for it to count, where that can be told."""
    if report.kind is Kind.BOUNCE and not tokens.found_in(to):
        return " The address that it came back to (--to) names no mail of ours."
    return ""


def _record(house: Opened, report: Report, to: str, now: datetime) -> bool:
    if report.kind is Kind.BOUNCE:  # what it quotes, whoever was forwarded the mail can write
        found = mail.of_report(house.db, house.keyring, to, report.code, places=(tokens.BACK,))
    else:
        both = (tokens.BACK, tokens.MESSAGE_ID)
        found = mail.of_report(house.db, house.keyring, f"{to}\n{report.named}", report.code, places=both)
    if found is None:
        return False
    organization_id, returned = found
    in_force = Governing(house.db).now(organization_id, now)
    verb = mail.bounced if report.kind is Kind.BOUNCE else mail.complained

    def work(tx: Tx) -> bool:
        return verb(tx, house.keyring, in_force.log, in_force.rulebook, returned, "webhook", now)

    return house.db.write(work, organization_id)
