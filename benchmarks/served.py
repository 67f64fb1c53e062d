"""Our application as `consent serve` runs it, without the delivery of texts: a bench must call no gateway.

On SQLite the timed jobs share the web process, on PostgreSQL they have one of their own, as in production. Sealing
runs all the while, so its cost counts against us.
"""

import os
import threading

from flask import Flask

from consent import schedule
from consent.config import load
from consent.house import House
from consent.serving import settle, web

JOBS = [job for job in schedule.TIMED if job.name not in ("deliver", "reconcile")]


def application() -> Flask:
    """The application of one web process."""
    house = House.open(load())
    if house.db.file is not None:
        schedule.start(house, threading.Event(), JOBS)
    app = web(house)
    settle()
    return app


def main() -> None:
    """Run the timed jobs for as long as the web server beside them lives."""
    parent = os.getppid()
    stop = threading.Event()
    schedule.start(House.open(load()), stop, JOBS)
    while os.getppid() == parent:
        stop.wait(0.5)


if __name__ == "__main__":
    main()
