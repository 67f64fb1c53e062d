"""How near a date is: a word, a shape and a colour for it, so that nobody has to see the colour. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from consent.web.messages import N_


class Risk(StrEnum):
    """From the worst to the best; what is answered already carries none."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    WEEK = "week"
    LATER = "later"
    UNDATED = "undated"
    LAST = "last"  # answered, and not at its end yet
    OVER = "over"


SOON, WEEK = 3, 7  # days; they sort the queue for the eye and promise nothing
# A shape of its own for each, drawn as a character beside the word.
SHAPES = {
    Risk.OVERDUE: "▲",
    Risk.TODAY: "◆",
    Risk.SOON: "■",
    Risk.WEEK: "●",
    Risk.LATER: "○",
    Risk.UNDATED: "□",
    Risk.LAST: "◐",
    Risk.OVER: "✓",
}
WORDS = {
    Risk.OVERDUE: N_("Overdue"),
    Risk.TODAY: N_("Due today"),
    Risk.SOON: N_("Within 3 days"),
    Risk.WEEK: N_("Within a week"),
    Risk.LATER: N_("Later"),
    Risk.UNDATED: N_("No date"),
    Risk.LAST: N_("Answered"),
    Risk.OVER: N_("Closed"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """The days of one risk, both included; None for no bound."""

    first: date | None
    last: date | None


def risk_of(due: date | None, today: date, *, over: bool = False) -> Risk:
    """How near the date is on this day, by the calendar of the organization."""
    if over:
        return Risk.OVER
    if due is None:
        return Risk.UNDATED
    left = (due - today).days
    if left < 0:
        return Risk.OVERDUE
    if left == 0:
        return Risk.TODAY
    return Risk.SOON if left <= SOON else Risk.WEEK if left <= WEEK else Risk.LATER


def span_of(risk: Risk, today: date) -> Span | None:
    """The due dates that carry this risk today; None for what has no date."""
    ends = {
        Risk.OVERDUE: (None, -1),
        Risk.TODAY: (0, 0),
        Risk.SOON: (1, SOON),
        Risk.WEEK: (SOON + 1, WEEK),
        Risk.LATER: (WEEK + 1, None),
    }
    if risk not in ends:
        return None
    first, last = (None if days is None else today + timedelta(days=days) for days in ends[risk])
    return Span(first, last)
