"""What a correction is about, as a form: one row for each field, what is written down already covered. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from consent.privacy_requests.answers.correcting import LONGEST, MOST, NAME, Change
from consent.web.messages import N_

EMPTY_ROWS = 3
CHOOSE = N_("Choose which kind of data it is.")
NAMED = N_("Name the field with small letters, digits, - _ and . only.")
SAY = N_("Say what shall stand there, in at most 500 characters.")
TWICE = N_("This field is in the list already; each is changed once.")
NOTHING = N_("Write down at least one field that changes.")


@dataclass(frozen=True, slots=True)
class Row:
    """One field in the form. What was written down before is shown covered, and stays where nothing new is typed."""

    number: int
    category: str = ""
    name: str = ""
    stood: str = field(default="", repr=False)
    shall: str = field(default="", repr=False)
    covered: tuple[str, str] | None = field(default=None, repr=False)


def covered(value: str) -> str:
    """Enough to recognise a value by, and not the value: the first sign of each of its words."""
    return " ".join(f"{word[0]}•••" for word in value.split()[:6])


def rows(before: Sequence[Change]) -> tuple[Row, ...]:
    """The form as it is first shown: what is written down, and room for more."""
    known = [_kept(number, one) for number, one in enumerate(before)]
    more = min(EMPTY_ROWS, MOST - len(known))
    return (*known, *(Row(len(known) + place) for place in range(more)))


def read(
    sent: Mapping[str, str], before: Sequence[Change], categories: Iterable[str]
) -> tuple[tuple[Change, ...], tuple[Row, ...], dict[str, str]]:
    """The changes, the form as it was sent, and what is wrong with it by field."""
    allowed, wrong, changes, shown = frozenset(categories), dict[str, str](), list[Change](), list[Row]()
    for blank in rows(before):
        number = blank.number
        at = {part: sent.get(f"{part}-{number}", "").strip() for part in ("category", "name", "stood", "shall")}
        name = "-".join(at["name"].lower().split())
        old = before[number] if number < len(before) else None
        shown.append(Row(number, at["category"], name, at["stood"], at["shall"], blank.covered))
        if sent.get(f"out-{number}") or (old is None and not any(at.values())):
            continue
        same = old is not None and (old.category, old.name) == (at["category"], name)
        shall = at["shall"] or (old.shall if old is not None and same else "")
        stood = at["stood"] or (old.stood if old is not None and same else "")
        if fault := _fault(at["category"], name, stood, shall, allowed):
            wrong[f"{fault[0]}-{number}"] = fault[1]
        elif any((one.category, one.name) == (at["category"], name) for one in changes):
            wrong[f"name-{number}"] = TWICE
        else:
            changes.append(Change(at["category"], name, stood, shall))
    if not changes and not wrong:
        wrong["category-0"] = NOTHING
    return tuple(changes), tuple(shown), wrong


def _kept(number: int, one: Change) -> Row:
    return Row(number, one.category, one.name, covered=(covered(one.stood), covered(one.shall)))


def _fault(category: str, name: str, stood: str, shall: str, allowed: frozenset[str]) -> tuple[str, str] | None:
    if category not in allowed:
        return "category", CHOOSE
    if not NAME.fullmatch(name):
        return "name", NAMED
    if not shall or len(shall) > LONGEST:
        return "shall", SAY
    return ("stood", SAY) if len(stood) > LONGEST else None
