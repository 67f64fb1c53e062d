"""`consent due`: when something is due, with the arithmetic in sentences."""

import sys
from collections.abc import Sequence
from typing import Any

import click

from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.commands.json_lines import answer_lines
from consent.policies import due as dates
from consent.policies.law import LawRule
from consent.policies.packs import load_law, packs_root

_EXAMPLE = '{"rule": "US-CA-RESPOND", …}'


@click.command()
@click.argument("rule", required=False)
@click.option("--json-lines", is_flag=True, help="Read questions from standard input, a JSON object a line.")
@click.option("--list", "list_rules", is_flag=True, help="List the ids of all rules with their titles.")
@click.option("--received-at", metavar="TIME", help="When it arrived, with offset: 2026-11-20T09:00:00-08:00.")
@click.option("--timezone", metavar="ZONE", help="Zone of the office that received it: America/Los_Angeles.")
@click.option("--jurisdiction", metavar="CODE", help="ISO 3166-2, such as US-CO; needed where states differ.")
@click.option("--region", metavar="CODE", help="Whose holidays: GB-SCT, DE-BY.")
@click.option("--extension", is_flag=True, help="The extension that the law gives is taken.")
@click.option("--pause", "pauses", type=(str, str), multiple=True, metavar="START END", help="Dates, both included.")
@click.option("--relevant-time", metavar="TIME", help="When that happened from which the rule counts.")
@click.option("--verified-at", metavar="TIME", help="When the person was verified.")
@click.option("--purpose-satisfied", metavar="TIME", help="When the purpose was met.")
@click.option("--delivery", type=click.Choice(["electronic", "mail"]), help="How a notice was sent.")
@click.option("--period", metavar="PERIOD", help="The policy's own retention, for COMPANY-RETENTION: P9M.")
@click.option("--policy-period", metavar="PERIOD", help="The policy's own time to answer, for COMPANY-RESPOND: P30D.")
@click.option("--law-rule", metavar="RULE", help="The rule that binds beside the promise, for COMPANY-RESPOND.")
@as_json
@says_what_is_wrong
def due(rule: str | None, json_lines: bool, list_rules: bool, as_json: bool, **given: Any) -> None:
    """Say when something is due under RULE, and how that date came about.

    \b
    Example:
      consent due US-CA-RESPOND --received-at 2026-11-20T09:00:00-08:00 --timezone America/Los_Angeles
      consent due --json-lines < questions.jsonl
      consent due --list
    """
    law = load_law(packs_root() / "law")
    if json_lines:
        asked_in_lines = answer_lines(lambda one: dates.answer(one, law), "consent due", _EXAMPLE)
        sys.exit(0 if asked_in_lines else 1)
    if list_rules:
        _list(law, as_json)
        return
    if rule is None:
        raise click.UsageError("Give a rule, or --list to see them all, or --json-lines to read questions.")
    pauses = [list(one) for one in given.pop("pauses")]
    asked = {"rule": rule, "pauses": pauses, **{key: value for key, value in given.items() if value is not None}}
    answer = dates.answer(asked, law)
    if as_json:
        print_json(answer)
        return
    click.echo(f"{answer['kind'].replace('_', ' ')}: {answer['due'] or 'no date'}")
    if "extension_notice_due" in answer:
        click.echo(f"notice of the extension due by: {answer['extension_notice_due']}")
    for step in answer["steps"]:
        click.echo(f"  {step}")


def _list(law: Sequence[LawRule], as_json: bool) -> None:
    titles: dict[str, str] = {}
    for one in law:
        titles.setdefault(one.id, one.title)
    if as_json:
        print_json([{"rule": name, "title": title} for name, title in sorted(titles.items())])
    else:
        print_table(sorted(titles.items()), ("rule", "title"), "There is no rule of law here.")
