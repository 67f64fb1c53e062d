"""What an organization settles for its staff: what stands in for a second person, and who clauses on access mean."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

from consent.errors import SetupProblem
from consent.policies.programs import one_of
from consent.policies.reading import Table
from consent.resources import folder

SECOND, DELAY = "second", "delay"
ADDRESSES, EVIDENCE = "addresses", "evidence"
LOOKED_AT = (ADDRESSES, EVIDENCE)  # what pages show in full to staff who say why


@dataclass(frozen=True)
class ReadingSettings:
    """Clauses speak of the company's own roles and data: which of them ours are.

    `roles` has the clause's word for each role of ours, `data` the clauses' words for what stands on each of LOOKED_AT.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class StaffSettings:
    """`two_person`: somebody else has to look, or, where nobody else is there, a delay in which it can be undone."""

    two_person: str = SECOND
    reason: str = ""
    reading: ReadingSettings = field(default_factory=ReadingSettings)


def read_staff(table: Table) -> StaffSettings:
    """What the table `staff` of organization.toml says."""
    reading = _reading(table.table("reading", required=False))
    made = StaffSettings(table.text("two_person", SECOND), table.maybe("reason") or "", reading)
    table.done()
    one_of(table, "two_person", made.two_person, (SECOND, DELAY))
    if made.two_person == DELAY and not made.reason.strip():
        table.wrong("reason", '"reason" is missing; why does nobody else look at what cannot be undone?')
    return made


def _reading(table: Table) -> ReadingSettings:
    data = table.table("data", required=False)
    made = ReadingSettings(
        table.texts("roles", required=False), {one: data.words(one) for one in LOOKED_AT if one in data.data}
    )
    data.done()
    table.done()
    return made


@lru_cache(maxsize=1)
def undo_for() -> timedelta:
    """How long an act of a house with a single member can be taken back before it counts."""
    path = folder("policies") / "numbers" / "two-persons.toml"
    try:
        hours = tomllib.loads(path.read_text(encoding="utf-8"))["undo_for_hours"]
        return timedelta(hours=int(hours))
    except (OSError, ValueError, KeyError, TypeError) as error:
        wrong = f"policies/numbers/two-persons.toml cannot be read ({type(error).__name__}); install the program again."
        raise SetupProblem(wrong) from None
