"""`consent sms hours`: may a sales text go to this number at this instant?"""

import sys
from datetime import datetime
from typing import Any

import click

from consent import clock
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.commands.json_lines import answer_lines
from consent.ledger.opened import opened
from consent.organizations import service as organizations
from consent.policies import hours_question
from consent.policies import service as policies
from consent.policies.answers.hours import Hours
from consent.policies.hours_question import HoursAt
from consent.policies.numbering import shipped
from consent.policies.packs import load_law, packs_root
from consent.policies.whereabouts import Whereabouts

_EXAMPLE = '{"phone": "+15095550142", "instant_utc": "2026-11-20T17:00:00Z"}'


@click.command()
@click.argument("phone", required=False)
@click.option(
    "--at", "at", metavar="TIME", help="When it would go, such as 2026-11-20T09:00:00-08:00; now if left out."
)
@click.option(
    "--organization", metavar="SLUG", help="Ask what this organization has promised, too; else the law alone."
)
@click.option("--json-lines", is_flag=True, help="Read questions from standard input, a JSON object a line.")
@as_json
@says_what_is_wrong
def hours(phone: str | None, at: str | None, organization: str | None, json_lines: bool, as_json: bool) -> None:
    """Say whether a sales text may go to PHONE, by every clock it can mean, and when it may go next.

    A window "00:00-00:00" is a day on which nothing goes. A number without a zone (toll-free, satellite) is closed.

    \b
    Example:
      consent sms hours +15095550142 --at 2026-11-20T09:00:00-08:00
      consent sms hours --json-lines < questions.jsonl
    """
    hours_at = _promised(organization) if organization else hours_question.of_law(load_law(packs_root() / "law"))
    if json_lines:
        answered = answer_lines(
            lambda one: hours_question.answer(one, hours_at, shipped()), "consent sms hours", _EXAMPLE
        )
        sys.exit(0 if answered else 1)
    if phone is None:
        raise click.UsageError("Give a number, or --json-lines to read questions.")
    asked = {"phone": phone, "instant_utc": at or clock.now().isoformat()}
    answer = hours_question.answer(asked, hours_at, shipped())
    if as_json:
        print_json(answer)
    else:
        _say(answer, hours_question.reasons(asked, hours_at, shipped()))


def _promised(slug: str) -> HoursAt:
    """The hours of an organization's rulebook as it is today: its promises and the law of every place."""
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, slug)
        with house.db.read(tenant.id) as tx:
            rulebook = policies.rulebook_at(tx, tenant.id, clock.now())

    def at(_instant: datetime, _where: Whereabouts) -> Hours:
        return rulebook.hours

    return at


def _say(answer: dict[str, Any], reasons: list[str]) -> None:
    click.echo("It may go." if answer["allowed"] else "It may not go.")
    for reason in reasons:
        click.echo(f"  {reason}")
    if not answer["allowed"]:
        click.echo(f"next: {answer['next_allowed'] or 'no time can be named'}")
    rows = [(one["zone"], one["local"], one["window"]) for one in answer["zones"]]
    print_table(rows, ("zone", "local time", "hours of that day"), "No zone is known for this number.")
