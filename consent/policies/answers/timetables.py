"""By when requests are answered: the promised date, the law's date, and the earlier one that binds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from consent.deadlines import Facts, add, compute, earliest
from consent.deadlines.zones import local_date
from consent.policies.answers.asking import Dated, Pauses, Timetable
from consent.policies.answers.groups import Groups
from consent.policies.answers.reasons import because
from consent.policies.jurisdictions import same_place
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.kinds.requests import types_of
from consent.policies.law import LawRule
from consent.policies.organization import OrganizationPack
from consent.policies.questions import Reason

# What the law calls access goes by other names in policies.
_LAWFUL = {"specific-pieces": "access", "view": "access", "access-account": "access"}

# What laws call the answer to an appeal, and the confirmation that something arrived.
_ANSWERS = {"appeal": "appeal-answer"}
_CONFIRMED, _CONFIRMS = "request-acknowledgement", {"complaint": "complaint-acknowledgement"}


class Timetables:
    """The clocks of promises and laws for requests."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise], where: ZoneInfo) -> None:
        self.zone = where
        self.jurisdictions = organization.jurisdictions
        self._groups = Groups(organization, promises)
        self._law = tuple(one for one in promises if isinstance(one, LawRule))
        mine = [one for one in promises if not isinstance(one, LawRule)]
        self._deadlines = tuple(one for one in mine if one.kind == "deadline")
        self._ages = tuple(one for one in mine if one.kind == "age-limit" and "delete_within" in one.decided)

    def laws(self, request_type: str, jurisdiction: str | None) -> list[LawRule]:
        """The rules of law on this request for a person there; for one of unknown place, all that reach the company."""
        wanted = {request_type, _LAWFUL.get(request_type, request_type)}
        answers = _ANSWERS.get(request_type, "")
        return [
            one
            for one in self._law
            if self._governs(one)
            and (
                (one.kind == "request-right" and wanted & set(types_of(one.parameters)))
                or (answers and one.kind == "deadline" and one.parameters.get("act") == answers)
            )
            and (jurisdiction is None or same_place(one.jurisdictions, jurisdiction))
        ]

    def _governs(self, rule: LawRule) -> bool:
        """A law about one class of data is none for a company that holds nothing of it."""
        named = s.as_list(rule.parameters.get("data"))
        return not named or any(self._groups.reaches(named, one) for one in self._groups.services)

    def of(
        self, request_type: str, received_at: datetime, jurisdiction: str | None, promises: Sequence[Promise], *,
        staff_needed: bool, verified_at: datetime | None, extension: bool, pauses: Pauses = (),
    ) -> Timetable:  # fmt: skip
        """The timetable of one request. What the law lets wait moves the law's dates and no promise."""
        each: list[Dated] = []
        longer: list[Dated] = []
        notices: list[date] = []
        reasons: list[Reason] = []
        for one in promises:
            found = self._promised(one, received_at, staff_needed)
            if found is None:
                continue
            each.append(Dated(one.id, "answer", *found))
            reasons.append(because("promised", f"Promised by {found[0]}.", one))
            if one.decided.get("extended") != "as-law":  # it stands as it was said: no law makes a promise longer
                longer.append(each[-1])
        for rule in self.laws(request_type, jurisdiction):
            if rule.clock is None:
                continue
            held = pauses if rule.clock.pauses else ()
            facts = Facts(received_at=received_at, verified_at=verified_at, pauses=held)
            first = compute(rule.clock, facts, self.zone)
            if first.due is None:
                continue
            each.append(Dated(rule.id, "answer", self._day(first.due), first.steps))
            reasons.append(because("law", f"{rule.title}: {self._day(first.due)}.", rule))
            long = compute(rule.clock, replace(facts, extension=True), self.zone) if rule.clock.extended else first
            what = "extended" if rule.clock.extended else "answer"
            longer.append(Dated(rule.id, what, self._day(long.due or first.due), long.steps))
            notices += [self._day(long.extension_notice_due)] if long.extension_notice_due else []
        acknowledge = self._acknowledge(request_type, promises, received_at, jurisdiction)
        suspended = self._suspended(promises, received_at)
        if not each:
            return Timetable(None, None, acknowledge, suspended)
        binding = earliest([(one.name, one.day) for one in each], self.zone)
        due = self._day(binding.due)
        reasons.sort(key=lambda one: binding.name not in (one.commitment, one.law))
        until = min(longer, key=lambda one: one.day) if extension and notices else None
        more = until is not None and until.what == "extended" and until.day > due  # no law stretches another's date
        return Timetable(
            due, binding.name, acknowledge, suspended, until.day if until is not None and more else None,
            min(*notices, due) if more else None, tuple(reasons),
            (*(step for one in each for step in one.steps), *binding.steps),
            (*each, *((until,) if until is not None and more else ())),
        )  # fmt: skip

    def pausing(self, request_type: str, jurisdiction: str | None) -> tuple[LawRule, ...]:
        """The rules of law whose clock may stand still for this request; every other goes on."""
        return tuple(one for one in self.laws(request_type, jurisdiction) if one.clock is not None and one.clock.pauses)

    def minor(self, known_at: datetime) -> Timetable:
        """The timetable of a removal that begins when it is known that a person is too young."""
        for one in self._deadlines:
            if "remove-data" not in s.as_list(one.parameters.get("actions")):
                continue
            stated = one.parameters["period"]
            period = str(one.decided["period"] if stated == "unset" else stated)
            return self._removed(one, s.plain(one.parameters["actions"]), period, "period_basis", known_at)
        for one in self._ages:  # a limit of age that says when the data goes, where no deadline of its own does
            return self._removed(one, "remove data", str(one.decided["delete_within"]), "delete_within_basis", known_at)
        return Timetable(None, None)

    def _removed(self, one: Promise, what: str, period: str, basis: str, known_at: datetime) -> Timetable:
        counted = add(period, _basis(one, basis), known_at, self.zone, self.jurisdictions)
        day = self._day(counted.due)
        return Timetable(
            day, one.id, None, self._suspended([one], known_at),
            reasons=(because("minor", f"{s.opening(what)}: by {day}.", one),), steps=counted.steps,
            each=(Dated(one.id, "answer", day, counted.steps),),
        )  # fmt: skip

    def _promised(self, one: Promise, received_at: datetime, staff_needed: bool) -> tuple[date, tuple[str, ...]] | None:
        stated = one.parameters.get("deadline", "unset")
        period = one.decided.get("deadline") if stated == "unset" else stated
        if period == "at-once" and not staff_needed:
            return local_date(received_at, self.zone), ("The person does it alone, at once.",)
        if period == "at-once":
            period = one.decided.get("staff_deadline")
        if period is None:
            return None
        counted = add(str(period), _basis(one, "deadline_basis"), received_at, self.zone, self.jurisdictions)
        return self._day(counted.due), counted.steps

    def _acknowledge(
        self, request_type: str, promises: Sequence[Promise], received_at: datetime, jurisdiction: str | None
    ) -> date | None:
        dates = [
            self._day(
                add(str(one.decided["acknowledge_within"]), _basis(one, "acknowledge_within_basis"), received_at,
                    self.zone, self.jurisdictions).due
            )
            for one in promises if "acknowledge_within" in one.decided
        ]  # fmt: skip
        for rule in self._law:
            told = rule.kind == "deadline" and rule.parameters.get("act") == _CONFIRMS.get(request_type, _CONFIRMED)
            named = types_of(rule.parameters)
            told = told and (not named or request_type in named or _LAWFUL.get(request_type) in named)
            here = jurisdiction is not None and same_place(rule.jurisdictions, jurisdiction)
            due = compute(rule.clock, Facts(received_at), self.zone).due if told and here and rule.clock else None
            dates += [self._day(due)] if due else []
        return min(dates) if dates else None

    def _suspended(self, promises: Sequence[Promise], start: datetime) -> date | None:
        dates = [
            self._day(
                add(str(one.decided["suspend_within"]), _basis(one, "suspend_within_basis"), start, self.zone,
                    self.jurisdictions).due
            )
            for one in promises if "suspend_within" in one.decided
        ]  # fmt: skip
        return min(dates) if dates else None

    def _day(self, moment: date | datetime) -> date:
        return local_date(moment, self.zone)


def _basis(one: Promise, key: str) -> str:
    return str(one.parameters.get(key) or one.decided.get(key) or "calendar-day")
