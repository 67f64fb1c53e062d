"""`consent serve` without timed jobs, so that only texts write: `python -m tests.crash.quiet serve …`."""

from typing import Any

import granian
from flask import Flask

from consent import schedule, serving
from consent.cli import main


def application() -> Flask:
    """The application of a process in which nothing but requests writes."""
    schedule.start.__defaults__ = ((),)
    return serving.application()


class Granian(granian.Granian):  # type: ignore[misc,valid-type]
    """The server, pointed at the application above."""

    def __init__(self, _target: str, **options: Any) -> None:
        super().__init__("tests.crash.quiet:application", **options)


if __name__ == "__main__":
    granian.Granian = Granian  # type: ignore[assignment]
    main()
