"""The page held against the gate: each place where the two tell different stories."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from consent.policies.questions import Facts, Question
from consent.policies.rulebook import Rulebook
from consent.preferences.asking import standing_of
from consent.preferences.page.choices import Choice, Page
from consent.preferences.rules import State

NOW = datetime(2026, 11, 21, 17, tzinfo=UTC)
# Of whom everything is known and nothing speaks against; where they are is not known, so no hour is looked at.
ANYBODY = Facts(reference="any", registered=True, materially_affects_delivery=True, member=True, minor=False, age=99)


def contradictions(book: Rulebook, states: Mapping[str, State], page: Page, now: datetime = NOW) -> list[str]:
    """Every program and channel of which the page says something else than the gate."""
    found = []
    for one in (one for one in page if not one.feature):
        going = _goes(book, one, states[one.channel], page.seen.person, now)
        on = one.value == "on" and not one.rests
        silent = len(one.keeps) if one.value == "off" else 0 if one.rests else len(going)
        if (on and not going) or len(going) > silent:
            found.append(f"{one.field} {one.sort} {one.value} {one.rests}: the gate lets {sorted(going)} through")
    return found


def _goes(book: Rulebook, one: Choice, state: State, person: uuid.UUID | None, now: datetime) -> set[str]:
    """Which messages the gate lets through; what hour it is and what was sent does not count."""
    program = book.program(one.key)
    assert program is not None
    standing = standing_of(state, program.key, person)
    asked = {each: Question(one.key, each, one.channel, now, facts=ANYBODY) for each in program.message_classes}
    return {each for each, question in asked.items() if book.may_contact(question, standing).answer == "allow"}
