"""`consent restore begin|finish`."""

from pathlib import Path
from typing import Any
from uuid import UUID

import click

from consent import clock
from consent import config as configuration
from consent.backup import beginning, finishing
from consent.backup.finishing import Finished, Finisher
from consent.backup.taking import SQLITE, kind_of
from consent.command_line import as_json, print_json, says_what_is_wrong
from consent.commands.backup import bar
from consent.commands.ledger import FOLDS
from consent.config import Config
from consent.db import readonly, revision
from consent.errors import SetupProblem
from consent.gateways.sms import calls
from consent.house import House
from consent.ledger.epochs import Standing
from consent.organizations import service as organizations
from consent.privacy_requests.tasks.shredding import Shredder
from consent.timed.arriving import reconciler_of
from consent.timed.requests import every_table

LONGEST_REASON = 200

_STANDINGS = {
    Standing.SAME: "continues everything that was published",
    Standing.SHORTER: "lacks what was published last, and is closed",
    Standing.DIFFERENT: "contradicts what was published, and is closed",
    Standing.UNKNOWN: "cannot be held against anything, and is closed",
}


@click.group()
def restore() -> None:
    """Put a backup back. Begin with the service stopped; it may then run, read-only, until the restore is finished.

    \b
    Example:
      consent restore begin /srv/backups/consent-20261122T031500Z.backup --keys /srv/keys/consent-20261122T031500Z.keys
      consent restore finish
    """


@restore.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--keys", required=True, metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Its keys, or newer."
)
@as_json
@says_what_is_wrong
def begin(file: Path, keys: Path, as_json: bool) -> None:
    """Look at everything, then put the backup FILE where the database was. Nothing that is there is replaced.

    From then on the service can be started: it answers who reads, and everybody who wants to change something is told
    to come back. Texts that arrive are kept and put on record afterwards.

    \b
    Example:
      consent restore begin consent-20261122T031500Z.backup --keys consent-20261122T031500Z.keys
    """
    begun = beginning.begin(configuration.load(), file, keys, clock.now(), bar("Restoring"))
    if as_json:
        told = {name: begun.manifest[name] for name in ("taken_at", "database", "revision", "organizations")}
        print_json(told | {"key_files_put_back": begun.keys_put_back})
        return
    click.echo(f"The database of {begun.manifest['taken_at']} is in place, read-only.")
    if begun.keys_put_back:
        click.echo(f"{begun.keys_put_back} key files were missing and are back.")
    click.echo("Bring the newest copy of the folder `outside` into the data folder, then run: consent restore finish")


@restore.command()
@click.option(
    "--held",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A checkpoint kept elsewhere, such as in your mailbox. May be repeated.",
)
@click.option(
    "--outside-lost",
    metavar="REASON",
    default="",
    help="There is no whole copy of `outside`, and this is why. Whoever was erased since the backup may be back.",
)
@click.option("--without-gateways", is_flag=True, help="Do not ask gateways for what they have; the service will.")
@as_json
@says_what_is_wrong
def finish(held: tuple[Path, ...], outside_lost: str, without_gateways: bool, as_json: bool) -> None:
    """Erase and refuse again what was since the backup, verify everything, then let the service take changes again.

    \b
    Examples:
      consent restore finish
      consent restore finish --held checkpoint-from-our-mailbox.note
    """
    if len(outside_lost) > LONGEST_REASON or not outside_lost.isprintable():
        raise SetupProblem(f"Say it in one line of at most {LONGEST_REASON} characters.", field="outside-lost")
    config = configuration.load()
    facts = beginning.facts_of(config)
    if facts is None:
        raise SetupProblem("No restore is under way here. Begin one: consent restore begin")
    notes = tuple(path.read_text("utf-8", errors="replace") for path in held)
    done = _finish(config, facts, notes, outside_lost, not without_gateways)
    if as_json:
        print_json([_data(one) for one in done])
    for one in [] if as_json else done:
        _say(one)
    if any(one.findings for one in done):
        raise click.ClickException("Not everything holds (see above). The service stays read-only.")
    _take_changes_again(config)
    click.echo("The service takes changes again." if not as_json else "", nl=not as_json)


def _finish(
    config: Config, facts: dict[str, Any], notes: tuple[str, ...], outside_lost: str, ask: bool
) -> list[Finished]:
    house = House.open(config, finishing=True)
    try:
        revision.check(house.db)
        spool = house.spooling.spool
        shredder = Shredder(house.db, house.keyring, config.data_dir, every_table, spool)
        look = _look(house) if ask else lambda _organization_id: (0, ())
        finisher = Finisher(house.db, house.keyring, shredder, FOLDS, look, notes, outside_lost)
        with house.db.read() as tx:
            served = organizations.every(tx)
        for one in served:
            finishing.check(finisher, one.id)  # whoever cannot be finished is named before anything is written
        taken_at = readonly.taken_at(facts)
        done = [finishing.mend(finisher, one.slug, one.id, taken_at, clock.now()) for one in served]
        if spool.waiting():
            house.spooling.drain()
        for organization in done:
            finishing.look_elsewhere(finisher, organization)
            finishing.verified(finisher, organization, clock.now())
        return done
    finally:
        house.close()


def _look(house: House) -> finishing.Look:
    reconciler = reconciler_of(house, calls.new_session())

    def look(organization_id: UUID) -> tuple[int, tuple[str, ...]]:
        found, unanswered = 0, []
        with house.db.read(organization_id) as tx:
            accounts = organizations.accounts(tx, house.keyring, organization_id)
        for account in accounts:
            looked = reconciler.look(organization_id, account, whole=True) if account.closed_at is None else None
            if looked is not None:
                found += sum(looked.missing.values()) + looked.silenced
                unanswered += [account.gateway] if looked.error else []
        return found, tuple(unanswered)

    return look


def _take_changes_again(config: Config) -> None:
    if kind_of(config.database_url) != SQLITE:
        from consent.backup import postgresql  # its driver takes nine MiB, and a file needs none of it

        postgresql.take_no_changes(config.migration_url, False)
    beginning.mark_place(config).unlink()


def _data(done: Finished) -> dict[str, Any]:
    found = done.compared
    assert found is not None
    return {
        "organization": done.slug,
        "standing": str(found.standing),
        "log": done.log,
        "entries": found.size,
        "good": found.good.size,
        "published": found.newest.size,
        "erased_again": done.erased,
        "erasures_lost": done.not_erased,
        "refused_again": done.refused,
        "keys_revoked_again": done.ended.keys,
        "accounts_changed_again": done.ended.accounts,
        "holds_placed_again": done.ended.holds,
        "notices_that_wait": done.notices,
        "messages_set_aside": done.set_aside,
        "from_gateways": done.from_gateways,
        "gateways_not_asked": list(done.unanswered),
        "findings": list(done.findings),
    }


def _say(done: Finished) -> None:
    found = done.compared
    assert found is not None
    click.echo(f"{done.slug}: the log of {found.size} entries {_STANDINGS[found.standing]}.")
    if found.standing is not Standing.SAME:
        click.echo(f"  published up to {found.newest.size}, borne out up to {found.good.size}; now: {done.log}")
    click.echo(
        f"  {done.erased} erased again, {done.refused} refused again, {done.from_gateways} put on record from gateways,"
        f" {done.set_aside} messages set aside (consent jobs list --state dead)"
    )
    ended = done.ended
    click.echo(
        f"  everybody is signed out; {ended.keys} API keys and {ended.accounts} accounts of staff ended again,"
        f" {ended.holds} holds placed again"
    )
    if done.notices:
        click.echo(f"  {done.notices} notices were being sent and wait for an officer: some people may have them")
    if done.not_erased:
        click.echo(
            f"  {done.not_erased} erasures are not in the journal outside: these people may be back, nobody knows who"
        )
    for gateway in done.unanswered:
        click.echo(f"  the lists of {gateway} could not be read now; the service goes on trying")
    for finding in done.findings:
        click.echo(f"  {finding}")
