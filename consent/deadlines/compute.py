"""What a clock says about what happened."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from consent.deadlines import zones
from consent.deadlines.clocks import RECEIPT, Clock, DateKind, Due, Fact, Facts
from consent.deadlines.conventions import Convention, Counted, count, said
from consent.deadlines.periods import Period
from consent.errors import BadInput

MOST_PAUSED = 3660  # days


def compute(clock: Clock, facts: Facts, zone: ZoneInfo) -> Due:
    """The date of `clock` for these facts; an extension or a pause that the law does not give is refused."""
    zones.aware(facts.received_at)
    _refuse_what_the_law_does_not_give(clock, facts)
    if clock.kind is DateKind.NO_DEADLINE:
        return Due(None, clock.kind, steps=("The rule sets no period: there is no date to compute.",))
    if clock.annual:
        return _annual(clock.annual, clock.kind, facts, zone)
    period = facts.period or clock.period
    if period is None or clock.convention is None:
        raise BadInput("this rule needs the period of the company's policy, such as P9M", field="period")
    start, opening = _start(clock, facts, zone)
    first = _count(clock, period, start, facts, zone)
    if not facts.extension or clock.extended is None:
        _refuse_late_pauses(facts, first.due)
        return _or_earlier(clock, facts, zone, Due(first.due, clock.kind, steps=(*opening, *first.steps)))
    within = clock.notice_within or period
    notice = first if within == period else _count(clock, within, start, facts, zone)
    longer = _count(clock, clock.extended, start, facts, zone)
    _refuse_late_pauses(facts, longer.due)
    steps = (
        *opening,
        *first.steps,
        f"Extension: the notice with its reason is due by {shown(notice.due)}, within {within.text} from the start.",
        f"The whole length is {clock.extended.text} from the start, not from the end of the first period.",
        *(step for step in longer.steps if step not in first.steps),
    )
    return Due(longer.due, clock.kind, notice.due, steps)


def _refuse_what_the_law_does_not_give(clock: Clock, facts: Facts) -> None:
    if facts.extension and clock.extended is None:
        raise BadInput("this rule gives no extension; ask without it", field="extension")
    if facts.pauses and not clock.pauses:
        raise BadInput("this rule knows no pause: its clock runs on; leave the pauses out", field="pauses")
    for begins, ends in facts.pauses:
        if ends < begins:
            raise BadInput(f"the pause that begins on {begins} ends before it starts", field="pauses")
        if (ends - begins).days > MOST_PAUSED:
            raise BadInput("a pause of more than ten years is surely a slip; look at its dates", field="pauses")


def _start(clock: Clock, facts: Facts, zone: ZoneInfo) -> tuple[datetime | date, tuple[str, ...]]:
    """From when the clock runs, and why."""
    if clock.starts_at_latest_of:
        given = [(fact, value) for fact in clock.starts_at_latest_of if (value := facts.of(fact)) is not None]
        fact, start = max(given, key=lambda one: instant(one[1], zone))
        names = ", ".join(one.value for one in clock.starts_at_latest_of)
        return start, (f"The clock starts at the latest of {names}: {fact.value}, {start.isoformat()}.",)
    start = facts.received_at
    steps: tuple[str, ...] = ()
    chosen = clock.from_fact
    if chosen is None and clock.starts != RECEIPT and facts.relevant_time is not None:
        chosen = Fact.RELEVANT_TIME  # the time of the trigger, where it is known apart from its arrival
    if chosen and facts.of(chosen) is not None:
        start = facts.of(chosen) or start
        steps = (f"The clock starts at {chosen.value}, {start.isoformat()} ({clock.starts}).",)
    elif chosen:
        steps = (f"{chosen.value} is not given: received_at is taken as the time of it ({clock.starts}).",)
    if clock.mail_wait and facts.by_mail:
        posted = zones.local_date(start, zone)
        start = clock.mail_wait.after(posted)
        steps += (f"Sent by post on {said(posted)}: the clock starts {clock.mail_wait.words()} later.",)
    return start, steps


def _count(clock: Clock, period: Period, start: datetime | date, facts: Facts, zone: ZoneInfo) -> Counted:
    convention = Convention(clock.convention or "")
    # Only a duty may end later; a permission that rolled would be longer than the law's, a wait needs no working day.
    rolls = clock.kind is DateKind.DUE_BY and not clock.first_day_counts
    without = _paused(facts)
    counted = count(convention, period, start, zone, region=facts.region, rolls=rolls, without=without)
    if clock.first_day_counts and not isinstance(counted.due, datetime):
        day = counted.due - timedelta(days=1)
        step = f"The law counts the day of receipt as day 1: {said(day)} is the safe last day."
        counted = Counted(day, (*counted.steps, step))
    if clock.full_days and not isinstance(counted.due, datetime):
        day = counted.due + timedelta(days=1)
        step = f"These must be full days: the first day after them is {said(day)}, from 00:00."
        counted = Counted(day, (*counted.steps, step))
    return counted


def _paused(facts: Facts) -> frozenset[date]:
    """Every day of every pause, both ends included, each once."""
    days: set[date] = set()
    for begins, ends in facts.pauses:
        days |= {begins + timedelta(days=at) for at in range((ends - begins).days + 1)}
    return frozenset(days)


def _refuse_late_pauses(facts: Facts, due: date | datetime) -> None:
    for begins, _ in facts.pauses:
        if begins > (due.date() if isinstance(due, datetime) else due):
            raise BadInput(f"the pause from {begins} begins after the period has ended on {due}", field="pauses")


def _or_earlier(clock: Clock, facts: Facts, zone: ZoneInfo, first: Due) -> Due:
    other = clock.or_earlier
    happened = facts.of(other.fact) if other else None
    if other is None or happened is None:
        return first
    counted = _count(replace(clock, starts_at_latest_of=(), from_fact=None), other.period, happened, facts, zone)
    if first.due is None or instant(counted.due, zone) < instant(first.due, zone):
        step = f"{other.fact.value} plus {other.period.text} gives {shown(counted.due)}, which is earlier and binds."
        return replace(first, due=counted.due, steps=(*first.steps, *counted.steps, step))
    step = f"{other.fact.value} plus {other.period.text} would give {shown(counted.due)}: the earlier date stays."
    return replace(first, steps=(*first.steps, step))


def _annual(month_and_day: tuple[int, int], kind: DateKind, facts: Facts, zone: ZoneInfo) -> Due:
    day = zones.local_date(facts.received_at, zone)
    month, number = month_and_day
    due = date(day.year, month, number)
    if due < day:
        due = date(day.year + 1, month, number)
    return Due(
        due,
        kind,
        steps=(
            f"{facts.received_at.isoformat()} is {said(day)} in {zone.key} (time zone data {zones.VERSION}).",
            f"The date comes every year on {month:02}-{number:02}: next is {said(due)}. It does not roll.",
        ),
    )


def instant(moment: datetime | date, zone: ZoneInfo) -> datetime:
    """A moment to compare by; a date lasts until its end in the zone, so an hour within it comes first."""
    if isinstance(moment, datetime):
        return zones.aware(moment)
    return zones.aware(datetime.combine(moment, time.max, zone))


def shown(moment: datetime | date) -> str:
    """An instant with its offset, a date with its weekday."""
    return moment.isoformat() if isinstance(moment, datetime) else said(moment)
