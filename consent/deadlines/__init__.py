"""Pure date arithmetic: periods, calendars, day counts, roll-over, extensions and pauses, each step said in words.

Period: a length of time as it was written. Convention: one of the eight ways laws count it. Clock: how one rule counts,
read from a file of the law. Facts: what happened. Due: the date, what it means, and the sentences that lead to it.
"""

from consent.deadlines.calendars import Calendar
from consent.deadlines.clocks import Clock, DateKind, Due, Fact, Facts, OrEarlier
from consent.deadlines.compute import MOST_PAUSED, compute
from consent.deadlines.conventions import Convention, Counted, count
from consent.deadlines.periods import Period
from consent.deadlines.promises import Binding, Window, add, earliest, latest, window_back
from consent.deadlines.zones import zone

__all__ = [
    "MOST_PAUSED",
    "Binding",
    "Calendar",
    "Clock",
    "Convention",
    "Counted",
    "DateKind",
    "Due",
    "Fact",
    "Facts",
    "OrEarlier",
    "Period",
    "Window",
    "add",
    "compute",
    "count",
    "earliest",
    "latest",
    "window_back",
    "zone",
]
