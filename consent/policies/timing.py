"""Whether time stands against a message: the hours of the people it may reach, and how many went before it.

Asked of what sells; a consent does not lift it, for whether it does is contested. Never asked of the answer to a
person's own keyword, nor of what cannot be refused, such as an outage or a safety notice.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from consent.policies import lexicon
from consent.policies.answers.frequency import Frequency
from consent.policies.answers.hours import Hours
from consent.policies.kinds import Promise
from consent.policies.kinds import messaging as messages
from consent.policies.law import LawRule
from consent.policies.organization import OrganizationPack
from consent.policies.questions import Question, Standing, Verdict
from consent.policies.whereabouts import Whereabouts

# The codes of reasons that pass by themselves: a message that only these hold back may wait for its hour.
PASSING = frozenset({"outside-hours", "hours-unknown", "too-many", "paused", "frequency-chosen"})


class Timing:
    """The hours and caps of an organization, and which of its messages they are asked for."""

    def __init__(
        self, organization: OrganizationPack, promises: Sequence[Promise], law: Sequence[LawRule], hours: Hours
    ) -> None:
        self.hours = hours
        self._frequency = Frequency(promises, law, organization.caps)
        self._programs = {one.key: one.marketing for one in organization.programs}
        self._classes = {one.key: one.marketing for one in organization.message_classes}
        self._kept = [one for one in promises if one.kind == "non-opt-outable"]
        self._known: dict[tuple[str, str, str], bool] = {}

    def asked(self, question: Question) -> bool:
        """Is it a matter of time whether this may go? Then whoever asks has to say where the number may be."""
        if question.answers_keyword:
            return False
        if self.sells(question.channel, question.program, question.message_class):
            return True
        offers = question.content is not None and lexicon.shipped().offer(question.content) is not None
        return offers and not self._is_kept(question.channel, question.message_class)

    def sells(self, channel: str, program: str, message_class: str | None) -> bool:
        """Do messages of this class and program sell? What nobody knows does (doubt favours the person)."""
        if message_class is None:
            return True
        key = (channel, program, message_class)
        found = self._known.get(key)
        if found is None:
            if len(self._known) > 4096:
                self._known.clear()
            found = self._known[key] = self._sells(*key)
        return found

    def looks_back(self, question: Question, where: Whereabouts) -> timedelta | None:
        """How far back sent messages count for this question; None where none do."""
        return self._frequency.looks_back(question.channel, question.program, where)

    def bound(self, verdict: Verdict, question: Question, standing: Standing) -> Verdict:
        """The verdict with everything that time says against it, and when it may go if nothing else stands against."""
        where = standing.where
        if where is None or not self.asked(question):
            return verdict
        channel, at = question.channel, question.at
        hours = self.hours.may_go(channel, at, where)
        limits = self._frequency.limits(channel, question.program, where)
        reached = self._frequency.reached(
            limits, question.program, standing.sent, at, lambda program, of: self.sells(channel, program, of)
        )
        if not reached and hours.answer == "allow" and verdict.next_allowed is None:
            return verdict
        reasons = (*hours.reasons, *(one.reason for one in reached))
        if verdict.answer == "deny" and verdict.next_allowed is None:
            return Verdict("deny", (*verdict.reasons, *reasons))
        free: datetime = max((at, verdict.next_allowed or at, *(one.free_at for one in reached)))
        told = verdict.reasons if verdict.answer == "deny" else ()
        return Verdict("deny", (*told, *reasons), self.hours.next_allowed(channel, free, where))

    def _sells(self, channel: str, program: str, message_class: str) -> bool:
        if self._classes.get(message_class, True):
            return True
        return self._programs.get(program, True) and not self._is_kept(channel, message_class)

    def _is_kept(self, channel: str, message_class: str) -> bool:
        return any(messages.keeps_going(one, channel, message_class) for one in self._kept)
