"""By when requests are answered: the promised date, the law's date, and the earlier one that binds."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from consent.deadlines import Facts, add, compute, earliest
from consent.deadlines.zones import local_date
from consent.policies.answers.asking import Timetable
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


class Timetables:
    """The clocks of promises and laws for requests."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise], where: ZoneInfo) -> None:
        self.zone = where
        self.jurisdictions = organization.jurisdictions
        self._law = tuple(one for one in promises if isinstance(one, LawRule))
        self._deadlines = tuple(one for one in promises if one.kind == "deadline" and not isinstance(one, LawRule))

    def laws(self, request_type: str, jurisdiction: str | None) -> list[LawRule]:
        """The rules of law on this request for a person there; for one of unknown place, all that reach the company."""
        wanted = {request_type, _LAWFUL.get(request_type, request_type)}
        return [
            one
            for one in self._law
            if one.kind == "request-right"
            and wanted & set(types_of(one.parameters))
            and (jurisdiction is None or same_place(one.jurisdictions, jurisdiction))
        ]

    def of(
        self, request_type: str, received_at: datetime, jurisdiction: str | None, promises: Sequence[Promise], *,
        staff_needed: bool, verified_at: datetime | None, extension: bool,
    ) -> Timetable:  # fmt: skip
        """The timetable of one request."""
        dates: list[tuple[str, date | datetime]] = []
        reasons: list[Reason] = []
        steps: list[str] = []
        longest: date | None = None
        notice: date | None = None
        for one in promises:
            found = self._promised(one, received_at, staff_needed)
            if found is not None:
                dates.append((one.id, found[0]))
                steps += found[1]
                reasons.append(because("promised", f"Promised by {found[0]}.", one))
        for rule in self.laws(request_type, jurisdiction):
            if rule.clock is None:
                continue
            facts = Facts(received_at=received_at, verified_at=verified_at)
            first = compute(rule.clock, facts, self.zone)
            if first.due is None:
                continue
            dates.append((rule.id, first.due))
            steps += first.steps
            reasons.append(because("law", f"{rule.title}: {self._day(first.due)}.", rule))
            if extension and rule.clock.extended is not None:
                longer = compute(rule.clock, Facts(received_at=received_at, verified_at=verified_at, extension=True),
                                 self.zone)  # fmt: skip
                longest = self._day(longer.due) if longer.due else None
                notice = self._day(longer.extension_notice_due) if longer.extension_notice_due else None
        acknowledge = self._acknowledge(promises, received_at, jurisdiction)
        suspended = self._suspended(promises, received_at)
        if not dates:
            return Timetable(None, None, acknowledge, suspended)
        binding = earliest(dates, self.zone)
        reasons.sort(key=lambda one: binding.name not in (one.commitment, one.law))
        return Timetable(
            self._day(binding.due), binding.name, acknowledge, suspended, longest, notice, tuple(reasons),
            (*steps, *binding.steps),
        )  # fmt: skip

    def minor(self, known_at: datetime) -> Timetable:
        """The timetable of a removal that begins when it is known that a person is too young."""
        for one in self._deadlines:
            if "remove-data" not in s.as_list(one.parameters.get("actions")):
                continue
            stated = one.parameters["period"]
            period = str(one.decided["period"] if stated == "unset" else stated)
            counted = add(period, _basis(one, "period_basis"), known_at, self.zone, self.jurisdictions)
            text = f"{s.opening(s.plain(one.parameters['actions']))}: by {self._day(counted.due)}."
            return Timetable(
                self._day(counted.due), one.id, None, self._suspended([one], known_at),
                reasons=(because("minor", text, one),), steps=counted.steps,
            )  # fmt: skip
        return Timetable(None, None)

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

    def _acknowledge(self, promises: Sequence[Promise], received_at: datetime, jurisdiction: str | None) -> date | None:
        dates = [
            self._day(
                add(str(one.decided["acknowledge_within"]), _basis(one, "acknowledge_within_basis"), received_at,
                    self.zone, self.jurisdictions).due
            )
            for one in promises if "acknowledge_within" in one.decided
        ]  # fmt: skip
        for rule in self._law:
            told = rule.kind == "deadline" and rule.parameters.get("act") == "request-acknowledgement"
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
