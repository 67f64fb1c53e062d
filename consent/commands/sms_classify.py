"""`consent sms classify`: what does this text ask for, and why?"""

import sys

import click

from consent.command_line import as_json, print_json, says_what_is_wrong
from consent.commands.json_lines import answer_lines
from consent.sms import questions


@click.command()
@click.argument("text", required=False)
@click.option("--lang", metavar="LANGUAGE", help="What the program writes in, for words that languages share: fr.")
@click.option("--json-lines", is_flag=True, help="Read questions from standard input, a JSON object a line.")
@as_json
@says_what_is_wrong
def classify(text: str | None, lang: str | None, json_lines: bool, as_json: bool) -> None:
    """Say whether TEXT stops, starts, asks for help, is unclear or is about something else, and why.

    Nothing is stored and nobody is told. What counts as what: docs/sms-wording.md.

    \b
    Example:
      consent sms classify "Can you stop by at 3pm?"
      consent sms classify --json-lines < messages.jsonl
    """
    if json_lines:
        sys.exit(0 if answer_lines(questions.answer, "consent sms classify", '{"text": "STOP"}') else 1)
    if text is None:
        raise click.UsageError("Give a text, or --json-lines to read questions.")
    answer = questions.answer({"text": text, "lang": lang})
    if as_json:
        print_json(answer)
    else:
        click.echo(f"{answer['intent']}: {answer['why']}")
