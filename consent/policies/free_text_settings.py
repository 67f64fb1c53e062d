"""What becomes of free text that holds what the organization keeps out: the words blotted out, or the text refused."""

from dataclasses import dataclass

from consent.policies.reading import Table

MASK, REFUSE = "mask", "refuse"


@dataclass(frozen=True)
class FreeText:
    """By whose text it is. Nobody's request fails over a card number unless the organization wants that; a program can
    be told to send its text again. A file is always masked: a refused row could be a no."""

    people: str = MASK
    staff: str = MASK
    systems: str = REFUSE
    files: str = MASK

    def refuses(self, origin: str) -> bool:
        """Is such a text turned away?"""
        return bool(getattr(self, origin) == REFUSE)


def read_free_text(table: Table) -> FreeText:
    """What the table `free_text` of organization.toml says."""
    usual = FreeText()
    said = {name: table.text(name, getattr(usual, name)) for name in ("people", "staff", "systems")}
    for name, value in said.items():
        if value not in (MASK, REFUSE):
            table.wrong(name, f'"{name}" is {MASK} or {REFUSE}')
    table.done()
    return FreeText(**said)
