"""`consent serve`."""

import errno
import os
import socket
from pathlib import Path
from typing import Any

import click
from sqlalchemy import make_url

from consent import config as configuration
from consent.command_line import says_what_is_wrong
from consent.config import Config
from consent.db import Database, patience, revision
from consent.db.locks import hold_server_lock
from consent.errors import SetupProblem, Unavailable
from consent.ledger.keys import Keyring
from consent.policies import on_disk
from consent.policies.packs import packs_root

LOOK_SECONDS = 5.0  # a database that is away must not keep the webhooks' spool from its work


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes (PostgreSQL).")
@says_what_is_wrong
def serve(host: str, port: int, workers: int) -> None:
    """Serve until stopped. On SQLite one process serves and runs the timed jobs.

    \b
    Example:
      consent serve --host 0.0.0.0 --port 8000
    """
    run(configuration.load(), host, port, workers)


def run(config: Config, host: str, port: int, workers: int = 1) -> None:
    """The server runs in the foreground; what would stop it at once is said in a sentence before."""
    if workers > 1 and config.database_url.startswith("sqlite"):
        raise SetupProblem("One process serves a SQLite file; use PostgreSQL to run several.", field="workers")
    check_folder(config.data_dir)
    check_port(host, port)
    config.secret_key()
    Keyring(config.data_dir).ready()
    check_alone(config)
    check_published(config)
    os.environ.setdefault("CONSENT_PUBLIC_URL", config.public_url)
    # Read by glibc when the worker starts: else each of its threads keeps freed memory in a heap of its own.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    # Loaded only here: other commands start without it.
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    options: dict[str, Any] = {
        "address": host,
        "port": port,
        "interface": Interfaces.WSGI,
        "workers": workers,
        "blocking_threads": config.threads,
        "backpressure": max(config.threads * 8, 128),
        "respawn_failed_workers": True,
        "factory": True,
        "log_level": LogLevels.error,
        "websockets": False,
    }
    Granian("consent.serving:application", **options).serve()


def check_alone(config: Config) -> None:
    """No other server has this SQLite file; the worker takes the lock itself, this only says so in a sentence."""
    if config.database_url.startswith("sqlite"):
        hold_server_lock(Path(make_url(config.database_url).database or "")).close()


def check_published(config: Config) -> None:
    """What was published lies unchanged on disk, where it lies there: else a line for each, and in production no start.

    People were shown a wording, and consents name its hash; whoever serves another one must first publish it.
    """
    db = Database(config.database_url, connections=1)
    try:
        with patience.bounded(LOOK_SECONDS):
            revision.check(db)
            changes = list(on_disk.every_change(db, config.policies_dir or packs_root()))
    except Unavailable:
        return  # the worker waits for its database, and says so
    finally:
        db.close()
    for one in changes:
        click.echo(f"Warning: {one}", err=True)
    if changes and config.production:
        raise SetupProblem(
            "Published policy files were changed on disk (see above); nothing is served before they are back."
        )


def check_folder(folder: Path) -> None:
    """The data folder can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".write-probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError:
        raise SetupProblem(
            f"The data folder {folder} cannot be written. Choose another one with CONSENT_DATA_DIR."
        ) from None


def check_port(host: str, port: int) -> None:
    """Nobody listens on this port yet."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise SetupProblem(
                    f"Port {port} is in use. Stop what listens there, or choose another with --port."
                ) from None
            raise SetupProblem(
                f"Cannot listen on {host}:{port} ({error.strerror}). Choose another --host or --port."
            ) from None
