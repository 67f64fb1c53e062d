"""Of which class of data a part of our own records is, and from when on it may still be there. Pure."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from uuid import UUID

from consent.policies.answers.holdings import Hold
from consent.retention.reckoning import Reckoner
from consent.retention.registering import OWN
from consent.retention.rules import Kept, Thing, terms_of

# The parts of our own records that an organization's file names (`here`): texts, and what was sent when and what
# became of it.
MESSAGES, DELIVERY = "messages", "delivery"
LONGEST = 50 * 366  # days back that are asked about: no promise is older
NOBODY = UUID(int=0)


class Part:
    """The promises about one part of our own records, asked for one day; `reckoner` knows of no hold."""

    def __init__(self, here: str, reckoner: Reckoner, now: datetime) -> None:
        self.today = reckoner.today(now)
        self._reckoner, self._zone = reckoner, reckoner.rulebook.retention.zone
        self._classes = [one for one in reckoner.rulebook.organization.data_categories if one.here == here]

    def classes(self, channel: str) -> Iterator[str]:
        """The classes of data that what came or went by this channel is of."""
        return (one.key for one in self._classes if one.is_of(channel))

    def over(self) -> datetime | None:
        """Nothing written down from then on goes today; None where none goes at all."""
        days = [day for one in self._classes if (day := self._newest_due(one.key)) is not None]
        if not days:
            return None
        # Two days more: each row is asked for itself, by its own hour.
        return datetime.combine(self.today - timedelta(days=min(days) - 2), time(), self._zone)

    def open_request_keeps(self, thing: Thing) -> bool:
        """Does a request that is not answered yet keep such a row for today?"""
        hold = Hold("open-request", until=self.today + timedelta(days=1), open_request=True)
        return terms_of(self._reckoner.disposal(thing, (hold,))).stays(self.today)

    def _newest_due(self, category: str) -> int | None:
        """How many days old the newest row of this class is that goes today; older ones go, too."""
        near, far = 0, LONGEST
        if not self._is_due(category, far):
            return None
        while near < far:
            half = (near + far) // 2
            near, far = (near, half) if self._is_due(category, half) else (half + 1, far)
        return far

    def _is_due(self, category: str, days: int) -> bool:
        at = datetime.combine(self.today - timedelta(days=days), time(12), self._zone)
        kept = Kept(NOBODY, None, OWN, None, "", Thing(category, None, None, None, at))
        return not self._reckoner.terms(kept).stays(self.today)
