"""Who must be told of a breach and by when, what may delay it, and what is to be done besides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from consent.deadlines import DateKind, Facts, add, compute, zone
from consent.deadlines.zones import local_date
from consent.policies.answers.reasons import because, of_kind
from consent.policies.jurisdictions import same_place
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.kinds.incidents import period_of
from consent.policies.law import LawRule
from consent.policies.organization import OrganizationPack
from consent.policies.questions import Reason

# What a duty may count from, in the words of packs and laws, and the fact of the incident it means.
_STARTS = {
    "occurrence": "occurred_at",
    "detection": "detected_at",
    "discovery": "detected_at",
    "breach": "detected_at",
    "reasonable-belief": "believed_at",
    "acquisition": "believed_at",
    "confirmation": "confirmed_at",
    "determination": "confirmed_at",
    "awareness": "detected_at",
    "people-notified": "people_notified_at",
    "notice-to-law-enforcement": "authorities_told_at",
}


@dataclass(frozen=True)
class Delay:
    """A ground to wait, the body that asked for it, and when it is looked at again. Without all three it is none."""

    ground: str
    body: str
    review_on: date | None


@dataclass(frozen=True)
class Course:
    """When what became known; `law_requires` is the assessment with reasons on file, or nothing while it is open.

    `places` are ISO 3166-2 codes of where the people affected live.
    """

    detected_at: datetime
    occurred_at: datetime | None = None
    believed_at: datetime | None = None
    confirmed_at: datetime | None = None
    people_notified_at: datetime | None = None
    authorities_told_at: datetime | None = None
    law_requires: bool | None = None
    places: tuple[str, ...] = ()

    def start(self, word: str) -> datetime | None:
        """The instant this word means here. What is believed or confirmed counts from the detection, if not said."""
        at: datetime | None = getattr(self, _STARTS.get(word, "detected_at"))
        if at is None and _STARTS.get(word) in ("believed_at", "confirmed_at"):
            return self.detected_at
        return at


@dataclass(frozen=True)
class Incident(Course):
    """An incident as the rules are asked about it."""

    delay: Delay | None = None


State = Literal["due", "not-before", "assess-first", "not-required", "delayed", "not-running", "as-soon-as-possible"]


@dataclass(frozen=True)
class BreachNotice:
    """One duty to tell: due by a day, or why it is not running. Where its clock counts hours, `due_at` says when."""

    promise: Promise
    state: State
    due: date | None
    audience: tuple[str, ...]
    channels: tuple[str, ...]
    reasons: tuple[Reason, ...]
    steps: tuple[str, ...] = ()
    review_on: date | None = None
    due_at: datetime | None = None


class _By(NamedTuple):
    """The day by which, and the instant where hours are counted."""

    day: date | None = None
    at: datetime | None = None

    def words(self) -> str:
        """As a sentence says it, by the clock of the organization."""
        return f"{self.at:%Y-%m-%d %H:%M} ({self.at.tzinfo})" if self.at is not None else str(self.day)


class Incidents:
    """The promises and laws about breaches, ready to be asked."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise]) -> None:
        self.zone: ZoneInfo = zone(organization.zone)
        self.jurisdictions = organization.jurisdictions
        self._notices = of_kind(promises, "breach-notice")
        self._deadlines = of_kind(promises, "deadline")

    def notices(self, incident: Incident) -> tuple[BreachNotice, ...]:
        """Every duty to tell, promised or of law; where nothing was promised and no law counts, there is none."""
        return tuple(
            self._lawful(one, incident) if isinstance(one, LawRule) else self._promised(one, incident)
            for one in self._notices
            if _tells(one) and self._here(one, incident)
        )

    def tasks(self) -> tuple[tuple[str, Promise], ...]:
        """What is to be done in every incident besides telling people."""
        return tuple((duty, one) for one in self._notices for duty in s.as_list(one.parameters.get("duties")))

    def _here(self, one: Promise, incident: Incident) -> bool:
        if not isinstance(one, LawRule) or not incident.places:
            return True
        return any(same_place(one.jurisdictions, place) for place in incident.places)

    def _promised(self, one: Promise, incident: Incident) -> BreachNotice:
        clause = next((each for each in self._deadlines if each.parameters.get("applies_to") == one.id), None)
        audience = tuple(s.as_list(one.decided.get("audience")) or s.as_list(one.parameters.get("audience")))
        channels = tuple(s.as_list(one.parameters.get("channel")))
        if one.parameters.get("condition") == "law-requires" and incident.law_requires is not True:
            if incident.law_requires is None:
                text = "Say first, with reasons, whether a law requires the notice."
                return BreachNotice(one, "assess-first", None, audience, channels, (because("assess", text, one),))
            text = "No law requires it here, and the promise reaches no further; the reasons stay on file."
            return BreachNotice(one, "not-required", None, audience, channels, (because("not-required", text, one),))
        by, steps, reasons = self._date(one, clause, incident)
        due, due_at = by
        if incident.delay is not None and clause is not None:
            allowed = s.as_list(clause.parameters.get("exceptions"))
            sound = incident.delay.ground in allowed and incident.delay.body and incident.delay.review_on
            if sound:
                text = f"Held back for {s.plain([incident.delay.ground])}, asked for by {incident.delay.body}."
                reasons = (because("delayed", text, clause), *reasons)
                review = incident.delay.review_on
                return BreachNotice(one, "delayed", due, audience, channels, reasons, steps, review)
            text = f"Only {s.plain(allowed)} may delay it, with the body that asks and a day for looking again."
            reasons = (because("no-ground-to-delay", text, clause), *reasons)
        elif incident.delay is not None:
            reasons = (because("no-ground-to-delay", "Nothing in the promise allows a delay.", one), *reasons)
        state: State = "due" if due else "as-soon-as-possible"
        return BreachNotice(one, state, due, audience, channels, reasons, steps, due_at=due_at)

    def _date(
        self, one: Promise, clause: Promise | None, incident: Incident
    ) -> tuple[_By, tuple[str, ...], tuple[Reason, ...]]:
        """By when, by the promise itself or by the clause that sets its time."""
        naming = clause or one
        limit = period_of(naming.parameters, naming.decided)
        if limit is None:
            return _By(), (), (because("no-period", "No period is promised; as soon as it can be done.", naming),)
        word = str(naming.decided.get("starts") or next(iter(s.as_list(one.parameters.get("trigger"))), "detection"))
        start = incident.start(word)
        if start is None:
            return _By(), (), (because("not-running", f"Counted from {s.plain([word])}, which is not known.", naming),)
        places = self.jurisdictions if naming.decided.get("holidays") else self.jurisdictions[:1]
        counted = add(limit[0], limit[1], start, self.zone, places)
        by = self._by(counted.due)
        text = f"{s.opening(s.spoken(limit[0]))} from {s.plain([word])}: by {by.words()}."
        return by, (f"The clock starts at {s.plain([word])}.", *counted.steps), (because("due", text, naming),)

    def _lawful(self, rule: LawRule, incident: Incident) -> BreachNotice:
        audience = tuple(s.as_list(rule.parameters.get("audience")))
        channels = tuple(s.as_list(rule.parameters.get("channel")))
        if rule.clock is None or rule.clock.period is None:
            text = f"{rule.title}: no count of days; without unreasonable delay."
            return BreachNotice(rule, "as-soon-as-possible", None, audience, channels, (because("law", text, rule),))
        start = incident.start(rule.clock.starts)
        if start is None and rule.clock.kind is DateKind.NOT_BEFORE:
            text = f"{rule.title}: not before {s.plain([rule.clock.starts])}, and then some days more."
            return BreachNotice(rule, "not-before", None, audience, channels, (because("law", text, rule),))
        if start is None:
            text = f"{rule.title}: counted from {s.plain([rule.clock.starts])}, which has not happened."
            return BreachNotice(rule, "not-running", None, audience, channels, (because("law", text, rule),))
        found = compute(rule.clock, Facts(received_at=start), self.zone)
        by = self._by(found.due) if found.due else _By()
        state: State = "not-before" if rule.clock.kind is DateKind.NOT_BEFORE else "due"
        text = f"{rule.title}: {'not before ' if state == 'not-before' else 'by '}{by.words()}."
        reasons = (because("law", text, rule),)
        return BreachNotice(rule, state, by.day, audience, channels, reasons, found.steps, due_at=by.at)

    def _by(self, due: date | datetime) -> _By:
        at = due.astimezone(self.zone) if isinstance(due, datetime) else None
        return _By(local_date(due, self.zone), at)


def _tells(one: Promise) -> bool:
    """Is it a duty to tell somebody, and not only one to investigate?"""
    return isinstance(one, LawRule) or "channel" in one.parameters or "period" in one.parameters
