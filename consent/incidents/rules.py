"""What an incident must hold, which duties it has, and what still stands against telling people or closing it. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from consent.deadlines import zone
from consent.deadlines.compute import instant
from consent.deadlines.zones import local_date
from consent.errors import BadInput, Filled
from consent.ledger.bodies import CLOCK_SKEW
from consent.policies import codes
from consent.policies.answers import incidents as asked
from consent.policies.jurisdictions import exists
from consent.policies.kinds import Promise, sentence
from consent.policies.law import LawRule
from consent.policies.questions import Reason
from consent.policies.rulebook import Rulebook
from consent.policies.said import ENGLISH
from consent.web.messages import N_

BREACH, DEMAND, CHILD = "breach", "demand", "childs-data"
LATE = "kept-late"  # a limit that was missed; its file opens by itself
KINDS = (BREACH, DEMAND, CHILD)
WAYS = ("mail", "post", "phone-call", "in-person")  # by which way a person was told
NOT_FOUND = "not-found"
FORMER_WAYS = ("post", "phone-call", "in-person", NOT_FOUND)  # of whoever has the address on the list no more
PEOPLE = ("affected-persons", "affected-individuals", "affected-customers", "subscribers", "residents", "customers")
_WORD = re.compile(r"[a-z][a-z-]{0,63}")  # such as criminal-investigation: it stands readable in an entry that stays
NEVER = datetime.max.replace(tzinfo=UTC)  # where nothing sets an end, behind all that has one
# A duty in one of these states asks for nothing now.
SETTLED = ("not-required", "not-running", "not-before")


@dataclass(frozen=True)
class Facts(asked.Course):
    """What is known of an incident, without any word about a person. Times are aware instants.

    The last four are about data that must be handed over (VAL-15).
    """

    delay_ground: str = ""
    delay_body: str = ""
    delay_review_on: date | None = None
    disclosed_at: datetime | None = None
    feasible_before: bool | None = None
    forbidden: bool = False
    ban_lifted_at: datetime | None = None

    @property
    def delay(self) -> asked.Delay | None:
        """A ground to wait, where one was entered."""
        if not self.delay_ground:
            return None
        return asked.Delay(self.delay_ground, self.delay_body, self.delay_review_on)

    @property
    def is_banned(self) -> bool:
        """Does the law forbid telling the people, until somebody enters that the ban ended?"""
        return self.forbidden and self.ban_lifted_at is None


INSTANTS = tuple(one.name for one in fields(Facts) if one.name.endswith("_at"))


@dataclass(frozen=True)
class Duty:
    """Something to do, by when, for whom and why; `done_at` once it was done, `by_telling` where that did it.

    `due` is the last day, by the organization's clock; where a law counts hours `due_at` is the very instant.

    One that `decides` has no time: what is done is for somebody to say, with their reasons.
    """

    key: str
    title: str
    state: str
    due: date | None
    audience: tuple[str, ...]
    channels: tuple[str, ...]
    reasons: tuple[Reason, ...]
    steps: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    done_at: datetime | None = None
    by_telling: bool = False
    decides: bool = False
    due_at: datetime | None = None
    code: str = ""  # of a task, for which the pack has words in each language

    def ends(self, where: ZoneInfo) -> datetime | None:
        """The last instant at which it is in time: that of its clock of hours, else the end of its day there."""
        last = self.due_at or self.due
        return None if last is None else instant(last, where)

    def is_over(self, now: datetime, where: ZoneInfo) -> bool:
        """Does it still wait, though its time is over?"""
        ends = self.ends(where)
        return self.waits and ends is not None and ends < now

    @property
    def waits(self) -> bool:
        """Is it still to be done?"""
        return self.done_at is None and self.state not in SETTLED

    @property
    def tells_people(self) -> bool:
        """Is it the people themselves who are told?"""
        return any(one in PEOPLE for one in self.audience)

    @property
    def follows_telling(self) -> bool:
        """Is it done by telling whoever is on the list, and not by somebody's word?"""
        return self.tells_people and self.state not in SETTLED


@dataclass(frozen=True)
class Telling:
    """How far the telling is: how many wait for it, and when the last was told once nobody does."""

    untold: int = 0
    ended_at: datetime | None = None


def written(facts: Facts) -> str:
    """The facts as they are stored; `delay_body` is free words, and is kept sealed beside the others."""
    held = {one.name: getattr(facts, one.name) for one in fields(facts) if one.name != "delay_body"}
    return json.dumps({name: value for name, value in held.items() if value not in (None, "", ())}, default=_plain)


def read(stored: str, delay_body: str) -> Facts:
    """What `written` was given."""
    held: dict[str, Any] = json.loads(stored) | {"delay_body": delay_body}
    for name in INSTANTS:
        if name in held:
            held[name] = datetime.fromisoformat(held[name])
    if "delay_review_on" in held:
        held["delay_review_on"] = date.fromisoformat(held["delay_review_on"])
    held["places"] = tuple(held.get("places", ()))
    return Facts(**held)


def check(facts: Facts, now: datetime) -> None:
    """Raises BadInput: a time still to come, one before what it follows, half a ground to wait, an unknown place."""
    for name in INSTANTS:
        at = getattr(facts, name)
        if at is not None and at > now + CLOCK_SKEW and name != "disclosed_at":
            raise BadInput(N_("This time has not come yet."), field=name)
    if facts.occurred_at is not None and facts.occurred_at > facts.detected_at:
        raise BadInput(N_("It cannot have been noticed before it happened."), field="occurred_at")
    for name in ("confirmed_at", "people_notified_at", "authorities_told_at"):
        at = getattr(facts, name)
        if at is not None and at < (facts.occurred_at or at):
            raise BadInput(N_("This was before it happened."), field=name)
    grounds = (facts.delay_ground, facts.delay_body, facts.delay_review_on)
    if facts.delay_ground and not _WORD.fullmatch(facts.delay_ground):
        raise BadInput(N_("A ground is a word of the promise, such as criminal-investigation."), field="delay_ground")
    if any(grounds) and not all(grounds):
        lacking = ("delay_ground", "delay_body", "delay_review_on")[[bool(one) for one in grounds].index(False)]
        text = N_("Waiting needs all three: the ground, the body that asks for it, and the day of the next look.")
        raise BadInput(text, field=lacking)
    for place in facts.places:
        if not exists(place):
            raise BadInput(N_("A place is a country or a part of one by ISO 3166-2, such as US-WA."), field="places")
    if facts.ban_lifted_at is not None and not facts.forbidden:
        raise BadInput(N_("A ban that was never there cannot have ended."), field="ban_lifted_at")


def check_assessment(before: bool | None, answer: bool | None, reasons_before: str, reasons: str) -> None:
    """Raises BadInput where it is said without reasons that a law does or does not ask, or otherwise than before."""
    if answer is None:
        return
    if not reasons.strip():
        raise BadInput(N_("Say why: an assessment without its reasons is none."), field="assessment")
    if before is not None and before != answer and reasons.strip() == reasons_before.strip():
        raise BadInput(N_("The answer is another one now: say why, for the reasons were those of the old one."),
                       field="assessment")  # fmt: skip


def changed(facts: Facts, changes: Mapping[str, Any]) -> Facts:
    """The facts with these changes."""
    return replace(facts, **changes)


def duties(
    rulebook: Rulebook, kind: str, facts: Facts, done: Mapping[str, datetime], telling: Telling = Telling()
) -> tuple[Duty, ...]:
    """Every duty of this incident by promise and law, and what is to be done besides; where nothing is, none."""
    if kind == BREACH:
        found = [*_notices(rulebook, facts), *_tasks(rulebook)]
    elif kind == DEMAND:
        found = _compelled(rulebook, facts)
    else:
        found = _removals(rulebook, facts)
    where = zone(rulebook.organization.zone)
    ordered = sorted(found, key=lambda one: (one.ends(where) or NEVER, one.key))
    return tuple(followed(one, done.get(one.key), telling) for one in ordered)


def first_end(duties: Sequence[Duty], where: ZoneInfo) -> datetime:
    """When the first of those that still wait ends; never where none has an end."""
    return min((one.ends(where) or NEVER for one in duties if one.waits), default=NEVER)


def followed(duty: Duty, by_hand: datetime | None, telling: Telling) -> Duty:
    """Telling people is done when they were told, whatever anybody said; where nobody was on the list, by that word."""
    if not duty.follows_telling:
        return replace(duty, done_at=by_hand)
    if telling.untold:
        return duty
    return replace(duty, done_at=telling.ended_at or by_hand, by_telling=telling.ended_at is not None)


def rests_on(duties: Sequence[Duty]) -> list[str]:
    """The promises and laws that these duties come from, sorted, for the entry that tells of them."""
    named = {one.key.partition(":")[0] for one in duties}
    named |= {reason.commitment or reason.law or "" for one in duties for reason in one.reasons}
    return sorted(named - {""})


def first_day_to_tell(duties: Sequence[Duty]) -> date | None:
    """Before which day nobody may be told: a law makes the others wait (47 CFR 64.2011(b))."""
    held = [one.due for one in duties if one.state == "not-before" and one.due is not None]
    return max(held, default=None)


def against_telling(facts: Facts, duties: Sequence[Duty], people: int, letter: bool, today: date) -> str | None:
    """Why the people cannot be told by mail now, in a sentence; None when they can."""
    why = holds_back(facts, duties, today)
    if why is None and not people:
        return N_("Say first whose data it is: nobody is on the list.")
    if why is None and not letter:
        return N_("Write the letter first.")
    return why


def holds_back(facts: Facts, duties: Sequence[Duty], today: date) -> str | None:
    """Why nobody may be told now by any way, in a sentence: a ban, a ground, or others who come first."""
    if facts.is_banned:
        return N_("The law forbids telling the people for now: enter when the ban ended.")
    if any(one.state == "not-before" and one.due is None for one in duties):
        return N_("The authorities come first: tell them, and enter when they were told.")
    first = first_day_to_tell(duties)
    if first is not None and today <= first:
        return Filled(N_("The authorities come first: nobody else may be told before %(first)s is over."), first=first)
    if any(one.state == "delayed" and one.tells_people and one.done_at is None for one in duties):
        return N_("Telling is held back; take the ground away first.")
    return None


def against_doing(duty: Duty, telling: Telling) -> str | None:
    """Why nobody can say by hand that this was done, in a sentence; None when they can."""
    if duty.state == "not-before":
        return N_("This is no duty to do but a time to wait.")
    if duty.follows_telling and telling.untold:
        text = N_("It is done once everybody on the list was told. Not told yet: %(count)s.")
        return Filled(text, count=telling.untold)
    return None


def against_closing(duties: Sequence[Duty], untold: int, waiting: int, report: str) -> str | None:
    """Why the incident cannot be closed, in a sentence; None when it can."""
    if untold and any(one.follows_telling for one in duties):
        return Filled(N_("People who have not been told yet: %(count)s."), count=untold)
    undone = [one.title for one in duties if one.waits]
    if undone:
        return Filled(N_("This is still to be done: %(title)s"), title=undone[0])
    if waiting:
        return Filled(N_("Letters that are still on their way: %(count)s. Wait until they have left."), count=waiting)
    if not report.strip():
        return N_("Write the closing report: what happened, why, and what was changed.")
    return None


def _notices(rulebook: Rulebook, facts: Facts) -> list[Duty]:
    course = {one.name: getattr(facts, one.name) for one in fields(asked.Course)}
    question = asked.Incident(**course, delay=facts.delay)
    return [
        Duty(
            one.promise.id,
            title(one.promise),
            one.state,
            one.review_on if one.state == "delayed" else one.due,
            one.audience,
            one.channels,
            one.reasons,
            one.steps,
            tuple(one.promise.parameters.get("content", ())),
            due_at=None if one.state == "delayed" else one.due_at,
        )
        for one in rulebook.incidents.notices(question)
    ]


def _tasks(rulebook: Rulebook) -> list[Duty]:
    def said(task: str) -> str:
        words = codes.of(rulebook.organization, task, ENGLISH).text
        return words[:1].upper() + words[1:]

    return [
        Duty(f"{one.id}:{task}", said(task), "as-soon-as-possible", None, (), (), (), code=task)
        for task, one in rulebook.incidents.tasks()
    ]


def _compelled(rulebook: Rulebook, facts: Facts) -> list[Duty]:
    told = rulebook.notices.compelled(
        facts.disclosed_at or facts.detected_at,
        feasible_before=facts.feasible_before is not False and facts.disclosed_at is None,
        forbidden=facts.forbidden,
        ban_lifted_at=facts.ban_lifted_at,
    )
    if told is None:
        return []
    state, title = (
        "delayed" if facts.is_banned else "due",
        N_("The person is told that their data had to be handed over"),
    )
    key = next(one.commitment for one in told.reasons if one.commitment)
    return [Duty(key, title, state, told.due, PEOPLE[:1], told.channels, told.reasons, told.steps)]


def _removals(rulebook: Rulebook, facts: Facts) -> list[Duty]:
    """The data of somebody too young goes in time, without the exceptions that other deletions have (T-55).

    Where an age is promised without such a time, none is invented: somebody decides.
    """
    found = rulebook.requests.removal_of_a_minor(facts.detected_at)
    if found.binding is None:
        aged = rulebook.ages.undated()
        key = next((f"{reason.commitment or reason.law}:decide" for reason in aged), None)
        left = N_("It is decided what happens with the data of the child")
        return [Duty(key, left, "to-decide", None, (), (), aged, decides=True)] if key is not None else []
    gone = N_("The data of the child is removed")
    duties = [Duty(found.binding, gone, "due", found.due, (), (), found.reasons, found.steps)]
    if found.suspend_by is not None:
        shut = N_("The account of the child is suspended")
        duties.append(Duty(f"{found.binding}:suspend-account", shut, "due", found.suspend_by, (), (), found.reasons))
    return duties


def title(promise: Promise) -> str:
    """What the promise or law says, in a sentence."""
    return promise.title if isinstance(promise, LawRule) else sentence(promise)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def today(rulebook: Rulebook, now: datetime) -> date:
    """The day by the organization's clock."""
    return local_date(now, zone(rulebook.organization.zone))
