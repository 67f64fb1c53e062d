"""One act of collecting as it is asked about. What is not said about it counts against it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Gathering:
    """What is known about one act of collecting; what is not known counts against it."""

    person: str | None = None  # the role of the person
    moment: str | None = None  # account-or-purchase, support, entry-or-visit-public-door, …
    source: str | None = None
    ground: str | None = None
    purpose: str | None = None  # as stated to the person
    consent: bool = False
    held_already: bool = False
    required_by_law: bool = False
    open_gates: frozenset[str] = frozenset()  # ids of the commitments whose gate is open, and features that are on
    traits: Mapping[str, str] = field(default_factory=dict)
