"""The cells of a row by their fields: trimmed, constants for empty ones, words as the mapping means them."""

import unicodedata
from collections.abc import Iterable
from collections.abc import Mapping as Table

from consent.imports import times
from consent.imports.mapping import Mapping
from consent.imports.rules import Fault
from consent.imports.times import When

_TIME_FAULTS = {
    "unreadable-time": "The time cannot be read; write it as 2026-05-03T09:30:00-07:00, or name its form in the"
    " mapping under date_formats.",
    "no-zone": "The time has no offset; name the zone it is meant in, in the mapping or in a column.",
}
_WIDTH = Fault("cells", "row", "The row has more or fewer cells than the heading; one may hold an unquoted delimiter.")


class Cells:
    """Rows by one mapping; `places` says where each field stands, `longest` how long the bounded ones may be."""

    def __init__(
        self, mapping: Mapping, places: Table[str, int], width: int, fields: Iterable[str], longest: Table[str, int]
    ) -> None:
        self._mapping, self._width, self._longest = mapping, width, longest
        # Where the field stands (-1: nowhere), what stands for an empty cell, what its words mean.
        self._plans = {
            field: (places.get(field, -1), mapping.constants.get(field, ""), mapping.values.get(field))
            for field in fields
            if field in places or field in mapping.constants
        }

    def faults(self, cells: list[str]) -> list[Fault]:
        """A list for what is wrong with the row; a wrong number of cells stands in it already."""
        return [_WIDTH] if len(cells) != self._width else []

    def get(self, cells: list[str], field: str) -> str | None:
        """What the row says there."""
        plan = self._plans.get(field)
        if plan is None:
            return None
        place, constant, table = plan
        text = cells[place].strip() if 0 <= place < len(cells) else ""
        if not text:
            text = constant
        if table:
            text = table.get(text.casefold(), text)
        if text.isascii():
            return text or None
        return unicodedata.normalize("NFC", text)

    def bounded(self, cells: list[str], field: str, faults: list[Fault]) -> str | None:
        """The same, where it is one line of a length that can be kept; a fault otherwise."""
        text, longest = self.get(cells, field), self._longest[field]
        if text is not None and (len(text) > longest or not text.isprintable()):
            faults.append(Fault("too-long", field, f"This is one line of at most {longest} characters, all printable."))
            return None
        return text

    def when(self, cells: list[str], field: str, missing: Fault, faults: list[Fault]) -> When | None:
        """The span that the row names, in its own zone or that of the mapping; a fault otherwise."""
        text = self.get(cells, field)
        if text is None:
            faults.append(missing)
            return None
        try:
            return times.read(text, self.get(cells, "zone") or self._mapping.zone, self._mapping.date_formats)
        except times.NoTime as error:
            code = str(error)
            faults.append(Fault(code, field, _TIME_FAULTS[code]))
            return None
