"""Which calls may be recorded: by which line, for what, told how, kept where (T-81: each company by its own promises).

Promises speak of the feature `call-recording` and of the data `call-recordings`; these are their words.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from consent.policies.answers.holdings import Held
from consent.policies.answers.reasons import allowed, because, denied
from consent.policies.answers.retention import Retention
from consent.policies.kinds import Promise
from consent.policies.kinds import shapes as s
from consent.policies.kinds.consent import feature_permission
from consent.policies.organization import OrganizationPack
from consent.policies.questions import Reason, Verdict
from consent.policies.recorded_lines import ASKED, INTERNAL, RecordedLine

FEATURE, DATA = "call-recording", "call-recordings"


class Unfit(NamedTuple):
    """What keeps a line from being recorded: the key of its settings, a sentence, and the promise behind it."""

    key: str
    sentence: str
    promise: Promise | None = None


class Kept(NamedTuple):
    """How long a recording stays: a period of ISO 8601, and the ground on which it stays longer, empty without one."""

    period: str
    unless: str


class Party(NamedTuple):
    """Somebody on a call besides the company's own people; `agreed` is None while they have not answered."""

    told: bool = False
    agreed: bool | None = None


class Recording:
    """The promises about recorded calls, ready to be asked."""

    def __init__(self, organization: OrganizationPack, promises: Sequence[Promise]) -> None:
        self.lines = {one.key: one for one in organization.recorded_lines}
        self._recipients = frozenset(one.key for one in organization.recipients)
        # What is part of the service can be neither agreed to nor refused, and no answer could be put on record.
        self.can_be_refused = any(one.key == FEATURE and one.footing != "required" for one in organization.features)
        self._permission = [one for one in promises if feature_permission(one, FEATURE)]
        about = [one for one in promises if DATA in s.as_list(one.parameters.get("data"))]
        self._limits = [one for one in about if one.kind == "purpose-limit"]
        self._measures = [one for one in about if one.kind == "security-measure" and "storage" in one.parameters]

    @property
    def asks(self) -> tuple[Promise, ...]:
        """The promises by which everybody on a call is asked, besides being told."""
        return tuple(one for one in self._permission if one.decided.get("consent_from") == "all-parties")

    def asks_at(self, line: RecordedLine) -> bool:
        """Is everybody on a call of this line asked: by a promise, or because the line itself says so?"""
        return bool(self.asks) or line.told_by == ASKED

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The promises that speak of recordings."""
        return tuple(one.id for one in (*self._permission, *self._limits, *self._measures))

    def purposes(self) -> tuple[str, ...]:
        """What recordings may serve, where a promise counts it up; otherwise any purpose that is stated."""
        return tuple(dict.fromkeys(aim for one in self._limits for aim in s.as_list(one.parameters["purposes"])))

    @staticmethod
    def kept(retention: Retention, recorded_at: datetime) -> Kept | None:
        """How long a call that was recorded then may stay, by the strictest limit; None where none runs from then."""
        limit = retention.strictest(Held(DATA, {"recorded": recorded_at}))
        return None if limit is None else Kept(limit.period, str(limit.promise.decided.get("unless", "")))

    def unfit(self, line: RecordedLine) -> tuple[Unfit, ...]:
        """Everything that keeps this line from being switched on; nothing when it may be."""
        if not (self._permission or self._limits):
            return (Unfit("on", "no commitment speaks of recorded calls, so none is recorded"),)
        return (*self._without_purpose(line), *self._untold(line), *self._misplaced(line), *self._otherwise(line))

    def may_record(
        self, key: str, parties: Sequence[Party], purpose: str | None = None, link: str | None = None
    ) -> Verdict:
        """May this call be recorded, with these people on it? What nobody knows counts as a no."""
        line = self.lines[key]
        against: list[Reason] = []
        if not line.on:
            against.append(because("line-off", "This line is not recorded.", next(iter(self._permission), None)))
        else:
            against += [because("line-unfit", f"{s.opening(one.sentence)}.", one.promise) for one in self.unfit(line)]
        if purpose is not None and purpose not in line.purposes:
            text = f"This line is recorded for {s.plain(line.purposes) or 'nothing'}, and for nothing else."
            against.append(because("purpose-not-listed", text, self._first_about_purposes()))
        against += self._unheard(line, parties)
        if link is not None and not any(link in s.as_list(one.parameters.get("link")) for one in self._limits):
            text = f"No commitment ties a recording to a {s.plain([link])}."
            against.append(because("link-not-promised", text, self._first_about_purposes()))
        if against:
            return denied(against)
        told = "Everybody was told and agreed." if self.asks_at(line) else "Everybody was told."
        return allowed(*(because("recording-allowed", told, one) for one in (*self._permission, *self._limits)))

    def _unheard(self, line: RecordedLine, parties: Sequence[Party]) -> list[Reason]:
        ground = next(iter([*self.asks, *self._announced(), *self._permission]), None)
        if not parties or not all(one.told for one in parties):
            return [because("not-announced", "Everybody on the call is told before it is recorded.", ground)]
        if not self.asks_at(line):
            return []
        if any(one.agreed is False for one in parties):
            return [because("party-refused", "Somebody on the call said no.", ground)]
        if any(one.agreed is None for one in parties):
            return [because("party-not-asked", "Everybody is asked, and somebody has not answered.", ground)]
        return []

    def _without_purpose(self, line: RecordedLine) -> list[Unfit]:
        ground = self._first_about_purposes()
        if not line.purposes:
            return [Unfit("purposes", "a line is recorded for stated purposes; name them", ground)]
        listed = self.purposes()
        strange = [one for one in line.purposes if listed and one not in listed]
        return [
            Unfit("purposes", f'recordings serve {s.plain(listed)} only; "{one}" is not among them', ground)
            for one in strange
        ]

    def _untold(self, line: RecordedLine) -> list[Unfit]:
        if self.asks and line.told_by != ASKED:
            said = f'everybody on the call is told and asked; write told_by = "{ASKED}"'
            return [Unfit("told_by", said, self.asks[0])]
        ground = next(iter([*self._announced(), *self._permission]), None)
        if line.told_by == ASKED and not self.can_be_refused:
            said = f'who is asked may say no; write footing = "opt-in" under features.{FEATURE}'
            return [Unfit("told_by", said, ground)]
        if not line.told_by:
            return [Unfit("told_by", "say how people learn that they are recorded: announcement or consent", ground)]
        return [] if line.words else [Unfit("words", "give the words that everybody on the call hears", ground)]

    def _misplaced(self, line: RecordedLine) -> list[Unfit]:
        inside = next((one for one in self._measures if one.parameters["storage"] == INTERNAL), None)
        if inside is not None and line.storage != INTERNAL:
            said = f'recordings lie on the company\'s own equipment; write storage = "{INTERNAL}"'
            return [Unfit("storage", said, inside)]
        if line.storage == INTERNAL or line.storage in self._recipients:
            return []
        ground = next(iter(self._permission), None)
        return [Unfit("storage", f'say where recordings lie: "{INTERNAL}" or a key of the recipients', ground)]

    def _otherwise(self, line: RecordedLine) -> list[Unfit]:
        ruled = next((one for one in self._limits if "selection" in one.parameters), None)
        if ruled is not None and line.selection != ruled.parameters["selection"]:
            said = f'calls are picked in one way only; write selection = "{ruled.parameters["selection"]}"'
            return [Unfit("selection", said, ruled)]
        return [] if line.selection else [Unfit("selection", "say which calls of the line are recorded")]

    def _announced(self) -> list[Promise]:
        return [one for one in self._limits if "announcement" in one.decided]

    def _first_about_purposes(self) -> Promise | None:
        return next(iter([*self._limits, *self._permission]), None)
