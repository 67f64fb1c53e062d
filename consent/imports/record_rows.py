"""One row of a file as a thing that some system holds: what it keeps out is masked or refused, and it says why."""

import re
from collections.abc import Mapping as Table

from consent.imports.cells import Cells
from consent.imports.formats import RECORD_FIELDS
from consent.imports.mapping import Mapping
from consent.imports.rules import Fault
from consent.policies.answers.forbidden import FILES
from consent.policies.kinds.shapes import plain
from consent.policies.rulebook import Rulebook
from consent.retention.registering import Draft

LONGEST = {
    "category": 64,
    "store": 64,
    "reference": 200,
    "purpose": 200,
    "person": 200,
    "role": 64,
    "jurisdiction": 16,
    "site": 100,
    "use": 64,
    "source": 64,
}
_REQUIRED = ("category", "store", "reference", "purpose")
_KEYS = ("reference", "person", "site")  # what is blotted out in a key is the key no more
_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3}){0,2}", re.ASCII)
_NO_TIME = Fault("no-time", "collected_at", "The row does not say when it was collected.")
_NO_PLACE = Fault("bad-jurisdiction", "jurisdiction", "This must be a place like CA, US-WA or US-NY-NYC (ISO 3166-2).")


class RecordReader:
    """Rows by one mapping; `places` says where each field stands."""

    def __init__(self, mapping: Mapping, places: Table[str, int], width: int, rulebook: Rulebook) -> None:
        self._cells = Cells(mapping, places, width, RECORD_FIELDS, LONGEST)
        self._forbidden = rulebook.forbidden

    def row(self, cells: list[str]) -> tuple[Draft | None, tuple[Fault, ...], tuple[str, ...]]:
        """The record that these cells tell of, what is wrong with them, and what was taken out of them."""
        faults = self._cells.faults(cells)
        said = {name: self._cells.bounded(cells, name, faults) for name in LONGEST}
        when = self._cells.when(cells, "collected_at", _NO_TIME, faults)
        at_fault = {one.field for one in faults}
        missing = [name for name in _REQUIRED if said[name] is None and name not in at_fault]
        faults += [Fault("missing", name, "The row does not say this.") for name in missing]
        if said["jurisdiction"] is not None and not _PLACE.fullmatch(said["jurisdiction"]):
            faults.append(_NO_PLACE)
        for name in _KEYS:
            faults += self._kept_out(name, said[name] or "")
        purpose = self._forbidden.clean(said["purpose"] or "", FILES, "purpose")
        if faults or when is None:
            return None, tuple(faults), ()
        draft = Draft(
            said["category"] or "", said["store"] or "", said["reference"] or "", when.earliest, purpose.text,
            said["person"], said["role"], said["jurisdiction"], said["site"], said["use"], said["source"],
        )  # fmt: skip
        return draft, (), purpose.kinds

    def _kept_out(self, name: str, text: str) -> list[Fault]:
        found = []
        for kind in self._forbidden.clean(text, FILES, name).kinds:
            behind = self._forbidden.rests_on(kind)
            sentence = f"This holds what the organization keeps out of its records: {plain([kind])}."
            found.append(Fault("forbidden-data", name, sentence, behind[0] if behind else None))
        return found
