"""How many messages may go: what an organization allows itself in sales, and what it lets people choose."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from consent.deadlines import Period
from consent.errors import BadInput
from consent.policies.reading import Table
from consent.policies.said import Tongues, language_among, read_said


@dataclass(frozen=True)
class Cap:
    """At most `most` sales messages to one address within `per`; of these programs, or of all where none is named."""

    most: int
    per: Period
    programs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frequency:
    """At most `most` messages of a program within `per`; `sentence` says it by language, where a pack offers it."""

    most: int
    per: Period
    sentence: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def choice(self) -> str:
        """As the ledger and the API write it: 1/P7D."""
        return f"{self.most}/{self.per.text}"

    def sentence_in(self, language: str) -> str:
        """What is promised with it, in that language or in the nearest one there is; empty where no pack says it."""
        return self.sentence[language_among(self.sentence, language)] if self.sentence else ""

    @classmethod
    def parse(cls, choice: str) -> "Frequency":
        """The frequency behind a choice; what was chosen once holds, also where the pack offers it no longer."""
        most, _, per = choice.partition("/")
        if not most.isascii() or not most.isdigit():
            raise BadInput("A frequency is written like 1/P7D: at most so many within so long.", field="frequencies")
        return cls(int(most), Period.parse(per, field="frequencies"))


def read_frequencies(tables: list[Table], tongues: Tongues) -> tuple[Frequency, ...]:
    """What a program lets people choose, as organization.toml has it: `most`, `per`, and a sentence."""
    made = [_read_frequency(one, tongues) for one in tables]
    for index, one in enumerate(made):
        if one in made[:index]:
            tables[index].wrong("per", "the same frequency is offered twice")
    return tuple(made)


def _read_frequency(table: Table, tongues: Tongues) -> Frequency:
    made = Frequency(_count(table, "most"), _period(table), read_said(table, "sentence", tongues))
    table.done()
    return made


def read_cap(table: Table, programs: tuple[str, ...]) -> Cap:
    """A cap as organization.toml has it: `max`, `per`, and the programs it counts."""
    most, period, named = _count(table, "max"), _period(table), table.words("programs", required=False)
    for one in named:
        if one not in programs:
            table.wrong("programs", f'there is no program "{one}"')
    table.done()
    return Cap(most, period, named)


def _count(table: Table, key: str) -> int:
    most = table.data.get(key)
    table.asked.add(key)
    if isinstance(most, int) and not isinstance(most, bool) and 1 <= most <= 10_000:
        return most
    table.wrong(key, f'"{key}" must be a whole number from 1 to 10000')
    return 1


def _period(table: Table) -> Period:
    per = table.text("per")
    try:
        period = Period.parse(per or "P1D", field="per")
    except BadInput as error:
        table.wrong("per", error.detail)
        period = Period.parse("P1D")
    if period.months or not period.elapsed or period.days > 366:
        table.wrong("per", f'"{per}" is counted in elapsed hours: write PT24H or P7D, at most P366D')
    return period
