"""One rulebook and the holds of the day, asked about any number of records; what is alike is reckoned once."""

from datetime import date, datetime

from consent.deadlines.zones import local_date
from consent.policies.answers.holdings import Disposal, Held, Hold
from consent.policies.answers.limits import limits_of
from consent.policies.answers.reasons import of_kind
from consent.policies.rulebook import Rulebook
from consent.retention.rules import NO_HOLDS, Holds, Kept, Terms, Thing, terms_of

MOST_REMEMBERED = 50_000  # answers under one rulebook; a class of data has one a day
MOST_RULEBOOKS = 16
_remembered: dict[str, dict[object, Terms]] = {}  # answers that no hold touches, by the rulebook's hash


class Reckoner:
    """The rules of one organization at one moment."""

    def __init__(self, rulebook: Rulebook, holds: Holds = NO_HOLDS) -> None:
        self.rulebook, self.holds = rulebook, holds
        self.rules = rulebook.content_hash[:16]
        self.policy_version = f"{rulebook.policy_version.policy}/{rulebook.policy_version.version}"[:64]
        self._retention, self._zone = rulebook.retention, rulebook.retention.zone
        # How things go, and until when a copy may wait in a backup.
        self.methods = tuple(
            one.id
            for one in of_kind(rulebook.promises, "disposal-method", "retention-exception", "deletion-exception")
            if one.kind == "disposal-method" or "backups" in one.decided.get("periods", {})
        )
        self._known = _answers_under(rulebook.content_hash)
        self._by_hours: dict[object, bool] = {}

    def terms(self, one: Kept) -> Terms:
        """When this record goes and what says so."""
        held = self.holds.on(one)
        thing = one.thing
        if held or self._counts_hours(thing):
            return terms_of(self.disposal(thing, held))
        key = (thing.category, thing.role, thing.place, thing.use, self._days(thing))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            found = self._known[key] = terms_of(self.disposal(thing, ()))
        return found

    def disposal(self, thing: Thing, holds: tuple[Hold, ...]) -> Disposal:
        """The rulebook's answer in full, with its reasons and the steps of its arithmetic."""
        events: dict[str, datetime | date] = {"recorded": thing.collected_at, **dict(thing.events)}
        return self._retention.due(Held(thing.category, events, thing.place, thing.role, thing.use, holds))

    def holds_on(self, one: Kept, today: date) -> bool:
        """Does a hold that its rule admits keep this record beyond today?"""
        holds = self.holds.on(one)
        until = self.disposal(one.thing, holds).held_until if holds else None
        return until is not None and until > today

    def backups_gone_by(self, gone_on: date) -> date | None:
        """When no backup holds what went on that day; None where no period is settled."""
        return self._retention.backups_gone_by(gone_on)

    def today(self, now: datetime) -> date:
        """The day it is where the organization is."""
        return local_date(now, self._zone)

    def _days(self, thing: Thing) -> object:
        day = local_date(thing.collected_at, self._zone)
        return (day, *((name, local_date(at, self._zone)) for name, at in thing.events)) if thing.events else day

    def _counts_hours(self, thing: Thing) -> bool:
        """Does a limit on such data end at an hour? Then no two records of a day are alike."""
        key = (thing.category, thing.role, thing.place, thing.use)
        found = self._by_hours.get(key)
        if found is None:
            held = Held(thing.category, {}, thing.place, thing.role, thing.use)
            limits = limits_of(self.rulebook.promises, self._retention.groups, held)
            found = self._by_hours[key] = any(one.basis == "elapsed" for one in limits)
        return found


def _answers_under(content_hash: str) -> dict[object, Terms]:
    """What was answered before under this rulebook; shared by all threads."""
    if content_hash not in _remembered and len(_remembered) >= MOST_RULEBOOKS:
        _remembered.clear()
    return _remembered.setdefault(content_hash, {})
