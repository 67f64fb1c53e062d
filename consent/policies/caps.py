"""How many sales messages an organization allows itself, whatever the law lets it send."""

from dataclasses import dataclass

from consent.deadlines import Period
from consent.errors import BadInput
from consent.policies.reading import Table


@dataclass(frozen=True)
class Cap:
    """At most `most` sales messages to one address within `per`; of these programs, or of all where none is named."""

    most: int
    per: Period
    programs: tuple[str, ...] = ()


def read_cap(table: Table, programs: tuple[str, ...]) -> Cap:
    """A cap as organization.toml has it: `max`, `per`, and the programs it counts."""
    most, per, named = table.data.get("max"), table.text("per"), table.words("programs", required=False)
    table.asked.add("max")
    if not isinstance(most, int) or isinstance(most, bool) or not 1 <= most <= 10_000:
        table.wrong("max", '"max" must be a whole number from 1 to 10000')
        most = 1
    try:
        period = Period.parse(per or "P1D", field="per")
    except BadInput as error:
        table.wrong("per", error.detail)
        period = Period.parse("P1D")
    if period.months or not period.elapsed or period.days > 366:
        table.wrong("per", f'"{per}" is counted in elapsed hours: write PT24H or P7D, at most P366D')
    for one in named:
        if one not in programs:
            table.wrong("programs", f'there is no program "{one}"')
    table.done()
    return Cap(most, period, named)
