"""Whether a message may go right now, as whoever wires the house answers the outbox before each send."""

from datetime import datetime
from typing import Literal, NamedTuple


class Leave(NamedTuple):
    """go; wait, where only time stands against it, until `not_before` if that is known; or no."""

    answer: Literal["go", "wait", "no"]
    not_before: datetime | None = None


GO, NO = Leave("go"), Leave("no")
