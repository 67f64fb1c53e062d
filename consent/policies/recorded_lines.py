"""Telephone lines whose calls may be recorded, as organization.toml lists them: for what, told how, kept where."""

from collections.abc import Mapping
from dataclasses import dataclass

from consent.policies.programs import one_of
from consent.policies.reading import Table
from consent.policies.said import Named, Tongues, plain, spoken

ANNOUNCED, ASKED = "announcement", "consent"
TOLD = (ANNOUNCED, ASKED)  # the second is the stricter: everybody is told, and records begin after their yes
SELECTIONS = ("random", "every-call", "on-demand")
INTERNAL = "company-internal"


@dataclass(frozen=True)
class RecordedLine(Named):
    """A line of the company; nothing of it is recorded while it is not `on`. `words` are what everybody hears."""

    key: str
    name: str
    on: bool = False
    purposes: tuple[str, ...] = ()
    told_by: str = ""
    storage: str = ""
    selection: str = ""

    @property
    def words(self) -> Mapping[str, str]:
        """What everybody on the call hears, by language."""
        return self.said.get("words", {})


def read_line(key: str, table: Table, tongues: Tongues) -> RecordedLine:
    """One entry of the table `recorded_lines`."""
    said = spoken(table, tongues, "name", maybe=("words",))
    made = RecordedLine(
        key,
        plain(said, "name"),
        table.flag("on", False),
        table.words("purposes", required=False),
        table.text("told_by", ""),
        table.text("storage", ""),
        table.text("selection", ""),
        said=said,
    )
    one_of(table, "told_by", made.told_by, TOLD)
    one_of(table, "selection", made.selection, SELECTIONS)
    table.done()
    return made
