"""`consent signing-keys`: make, rotate and list the keys that sign logs and receipts."""

from datetime import datetime
from uuid import UUID

import click

from consent import clock
from consent import config as configuration
from consent.command_line import as_json, print_json, print_table, says_what_is_wrong
from consent.db import Tx
from consent.errors import NotFound
from consent.ledger import keyfiles, keys, published, service
from consent.ledger.commands import chosen
from consent.ledger.keyfiles import LOG, RECEIPTS, SigningKey
from consent.ledger.keys import Keyring
from consent.ledger.notes import Verifier
from consent.ledger.opened import opened
from consent.ledger.service import Event


@click.group("signing-keys")
def signing_keys() -> None:
    """Keys that sign logs and receipts.

    \b
    Example:
      consent signing-keys list
    """


@signing_keys.command("create")
@as_json
@says_what_is_wrong
def create(as_json: bool) -> None:
    """Make the root secret of a new installation. An organization's own keys come with `organizations add`.

    \b
    Example:
      consent signing-keys create
    """
    path = keyfiles.create_root(configuration.load().data_dir)
    if as_json:
        print_json({"created": str(path)})
    else:
        click.echo(f"Made {path}. Back it up apart from the database: without it no stored fact can be read.")


@signing_keys.command("rotate")
@click.argument("use", type=click.Choice([LOG, RECEIPTS]))
@click.option("--organization", metavar="SLUG", required=True, help="Whose key.")
@as_json
@says_what_is_wrong
def rotate(use: str, organization: str, as_json: bool) -> None:
    """Put a new key to use; the old one of a log goes on signing for 30 days, its public half stays published.

    \b
    Example:
      consent signing-keys rotate log --organization valley-smart-homes
    """
    with opened() as house:
        ((_slug, organization_id),) = chosen(house.keyring, organization)
        now = clock.now()
        with house.db.read(organization_id) as tx:
            log = service.log_of(tx, organization_id)
        if log is None:
            raise NotFound("This organization has no open log.")
        origin = log.origin if use == LOG else ""
        made = keys.rotate(house.config.data_dir, organization_id, use, now, origin=origin)
        house.db.write(lambda tx: record_rotation(tx, house.keyring, log, made, now), organization_id)
    if as_json:
        print_json(_data(organization, made))
    else:
        click.echo(f"{made.kid} signs the {use} of {organization} from now on. Publish the new list of keys.")


def record_rotation(tx: Tx, keyring: Keyring, log: service.Log, made: SigningKey, now: datetime) -> None:
    """The ledger itself names the new key; this entry is still sealed under the old one too."""
    stream = service.stream(tx, keyring, log.organization_id, log.organization_id)
    data: dict[str, object] = {"use": made.use, "kid": made.kid}
    if made.use == LOG:
        data["vkey"] = Verifier(made.origin, made.public).vkey
    service.append(tx, log, stream, Event("key.rotated", "system", data=data), now)


@signing_keys.command("list")
@click.option("--organization", metavar="SLUG", help="One organization only; all if left out.")
@click.option("--jwks", "as_jwks", is_flag=True, help="Print the receipt keys as a JWK set, for offline checks.")
@click.option("--vkeys", "as_vkeys", is_flag=True, help="Print the log keys as verifier keys, a line each.")
@as_json
@says_what_is_wrong
def list_keys(organization: str | None, as_jwks: bool, as_vkeys: bool, as_json: bool) -> None:
    """Print the public halves and dates of every key, retired ones too.

    \b
    Examples:
      consent signing-keys list
      consent signing-keys list --jwks > jwks.json
    """
    keyring = Keyring(configuration.load().data_dir)
    organizations = chosen(keyring, organization)
    ids: list[UUID] = [organization_id for _slug, organization_id in organizations]
    if as_jwks:
        print_json(published.jwks(keyring, ids))
    elif as_vkeys:
        click.echo("".join(f"{vkey}\n" for vkey in published.log_vkeys(keyring, ids)), nl=False)
    else:
        rows = [_data(slug, key) for slug, owner in organizations for key in keyring.signing_keys(owner)]
        if as_json:
            print_json(rows)
        else:
            header = ("organization", "use", "kid", "valid_from", "retired_at")
            print_table([tuple(row[name] for name in header) for row in rows], header, "There are no keys.")


def _data(slug: str, key: SigningKey) -> dict[str, object]:
    return {
        "organization": slug,
        "use": key.use,
        "kid": key.kid,
        "origin": key.origin,
        "valid_from": key.valid_from.isoformat(timespec="seconds"),
        "retired_at": key.retired_at.isoformat(timespec="seconds") if key.retired_at else "",
    }
