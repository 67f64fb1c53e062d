"""The hours of sales messages: may one go at this instant, by every clock the person may be living by?

A window binds by where the person may be, not by where the company is. Where no rule speaks of a place, the rule
that `applies_to` places without hours does.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from consent.deadlines import zone
from consent.policies.answers.timesheets import NEVER, Timesheet, shifts
from consent.policies.jurisdictions import any_may_hold
from consent.policies.kinds import Promise, channels_of
from consent.policies.law import LawRule
from consent.policies.organization import OrganizationPack
from consent.policies.questions import Reason, Verdict
from consent.policies.reasons import rest, told
from consent.policies.whereabouts import Area, Whereabouts

_AHEAD = 15  # days in which the next opening is looked for: beyond any run of Sundays and holidays
_KEPT = 4096
_MINUTE = timedelta(minutes=1)
_ELSEWHERE = "places-without-hours"


class ZoneHours(NamedTuple):
    """One zone at one instant: the local time, and the hours that are open on that day, "00:00-00:00" for none."""

    zone: str
    local: datetime
    window: str


class Hours:
    """The windows of an organization's promises, and those of the law wherever its people may be."""

    def __init__(
        self, _organization: OrganizationPack | None, promises: Sequence[Promise], law: Sequence[LawRule] = ()
    ) -> None:
        known = [one for one in promises if one not in law] + list(law)
        self._rules = tuple(one for one in known if one.kind == "deadline" and "window" in one.parameters)
        self._sheets: dict[tuple[str, Whereabouts], tuple[Timesheet, ...]] = {}
        self._answers: dict[tuple[str, datetime, Whereabouts], Verdict] = {}

    def may_go(self, channel: str, at: datetime, where: Whereabouts) -> Verdict:
        """Whether a sales message may go at `at`: only if every rule is open in every zone the person may be in.

        The opening minute is inside, the closing minute outside. Where nobody knows the zone nothing goes (doubt
        favours the person), and there is no next time. A denial carries the next instant at which it may go.
        """
        key = (channel, at.replace(second=0, microsecond=0), where)
        found = self._answers.get(key)
        if found is None:
            if len(self._answers) >= _KEPT:
                self._answers.clear()
            found = self._answers[key] = self._may_go(*key)
        return found

    def next_allowed(self, channel: str, at: datetime, where: Whereabouts) -> datetime | None:
        """The first instant from `at` on at which one may go; None where no window ever opens for all zones."""
        if not where:
            return None if self._asked(channel) else at
        sheets = self._sheets_of(channel, where)
        if _open(sheets, at):
            return at
        return next((one for one in _openings(sheets, at) if _open(sheets, one)), None)

    def closes(self, channel: str, at: datetime, where: Whereabouts, within: timedelta) -> datetime | None:
        """The first minute after `at`, at most `within` later, at which none may go any more."""
        minute = at.replace(second=0, microsecond=0) + _MINUTE
        while minute <= at + within:
            if self.may_go(channel, minute, where).answer == "deny":
                return minute
            minute += _MINUTE
        return None

    def zones(self, channel: str, at: datetime, where: Whereabouts) -> list[ZoneHours]:
        """Every zone the person may be in, with its local time and the strictest hours of that day."""
        rows = []
        for sheet in self._sheets_of(channel, where):
            local = at.astimezone(sheet.zone)
            rows.append(ZoneHours(sheet.zone.key, local, "-".join(sheet.shown(local))))
        return rows

    def _may_go(self, channel: str, at: datetime, where: Whereabouts) -> Verdict:
        if not where:
            rules = sorted(self._asked(channel), key=_is_elsewhere, reverse=True)
            return Verdict("deny", (rest("hours-unknown", rules[:1]),)) if rules else _YES
        sheets = self._sheets_of(channel, where)
        closed = tuple(reason for sheet in sheets for reason in _against(sheet, at.astimezone(sheet.zone)))
        return Verdict("deny", closed, self.next_allowed(channel, at, where)) if closed else _YES

    def _sheets_of(self, channel: str, where: Whereabouts) -> tuple[Timesheet, ...]:
        """A timesheet for every zone, with the rules of all the places it may stand for."""
        key = (channel, where)
        found = self._sheets.get(key)
        if found is None:
            if len(self._sheets) >= _KEPT:
                self._sheets.clear()
            binding: dict[str, list[Promise]] = {}
            for area in where:
                for name in area.zones:
                    binding.setdefault(name, []).extend(self._binding(channel, area))
            found = self._sheets[key] = tuple(
                Timesheet(zone(name), list({id(rule): rule for rule in rules}.values()))
                for name, rules in binding.items()
            )
        return found

    def _binding(self, channel: str, area: Area) -> list[Promise]:
        asked = self._asked(channel)
        ours = [one for one in asked if not isinstance(one, LawRule)]
        law = [one for one in asked if isinstance(one, LawRule)]
        local = [
            one
            for one in law
            if not _is_elsewhere(one) and any(any_may_hold(one.jurisdictions, place) for place in area.places)
        ]
        return [*ours, *(local or [one for one in law if _is_elsewhere(one)])]

    def _asked(self, channel: str) -> list[Promise]:
        return [one for one in self._rules if channel in channels_of(one.parameters, otherwise=(channel,))]


_YES = Verdict("allow", ())


def _is_elsewhere(rule: Promise) -> bool:
    return rule.parameters.get("applies_to") == _ELSEWHERE


def _open(sheets: Sequence[Timesheet], at: datetime) -> bool:
    return all(sheet.is_open(at.astimezone(sheet.zone)) for sheet in sheets)


def _against(sheet: Timesheet, local: datetime) -> Iterator[Reason]:
    """Each rule that is closed at this local time, with the hours it leaves open on that day."""
    for rule in sheet.closed(local):
        hours = " and ".join("-".join(one) for one in sheet.hours_of(rule, local.date()) if one != NEVER)
        said = f"the hours there are {hours}" if hours else "that day is closed there"
        yield told("outside-hours", f"It is {local:%H:%M} in {sheet.zone.key}; {said}.", [rule])


def _openings(sheets: Sequence[Timesheet], at: datetime) -> list[datetime]:
    """Every instant in the coming days at which some window opens or some clock is changed, in order."""
    today = at.astimezone(UTC).date()
    days = [today + timedelta(days=ahead) for ahead in range(-1, _AHEAD)]
    found = {one for sheet in sheets for day in days for one in (*sheet.openings(day), *shifts(sheet.zone, day))}
    return sorted(one for one in found if one > at)
