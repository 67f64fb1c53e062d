"""How an organization looks after the numbers it sells to: which lists it reads, what it asks about them."""

from dataclasses import dataclass

from consent.policies.reading import Table


@dataclass(frozen=True)
class NumberCare:
    """`scrub` names the registries without whose fresh copy nothing is sold to a number; `ask_reassigned` that the
    Reassigned Numbers Database is asked before something is sold on an old consent."""

    ask_reassigned: bool = False
    scrub: tuple[str, ...] = ()


def read_care(table: Table) -> NumberCare:
    """What the table `numbers` of organization.toml says."""
    made = NumberCare(table.flag("ask_reassigned", False), table.words("scrub", required=False))
    table.done()
    return made
