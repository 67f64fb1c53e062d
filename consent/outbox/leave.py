"""Whether a message may go right now, as whoever wires the house answers the outbox before each send."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple


class Leave(NamedTuple):
    """go; wait, where only time stands against it, until `not_before` if that is known; or no."""

    answer: Literal["go", "wait", "no"]
    not_before: datetime | None = None


GO, NO = Leave("go"), Leave("no")


@dataclass(frozen=True, slots=True)
class Whither:
    """Where a message goes: the address, how it is filed, and its contact point where one is on record."""

    channel: str
    tag64: int
    address: str = field(repr=False)
    contact_point_id: uuid.UUID | None = None
    facts: str = field(default="", repr=False)  # what was known when it was written, JSON, for the gate
