"""`consent worker`."""

import signal
import threading
from types import FrameType

import click

from consent import config as configuration
from consent import schedule
from consent.command_line import says_what_is_wrong
from consent.errors import SetupProblem
from consent.house import House
from consent.web import logs


@click.command()
@says_what_is_wrong
def worker() -> None:
    """Run the timed jobs until stopped: sealing, sending, versions that take effect. For PostgreSQL.

    Any number of workers may run; a job is done by one of them.

    \b
    Example:
      consent worker
    """
    config = configuration.load()
    if config.database_url.startswith("sqlite"):
        raise SetupProblem("On SQLite the server runs the timed jobs itself; `worker` is for PostgreSQL.")
    logs.configure()
    house = House.open(config)
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    threads = schedule.start(house, stop)
    click.echo("The timed jobs run.", err=True)
    stop.wait()
    for thread in threads:
        thread.join(timeout=20)
    house.close()
