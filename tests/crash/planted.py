"""`consent serve` with a planted fault, to see that the harness sees it: `python -m tests.crash.planted serve …`.

The answer goes out before the commit. Nothing of the product knows of this file.
"""

import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import granian
from flask import Flask

from consent import serving
from consent.cli import main
from consent.db import Database, Tx

BEFORE_THE_COMMIT = 0.02  # seconds between the answer and the commit
real_write = Database.write


def write_too_soon(self: Database, work: Callable[[Tx], Any], organization_id: UUID | None = None) -> Any:
    """The result of `work` as soon as it ran; the commit comes later, or never."""
    told, box = threading.Event(), list[Any]()

    def act(tx: Tx) -> Any:
        result = work(tx)
        box.append(result)
        told.set()
        time.sleep(BEFORE_THE_COMMIT)
        return result

    def commit() -> None:
        try:
            real_write(self, act, organization_id)
        except BaseException as error:
            if not told.is_set():
                box.append(error)
                told.set()

    threading.Thread(target=commit, daemon=True).start()
    told.wait()
    if isinstance(box[0], BaseException):
        raise box[0]
    return box[0]


def application() -> Flask:
    """The application of a process that answers too soon."""
    Database.write = write_too_soon  # type: ignore[method-assign]
    return serving.application()


class Granian(granian.Granian):  # type: ignore[misc,valid-type]
    """The server, pointed at the application above."""

    def __init__(self, _target: str, **options: Any) -> None:
        super().__init__("tests.crash.planted:application", **options)


if __name__ == "__main__":
    granian.Granian = Granian  # type: ignore[assignment]
    main()
