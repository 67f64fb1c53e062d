"""One process that serves: the application, and on SQLite the timed jobs beside it."""

import gc
import os
import sys
import threading
import time
from contextlib import suppress

from flask import Flask

from consent import clock, schedule
from consent import config as configuration
from consent.app import create_app
from consent.db.locks import hold_server_lock
from consent.errors import NotFound, Unavailable
from consent.house import House
from consent.timed import common
from consent.web import logs
from consent.web.access_lines import Together

COLLECT_AFTER = (10_000, 20, 20)  # objects more than there were; then how many searches before one goes further back
PARENT_GONE = 3  # exit status of a worker whose server died


def application() -> Flask:
    """The application of this process, for granian and gunicorn.

    On SQLite exactly one process serves a file: a second one is refused by a lock that dies with its holder.
    """
    logs.configure()
    config = configuration.load()
    house = House.open(config)
    if house.db.file is not None:
        house.server_lock = hold_server_lock(house.db.file)
    app = web(house)
    prepare_spool(house)
    read_rulebooks(house)
    settle()
    if house.db.file is not None:
        schedule.start(house, threading.Event())
    else:
        schedule.start(house, threading.Event(), schedule.LOCAL)
    _leave_with_parent()
    return app


def web(house: House) -> Flask:
    """The application of a process that many ask at once: its access lines leave together."""
    return create_app(house, Together(sys.stderr))


def prepare_spool(house: House) -> None:
    """There is room for what arrives while the database is away; without it the service runs, and says so."""
    try:
        house.spooling.spool.prepare()
        house.spooling.spool.bring_back()  # a new start may be a new release that understands it
    except Unavailable as error:
        logs.log.error("spool_unusable", why=error.detail)


def read_rulebooks(house: House) -> None:
    """What governs each organization is at hand: the first texts after a start do not all wait while it is read."""
    with suppress(Unavailable):  # a service whose database is away starts too, and takes texts into the spool
        for organization_id in common.tenants(house):
            with suppress(NotFound):  # no policy yet
                house.governing.now(organization_id, clock.now())


def settle() -> None:
    """What was loaded stays for good: no later search for garbage goes through it again, in the midst of a request.

    Nor is garbage looked for after every 700 new objects, as Python does by itself: ten thousand rows that somebody
    asked for are no garbage, and looking at them again and again took a sixth of the time of their answers.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _leave_with_parent() -> None:
    """A worker whose server was killed must not go on serving beside its successor."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(PARENT_GONE)

    threading.Thread(target=watch, name="parent", daemon=True).start()
