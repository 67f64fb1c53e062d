"""The hours of sales messages: may one go at this instant, by every clock the person may be living by?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from consent.deadlines import zone
from consent.policies.jurisdictions import any_may_hold
from consent.policies.kinds import Promise, channels_of
from consent.policies.law import LawRule
from consent.policies.organization import OrganizationPack
from consent.policies.questions import Reason, Verdict

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AHEAD = 8  # days in which the next opening is looked for: every window opens at least once a week


class Hours:
    """The windows of an organization's promises and of the law that binds it."""

    def __init__(self, _organization: OrganizationPack, promises: Sequence[Promise]) -> None:
        self._rules = tuple(one for one in promises if "window" in one.parameters)

    def may_go(self, channel: str, at: datetime, zones: Sequence[str], place: str | None = None) -> Verdict:
        """Whether a sales message may go at `at`: only if every rule is open in every zone the person may be in.

        The opening minute is inside, the closing minute outside. Without a zone nothing goes (doubt favours the
        person). Rules of places where the person surely is not say nothing.
        """
        rules = self._asked(channel, place)
        if rules and not zones:
            return Verdict("deny", (_because(rules[0], "Nobody knows what time it is where the person is."),))
        closed = [
            _because(rule, f"It is {at.astimezone(zone(name)):%H:%M} in {name}, outside of the hours for this.")
            for rule in rules
            for name in zones
            if not _open(rule, at.astimezone(zone(name)))
        ]
        return Verdict("deny" if closed else "allow", tuple(closed))

    def next_allowed(
        self, channel: str, at: datetime, zones: Sequence[str], place: str | None = None
    ) -> datetime | None:
        """The first instant from `at` on at which one may go; None where no window ever opens for all zones."""
        rules = self._asked(channel, place)
        for instant in sorted({at, *(one for one in _openings(rules, at, zones) if one > at)}):
            if self.may_go(channel, instant, zones, place).answer == "allow":
                return instant
        return None

    def _asked(self, channel: str, place: str | None) -> list[Promise]:
        return [
            one
            for one in self._rules
            if channel in channels_of(one.parameters, otherwise=(channel,)) and _concerns(one, place)
        ]


def _concerns(rule: Promise, place: str | None) -> bool:
    if place is None or not isinstance(rule, LawRule):
        return True
    return any_may_hold(rule.jurisdictions, place)


def _open(rule: Promise, local: datetime) -> bool:
    said = f"{local:%H:%M}"
    rows: Iterable[Mapping[str, Any]] = rule.parameters["window"]
    return any(local.weekday() in _days(row["days"]) and row["from"] <= said < row["until"] for row in rows)


def _openings(rules: Sequence[Promise], at: datetime, zones: Sequence[str]) -> Iterator[datetime]:
    """Every opening of every window in the coming days."""
    for name in zones:
        today = at.astimezone(zone(name)).date()
        for ahead in range(_AHEAD):
            for rule in rules:
                for row in rule.parameters["window"]:
                    opens = time.fromisoformat(row["from"])
                    yield datetime.combine(today + timedelta(days=ahead), opens, zone(name)).astimezone(at.tzinfo)


def _days(named: str) -> range:
    first, _, last = named.partition("-")
    return range(_WEEK.index(first), _WEEK.index(last or first) + 1)


def _because(rule: Promise, text: str) -> Reason:
    if isinstance(rule, LawRule):
        return Reason("outside-hours", text, law=rule.id)
    return Reason("outside-hours", text, commitment=rule.id)
