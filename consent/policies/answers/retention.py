"""When a record must go, by which promise or law, how, and what may keep it longer."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from consent.deadlines import Period, add, zone
from consent.policies.answers.groups import Groups
from consent.policies.answers.holdings import Disposal, Held, Hold, State, names_of
from consent.policies.answers.inventory import Inventory
from consent.policies.answers.limits import Limit, events_of, limits_of, settled_for
from consent.policies.answers.reasons import because, of_kind
from consent.policies.jurisdictions import same_place
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.organization import OrganizationPack
from consent.policies.questions import Reason

__all__ = ["Disposal", "Held", "Hold", "Retention"]


class _Ending(NamedTuple):
    limit: Limit
    day: date
    steps: tuple[str, ...]


class _Kept(NamedTuple):
    end: _Ending
    day: date
    reasons: tuple[Reason, ...]
    refused: tuple[Reason, ...]


class Retention:
    """The promises about time kept, ready to be asked. Dates are those of the organization's zone."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise]) -> None:
        self.zone: ZoneInfo = zone(organization.zone)
        self.jurisdictions = organization.jurisdictions
        self.groups = Groups(organization, promises)
        self.inventory = Inventory(organization, promises)
        self._promises = tuple(promises)
        self._exceptions = of_kind(promises, "retention-exception", "deletion-exception")
        self._methods = of_kind(promises, "disposal-method")
        self._settled = settled_for(promises)
        # The grounds that a limit names itself, each suspending that limit alone.
        self.suspending = frozenset(str(one.decided["unless"]) for one in promises if "unless" in one.decided)
        # Every event that moves a date, under each of its names.
        self.clocks = frozenset(name for event in events_of(promises) for name in names_of(event))

    def knows(self, category: str) -> bool:
        """Is this class of data in the inventory, or is a period settled for it?"""
        return category in self._settled or self.groups.known(category)

    def categories(self) -> tuple[str, ...]:
        """Every class of data that a record can be of, sorted."""
        return tuple(sorted(self._settled | self.groups.declared | set(self.groups.services)))

    def due(self, held: Held) -> Disposal:
        """When this record goes at the latest: the earliest of several limits binds, unless a law wants it longer."""
        treated = self.inventory.treated_as(held.category, held.jurisdiction, held.use)
        about = held if treated == held.category else _renamed(held, treated)
        limits = limits_of(self._promises, self.groups, about)
        most = [one for one in limits if not one.at_least]
        finite = [one for one in most if one.period != "unlimited"]
        running = [end for one in finite if (end := self._ending(one, about)) is not None]
        extra = [one for one in running if one.limit.promise.kind == "retention-exception"]
        ends = [one for one in running if one not in extra] or extra
        floor = self._floor([one for one in limits if one.at_least], about)
        if not ends:
            return self._without_end(about, most, finite, floor)
        kept = [self._lengthened(end, about.holds, extra) for end in ends]
        first = min(kept, key=lambda one: one.day)
        reasons = [self._reason(one.end) for one in sorted(kept, key=lambda one: one is not first)]
        reasons[1:1] = first.reasons
        due, steps = first.day, [*first.end.steps]
        state: State = "running"
        if floor is not None and floor.day >= due:
            due, state = floor.day, "kept-by-law"
            steps += floor.steps
            text = f"A law wants it kept through {floor.day}, which is longer than the promise and binds."
            reasons.insert(0, because("kept-by-law", text, floor.limit.promise))
        held_until = first.day if first.day > first.end.day else None
        if held_until:
            steps.append(f"Held until {held_until}; it goes then without a new request.")
        escalate = tuple(dict.fromkeys(reason for one in kept for reason in one.refused))
        return Disposal(
            state, due, due - timedelta(days=1), self._outcomes(first.end.limit), tuple(dict.fromkeys(reasons)),
            tuple(steps), floor.day if floor else None, held_until, escalate, self.backups_gone_by(due),
        )  # fmt: skip

    def strictest(self, held: Held) -> Limit | None:
        """The limit by which this record goes first, whatever may suspend it; None where a law wants it kept longer.

        Also None while no limit runs. `due` tells the day; this tells by which period, counted from which event.
        """
        treated = self.inventory.treated_as(held.category, held.jurisdiction, held.use)
        about = held if treated == held.category else _renamed(held, treated)
        limits = limits_of(self._promises, self.groups, about)
        finite = [one for one in limits if not one.at_least and one.period != "unlimited"]
        running = [end for one in finite if (end := self._ending(one, about)) is not None]
        ends = [one for one in running if one.limit.promise.kind != "retention-exception"] or running
        first = min(ends, key=lambda one: one.day, default=None)
        floor = self._floor([one for one in limits if one.at_least], about)
        return None if first is None or (floor is not None and floor.day >= first.day) else first.limit

    def held(self, held: Held, hold: Hold) -> tuple[bool, date | None]:
        """Does a rule of such data admit this hold, and until when it holds then; None where no end is known.

        Whatever the clocks of the data say: a hold keeps what somebody wants gone before its time, too. Without a rule
        there is none that could refuse it.
        """
        treated = self.inventory.treated_as(held.category, held.jurisdiction, held.use)
        about = held if treated == held.category else _renamed(held, treated)
        limits = [one for one in limits_of(self._promises, self.groups, about) if not one.at_least]
        ends = [self._hold(hold, one, date.max)[0] for one in limits if one.period != "unlimited"]
        known = [one for one in ends if one is not None]
        return not ends or bool(known), max(known) if known else hold.until

    def awaited(self, held: Held) -> tuple[str, ...]:
        """The events from which limits on this record would count and which have not happened, each named once."""
        treated = self.inventory.treated_as(held.category, held.jurisdiction, held.use)
        about = held if treated == held.category else _renamed(held, treated)
        limits = limits_of(self._promises, self.groups, about)
        events = (one.event for one in limits if not one.at_least and one.period != "unlimited")
        return tuple(dict.fromkeys(one for one in events if about.when(one) is None))

    def _lengthened(self, end: _Ending, holds: tuple[Hold, ...], extra: list[_Ending]) -> _Kept:
        """The end with the holds its own rule admits, and with what an exception settles for such data."""
        day, reasons, refused = end.day, [], []
        for other in extra:
            if not end.limit.is_closed and other is not end and other.day > day:
                day = other.day
                reasons.append(self._reason(other))
        for hold in holds:
            until, reason = self._hold(hold, end.limit, end.day)
            if until is None:
                refused.append(reason)
            elif until > end.day:
                day = max(day, until)
                reasons.append(reason)
        return _Kept(end, day, tuple(reasons), tuple(refused))

    def grounds(self, jurisdiction: str | None = None) -> tuple[tuple[str, Promise], ...]:
        """The grounds on which data may stay longer, each with its promise."""
        return tuple(
            (ground, one)
            for one in self._exceptions
            if same_place(s.as_list(one.parameters.get("jurisdictions")), jurisdiction)
            for ground in one.parameters["exceptions"]
        )

    def _ending(self, limit: Limit, held: Held) -> _Ending | None:
        """The last day of the limit, or nothing while its event has not happened or a new consent has stopped it."""
        start = held.when(limit.event) or self._fiscal_year_end(limit, held)
        if start is None or self._stopped(limit, held, start):
            return None
        counted = add(limit.period, limit.basis, start, self.zone, self.jurisdictions)
        day = counted.due.astimezone(self.zone).date() if isinstance(counted.due, datetime) else counted.due
        return _Ending(limit, day, (f"Counted from {s.plain([limit.event])}.", *counted.steps))

    def _fiscal_year_end(self, limit: Limit, held: Held) -> date | None:
        """Unless a fiscal year is given it is the calendar's."""
        recorded = held.when("recorded")
        return date(recorded.year, 12, 31) if limit.event == "fiscal-year-end" and recorded else None

    def _stopped(self, limit: Limit, held: Held, start: datetime | date) -> bool:
        renewed = held.when(limit.restarts) if limit.restarts else None
        return renewed is not None and self._day(renewed) >= self._day(start)

    def _day(self, moment: datetime | date) -> date:
        return moment.astimezone(self.zone).date() if isinstance(moment, datetime) else moment

    def _floor(self, least: list[Limit], held: Held) -> _Ending | None:
        ends = [end for one in least if (end := self._ending(one, held)) is not None]
        return max(ends, key=lambda one: one.day) if ends else None

    def _without_end(self, held: Held, most: list[Limit], finite: list[Limit], floor: _Ending | None) -> Disposal:
        state: State
        if finite:
            state = "waiting"
            reasons = [
                because("not-running", f"Counted from {s.plain([one.event])}, which has not happened.", one.promise)
                for one in finite
            ]
        elif most:
            state = "unlimited"
            reasons = [because("unlimited", "It stays without end, reduced to the least.", one.promise) for one in most]
        else:
            state = "unsettled"
            text = f"No period is settled for {s.plain([held.category])}; silence is no permission: settle one."
            reasons = [because("no-period", text)]
        keep = floor.day if floor else None
        return Disposal(state, None, None, self._outcomes(None), tuple(reasons), (), keep)

    def _hold(self, hold: Hold, limit: Limit, due: date) -> tuple[date | None, Reason]:
        """Until when the hold keeps the record, with its reason; without a date it is for a person to look at."""
        if hold.open_request:
            if limit.is_closed:
                text = "An open request does not move this limit: answer before it ends, or say what is left."
                return None, because("request-does-not-hold", text, limit.promise)
            return hold.until or due + timedelta(days=1), because(
                "open-request", "An open request holds what it reaches.", limit.promise
            )
        if hold.until and limit.promise.decided.get("unless") == hold.ground:
            text = f"It stays for an {s.plain([hold.ground])} until {hold.until}."
            return hold.until, because("held", text, limit.promise)
        admitting = [one for one in self._admitting(limit) if hold.ground in one.parameters["exceptions"]]
        if hold.ground == limit.promise.decided.get("unless"):  # a limit may name the one ground that suspends it
            admitting.insert(0, limit.promise)
        if limit.grounds:
            admitting = [*admitting, limit.promise] if hold.ground in limit.grounds else []
        if not admitting:
            text = (
                f"{s.opening(s.plain([hold.ground]))} is none of the grounds that may lengthen this; a person decides."
            )
            return None, because("ground-not-admitted", text, limit.promise)
        until = self._until(hold, admitting[0])
        if until is None:
            text = "The ground has no end date; give one, and the date for looking again."
            return None, because("no-end-date", text, admitting[0])
        return until, because("held", f"It stays for {s.plain([hold.ground])} until {until}.", admitting[0])

    def _admitting(self, limit: Limit) -> list[Promise]:
        """A limit with a closed list admits that list alone; the other lists say themselves whom they do not reach."""
        if limit.closed:
            return [one for one in self._exceptions if one.id in limit.closed]
        if limit.grounds:
            return [one for one in self._exceptions if one.parameters.get("closed_list")]
        return [one for one in self._exceptions if not one.parameters.get("closed_list")]

    def _until(self, hold: Hold, admitting: Promise) -> date | None:
        each = admitting.decided.get("hold_for")
        if each is None or hold.since is None:
            return hold.until if each is None else None
        ends = add(str(each), "calendar-day", hold.since, self.zone).due
        last = self._day(ends)
        if admitting.decided.get("renewable"):
            for day, why in hold.renewals:
                if why.strip() and day <= last:
                    last = self._day(add(str(each), "calendar-day", day, self.zone).due)
        return min(last, hold.until) if hold.until else last

    def _outcomes(self, limit: Limit | None) -> tuple[str, ...]:
        stated = s.as_list(limit.promise.parameters.get("outcomes")) if limit else []
        general = [one for method in self._methods for one in method.parameters["outcomes"]]
        return tuple(stated or general or ["deleted"])

    def backups_gone_by(self, gone_on: date) -> date | None:
        """When no backup holds any more what went on that day; None where no period is settled."""
        periods = [str(one.decided["backup_rotation"]) for one in self._methods if "backup_rotation" in one.decided]
        periods += [
            str(one.decided["periods"]["backups"]["for"])
            for one in self._exceptions
            if "backups" in one.decided.get("periods", {})
        ]
        return max(Period.parse(one).after(gone_on) for one in periods) if periods else None

    def _reason(self, end: _Ending) -> Reason:
        limit = end.limit
        text = f"{s.opening(s.spoken(limit.period))} from {s.plain([limit.event])}: gone by {end.day}."
        return because("limit", text, limit.promise)


def _renamed(held: Held, category: str) -> Held:
    return Held(category, held.events, held.jurisdiction, held.person, held.use, held.holds)
