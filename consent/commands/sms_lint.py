"""`consent sms lint`: are there offers or links in templates of service messages?"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import click

from consent import clock
from consent.command_line import as_json, print_json, says_what_is_wrong
from consent.errors import BadInput
from consent.ledger.opened import opened
from consent.organizations import service as organizations
from consent.policies import lexicon
from consent.policies import service as policies
from consent.policies.content import ContentGate
from consent.policies.packs import load_law, packs_root
from consent.policies.questions import Reason

LARGEST = 1024 * 1024  # bytes; templates are short


class Finding(NamedTuple):
    """One line that would be held back."""

    file: str
    line: int
    reason: Reason
    words: str


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path, allow_dash=True))
@click.option("--organization", metavar="SLUG", help="Whose promises are asked, too; else the law alone.")
@click.option("--program", metavar="KEY", help="The program the templates belong to; with --organization.")
@as_json
@says_what_is_wrong
def lint(files: tuple[Path, ...], organization: str | None, program: str | None, as_json: bool) -> None:
    """Look for offers and links in templates of service texts: FILES, or standard input.

    Every line is looked at by itself. Exit status 1 when something was found.

    \b
    Example:
      consent sms lint templates/*.txt
      echo "Your bill is ready. 20% off!" | consent sms lint --organization valley-smart-homes
    """
    gate = _gate(organization, program)
    found = [one for file in files or (Path("-"),) for one in _findings(file, gate)]
    if as_json:
        print_json([_shown(one) for one in found])
    for one in [] if as_json else found:
        named = " · ".join(filter(None, (one.reason.commitment, one.reason.law)))
        because = f" [{named}]" if named else ""
        click.echo(f'{one.file}:{one.line}: {one.reason.code}: "{one.words}". {one.reason.text}{because}')
    if found:
        sys.exit(1)
    if not as_json:
        click.echo("Nothing to mend.")


def _gate(slug: str | None, program: str | None) -> Callable[[str], Iterator[tuple[Reason, str]]]:
    """What finds the words in one line, with the reason for each."""
    if slug is None:
        if program is not None:
            raise BadInput("A program is one of an organization; say which: --organization SLUG", field="program")
        content = ContentGate(None, "sms", load_law(packs_root() / "law"), (), False)
    else:
        with opened() as house:
            with house.db.read() as tx:
                tenant = organizations.find(tx, slug)
            with house.db.read(tenant.id) as tx:
                content = policies.rulebook_at(tx, tenant.id, clock.now()).service_texts(program)
    words = lexicon.shipped()

    def look(line: str) -> Iterator[tuple[Reason, str]]:
        offer = words.offer(line)
        if offer is not None:
            yield content.offers(line) or Reason("content-promotional", "The message holds an offer."), offer.words
        links = words.links(line)
        short = [one for one in links if words.shortened(one)]
        for reason in content.links(line):
            yield reason, (short or links)[0]

    return look


def _findings(file: Path, look: Callable[[str], Iterator[tuple[Reason, str]]]) -> Iterator[Finding]:
    shown = "standard input" if str(file) == "-" else str(file)
    raw = sys.stdin.buffer.read(LARGEST + 1) if str(file) == "-" else file.read_bytes()[: LARGEST + 1]
    if len(raw) > LARGEST:
        raise BadInput(f"{shown} is larger than {LARGEST} bytes; these are no message templates.", field="files")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{shown} is not UTF-8 text.", field="files") from None
    for number, line in enumerate(text.splitlines(), 1):
        for reason, words in look(line):
            yield Finding(shown, number, reason, words)


def _shown(one: Finding) -> dict[str, object]:
    told = {"file": one.file, "line": one.line, "code": one.reason.code, "words": one.words, "text": one.reason.text}
    named = {"commitment": one.reason.commitment, "law": one.reason.law, "clause": one.reason.clause}
    return told | {name: value for name, value in named.items() if value is not None}
