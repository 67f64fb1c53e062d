"""Every date of a request with its arithmetic: what binds, what would move it, and what may not."""

from dataclasses import dataclass
from datetime import date, datetime

from consent.deadlines import zones
from consent.deadlines.conventions import said
from consent.deadlines.zones import local_date
from consent.policies.answers.asking import Asker, Pauses, Timetable
from consent.policies.rulebook import Rulebook
from consent.privacy_requests import service
from consent.privacy_requests.casework.cases import Case


@dataclass(frozen=True, slots=True)
class Dated:
    """One date: what it is, why, and the commitment or law it rests on (empty: the work itself)."""

    day: date
    what: str
    sentence: str
    source: str = ""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """The dates of a request as they stand now; `answer_by` is the one that binds.

    `may_extend_to` is the day an extension would lead to, told by `notice_by`; None where no law gives one, or where it
    was used. `may_pause` names the laws whose clock may stand still; `binding` whose date binds.
    """

    received_on: date
    acknowledge_by: date | None
    due: date | None
    extended_due: date | None
    answer_by: date | None
    binding: str
    pauses: Pauses
    paused_since: date | None
    may_extend_to: date | None
    notice_by: date | None
    may_pause: tuple[str, ...]
    fallback_on: date | None
    steps: tuple[Dated, ...]

    @property
    def extended(self) -> bool:
        """Has the one extension been used?"""
        return self.extended_due is not None


def clock(rulebook: Rulebook, case: Case, now: datetime) -> Clock:
    """The dates under the rules in force when the request arrived, which `rulebook` holds."""
    where = zones.zone(rulebook.organization.zone)
    today = local_date(now, where)
    pauses = _pauses(case, today)
    times = reckoned(rulebook, case, pauses=pauses, extension=True)
    due = times.due or case.due_on
    extended = times.extended_due if case.extended_due_on is not None else None
    may_extend = case.under_way and case.extended_due_on is None and times.extension_notice_due is not None
    pausing = tuple(one.id for one in rulebook.requests.pausing(case.request_type, asker(rulebook, case)))
    return Clock(
        received_on=local_date(case.received_at, where),
        acknowledge_by=case.acknowledge_by,
        due=due,
        extended_due=extended,
        answer_by=extended or due,
        binding=times.binding or case.binding,
        pauses=case.pauses,
        paused_since=case.paused_since,
        may_extend_to=times.extended_due
        if may_extend and times.extension_notice_due is not None and today <= times.extension_notice_due
        else None,
        notice_by=times.extension_notice_due if may_extend else None,
        may_pause=pausing,
        fallback_on=case.fallback_on,
        steps=_steps(rulebook, case, times, extended),
    )


def asker(rulebook: Rulebook, case: Case) -> Asker:
    """Who asks, as far as it is known."""
    return service.asker_of(rulebook, case.place, case.role)


def reckoned(
    rulebook: Rulebook, case: Case, *, verified_at: datetime | None = None, pauses: Pauses | None = None,
    extension: bool = False, received_at: datetime | None = None,
) -> Timetable:  # fmt: skip
    """The timetable of the request as the rulebook counts it."""
    asked = service.Asked(
        case.request_type, case.how, received_at or case.counts_from, place=case.place, role=case.role,
        verified_at=verified_at or case.verified_at,
    )  # fmt: skip
    return service.timetable(rulebook, asked, pauses=case.pauses if pauses is None else pauses, extension=extension)


def answer_by(rulebook: Rulebook, case: Case, *, verified_at: datetime | None, pauses: Pauses) -> dict[str, object]:
    """The columns that hold when it is due and what binds, after a check or a pause."""
    times = reckoned(rulebook, case, verified_at=verified_at, pauses=pauses, extension=case.extended_due_on is not None)
    due = times.due or case.due_on
    values: dict[str, object] = {"due_on": due, "answer_by": due, "binding": times.binding or case.binding}
    if case.extended_due_on is not None and times.extended_due is not None:
        values |= {"extended_due_on": times.extended_due, "answer_by": times.extended_due}
    return values


def _pauses(case: Case, today: date) -> Pauses:
    """Those that ended, and the one that runs as if it ended today."""
    running = ((case.paused_since, max(case.paused_since, today)),) if case.paused_since is not None else ()
    return (*case.pauses, *running)


def _steps(rulebook: Rulebook, case: Case, times: Timetable, extended: date | None) -> tuple[Dated, ...]:
    day = local_date(case.received_at, zones.zone(rulebook.organization.zone))
    found = [Dated(day, "received", f"It arrived on {said(day)}; the clock starts at the door.")]
    if case.reopened_at is not None:
        again = local_date(case.reopened_at, zones.zone(rulebook.organization.zone))
        text = f"It was opened again on {said(again)}; its dates count from there, by the rules of that day."
        found.append(Dated(again, "reopened", text))
    if case.acknowledge_by is not None:
        found.append(Dated(case.acknowledge_by, "acknowledge", "Its receipt is confirmed by this day."))
    texts = {one.commitment or one.law or "": one.text for one in times.reasons}
    for one in times.each:
        if one.what == "extended" and extended is None:
            continue
        why = texts.get(one.name, "") if one.what == "answer" else f"The extension leads to {said(one.day)}."
        found.append(Dated(one.day, one.what, why, one.name, one.steps))
    if times.suspend_by is not None:
        text = "The account and every use of the data are suspended by this day; what is decided comes after."
        found.append(Dated(times.suspend_by, "suspend", text, times.binding or ""))
    if times.extension_notice_due is not None and extended is None:
        text = "An extension is told with its reason by this day, or not at all; it leads no further than its law."
        found.append(Dated(times.extension_notice_due, "extension-notice", text))
    for begins, ends in case.pauses:
        found.append(Dated(begins, "pause", f"The clock of the law stood still until {said(ends)}, that day included."))
    if case.paused_since is not None:
        found.append(Dated(case.paused_since, "pause", "The clock of the law stands still from this day on."))
    if case.fallback_on is not None:
        text = f"Where the {str(case.routed_to).replace('-', ' ')} has done nothing by this day, the company steps in."
        found.append(Dated(case.fallback_on, "fallback", text))
    return tuple(found)
