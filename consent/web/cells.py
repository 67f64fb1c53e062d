"""Cells of files that spreadsheets open."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets take for the beginning of a formula


def defused(cell: str) -> str:
    """The cell as text for every spreadsheet: an apostrophe stands before what would be a formula (OWASP)."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
