"""How many sales messages may go to one address: counted from what is on record as sent, over elapsed hours."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from consent.deadlines import Period
from consent.policies.caps import Cap
from consent.policies.jurisdictions import any_may_hold
from consent.policies.kinds import Promise, channels_of
from consent.policies.kinds.speech import spoken
from consent.policies.law import LawRule
from consent.policies.questions import Reason, SentFact
from consent.policies.reasons import told
from consent.policies.whereabouts import Whereabouts


class Limit(NamedTuple):
    """So many within so long; of the same program where only messages on the same subject count."""

    most: int
    per: timedelta
    words: str
    same_subject: bool
    programs: tuple[str, ...]
    promise: Promise | None


class Reached(NamedTuple):
    """A limit that is reached, and the first instant at which one more may go."""

    reason: Reason
    free_at: datetime


class Frequency:
    """The caps of promises, of the law wherever people may be, and of organization.toml."""

    def __init__(self, promises: Sequence[Promise], law: Sequence[LawRule], own: Sequence[Cap]) -> None:
        known = [one for one in promises if one not in law] + list(law)
        self._promised = [one for one in known if one.kind == "deadline" and "frequency" in one.parameters]
        self._own = [Limit(one.most, one.per.elapsed, spoken(one.per.text), False, one.programs, None) for one in own]
        self._limits: dict[tuple[str, str, Whereabouts], tuple[Limit, ...]] = {}

    def limits(self, channel: str, program: str, where: Whereabouts) -> tuple[Limit, ...]:
        """What binds a sales message of this program to a number that may be there."""
        key = (channel, program, where)
        found = self._limits.get(key)
        if found is None:
            if len(self._limits) >= 4096:
                self._limits.clear()
            own = [one for one in self._own if not one.programs or program in one.programs]
            found = self._limits[key] = (*(_of(one) for one in self._promised if _binds(one, channel, where)), *own)
        return found

    def looks_back(self, channel: str, program: str, where: Whereabouts) -> timedelta | None:
        """How far the record of sent messages has to be read; None where nothing is counted."""
        return max((one.per for one in self.limits(channel, program, where)), default=None)

    def reached(
        self,
        limits: Iterable[Limit],
        program: str,
        sent: Sequence[SentFact],
        at: datetime,
        sells: Callable[[str, str | None], bool],
    ) -> list[Reached]:
        """Every limit that one more message at `at` would pass; `sells` says which messages count."""
        found = []
        for limit in limits:
            times = sorted(
                one.sent_at
                for one in sent
                if at - limit.per < one.sent_at <= at and _counts(limit, one, program) and sells(one.program, one[1])
            )
            if len(times) >= limit.most:
                found.append(Reached(_too_many(limit, len(times)), times[len(times) - limit.most] + limit.per))
        return found


def _of(promise: Promise) -> Limit:
    said = promise.parameters["frequency"]
    per = Period.parse(said["per"])
    return Limit(said["max"], per.elapsed, spoken(per.text), bool(said.get("same_subject")), (), promise)


def _binds(promise: Promise, channel: str, where: Whereabouts) -> bool:
    if channel not in channels_of(promise.parameters, otherwise=(channel,)):
        return False
    if not isinstance(promise, LawRule):
        return True
    return any(any_may_hold(promise.jurisdictions, place) for area in where for place in area.places)


def _counts(limit: Limit, sent: SentFact, program: str) -> bool:
    """A program is one subject: what it stands for is what its people agreed to."""
    if limit.same_subject:
        return sent.program == program
    return not limit.programs or sent.program in limit.programs


def _too_many(limit: Limit, count: int) -> Reason:
    about = " about the same subject" if limit.same_subject else ""
    own = "" if limit.promise is not None else ", as organization.toml says"
    text = f"Within {limit.words} {count} sales messages{about} went there, and at most {limit.most} may{own}."
    return told("too-many", text, [limit.promise] if limit.promise is not None else [])
