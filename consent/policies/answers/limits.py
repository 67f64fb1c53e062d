"""The time limits that speak of one record: which promise or law, which period, counted from which event."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from consent.policies.answers.groups import Groups
from consent.policies.answers.holdings import Held
from consent.policies.jurisdictions import same_place
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.law import LawRule


class Limit(NamedTuple):
    """A period from an event; `closed` names the only promise whose grounds may lengthen it."""

    promise: Promise
    period: str
    basis: str
    event: str
    at_least: bool = False
    closed: tuple[str, ...] = ()
    restarts: str | None = None  # the event on which the clock stops
    grounds: tuple[str, ...] = ()  # the only grounds that may lengthen it, where it names them itself

    @property
    def is_closed(self) -> bool:
        """Do some grounds alone lengthen it, whatever else lets data stay?"""
        return bool(self.closed or self.grounds)


def limits_of(promises: Sequence[Promise], groups: Groups, held: Held) -> list[Limit]:
    """Every limit that speaks of this record, stated or settled."""
    return [limit for one in promises for limit in (*_stated(one, groups, held), *_settled(one, groups, held))]


def events_of(promises: Sequence[Promise]) -> frozenset[str]:
    """Every event from which a limit counts or on which one stops."""
    found = {"recorded"}
    for one in promises:
        if one.kind == "retention-limit":
            found.update(s.as_list(one.parameters.get("trigger")))
        found.update(str(entry["from"]) for entry in _periods(one).values() if "from" in entry)
        found.update(str(one.decided[name]) for name in ("retention_from", "stops_on") if name in one.decided)
    return frozenset(found)


def settled_for(promises: Sequence[Promise]) -> frozenset[str]:
    """Every class of data for which the operator settled a period."""
    return frozenset(category for one in promises for category in _periods(one))


def _periods(one: Promise) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = one.decided.get("periods", {})
    return found


def _stated(one: Promise, groups: Groups, held: Held) -> Iterator[Limit]:
    """A figure in the wording or in the law."""
    stated = one.parameters
    if one.kind != "retention-limit" or stated["period"] == "unset":
        return
    if not groups.reaches(s.as_list(stated["data"]), held.category) or not _here(one, held):
        return
    persons = s.as_list(stated.get("persons"))
    if persons and held.person is not None and held.person not in persons:
        return
    basis = str(stated.get("period_basis", "calendar-day"))
    excepted = s.as_list(stated.get("exceptions"))
    closed = tuple(one for one in excepted if s.commitment_id(one) is None)
    grounds = tuple(one for one in excepted if one not in closed)
    for event in s.as_list(stated.get("trigger")) or ["recorded"]:
        least = stated.get("bound") == "at-least"
        yield Limit(one, str(stated["period"]), basis, event, least, closed, _restart(one), grounds)


def _restart(one: Promise) -> str | None:
    stops = one.decided.get("stops_on")
    return str(stops) if stops else None


def _settled(one: Promise, groups: Groups, held: Held) -> Iterator[Limit]:
    """A figure the operator settled where the wording has none."""
    periods = _periods(one)
    if one.kind != "deletion-exception" and held.category in periods:
        entry = periods[held.category]
        if same_place(s.as_list(entry.get("jurisdictions")), held.jurisdiction):
            yield Limit(
                one, str(entry["for"]), str(entry.get("basis", "calendar-day")), str(entry.get("from", "recorded"))
            )
    elif "retention" in one.decided and _speaks(one, groups, held.category):
        event = str(one.decided.get("retention_from", "recorded"))
        yield Limit(one, str(one.decided["retention"]), "calendar-day", event)
    elif "cache_for" in one.decided and held.category in s.as_list(one.parameters.get("data")):
        yield Limit(one, str(one.decided["cache_for"]), "elapsed", "recorded")
    elif "keep_for" in one.decided and held.category in _asked_for(one):
        yield Limit(one, str(one.decided["keep_for"]), "calendar-month", "recorded")


def _speaks(one: Promise, groups: Groups, category: str) -> bool:
    stated = one.parameters
    if "data_categories" in stated:
        return category in stated["data_categories"]
    if "data" in stated:
        return groups.reaches(s.as_list(stated["data"]), category)
    # Data of a feature bears its name: voicemail-messaging, call-recordings.
    feature = stated.get("feature")
    return bool(feature) and category.startswith(str(feature))


def _asked_for(one: Promise) -> set[str]:
    """The data a request reaches back to: usage-log-file when it is asked for, usage-logs while it is kept."""
    asked = str(one.parameters.get("request_type", ""))
    return {asked, asked.removesuffix("-file") + "s", asked.removesuffix("-file")}


def _here(one: Promise, held: Held) -> bool:
    if isinstance(one, LawRule):
        return held.jurisdiction is None or same_place(one.jurisdictions, held.jurisdiction)
    return same_place(s.as_list(one.parameters.get("jurisdictions")), held.jurisdiction)
