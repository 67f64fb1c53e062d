"""What an organization keeps out of free text is blotted out of a file's free columns before anything of a row is kept.

Never refused: a row that is turned away for a card number in its note could be somebody's no.
"""

import re

from consent.imports.rows import Row
from consent.policies.answers.forbidden import FILES
from consent.policies.rulebook import Rulebook

_TELEPHONE = re.compile(r"[+(]?\d(?:[ ().-]{0,2}\d){6,13}")  # with a digit less than the shortest card in use


def without_forbidden(rulebook: Rulebook, row: Row) -> Row:
    """The row with its free words as they may be kept."""
    if row.proof_note is None and row.entered_by is None and row.ip_absent_reason is None:
        return row

    def kept(text: str | None, field: str) -> str | None:
        return rulebook.forbidden.clean(text, FILES, field).text if text is not None else None

    return row._replace(
        proof_note=kept(row.proof_note, "proof_note"),
        entered_by=kept(row.entered_by, "entered_by"),
        ip_absent_reason=kept(row.ip_absent_reason, "ip_absent_reason"),
    )


def cells_without_forbidden(rulebook: Rulebook, cells: list[str]) -> list[str]:
    """The cells of a row that waits for a person; its telephone number stays readable."""
    return [
        one if _TELEPHONE.fullmatch(one.strip()) else rulebook.forbidden.clean(one, FILES).text for one in cells
    ]  # fmt: skip
