"""A worker that carries out what is due and is killed at its n-th statement: `… FOLDER DATABASE NOW N`; 0 lets it live.

The kill is a real one, from inside: no handler runs, and what was not committed is lost.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from consent import clock
from consent.db.transaction import Tx
from consent.house import House
from consent.timed import requests
from tests.support.valley import settings


def main(folder: str, database_url: str, now: str, dies_at: str) -> None:
    """Prints how many statements it took."""
    at, last, taken = datetime.fromisoformat(now), int(dies_at), 0
    clock.now = lambda: at

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            nonlocal taken
            taken += 1
            if taken == last:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given, **named)

        return run

    house = House.open(settings(Path(folder), database_url))
    for name in ("run", "one", "all"):
        setattr(Tx, name, counted(getattr(Tx, name)))
    requests.carry_out(house)
    print(taken)
    house.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
