"""`consent evidence`: everything about one number, address or request in one file, and the check of such a file."""

import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

import click

from consent import clock
from consent.command_line import as_json, print_json, says_what_is_wrong
from consent.errors import BadInput, NotFound
from consent.evidence.packs import about, building, check, service
from consent.evidence.packs.about import About
from consent.ledger.opened import Opened, opened
from consent.organizations import service as organizations
from consent.organizations.service import Tenant
from consent.policies import service as policies
from consent.web import as_of as times
from consent.web.i18n import LANGUAGES

FROM_ELSEWHERE = "Left empty it is asked for; - reads it from standard input, @FILE from a file: shells keep histories."


@click.group()
def evidence() -> None:
    """Everything about one number, address or request as one file that proves itself.

    \b
    Example:
      consent evidence pack valley-smart-homes --number --why "claim 4711" --reason complaint --out pack.zip
      consent evidence check pack.zip
    """


def _asked(name: str, said: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        f"--{name}", metavar=name.upper(), prompt=said, prompt_required=False, default=None, help=FROM_ELSEWHERE
    )


@evidence.command("pack")
@click.argument("organization")
@_asked("number", "Number")
@_asked("address", "Address")
@_asked("request", "Number of the request")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The new ZIP file.")
@click.option("--why", default="", help="What it is for: always needed; it stands in the ledger and in the pack.")
@click.option("--reason", default="", help="Which reason of the organization's own list; left out, the list is told.")
@click.option("--by", default=None, help="Who asks; the name of this system's user if left out.")
@times.option
@click.option("--language", type=click.Choice(LANGUAGES), help="Of the report; the organization's own if left out.")
@as_json
@says_what_is_wrong
def pack(
    organization: str, number: str | None, address: str | None, request: str | None, out: Path, why: str,
    reason: str, by: str | None, as_of: str | None, language: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Write everything about a number, an address or a request into one ZIP: report, data, proofs and a checker.

    \b
    Example:
      consent evidence pack valley-smart-homes --number --why "claim 4711" --reason complaint --out pack.zip
    """
    now = clock.now()
    kind, said = about.one_of(number=number, address=address, request=request)
    said, why, at = _read(said, kind), service.reason(why), times.past(as_of, now, "--as-of")
    if out.exists():
        raise BadInput(f"{out} exists already; nothing is overwritten.", field="--out")
    if not out.parent.is_dir():
        raise BadInput(f"There is no folder {out.parent}.", field="--out")
    with opened() as house:
        with house.db.read() as tx:
            tenant = organizations.find(tx, organization)
        with house.db.read(tenant.id) as tx:
            rulebook = policies.rulebook_at(tx, tenant.id, now)
        look = service.look(rulebook, reason)
        ground = service.ground(house.db, house.keyring, tenant.id, house.config.public_url, at, now)
        whom = _whom(house, tenant, kind, said, now)
        asker = service.Asker(by or getpass.getuser(), look=look)
        house.db.write(lambda tx: service.record(tx, house.keyring, tenant.id, whom, asker, why, at, now), tenant.id)
        head = building.Head(now, asker.name, why, at, language or rulebook.organization.languages[0])
        with _whole(out) as file:
            counts = building.build(ground, tenant, whom, head, file, house.config.data_dir / "scratch")
    if as_json:
        print_json({"file": str(out), "about": whom.masked, **counts})
        return
    click.echo(f"{out}: {counts['entries']} entries, {counts['decisions']} decisions, {counts['messages']} messages")
    click.echo(f"Check it: consent evidence check {out}")


@evidence.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--jwks", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Keys you hold yourself.")
@click.option("--log-keys", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Likewise, of the logs.")
@as_json
@says_what_is_wrong
def check_command(file: Path, jwks: Path | None, log_keys: Path | None, as_json: bool) -> None:
    """Check a pack as the check.py inside it does: each file, entry, fact and proof. Needs no database.

    \b
    Example:
      consent evidence check pack.zip --jwks jwks.json --log-keys log-keys.txt
    """
    own = [one.read_bytes() if one is not None else None for one in (jwks, log_keys)]
    wrong, told = check.check(str(file), *own)
    if as_json:
        found = [{"file": name, "problem": why} for name, why in wrong]
        print_json({"valid": not wrong, "looked_at": told, "findings": found})
    else:
        for line in [*told, *(f"WRONG {name}: {why}" for name, why in wrong)]:
            click.echo(line)
    if wrong:
        raise click.ClickException(f"The pack does not hold: {len(wrong)} findings.")
    if not as_json:
        click.echo("The pack is valid.")


def _whom(house: Opened, tenant: Tenant, kind: str, said: str, now: datetime) -> About:
    if kind == about.REQUEST:
        with house.db.read(tenant.id) as tx:
            return about.of_request(tx, house.keyring, tenant, said, now)
    if (kind == about.ADDRESS) != ("@" in said):
        raise BadInput("A number goes with --number, a mailbox with --address.", field=f"--{kind}")
    with house.db.read(tenant.id) as tx:
        return about.of_address(tx, house.keyring, tenant.id, said)


def _read(said: str, kind: str) -> str:
    """What was given, or the first line of where it is said to stand."""
    if said == "-":
        said = sys.stdin.readline()
    elif said.startswith("@"):
        path = Path(said[1:])
        if not path.is_file():
            raise NotFound(f"There is no file {path}.", field=f"--{kind}")
        said = path.read_text("utf-8").partition("\n")[0]
    if not said.strip():
        raise BadInput("Nothing was given.", field=f"--{kind}")
    return said.strip()


@contextmanager
def _whole(out: Path) -> Iterator[IO[bytes]]:
    """A file that only its owner reads, and that is there whole or not at all."""
    with NamedTemporaryFile(dir=out.parent, prefix=".pack-") as file:  # readable by its owner alone
        yield file
        file.flush()
        os.fsync(file.fileno())
        try:
            os.link(file.name, out)
        except FileExistsError:
            raise BadInput(f"{out} exists already; nothing is overwritten.", field="--out") from None
