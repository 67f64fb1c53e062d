"""With which of its mails an organization tells people of changes, and how fast they may leave: a choice of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from consent.policies.programs import Program
from consent.policies.reading import Source, Table

# Which sort of notice a mail is; in the order in which one person is told, and nobody twice of one change.
NEW_PURPOSE, CHANGE, ADDITIONAL = "new_purpose", "change", "additional"
PARTS = (NEW_PURPOSE, CHANGE, ADDITIONAL)
PER_MINUTE = 100  # mails of one campaign in a minute, where organization.toml says nothing
MOST_PER_MINUTE = 10_000


@dataclass(frozen=True)
class NoticeMail:
    """The program and class under which such a notice asks the gate."""

    program: str
    message_class: str


@dataclass(frozen=True)
class NoticeSettings:
    """What each sort of notice is sent as, and how many mails may leave in a minute."""

    new_purpose: NoticeMail | None = None
    change: NoticeMail | None = None
    additional: NoticeMail | None = None
    per_minute: int = PER_MINUTE

    def mail(self, part: str) -> NoticeMail | None:
        """How a notice of this sort is sent; None where organization.toml names no way."""
        found: NoticeMail | None = getattr(self, part) if part in PARTS else None
        return found


def read_notices(table: Table, programs: Sequence[Program], source: Source) -> NoticeSettings:
    """What the table `notices` of organization.toml says."""
    mails = {part: _mail(table, part, programs, source) for part in PARTS}
    pace = table.data.get("per_minute", PER_MINUTE)
    table.asked.add("per_minute")
    if isinstance(pace, bool) or not isinstance(pace, int) or not 1 <= pace <= MOST_PER_MINUTE:
        table.wrong("per_minute", f'"per_minute" must be a whole number from 1 to {MOST_PER_MINUTE}')
        pace = PER_MINUTE
    table.done()
    return NoticeSettings(**mails, per_minute=pace)


def _mail(table: Table, part: str, programs: Sequence[Program], source: Source) -> NoticeMail | None:
    inner = table.table(part, required=False)
    if part not in table.data:
        return None
    made = NoticeMail(inner.text("program"), inner.text("message_class"))
    inner.done()
    program = next((one for one in programs if one.key == made.program), None)
    if program is None:
        source.wrong(("notices", part), f'there is no program "{made.program}"')
    elif "email" not in program.channels or made.message_class not in program.message_classes:
        source.wrong(("notices", part), f'"{made.program}" sends no mail of the class "{made.message_class}"')
    return made
