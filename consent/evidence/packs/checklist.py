"""What laws and carriers ask to be on record, held against what is there; gaps are named. Pure.

The duties stand in policies/words/record-duties.toml, the figures in the rules of policies/law that they name.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from consent.deadlines import Facts, compute
from consent.deadlines.zones import local_date
from consent.errors import SetupProblem
from consent.policies.kinds.consent import RECORD_FIELDS
from consent.policies.law import LawRule
from consent.resources import folder

Line = Mapping[str, Any]
FILE = "record-duties.toml"
GIVEN, ENDED = ("consent.given", "consent.renewed"), ("consent.withdrawn", "consent.narrowed", "suppression.set")
# What shows that a field of a consent's record is there.
THERE: dict[str, Callable[[Line], object]] = {
    "occurred_at": lambda one: one["occurred_at"],
    "method": lambda one: one["data"].get("method"),
    "wording": lambda one: one["wordings"],
    "program": lambda one: one["programs"],
    "address": lambda one: one["facts"].get("address"),
    "ip": lambda one: one["facts"].get("ip") or one["facts"].get("ip_absent_reason"),
    "person": lambda one: one["facts"].get("person") or one["data"].get("person"),
}


class Gap(NamedTuple):
    """An entry or message that does not have what the rule asks, and what that is."""

    entry: str
    lacks: str


@dataclass(frozen=True, slots=True)
class History:
    """What the duties are held against, small enough to be held as a whole: the steps, not the texts."""

    consents: tuple[Line, ...]
    ends: tuple[Line, ...]
    sent: tuple[Line, ...]
    confirmed: Mapping[str, tuple[datetime, ...]]  # by the STOP that they answer
    readable: tuple[tuple[str, str, datetime, bool], ...]  # entry, type, when, and whether its facts can be read


def history(entries: Iterable[Line], messages: Iterable[Line]) -> History:
    """What happened, without what no duty asks for."""
    consents, ends, readable = list[Line](), list[Line](), list[tuple[str, str, datetime, bool]]()
    confirmed: dict[str, tuple[datetime, ...]] = {}
    for one in entries:
        slim = {name: one[name] for name in ("entry", "type", "occurred_at", "source", "programs", "data", "facts")}
        slim["wordings"] = list(one["wordings"])
        if one["type"] in GIVEN:
            consents.append(slim)
        elif one["type"] in ENDED:
            ends.append(slim)
        elif one["type"] == "message.sent" and "answers" in one["data"]:
            answered = str(one["data"]["answers"])
            confirmed[answered] = (*confirmed.get(answered, ()), _at(one))
        readable.append((one["entry"], one["type"], _at(one), bool(one["facts"])))
    sent = tuple({name: one[name] for name in ("id", "at", "program")} for one in messages if one["program"])
    return History(tuple(consents), tuple(ends), sent, confirmed, tuple(readable))


def checklist(
    told: History, law: Sequence[LawRule], places: Sequence[str], zone: ZoneInfo, until: datetime
) -> list[dict[str, Any]]:
    """Each regime with its duties: met, missing with the entries at fault, or nothing here that it is about."""
    return [
        {"regime": regime["key"], "title": regime["title"]}
        | {"duties": list(_duties(regime, told, law, places, zone, until))}
        for regime in _regimes()
    ]  # fmt: skip


def _duties(
    regime: Mapping[str, Any], told: History, law: Sequence[LawRule], places: Sequence[str], zone: ZoneInfo,
    until: datetime,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    for duty in regime["duty"]:
        rule = next(one for one in law if one.id == duty["law"])
        about, gaps = CHECKS[duty["check"]](told, _Duty(rule, duty, tuple(places), zone, until))
        shown = {"law": rule.id, "cite": rule.cite, "title": duty["title"], "about": about}
        shown["state"] = "missing" if gaps else "met" if about else "nothing"
        yield shown | {"gaps": [one._asdict() for one in gaps]}


class _Duty(NamedTuple):
    rule: LawRule
    asked: Mapping[str, Any]
    places: tuple[str, ...]
    zone: ZoneInfo
    until: datetime

    def binds(self, at: datetime) -> bool:
        """Whether the rule was in force there and then."""
        return self.rule.binds(local_date(at, self.zone), self.places)

    def over(self, start: datetime, moment: datetime) -> bool:
        """Whether the time that the rule gives from `start` is over at `moment`; without one it is over at once."""
        if self.rule.clock is None or self.rule.clock.period is None:
            return moment > start
        due = compute(self.rule.clock, Facts(start, relevant_time=start), self.zone).due
        if isinstance(due, datetime):
            return moment > due
        return isinstance(due, date) and local_date(moment, self.zone) > due


Checked = tuple[int, list[Gap]]


def _fields(told: History, duty: _Duty) -> Checked:
    """Each consent holds the fields that the rule lists."""
    wanted = duty.rule.parameters.get("fields") or duty.asked["fields"]
    mine = [one for one in told.consents if duty.binds(_at(one))]
    gaps = [
        Gap(one["entry"], field) for one in mine for field in wanted if not THERE[RECORD_FIELDS.get(field, field)](one)
    ]
    return len(mine), gaps


def _honoured(told: History, duty: _Duty) -> Checked:
    """No message of a program left after it was ended and the time for that was over, unless it was given again."""
    mine = [one for one in told.ends if duty.binds(_at(one))]
    gaps = []
    for message in told.sent:
        at = datetime.fromisoformat(message["at"])
        ended = [_at(one) for one in mine if message["program"] in one["programs"] and _at(one) <= at]
        again = [_at(one) for one in told.consents if message["program"] in one["programs"] and _at(one) <= at]
        if ended and max(ended) >= max(again, default=max(ended)) and duty.over(max(ended), at):
            gaps.append(Gap(message["id"], "silence"))
    return len(mine), gaps


def _confirmed(told: History, duty: _Duty) -> Checked:
    """Each STOP by text that we confirm ourselves has its confirmation, in time and not more often than allowed."""
    most = int(duty.rule.parameters.get("at_most_messages", 1))
    mine = [one for one in told.ends if one["source"] == "webhook" and one["entry"] in told.confirmed]
    mine = [one for one in mine if duty.binds(_at(one))]
    gaps = []
    for one in mine:
        sent = told.confirmed[one["entry"]]
        if len(sent) > most:
            gaps.append(Gap(one["entry"], "one confirmation only"))
        if any(duty.over(_at(one), at) for at in sent):
            gaps.append(Gap(one["entry"], "confirmation in time"))
    return len(mine), gaps


def _kept(told: History, duty: _Duty) -> Checked:
    """The facts of each entry of these types can be read while the time of the rule is not over."""
    last = max((datetime.fromisoformat(one["at"]) for one in told.sent), default=None)
    late = duty.rule.clock is not None and duty.rule.clock.starts == "last-message"
    mine = [
        (entry, readable)
        for entry, kind, at, readable in told.readable
        if kind in duty.asked["types"]
        and duty.binds(at)
        and not duty.over(max(at, last) if late and last is not None else at, duty.until)
    ]
    return len(mine), [Gap(entry, "readable facts") for entry, readable in mine if not readable]


def _refusals(told: History, duty: _Duty) -> Checked:
    """Each end of a consent says what it ended and how it was said."""
    mine = [one for one in told.ends if duty.binds(_at(one))]
    lacking = [one for one in mine if not (one["programs"] or one["data"].get("scope") == "channel")]
    gaps = [Gap(one["entry"], "what it ended") for one in lacking]
    return len(mine), gaps + [
        Gap(one["entry"], "how it was said") for one in mine if not {"method", "reason", "keyword"} & one["data"].keys()
    ]


CHECKS: dict[str, Callable[[History, _Duty], Checked]] = {
    "fields": _fields,
    "honoured": _honoured,
    "confirmed": _confirmed,
    "kept": _kept,
    "refusals": _refusals,
}


def _at(one: Line) -> datetime:
    return datetime.fromisoformat(one["occurred_at"])


@lru_cache(maxsize=1)
def _regimes() -> tuple[Mapping[str, Any], ...]:
    try:
        told = tomllib.loads((folder("policies") / "words" / FILE).read_text("utf-8"))
        return tuple(told["regime"])
    except (OSError, ValueError, KeyError) as error:
        raise SetupProblem(
            f"policies/words/{FILE} cannot be read ({type(error).__name__}); install it again."
        ) from None
