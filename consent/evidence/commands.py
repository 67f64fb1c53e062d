"""`consent receipts`: check what was proved with nothing but the published keys."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from consent.command_line import as_json, print_json, says_what_is_wrong
from consent.errors import BadInput
from consent.evidence import bundles, exports, offline
from consent.evidence.offline import DoesNotHold, Verified
from consent.ledger import bodies, notes
from consent.ledger.notes import Verifier

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
jwks_option = click.option(
    "--jwks",
    "jwks_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The published receipt keys: the service's /.well-known/jwks.json.",
)


@click.group("receipts")
def receipts() -> None:
    """Check a receipt or an evidence bundle, offline.

    \b
    Example:
      consent receipts verify bundle.json --jwks jwks.json --log-key log-keys.txt
    """


@receipts.command("verify")
@file_argument
@jwks_option
@click.option(
    "--log-key",
    "log_keys",
    multiple=True,
    metavar="KEY|FILE",
    help="A key of the log, or a file with one a line: the service's /.well-known/log-keys.txt. May be repeated.",
)
@click.option("--unsealed", is_flag=True, help="Accept a bundle whose entry is not sealed yet.")
@as_json
@says_what_is_wrong
def verify(file: Path, jwks_file: Path, log_keys: tuple[str, ...], unsealed: bool, as_json: bool) -> None:
    """Check an evidence bundle, or a bare receipt, with nothing but published keys. Needs no database.

    \b
    Example:
      consent receipts verify bundle.json --jwks jwks.json --log-key log-keys.txt
    """
    jwks, text = _json_file(jwks_file), file.read_bytes()
    if not text.lstrip().startswith(b"{"):
        answer = {
            "holds": True,
            "sealed": None,
            **_stated(offline.statement(text.decode("ascii", "replace").strip(), jwks)),
        }
    else:
        bundle = bundles.read(text)
        if bundle.proof is None and not unsealed:
            raise DoesNotHold("The entry is not sealed yet: fetch the bundle again, or allow it with --unsealed.")
        if bundle.proof is not None and not log_keys:
            raise BadInput("Give the key of the log, from the service's /.well-known/log-keys.txt.", field="--log-key")
        answer = _answer(offline.verify(bundle, jwks, [key for given in log_keys for key in _log_keys(given)]))
    if as_json:
        print_json(answer)
    else:
        _say(answer)


@receipts.command("export")
@file_argument
@jwks_option
@click.option("--as", "form", type=click.Choice(sorted(exports.FORMATS)), required=True, help="In whose words.")
@says_what_is_wrong
def export(file: Path, jwks_file: Path, form: str) -> None:
    """Print a receipt in the words of ISO/IEC TS 27560 (JSON-LD) or Kantara 1.1, once its signature holds.

    \b
    Example:
      consent receipts export bundle.json --jwks jwks.json --as iso-27560
    """
    text = file.read_bytes()
    receipt = bundles.read(text).receipt if text.lstrip().startswith(b"{") else text.decode("ascii", "replace").strip()
    print_json(exports.FORMATS[form](offline.verify_receipt(receipt, _json_file(jwks_file))))


def _answer(verified: Verified) -> dict[str, Any]:
    leaf, checkpoint = verified.leaf, verified.checkpoint
    answer: dict[str, Any] = {"holds": True, "sealed": checkpoint is not None, **_stated(verified.claims)}
    answer |= {
        "log": leaf.log,
        "recorded_at": bodies.instant(leaf.recorded_at),
        "purposes": list(leaf.purposes),
        "facts": dict(verified.facts),
        "anchors_not_checked": list(verified.unchecked),
    }
    if checkpoint is not None:
        answer |= {"index": verified.index, "tree_size": checkpoint.size}
    return answer


def _stated(claims: Mapping[str, Any]) -> dict[str, Any]:
    """The event of a receipt, or what a certificate certifies."""
    if "certificate" in claims:
        return {"certificate": claims["certificate"]}
    return {"event": claims["record"]["events"][0]}


def _say(answer: Mapping[str, Any]) -> None:
    if "certificate" in answer:
        closed = answer["certificate"]
        click.echo(f"The certificate holds: {closed['type']}, closed at {closed['closed_at']}.")
        for one in closed.get("outcomes", ()):
            until = one.get("keep_until")
            last = ", to go last, once the person was told" if one.get("goes_last") else ""
            click.echo(f"  {one['category']}: {one['what']}{f' until {until}' if until else ''}{last}")
    else:
        event = answer["event"]
        click.echo(f"The receipt holds: {event['event_state']} at {event['event_time']} by {event['method']}.")
    if answer["sealed"]:
        click.echo(
            f"The entry is number {answer['index']} of {answer['log']}, under a checkpoint of {answer['tree_size']}."
        )
    elif answer["sealed"] is False:
        click.echo("The entry is not sealed yet: only the signature and the body were checked.")
    for name, value in answer.get("facts", {}).items():
        click.echo(f"Disclosed {name}: {value}")
    for kind in answer.get("anchors_not_checked", ()):
        click.echo(f"Not checked: the anchor of kind {kind}.")


def _log_keys(given: str) -> list[Verifier]:
    path = Path(given)
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else [given]
    return [notes.read_vkey(line.split(" ")[0]) for line in lines if line.strip()]


def _json_file(path: Path) -> Mapping[str, Any]:
    try:
        data = json.loads(path.read_bytes())
    except ValueError:
        raise BadInput(f"{path} is not JSON.", field="--jwks") from None
    if not isinstance(data, dict):
        raise BadInput(f"{path} is not a JWK set.", field="--jwks")
    return data
