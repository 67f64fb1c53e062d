"""CSV that a spreadsheet shows and never runs (S08, OWASP ASVS 5.0 1.2.10). Pure: cells in, text out."""

import csv
import io
from collections.abc import Iterable

# What a spreadsheet takes for a formula when a cell begins with it; a quote before it makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert(cell: object) -> str:
    """The cell as text that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def lines(rows: Iterable[Iterable[object]]) -> str:
    """These rows as CSV (RFC 4180), every cell in quotes."""
    made = io.StringIO(newline="")
    csv.writer(made, quoting=csv.QUOTE_ALL).writerows([inert(cell) for cell in row] for row in rows)
    return made.getvalue()
